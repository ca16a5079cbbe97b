"""One posting with a row of every kind, and a later one that changes states: consistent books after each."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from core.ledgers.vendor import DetailKind
from core.master.number_series import Purpose
from core.posting.batch import (
    ApplicationRow,
    BankRow,
    Batch,
    CommentRow,
    CostPostingRow,
    CustomerRow,
    DetailRow,
    DocumentState,
    GLRow,
    ItemRow,
    ItemState,
    LineRow,
    PostedDocumentRow,
    ReceiptCorrectionRow,
    ReceiptLineRow,
    ReceiptRow,
    ReceiptState,
    SalesDocumentRow,
    SalesLineRow,
    SalesState,
    ValueRow,
    VatRow,
    VendorRow,
    VendorState,
    Voucher,
)

ZERO = Decimal(0)
DAY = date(2026, 2, 3)
GROSS = Decimal("60.50")
INVOICE, RECEIPT, SHIPMENT, SALES_INVOICE = range(4)


def voucher(document_type: str, draws_from: Purpose | None = None, number: str | None = None) -> Voucher:
    """A document number of the vendor V-NL on 3 February."""
    return Voucher(
        document_type,
        DAY,
        DAY,
        draws_from,
        number,
        source_type="vendor",
        source_no="V-NL",
        vat_business="NL",
    )


def full_batch(draft_id: int = 1, key: str = "f-1") -> Batch:
    """Five pieces bought at 10.00 and received; two of them sold at 50.00."""
    return Batch(
        source="test",
        vouchers=(
            voucher("invoice", Purpose.POSTED_INVOICE),
            voucher("receipt", Purpose.RECEIPT),
            voucher("sales_shipment", number=f"S-{draft_id}"),
            voucher("sales_invoice", number=f"SI-{draft_id}"),
        ),
        general=(
            GLRow("7100", Decimal(50), "Goods", 1, "GOODS", "H", bases_vat_row=0),
            GLRow("1500", Decimal("10.50"), "Input VAT", vat_product="H", vat_identifier="H21"),
            GLRow("1600", -GROSS, "Vendor"),
            GLRow("1400", Decimal(50), "Goods", 1, "GOODS", value_row=0),
            GLRow("7200", Decimal(-50), "Goods", 1, "GOODS", value_row=0),
            GLRow("1400", Decimal(-20), "Goods", 1, "GOODS", value_row=1, voucher=SHIPMENT),
            GLRow("7000", Decimal(20), "Goods", 1, "GOODS", value_row=1, voucher=SHIPMENT),
            GLRow("1300", Decimal(100), "Customer", voucher=SALES_INVOICE, source_type="customer"),
            GLRow("8000", Decimal(-100), "Goods", 1, voucher=SALES_INVOICE, dimensions="DEP=1"),
        ),
        vat=(_vat(),),
        vendors=(_vendor(key),),
        customers=(
            CustomerRow("C-NL", "DOM", "Sale", Decimal(100), Decimal(100), DAY, voucher=SALES_INVOICE),
        ),
        banks=(BankRow("BANK-EUR", "Nothing yet", ZERO, ZERO),),
        items=(_item("purchase", "5", "3"), replace(_item("sale", "-2", "0"), voucher=SHIPMENT)),
        applications=(ApplicationRow(None, 0, 1, Decimal(2)),),
        values=(
            _value(0, "5", "50"),
            replace(_value(1, "-2", "-20"), movement_kind="sale", voucher=SHIPMENT),
        ),
        documents=(_document(draft_id),),
        receipts=(ReceiptRow("V-NL", (_receipt_line("5"),), voucher=RECEIPT, invoice_voucher=INVOICE),),
        sales_documents=(
            SalesDocumentRow("shipment", "C-NL", "Customer", (_sales_line(item_row=1),), voucher=SHIPMENT),
            SalesDocumentRow("invoice", "C-NL", "Customer", (_sales_line(),), voucher=SALES_INVOICE),
        ),
        comments=(CommentRow(None, DAY, "bea", "Called the vendor"),),
        item_costs={"I-FIFO": (Decimal(10), Decimal(10))},
    )


def later_batch() -> Batch:
    """Pays the invoice of `full_batch`, undoes a piece of its receipt on paper, and changes every state."""
    closes = DetailRow(
        entry=1,
        vendor_row=None,
        kind=DetailKind.APPLICATION,
        amount=GROSS,
        amount_lcy=GROSS,
        vendor_no="V-NL",
        posting_group="DOM",
        currency_code=None,
        applied_to_row=0,
        application=0,
    )
    used = replace(closes, entry=None, vendor_row=0, applied_to_row=None, applied_to_entry=1)
    return Batch(
        source="payment",
        vouchers=(voucher("payment", Purpose.PAYMENT),),
        general=(GLRow("1600", GROSS, "Payment"), GLRow("1100", -GROSS, "Payment", source_type="bank")),
        vendors=(replace(_vendor(None), amount=GROSS, amount_lcy=GROSS, open=False, closed_by_entry=1),),
        details=(closes, replace(used, amount=-GROSS, amount_lcy=-GROSS)),
        vendor_states=(VendorState(1, open=False, closed_by_row=0),),
        banks=(BankRow("BANK-EUR", "Payment", -GROSS, -GROSS, source_no="V-NL"),),
        item_states=(ItemState(1, Decimal(3), Decimal(5)),),
        cost_postings=(CostPostingRow(1, ZERO, ZERO),),
        document_states=(DocumentState("invoice", "PI-00001"),),
        receipt_corrections=(
            ReceiptCorrectionRow(1, replace(_receipt_line("-1"), line_no=2, item_row=None)),
        ),
        receipt_states=(ReceiptState(1, quantity_invoiced=Decimal(5)), ReceiptState(2, is_correction=True)),
        sales_states=(SalesState(1, Decimal(2)),),
    )


def _vat() -> VatRow:
    return VatRow(
        vat_product="H",
        identifier="H21",
        calculation="normal",
        percent=Decimal(21),
        en16931_category="S",
        base=Decimal(50),
        amount=Decimal("10.50"),
        difference=ZERO,
        nondeductible_base=ZERO,
        nondeductible_amount=ZERO,
        line_nos=(1,),
    )


def _vendor(key: str | None) -> VendorRow:
    return VendorRow(
        vendor_no="V-NL",
        posting_group="DOM",
        description="Vendor",
        amount=-GROSS,
        amount_lcy=-GROSS,
        purchase_lcy=Decimal(-50),
        due_date=DAY,
        vendor_document_no=key,
        vendor_document_key=key,
    )


def _customer() -> CustomerRow:
    return CustomerRow("C-NL", "DOM", "Sale", Decimal(100), Decimal(100), DAY, voucher=SALES_INVOICE)


def _item(kind: str, quantity: str, remaining: str) -> ItemRow:
    return ItemRow(
        kind=kind,
        item_no="I-FIFO",
        quantity=Decimal(quantity),
        remaining=Decimal(remaining),
        invoiced_quantity=Decimal(quantity),
        has_stock=True,
        unit="PCS",
        description="Goods",
        line_no=1,
    )


def _value(item_row: int, quantity: str, cost: str) -> ValueRow:
    return ValueRow(
        item_entry_no=None,
        item_row=item_row,
        kind="direct_cost",
        movement_kind="purchase",
        item_no="I-FIFO",
        inventory_group="TRADE",
        general_product="GOODS",
        valuation_date=DAY,
        valued_quantity=Decimal(quantity),
        invoiced_quantity=Decimal(quantity),
        cost_actual=Decimal(cost),
        posted_actual=Decimal(cost),
        has_stock=True,
        description="Goods",
        line_no=1,
    )


def _document(draft_id: int) -> PostedDocumentRow:
    line = LineRow(
        line_no=1,
        type="item",
        no="I-FIFO",
        description="Goods",
        quantity=Decimal(5),
        quantity_base=Decimal(5),
        unit="PCS",
        unit_cost=Decimal(10),
        discount_percent=ZERO,
        discount_amount=ZERO,
        invoice_discount_amount=ZERO,
        vat_product="H",
        vat_identifier="H21",
        vat_percent=Decimal(21),
        net=Decimal(50),
        vat=Decimal("10.50"),
        gross=GROSS,
        receipt_voucher=RECEIPT,
        receipt_line_no=1,
    )
    return PostedDocumentRow(
        kind="invoice",
        draft_id=draft_id,
        draft_no=f"D-{draft_id}",
        vendor_no="V-NL",
        pay_to_vendor_no="V-NL",
        vendor_name="Vendor",
        vat_date=DAY,
        due_date=DAY,
        prices_include_vat=False,
        total_net=Decimal(50),
        total_vat=Decimal("10.50"),
        total_gross=GROSS,
        lines=(line,),
    )


def _receipt_line(quantity: str) -> ReceiptLineRow:
    return ReceiptLineRow(
        1, "item", "I-FIFO", "Goods", Decimal(quantity), Decimal(quantity), "PCS", item_row=0
    )


def _sales_line(item_row: int | None = None) -> SalesLineRow:
    return SalesLineRow(
        line_no=1,
        type="item",
        no="I-FIFO",
        description="Goods",
        quantity=Decimal(2),
        quantity_base=Decimal(2),
        unit="PCS",
        units_per_unit=Decimal(1),
        unit_price=Decimal(50),
        discount_percent=ZERO,
        vat_product=None,
        net=Decimal(100),
        vat=ZERO,
        gross=Decimal(100),
        item_row=item_row,
    )
