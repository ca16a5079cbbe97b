"""E-invoices of invented companies, written here from the syntax bindings of EN 16931."""

from __future__ import annotations

import io

import pikepdf
from reportlab.pdfgen.canvas import Canvas

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
UN = "urn:un:unece:uncefact:data:standard:"

SELLER = """
  <cac:AccountingSupplierParty><cac:Party>
    <cac:PartyIdentification><cbc:ID schemeID="0106">33112244</cbc:ID></cac:PartyIdentification>
    <cac:PartyIdentification><cbc:ID schemeID="0088">8712345000004</cbc:ID></cac:PartyIdentification>
    <cac:PartyName><cbc:Name>De Zeilmakerij</cbc:Name></cac:PartyName>
    <cac:PostalAddress><cac:Country><cbc:IdentificationCode>NL</cbc:IdentificationCode></cac:Country>
      </cac:PostalAddress>
    <cac:PartyTaxScheme><cbc:CompanyID>NL001234567B01</cbc:CompanyID>
      <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
    <cac:PartyTaxScheme><cbc:CompanyID>12/345/67890</cbc:CompanyID>
      <cac:TaxScheme><cbc:ID>FC</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
    <cac:PartyLegalEntity><cbc:RegistrationName>Zeilmakerij  Noordwest
      B.V.</cbc:RegistrationName>
      <cbc:CompanyID schemeID="0106">33112244</cbc:CompanyID></cac:PartyLegalEntity>
    <cac:Contact><cbc:Telephone>+31 20 555 01 23</cbc:Telephone></cac:Contact>
  </cac:Party></cac:AccountingSupplierParty>"""

BUYER = """
  <cac:AccountingCustomerParty><cac:Party>
    <cac:PartyIdentification><cbc:ID schemeID="0088">8798765000005</cbc:ID></cac:PartyIdentification>
    <cac:PartyTaxScheme><cbc:CompanyID>NL007654321B01</cbc:CompanyID>
      <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
    <cac:PartyLegalEntity><cbc:RegistrationName>Rederij Wind Mee B.V.</cbc:RegistrationName>
      </cac:PartyLegalEntity>
  </cac:Party></cac:AccountingCustomerParty>"""

PAYMENT = """
  <cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>
    <cbc:PaymentDueDate>2026-12-09</cbc:PaymentDueDate>
    <cbc:PaymentID>RF18 5390 0754 7034</cbc:PaymentID>
    <cac:PayeeFinancialAccount><cbc:ID>nl91 abna 0417 1643 00</cbc:ID></cac:PayeeFinancialAccount>
  </cac:PaymentMeans>"""


