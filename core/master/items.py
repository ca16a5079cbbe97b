"""Items: what is bought by number, and how a vendor's number for it is recognised (PU-19 to PU-26)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Select, String, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, BigId, Exact, Percent, Quantity, UnitCost
from core.errors import refuse
from core.master.vendors import normal_no
from core.money import QUANTITY, round_to
from core.work import Work


class ItemType(StrEnum):
    """Only *inventory* items have stock and a stock value."""

    INVENTORY = "inventory"
    SERVICE = "service"
    NON_INVENTORY = "non_inventory"


class Costing(StrEnum):
    """What the cost of a decrease is (PO-96); the members are the modules of `core/costing/methods`."""

    FIFO = "fifo"
    AVERAGE = "average"
    STANDARD = "standard"
    LIFO = "lifo"


class Item(Base):
    """An item card. Quantities and costs in the ledgers are in base units."""

    __tablename__ = "item"
    __table_args__ = (CheckConstraint("type IN ('inventory', 'service', 'non_inventory')", name="type"),)

    item_no: Mapped[str] = mapped_column(String(20), primary_key=True)
    description: Mapped[str] = mapped_column(String(250))
    search_name: Mapped[str] = mapped_column(String(300), index=True)
    type: Mapped[str] = mapped_column(String(15))
    costing: Mapped[str] = mapped_column(String(10), default=Costing.FIFO.value)
    standard_cost: Mapped[UnitCost] = mapped_column(default=Decimal(0))
    unit: Mapped[str] = mapped_column(String(10))
    purchase_unit: Mapped[str | None] = mapped_column(String(10))
    general_product: Mapped[str | None] = mapped_column(String(20))
    vat_product: Mapped[str | None] = mapped_column(String(20))
    inventory_group: Mapped[str | None] = mapped_column(String(20))
    unit_cost: Mapped[UnitCost] = mapped_column(default=Decimal(0))
    last_direct_cost: Mapped[UnitCost] = mapped_column(default=Decimal(0))
    gtin: Mapped[str | None] = mapped_column(String(14), index=True)
    vendor_no: Mapped[str | None] = mapped_column(ForeignKey("vendor.vendor_no"))
    vendor_item_no: Mapped[str | None] = mapped_column(String(50))
    allow_invoice_discount: Mapped[bool] = mapped_column(Boolean, default=True)
    over_receipt_code: Mapped[str | None] = mapped_column(String(20))
    variants_mandatory: Mapped[bool] = mapped_column(Boolean, default=False)
    overhead_percent: Mapped[Percent] = mapped_column(default=Decimal(0))
    overhead_amount: Mapped[UnitCost] = mapped_column(default=Decimal(0))
    blocked: Mapped[bool] = mapped_column(Boolean, default=False)
    purchasing_blocked: Mapped[bool] = mapped_column(Boolean, default=False)

    units: Mapped[list[ItemUnit]] = relationship(order_by="ItemUnit.unit", cascade="all, delete-orphan")


class ItemUnit(Base):
    """A unit of an item: `factor` base units each. The base unit itself needs no row (PU-22)."""

    __tablename__ = "item_unit"
    __table_args__ = (CheckConstraint("factor > 0", name="factor"),)

    item_no: Mapped[str] = mapped_column(ForeignKey("item.item_no"), primary_key=True)
    unit: Mapped[str] = mapped_column(String(10), primary_key=True)
    factor: Mapped[Quantity]
    rounding_precision: Mapped[Decimal | None] = mapped_column(Exact(19, 5))


class ItemVariant(Base):
    """A variant of an item: a colour, a size. It can be blocked by itself (PU-20)."""

    __tablename__ = "item_variant"

    item_no: Mapped[str] = mapped_column(ForeignKey("item.item_no"), primary_key=True)
    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    description: Mapped[str] = mapped_column(String(250))
    blocked: Mapped[bool] = mapped_column(Boolean, default=False)
    purchasing_blocked: Mapped[bool] = mapped_column(Boolean, default=False)


class ItemReference(Base):
    """A number under which others know an item: a vendor's, or a bar code when `vendor_no` is None."""

    __tablename__ = "item_reference"
    __table_args__ = (Index("ix_item_reference_number", "reference_no", "vendor_no"),)

    id: Mapped[BigId]
    vendor_no: Mapped[str | None] = mapped_column(ForeignKey("vendor.vendor_no"))
    reference_no: Mapped[str] = mapped_column(String(50))
    unit: Mapped[str | None] = mapped_column(String(10))
    item_no: Mapped[str] = mapped_column(ForeignKey("item.item_no"))
    description: Mapped[str | None] = mapped_column(String(250))
    starting_date: Mapped[date | None]
    ending_date: Mapped[date | None]


