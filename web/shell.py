"""The frame around every page: the areas that this user may see, with the work that waits there."""

from __future__ import annotations

from dataclasses import dataclass

from core.master.company import get_company
from core.master.rights import Right, may
from core.reports.invoice_list import InvoiceView, count_invoices
from core.work import Actor, Work
from pipeline.workflow.listing import counts
from pipeline.workflow.listing_view import View
from web.view import DeskContext


@dataclass(frozen=True, slots=True)
class Area:
    """One entry of the bar. `work` is what waits for this user there; None shows no number."""

    key: str
    path: str
    icon: str
    group: str | None
    right: Right
    jump: str | None  # the letter after G


AREAS = (
    Area("home", "/", "home", None, Right.DESK_USE, "h"),
    Area("incoming", "/incoming", "inbox", None, Right.INCOMING_LIST, "i"),
    Area("quotes", "/quotes", "mail", "purchasing", Right.ORDER_READ, "q"),
    Area("orders", "/orders", "order", "purchasing", Right.ORDER_READ, "o"),
    Area("receipts", "/receipts", "truck", "purchasing", Right.ORDER_READ, "r"),
    Area("invoices", "/invoices", "inv", "purchasing", Right.DRAFT_READ, "f"),
    Area("credit_memos", "/credit-memos", "cm", "purchasing", Right.DRAFT_READ, "c"),
    Area("returns", "/returns", "left", "purchasing", Right.ORDER_READ, "b"),
    Area("sales", "/sales", "link", "purchasing", Right.ORDER_READ, "s"),
    Area("vendors", "/vendors", "vendor", "payables", Right.VENDOR_READ, "v"),
    Area("items", "/items", "item", "insight", Right.ITEM_READ, "t"),
    Area("ledger", "/ledger", "ledger", "insight", Right.LEDGER_READ, "l"),
    Area("users", "/users", "people", "insight", Right.USER_READ, "u"),
)


@dataclass(frozen=True, slots=True)
class AreaView:
    """An area as the bar shows it."""

    key: str
    path: str
    icon: str
    name: str
    jump: str | None
    is_here: bool
    waiting: int | None
    waiting_text: str


@dataclass(frozen=True, slots=True)
class Group:
    """Areas under one small heading; the first group has none."""

    name: str | None
    areas: list[AreaView]


@dataclass(frozen=True, slots=True)
class Shell:
    """What the base template shows around the page."""

    company_name: str
    groups: list[Group]
    tabs: list[AreaView]
    user_name: str
    role_names: str


def make_shell(desk: DeskContext) -> Shell:
    """The frame for this user on this page."""
    with desk.reading() as work:
        company_name = get_company(work).name
        waiting = waiting_work(work, desk.actor)
    seen = [(area, _area_view(desk, area, waiting.get(area.key))) for area in AREAS if desk.may(area.right)]
    groups: list[Group] = []
    for key in (None, "purchasing", "payables", "insight"):
        inside = [view for area, view in seen if area.group == key]
        if inside:
            groups.append(Group(None if key is None else desk.text(f"nav.{key}"), inside))
    roles = [desk.text(f"role.{role}") for role in sorted(desk.actor.roles)]
    return Shell(
        company_name=company_name,
        groups=groups,
        tabs=[view for area, view in seen if area.key in ("home", "incoming", "invoices")],
        user_name=desk.actor.name,
        role_names=", ".join(role[:1].upper() + role[1:] for role in roles),
    )


def waiting_work(work: Work, actor: Actor) -> dict[str, int]:
    """What waits for this user, by area: reviews for who may do them, postings for who may post."""
    if not may(actor, Right.INCOMING_LIST):
        return {}
    counted = counts(work)
    waiting = {"incoming": counted[View.NEEDS_REVIEW]}
    if may(actor, Right.INVOICE_POST):
        waiting["invoices"] = count_invoices(work)[InvoiceView.READY]
    return waiting


def _area_view(desk: DeskContext, area: Area, waiting: int | None) -> AreaView:
    path = desk.request.url.path
    is_here = path == area.path or (area.path != "/" and path.startswith(f"{area.path}/"))
    return AreaView(
        key=area.key,
        path=area.path,
        icon=area.icon,
        name=desk.text(f"nav.{area.key}"),
        jump=area.jump,
        is_here=is_here,
        waiting=waiting,
        waiting_text=desk.text(f"nav.waiting_{area.key}") if waiting is not None else "",
    )
