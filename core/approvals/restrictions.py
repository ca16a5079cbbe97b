"""What may not be used until it is approved (AP-33 to AP-38)."""

from __future__ import annotations

from core.errors import Problem
from core.master.vendors import Vendor


def restriction_problem(vendor: Vendor, field: str = "vendor_no") -> Problem | None:
    """Why nothing can be posted for a vendor yet: a new one waits for a second person (AP-37)."""
    if not vendor.restricted:
        return None
    return Problem(
        "APP_RESTRICTED",
        {"no": vendor.vendor_no, "name": vendor.name},
        field=field,
        link=f"/vendors/{vendor.vendor_no}",
    )
