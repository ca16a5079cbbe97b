"""Invoice lines: columns found by their names, rows of text joined to their line, pages joined."""

from __future__ import annotations

from tests.extract.printed_pages import line_table, read


def test_lines_are_read_by_the_names_of_their_columns() -> None:
    invoice = read("""
        Artikel   Omschrijving            Aantal  Eenheid    Prijs   BTW     Totaal
        A-100     Touw 12 mm                  40  m           2,15   21%      86,00
        B-200     Sluiting RVS                 6  stuks       9,90    9%      59,40

                                                      Subtotaal            145,40
        """)

    assert line_table(invoice) == [
        {
            "net_amount": "86.00",
            "unit_price": "2.15",
            "quantity": "40",
            "unit": "m",
            "vat_rate": "21",
            "item_id": "A-100",
            "description": "Touw 12 mm",
        },
        {
            "net_amount": "59.40",
            "unit_price": "9.90",
            "quantity": "6",
            "unit": "stuks",
            "vat_rate": "9",
            "item_id": "B-200",
            "description": "Sluiting RVS",
        },
    ]


def test_a_description_over_several_rows_stays_with_its_line() -> None:
    invoice = read("""
        Description                    Qty      Unit price       Amount
        Mainsail, cross cut              1          900.00       900.00
        with two reefs
        Batten set                       4           12.00        48.00

                                             Subtotal            948.00
        """)

    assert [line["description"] for line in line_table(invoice)] == [
        "Mainsail, cross cut with two reefs",
        "Batten set",
    ]


def test_a_discount_in_percent_explains_the_line_amount() -> None:
    invoice = read("""
        Description          Qty   Unit price   Discount    Amount
        Rope                  10         4.00        10%     36.00

                                         Subtotal            36.00
        """)

    line = invoice.lines[0].fields

    assert line["discount_percent"].value == "10"
    assert line["net_amount"].confidence > 0.9


def test_quantity_unit_and_price_inside_the_description_are_taken_out() -> None:
    invoice = read("""
        Omschrijving                                     Bedrag (EUR)
        10 stuks Voorrijkosten à € 35,00                       350,00

        Totaal excl. btw                                       350,00
        """)

    assert line_table(invoice) == [
        {
            "net_amount": "350.00",
            "unit_price": "35.00",
            "quantity": "10",
            "unit": "stuks",
            "description": "Voorrijkosten",
        }
    ]


def test_a_table_goes_on_over_the_page_under_its_repeated_heading() -> None:
    heading = "Bezeichnung              Menge   Einzelpreis     Gesamt\n"
    first = heading + "Tauwerk                      2          5,00      10,00\n\nSeite 1 von 2"
    second = (
        "Seilerei Kuestenwind GmbH\n\n"
        + heading
        + "Schaekel                     3          4,00      12,00\n\n"
        "                          Nettobetrag             22,00\n"
    )

    invoice = read(first, second)

    assert [(line["description"], line["net_amount"]) for line in line_table(invoice)][-1] == (
        "Schaekel",
        "12.00",
    )
    assert len(invoice.lines) == 2
    assert invoice.lines[1].fields["net_amount"].provenance.page == 2


def test_a_subtotal_of_a_group_is_no_line_and_does_not_end_the_table() -> None:
    invoice = read("""
        Description              Qty   Unit price      Amount
        Rope                       2         5.00       10.00
                                   Subtotal             10.00
        Shackle                    3         4.00       12.00

                                   Total                22.00
        """)

    assert [line["description"] for line in line_table(invoice)] == ["Rope", "Shackle"]


def test_what_stands_below_the_totals_is_no_line() -> None:
    invoice = read("""
        Description              Qty   Unit price      Amount
        Rope                       2         5.00       10.00

                                   Subtotal             10.00
        Thank you for your order
        Late payment costs         1         9.00        9.00
        """)

    assert [line["description"] for line in line_table(invoice)][:1] == ["Rope"]
    assert "Thank" not in line_table(invoice)[0]["description"]


def test_a_document_without_a_table_has_no_lines() -> None:
    assert read("Factuur 12\nTotaal  € 10,00").lines == ()


def test_lines_without_a_heading_are_found_because_their_numbers_multiply() -> None:
    invoice = read("""
        Invoice 2026-9

        1   SH-08    Stainless shackle       24      £6.15    £147.60
        2   TO-011   Teak oil 1 l             2     £15.40     £30.80

                                             Total excl. VAT  £178.40
        """)

    assert line_table(invoice) == [
        {
            "net_amount": "147.60",
            "quantity": "24",
            "unit_price": "6.15",
            "description": "Stainless shackle",
            "item_id": "SH-08",
        },
        {
            "net_amount": "30.80",
            "quantity": "2",
            "unit_price": "15.40",
            "description": "Teak oil 1 l",
            "item_id": "TO-011",
        },
    ]
