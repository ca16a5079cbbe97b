"""Golden cases as data: YAML with exact decimals, merged over their base."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

FORMAT = "inkoop-golden/1"


class _ExactLoader(yaml.SafeLoader):
    """Numbers with a point are decimals as written, never binary floats."""


def _decimal(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(loader.construct_scalar(node).replace("_", ""))


_ExactLoader.add_constructor("tag:yaml.org,2002:float", _decimal)


@dataclass(frozen=True)
class Case:
    """One accounting story: a company, steps, and the figures that must be in the books afterwards."""

    id: str
    title: str
    setup: Mapping[str, Any]
    steps: list[Mapping[str, Any]]
    expect: Mapping[str, Any]


def read_case(path: Path) -> Case:
    """Read a case and merge its setup over `base/<name>.yaml` beside it."""
    data = _read(path)
    assert data["format"] == FORMAT, f"{path.name} is not of the format {FORMAT}"
    base = _read(path.parent / "base" / f"{data['base']}.yaml")
    setup = merged(base, data.get("setup") or {})
    return Case(data["id"], data["title"], setup, data["steps"], data.get("expect") or {})


def read_base(path: Path) -> Mapping[str, Any]:
    """A base company by itself."""
    return _read(path)


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Key by key: mappings deep, lists and scalars replaced."""
    result = deepcopy(dict(under))
    for key, value in over.items():
        if isinstance(value, Mapping) and isinstance(result.get(key), Mapping):
            result[key] = merged(result[key], value)
        else:
            result[key] = deepcopy(value)
    return result


def _read(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=_ExactLoader)
    return data
