"""Header fields on small pages in six languages. None of these companies exists."""

from __future__ import annotations

import pytest

from pipeline.extract.document import ExtractedInvoice, Source
from pipeline.extract.reading import read_pages
from tests.extract.printed_pages import page, read

DUTCH = """
Zeilmakerij De Fok B.V.                                    FACTUUR
Havenkade 12
8861 AB Harlingen
Tel: 0517 412345                    Factuurnummer:   2026-0815
KvK 12345678                        Factuurdatum:    05-03-2026
BTW-nummer: NL004495445B01          Vervaldatum:     04-04-2026
info@zeilmakerijdefok.example       Uw referentie:   PO-7781

Factuur aan:
Jachtwerf Noorderzon B.V.
Dijkweg 3
9999 XX Delfzijl

Omschrijving                 Aantal      Prijs     BTW        Bedrag

Grootzeil 24 m2                   1   1.250,00     21%      1.250,00
Reparatie fok                     3      45,50     21%        136,50

                                      Subtotaal             1.386,50
                                      BTW 21%                 291,17
                                      Totaal incl. btw    € 1.677,67

Gelieve te betalen op NL91 ABNA 0417 1643 00 onder vermelding van 2026-0815
"""

GERMAN = """
Seilerei Kuestenwind GmbH - Am Deich 4 - 26506 Norden

Werft Sonnenschein AG
Hafenstrasse 9
20457 Hamburg

Rechnung Nr. RE-4711                           Datum: 12.02.2026
Lieferdatum: 10.02.2026                 Ihre Bestellung: B-5512

Pos  Artikel-Nr  Bezeichnung              Menge  Einzelpreis      Gesamt
1    T-100       Tauwerk 12 mm               40         2,15       86,00
2    T-200       Schaekel Edelstahl           6         9,90       59,40

                                    Nettobetrag                   145,40
                                    zzgl. MwSt. 19%                27,63
                                    Rechnungsbetrag             173,03 EUR

Zahlbar bis 12.03.2026 ohne Abzug.
Seilerei Kuestenwind GmbH   USt-IdNr.: DE136695976   Steuernummer: 201/113/40209
IBAN: DE89 3704 0044 0532 0130 00   BIC: COBADEFFXXX
"""

FRENCH = """
Voilerie du Ponant SARL
7 quai des Brumes
29200 Brest
France
N° TVA : FR40303265045

AVOIR n° AV-2026-031                       Date : 3 mars 2026
                                     Facture d'origine : FA-2026-118

Adressé à :
Chantier Naval Iroise
2 rue du Port
29600 Morlaix

Désignation                  Quantité   Prix unitaire   Montant HT
Toile légère                       -2         85,00 €    -170,00 €

                                            Total HT     -170,00 €
                                            TVA 20 %      -34,00 €
                                            Total TTC    -204,00 €
"""

ENGLISH = """
INVOICE                                       Saltwind Chandlery Ltd
                                              4 Harbour Row
Invoice No:      SC-2231                      Falmouth TR11 3HH
Invoice Date:    April 02, 2026               United Kingdom
Due Date:        May 02, 2026                 VAT no.: GB980780684
PO Number:       PO-2026-17

Bill to:
Northgate Yachts Limited
15 Exchange Square

Item code   Description            Qty   Unit price     Amount
SH-08       Stainless shackle       24        £6.15    £147.60
TO-01       Teak oil 1 l             2       £15.40     £30.80

                                   Subtotal            £178.40
                                   VAT (20%)            £35.68
                                   Total                £214.08
                                   Paid                  £14.08
                                   Balance due          £200.00
"""

ITALIAN = """
Veleria Maestrale S.r.l.
Via del Molo 8
16128 Genova
P.IVA: IT00743110157

Fattura n. 118/2026                        Data fattura: 09/04/2026
Spett.le: Cantiere Tirreno S.p.A.          Data scadenza: 09/05/2026

Descrizione               Quantità    Prezzo unitario      Importo
Randa in dacron                  1         900,00 €       900,00 €

                                     Imponibile            900,00 €
                                     IVA 22%               198,00 €
                                     Totale fattura      1.098,00 €
"""