def ubl_invoice(
    *,
    root: str = "Invoice",
    type_code: str | None = "380",
    sign: str = "",
    header: str = "<cbc:DueDate>2026-12-08</cbc:DueDate>",
    seller: str = SELLER,
    payment: str = PAYMENT,
    prolog: str = '<?xml version="1.0" encoding="UTF-8"?>',
    currency: str = "EUR",
) -> bytes:
    """Two lines, two VAT rates, an allowance and a payment in advance: 100.00 and 50.00 net, 175.50 gross."""
    line, quantity = f"{root}Line", "CreditedQuantity" if root == "CreditNote" else "InvoicedQuantity"
    code = f"<cbc:{root}TypeCode>{type_code}</cbc:{root}TypeCode>" if type_code else ""
    text = f"""{prolog}
<{root} xmlns="{UBL}{root}-2" xmlns:cac="{UBL}CommonAggregateComponents-2"
  xmlns:cbc="{UBL}CommonBasicComponents-2">
  <cbc:ID>ZN-2026-0117</cbc:ID>
  <cbc:IssueDate>2026-11-24</cbc:IssueDate>
  {header}
  {code}
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cac:OrderReference><cbc:ID>PO-4711</cbc:ID></cac:OrderReference>
  <cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>ZN-2026-0099</cbc:ID>
    </cac:InvoiceDocumentReference></cac:BillingReference>{seller}{BUYER}
  <cac:Delivery><cbc:ActualDeliveryDate>2026-11-20</cbc:ActualDeliveryDate></cac:Delivery>{payment}
  <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">{sign}25.50</cbc:TaxAmount>
    <cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">{sign}100.00</cbc:TaxableAmount>
      <cbc:TaxAmount currencyID="EUR">{sign}21.00</cbc:TaxAmount>
      <cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>21</cbc:Percent></cac:TaxCategory></cac:TaxSubtotal>
    <cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">{sign}50.00</cbc:TaxableAmount>
      <cbc:TaxAmount currencyID="EUR">{sign}4.50</cbc:TaxAmount>
      <cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>9</cbc:Percent></cac:TaxCategory></cac:TaxSubtotal>
  </cac:TaxTotal>
  <cac:TaxTotal><cbc:TaxAmount currencyID="SEK">{sign}290.00</cbc:TaxAmount></cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:LineExtensionAmount currencyID="EUR">{sign}155.00</cbc:LineExtensionAmount>
    <cbc:TaxExclusiveAmount currencyID="{currency}">{sign}150.00</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="EUR">{sign}175.50</cbc:TaxInclusiveAmount>
    <cbc:AllowanceTotalAmount currencyID="EUR">{sign}5.00</cbc:AllowanceTotalAmount>
    <cbc:PrepaidAmount currencyID="EUR">{sign}75.50</cbc:PrepaidAmount>
    <cbc:PayableAmount currencyID="EUR">{sign}100.00</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>
  <cac:{line}><cbc:ID>1</cbc:ID><cbc:{quantity} unitCode="MTR">{sign}10</cbc:{quantity}>
    <cbc:LineExtensionAmount currencyID="EUR">{sign}105.00</cbc:LineExtensionAmount>
    <cac:OrderLineReference><cbc:LineID>7</cbc:LineID></cac:OrderLineReference>
    <cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>
      <cbc:MultiplierFactorNumeric>12.5</cbc:MultiplierFactorNumeric>
      <cbc:Amount currencyID="EUR">15.00</cbc:Amount></cac:AllowanceCharge>
    <cac:Item><cbc:Description>Per strekkende meter</cbc:Description><cbc:Name>Zeildoek 300 g</cbc:Name>
      <cac:SellersItemIdentification><cbc:ID>ZD-300</cbc:ID></cac:SellersItemIdentification>
      <cac:StandardItemIdentification><cbc:ID schemeID="0160">8712345678906</cbc:ID>
        </cac:StandardItemIdentification>
      <cac:ClassifiedTaxCategory><cbc:Percent>21</cbc:Percent></cac:ClassifiedTaxCategory></cac:Item>
    <cac:Price><cbc:PriceAmount currencyID="EUR">12.00</cbc:PriceAmount></cac:Price></cac:{line}>
  <cac:{line}><cbc:ID>2</cbc:ID><cbc:{quantity} unitCode="C62">{sign}1</cbc:{quantity}>
    <cbc:LineExtensionAmount currencyID="EUR">{sign}50.00</cbc:LineExtensionAmount>
    <cac:Item><cbc:Name>Handboek zeilmaken</cbc:Name>
      <cac:ClassifiedTaxCategory><cbc:Percent>9</cbc:Percent></cac:ClassifiedTaxCategory></cac:Item>
    <cac:Price><cbc:PriceAmount currencyID="EUR">50.00</cbc:PriceAmount></cac:Price></cac:{line}>
</{root}>"""
    return text.encode()


CII_LINES = """
    <ram:IncludedSupplyChainTradeLineItem>
      <ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>
      <ram:SpecifiedTradeProduct><ram:GlobalID schemeID="0160">4012345678901</ram:GlobalID>
        <ram:SellerAssignedID>TS-8</ram:SellerAssignedID><ram:Name>Tauwerk 8 mm</ram:Name>
          </ram:SpecifiedTradeProduct>
      <ram:SpecifiedLineTradeAgreement>
        <ram:BuyerOrderReferencedDocument><ram:LineID>3</ram:LineID></ram:BuyerOrderReferencedDocument>
        <ram:NetPriceProductTradePrice><ram:ChargeAmount>2.50</ram:ChargeAmount>
          </ram:NetPriceProductTradePrice>
      </ram:SpecifiedLineTradeAgreement>
      <ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="MTR">40</ram:BilledQuantity>
        </ram:SpecifiedLineTradeDelivery>
      <ram:SpecifiedLineTradeSettlement>
        <ram:ApplicableTradeTax><ram:RateApplicablePercent>19</ram:RateApplicablePercent>
          </ram:ApplicableTradeTax>
        <ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator>
          </ram:ChargeIndicator><ram:CalculationPercent>5</ram:CalculationPercent>
            </ram:SpecifiedTradeAllowanceCharge>
        <ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>95.00</ram:LineTotalAmount>
          </ram:SpecifiedTradeSettlementLineMonetarySummation>
      </ram:SpecifiedLineTradeSettlement>
    </ram:IncludedSupplyChainTradeLineItem>"""


