"""Which vendor sent this: the seller's identifiers against the vendor cards (ID-50 to ID-53)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz
from sqlalchemy import select

from core.errors import Problem
from core.master.vendors import Vendor, VendorBlock, find_vendor, vendors_with_iban, vendors_with_vat_id
from core.work import Work
from pipeline.workflow.values import Values

ALIKE = 95.0
"""Least similarity in per cent of a phone number, name or address that decides (ID-50)."""

MatchedBy = Literal["person", "gln", "vat_id", "legal_id", "iban", "phone", "name"]

_BLOCK_ORDER = {VendorBlock.NONE.value: 0, VendorBlock.PAYMENT.value: 1, VendorBlock.ALL.value: 2}


@dataclass(frozen=True, slots=True)
class VendorMatch:
    """The vendor found and by what; or nobody, with the problem and who might be meant, best first."""

    vendor_no: str | None
    matched_by: MatchedBy | None
    problem: Problem | None = None
    candidates: tuple[str, ...] = ()


def resolve_vendor(work: Work, values: Values) -> VendorMatch:
    """The vendor by the first key that hits. A strong identifier that points nowhere is not overridden
    by a bank account or a name (ID-52)."""
    strong: list[tuple[MatchedBy, Callable[[], Sequence[Vendor]]]] = [
        ("gln", lambda: _with_gln(work, values.text("seller.gln"))),
        ("vat_id", lambda: _with_vat_id(work, values.text("seller.vat_id"))),
        ("legal_id", lambda: _with_legal_id(work, values.text("seller.legal_id"))),
    ]
    for matched_by, find in strong:
        found = find()
        if found:
            return VendorMatch(_best(found).vendor_no, matched_by)
    has_strong = any(values.text(f"seller.{key}") for key in ("gln", "vat_id", "legal_id"))
    if not has_strong:
        weak: list[tuple[MatchedBy, Callable[[], Sequence[Vendor]]]] = [
            ("iban", lambda: _with_iban(work, values.text("payment_iban") or values.text("seller.iban"))),
            ("phone", lambda: _with_phone(work, values.text("seller.phone"))),
            ("name", lambda: _with_name(work, values.text("seller.name"))),
        ]
        for matched_by, find in weak:
            found = find()
            if found:
                return VendorMatch(_best(found).vendor_no, matched_by)
    return VendorMatch(None, None, _not_found(values), _candidates(work, values))


def known_vendor(work: Work, vendor_no: str | None) -> Vendor | None:
    """The card, when the number is one."""
    return find_vendor(work, vendor_no) if vendor_no else None


def _not_found(values: Values) -> Problem:
    seen = {
        "name": values.text("seller.name") or "–",
        "gln": values.text("seller.gln") or "–",
        "vat_id": values.text("seller.vat_id") or "–",
    }
    return Problem("INC_VENDOR_NOT_FOUND", seen, field="vendor")


def _best(found: Sequence[Vendor]) -> Vendor:
    """ID-53: rather one that is not blocked."""
    return min(found, key=lambda vendor: (_BLOCK_ORDER.get(vendor.blocked, 0), vendor.vendor_no))


def _with_gln(work: Work, gln: str | None) -> Sequence[Vendor]:
    if not gln:
        return ()
    return work.session.scalars(select(Vendor).where(Vendor.gln == gln)).all()


def _with_vat_id(work: Work, vat_id: str | None) -> Sequence[Vendor]:
    return vendors_with_vat_id(work, vat_id) if vat_id else ()


def _with_legal_id(work: Work, legal_id: str | None) -> Sequence[Vendor]:
    wanted = _plain(legal_id)
    if not wanted:
        return ()
    rows = work.session.scalars(select(Vendor).where(Vendor.legal_id.is_not(None)))
    return [vendor for vendor in rows if _plain(vendor.legal_id) == wanted]


def _with_iban(work: Work, iban: str | None) -> Sequence[Vendor]:
    return vendors_with_iban(work, iban) if iban else ()


def _with_phone(work: Work, phone: str | None) -> Sequence[Vendor]:
    wanted = _digits(phone)
    if len(wanted) < 7:
        return ()
    rows = work.session.scalars(select(Vendor).where(Vendor.phone.is_not(None)))
    return [vendor for vendor in rows if fuzz.ratio(_digits(vendor.phone), wanted) >= ALIKE]


def _with_name(work: Work, name: str | None) -> Sequence[Vendor]:
    wanted = (name or "").casefold().strip()
    if len(wanted) < 3:
        return ()
    rows = work.session.scalars(select(Vendor)).all()
    return [vendor for vendor in rows if fuzz.ratio(vendor.name.casefold(), wanted) >= ALIKE]


def _candidates(work: Work, values: Values) -> tuple[str, ...]:
    """At most three vendors that a person may mean; none of this decides."""
    name = (values.text("seller.name") or "").casefold()
    iban = values.text("payment_iban") or values.text("seller.iban")
    scores: dict[str, float] = {vendor.vendor_no: 100.0 for vendor in _with_iban(work, iban)}
    if len(name) >= 3:
        for vendor in work.session.scalars(select(Vendor)):
            score = fuzz.token_set_ratio(vendor.name.casefold(), name)
            if score >= 75:
                scores[vendor.vendor_no] = max(score, scores.get(vendor.vendor_no, 0.0))
    return tuple(sorted(scores, key=lambda no: (-scores[no], no))[:3])


def _plain(identifier: str | None) -> str:
    return re.sub(r"[^A-Z0-9]", "", (identifier or "").upper())


def _digits(phone: str | None) -> str:
    digits = re.sub(r"\D", "", phone or "")
    return digits.removeprefix("00").lstrip("0")
