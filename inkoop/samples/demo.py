"""A dozen vendor files for the first start: what a small engineering works finds in its mail in a week.

The vendors and items are those of the demo company, so most files match. None of these is used to tune the
reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from inkoop.samples import identifiers
from inkoop.samples.company import (
    COMPANY,
    Address,
    DemoCompany,
    DemoVendor,
    VatProductGroup,
    items_of,
    vendor,
)
from inkoop.samples.families import LAYOUTS
from inkoop.samples.forms import Form, Sample, make_sample
from inkoop.samples.invoice import Party, SampleInvoice, SampleLine, VatCategory

RATES: dict[VatProductGroup, Decimal] = {"H": Decimal(21), "L": Decimal(9)}
"""The Dutch rates by VAT product group, in per cent."""

_FIRST_SCANNER = 7_000  # the seeds of the demo's scanners are used nowhere else
_NEW_ACCOUNT = ("NL55ABNA0612077330", "ABNANL2A")


@dataclass(frozen=True, slots=True)
class DemoFile:
    """One file for the inbox. `what` says in English what it shows.

    `sample` is the truth about it; the broken file has none.
    """

    name: str
    data: bytes
    what: str
    sample: Sample | None


def demo_files(today: date) -> list[DemoFile]:
    """The dozen files as of a day: issue dates lie in the two weeks before it. Same day, same bytes."""
    mechanics, energy, drives = _mechanics(today), _energy(today), _drives(today)
    cleaning, haulage, steel = _cleaning(today), _haulage(today), _steel(today)
    grinder, packaging, motors = _grinder(today), _packaging(today), _motors(today)
    stamp = today.strftime("%Y%m%d")
    files = [
        _file(
            f"{mechanics.invoice_number}.pdf",
            make_sample(mechanics, LAYOUTS["trade"], Form.TEXT_LAYER),
            "A PDF with a text layer: bearings and freight, with discounts",
        ),
        _file(
            f"Energienota {energy.invoice_number.replace('/', '-')}.pdf",
            make_sample(energy, LAYOUTS["utility"], Form.TEXT_LAYER),
            "A PDF with a text layer: electricity, for G/L accounts only",
        ),
        _file(
            f"Rechnung_{drives.invoice_number}.pdf",
            make_sample(drives, LAYOUTS["footer"], Form.TEXT_LAYER),
            "A German PDF with a text layer: reverse charge, the vendor named in the foot only",
        ),
        _file(
            f"scan_{stamp}_0912.pdf",
            make_sample(cleaning, LAYOUTS["letter"], Form.SCANNED_PDF, _FIRST_SCANNER),
            "A scan: cleaning, to be paid to another account than that on the vendor card",
        ),
        _file(
            f"scan_{stamp}_0914.pdf",
            make_sample(haulage, LAYOUTS["long"], Form.SCANNED_PDF, _FIRST_SCANNER + 1),
            "A scan of several pages, in English: a month of transports",
        ),
        _file(
            f"fax{stamp}.tiff",
            make_sample(steel, LAYOUTS["grid"], Form.SCANNED_TIFF, _FIRST_SCANNER + 2),
            "A black-and-white TIFF: steel from Belgium, reverse charge",
        ),
        _file(
            "IMG_2047.jpg",
            make_sample(grinder, LAYOUTS["plain"], Form.SCANNED_JPEG, _FIRST_SCANNER + 3),
            "A JPEG from a vendor that the books do not know yet",
        ),
        _file(
            f"Factuur {packaging.invoice_number}.pdf",
            make_sample(packaging, LAYOUTS["rates"], Form.HYBRID),
            "A hybrid PDF with XML inside: packaging at 21 % and coffee at 9 %",
        ),
        _file(
            f"facture-{motors.invoice_number}.pdf",
            make_sample(motors, LAYOUTS["band"], Form.HYBRID),
            "A French hybrid PDF with XML inside: motors, reverse charge",
        ),
    ]
    gas = _energy(today, is_second=True)
    files.append(
        _file(
            f"ubl_{gas.invoice_number.replace('/', '-')}.xml",
            make_sample(gas, LAYOUTS["utility"], Form.UBL),
            "A UBL e-invoice without a PDF",
        )
    )
    first = files[0]
    files.append(replace(first, name=f"FW {first.name}", what="The first file once more, under another name"))
    broken = files[2].data[: len(files[2].data) * 3 // 5]
    files.append(DemoFile("bijlage.pdf", broken, "A PDF that was cut off on its way", None))
    return files


def party_of(card: DemoVendor | DemoCompany) -> Party:
    """A vendor card, or the company itself, as it appears on an invoice."""
    return Party(
        name=card.name,
        address=card.address,
        vat_id=card.vat_id,
        legal_id=card.legal_id,
        iban=card.iban,
        bic=card.bic,
        phone=card.phone,
        email=card.email,
    )


def item_line(card: DemoVendor, item_no: str, quantity: str, discount_percent: str = "0") -> SampleLine:
    """A line that resolves to an item of the books by the vendor's item number.

    Raises KeyError when the vendor does not sell the item.
    """
    sold = {item.no: (item, as_sold) for item, as_sold in items_of(card.no)}
    item, as_sold = sold[item_no]
    rate, category = _vat(card, item.vat_product_group)
    return SampleLine(
        description=as_sold.description,
        quantity=Decimal(quantity),
        unit=item.unit,
        unit_price=as_sold.unit_price,
        vat_rate=rate,
        item_id=as_sold.vendor_item_no,
        discount_percent=Decimal(discount_percent),
        vat_category=category,
    )


def expense_line(card: DemoVendor, index: int, quantity: str = "1") -> SampleLine:
    """A line for a G/L account: what the vendor bills besides items."""
    expense = card.expenses[index]
    rate, category = _vat(card, expense.vat_product_group)
    return SampleLine(
        description=expense.description,
        quantity=Decimal(quantity),
        unit=expense.unit,
        unit_price=expense.unit_price,
        vat_rate=rate,
        vat_category=category,
    )


def invoice_from(
    card: DemoVendor, number: str, issue_date: date, lines: Sequence[SampleLine]
) -> SampleInvoice:
    """An invoice of a demo vendor to the demo company, on the terms of the vendor card."""
    return SampleInvoice(
        language=card.language,
        document_type="invoice",
        invoice_number=number,
        issue_date=issue_date,
        due_date=issue_date + timedelta(days=card.payment_terms_days),
        payment_terms_days=card.payment_terms_days,
        seller=party_of(card),
        buyer=party_of(COMPANY),
        lines=tuple(lines),
        customer_no=f"2{card.no[1:]}",
        delivery_date=issue_date - timedelta(days=2),
    )


def _vat(card: DemoVendor, group: VatProductGroup) -> tuple[Decimal, VatCategory]:
    return (Decimal(0), "K") if card.vat_business_group == "EU" else (RATES[group], "S")


def _file(name: str, sample: Sample, what: str) -> DemoFile:
    return DemoFile(name, sample.data, what, sample)


def _serial(day: date) -> int:
    """A number that grows from day to day, as invoice numbers do."""
    return day.timetuple().tm_yday


def _mechanics(today: date) -> SampleInvoice:
    card, day = vendor("10231"), today - timedelta(days=3)
    lines = [
        item_line(card, "1000", "40", "10"),
        item_line(card, "1010", "8", "5"),
        item_line(card, "1020", "60"),
        expense_line(card, 0),
    ]
    return invoice_from(card, f"{day.year}-{3_000 + _serial(day)}", day, lines)


def _energy(today: date, is_second: bool = False) -> SampleInvoice:
    """The workshop's electricity, or that of the hall next door."""
    card, day = vendor("10244"), today - timedelta(days=5)
    kilowatt_hours = ("1218", "942") if is_second else ("4630", "2875")
    lines = [
        expense_line(card, 0, kilowatt_hours[0]),
        expense_line(card, 1, kilowatt_hours[1]),
        expense_line(card, 2),
    ]
    reference = identifiers.payment_reference(Random(f"demo energy {is_second}"), "NL")
    number = f"E{day.year % 100}/{52_000 + 7 * _serial(day) + is_second}"
    return replace(
        invoice_from(card, number, day, lines),
        payment_reference=reference,
        delivery_date=day.replace(day=1) - timedelta(days=1),
    )


