"""UN/CEFACT Cross Industry Invoice: Factur-X, ZUGFeRD 2, XRechnung (D16B and later) and ZUGFeRD 1.0.

ZUGFeRD 1.0 has the same structure under older names, so each step below names both.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from pipeline.extract.document import ExtractedInvoice, ExtractedLine, Source, VatSubtotal
from pipeline.extract.document_kind import document_type_of, with_positive_amounts
from pipeline.extract.xml_terms import Terms, Vocabulary, as_text

_UN = "urn:un:unece:uncefact:data:standard:"
_D16B = Vocabulary(
    {
        "rsm": f"{_UN}CrossIndustryInvoice:100",
        "ram": f"{_UN}ReusableAggregateBusinessInformationEntity:100",
        "udt": f"{_UN}UnqualifiedDataType:100",
    }
)
_ZUGFERD_1 = Vocabulary(
    {
        "rsm": "urn:ferd:CrossIndustryDocument:invoice:1p0",
        "ram": f"{_UN}ReusableAggregateBusinessInformationEntity:12",
        "udt": f"{_UN}UnqualifiedDataType:15",
    }
)
_VOCABULARIES = {
    f"{{{_D16B.namespaces['rsm']}}}CrossIndustryInvoice": _D16B,
    f"{{{_ZUGFERD_1.namespaces['rsm']}}}CrossIndustryDocument": _ZUGFERD_1,
}

_TRADE = "rsm:SupplyChainTradeTransaction|rsm:SpecifiedSupplyChainTradeTransaction"
_AGREEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeAgreement|ram:ApplicableSupplyChainTradeAgreement"
_DELIVERY = f"{_TRADE}/ram:ApplicableHeaderTradeDelivery|ram:ApplicableSupplyChainTradeDelivery"
_SETTLEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeSettlement|ram:ApplicableSupplyChainTradeSettlement"
_SUMMATION = (
    "ram:SpecifiedTradeSettlementHeaderMonetarySummation|ram:SpecifiedTradeSettlementMonetarySummation"
)
_LINE_AGREEMENT = "ram:SpecifiedLineTradeAgreement|ram:SpecifiedSupplyChainTradeAgreement"
_LINE_DELIVERY = "ram:SpecifiedLineTradeDelivery|ram:SpecifiedSupplyChainTradeDelivery"
_LINE_SETTLEMENT = "ram:SpecifiedLineTradeSettlement|ram:SpecifiedSupplyChainTradeSettlement"
_LINE_SUMMATION = (
    "ram:SpecifiedTradeSettlementLineMonetarySummation|ram:SpecifiedTradeSettlementMonetarySummation"
)
_NUMBER = "ram:IssuerAssignedID|ram:ID"
_PERCENT = "ram:RateApplicablePercent|ram:ApplicablePercent"
_GLN = "0088"
# Factur-X EXTENDED: lines that only group or explain others, whose amounts would count twice.
_NOT_A_DETAIL = ("GROUP", "INFORMATION")


class Cii:
    """The Cross Industry Invoice, every profile from MINIMUM up."""

    name = "CII"

    def recognises(self, root: etree._Element) -> bool:
        """By the name and namespace of the root element."""
        return root.tag in _VOCABULARIES

    def read(self, root: etree._Element) -> ExtractedInvoice:
        """The invoice, with the business terms of EN 16931 as its syntax binding for CII maps them."""
        return _Document(root).read()


class _Document:
    """One CII document while it is read."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.words = _VOCABULARIES[root.tag]
        self.warnings: list[tuple[str, str]] = []
        self.settlement = self.words.find(root, _SETTLEMENT)
        self.currency = as_text(self._text(self.settlement, "ram:InvoiceCurrencyCode"))

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
        code = self.words.find(self.root, "rsm:ExchangedDocument|rsm:HeaderExchangedDocument/ram:TypeCode")
        if code is None:
            return
        header.put("document_type", document_type_of((code.text or "").strip()), code)
        if "document_type" not in header.fields:
            self.warnings.append(("INC_TYPE_UNKNOWN", as_text(code.text or "") or ""))

    def _references(self, header: Terms) -> None:
        find, settlement = self.words.find, self.settlement
        document = find(self.root, "rsm:ExchangedDocument|rsm:HeaderExchangedDocument")
        header.text("invoice_number", find(document, "ram:ID"))
        header.day("issue_date", find(document, "ram:IssueDateTime/udt:DateTimeString"))
        due = "ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString"
        header.day("due_date", *self.words.find_all(settlement, due))
        delivered = "ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/udt:DateTimeString"
        header.day("delivery_date", find(find(self.root, _DELIVERY), delivered))
        header.text("currency_code", find(settlement, "ram:InvoiceCurrencyCode"))
        order = f"ram:BuyerOrderReferencedDocument/{_NUMBER}"
        header.text("order_reference", find(find(self.root, _AGREEMENT), order))
        header.text("preceding_invoice", find(settlement, f"ram:InvoiceReferencedDocument/{_NUMBER}"))

    def _seller(self, header: Terms) -> None:
        find = self.words.find
        party = find(find(self.root, _AGREEMENT), "ram:SellerTradeParty")
        self._party(header, "seller", party)
        for number in self._registrations(party, "FC"):
            header.text("seller.tax_number", number)
        header.text("seller.legal_id", find(party, "ram:SpecifiedLegalOrganization/ram:ID"))
        telephone = "ram:DefinedTradeContact/ram:TelephoneUniversalCommunication/ram:CompleteNumber"
        header.text("seller.phone", find(party, telephone))
        header.text("seller.country_code", find(party, "ram:PostalTradeAddress/ram:CountryID"))

    def _buyer(self, header: Terms) -> None:
        self._party(
            header, "buyer", self.words.find(self.words.find(self.root, _AGREEMENT), "ram:BuyerTradeParty")
        )

    def _party(self, header: Terms, role: str, party: etree._Element | None) -> None:
        trading_name = "ram:SpecifiedLegalOrganization/ram:TradingBusinessName"
        header.text(f"{role}.name", self.words.find(party, "ram:Name"), self.words.find(party, trading_name))
        for number in self._registrations(party, "VA"):
            header.text(f"{role}.vat_id", number)
        for number in self.words.find_all(party, "ram:GlobalID|ram:ID"):
            if number.get("schemeID") == _GLN:
                header.text(f"{role}.gln", number)

    def _registrations(self, party: etree._Element | None, scheme: str) -> Iterator[etree._Element]:
        for number in self.words.find_all(party, "ram:SpecifiedTaxRegistration/ram:ID"):
            if number.get("schemeID") == scheme:
                yield number

    def _payment(self, header: Terms) -> None:
        header.text("payment_reference", self.words.find(self.settlement, "ram:PaymentReference"))
        # The payer's account of a direct debit has an element of its own: this one is always the payee's.
        account = "ram:SpecifiedTradeSettlementPaymentMeans/ram:PayeePartyCreditorFinancialAccount"
        for number in ("ram:IBANID", "ram:ProprietaryID"):
            found = list(self.words.find_all(self.settlement, f"{account}/{number}"))
            header.iban("payment_iban", *found)
            header.iban("seller.iban", *found)

    def _totals(self, header: Terms) -> None:
        find = self.words.find
        totals = find(self.settlement, _SUMMATION)
        for key, name in (
            ("total_net", "TaxBasisTotalAmount"),
            ("total_gross", "GrandTotalAmount"),
            ("paid_amount", "TotalPrepaidAmount"),
            ("amount_due", "DuePayableAmount"),
            ("total_allowance", "AllowanceTotalAmount"),
            ("total_charge", "ChargeTotalAmount"),
        ):
            header.amount(key, self._in_currency(find(totals, f"ram:{name}")))
        # BT-111 repeats the VAT in the seller's own currency beside BT-110, told apart by the attribute.
        for amount in self.words.find_all(totals, "ram:TaxTotalAmount"):
            if amount.get("currencyID") in (None, self.currency):
                header.amount("total_vat", amount)

    def _in_currency(self, amount: etree._Element | None) -> etree._Element | None:
        """The amount; a warning when it is stated in another currency than the document (ID-48)."""
        if amount is not None and amount.get("currencyID") not in (None, self.currency):
            self.warnings.append(("INC_CURRENCY_MIXED", f"{self.currency} {amount.get('currencyID')}"))
        return amount

    def _vat(self) -> Iterator[VatSubtotal]:
        for tax in self.words.find_all(self.settlement, "ram:ApplicableTradeTax"):
            terms = Terms(self.words)
            terms.amount("rate", self.words.find(tax, _PERCENT))
            terms.amount("net", self.words.find(tax, "ram:BasisAmount"))
            terms.amount("vat", self.words.find(tax, "ram:CalculatedAmount"))
            yield VatSubtotal(terms.fields)

    def _lines(self) -> Iterator[ExtractedLine]:
        trade = self.words.find(self.root, _TRADE)
        for line in self.words.find_all(trade, "ram:IncludedSupplyChainTradeLineItem"):
            document = self.words.find(line, "ram:AssociatedDocumentLineDocument")
            if self._text(document, "ram:LineStatusReasonCode").strip() in _NOT_A_DETAIL:
                continue
            terms = self._line(line)
            # A ZUGFeRD 1.0 line with neither amount nor quantity is a text between the lines.
            if "net_amount" in terms.fields or "quantity" in terms.fields:
                yield ExtractedLine(terms.fields)

    def _line(self, line: etree._Element) -> Terms:
        find, terms = self.words.find, Terms(self.words)
        agreement, settlement = find(line, _LINE_AGREEMENT), find(line, _LINE_SETTLEMENT)
        product = find(line, "ram:SpecifiedTradeProduct")
        terms.text("line_id", find(line, "ram:AssociatedDocumentLineDocument/ram:LineID"))
        terms.text("item_id", find(product, "ram:SellerAssignedID"))
        terms.text("item_standard_id", find(product, "ram:GlobalID"))
        terms.text("description", find(product, "ram:Name"), find(product, "ram:Description"))
        quantity = find(find(line, _LINE_DELIVERY), "ram:BilledQuantity")
        terms.amount("quantity", quantity)
        terms.put("unit", as_text(quantity.get("unitCode") or "") if quantity is not None else None, quantity)
        # BT-146 as stated, also where it is the price of several units (BT-149): the line amount decides.
        terms.amount("unit_price", find(agreement, "ram:NetPriceProductTradePrice/ram:ChargeAmount"))
        self._discount(terms, settlement)
        terms.amount("vat_rate", find(settlement, f"ram:ApplicableTradeTax/{_PERCENT}"))
        terms.amount(
            "net_amount", self._in_currency(find(settlement, f"{_LINE_SUMMATION}/ram:LineTotalAmount"))
        )
        terms.text("order_line_reference", find(agreement, "ram:BuyerOrderReferencedDocument/ram:LineID"))
        return terms

    def _discount(self, terms: Terms, settlement: etree._Element | None) -> None:
        """The percentage of the line's discount, when it has exactly one allowance: several do not add up."""
        allowances = [
            charge
            for charge in self.words.find_all(settlement, "ram:SpecifiedTradeAllowanceCharge")
            if self._text(charge, "ram:ChargeIndicator/udt:Indicator").strip() in ("false", "0")
        ]
        if len(allowances) == 1:
            terms.amount("discount_percent", self.words.find(allowances[0], "ram:CalculationPercent"))

    def _text(self, start: etree._Element | None, path: str) -> str:
        found = self.words.find(start, path)
        return (found.text or "") if found is not None else ""


FORMAT = Cii()
