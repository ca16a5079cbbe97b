"""UBL 2.1 Invoice and CreditNote as EN 16931 uses them: Peppol BIS Billing 3, NLCIUS, XRechnung."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from pipeline.extract.document import ExtractedInvoice, ExtractedLine, Source, VatSubtotal
from pipeline.extract.document_kind import document_type_of, with_positive_amounts
from pipeline.extract.xml_terms import Terms, Vocabulary, as_text

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_INVOICE = f"{{{_UBL}Invoice-2}}Invoice"
_CREDIT_NOTE = f"{{{_UBL}CreditNote-2}}CreditNote"

_INVOICE_WORDS = Vocabulary(
    {
        "ubl": f"{_UBL}Invoice-2",
        "cac": f"{_UBL}CommonAggregateComponents-2",
        "cbc": f"{_UBL}CommonBasicComponents-2",
    }
)
_CREDIT_NOTE_WORDS = Vocabulary({**_INVOICE_WORDS.namespaces, "ubl": f"{_UBL}CreditNote-2"})
_GLN = "0088"


class Ubl:
    """UBL 2.1, both document kinds."""

    name = "UBL 2.1"

    def recognises(self, root: etree._Element) -> bool:
        """By the name and namespace of the root element."""
        return root.tag in (_INVOICE, _CREDIT_NOTE)

    def read(self, root: etree._Element) -> ExtractedInvoice:
        """The invoice, with the business terms of EN 16931 as its syntax binding for UBL maps them."""
        return _Document(root).read()


class _Document:
    """One UBL document while it is read."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.words = _CREDIT_NOTE_WORDS if root.tag == _CREDIT_NOTE else _INVOICE_WORDS
        self.warnings: list[tuple[str, str]] = []
        self.currency = as_text(self._text(root, "cbc:DocumentCurrencyCode"))

    def read(self) -> ExtractedInvoice:
        header = Terms(self.words)
        self._kind(header)
        self._references(header)
        self._seller(header)
        self._buyer(header)
        self._payment(header)
        self._totals(header)
        invoice = ExtractedInvoice(
            source=Source.EINVOICE_XML,
            fields=header.fields,
            lines=tuple(self._lines()),
            vat_breakdown=tuple(self._vat()),
            warnings=tuple(self.warnings),
        )
        return with_positive_amounts(invoice)

    def _kind(self, header: Terms) -> None:
        code = self.words.find(self.root, "cbc:InvoiceTypeCode|cbc:CreditNoteTypeCode")
        if code is None:
            kind = "credit_note" if self.root.tag == _CREDIT_NOTE else "invoice"
            header.put("document_type", kind, self.root)
            return
        header.put("document_type", document_type_of((code.text or "").strip()), code)
        if "document_type" not in header.fields:
            self.warnings.append(("INC_TYPE_UNKNOWN", as_text(code.text or "") or ""))

    def _references(self, header: Terms) -> None:
        find, root = self.words.find, self.root
        header.text("invoice_number", find(root, "cbc:ID"))
        header.day("issue_date", find(root, "cbc:IssueDate"))
        # BT-9 stands in the header of an invoice and in the payment means of a credit note.
        header.day("due_date", find(root, "cbc:DueDate"), *self._all("cac:PaymentMeans/cbc:PaymentDueDate"))
        header.day("delivery_date", *self._all("cac:Delivery/cbc:ActualDeliveryDate"))
        header.text("currency_code", find(root, "cbc:DocumentCurrencyCode"))
        order = find(root, "cac:OrderReference/cbc:ID")
        # Peppol demands an order reference beside a sales order reference and has "NA" for an unknown one.
        if order is not None and (order.text or "").strip().upper() != "NA":
            header.text("order_reference", order)
        header.text(
            "preceding_invoice", *self._all("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID")
        )

    def _seller(self, header: Terms) -> None:
        find = self.words.find
        party = find(self.root, "cac:AccountingSupplierParty/cac:Party")
        header.text("seller.name", find(party, "cac:PartyLegalEntity/cbc:RegistrationName"))
        header.text("seller.name", find(party, "cac:PartyName/cbc:Name"))
        for scheme in self.words.find_all(party, "cac:PartyTaxScheme"):
            kind = (self._text(scheme, "cac:TaxScheme/cbc:ID")).strip().upper()
            key = "seller.vat_id" if kind in ("VAT", "VA", "") else "seller.tax_number"
            header.text(key, find(scheme, "cbc:CompanyID"))
        header.text("seller.legal_id", find(party, "cac:PartyLegalEntity/cbc:CompanyID"))
        header.text("seller.gln", self._gln(party))
        header.text("seller.phone", find(party, "cac:Contact/cbc:Telephone"))
        header.text(
            "seller.country_code", find(party, "cac:PostalAddress/cac:Country/cbc:IdentificationCode")
        )

    def _buyer(self, header: Terms) -> None:
        find = self.words.find
        party = find(self.root, "cac:AccountingCustomerParty/cac:Party")
        header.text("buyer.name", find(party, "cac:PartyLegalEntity/cbc:RegistrationName"))
        header.text("buyer.name", find(party, "cac:PartyName/cbc:Name"))
        for scheme in self.words.find_all(party, "cac:PartyTaxScheme"):
            if self._text(scheme, "cac:TaxScheme/cbc:ID").strip().upper() in ("VAT", "VA", ""):
                header.text("buyer.vat_id", find(scheme, "cbc:CompanyID"))
        header.text("buyer.gln", self._gln(party))

    def _gln(self, party: etree._Element | None) -> etree._Element | None:
        numbers = self.words.find_all(party, "cac:PartyIdentification/cbc:ID")
        return next((number for number in numbers if number.get("schemeID") == _GLN), None)

    def _payment(self, header: Terms) -> None:
        for means in self._all("cac:PaymentMeans"):
            header.text("payment_reference", self.words.find(means, "cbc:PaymentID"))
            # The payer's account of a direct debit stands in its mandate: this one is always the payee's.
            account = self.words.find(means, "cac:PayeeFinancialAccount/cbc:ID")
            header.iban("payment_iban", account)
            header.iban("seller.iban", account)

    def _totals(self, header: Terms) -> None:
        find = self.words.find
        totals = find(self.root, "cac:LegalMonetaryTotal")
        for key, name in (
            ("total_net", "TaxExclusiveAmount"),
            ("total_gross", "TaxInclusiveAmount"),
            ("paid_amount", "PrepaidAmount"),
            ("amount_due", "PayableAmount"),
            ("total_allowance", "AllowanceTotalAmount"),
            ("total_charge", "ChargeTotalAmount"),
        ):
            header.amount(key, self._in_currency(find(totals, f"cbc:{name}")))
        for total in self._tax_totals():
            header.amount("total_vat", find(total, "cbc:TaxAmount"))

    def _tax_totals(self) -> Iterator[etree._Element]:
        """The VAT totals in the document's currency; BT-111 repeats the VAT in the seller's own."""
        for total in self._all("cac:TaxTotal"):
            amount = self.words.find(total, "cbc:TaxAmount")
            if amount is not None and amount.get("currencyID") in (None, self.currency):
                yield total

    def _in_currency(self, amount: etree._Element | None) -> etree._Element | None:
        """The amount; a warning when it is stated in another currency than the document (ID-48)."""
        if amount is not None and amount.get("currencyID") not in (None, self.currency):
            self.warnings.append(("INC_CURRENCY_MIXED", f"{self.currency} {amount.get('currencyID')}"))
        return amount

    def _vat(self) -> Iterator[VatSubtotal]:
        for total in self._tax_totals():
            for subtotal in self.words.find_all(total, "cac:TaxSubtotal"):
                terms = Terms(self.words)
                terms.amount(
                    "rate",
                    self.words.find(subtotal, "cac:TaxCategory/cbc:Percent"),
                    self.words.find(subtotal, "cbc:Percent"),
                )
                terms.amount("net", self.words.find(subtotal, "cbc:TaxableAmount"))
                terms.amount("vat", self.words.find(subtotal, "cbc:TaxAmount"))
                yield VatSubtotal(terms.fields)

    def _lines(self) -> Iterator[ExtractedLine]:
        for line in self._all("cac:InvoiceLine|cac:CreditNoteLine"):
            yield ExtractedLine(self._line(line).fields)

    def _line(self, line: etree._Element) -> Terms:
        find, terms = self.words.find, Terms(self.words)
        terms.text("line_id", find(line, "cbc:ID"))
        terms.text("item_id", find(line, "cac:Item/cac:SellersItemIdentification/cbc:ID"))
        terms.text("item_standard_id", find(line, "cac:Item/cac:StandardItemIdentification/cbc:ID"))
        terms.text("description", find(line, "cac:Item/cbc:Name"), find(line, "cac:Item/cbc:Description"))
        quantity = find(line, "cbc:InvoicedQuantity|cbc:CreditedQuantity")
        terms.amount("quantity", quantity)
        terms.put("unit", as_text(quantity.get("unitCode") or "") if quantity is not None else None, quantity)
        # BT-146 as stated, also where it is the price of several units (BT-149): the line amount decides.
        terms.amount("unit_price", find(line, "cac:Price/cbc:PriceAmount"))
        self._discount(terms, line)
        terms.amount("vat_rate", find(line, "cac:Item/cac:ClassifiedTaxCategory/cbc:Percent"))
        terms.amount("net_amount", self._in_currency(find(line, "cbc:LineExtensionAmount")))
        terms.text("order_line_reference", find(line, "cac:OrderLineReference/cbc:LineID"))
        return terms

    def _discount(self, terms: Terms, line: etree._Element) -> None:
        """The percentage of the line's discount, when it has exactly one allowance: several do not add up."""
        allowances = [
            charge
            for charge in self.words.find_all(line, "cac:AllowanceCharge")
            if self._text(charge, "cbc:ChargeIndicator").strip() in ("false", "0")
        ]
        if len(allowances) == 1:
            terms.amount("discount_percent", self.words.find(allowances[0], "cbc:MultiplierFactorNumeric"))

    def _all(self, path: str) -> Iterator[etree._Element]:
        return self.words.find_all(self.root, path)

    def _text(self, start: etree._Element, path: str) -> str:
        found = self.words.find(start, path)
        return (found.text or "") if found is not None else ""


FORMAT = Ubl()
