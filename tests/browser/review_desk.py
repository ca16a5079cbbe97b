"""A desk whose documents were really read: files are taken in and carried along until a person is next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.sync_api import Page
from sqlalchemy import select

from core.master.items import NewItem
from core.master.setup import GeneralSetup
from core.master.users import Role
from core.outbox import Job, JobState
from core.work import MACHINE
from pipeline.incoming import IncomingDocument, IncomingField, get_by_no
from pipeline.ingest.channel import Delivery
from pipeline.tasks import take_step
from pipeline.workflow import review
from pipeline.workflow.review_view import ReviewView
from tests.browser.papers import Paper, draw
from tests.desk import PASSWORD, PEOPLE, SMALL_COMPANY, TestDesk, open_desk, serving

MEER_VAT = "NL004417820B01"
MEER_IBAN = "NL91ABNA0417164300"
MEER = Paper("2026-01187", "Van der Meer Techniek B.V.", MEER_VAT, MEER_IBAN)

COMPANY = replace(
    SMALL_COMPANY,
    general_posting=(
        GeneralSetup("COST", purchase="4600"),
        GeneralSetup(
            "GOODS",
            purchase="7000",
            direct_cost_applied="7010",
            purchase_variance="7010",
            inventory_adjustment="7010",
            accrual_interim="1410",
        ),
    ),
    vendors=tuple(
        replace(vendor, vat_id=MEER_VAT) if vendor.vendor_no == "V001" else vendor
        for vendor in SMALL_COMPANY.vendors
    ),
    items=(
        NewItem(
            "I100",
            "Hydraulic hose DN12",
            "inventory",
            "M",
            "GOODS",
            "H",
            "GOODS",
            units=(("M", 1),),  # type: ignore[arg-type]
            vendor_items=(("V001", "VDM-4410", "Hydrauliekslang DN12 2-draads"),),
        ),
        NewItem(
            "I200",
            "Coupling 1/2 BSP",
            "inventory",
            "PCS",
            "GOODS",
            "H",
            "GOODS",
            vendor_items=(("V001", "VDM-2207", "Snelkoppeling BSP RVS 316"),),
        ),
    ),
)


@dataclass(slots=True)
class ReviewDesk:
    """The desk, its address, and how a file gets to it."""

    desk: TestDesk
    address: str

    def read(self, paper: Paper | bytes, name: str = "invoice.pdf") -> str:
        """Take a file in and let the machine go as far as it can; returns the incoming number."""
        data = draw(paper) if isinstance(paper, Paper) else paper
        taken = self.desk.runtime.take_in(MACHINE, Delivery(name, data, "folder"))
        assert isinstance(taken, IncomingDocument), taken.code
        self.run_jobs()
        return taken.incoming_no

    def doubt(self, incoming_no: str, *keys: str) -> None:
        """Let these values be read with less certainty than they were, as on a bad scan."""
        with self.desk.runtime.work(MACHINE) as work:
            document = get_by_no(work, incoming_no)
            rows = work.session.scalars(
                select(IncomingField).where(
                    IncomingField.incoming_id == document.id, IncomingField.key.in_(keys)
                )
            )
            for row in rows:
                row.confidence = 0.82
            work.session.flush()
            review.refresh(work, document)

    def run_jobs(self) -> None:
        """What a worker does: take every step that is due."""
        while due := self._due():
            for job_id in due:
                take_step(self.desk.runtime, job_id)

    def _due(self) -> list[int]:
        with self.desk.runtime.reading(MACHINE) as work:
            return list(work.session.scalars(select(Job.id).where(Job.state == JobState.QUEUED.value)))

    def view(self, incoming_no: str) -> ReviewView:
        """The document as the books hold it."""
        with self.desk.runtime.reading(MACHINE) as work:
            return review.open_review(work, get_by_no(work, incoming_no).id)

    def sign_in(self, page: Page, role: Role = Role.CLERK) -> None:
        """Sign in as the one user with this role."""
        page.goto(f"{self.address}/login")
        page.fill("[name=user_no]", PEOPLE[role][0])
        page.fill("[name=password]", PASSWORD)
        page.click("button.primary")
        page.wait_for_url(lambda url: "/login" not in url, wait_until="commit")

    def open(self, page: Page, path: str) -> None:
        """Open a page and wait until its scripts have begun."""
        page.goto(self.address + path)
        page.wait_for_selector("html[data-ready]")


@contextmanager
def review_desk(folder: Path, database_url: str) -> Iterator[ReviewDesk]:
    """Books, a clerk, a bookkeeper and an auditor, and a web server."""
    desk = open_desk(folder, database_url, COMPANY)
    for role in (Role.CLERK, Role.BOOKKEEPER, Role.AUDITOR):
        desk.add_user(role)
    with serving(desk.app) as address:
        yield ReviewDesk(desk, address)
    desk.runtime.close()
