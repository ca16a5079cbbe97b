"""Invented invoices: the same seed gives the same company, the same lines and the same dates."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Literal

from inkoop.samples import identifiers
from inkoop.samples.company import Address, Language
from inkoop.samples.invoice import Party, SampleInvoice, SampleLine
from inkoop.samples.vocabulary import COUNTRIES, SELLER_COUNTRIES, TRADES, Article, Country, Trade

_FIRST_DAY = date(2024, 1, 8)
_UNIT_HAS_FRACTIONS = {"HUR", "MTR", "KGM", "LTR"}
_AREAS = {
    "nl": ("20", "38", "53"),
    "de": ("52", "36", "89"),
    "fr": ("20", "30", "50"),
    "en": ("21", "61", "91"),
}


@dataclass(frozen=True, slots=True)
class Demands:
    """What a layout can show and therefore needs of an invoice."""

    fewest_lines: int = 1
    most_lines: int = 6
    has_discounts: bool = False
    has_several_rates: bool = False
    prices_include_vat: bool = False


def make_invoice(
    seed: int,
    language: Language,
    demands: Demands | None = None,
    document_type: Literal["invoice", "credit_note"] | None = None,
) -> SampleInvoice:
    """Invent an invoice, or now and then a credit note. Everything follows from the arguments."""
    demands = demands or Demands()
    rng = Random(f"{seed} {language}")
    country_code = rng.choice(SELLER_COUNTRIES[language])
    country = COUNTRIES[country_code]
    trade = rng.choice(TRADES[language])
    issue_date = _FIRST_DAY + timedelta(days=rng.randrange(0, 960))
    terms = rng.choice((8, 14, 14, 21, 30, 30, 30, 45, 60))
    drawn_kind: Literal["invoice", "credit_note"] = "credit_note" if rng.random() < 0.12 else "invoice"
    kind = document_type or drawn_kind
    number = _invoice_number(rng, issue_date)
    return SampleInvoice(
        language=language,
        document_type=kind,
        invoice_number=number,
        issue_date=issue_date,
        due_date=issue_date + timedelta(days=terms),
        payment_terms_days=terms,
        seller=_seller(rng, language, country_code, country, trade),
        buyer=_buyer(rng, country_code, country),
        lines=_lines(rng, TRADES[language], trade, country, demands),
        customer_no=str(rng.randrange(10_000, 99_999)),
        delivery_date=issue_date - timedelta(days=rng.randrange(1, 9)) if rng.random() < 0.5 else None,
        order_reference=_order_reference(rng) if rng.random() < 0.6 else None,
        payment_reference=identifiers.payment_reference(rng, country_code) if rng.random() < 0.4 else None,
        preceding_invoice=_invoice_number(rng, issue_date) if kind == "credit_note" else None,
        prices_include_vat=demands.prices_include_vat,
    )


def _seller(rng: Random, language: Language, country_code: str, country: Country, trade: Trade) -> Party:
    name = rng.choice(trade.names).format(rng.choice(country.families))
    for old, new in _LEGAL_FORMS.get((language, country_code), ()):
        name = name.replace(old, new)
    vat = identifiers.vat_id(rng, country_code)
    iban, bic = identifiers.bank_account(rng, country_code)
    first_word = unicodedata.normalize("NFKD", name.lower().replace("ß", "ss").split(" ")[0])
    domain = "".join(c for c in first_word if c.isascii() and c.isalnum())
    is_german = country_code == "DE" and rng.random() < 0.5
    return Party(
        name=name,
        address=_address(rng, country_code, country),
        vat_id=vat,
        legal_id=identifiers.legal_id(rng, country_code, vat),
        iban=iban,
        bic=bic,
        phone=country.phone.format(area=rng.choice(_AREAS[language]), line=rng.randrange(10, 99)),
        email=f"{rng.choice(('info', 'mail', 'office'))}@{domain}-{rng.randrange(10, 99)}.example",
        tax_number=f"{rng.randrange(10, 99)}/{rng.randrange(100, 999)}/{rng.randrange(10000, 99999)}"
        if is_german
        else None,
    )


def _buyer(rng: Random, country_code: str, country: Country) -> Party:
    vat = identifiers.vat_id(rng, country_code)
    iban, bic = identifiers.bank_account(rng, country_code)
    return Party(
        name=rng.choice(country.buyers),
        address=_address(rng, country_code, country),
        vat_id=vat,
        legal_id=identifiers.legal_id(rng, country_code, vat),
        iban=iban,
        bic=bic,
        phone="",
        email="",
    )


def _address(rng: Random, country_code: str, country: Country) -> Address:
    postal_code, city = rng.choice(country.towns)
    street = country.street_form.format(street=rng.choice(country.streets), number=rng.randrange(1, 180))
    return Address(street, postal_code, city, country_code)


def _lines(
    rng: Random, trades: tuple[Trade, ...], trade: Trade, country: Country, demands: Demands
) -> tuple[SampleLine, ...]:
    count = rng.randint(demands.fewest_lines, demands.most_lines)
    pool = list(trade.articles)
    if demands.has_several_rates or count > len(pool):
        pool = [article for each in trades for article in each.articles]
    chosen = rng.sample(pool, k=count) if count <= len(pool) else [rng.choice(pool) for _ in range(count)]
    if demands.has_several_rates:
        chosen = _of_both_rates(rng, chosen, pool)
    prefix = rng.choice(("", "", "A-", "ART", "1", "40"))
    has_item_ids = rng.random() < 0.75
    lines = []
    for article in chosen:
        item_id = f"{prefix}{rng.randrange(1_000, 99_999)}" if has_item_ids else None
        lines.append(_line(rng, article, country, demands, item_id))
    return tuple(lines)


def _line(
    rng: Random, article: Article, country: Country, demands: Demands, item_id: str | None
) -> SampleLine:
    rate = country.low_rate if article.is_low_rate else country.high_rate
    price = Decimal(rng.randint(article.lowest, article.highest)) / 100
    if demands.prices_include_vat:
        price = (price * (100 + rate) / 100).quantize(Decimal("0.05"))
    discount = Decimal(rng.choice((0, 0, 5, 10, "12.5", 15))) if demands.has_discounts else Decimal(0)
    return SampleLine(
        description=article.description,
        quantity=_quantity(rng, article),
        unit=article.unit,
        unit_price=price,
        vat_rate=rate,
        item_id=item_id,
        discount_percent=discount,
    )


def _quantity(rng: Random, article: Article) -> Decimal:
    if article.unit in _UNIT_HAS_FRACTIONS and rng.random() < 0.6:
        return Decimal(rng.randrange(1, 60)) / 4 + Decimal("0.25")
    most = 250 if article.highest < 400 else 40 if article.highest < 3_000 else 6
    return Decimal(rng.randint(1, most))


def _of_both_rates(rng: Random, chosen: list[Article], pool: list[Article]) -> list[Article]:
    """At least one article of the high and one of the low rate, in random order."""
    for wanted in (False, True):
        candidates = [article for article in pool if article.is_low_rate is wanted and article not in chosen]
        if candidates and all(article.is_low_rate is not wanted for article in chosen):
            chosen = [*chosen, rng.choice(candidates)]
    rng.shuffle(chosen)
    return chosen


def _invoice_number(rng: Random, day: date) -> str:
    serial = rng.randrange(100, 9_999)
    form = rng.choice(
        (
            "{y}-{n:04}",
            "{y}{n:05}",
            "F{yy:02}{n:04}",
            "{y}/{n:04}",
            "INV-{n:05}",
            "VF{yy:02}-{n:05}",
            "RE{y}-{n}",
            "{n:06}",
        )
    )
    return form.format(y=day.year, yy=day.year % 100, n=serial)


def _order_reference(rng: Random) -> str:
    form = rng.choice(("PO-{yy}-{n:04}", "45000{n:05}", "IO{n:06}", "B-{n}", "{n:05}/{yy}"))
    return form.format(yy=rng.randrange(24, 27), n=rng.randrange(1_000, 99_999))


_LEGAL_FORMS: dict[tuple[Language, str], tuple[tuple[str, str], ...]] = {
    ("nl", "BE"): ((" B.V.", " BV"), ("V.O.F.", "VOF")),
    ("fr", "BE"): (("SARL", "SRL"), ("SAS", "SA")),
    ("en", "NL"): ((" Ltd", " B.V."),),
}