def _drives(today: date) -> SampleInvoice:
    card, day = vendor("10312"), today - timedelta(days=6)
    lines = [
        item_line(card, "1100", "2"),
        item_line(card, "1110", "4"),
        item_line(card, "1120", "6"),
        expense_line(card, 0),
    ]
    return invoice_from(card, f"RE{day.year}-{1_200 + 2 * _serial(day)}", day, lines)


def _cleaning(today: date) -> SampleInvoice:
    card, day = vendor("10277"), today - timedelta(days=4)
    lines = [item_line(card, "8010", "38.5"), expense_line(card, 1), expense_line(card, 0, "2")]
    invoice = invoice_from(card, f"{day.year}{500 + _serial(day):05}", day, lines)
    iban, bic = _NEW_ACCOUNT
    return replace(invoice, seller=replace(invoice.seller, iban=iban, bic=bic), delivery_date=None)


def _haulage(today: date) -> SampleInvoice:
    """One line per consignment, so that the invoice needs several pages."""
    card, day = vendor("10263"), today - timedelta(days=7)
    pallet = item_line(card, "8000", "1")
    places = ("Deventer-Gent", "Deventer-Luik", "Deventer-Breda", "Antwerpen-Deventer", "Rotterdam-Deventer")
    lines = [
        replace(
            pallet,
            quantity=Decimal(1 + (7 * i + 3) % 5),
            description=f"{pallet.description} {places[i * 3 % len(places)]}, cons. {61_400 + 13 * i}",
        )
        for i in range(29)
    ]
    lines += [expense_line(card, 0, "24"), expense_line(card, 1, "3"), expense_line(card, 2)]
    return invoice_from(card, f"INV-{8_000 + 3 * _serial(day):05}", day, lines)


