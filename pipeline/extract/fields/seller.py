"""Name, VAT number, tax number, register number, telephone and country of the seller (BG-4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.extract.candidates import Candidate, Document, FieldGroup, Found
from pipeline.extract.identifiers import country_code
from pipeline.extract.labels import Label
from pipeline.extract.layout import Token

_TAX_NUMBER = re.compile(r"\d{2,3}[ /]\d{3}[ /]\d{3,5}(?: ?\d{2})?|\d{10,13}|[\d/]{8,15}|[A-Z0-9]{9,16}")
_LEGAL_ID = re.compile(r"[A-Z]{0,3}[\d.]{6,15}\d|\d{3}[ .]\d{3}[ .]\d{3}(?:[ .]\d{5})?")
_PHONE = re.compile(r"\+?[\d(][\d ()/.-]{6,20}\d")


def _find(document: Document) -> Found:
    names = [Candidate("seller.name", n.text, n.tokens, n.score) for n in document.parties.sellers]
    vat_ids = list(_vat_ids(document))
    return Found(
        [
            *names,
            *vat_ids,
            *_numbers(document, "tax_number", "seller.tax_number", _TAX_NUMBER),
            *_numbers(document, "legal_id", "seller.legal_id", _LEGAL_ID),
            *_numbers(document, "phone", "seller.phone", _PHONE),
            *_glns(document),
            *_countries(document, vat_ids),
        ]
    )


FIELD = FieldGroup(
    name="seller",
    keys=(
        *("seller.name", "seller.vat_id", "seller.tax_number", "seller.legal_id", "seller.gln"),
        *("seller.phone", "seller.country_code"),
    ),
    find=_find,
)


def _is_buyers(document: Document, tokens: tuple[Token, ...]) -> bool:
    return any(t in document.parties.buyer_zone for t in tokens)


def _vat_ids(document: Document) -> Iterator[Candidate]:
    printed = document.printed
    count = 0
    for row_index, matches in sorted(printed.vat_ids.items()):
        labels = printed.labels.get(row_index, ())
        for match in matches:
            of_buyer = any("buyer_vat_id" in x.keys and x.right <= match.left + 2 for x in labels)
            if of_buyer or _is_buyers(document, match.tokens):
                continue
            named = any("vat_id" in x.keys and x.right <= match.left + 2 for x in labels)
            score = 0.93 if match.value.is_valid else (0.8 if named else 0.35)
            in_zone = any(t in document.parties.seller_zone for t in match.tokens)
            yield Candidate(
                "seller.vat_id",
                match.value.value,
                match.tokens,
                min(0.97, score * 0.97**count + 0.05 * in_zone),
                named,
            )
            count += 1


def _numbers(document: Document, name: str, key: str, shape: re.Pattern[str]) -> Iterator[Candidate]:
    """What stands behind the label and has the shape of such a number."""
    printed = document.printed
    for label, strength in printed.labels_named(name):
        if _is_buyers(document, label.tokens) or label.row.index in document.table.row_indexes:
            continue
        yield from _behind(label, key, shape, 0.85 * strength)


def _behind(label: Label, key: str, shape: re.Pattern[str], score: float) -> Iterator[Candidate]:
    tokens = [
        t for t in label.row.tokens[label.end : label.end + 8] if t.text.strip(":.;|,-") or t.text == ""
    ]
    tokens = [t for t in tokens if t.left - label.right < 30 * max(4.0, t.height)]
    for start in range(min(2, len(tokens))):
        for end in range(min(len(tokens), start + 6), start, -1):
            text = " ".join(t.text for t in tokens[start:end]).strip(" ,;:|.")
            if shape.fullmatch(text):
                yield Candidate(key, text, tuple(tokens[start:end]), score * (1.0 if start == 0 else 0.8))
                return


def _glns(document: Document) -> Iterator[Candidate]:
    for label, _ in document.printed.labels_named("gln"):
        if _is_buyers(document, label.tokens):
            continue
        for token in label.row.tokens[label.end : label.end + 2]:
            if token.text.isdigit() and len(token.text) == 13:
                yield Candidate("seller.gln", token.text, (token,), 0.8)


def _countries(document: Document, vat_ids: list[Candidate]) -> Iterator[Candidate]:
    """The country named in the seller's address; else that of the VAT number, else that of the account."""
    printed = document.printed
    yield from _address_country(document)
    for vat in vat_ids[:3]:
        prefix = {"EL": "GR", "XI": "GB"}.get(vat.value[:2], vat.value[:2])
        yield Candidate("seller.country_code", prefix, vat.tokens, 0.9 * vat.score)
    for row in printed.layout.rows[:400]:
        for segment in row.segments[:20]:
            if any(t in document.parties.buyer_zone for t in segment.tokens):
                continue
            code = country_code(segment.text)
            if code:
                yield Candidate("seller.country_code", code, segment.tokens, 0.5)
    yield from _american_address(document)
    for matches in printed.ibans.values():
        for match in matches:
            if not _is_buyers(document, match.tokens):
                yield Candidate(
                    "seller.country_code", match.value.value[:2], match.tokens, 0.6 * match.value.is_valid
                )


def _address_country(document: Document) -> Iterator[Candidate]:
    """A country named in the block where the seller's name stands."""
    sellers = document.parties.sellers
    if not sellers:
        return
    first = sellers[0].tokens[0]
    for block in document.printed.layout.blocks:
        if not any(t is first for s in block.segments for t in s.tokens):
            continue
        for segment in block.segments[:10]:
            for piece in (segment.tokens, segment.tokens[-1:], segment.tokens[-2:]):
                code = country_code(" ".join(t.text for t in piece))
                if code:
                    yield Candidate("seller.country_code", code, piece, 0.85)
                    return


_AMERICAN_PLACE = re.compile(r",? ([A-Z]{2}),? \d{5}(?:-\d{4})?$")


def _american_address(document: Document) -> Iterator[Candidate]:
    """A place with a state and a five-digit code, as only addresses in the United States have."""
    for row in document.printed.layout.rows[:200]:
        for segment in row.segments[:20]:
            if not any(t in document.parties.buyer_zone for t in segment.tokens):
                found = _AMERICAN_PLACE.search(segment.text)
                if found and found[1] in _STATES:
                    yield Candidate("seller.country_code", "US", segment.tokens, 0.45)


_STATES = frozenset(
    (
        *("AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS"),
        *("KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY"),
        *("NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV"),
        *("WI", "WY", "DC"),
    )
)
