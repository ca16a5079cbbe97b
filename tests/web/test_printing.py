"""What goes to a vendor on paper."""

from __future__ import annotations

from pathlib import Path

from core.purchasing.drafts import get_draft
from tests.browser.purchase_desk import BUYER, purchase_desk
from tests.web.visitor import codes, visit


def test_an_order_that_mixes_own_goods_and_drop_shipments_is_not_printed(
    tmp_path: Path, sqlite_url: str
) -> None:
    """PU-108: the vendor would not know where what goes; with one kind only it prints."""
    with purchase_desk(tmp_path, sqlite_url) as purchases, visit(purchases.address, "pim") as visitor:
        order_id = purchases.make(("I100", "1", "5"), ("I200", "1", "5"))
        assert visitor.get("/orders/PO-0001/print").status_code == 200
        with purchases.desk.runtime.work(BUYER) as work:
            get_draft(work, order_id).lines[0].drop_shipment = True
        refused = visitor.get("/orders/PO-0001/print", accept="application/json")
        assert refused.status_code == 422
        assert codes(refused) == ["mixed_drop_shipment"]