SPANISH = """
Velas Levante S.L.
Calle del Puerto 3
46011 Valencia
NIF: ESB58378431

Factura nº: F-2026-77                      Fecha de factura: 15 de abril de 2026
Cliente:                                   Fecha de vencimiento: 15 de mayo de 2026
Astillero Norte S.A.
Muelle 4

Descripción              Cantidad     Precio       Importe
Vela mayor                      2    350,00 €      700,00 €

                                  Base imponible   700,00 €
                                  IVA 21%          147,00 €
                                  Total factura    847,00 €
"""

EXPECTED: dict[str, dict[str, str]] = {
    DUTCH: {
        "document_type": "invoice",
        "invoice_number": "2026-0815",
        "issue_date": "2026-03-05",
        "due_date": "2026-04-04",
        "order_reference": "PO-7781",
        "currency_code": "EUR",
        "seller.name": "Zeilmakerij De Fok B.V.",
        "seller.vat_id": "NL004495445B01",
        "seller.legal_id": "12345678",
        "seller.phone": "0517 412345",
        "seller.country_code": "NL",
        "buyer.name": "Jachtwerf Noorderzon B.V.",
        "total_net": "1386.50",
        "total_vat": "291.17",
        "total_gross": "1677.67",
        "amount_due": "1677.67",
        "payment_iban": "NL91ABNA0417164300",
    },
    GERMAN: {
        "document_type": "invoice",
        "invoice_number": "RE-4711",
        "issue_date": "2026-02-12",
        "delivery_date": "2026-02-10",
        "due_date": "2026-03-12",
        "order_reference": "B-5512",
        "seller.name": "Seilerei Kuestenwind GmbH",
        "seller.vat_id": "DE136695976",
        "seller.tax_number": "201/113/40209",
        "buyer.name": "Werft Sonnenschein AG",
        "total_net": "145.40",
        "total_vat": "27.63",
        "total_gross": "173.03",
        "payment_iban": "DE89370400440532013000",
    },
    FRENCH: {
        "document_type": "credit_note",
        "invoice_number": "AV-2026-031",
        "preceding_invoice": "FA-2026-118",
        "issue_date": "2026-03-03",
        "seller.name": "Voilerie du Ponant SARL",
        "seller.country_code": "FR",
        "buyer.name": "Chantier Naval Iroise",
        "total_net": "170.00",
        "total_vat": "34.00",
        "total_gross": "204.00",
    },
    ENGLISH: {
        "invoice_number": "SC-2231",
        "issue_date": "2026-04-02",
        "due_date": "2026-05-02",
        "order_reference": "PO-2026-17",
        "currency_code": "GBP",
        "seller.name": "Saltwind Chandlery Ltd",
        "seller.country_code": "GB",
        "buyer.name": "Northgate Yachts Limited",
        "total_net": "178.40",
        "total_vat": "35.68",
        "total_gross": "214.08",
        "paid_amount": "14.08",
        "amount_due": "200.00",
    },
    ITALIAN: {
        "invoice_number": "118/2026",
        "issue_date": "2026-04-09",
        "due_date": "2026-05-09",
        "seller.name": "Veleria Maestrale S.r.l.",
        "seller.vat_id": "IT00743110157",
        "buyer.name": "Cantiere Tirreno S.p.A.",
        "total_net": "900.00",
        "total_vat": "198.00",
        "total_gross": "1098.00",
    },
    SPANISH: {
        "invoice_number": "F-2026-77",
        "issue_date": "2026-04-15",
        "due_date": "2026-05-15",
        "seller.name": "Velas Levante S.L.",
        "buyer.name": "Astillero Norte S.A.",
        "total_net": "700.00",
        "total_vat": "147.00",
        "total_gross": "847.00",
    },
}


def _values(invoice: ExtractedInvoice, keys: dict[str, str]) -> dict[str, str | None]:
    return {key: invoice.value(key) for key in keys}


