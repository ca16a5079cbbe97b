"""A line that a person codes to an item is in a unit of that item, whatever the paper calls it (ID-58)."""

import pytest

from pipeline.workflow import review
from tests.pipeline.conftest import Journey
from tests.pipeline.journey import KIM, Invoice, line

BEARING = "1000"


@pytest.mark.parametrize(("printed", "ours"), [("stuks", "C62"), ("C62", "C62"), ("fnord", "C62")])
def test_a_line_coded_to_an_item_takes_the_unit_of_the_item(
    journey: Journey, printed: str, ours: str
) -> None:
    row = line(description="Lagers", quantity="1", unit=printed, unit_price="100.00", net_amount="100.00")
    incoming_id = journey.receive(Invoice(lines=[row]))
    with journey.runtime.work(KIM) as work:
        review.set_line(work, incoming_id, None, 1, "type", "item", language="en")
    with journey.runtime.work(KIM) as work:
        review.set_line(work, incoming_id, None, 1, "no", BEARING, language="en")
    cells = journey.view(incoming_id).lines[0].cells
    assert cells["unit"].value == ours
    assert "unit_unknown" not in [problem.code for problem in journey.view(incoming_id).preview_problems]
