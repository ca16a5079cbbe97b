"""The Dutch demo company, its vendors and its items: all invented, with right check digits.

The first start creates the books from this, and the demo's vendor files are drawn from it, so that vendors
match, and lines with a vendor's item number resolve to an item. Domains end in `.example`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Language = Literal["nl", "de", "fr", "en"]
VatBusinessGroup = Literal["NL", "EU"]
VatProductGroup = Literal["H", "L"]  # the Dutch high (21 %) and low (9 %) rate
ItemType = Literal["inventory", "service"]


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address. `country_code` is ISO 3166-1 alpha-2."""

    street: str
    postal_code: str
    city: str
    country_code: str


@dataclass(frozen=True, slots=True)
class DemoCompany:
    """The company whose books the demo keeps. `legal_id` is its number in the trade register (KvK)."""

    name: str
    address: Address
    vat_id: str
    legal_id: str
    iban: str
    bic: str
    phone: str
    email: str
    currency_code: str


@dataclass(frozen=True, slots=True)
class DemoExpense:
    """Something a vendor bills that is no item and goes to a G/L account.

    `description` is as the vendor prints it; `purpose` says in English what the cost is for, as a name for
    the account. `unit` is a UN/ECE code. `unit_price` is net, in EUR.
    """

    description: str
    purpose: str
    unit: str
    unit_price: Decimal
    vat_product_group: VatProductGroup = "H"


@dataclass(frozen=True, slots=True)
class DemoVendor:
    """A vendor card of the demo books. `language` is what it writes its invoices in.

    `legal_id` is the number in the trade register of its country: KvK, HRB, SIREN or the Belgian
    enterprise number. `vat_business_group` EU means that its invoices carry no VAT (reverse charge).
    """

    no: str
    name: str
    address: Address
    vat_id: str
    legal_id: str
    iban: str
    bic: str
    phone: str
    email: str
    payment_terms_days: int
    vat_business_group: VatBusinessGroup
    language: Language
    currency_code: str = "EUR"
    expenses: tuple[DemoExpense, ...] = ()


@dataclass(frozen=True, slots=True)
class VendorItem:
    """How one vendor sells an item: its own number, wording and price. `unit_price` is net, in EUR."""

    vendor_no: str
    vendor_item_no: str
    description: str
    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class DemoItem:
    """An item of the demo books. `unit` is a UN/ECE code; `unit_cost` is in EUR per unit."""

    no: str
    description: str
    unit: str
    type: ItemType
    vat_product_group: VatProductGroup
    unit_cost: Decimal
    vendor_items: tuple[VendorItem, ...]


COMPANY = DemoCompany(
    name="Boomgaard Machinebouw B.V.",
    address=Address("Nijverheidskade 18", "7417 BX", "Deventer", "NL"),
    vat_id="NL861502747B01",
    legal_id="80417326",
    iban="NL89RABO0312477066",
    bic="RABONL2U",
    phone="+31 570 555 0180",
    email="facturen@boomgaard.example",
    currency_code="EUR",
)

