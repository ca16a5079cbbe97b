"""Which records have a say in the dimensions of a purchase document and its lines (PU-191)."""

from __future__ import annotations

from core.errors import Problem
from core.master.dimensions import (
    DimensionedPart,
    Owner,
    Source,
    changed_dimensions,
    check_dimensions,
    default_dimensions,
)
from core.money import ZERO
from core.purchasing.document import LineType, PurchaseDocument, PurchaseLine
from core.work import Work

_OWNERS = {LineType.ACCOUNT: Owner.ACCOUNT, LineType.ITEM: Owner.ITEM, LineType.CHARGE: Owner.CHARGE}


def header_sources(
    pay_to_vendor_no: str | None, purchaser_code: str | None, location_code: str | None
) -> tuple[Source, ...]:
    """The records that bring dimensions to a header."""
    found = (
        (Owner.VENDOR, pay_to_vendor_no),
        (Owner.PURCHASER, purchaser_code),
        (Owner.LOCATION, location_code),
    )
    return tuple(Source(owner, no) for owner, no in found if no)


def line_sources(line_type: str, no: str | None, location_code: str | None) -> tuple[Source, ...]:
    """The records that bring dimensions to a line, besides its header."""
    owner = _OWNERS.get(LineType(line_type))
    sources = (Source(owner, no),) if owner is not None and no else ()
    return (*sources, Source(Owner.LOCATION, location_code)) if location_code else sources


def header_dimensions(work: Work, document: PurchaseDocument) -> str | None:
    """What vendor, purchaser and location bring to a header."""
    return default_dimensions(
        work, header_sources(document.pay_to_vendor_no, document.purchaser_code, document.location_code)
    )


def line_dimensions(work: Work, header: str | None, line: PurchaseLine) -> str | None:
    """What the item, account or charge and the location bring to a line under this header's set."""
    if line.type == LineType.COMMENT:
        return None
    return default_dimensions(work, line_sources(line.type, line.no, line.location_code), header)


def update_lines(document: PurchaseDocument, before: str | None) -> None:
    """Carry a change of the header's set to the lines (PU-191); their own values otherwise stay."""
    for line in document.lines:
        if line.type != LineType.COMMENT:
            line.dimensions = changed_dimensions(line.dimensions, before, document.dimensions)


def dimension_problems(work: Work, document: PurchaseDocument) -> list[Problem]:
    """Check 5: the header, and each line with a quantity (PU-170)."""
    header = DimensionedPart(
        document.dimensions,
        header_sources(document.pay_to_vendor_no, document.purchaser_code, document.location_code),
        document.document_no,
    )
    lines = [
        DimensionedPart(
            line.dimensions,
            line_sources(line.type, line.no, line.location_code),
            line.no or document.document_no,
            line.line_no,
        )
        for line in document.lines
        if line.type != LineType.COMMENT and line.quantity != ZERO
    ]
    return check_dimensions(work, [header, *lines])
