"""What an item is may change only while nothing was done with it (PU-21)."""

import pytest

from core.master.items import Costing, ItemType, find_item
from core.purchasing.drafts import delete_draft, get_draft
from core.purchasing.item_changes import ItemChange, change_item
from tests.books import Books
from tests.core.builders import invoice, item_line, make, post_draft
from tests.core.refusals import Refused

CHANGES = (
    ItemChange(type=ItemType.SERVICE),
    ItemChange(costing=Costing.AVERAGE),
    ItemChange(unit="BOX"),
)


def test_an_item_that_nobody_used_becomes_another(books: Books) -> None:
    with books.work() as work:
        change_item(work, "I-FIFO", ItemChange(ItemType.NON_INVENTORY, Costing.AVERAGE, "BOX"))
    with books.reading() as work:
        item = find_item(work, "I-FIFO")
        assert item is not None
        assert (item.type, item.costing, item.unit) == ("non_inventory", "average", "BOX")
        assert (item.units, item.purchase_unit) == ([], None), "their factors counted in the old base unit"


@pytest.mark.parametrize("change", CHANGES)
def test_an_item_with_entries_stays_what_it_is(books: Books, refused: Refused, change: ItemChange) -> None:
    post_draft(books, invoice(item_line("1", "10.00")))
    refused("item_has_entries", lambda work: change_item(work, "I-FIFO", change))
    with books.work() as work:
        change_item(work, "I-FIFO", ItemChange(type=ItemType.INVENTORY))  # which it is already


def test_an_item_on_a_draft_stays_what_it_is_until_the_draft_is_gone(books: Books, refused: Refused) -> None:
    document_id = make(books, invoice(item_line("1", "10.00")))
    refused("item_has_entries", lambda work: change_item(work, "I-FIFO", CHANGES[0]))
    with books.work() as work:
        delete_draft(work, get_draft(work, document_id))
        change_item(work, "I-FIFO", CHANGES[0])


def test_a_service_that_was_bought_is_on_a_document(books: Books, refused: Refused) -> None:
    post_draft(books, invoice(item_line("1", "10.00", item="I-SVC")))
    refused("item_has_entries", lambda work: change_item(work, "I-SVC", ItemChange(ItemType.INVENTORY)))


def test_an_item_that_does_not_exist_is_refused(refused: Refused) -> None:
    refused("item_unknown", lambda work: change_item(work, "I-404", CHANGES[0]))
