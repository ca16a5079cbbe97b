"""The same invoice as XML by EN 16931: UBL 2.1 (NLCIUS in the Netherlands, else Peppol BIS 3) and CII."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from lxml import etree

from inkoop.samples import labels
from inkoop.samples.invoice import Party, SampleInvoice, SampleLine, VatGroup, to_cents
from inkoop.samples.truth import plain

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_UN = "urn:un:unece:uncefact:data:standard:"
_CAC, _CBC = f"{_UBL}CommonAggregateComponents-2", f"{_UBL}CommonBasicComponents-2"
_CII = {
    "rsm": f"{_UN}CrossIndustryInvoice:100",
    "ram": f"{_UN}ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_UN}UnqualifiedDataType:100",
}
_NLCIUS = "urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0"
_PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
_PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
_LEGAL_SCHEMES = {"NL": "0106", "FR": "0002", "BE": "0208"}
_ENDPOINT_SCHEMES = {"NL": "0106", "BE": "0208", "DE": "9930", "FR": "9957", "IE": "9935"}
_EXEMPTIONS = {"K": ("VATEX-EU-IC", "Intra-Community supply"), "AE": ("VATEX-EU-AE", "Reverse charge")}


class PricesIncludeVat(ValueError):
    """An invoice with prices that include VAT has no line amounts in terms of EN 16931."""


class _Tree:
    """A small hand for building XML with prefixes: `add(parent, "cbc:ID", "1")`."""

    def __init__(self, root: str, namespaces: dict[str, str]) -> None:
        prefix, _, name = root.partition(":")
        self.namespaces = namespaces
        self.root = etree.Element(f"{{{namespaces[prefix]}}}{name}", nsmap=namespaces)

    def add(
        self, parent: etree._Element, path: str, text: str | None = None, **attributes: str
    ) -> etree._Element:
        """Append the elements of the path, each within the one before. Returns the last."""
        for step in path.split("/"):
            prefix, _, name = step.partition(":")
            parent = etree.SubElement(parent, f"{{{self.namespaces[prefix]}}}{name}")
        parent.text = text
        for name, value in attributes.items():
            parent.set(name, value)
        return parent

    def to_bytes(self) -> bytes:
        """The document as it is stored."""
        return etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def ubl(invoice: SampleInvoice) -> bytes:
    """The invoice as UBL 2.1. Raises PricesIncludeVat."""
    _refuse_gross(invoice)
    kind = "CreditNote" if invoice.document_type == "credit_note" else "Invoice"
    tree = _Tree(f"ubl:{kind}", {"ubl": f"{_UBL}{kind}-2", "cac": _CAC, "cbc": _CBC})
    root, add = tree.root, tree.add
    add(root, "cbc:CustomizationID", _NLCIUS if invoice.seller.address.country_code == "NL" else _PEPPOL)
    add(root, "cbc:ProfileID", _PROFILE)
    add(root, "cbc:ID", invoice.invoice_number)
    add(root, "cbc:IssueDate", invoice.issue_date.isoformat())
    if kind == "Invoice":
        add(root, "cbc:DueDate", invoice.due_date.isoformat())
    add(root, f"cbc:{kind}TypeCode", "381" if kind == "CreditNote" else "380")
    add(root, "cbc:DocumentCurrencyCode", invoice.currency_code)
    # Peppol wants a reference of the buyer's: its order, or else what it asked to have quoted.
    if invoice.order_reference:
        add(root, "cac:OrderReference/cbc:ID", invoice.order_reference)
    else:
        add(root, "cbc:BuyerReference", invoice.customer_no)
    if invoice.preceding_invoice:
        add(root, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID", invoice.preceding_invoice)
    _ubl_party(tree, add(root, "cac:AccountingSupplierParty/cac:Party"), invoice.seller, is_seller=True)
    _ubl_party(tree, add(root, "cac:AccountingCustomerParty/cac:Party"), invoice.buyer, is_seller=False)
    _ubl_delivery(tree, invoice)
    _ubl_payment(tree, invoice, kind)
    _ubl_totals(tree, invoice)
    for number, line in enumerate(invoice.lines, start=1):
        _ubl_line(tree, line, number, kind, invoice.currency_code)
    return tree.to_bytes()


def cii(invoice: SampleInvoice) -> bytes:
    """The invoice as UN/CEFACT Cross Industry Invoice, profile EN 16931. Raises PricesIncludeVat."""
    _refuse_gross(invoice)
    tree = _Tree("rsm:CrossIndustryInvoice", _CII)
    root, add = tree.root, tree.add
    guideline = "ram:GuidelineSpecifiedDocumentContextParameter/ram:ID"
    add(root, f"rsm:ExchangedDocumentContext/{guideline}", "urn:cen.eu:en16931:2017")
    head = add(root, "rsm:ExchangedDocument")
    add(head, "ram:ID", invoice.invoice_number)
    add(head, "ram:TypeCode", "381" if invoice.document_type == "credit_note" else "380")
    _cii_day(tree, head, "ram:IssueDateTime", invoice.issue_date)
    trade = add(root, "rsm:SupplyChainTradeTransaction")
    for number, line in enumerate(invoice.lines, start=1):
        _cii_line(tree, trade, line, number)
    _cii_agreement(tree, trade, invoice)
    delivery = add(trade, "ram:ApplicableHeaderTradeDelivery")
    if _is_within_eu(invoice):
        country = "ram:ShipToTradeParty/ram:PostalTradeAddress/ram:CountryID"
        add(delivery, country, invoice.buyer.address.country_code)
    if invoice.delivery_date:
        event = "ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime"
        _cii_day(tree, delivery, event, invoice.delivery_date)
    _cii_settlement(tree, trade, invoice)
    return tree.to_bytes()


def _refuse_gross(invoice: SampleInvoice) -> None:
    if invoice.prices_include_vat:
        raise PricesIncludeVat(invoice.invoice_number)


def _is_within_eu(invoice: SampleInvoice) -> bool:
    return any(group.category == "K" for group in invoice.vat_breakdown)


def _ubl_party(tree: _Tree, party: etree._Element, who: Party, is_seller: bool) -> None:
    add, country = tree.add, who.address.country_code
    is_by_register = country in ("NL", "BE")
    number = _digits(who.legal_id) if is_by_register else who.vat_id
    add(party, "cbc:EndpointID", number, schemeID=_ENDPOINT_SCHEMES[country])
    add(party, "cac:PartyName/cbc:Name", who.name)
    address = add(party, "cac:PostalAddress")
    add(address, "cbc:StreetName", who.address.street)
    add(address, "cbc:CityName", who.address.city)
    add(address, "cbc:PostalZone", who.address.postal_code)
    add(address, "cac:Country/cbc:IdentificationCode", country)
    for scheme, company_id in (("VAT", who.vat_id), ("TAX", who.tax_number if is_seller else None)):
        if company_id:
            tax = add(party, "cac:PartyTaxScheme")
            add(tax, "cbc:CompanyID", company_id)
            add(tax, "cac:TaxScheme/cbc:ID", scheme)
    legal = add(party, "cac:PartyLegalEntity")
    add(legal, "cbc:RegistrationName", who.name)
    company = add(legal, "cbc:CompanyID", who.legal_id)
    if country in _LEGAL_SCHEMES:
        company.text = _digits(who.legal_id)
        company.set("schemeID", _LEGAL_SCHEMES[country])
    if who.phone:
        contact = add(party, "cac:Contact")
        add(contact, "cbc:Telephone", who.phone)
        add(contact, "cbc:ElectronicMail", who.email)


def _ubl_delivery(tree: _Tree, invoice: SampleInvoice) -> None:
    if not invoice.delivery_date and not _is_within_eu(invoice):
        return
    delivery = tree.add(tree.root, "cac:Delivery")
    if invoice.delivery_date:
        tree.add(delivery, "cbc:ActualDeliveryDate", invoice.delivery_date.isoformat())
    if _is_within_eu(invoice):
        country = "cac:DeliveryLocation/cac:Address/cac:Country/cbc:IdentificationCode"
        tree.add(delivery, country, invoice.buyer.address.country_code)


def _ubl_payment(tree: _Tree, invoice: SampleInvoice, kind: str) -> None:
    add = tree.add
    means = add(tree.root, "cac:PaymentMeans")
    add(means, "cbc:PaymentMeansCode", "58")
    if kind == "CreditNote":
        add(means, "cbc:PaymentDueDate", invoice.due_date.isoformat())
    if invoice.payment_reference:
        add(means, "cbc:PaymentID", invoice.payment_reference)
    account = add(means, "cac:PayeeFinancialAccount")
    add(account, "cbc:ID", invoice.seller.iban)
    add(account, "cbc:Name", invoice.seller.name)
    add(account, "cac:FinancialInstitutionBranch/cbc:ID", invoice.seller.bic)
    add(tree.root, "cac:PaymentTerms/cbc:Note", _terms(invoice))


def _ubl_totals(tree: _Tree, invoice: SampleInvoice) -> None:
    add, currency = tree.add, invoice.currency_code
    total = add(tree.root, "cac:TaxTotal")
    add(total, "cbc:TaxAmount", f"{invoice.total_vat:.2f}", currencyID=currency)
    for group in invoice.vat_breakdown:
        part = add(total, "cac:TaxSubtotal")
        add(part, "cbc:TaxableAmount", f"{group.net:.2f}", currencyID=currency)
        add(part, "cbc:TaxAmount", f"{group.vat:.2f}", currencyID=currency)
        category = add(part, "cac:TaxCategory")
        add(category, "cbc:ID", group.category)
        add(category, "cbc:Percent", plain(group.rate))
        if group.category in _EXEMPTIONS:
            code, reason = _EXEMPTIONS[group.category]
            add(category, "cbc:TaxExemptionReasonCode", code)
            add(category, "cbc:TaxExemptionReason", reason)
        add(category, "cac:TaxScheme/cbc:ID", "VAT")
    sums = add(tree.root, "cac:LegalMonetaryTotal")
    for name, amount in (
        ("LineExtensionAmount", invoice.total_net),
        ("TaxExclusiveAmount", invoice.total_net),
        ("TaxInclusiveAmount", invoice.total_gross),
        ("PayableAmount", invoice.total_gross),
    ):
        add(sums, f"cbc:{name}", f"{amount:.2f}", currencyID=currency)


def _ubl_line(tree: _Tree, line: SampleLine, number: int, kind: str, currency: str) -> None:
    add = tree.add
    element = add(tree.root, f"cac:{kind}Line")
    add(element, "cbc:ID", str(number))
    word = "CreditedQuantity" if kind == "CreditNote" else "InvoicedQuantity"
    add(element, f"cbc:{word}", plain(line.quantity), unitCode=line.unit)
    add(element, "cbc:LineExtensionAmount", f"{line.amount:.2f}", currencyID=currency)
    if line.discount_percent:
        base, allowance = _allowance(line)
        charge = add(element, "cac:AllowanceCharge")
        add(charge, "cbc:ChargeIndicator", "false")
        add(charge, "cbc:AllowanceChargeReasonCode", "95")
        add(charge, "cbc:AllowanceChargeReason", "Discount")
        add(charge, "cbc:MultiplierFactorNumeric", plain(line.discount_percent))
        add(charge, "cbc:Amount", f"{allowance:.2f}", currencyID=currency)
        add(charge, "cbc:BaseAmount", f"{base:.2f}", currencyID=currency)
    item = add(element, "cac:Item")
    add(item, "cbc:Name", line.description)
    if line.item_id:
        add(item, "cac:SellersItemIdentification/cbc:ID", line.item_id)
    category = add(item, "cac:ClassifiedTaxCategory")
    add(category, "cbc:ID", line.vat_category)
    add(category, "cbc:Percent", plain(line.vat_rate))
    add(category, "cac:TaxScheme/cbc:ID", "VAT")
    add(element, "cac:Price/cbc:PriceAmount", plain(line.unit_price), currencyID=currency)


def _cii_line(tree: _Tree, trade: etree._Element, line: SampleLine, number: int) -> None:
    add = tree.add
    element = add(trade, "ram:IncludedSupplyChainTradeLineItem")
    add(element, "ram:AssociatedDocumentLineDocument/ram:LineID", str(number))
    product = add(element, "ram:SpecifiedTradeProduct")
    if line.item_id:
        add(product, "ram:SellerAssignedID", line.item_id)
    add(product, "ram:Name", line.description)
    price = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount"
    add(element, price, plain(line.unit_price))
    quantity = "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"
    add(element, quantity, plain(line.quantity), unitCode=line.unit)
    settlement = add(element, "ram:SpecifiedLineTradeSettlement")
    tax = add(settlement, "ram:ApplicableTradeTax")
    add(tax, "ram:TypeCode", "VAT")
    add(tax, "ram:CategoryCode", line.vat_category)
    add(tax, "ram:RateApplicablePercent", plain(line.vat_rate))
    if line.discount_percent:
        base, allowance = _allowance(line)
        charge = add(settlement, "ram:SpecifiedTradeAllowanceCharge")
        add(charge, "ram:ChargeIndicator/udt:Indicator", "false")
        add(charge, "ram:CalculationPercent", plain(line.discount_percent))
        add(charge, "ram:BasisAmount", f"{base:.2f}")
        add(charge, "ram:ActualAmount", f"{allowance:.2f}")
        add(charge, "ram:ReasonCode", "95")
        add(charge, "ram:Reason", "Discount")
    total = "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
    add(settlement, total, f"{line.amount:.2f}")


def _cii_agreement(tree: _Tree, trade: etree._Element, invoice: SampleInvoice) -> None:
    add = tree.add
    agreement = add(trade, "ram:ApplicableHeaderTradeAgreement")
    if not invoice.order_reference:
        add(agreement, "ram:BuyerReference", invoice.customer_no)
    _cii_party(tree, add(agreement, "ram:SellerTradeParty"), invoice.seller)
    _cii_party(tree, add(agreement, "ram:BuyerTradeParty"), invoice.buyer)
    if invoice.order_reference:
        add(agreement, "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID", invoice.order_reference)


def _cii_party(tree: _Tree, party: etree._Element, who: Party) -> None:
    add, country = tree.add, who.address.country_code
    add(party, "ram:Name", who.name)
    legal = add(party, "ram:SpecifiedLegalOrganization/ram:ID", who.legal_id)
    if country in _LEGAL_SCHEMES:
        legal.text = _digits(who.legal_id)
        legal.set("schemeID", _LEGAL_SCHEMES[country])
    if who.phone:
        contact = add(party, "ram:DefinedTradeContact")
        add(contact, "ram:TelephoneUniversalCommunication/ram:CompleteNumber", who.phone)
        add(contact, "ram:EmailURIUniversalCommunication/ram:URIID", who.email)
    address = add(party, "ram:PostalTradeAddress")
    add(address, "ram:PostcodeCode", who.address.postal_code)
    add(address, "ram:LineOne", who.address.street)
    add(address, "ram:CityName", who.address.city)
    add(address, "ram:CountryID", country)
    add(party, "ram:SpecifiedTaxRegistration/ram:ID", who.vat_id, schemeID="VA")
    if who.tax_number:
        add(party, "ram:SpecifiedTaxRegistration/ram:ID", who.tax_number, schemeID="FC")


def _cii_settlement(tree: _Tree, trade: etree._Element, invoice: SampleInvoice) -> None:
    add, currency = tree.add, invoice.currency_code
    settlement = add(trade, "ram:ApplicableHeaderTradeSettlement")
    if invoice.payment_reference:
        add(settlement, "ram:PaymentReference", invoice.payment_reference)
    add(settlement, "ram:InvoiceCurrencyCode", currency)
    means = add(settlement, "ram:SpecifiedTradeSettlementPaymentMeans")
    add(means, "ram:TypeCode", "58")
    add(means, "ram:PayeePartyCreditorFinancialAccount/ram:IBANID", invoice.seller.iban)
    add(means, "ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID", invoice.seller.bic)
    for group in invoice.vat_breakdown:
        _cii_tax(tree, settlement, group)
    terms = add(settlement, "ram:SpecifiedTradePaymentTerms")
    add(terms, "ram:Description", _terms(invoice))
    _cii_day(tree, terms, "ram:DueDateDateTime", invoice.due_date)
    sums = add(settlement, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    add(sums, "ram:LineTotalAmount", f"{invoice.total_net:.2f}")
    add(sums, "ram:TaxBasisTotalAmount", f"{invoice.total_net:.2f}")
    add(sums, "ram:TaxTotalAmount", f"{invoice.total_vat:.2f}", currencyID=currency)
    add(sums, "ram:GrandTotalAmount", f"{invoice.total_gross:.2f}")
    add(sums, "ram:DuePayableAmount", f"{invoice.total_gross:.2f}")
    if invoice.preceding_invoice:
        reference = "ram:InvoiceReferencedDocument/ram:IssuerAssignedID"
        add(settlement, reference, invoice.preceding_invoice)


def _cii_tax(tree: _Tree, settlement: etree._Element, group: VatGroup) -> None:
    tax, add = tree.add(settlement, "ram:ApplicableTradeTax"), tree.add
    code, reason = _EXEMPTIONS.get(group.category, (None, None))
    add(tax, "ram:CalculatedAmount", f"{group.vat:.2f}")
    add(tax, "ram:TypeCode", "VAT")
    if reason:
        add(tax, "ram:ExemptionReason", reason)
    add(tax, "ram:BasisAmount", f"{group.net:.2f}")
    add(tax, "ram:CategoryCode", group.category)
    if code:
        add(tax, "ram:ExemptionReasonCode", code)
    add(tax, "ram:RateApplicablePercent", plain(group.rate))


def _cii_day(tree: _Tree, parent: etree._Element, path: str, day: date) -> None:
    tree.add(parent, f"{path}/udt:DateTimeString", day.strftime("%Y%m%d"), format="102")


def _allowance(line: SampleLine) -> tuple[Decimal, Decimal]:
    """The line before its discount, and the discount that leads to the line's amount."""
    base = to_cents(line.quantity * line.unit_price)
    return base, base - line.amount


def _terms(invoice: SampleInvoice) -> str:
    word = labels.label(invoice.language, "due_date", 1)
    return f"{word}: {invoice.due_date.isoformat()}"


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())