VENDORS: tuple[DemoVendor, ...] = (
    DemoVendor(
        no="10231",
        name="Van der Meer Techniek B.V.",
        address=Address("Industrieweg 44", "3542 AD", "Utrecht", "NL"),
        vat_id="NL857301421B01",
        legal_id="68213947",
        iban="NL92INGB0675421101",
        bic="INGBNL2A",
        phone="+31 30 555 0144",
        email="administratie@vandermeertechniek.example",
        payment_terms_days=14,
        vat_business_group="NL",
        language="nl",
        expenses=(
            DemoExpense("Vracht- en verpakkingskosten", "Freight", "C62", Decimal("37.50")),
            DemoExpense("Spoedtoeslag", "Surcharges", "C62", Decimal("25.00")),
        ),
    ),
    DemoVendor(
        no="10244",
        name="Noorderlicht Energie N.V.",
        address=Address("Stationsplein 9", "9726 AE", "Groningen", "NL"),
        vat_id="NL819203671B01",
        legal_id="52760418",
        iban="NL03ABNA0482017368",
        bic="ABNANL2A",
        phone="+31 50 555 0109",
        email="zakelijk@noorderlicht-energie.example",
        payment_terms_days=21,
        vat_business_group="NL",
        language="nl",
        expenses=(
            DemoExpense("Levering elektriciteit, normaaltarief", "Electricity", "KWH", Decimal("0.21430")),
            DemoExpense("Levering elektriciteit, daltarief", "Electricity", "KWH", Decimal("0.17850")),
            DemoExpense("Vastrecht aansluiting 3x80 A", "Electricity", "MON", Decimal("64.20")),
        ),
    ),
    DemoVendor(
        no="10250",
        name="Hofstede Verpakking B.V.",
        address=Address("Kartonstraat 7", "7332 BK", "Apeldoorn", "NL"),
        vat_id="NL854119073B01",
        legal_id="63015872",
        iban="NL97RABO0153700823",
        bic="RABONL2U",
        phone="+31 55 555 0172",
        email="verkoop@hofstedeverpakking.example",
        payment_terms_days=30,
        vat_business_group="NL",
        language="nl",
        expenses=(DemoExpense("Koffiebonen espresso, zak 1 kg", "Canteen", "C62", Decimal("14.95"), "L"),),
    ),
    DemoVendor(
        no="10263",
        name="Zuiderhaven Logistiek B.V.",
        address=Address("Havendijk 210", "3088 GS", "Rotterdam", "NL"),
        vat_id="NL862033950B01",
        legal_id="81204693",
        iban="NL64ABNA0573119058",
        bic="ABNANL2A",
        phone="+31 10 555 0133",
        email="billing@zuiderhaven.example",
        payment_terms_days=30,
        vat_business_group="NL",
        language="en",
        expenses=(
            DemoExpense("Storage, pallet place per week", "Storage", "WEE", Decimal("4.85")),
            DemoExpense("Fuel surcharge", "Freight", "C62", Decimal("18.40")),
            DemoExpense("Customs documents", "Freight", "C62", Decimal("42.00")),
        ),
    ),
    DemoVendor(
        no="10277",
        name="Merel Schoonmaak B.V.",
        address=Address("Bloemendaalseweg 31", "7415 KR", "Deventer", "NL"),
        vat_id="NL859901221B01",
        legal_id="74038215",
        iban="NL16RABO0368209148",
        bic="RABONL2U",
        phone="+31 570 555 0121",
        email="info@merelschoonmaak.example",
        payment_terms_days=14,
        vat_business_group="NL",
        language="nl",
        expenses=(
            DemoExpense("Sanitairartikelen", "Cleaning", "C62", Decimal("48.60")),
            DemoExpense("Glasbewassing buitenzijde", "Cleaning", "C62", Decimal("165.00")),
        ),
    ),
    DemoVendor(
        no="10312",
        name="Kessler Antriebstechnik GmbH",
        address=Address("Lindenhofstraße 12", "48429", "Rheine", "DE"),
        vat_id="DE287346157",
        legal_id="HRB 14627",
        iban="DE31370400440532814100",
        bic="COBADEFFXXX",
        phone="+49 5971 555 0160",
        email="buchhaltung@kessler-antriebe.example",
        payment_terms_days=30,
        vat_business_group="EU",
        language="de",
        expenses=(DemoExpense("Versandkosten Spedition", "Freight", "C62", Decimal("89.00")),),
    ),
    DemoVendor(
        no="10325",
        name="Scheldestaal NV",
        address=Address("Kanaaldok 52", "2030", "Antwerpen", "BE"),
        vat_id="BE0731446217",
        legal_id="0731.446.217",
        iban="BE59735041228826",
        bic="KREDBEBB",
        phone="+32 3 555 01 48",
        email="facturatie@scheldestaal.example",
        payment_terms_days=30,
        vat_business_group="EU",
        language="nl",
        expenses=(DemoExpense("Zaag- en snijkosten", "Subcontracting", "C62", Decimal("55.00")),),
    ),
    DemoVendor(
        no="10341",
        name="Ateliers Moreau SAS",
        address=Address("14 rue des Tilleuls", "59300", "Valenciennes", "FR"),
        vat_id="FR09813472651",
        legal_id="813472651",
        iban="FR7630004008420001234567825",
        bic="BNPAFRPPXXX",
        phone="+33 3 65 55 01 62",
        email="comptabilite@ateliers-moreau.example",
        payment_terms_days=45,
        vat_business_group="EU",
        language="fr",
        expenses=(DemoExpense("Frais de port et emballage", "Freight", "C62", Decimal("62.00")),),
    ),
)

