"""UBL invoices and credit notes become the terms of EN 16931, each with the path it came from."""

import pytest
from lxml import etree

from pipeline.extract.document import ExtractedInvoice, Source
from pipeline.extract.einvoice import find_format
from pipeline.extract.formats.ubl import FORMAT
from pipeline.extract.xml_terms import parse
from tests.extract.einvoices import BUYER, PAYMENT, SELLER, UBL, ubl_invoice

PREFIXES = {
    "ubl": f"{UBL}Invoice-2",
    "cac": f"{UBL}CommonAggregateComponents-2",
    "cbc": f"{UBL}CommonBasicComponents-2",
}


def read(data: bytes) -> ExtractedInvoice:
    """The invoice in a UBL file."""
    return FORMAT.read(parse(data))


def header(invoice: ExtractedInvoice) -> dict[str, str]:
    return {key: found.value for key, found in invoice.fields.items()}


def test_every_header_value_of_an_invoice_is_read() -> None:
    invoice = read(ubl_invoice())

    assert invoice.source == Source.EINVOICE_XML
    assert invoice.warnings == ()
    assert header(invoice) == {
        "document_type": "invoice",
        "invoice_number": "ZN-2026-0117",
        "issue_date": "2026-11-24",
        "due_date": "2026-12-08",
        "delivery_date": "2026-11-20",
        "order_reference": "PO-4711",
        "currency_code": "EUR",
        "seller.name": "Zeilmakerij Noordwest B.V.",
        "seller.vat_id": "NL001234567B01",
        "seller.tax_number": "12/345/67890",
        "seller.legal_id": "33112244",
        "seller.gln": "8712345000004",
        "seller.phone": "+31 20 555 01 23",
        "seller.iban": "NL91ABNA0417164300",
        "seller.country_code": "NL",
        "buyer.name": "Rederij Wind Mee B.V.",
        "buyer.vat_id": "NL007654321B01",
        "buyer.gln": "8798765000005",
        "preceding_invoice": "ZN-2026-0099",
        "total_net": "150.00",
        "total_vat": "25.50",
        "total_gross": "175.50",
        "paid_amount": "75.50",
        "amount_due": "100.00",
        "total_allowance": "5.00",
        "payment_iban": "NL91ABNA0417164300",
        "payment_reference": "RF18 5390 0754 7034",
    }


def test_every_line_value_is_read() -> None:
    first, second = ({k: f.value for k, f in line.fields.items()} for line in read(ubl_invoice()).lines)

    assert first == {
        "line_id": "1",
        "item_id": "ZD-300",
        "item_standard_id": "8712345678906",
        "description": "Zeildoek 300 g",
        "quantity": "10",
        "unit": "MTR",
        "unit_price": "12.00",
        "discount_percent": "12.5",
        "vat_rate": "21",
        "net_amount": "105.00",
        "order_line_reference": "7",
    }
    assert second["description"] == "Handboek zeilmaken"
    assert "item_id" not in second and "discount_percent" not in second


def test_vat_is_read_per_rate_in_the_currency_of_the_document_only() -> None:
    subtotals = [{k: f.value for k, f in vat.fields.items()} for vat in read(ubl_invoice()).vat_breakdown]

    assert subtotals == [
        {"rate": "21", "net": "100.00", "vat": "21.00"},
        {"rate": "9", "net": "50.00", "vat": "4.50"},
    ]


def test_the_evidence_of_a_value_is_the_path_to_its_element_and_nothing_on_a_page() -> None:
    data = ubl_invoice()
    invoice, root = read(data), etree.fromstring(data)

    for key, found in invoice.all_fields():
        assert found.confidence == 1.0
        assert found.provenance.page is None and found.provenance.box is None, key
        elements = root.xpath(found.provenance.path, namespaces=PREFIXES)
        assert [element.text for element in elements] == [found.provenance.text], key


def test_an_element_among_several_of_its_kind_has_its_position_in_the_path() -> None:
    invoice = read(ubl_invoice())

    assert invoice.lines[1].fields["quantity"].provenance.path == (
        "/ubl:Invoice/cac:InvoiceLine[2]/cbc:InvoicedQuantity"
    )
    assert invoice.fields["seller.gln"].provenance.path == (
        "/ubl:Invoice/cac:AccountingSupplierParty/cac:Party/cac:PartyIdentification[2]/cbc:ID"
    )


def test_without_a_legal_name_the_trading_name_is_the_sellers_name() -> None:
    seller = SELLER.replace("cbc:RegistrationName", "cbc:CompanyLegalForm")

    assert read(ubl_invoice(seller=seller)).value("seller.name") == "De Zeilmakerij"


def test_a_credit_note_has_its_own_element_names_and_its_due_date_in_the_payment() -> None:
    invoice = read(ubl_invoice(root="CreditNote", type_code="381", header=""))

    assert invoice.value("document_type") == "credit_note"
    assert invoice.value("due_date") == "2026-12-09"
    assert invoice.value("total_gross") == "175.50"
    assert invoice.lines[0].fields["quantity"].value == "10"
    assert invoice.fields["total_gross"].provenance.path == (
        "/ubl:CreditNote/cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount"
    )


