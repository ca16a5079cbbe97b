"""When may be posted: the company's range of posting dates (PO-135)."""

from __future__ import annotations

from datetime import date

from core.errors import Problem
from core.master.company import Company


def posting_date_problems(company: Company, on: date) -> list[Problem]:
    """A finding when `on` lies outside the allowed posting dates, inclusive on both ends."""
    first, last = company.allow_posting_from, company.allow_posting_to
    if (first is None or on >= first) and (last is None or on <= last):
        return []
    values = {"date": on, "first": first or "…", "last": last or "…"}
    return [Problem("posting_date_not_allowed", values, field="posting_date")]