def _steel(today: date) -> SampleInvoice:
    card, day = vendor("10325"), today - timedelta(days=8)
    lines = [item_line(card, "1200", "72"), item_line(card, "1210", "845.5"), expense_line(card, 0, "3")]
    return invoice_from(card, f"VF{day.year % 100}-{2_100 + _serial(day):05}", day, lines)


def _grinder(today: date) -> SampleInvoice:
    """A small business that has no vendor card."""
    day = today - timedelta(days=2)
    rate = RATES["H"]
    lines = [
        SampleLine("Slijpen van zaagbladen 315 mm", Decimal(12), "C62", Decimal("14.75"), rate),
        SampleLine("Aanzetten van vlakfrezen", Decimal(4), "C62", Decimal("22.50"), rate),
        SampleLine("Haal- en brengservice", Decimal(1), "C62", Decimal("18.00"), rate),
    ]
    seller = Party(
        name="Slijperij Ommerveld",
        address=Address("Zandweg 3", "7731 TR", "Ommen", "NL"),
        vat_id="NL863207182B01",
        legal_id="86320741",
        iban="NL30INGB0044188218",
        bic="INGBNL2A",
        phone="+31 529 555 017",
        email="info@slijperij-ommerveld.example",
    )
    return SampleInvoice(
        language="nl",
        document_type="invoice",
        invoice_number=f"{day.year}-{400 + _serial(day)}",
        issue_date=day,
        due_date=day + timedelta(days=14),
        payment_terms_days=14,
        seller=seller,
        buyer=party_of(COMPANY),
        lines=tuple(lines),
        customer_no="118",
    )


def _packaging(today: date) -> SampleInvoice:
    card, day = vendor("10250"), today - timedelta(days=3)
    lines = [item_line(card, "1300", "24"), item_line(card, "1310", "36"), expense_line(card, 0, "8")]
    return invoice_from(card, f"F{day.year % 100}{4_000 + 2 * _serial(day)}", day, lines)


def _motors(today: date) -> SampleInvoice:
    card, day = vendor("10341"), today - timedelta(days=9)
    lines = [item_line(card, "1110", "6"), item_line(card, "1020", "150"), expense_line(card, 0)]
    return invoice_from(card, f"FA{day.year}-{900 + _serial(day):04}", day, lines)