class ItemVendor(Base):
    """The item-vendor catalogue: a vendor's own number of an item. It outranks the item card (PU-26)."""

    __tablename__ = "item_vendor"

    item_no: Mapped[str] = mapped_column(ForeignKey("item.item_no"), primary_key=True)
    vendor_no: Mapped[str] = mapped_column(ForeignKey("vendor.vendor_no"), primary_key=True)
    vendor_item_no: Mapped[str] = mapped_column(String(50), index=True)


class MatchedBy(StrEnum):
    """Which step of PU-25 found the item."""

    REFERENCE_WITH_UNIT = "reference_with_unit"
    REFERENCE = "reference"
    CATALOGUE = "catalogue"
    ITEM_CARD = "item_card"
    GTIN = "gtin"
    BAR_CODE = "bar_code"
    OWN_NUMBER = "own_number"


@dataclass(frozen=True, slots=True)
class ItemMatch:
    """The item that a printed number stands for, and how that is known."""

    item_no: str
    matched_by: MatchedBy
    description: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class NewItem:
    """What is known of an item to be registered. `units` holds base units per unit."""

    item_no: str
    description: str
    type: str
    unit: str
    general_product: str | None
    vat_product: str | None
    inventory_group: str | None = None
    costing: str = Costing.FIFO.value
    standard_cost: Decimal = Decimal(0)
    units: Sequence[tuple[str, Decimal]] = ()
    purchase_unit: str | None = None
    gtin: str | None = None
    vendor_no: str | None = None
    vendor_item_no: str | None = None
    unit_cost: Decimal = Decimal(0)
    blocked: bool = False
    vendor_items: Sequence[tuple[str, str, str | None]] = field(default=())
    """(vendor no., the vendor's number, the vendor's wording or None)."""


def find_item(work: Work, item_no: str) -> Item | None:
    """The item with this number."""
    return work.session.get(Item, normal_no(item_no))


def find_items(work: Work, text: str = "", limit: int = 50) -> list[Item]:
    """Items whose number or description contains `text`, by number."""
    query = select(Item).order_by(Item.item_no).limit(limit)
    wanted = text.strip().casefold()
    if wanted:
        query = query.where(Item.search_name.contains(wanted, autoescape=True))
    return list(work.session.scalars(query))


def units_per_unit(item: Item, unit: str | None) -> Decimal | None:
    """Base units in one `unit`; None for a unit that the item does not have. No unit is the base unit."""
    if unit is None or unit == item.unit:
        return Decimal(1)
    return next((row.factor for row in item.units if row.unit == unit), None)


def base_quantity(quantity: Decimal, factor: Decimal) -> Decimal:
    """A quantity in base units, 5 decimals (PO-80)."""
    return round_to(quantity * factor, QUANTITY)


def resolve_item(
    work: Work, vendor_no: str | None, number: str | None, unit: str | None, gtin: str | None
) -> ItemMatch | None:
    """The item that a vendor's document means, by the seven steps of PU-25.

    The first step with a hit decides. Raises `item_reference_ambiguous` when that step has several.
    """
    printed = (number or "").strip()
    references = _references(work, vendor_no, printed) if vendor_no and printed else []
    steps: list[tuple[MatchedBy, list[ItemMatch]]] = [
        (MatchedBy.REFERENCE_WITH_UNIT, _hits(references, unit) if unit else []),
        (MatchedBy.REFERENCE, _hits(references, None)),
    ]
    for matched_by, hits in steps:
        if hits:
            return _only(hits, matched_by, vendor_no, printed)
    for matched_by, query in _queries(vendor_no, printed, gtin):
        found = [ItemMatch(no, matched_by) for no in work.session.scalars(query).unique()]
        if found:
            return _only(found, matched_by, vendor_no, printed or (gtin or ""))
    return None