@pytest.mark.parametrize(("root", "kind"), [("Invoice", "invoice"), ("CreditNote", "credit_note")])
def test_without_a_type_code_the_root_says_what_it_is(root: str, kind: str) -> None:
    assert read(ubl_invoice(root=root, type_code=None)).value("document_type") == kind


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("326", "invoice"),
        ("384", "invoice"),
        ("386", "invoice"),
        ("381", "credit_note"),
        ("396", "credit_note"),
    ],
)
def test_other_type_codes_are_invoices_or_credit_notes(code: str, kind: str) -> None:
    """ID-49: 384 is read as an invoice."""
    assert read(ubl_invoice(type_code=code)).value("document_type") == kind


@pytest.mark.parametrize("code", ["389", "325", "999"])
def test_a_self_billed_or_unknown_type_stays_open_with_a_warning(code: str) -> None:
    """ID-49: anything else is refused later with INC_TYPE_UNKNOWN; the reader does not guess."""
    invoice = read(ubl_invoice(type_code=code))

    assert invoice.value("document_type") is None
    assert invoice.warnings == (("INC_TYPE_UNKNOWN", code),)


@pytest.mark.parametrize(("root", "code"), [("CreditNote", "381"), ("Invoice", "380"), ("Invoice", "384")])
def test_a_credit_written_with_negative_amounts_has_positive_ones(root: str, code: str) -> None:
    """Amounts are positive on a credit note too; the evidence keeps the minus of the document."""
    invoice = read(ubl_invoice(root=root, type_code=code, sign="-"))

    assert invoice.value("document_type") == "credit_note"
    assert (invoice.value("total_net"), invoice.value("total_vat")) == ("150.00", "25.50")
    assert invoice.value("total_gross") == "175.50"
    assert invoice.vat_breakdown[0].fields["vat"].value == "21.00"
    line = invoice.lines[0].fields
    assert (line["quantity"].value, line["unit_price"].value, line["net_amount"].value) == (
        "10",
        "12.00",
        "105.00",
    )
    assert line["net_amount"].provenance.text == "-105.00"


def test_an_order_reference_that_says_not_available_is_none() -> None:
    data = ubl_invoice().replace(b"<cbc:ID>PO-4711</cbc:ID>", b"<cbc:ID>NA</cbc:ID>")

    assert read(data).value("order_reference") is None


def test_an_account_that_is_no_iban_is_not_taken_for_one() -> None:
    payment = PAYMENT.replace("nl91 abna 0417 1643 00", "Postgiro 12345")

    invoice = read(ubl_invoice(payment=payment))

    assert invoice.value("payment_iban") is None and invoice.value("seller.iban") is None


def test_the_first_account_that_is_an_iban_is_taken_with_its_position() -> None:
    invoice = read(ubl_invoice(payment=PAYMENT.replace("nl91 abna 0417 1643 00", "x") + PAYMENT))

    assert invoice.value("payment_iban") == "NL91ABNA0417164300"
    assert invoice.fields["payment_iban"].provenance.path == (
        "/ubl:Invoice/cac:PaymentMeans[2]/cac:PayeeFinancialAccount/cbc:ID"
    )


def test_an_amount_in_another_currency_is_reported() -> None:
    """ID-48."""
    assert read(ubl_invoice(currency="USD")).warnings == (("INC_CURRENCY_MIXED", "EUR USD"),)


@pytest.mark.parametrize("wrong", ["1.234,50", "", "EUR 150", "1e3", "NaN", "９"])
def test_what_is_no_plain_decimal_is_no_amount(wrong: str) -> None:
    data = ubl_invoice().replace(b">150.00<", f">{wrong}<".encode())

    assert read(data).value("total_net") is None


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2026-11-24Z", "2026-11-24"),
        ("2026-11-24+01:00", "2026-11-24"),
        ("2026-02-30", None),
        ("24-11-2026", None),
    ],
)
def test_a_date_is_an_iso_date_with_or_without_a_time_zone(written: str, value: str | None) -> None:
    data = ubl_invoice().replace(b"<cbc:IssueDate>2026-11-24<", f"<cbc:IssueDate>{written}<".encode())

    assert read(data).value("issue_date") == value


def test_invisible_characters_do_not_make_two_numbers_of_one() -> None:
    data = ubl_invoice().replace(b"ZN-2026-0117", "ZN-2026\u200b-01\u00ad17".encode())

    assert read(data).value("invoice_number") == "ZN-2026-0117"


def test_missing_parts_leave_their_values_out() -> None:
    data = ubl_invoice(seller="", payment="").replace(BUYER.encode(), b"")

    invoice = read(data)

    assert invoice.value("seller.name") is None and invoice.value("buyer.name") is None
    assert invoice.value("total_gross") == "175.50"


def test_an_invoice_without_content_gives_no_fields_but_its_kind() -> None:
    invoice = read(f'<Invoice xmlns="{UBL}Invoice-2"/>'.encode())

    assert header(invoice) == {"document_type": "invoice"}
    assert invoice.lines == () and invoice.vat_breakdown == ()


@pytest.mark.parametrize("name", ["Order", "Catalogue"])
def test_other_ubl_documents_are_not_invoices(name: str) -> None:
    assert find_format(parse(f'<{name} xmlns="{UBL}{name}-2"/>'.encode())) is None


def test_the_json_form_gives_the_same_invoice_back() -> None:
    invoice = read(ubl_invoice())

    assert ExtractedInvoice.from_json(invoice.to_json()) == invoice
