"""The families of layouts: each file in `layouts/` holds one as `LAYOUT`, and whatever is there is used."""

from __future__ import annotations

from core.open_folder import members
from inkoop.samples import layouts
from inkoop.samples.layout import Layout


def _load() -> dict[str, Layout]:
    found: dict[str, Layout] = {}
    for layout in members(layouts, "LAYOUT"):
        assert isinstance(layout, Layout)
        assert layout.code not in found, layout.code
        found[layout.code] = layout
    return found


LAYOUTS = _load()
"""Every family by its code, in the order of the file names."""