ITEMS: tuple[DemoItem, ...] = (
    DemoItem(
        no="1000",
        description="Groefkogellager 6205-2RS",
        unit="C62",
        type="inventory",
        vat_product_group="H",
        unit_cost=Decimal("8.40"),
        vendor_items=(
            VendorItem("10231", "VM-6205-2RS", "Groefkogellager 6205-2RS", Decimal("8.45")),
            VendorItem("10312", "KA 620525", "Rillenkugellager 6205-2RS", Decimal("7.90")),
        ),
    ),
    DemoItem(
        no="1010",
        description="Lagerblok UCP 205",
        unit="C62",
        type="inventory",
        vat_product_group="H",
        unit_cost=Decimal("23.10"),
        vendor_items=(VendorItem("10231", "VM-UCP205", "Lagerblok UCP 205, compleet", Decimal("23.40")),),
    ),
    DemoItem(
        no="1020",
        description="Oliekeerring 35x52x7 NBR",
        unit="C62",
        type="inventory",
        vat_product_group="H",
        unit_cost=Decimal("2.15"),
        vendor_items=(
            VendorItem("10231", "VM-OK35527", "Oliekeerring 35x52x7 NBR", Decimal("2.20")),
            VendorItem("10341", "MOR-JS355207", "Joint à lèvre 35x52x7 NBR", Decimal("2.05")),
        ),
    ),
    DemoItem(
        no="1100",
        description="Wormwielreductor 1:30, 0,75 kW",
        unit="C62",
        type="inventory",
        vat_product_group="H",
        unit_cost=Decimal("312.00"),
        vendor_items=(
            VendorItem("10312", "KA 475030", "Schneckengetriebe i=30, 0,75 kW", Decimal("318.00")),
        ),
    ),
    DemoItem(
        no="1110",
        description="Draaistroommotor 1,5 kW B14",
        unit="C62",
        type="inventory",
        vat_product_group="H",
        unit_cost=Decimal("186.50"),
        vendor_items=(
            VendorItem("10312", "KA 515014", "Drehstrommotor 1,5 kW, B14", Decimal("189.00")),
            VendorItem("10341", "MOR-MA15B14", "Moteur asynchrone 1,5 kW B14", Decimal("194.00")),
        ),
    ),
    DemoItem(
        no="1120",
        description="Tandriem HTD 8M, 1200 mm",
        unit="C62",
        type="inventory",
        vat_product_group="H",
        unit_cost=Decimal("18.70"),
        vendor_items=(VendorItem("10312", "KA 801200", "Zahnriemen HTD 8M-1200", Decimal("18.95")),),
    ),
    DemoItem(
        no="1200",
        description="Kokerprofiel S235 60x60x4",
        unit="MTR",
        type="inventory",
        vat_product_group="H",
        unit_cost=Decimal("9.80"),
        vendor_items=(VendorItem("10325", "SS-K60604", "Kokerprofiel S235 60x60x4", Decimal("9.95")),),
    ),
    DemoItem(
        no="1210",
        description="Staalplaat S235 10 mm",
        unit="KGM",
        type="inventory",
        vat_product_group="H",
        unit_cost=Decimal("1.32"),
        vendor_items=(VendorItem("10325", "SS-P23510", "Staalplaat S235, dikte 10 mm", Decimal("1.35")),),
    ),
    DemoItem(
        no="1300",
        description="Exportkrat 120x80x60",
        unit="C62",
        type="inventory",
        vat_product_group="H",
        unit_cost=Decimal("41.00"),
        vendor_items=(VendorItem("10250", "HV-1208060", "Exportkrat hout 120x80x60 cm", Decimal("42.50")),),
    ),
    DemoItem(
        no="1310",
        description="Rekfolie 500 mm x 300 m",
        unit="C62",
        type="inventory",
        vat_product_group="H",
        unit_cost=Decimal("7.60"),
        vendor_items=(VendorItem("10250", "HV-RF500", "Rekfolie handrol 500 mm x 300 m", Decimal("7.75")),),
    ),
    DemoItem(
        no="8000",
        description="Transport Benelux per pallet",
        unit="C62",
        type="service",
        vat_product_group="H",
        unit_cost=Decimal("58.00"),
        vendor_items=(VendorItem("10263", "ZL-PAL-BNL", "Pallet transport Benelux", Decimal("59.50")),),
    ),
    DemoItem(
        no="8010",
        description="Schoonmaak werkplaats",
        unit="HUR",
        type="service",
        vat_product_group="H",
        unit_cost=Decimal("31.00"),
        vendor_items=(VendorItem("10277", "SCH-WP", "Schoonmaak werkplaats en kantoor", Decimal("31.50")),),
    ),
)


def vendor(no: str) -> DemoVendor:
    """The demo vendor with this number. Raises KeyError when there is none."""
    for found in VENDORS:
        if found.no == no:
            return found
    raise KeyError(no)


def items_of(vendor_no: str) -> list[tuple[DemoItem, VendorItem]]:
    """What a vendor sells that is an item of the books, in the order of the item numbers."""
    return [(item, sold) for item in ITEMS for sold in item.vendor_items if sold.vendor_no == vendor_no]