def cii_invoice(*, type_code: str = "380", lines: str = CII_LINES, settlement: str = "") -> bytes:
    """One line of 95.00 net and a freight charge of 5.00, 19 % VAT, 119.00 gross. `lines` empty: BASIC WL."""
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="{UN}CrossIndustryInvoice:100"
  xmlns:ram="{UN}ReusableAggregateBusinessInformationEntity:100" xmlns:udt="{UN}UnqualifiedDataType:100">
  <rsm:ExchangedDocument><ram:ID>RE-77</ram:ID><ram:TypeCode>{type_code}</ram:TypeCode>
    <ram:IssueDateTime><udt:DateTimeString format="102">20261124</udt:DateTimeString></ram:IssueDateTime>
  </rsm:ExchangedDocument>
  <rsm:SupplyChainTradeTransaction>{lines}
    <ram:ApplicableHeaderTradeAgreement>
      <ram:SellerTradeParty><ram:GlobalID schemeID="0088">4098765000003</ram:GlobalID>
        <ram:Name>Seilerei Küstenwind GmbH</ram:Name>
        <ram:SpecifiedLegalOrganization><ram:ID>HRB 4711</ram:ID>
          <ram:TradingBusinessName>Küstenwind</ram:TradingBusinessName></ram:SpecifiedLegalOrganization>
        <ram:DefinedTradeContact><ram:TelephoneUniversalCommunication>
          <ram:CompleteNumber>+49 40 5550199</ram:CompleteNumber></ram:TelephoneUniversalCommunication>
          </ram:DefinedTradeContact>
        <ram:PostalTradeAddress><ram:CountryID>DE</ram:CountryID></ram:PostalTradeAddress>
        <ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">22/815/0815/4</ram:ID>
          </ram:SpecifiedTaxRegistration>
        <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE136695976</ram:ID>
          </ram:SpecifiedTaxRegistration>
      </ram:SellerTradeParty>
      <ram:BuyerTradeParty><ram:GlobalID schemeID="0088">8798765000005</ram:GlobalID>
        <ram:Name>Rederij Wind Mee B.V.</ram:Name>
        <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">NL007654321B01</ram:ID>
          </ram:SpecifiedTaxRegistration>
      </ram:BuyerTradeParty>
      <ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>PO-4712</ram:IssuerAssignedID>
        </ram:BuyerOrderReferencedDocument>
    </ram:ApplicableHeaderTradeAgreement>
    <ram:ApplicableHeaderTradeDelivery><ram:ActualDeliverySupplyChainEvent><ram:OccurrenceDateTime>
      <udt:DateTimeString format="102">20261119</udt:DateTimeString>
      </ram:OccurrenceDateTime></ram:ActualDeliverySupplyChainEvent></ram:ApplicableHeaderTradeDelivery>
    <ram:ApplicableHeaderTradeSettlement>
      <ram:PaymentReference>RE-77 Wind Mee</ram:PaymentReference>
      <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
      <ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>58</ram:TypeCode>
        <ram:PayeePartyCreditorFinancialAccount><ram:IBANID>DE02 1203 0000 0000 2020 51</ram:IBANID>
        </ram:PayeePartyCreditorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>
      <ram:ApplicableTradeTax><ram:CalculatedAmount>19.00</ram:CalculatedAmount>
        <ram:BasisAmount>100.00</ram:BasisAmount>
        <ram:RateApplicablePercent>19</ram:RateApplicablePercent></ram:ApplicableTradeTax>
      <ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime>
        <udt:DateTimeString format="102">20261224</udt:DateTimeString></ram:DueDateDateTime>
        </ram:SpecifiedTradePaymentTerms>
      <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
        <ram:ChargeTotalAmount>5.00</ram:ChargeTotalAmount>
        <ram:TaxBasisTotalAmount>100.00</ram:TaxBasisTotalAmount>
        <ram:TaxTotalAmount currencyID="SEK">216.00</ram:TaxTotalAmount>
        <ram:TaxTotalAmount currencyID="EUR">19.00</ram:TaxTotalAmount>
        <ram:GrandTotalAmount>119.00</ram:GrandTotalAmount>
        <ram:DuePayableAmount>119.00</ram:DuePayableAmount>
      </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
      <ram:InvoiceReferencedDocument><ram:IssuerAssignedID>RE-70</ram:IssuerAssignedID>
        </ram:InvoiceReferencedDocument>{settlement}
    </ram:ApplicableHeaderTradeSettlement>
  </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>"""
    return text.encode()


def zugferd_1_invoice() -> bytes:
    """The older names of ZUGFeRD 1.0: one line of text alone, one of 20.00 net."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0"
  xmlns:ram="{UN}ReusableAggregateBusinessInformationEntity:12" xmlns:udt="{UN}UnqualifiedDataType:15">
  <rsm:HeaderExchangedDocument><ram:ID>Z1-5</ram:ID><ram:TypeCode>380</ram:TypeCode>
    <ram:IssueDateTime><udt:DateTimeString format="102">20261102</udt:DateTimeString></ram:IssueDateTime>
  </rsm:HeaderExchangedDocument>
  <rsm:SpecifiedSupplyChainTradeTransaction>
    <ram:ApplicableSupplyChainTradeAgreement>
      <ram:SellerTradeParty><ram:Name>Altbau Takelage OHG</ram:Name></ram:SellerTradeParty>
      <ram:BuyerOrderReferencedDocument><ram:ID>PO-1</ram:ID></ram:BuyerOrderReferencedDocument>
    </ram:ApplicableSupplyChainTradeAgreement>
    <ram:ApplicableSupplyChainTradeSettlement>
      <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
      <ram:ApplicableTradeTax><ram:CalculatedAmount>3.80</ram:CalculatedAmount>
        <ram:BasisAmount>20.00</ram:BasisAmount>
        <ram:ApplicablePercent>19.00</ram:ApplicablePercent></ram:ApplicableTradeTax>
      <ram:SpecifiedTradeSettlementMonetarySummation>
        <ram:TaxBasisTotalAmount currencyID="EUR">20.00</ram:TaxBasisTotalAmount>
        <ram:TaxTotalAmount currencyID="EUR">3.80</ram:TaxTotalAmount>
        <ram:GrandTotalAmount currencyID="EUR">23.80</ram:GrandTotalAmount>
      </ram:SpecifiedTradeSettlementMonetarySummation>
    </ram:ApplicableSupplyChainTradeSettlement>
    <ram:IncludedSupplyChainTradeLineItem>
      <ram:AssociatedDocumentLineDocument><ram:IncludedNote><ram:Content>Wie besprochen</ram:Content>
        </ram:IncludedNote></ram:AssociatedDocumentLineDocument></ram:IncludedSupplyChainTradeLineItem>
    <ram:IncludedSupplyChainTradeLineItem>
      <ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>
      <ram:SpecifiedSupplyChainTradeAgreement><ram:NetPriceProductTradePrice>
        <ram:ChargeAmount currencyID="EUR">10.0000</ram:ChargeAmount></ram:NetPriceProductTradePrice>
      </ram:SpecifiedSupplyChainTradeAgreement>
      <ram:SpecifiedSupplyChainTradeDelivery><ram:BilledQuantity unitCode="HUR">2.0000</ram:BilledQuantity>
      </ram:SpecifiedSupplyChainTradeDelivery>
      <ram:SpecifiedSupplyChainTradeSettlement>
        <ram:ApplicableTradeTax><ram:ApplicablePercent>19.00</ram:ApplicablePercent></ram:ApplicableTradeTax>
        <ram:SpecifiedTradeSettlementMonetarySummation>
          <ram:LineTotalAmount currencyID="EUR">20.00</ram:LineTotalAmount>
        </ram:SpecifiedTradeSettlementMonetarySummation></ram:SpecifiedSupplyChainTradeSettlement>
      <ram:SpecifiedTradeProduct><ram:Name>Takelarbeit</ram:Name></ram:SpecifiedTradeProduct>
    </ram:IncludedSupplyChainTradeLineItem>
  </rsm:SpecifiedSupplyChainTradeTransaction>
</rsm:CrossIndustryDocument>""".encode()


def pdf_with_text(*pages: str) -> bytes:
    """A PDF with one page per text, each line of it on a line of its own; an empty text is an empty page."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842))
    for page in pages:
        for at, line in enumerate(page.splitlines()):
            canvas.drawString(50, 780 - 20 * at, line)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def with_embedded(pdf: bytes, *files: tuple[str, bytes]) -> bytes:
    """The PDF with files embedded as Factur-X demands: in the name tree and associated with the document."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.Root.AF = pikepdf.Array()
        for name, data in files:
            spec = pikepdf.AttachedFileSpec(document, data, filename=name, mime_type="text/xml")
            document.attachments[name] = spec
            document.Root.AF.append(spec.obj)
        document.save(target)
    return target.getvalue()