def new_item_rows(new: NewItem) -> tuple[Item, list[ItemVendor], list[ItemReference]]:
    """The rows of a new item, not yet added: card with units, catalogue, and the vendors' wordings."""
    item_no = normal_no(new.item_no)
    item = Item(
        item_no=item_no,
        description=new.description,
        search_name=f"{item_no} {new.description} {new.gtin or ''}".casefold().strip(),
        type=new.type,
        costing=new.costing,
        standard_cost=new.standard_cost,
        unit=new.unit,
        purchase_unit=new.purchase_unit,
        general_product=new.general_product,
        vat_product=new.vat_product,
        inventory_group=new.inventory_group,
        unit_cost=new.unit_cost,
        last_direct_cost=Decimal(0),
        gtin=new.gtin,
        vendor_no=new.vendor_no,
        vendor_item_no=new.vendor_item_no,
        allow_invoice_discount=True,
        blocked=new.blocked,
        purchasing_blocked=False,
    )
    item.units = [ItemUnit(item_no=item_no, unit=unit, factor=factor) for unit, factor in new.units]
    catalogue = [
        ItemVendor(item_no=item_no, vendor_no=vendor_no, vendor_item_no=number)
        for vendor_no, number, _ in new.vendor_items
    ]
    references = [
        ItemReference(vendor_no=vendor_no, reference_no=number, item_no=item_no, description=wording)
        for vendor_no, number, wording in new.vendor_items
        if wording
    ]
    return item, catalogue, references


def _references(work: Work, vendor_no: str, number: str) -> list[ItemReference]:
    rows = work.session.scalars(
        select(ItemReference)
        .where(ItemReference.vendor_no == vendor_no, ItemReference.reference_no == number)
        .where(or_(ItemReference.starting_date.is_(None), ItemReference.starting_date <= work.today))
        .where(or_(ItemReference.ending_date.is_(None), ItemReference.ending_date >= work.today))
        .order_by(ItemReference.item_no)
    )
    return list(rows)


def _hits(references: Sequence[ItemReference], unit: str | None) -> list[ItemMatch]:
    """The references with exactly this unit; None means those without a unit."""
    by = MatchedBy.REFERENCE_WITH_UNIT if unit else MatchedBy.REFERENCE
    return [ItemMatch(r.item_no, by, r.description, r.unit) for r in references if r.unit == unit]


def _queries(vendor_no: str | None, number: str, gtin: str | None) -> list[tuple[MatchedBy, Select[str]]]:
    """Steps 3 to 7 of PU-25, as far as what is printed allows."""
    queries: list[tuple[MatchedBy, Select[str]]] = []
    if vendor_no and number:
        catalogue = select(ItemVendor.item_no).where(
            ItemVendor.vendor_no == vendor_no, ItemVendor.vendor_item_no == number
        )
        card = select(Item.item_no).where(Item.vendor_no == vendor_no, Item.vendor_item_no == number)
        queries += [(MatchedBy.CATALOGUE, catalogue), (MatchedBy.ITEM_CARD, card)]
    code = (gtin or "").strip()
    if code:
        queries.append((MatchedBy.GTIN, select(Item.item_no).where(Item.gtin == code)))
        bar_code = select(ItemReference.item_no).where(
            ItemReference.vendor_no.is_(None), ItemReference.reference_no == code
        )
        queries.append((MatchedBy.BAR_CODE, bar_code))
    if number:
        bar_code = select(ItemReference.item_no).where(
            ItemReference.vendor_no.is_(None), ItemReference.reference_no == number
        )
        queries.append((MatchedBy.BAR_CODE, bar_code))
        queries.append((MatchedBy.OWN_NUMBER, select(Item.item_no).where(Item.item_no == normal_no(number))))
    return queries


def _only(hits: Sequence[ItemMatch], matched_by: MatchedBy, vendor_no: str | None, number: str) -> ItemMatch:
    items = sorted({hit.item_no for hit in hits})
    if len(items) > 1:
        raise refuse("item_reference_ambiguous", ref=number, no=vendor_no or "", list=", ".join(items))
    return hits[0]
