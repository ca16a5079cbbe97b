"""The demo company can try a drop shipment from the first start."""

import shutil
from pathlib import Path

from core.database import make_engine
from core.money import ZERO
from core.posting.sales import post_sales
from core.purchasing.from_sales import Wanted, create_purchase_orders, demand
from core.reports.reconciliation import verify_books
from core.sales.drafts import SalesToPost, set_sales_to_post
from inkoop.books import create_demo_books
from inkoop.samples.sales import create_demo_sales
from tests.books import Books


def test_the_demo_sale_is_bought_and_sent_on(migrated_file: Path, tmp_path: Path) -> None:
    """PU-123, PU-111: order it from the vendor, ship it, invoice it; the books agree."""
    path = tmp_path / "demo.sqlite"
    shutil.copy(migrated_file, path)
    books = Books(make_engine(f"sqlite:///{path}"))
    with books.work() as work:
        create_demo_books(work)
    with books.work() as work:
        sale = create_demo_sales(work)
        [drop, _] = demand(work, sale)
        [order] = create_purchase_orders(work, sale, [Wanted(drop.line_no, drop.quantity, "10231")])
        assert order.lines[0].drop_shipment
        set_sales_to_post(work, sale, {2: SalesToPost(ship=ZERO)})
    with books.work() as work:
        made = post_sales(work, sale.id)
        assert made.shipment_no and made.posted_no and len(made.receipt_nos) == 1
    with books.reading() as work:
        assert verify_books(work) == []
