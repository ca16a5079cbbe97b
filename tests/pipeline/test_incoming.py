"""Stage, status and screen word of a record (ID §2, architecture: The journey of one invoice)."""

from datetime import date
from decimal import Decimal

import pytest

from core.work import MACHINE
from pipeline.incoming import (
    NEXT_STAGES,
    NEXT_STATUSES,
    IncomingDocument,
    ScreenWord,
    Stage,
    Status,
    fold_number,
    from_json,
    get_incoming,
    move,
    screen_word,
    to_json,
)
from tests.pipeline.journey import Journey


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"stage": "received"}, ScreenWord.RECEIVED),
        ({"stage": "received", "job_status": "processing"}, ScreenWord.READING),
        ({"stage": "read"}, ScreenWord.READING),
        ({"stage": "drafted"}, ScreenWord.READING),
        ({"stage": "in_review"}, ScreenWord.NEEDS_REVIEW),
        ({"stage": "in_review", "status": "failed"}, ScreenWord.NEEDS_REVIEW),
        ({"stage": "in_review", "parked_until": date(2026, 12, 1)}, ScreenWord.PARKED),
        ({"stage": "in_approval"}, ScreenWord.IN_APPROVAL),
        ({"stage": "approved"}, ScreenWord.READY_TO_POST),
        ({"stage": "posted"}, ScreenWord.POSTED),
        ({"stage": "rejected"}, ScreenWord.REJECTED),
        ({"stage": "duplicate"}, ScreenWord.MERGED),
        ({"stage": "received", "failure_code": "INC_PASSWORD"}, ScreenWord.FAILED),
        ({"stage": "rejected", "failure_code": "INC_PASSWORD"}, ScreenWord.REJECTED),
    ],
)
def test_the_screen_says_one_word(values: dict[str, object], word: ScreenWord) -> None:
    assert screen_word(IncomingDocument(**{"status": "new", "job_status": "none", **values})) is word


def test_every_stage_and_status_has_its_next_steps() -> None:
    assert set(NEXT_STAGES) == set(Stage)
    assert set(NEXT_STATUSES) == set(Status)


def test_a_step_that_no_table_allows_is_a_mistake_of_the_program(journey: Journey) -> None:
    incoming_id = journey.receive()
    with pytest.raises(AssertionError), journey.runtime.work(MACHINE) as work:
        move(work, get_incoming(work, incoming_id), Stage.DUPLICATE)
    assert journey.stage(incoming_id) is Stage.IN_REVIEW


@pytest.mark.parametrize(
    ("one", "other"), [("2026-01187", "2026-O1187"), ("F/26.017", "f26-0I7"), ("INV 7", "inv7")]
)
def test_numbers_are_one_after_folding_case_punctuation_and_alike_letters(one: str, other: str) -> None:
    assert fold_number(one) == fold_number(other)


def test_values_of_a_message_come_back_as_they_were() -> None:
    values: dict[str, object] = {"total": Decimal("1.10"), "day": date(2026, 2, 3), "text": "é", "none": None}
    assert from_json(to_json(values)) == values
