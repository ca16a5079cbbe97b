"""Dates as they are printed, in six languages and in the document's own order of day and month."""

from __future__ import annotations

from datetime import date

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.dates import DATE_PATTERN, DateManner, date_manner, parse_date

DAYS = st.dates(min_value=date(1995, 1, 1), max_value=date(2070, 12, 31))


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("29 maart 2014", "2014-03-29"),
        ("7. Mai 2014", "2014-05-07"),
        ("14 janvier 2026", "2026-01-14"),
        ("1er juillet 2015", "2015-07-01"),
        ("May 22, 2024", "2024-05-22"),
        ("3rd of May 2024", None),
        ("5 de marzo de 2024", "2024-03-05"),
        ("12 dicembre 2023", "2023-12-12"),
        ("2026-04-11", "2026-04-11"),
        ("20260411", "2026-04-11"),
        ("31.01.14", "2014-01-31"),
        ("16/11/2017", "2017-11-16"),
        ("31-02-2024", None),
        ("1234", None),
        ("12 maart", None),
    ],
)
def test_a_date_is_read_in_its_language(printed: str, iso: str | None) -> None:
    found = parse_date(printed)
    assert (found.isoformat() if found else None) == iso


@given(DAYS, st.sampled_from(["nl", "de", "fr", "en", "es", "it"]))
def test_every_long_date_is_read_back_in_every_language(day: date, language: str) -> None:
    printed = format_date(day, format="long", locale=language)
    assert parse_date(printed) == day
    found = DATE_PATTERN.search(f"x {printed} y")
    assert found and parse_date(found[0]) == day


@given(DAYS, st.sampled_from(["-", "/", "."]))
def test_every_numeric_date_is_read_back_in_both_orders(day: date, mark: str) -> None:
    day_first, month_first = day.strftime(f"%d{mark}%m{mark}%Y"), day.strftime(f"%m{mark}%d{mark}%Y")
    assert parse_date(day_first, DateManner(month_first=False)) == day
    assert parse_date(month_first, DateManner(month_first=True)) == day


def test_one_date_with_a_day_above_twelve_tells_the_order_of_all() -> None:
    assert date_manner(["03/04/2024", "03/20/2024"], american=False) == DateManner(month_first=True)
    assert date_manner(["03/04/2024", "20/03/2024"], american=True) == DateManner(month_first=False)


def test_without_a_telling_date_dollars_decide() -> None:
    assert date_manner(["03/04/2024"], american=True).month_first
    assert not date_manner(["03/04/2024"], american=False).month_first


@given(st.text(max_size=80))
def test_no_text_makes_the_reader_of_dates_raise(text: str) -> None:
    parse_date(text)
    parse_date(text, DateManner(month_first=True))
