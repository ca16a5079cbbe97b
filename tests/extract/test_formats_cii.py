"""Cross Industry Invoices, from ZUGFeRD 1.0 to Factur-X EXTENDED, become the terms of EN 16931."""

import pytest
from lxml import etree

from pipeline.extract.document import ExtractedInvoice
from pipeline.extract.einvoice import FORMATS, find_format
from pipeline.extract.formats.cii import FORMAT
from pipeline.extract.xml_terms import parse
from tests.extract.einvoices import CII_LINES, UN, cii_invoice, zugferd_1_invoice

PREFIXES = {
    "rsm": f"{UN}CrossIndustryInvoice:100",
    "ram": f"{UN}ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{UN}UnqualifiedDataType:100",
}


def read(data: bytes) -> ExtractedInvoice:
    """The invoice in a CII file."""
    return FORMAT.read(parse(data))


def header(invoice: ExtractedInvoice) -> dict[str, str]:
    return {key: found.value for key, found in invoice.fields.items()}


def test_every_header_value_is_read() -> None:
    assert header(read(cii_invoice())) == {
        "document_type": "invoice",
        "invoice_number": "RE-77",
        "issue_date": "2026-11-24",
        "due_date": "2026-12-24",
        "delivery_date": "2026-11-19",
        "order_reference": "PO-4712",
        "currency_code": "EUR",
        "seller.name": "Seilerei Küstenwind GmbH",
        "seller.vat_id": "DE136695976",
        "seller.tax_number": "22/815/0815/4",
        "seller.legal_id": "HRB 4711",
        "seller.gln": "4098765000003",
        "seller.phone": "+49 40 5550199",
        "seller.iban": "DE02120300000000202051",
        "seller.country_code": "DE",
        "buyer.name": "Rederij Wind Mee B.V.",
        "buyer.vat_id": "NL007654321B01",
        "buyer.gln": "8798765000005",
        "preceding_invoice": "RE-70",
        "total_net": "100.00",
        "total_vat": "19.00",
        "total_gross": "119.00",
        "amount_due": "119.00",
        "total_charge": "5.00",
        "payment_iban": "DE02120300000000202051",
        "payment_reference": "RE-77 Wind Mee",
    }


def test_every_line_value_and_vat_rate_is_read() -> None:
    invoice = read(cii_invoice())

    (line,) = ({key: found.value for key, found in line.fields.items()} for line in invoice.lines)
    assert line == {
        "line_id": "1",
        "item_id": "TS-8",
        "item_standard_id": "4012345678901",
        "description": "Tauwerk 8 mm",
        "quantity": "40",
        "unit": "MTR",
        "unit_price": "2.50",
        "discount_percent": "5",
        "vat_rate": "19",
        "net_amount": "95.00",
        "order_line_reference": "3",
    }
    (vat,) = ({key: found.value for key, found in vat.fields.items()} for vat in invoice.vat_breakdown)
    assert vat == {"rate": "19", "net": "100.00", "vat": "19.00"}


def test_the_evidence_of_a_value_is_the_path_to_its_element() -> None:
    data = cii_invoice()
    invoice, root = read(data), etree.fromstring(data)

    for key, found in invoice.all_fields():
        assert found.provenance.page is None and found.provenance.box is None, key
        elements = root.xpath(found.provenance.path, namespaces=PREFIXES)
        assert [element.text for element in elements] == [found.provenance.text], key
    assert invoice.fields["total_vat"].provenance.path == (
        "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
        "/ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:TaxTotalAmount[2]"
    )


def test_the_small_profiles_have_totals_and_no_lines() -> None:
    """MINIMUM and BASIC WL."""
    invoice = read(cii_invoice(lines=""))

    assert invoice.lines == ()
    assert invoice.value("total_gross") == "119.00"


def test_zugferd_1_is_read_by_its_older_names() -> None:
    invoice = read(zugferd_1_invoice())

    assert header(invoice) == {
        "document_type": "invoice",
        "invoice_number": "Z1-5",
        "issue_date": "2026-11-02",
        "order_reference": "PO-1",
        "currency_code": "EUR",
        "seller.name": "Altbau Takelage OHG",
        "total_net": "20.00",
        "total_vat": "3.80",
        "total_gross": "23.80",
    }
    assert invoice.vat_breakdown[0].fields["rate"].value == "19.00"


def test_a_text_between_the_lines_is_no_line() -> None:
    (line,) = read(zugferd_1_invoice()).lines

    assert line.fields["description"].value == "Takelarbeit"
    assert line.fields["quantity"].value == "2.0000"
    assert line.fields["quantity"].provenance.path is not None
    assert "IncludedSupplyChainTradeLineItem[2]" in line.fields["quantity"].provenance.path


@pytest.mark.parametrize("reason", ["GROUP", "INFORMATION"])
def test_a_line_that_only_groups_or_explains_others_does_not_count(reason: str) -> None:
    """Factur-X EXTENDED: its amount stands on its detail lines again."""
    group = CII_LINES.replace(
        "<ram:LineID>1</ram:LineID></ram:Assoc",
        f"<ram:LineID>0</ram:LineID><ram:LineStatusReasonCode>{reason}</ram:LineStatusReasonCode></ram:Assoc",
    )

    invoice = read(cii_invoice(lines=group + CII_LINES))

    assert [line.fields["line_id"].value for line in invoice.lines] == ["1"]


def test_without_a_legal_name_the_trading_name_is_the_sellers_name() -> None:
    data = cii_invoice().replace("<ram:Name>Seilerei Küstenwind GmbH</ram:Name>".encode(), b"")

    assert read(data).value("seller.name") == "Küstenwind"


def test_a_credit_note_keeps_its_positive_amounts() -> None:
    invoice = read(cii_invoice(type_code="381"))

    assert invoice.value("document_type") == "credit_note"
    assert invoice.value("total_gross") == "119.00"


def test_a_payer_account_is_not_where_to_pay_to() -> None:
    """Direct debit: the account of the buyer has an element of its own."""
    data = cii_invoice().replace(b"PayeePartyCreditorFinancialAccount", b"PayerPartyDebtorFinancialAccount")

    assert read(data).value("payment_iban") is None


def test_an_order_is_not_an_invoice() -> None:
    """Order-X has the same structure and must not be booked."""
    order = f'<o:SCRDMCCBDACIOMessageStructure xmlns:o="{UN}SCRDMCCBDACIOMessageStructure:100"/>'

    assert find_format(parse(order.encode())) is None


def test_each_format_of_the_open_folder_has_a_name_and_knows_only_its_own() -> None:
    for data in (cii_invoice(), zugferd_1_invoice()):
        assert [member.name for member in FORMATS if member.recognises(parse(data))] == ["CII"]
