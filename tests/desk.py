"""A desk for tests: books of a small company, a user of each role, documents, and a real web server."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine, inspect

from core.database import Base
from core.ledgers import guards
from core.master.accounts import Control
from core.master.items import NewItem
from core.master.number_series import Purpose
from core.master.setup import (
    AccountSetup,
    CompanySettings,
    CompanySetup,
    GeneralSetup,
    InventoryGroupSetup,
    SeriesSetup,
    TermsSetup,
    VatSetup,
    VendorGroupSetup,
    create_books,
)
from core.master.users import Role, SignInTry, begin_sign_in, create_user
from core.master.vendors import NewVendor
from core.work import Actor
from migrations.tables import METADATA
from pipeline.incoming import IncomingDocument, IntakeRefusal, Stage, Status, next_incoming_no, to_json
from pipeline.runtime import Runtime
from pipeline.settings import Settings
from tests.services import free_port, wait_until
from web.app import create_app

PASSWORD = "correct horse battery"
SETTER = Actor("setup", "Setup", frozenset({Role.ADMINISTRATOR.value}))
PEOPLE: Mapping[Role, tuple[str, str]] = {
    Role.CLERK: ("kim", "Kim Bakker"),
    Role.APPROVER: ("ana", "Ana Visser"),
    Role.PURCHASER: ("pim", "Pim de Boer"),
    Role.BOOKKEEPER: ("bea", "Bea Mulder"),
    Role.TREASURER: ("tom", "Tom Smit"),
    Role.AUDITOR: ("ida", "Ida Jansen"),
    Role.ADMINISTRATOR: ("adam", "Adam Vos"),
}

INTERIM = Control.INVENTORY_INTERIM.value
SMALL_COMPANY = CompanySetup(
    company=CompanySettings(name="Boomgaard Machinebouw B.V.", country_code="NL", vat_id="NL001234567B90"),
    accounts=(
        AccountSetup("1400", "Inventory", "balance", control=Control.INVENTORY.value, direct_posting=False),
        AccountSetup(
            "1410",
            "Inventory interim",
            "balance",
            control=Control.INVENTORY_INTERIM.value,
            direct_posting=False,
        ),
        AccountSetup("1500", "VAT to claim", "balance", control=Control.VAT.value, direct_posting=False),
        AccountSetup("1600", "Payables", "balance", control=Control.VENDORS.value, direct_posting=False),
        AccountSetup("4600", "Office costs", "income", general_product="COST", vat_product="H"),
        AccountSetup("4700", "Energy", "income", general_product="COST", vat_product="H"),
        AccountSetup("7000", "Purchases", "income"),
        AccountSetup("7010", "Purchases applied", "income"),
        AccountSetup("7020", "Stock adjustments", "income"),
        AccountSetup("7030", "Purchase variance", "income"),
        AccountSetup("7900", "Invoice rounding", "income"),
    ),
    vendor_groups=(VendorGroupSetup("DOMESTIC", payables="1600", invoice_rounding="7900"),),
    inventory_groups=(InventoryGroupSetup("GOODS", inventory="1400", interim="1410"),),
    general_posting=(
        GeneralSetup("COST", purchase="4600"),
        GeneralSetup(
            "GOODS",
            purchase="7000",
            direct_cost_applied="7010",
            accrual_interim="1410",
            inventory_adjustment="7020",
            purchase_variance="7030",
        ),
    ),
    vat_posting=(
        VatSetup("NL", "H", "NL-H", Decimal(21), input_account="1500"),
        VatSetup("NL", "L", "NL-L", Decimal(9), input_account="1500"),
    ),
    payment_terms=(TermsSetup("30D", "30D"),),
    vendors=tuple(
        NewVendor(
            vendor_no=no,
            name=name,
            city=city,
            country_code="NL",
            iban=iban,
            posting_group="DOMESTIC",
            general_business="NL",
            vat_business="NL",
            payment_terms="30D",
            default_account="4600",
        )
        for no, name, city, iban in (
            ("V001", "Van der Meer Techniek B.V.", "Deventer", "NL91ABNA0417164300"),
            ("V002", "Hofstede Verpakking B.V.", "Utrecht", "NL20INGB0001234567"),
            ("V003", "Drukkerij Oostwal", "Groningen", None),
        )
    ),
    items=(
        NewItem("I100", "Hydraulic hose DN12", "inventory", "M", "GOODS", "H", "GOODS"),
        NewItem("I200", "Coupling 1/2 BSP", "inventory", "PCS", "GOODS", "H", "GOODS"),
    ),
    series=(
        SeriesSetup(Purpose.VENDOR, "VEND", "V100"),
        SeriesSetup(Purpose.INVOICE, "PI", "PI-0001"),
        SeriesSetup(Purpose.POSTED_INVOICE, "PPI", "PPI-0001"),
        SeriesSetup(Purpose.RECEIPT, "PR", "PR-0001"),
    ),
)


@dataclass(slots=True)
class TestDesk:
    """A desk over its own database; nothing in it is shared with another test."""

    __test__ = False

    runtime: Runtime
    app: FastAPI

    def add_user(self, role: Role, *, user_no: str = "", must_change_password: bool = False) -> str:
        """A user with one role; returns the name to sign in with."""
        usual_no, name = PEOPLE[role]
        number = user_no or usual_no
        with self.runtime.work(SETTER) as work:
            create_user(work, number, name, [role], PASSWORD, must_change_password=must_change_password)
        return number

    def first_try(self, user_no: str) -> SignInTry:
        """What a sign-in with this name is verified against."""
        with self.runtime.work(SETTER) as work:
            tried = begin_sign_in(work, user_no, "10.0.0.1")
        assert isinstance(tried, SignInTry)
        return tried

    def add_incoming(self, vendor: str = "Van der Meer Techniek B.V.", **values: object) -> str:
        """An incoming document that waits in review, with whatever else is said of it; returns its number."""
        with self.runtime.work(SETTER) as work:
            facts: dict[str, object] = {
                "stage": Stage.IN_REVIEW.value,
                "status": Status.CREATED.value,
                "seller_name": vendor,
                "description": vendor,
                "vendor_no": "V001",
                "invoice_number": "2026-01187",
                "currency_code": "EUR",
                "total_gross": Decimal("121.00"),
                "due_date": work.today + timedelta(days=30),
                "intake_channel": "folder",
                "media_type": "application/pdf",
                "created_at": work.now,
            } | values
            document = IncomingDocument(
                incoming_no=next_incoming_no(work),
                created_by="Inkoop",
                modified_at=work.now,
                modified_by="Inkoop",
                **facts,
            )
            work.session.add(document)
            work.session.flush()
            return document.incoming_no

    def add_refusal(self, file: str, code: str = "INC_EMPTY_FILE", **values: str) -> None:
        """A file that was not taken in, and what fills its reason."""
        with self.runtime.work(SETTER) as work:
            refusal = IntakeRefusal(
                name=file,
                size=10,
                sha256="0" * 64,
                code=code,
                values=to_json({"name": file} | values),
                channel="folder",
                at=work.now,
                seen=False,
            )
            work.session.add(refusal)


def make_settings(folder: Path, database_url: str, *, secure_cookies: bool = False) -> Settings:
    """Settings of a process that keeps everything in one folder."""
    return Settings(
        secure_cookies=secure_cookies,
        data_dir=folder / "data",
        inbox_dir=folder / "inbox",
        database_url=database_url,
        broker_url="filesystem://",
    )


def open_desk(
    folder: Path,
    database_url: str,
    setup: CompanySetup = SMALL_COMPANY,
    *,
    settings: Settings | None = None,
) -> TestDesk:
    """A desk with books on a database that has its tables already, or gets them."""
    runtime = Runtime.open(settings or make_settings(folder, database_url))
    if not inspect(runtime.engine).has_table("company"):
        make_tables(runtime.engine)
    with runtime.work(SETTER) as work:
        create_books(work, setup)
    return TestDesk(runtime, create_app(runtime))


def make_tables(engine: Engine) -> None:
    """All tables and what guards them, on a database that has none."""
    assert METADATA is Base.metadata
    METADATA.create_all(engine)
    with engine.begin() as connection:
        guards.install(connection)


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The address of the desk, served by a real web server in a thread, until the end of the block."""
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(app, port=port, log_level="warning", timeout_graceful_shutdown=1, server_header=False)
    )
    thread = threading.Thread(target=server.run, name="desk")
    thread.start()
    try:
        wait_until(lambda: server.started, "the start of the desk")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