@pytest.mark.parametrize("drawing", EXPECTED, ids=["nl", "de", "fr", "en", "it", "es"])
def test_the_header_of_an_invoice_is_read_in_each_language(drawing: str) -> None:
    assert _values(read(drawing), EXPECTED[drawing]) == EXPECTED[drawing]


@pytest.mark.parametrize("drawing", EXPECTED, ids=["nl", "de", "fr", "en", "it", "es"])
def test_every_value_carries_confidence_and_the_words_that_print_it(drawing: str) -> None:
    words = {(word.text, word.box) for word in page(drawing).words}

    for key, field in read(drawing).all_fields():
        assert 0 < field.confidence <= 1, key
        box, text = field.provenance.box, field.provenance.text
        assert field.provenance.page == 1, key
        assert box is not None and text, key
        inside = [
            (w, b)
            for w, b in words
            if b.left >= box.left - 1e-9
            and b.right <= box.right + 1e-9
            and b.top >= box.top - 1e-9
            and b.bottom <= box.bottom + 1e-9
        ]
        assert set(text.split()) <= {w for w, _ in inside}, key


def test_vat_is_broken_down_by_rate() -> None:
    invoice = read("""
        Factuur 2026-12
        Totaal excl. btw                200,00
        Btw 9 % over 100,00               9,00
        Btw 21 % over 100,00             21,00
        Totaal incl. btw                230,00
        """)

    assert [{k: f.value for k, f in row.fields.items()} for row in invoice.vat_breakdown] == [
        {"rate": "9", "net": "100.00", "vat": "9.00"},
        {"rate": "21", "net": "100.00", "vat": "21.00"},
    ]


def test_a_heading_row_names_the_values_below_it() -> None:
    invoice = read("""
        Factuur
        Factuurnummer       Factuurdatum       Uw kenmerk
        20006685            17 maart 2026      B-8053
        """)

    assert invoice.value("invoice_number") == "20006685"
    assert invoice.value("issue_date") == "2026-03-17"
    assert invoice.value("order_reference") == "B-8053"


def test_a_customer_or_delivery_number_is_not_the_invoice_number() -> None:
    invoice = read("""
        Rechnung
        Kundennummer:      10442
        Lieferschein Nr.   88120
        Rechnungsnummer:   2026-9
        """)

    assert invoice.value("invoice_number") == "2026-9"


def test_a_total_that_no_label_names_is_found_because_it_adds_up() -> None:
    invoice = read("""
        Invoice 2026-9
        Net amount                      80.00
        VAT 20%                         16.00
                                        96.00
        """)

    assert invoice.value("total_gross") == "96.00"


def test_totals_that_add_up_are_surer_than_totals_that_do_not() -> None:
    def drawing(gross: str) -> str:
        return f"""
        Factuur 2026-9
        Totaal excl. btw          100,00
        BTW 21%                    21,00
        Totaal incl. btw          {gross}
        """

    right, wrong = read(drawing("121,00")), read(drawing("131,00"))

    assert right.fields["total_gross"].confidence > wrong.fields["total_gross"].confidence


def test_an_account_number_that_a_line_break_cuts_is_read_whole() -> None:
    invoice = read("""
        Factuur 2026-9
        Wij verzoeken u te betalen op rekening NL91 ABNA
        0417 1643 00 binnen 14 dagen.
        """)

    assert invoice.value("payment_iban") == "NL91ABNA0417164300"
    assert invoice.fields["payment_iban"].provenance.text == "NL91 ABNA"


def test_words_that_ocr_read_doubtfully_make_the_field_doubtful() -> None:
    sure = read_pages([page(DUTCH)], source=Source.OCR)
    unsure = read_pages([page(DUTCH, confidence=0.4)], source=Source.OCR)

    assert unsure.fields["invoice_number"].confidence < sure.fields["invoice_number"].confidence


def test_what_is_not_printed_has_no_field() -> None:
    invoice = read(DUTCH)

    assert (
        not {"delivery_date", "buyer.vat_id", "payment_reference", "preceding_invoice"}
        & invoice.fields.keys()
    )
