"""What the review page shows, in the user's words and manner: labels, values, states, the next step.

Made from the prepared `ReviewView` of the pipeline. Nothing is decided here: which value is open and what may
be done are the pipeline's answers; this says them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from itertools import zip_longest
from urllib.parse import urlencode

from core.master.rights import Right
from core.master.vendors import NewVendor
from core.work import Work
from pipeline.extract.document import Source
from pipeline.incoming import ScreenWord, Stage
from pipeline.workflow.assessment import STOPPING
from pipeline.workflow.listing import list_incoming
from pipeline.workflow.listing_view import View
from pipeline.workflow.review_view import (
    LINE_COLUMNS,
    ArithmeticRow,
    Check,
    CheckState,
    DocumentView,
    FieldState,
    FieldView,
    LineView,
    Reason,
    ReviewView,
)
from web.view import DeskContext

LEFT = ("vendor", "invoice_number", "issue_date", "due_date", "posting_date", "payment_iban")
RIGHT = ("order_reference", "total_net", "<vat>", "total_gross", "payment_reference")
COLUMNS = tuple(column for column in LINE_COLUMNS if column not in ("type", "discount_percent"))
DATES = frozenset({"issue_date", "due_date", "posting_date", "delivery_date"})
IBANS = frozenset({"payment_iban", "seller.iban"})
AMOUNTS = frozenset({"net_amount", "net", "vat"})
PARK_DAYS = 7
SCRIPT_TEXTS = "review.script."
WORD_CLASS: Mapping[ScreenWord, str] = {
    ScreenWord.RECEIVED: "busy",
    ScreenWord.READING: "busy",
    ScreenWord.NEEDS_REVIEW: "todo",
    ScreenWord.PARKED: "park",
    ScreenWord.IN_APPROVAL: "wait",
    ScreenWord.READY_TO_POST: "wait",
    ScreenWord.POSTED: "done",
    ScreenWord.REJECTED: "stop",
    ScreenWord.FAILED: "stop",
    ScreenWord.MERGED: "park",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the document stands in the view it was opened from."""

    view: str
    position: int
    count: int
    previous_no: str | None
    next_no: str | None


@dataclass(frozen=True, slots=True)
class FieldScreen:
    """One value as shown. `state` is a FieldState; `line_no` and `column` are set for a cell of the lines."""

    key: str
    label: str
    value: str
    state: str
    word: str
    why: str
    percent: str
    printed: str | None
    origin: str
    page: int | None
    box: list[float] | None
    on_paper: bool
    is_open: bool
    note: str = ""
    kind: str = "text"
    lookup: str | None = None
    line_no: int | None = None
    column: str | None = None
    code: str = ""
    candidates: tuple[dict[str, object], ...] = ()

    @property
    def dom_id(self) -> str:
        """An id for labels: dots are not wanted in selectors."""
        return "f-" + self.key.replace(".", "-")

    @property
    def is_right(self) -> bool:
        """Whether the value stands at the right edge, as numbers do."""
        return self.kind in ("amount", "price", "quantity", "percent")

    def as_json(self) -> dict[str, object]:
        """What the scripts of the page need of it."""
        return {
            "key": self.key,
            "label": self.label,
            "value": self.value,
            "state": self.state,
            "word": self.word,
            "why": self.why,
            "percent": self.percent,
            "printed": self.printed,
            "origin": self.origin,
            "page": self.page,
            "box": self.box,
            "on_paper": self.on_paper,
            "candidates": list(self.candidates),
        }


@dataclass(frozen=True, slots=True)
class LineScreen:
    """One row of the grid: its cells in the order of the columns, and the word at its end."""

    line_no: int
    cells: tuple[FieldScreen, ...]
    mark: str
    mark_state: str
    ground: str


@dataclass(frozen=True, slots=True)
class Alert:
    """A banner above the fields: `kind` stop, check or note; `actions` are (name, label, is_danger)."""

    name: str
    kind: str
    title: str
    text: str
    actions: tuple[tuple[str, str, bool], ...] = ()
    link: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Finish:
    """The primary button: what it does, what it says, and why it cannot be pressed, if it cannot."""

    act: str
    label: str
    refused: str | None = None


class ReviewScreen:
    """One document for one user."""

    def __init__(self, desk: DeskContext, view: ReviewView, place: Place) -> None:
        self.desk = desk
        self.view = view
        self.place = place
        self.document = view.document
        self.may_work = desk.may(Right.INCOMING_WORK)
        self.can_edit = self.may_work and view.document.can_be_edited
        self.left = [self._header(key) for key in LEFT]
        self.right = [field for key in RIGHT for field in self._header_group(key)] + self._extra()
        self.lines = [self._line(line) for line in view.lines]

    # ---- the document ----

    @property
    def vendor(self) -> str:
        """The name on the card, or as printed, or that none is known."""
        return (
            self.document.vendor_name or self.document.seller_name or self.desk.text("review.vendor_unknown")
        )

    @property
    def word(self) -> str:
        """The screen word in the user's language."""
        return self.desk.text(f"review.word.{self.document.word}")

    @property
    def word_class(self) -> str:
        """Shape and colour of the screen word."""
        return WORD_CLASS[self.document.word]

    @property
    def title(self) -> str:
        """Title of the browser's tab."""
        return f"{self.document.incoming_no} · {self.vendor}"

    @property
    def read_only_reason(self) -> str | None:
        """Why nothing can be typed, for who looks for it."""
        if self.can_edit:
            return None
        if not self.may_work:
            return self.desk.text("review.read_only.rights", needs=self.desk.needs(Right.INCOMING_WORK))
        return self.desk.text(f"review.read_only.{self.document.word}")

    def address(self, number: str | None) -> str | None:
        """The address of another document of the same view."""
        if number is None:
            return None
        return f"/incoming/{number}?{urlencode({'view': self.place.view})}"

    # ---- fields ----

    @property
    def rows(self) -> Iterator[FieldScreen | None]:
        """The header fields row by row, as the eye and the Tab key go."""
        for left, right in zip_longest(self.left, self.right):
            yield left
            yield right

    @property
    def fields(self) -> list[FieldScreen]:
        """Every value that is shown, in reading order."""
        return [field for field in self.rows if field] + [cell for line in self.lines for cell in line.cells]

    def _header_group(self, key: str) -> list[FieldScreen]:
        if key != "<vat>":
            return [self._header(key)]
        stated = [group for group in self.view.vat_groups if group.stated_vat is not None]
        if not stated:
            return [self._header("total_vat")]
        return [
            self._field(
                group.stated_vat,
                label=self.desk.text("review.vat_of", rate=self.desk.formats.percent(group.rate)),
            )
            for group in stated
            if group.stated_vat is not None
        ]

    def _extra(self) -> list[FieldScreen]:
        """Values that are usually not shown, when one is open: nothing may keep a document in secret."""
        shown = {*LEFT, *RIGHT, "total_vat"}
        keys = [
            key
            for key, field in self.view.fields.items()
            if key not in shown and not key.startswith("vat_breakdown.") and field.is_open
        ]
        currency = self.view.fields.get("currency_code")
        if currency is not None and "currency_code" not in keys and self._is_foreign(currency):
            keys.append("currency_code")
        return [self._header(key) for key in keys]

    def _is_foreign(self, currency: FieldView) -> bool:
        return currency.value is not None and currency.value != self.view.arithmetic.currency_code

    def _header(self, key: str) -> FieldScreen:
        found = self.view.fields.get(key) or FieldView(key, None, None, None, FieldState.SURE)
        label = self._label(key)
        if key == "vendor":
            name = self.document.vendor_name or self.document.seller_name or ""
            return self._field(found, label=label, note=self._vendor_note(), lookup="vendors", value=name)
        return self._field(found, label=label, note=self._note(key))

    def _field(
        self,
        field: FieldView,
        *,
        label: str,
        note: str = "",
        lookup: str | None = None,
        value: str | None = None,
        line_no: int | None = None,
        column: str | None = None,
    ) -> FieldScreen:
        kind = _kind(field.key)
        state = "empty" if _is_just_empty(field) else field.state.value
        return FieldScreen(
            key=field.key,
            label=label,
            value=self._shown(kind, field.value) if value is None else value,
            state=state,
            word=self.desk.text(f"review.state.{state}"),
            why=self._why(field),
            percent=self._percent(field),
            printed=field.printed,
            origin=self._origin(field),
            page=field.page,
            box=field.box.as_list() if field.box else None,
            on_paper=field.box is None and field.path is not None and self.has_paper,
            is_open=field.is_open,
            note=note,
            kind=kind,
            lookup=lookup,
            line_no=line_no,
            column=column,
            code=field.value or "",
            candidates=tuple(
                {
                    "value": self._shown(kind, candidate.value),
                    "evidence": None
                    if candidate.box is None
                    else {
                        "page": candidate.page,
                        "box": candidate.box.as_list(),
                        "printed": candidate.printed or candidate.value,
                    },
                }
                for candidate in field.candidates
            ),
        )

    def _label(self, key: str) -> str:
        return self.desk.text(f"review.field.{key.replace('.', '_')}")

    def _note(self, key: str) -> str:
        field = self.view.fields.get(key)
        if key == "total_gross":
            return self.view.arithmetic.currency_code
        if key == "posting_date" and field is not None and field.value == str(self._today()):
            return self.desk.text("review.today")
        return ""

    def _vendor_note(self) -> str:
        number = self.document.vendor_no or ""
        if self.document.vendor_restricted:
            return self.desk.text("review.vendor_restricted_note", no=number)
        return number

    def _today(self) -> date:
        return self.desk.formats.local(self.desk.formats.now).date()

    def _shown(self, kind: str, value: str | None) -> str:
        if value is None or value == "":
            return ""
        formats = self.desk.formats
        try:
            if kind == "date":
                return formats.date(date.fromisoformat(value))
            if kind == "amount":
                return formats.amount(Decimal(value))
            if kind == "price":
                return formats.amount(Decimal(value).normalize())
            if kind in ("quantity", "percent"):
                return formats.quantity(Decimal(value))
        except (ValueError, InvalidOperation):
            return value
        return formats.iban(value) if kind == "iban" else value

    def _why(self, field: FieldView) -> str:
        if field.reason is not None:
            return self._reason(field.reason)
        if field.path:
            return self.desk.text("review.why.einvoice", path=field.path)
        if field.value is None:
            return self.desk.text("review.why.empty")
        return self.desk.text(f"review.why.{field.state}")

    def _reason(self, reason: Reason) -> str:
        values = dict(reason.values)
        if isinstance(values.get("field"), str):
            values["field"] = self.activity_field(str(values["field"]))
        return self.desk.text(reason.key, **values)

    def _percent(self, field: FieldView) -> str:
        if field.confidence is not None and field.box is not None:
            return self.desk.text("review.read_percent", percent=f"{field.confidence:.0%}")
        return self.desk.text("review.from_einvoice" if field.path else "review.not_on_page")

    def _origin(self, field: FieldView) -> str:
        if field.path:
            return self.desk.text("review.origin.einvoice")
        if field.state is FieldState.PROPOSED:
            return self.desk.text("review.origin.proposed")
        if field.state is FieldState.CONFIRMED:
            return self.desk.text("review.origin.entered")
        return self.desk.text("review.origin.not_on_document")

    # ---- lines ----

    def _line(self, line: LineView) -> LineScreen:
        cells = tuple(self._cell(line, column) for column in COLUMNS)
        state, mark = self._line_mark(line, cells)
        return LineScreen(line.line_no, cells, mark, state, self._reason(line.ground) if line.ground else "")

    def _cell(self, line: LineView, column: str) -> FieldScreen:
        field = line.cells[column]
        label = self.desk.text(
            "review.line_field", line=line.line_no, column=self.desk.text(f"review.column.{column}")
        )
        if column != "no":
            return self._field(field, label=label, line_no=line.line_no, column=column)
        named = " ".join(part for part in (line.no, line.name) if part)
        if line.type == "account" and line.no:
            named = self.desk.text("review.gl_account", named=named)
        return self._field(
            field, label=label, line_no=line.line_no, column=column, lookup="coding", value=named
        )

    def _line_mark(self, line: LineView, cells: Sequence[FieldScreen]) -> tuple[str, str]:
        if line.type == "comment":
            return "note", self.desk.text("review.mark.comment")
        worst = [cell for cell in cells if cell.is_open]
        if worst:
            column = worst[0].column or "no"
            state = "stop" if any(cell.state == FieldState.STOPPED for cell in worst) else "check"
            return state, self.desk.text(f"review.column.{column}").lower()
        if any(cell.state == FieldState.PROPOSED for cell in cells):
            return "proposed", self.desk.text("review.mark.proposed")
        return "ok", self.desk.text("review.mark.ok")

    # ---- checks, banners, sums ----

    def _check(self, name: str) -> Check | None:
        return next((check for check in self.view.checks if check.name == name), None)

    def check_title(self, check: Check) -> str:
        """The sentence behind a check, for its tooltip."""
        return self._reason(check.reason) if check.reason else ""

    @property
    def open_places(self) -> list[dict[str, str | None]]:
        """What keeps the document here, in the order of the walk: banners first, then fields."""
        fields = [field for field in self.fields if field.is_open]
        keys = {field.key for field in fields}
        counted_by_fields = {"fields", "coding"} if keys else set()
        places: list[dict[str, str | None]] = [
            {"check": check.name, "field": check.field if check.field in keys else None}
            for check in self.view.checks
            if check.state is not CheckState.OK
            and check.field not in keys
            and check.name not in counted_by_fields
        ]
        return places + [{"check": None, "field": field.key} for field in fields]

    @property
    def alerts(self) -> list[Alert]:
        """Banners, the one that stops the document first."""
        found = [
            *self._state_alerts(),
            *self._vendor_alerts(),
            *self._bank_alerts(),
            *self._duplicate_alerts(),
        ]
        order = {"stop": 0, "check": 1, "note": 2}
        return sorted(found, key=lambda alert: order[alert.kind])

    def _state_alerts(self) -> Iterator[Alert]:
        text, document = self.desk.text, self.document
        if document.failure is not None:
            again = (("read_again", text("review.act.read_again"), False),) if self.may_work else ()
            yield Alert("failure", "stop", text("review.alert.failed"), self._reason(document.failure), again)
        if document.wait_reason is not None:
            yield Alert("waits", "note", text("review.alert.waits"), self._reason(document.wait_reason))
        if document.word is ScreenWord.PARKED and document.parked_until is not None:
            until = self.desk.formats.date(document.parked_until)
            title = text("review.alert.parked", until=until)
            yield Alert("parked", "note", title, document.parked_for or "", self._for_workers("unpark"))
        if document.word is ScreenWord.REJECTED:
            title = text("review.alert.rejected")
            yield Alert("rejected", "note", title, document.reject_reason or "", self._for_workers("reopen"))
        if document.duplicate_of_no:
            link = (f"/incoming/{document.duplicate_of_no}", document.duplicate_of_no)
            title = text("review.alert.merged", no=document.duplicate_of_no)
            yield Alert("merged", "note", title, "", self._for_workers("not_a_duplicate"), link)
        if document.posted_no:
            link = (f"/invoices/{document.posted_no}", text("review.alert.show_entries"))
            title = text("review.alert.posted", no=document.posted_no)
            yield Alert("posted", "ok", title, "", (), link)

    def _for_workers(self, act: str) -> tuple[tuple[str, str, bool], ...]:
        return ((act, self.desk.text(f"review.act.{act}"), False),) if self.may_work else ()

    def _vendor_alerts(self) -> Iterator[Alert]:
        text, document = self.desk.text, self.document
        check = self._check("vendor")
        if document.vendor_no is None and document.stage is Stage.IN_REVIEW and check is not None:
            actions: tuple[tuple[str, str, bool], ...] = ()
            if self.can_edit and self.desk.may(Right.VENDOR_CREATE):
                actions = (("new_vendor", text("review.act.new_vendor"), False),)
            why = self.check_title(check) or text("review.alert.vendor_unknown_text")
            yield Alert("vendor", "stop", text("review.alert.vendor_unknown"), why, actions)
        if document.vendor_restricted and not document.posted_no:
            link = (f"/vendors/{document.vendor_no}", text("review.alert.open_card"))
            title = text("review.alert.vendor_restricted", no=document.vendor_no)
            yield Alert("restricted", "note", title, text("review.alert.vendor_restricted_text"), (), link)

    def _bank_alerts(self) -> Iterator[Alert]:
        bank, check = self.view.bank, self._check("bank_account")
        if bank is None or bank.is_on_card or check is None or check.state is CheckState.OK:
            return
        text = self.desk.text
        card = ", ".join(self.desk.formats.iban(iban) for iban in bank.card_ibans)
        actions = ((("keep_card", text("review.act.keep_card"), False),) if bank.card_ibans else ()) + (
            ("request_change", text("review.act.request_change"), False),
        )
        kind = "stop" if check.state is CheckState.STOP else "check"
        body = text("review.alert.bank_text", card=card) if card else text("review.alert.bank_none")
        yield Alert("bank_account", kind, text("review.alert.bank"), body, actions if self.can_edit else ())

    def _duplicate_alerts(self) -> Iterator[Alert]:
        check = self._check("duplicate")
        if check is None or check.state is CheckState.OK:
            return
        text = self.desk.text
        for twin in self.view.duplicates:
            path = "/invoices/" if twin.is_posted else "/incoming/"
            actions = (
                ("reject_duplicate", text("review.act.reject_duplicate"), True),
                ("not_a_duplicate", text("review.act.not_a_duplicate"), False),
            )
            body = text(
                "review.alert.duplicate_number" if twin.is_stop else "review.alert.duplicate_amount",
                amount=self.desk.formats.amount(twin.total_gross),
            )
            yield Alert(
                "duplicate",
                "stop" if twin.is_stop else "check",
                text("review.alert.duplicate", no=twin.number),
                body,
                actions if self.can_edit else (),
                (path + twin.url_no, text("review.act.compare")),
            )

    def _judgements(self) -> Iterator[Alert]:
        """Stops that only a person can lift, each with a reason (ID-70)."""
        for message in self.view.messages:
            if message.code in STOPPING and message.dismissed_by is None:
                action = (f"dismiss:{message.id}", self.desk.text("review.act.dismiss"), False)
                yield Alert(
                    "fields",
                    "stop",
                    self.message(message.code, message.values),
                    "",
                    (action,) if self.can_edit else (),
                )

    def sum_label(self, row: ArithmeticRow) -> str:
        """Lines, 21%, Total."""
        if row.name == "vat" and row.rate is not None:
            return self.desk.formats.percent(row.rate)
        return self.desk.text(f"review.sum.{row.name}")

    def cause(self, row: ArithmeticRow) -> str:
        """The likeliest cause of a difference."""
        return self._reason(row.cause) if row.cause else ""

    # ---- the finish ----

    @property
    def finish(self) -> Finish:
        """The one next step."""
        text, word, count = self.desk.text, self.document.word, len(self.open_places)
        if word is ScreenWord.NEEDS_REVIEW:
            if not self.may_work:
                return Finish("none", text("review.main.approve"), self.desk.needs(Right.INCOMING_WORK))
            if count:
                return Finish("check", text("review.main.check", count=count))
            if not self.view.can_approve:
                return Finish("none", text("review.main.approve"), text("review.main.not_yet"))
            return Finish("approve", text("review.main.approve"))
        if word is ScreenWord.READY_TO_POST:
            if not self.desk.may(Right.INVOICE_POST):
                return Finish("none", text("review.main.post"), self.desk.needs(Right.INVOICE_POST))
            if not self.view.can_post:
                return Finish("none", text("review.main.post"), text("review.main.see_preview"))
            return Finish("post", text("review.main.post"))
        return Finish(
            "next", text("review.main.next"), None if self.place.next_no else text("review.main.last")
        )

    @property
    def actions(self) -> list[tuple[str, str, bool]]:
        """The other buttons of the finish bar: (name, label, is_danger)."""
        if not self.may_work:
            return []
        names: dict[ScreenWord, tuple[str, ...]] = {
            ScreenWord.NEEDS_REVIEW: ("reject", "park"),
            ScreenWord.PARKED: ("reject", "unpark"),
            ScreenWord.READY_TO_POST: ("reject", "reopen"),
            ScreenWord.REJECTED: ("reopen",),
            ScreenWord.FAILED: ("reject", "read_again", "enter_by_hand"),
        }
        acts = names.get(self.document.word, ())
        return [(act, self.desk.text(f"review.act.{act}"), act == "reject") for act in acts]

    @property
    def open_messages(self) -> int:
        """How many messages nobody has dismissed."""
        return sum(1 for message in self.view.messages if message.dismissed_by is None)

    def message(self, code: str, values: Mapping[str, object]) -> str:
        """The text of a message of the record."""
        return self.desk.text(f"problem.{code}", **values)

    def activity(self, action: str) -> str:
        """What an entry of Activity says happened."""
        return self.desk.text(f"activity.{action}")

    def activity_field(self, key: str) -> str:
        """The label of the field an entry of Activity is about; the key itself if it has none."""
        texts = self.desk.texts.texts
        name = f"review.field.{key.replace('.', '_')}"
        if name in texts:
            return texts[name]
        group, _, column = key.rpartition(".")
        index = group.rpartition(".")[2]
        if not index.isdigit():
            return key
        if group.startswith("vat_breakdown."):
            return self.desk.text("review.field.total_vat")
        named = texts.get(f"review.column.{column}", column)
        return self.desk.text("review.line_field", line=int(index) + 1, column=named)

    @property
    def debit_total(self) -> Decimal:
        """Sum of the debits of the posting preview."""
        return sum((row.debit or Decimal(0) for row in self.view.preview), Decimal(0))

    @property
    def credit_total(self) -> Decimal:
        """Sum of the credits of the posting preview."""
        return sum((row.credit or Decimal(0) for row in self.view.preview), Decimal(0))

    # ---- the page ----

    @property
    def pages(self) -> list[tuple[int, float, float]]:
        """The pages that have a picture: number, width, height."""
        return [(page.page_no, page.width, page.height) for page in self.view.pages if page.can_be_shown]

    @property
    def has_paper(self) -> bool:
        """Whether the page is drawn from the values, because the document is data and has no picture."""
        return self.document.source == Source.EINVOICE_XML and not self.pages

    @property
    def by_key(self) -> Mapping[str, FieldScreen]:
        """Every shown value by its key."""
        return {field.key: field for field in self.fields}

    @property
    def paper_facts(self) -> list[str]:
        """Keys at the head of a page that is drawn from the values."""
        return [key for key in (*LEFT[1:], *RIGHT) if key in self.by_key and _kind(key) != "amount"]

    @property
    def paper_totals(self) -> list[str]:
        """Keys at the foot of a page that is drawn from the values."""
        return [field.key for field in self.right if field.kind == "amount"]

    def new_vendor(self) -> NewVendor:
        """What the page says of the vendor, for its card."""
        read = {key: field.value or field.read_value for key, field in self.view.fields.items()}
        country = (read.get("seller.country_code") or (read.get("seller.vat_id") or "")[:2]).upper()
        return NewVendor(
            name=read.get("seller.name") or self.document.seller_name or "",
            country_code=country if country.isalpha() else None,
            vat_id=read.get("seller.vat_id"),
            legal_id=read.get("seller.legal_id"),
            gln=read.get("seller.gln"),
            phone=read.get("seller.phone"),
            iban=read.get("payment_iban") or read.get("seller.iban"),
        )

    def evidence(self) -> list[dict[str, object]]:
        """Every value that has a place on the page, those that the form does not show too."""
        shown = {field.key: field for field in self.fields}
        for key, field in self.view.fields.items():
            if key not in shown and (field.box or field.path):
                shown[key] = self._field(field, label=self.activity_field(key))
        for group in self.view.vat_groups:
            for stated in (group.stated_net, group.stated_vat):
                if stated is not None and stated.key not in shown:
                    shown[stated.key] = self._field(stated, label=self.activity_field(stated.key))
        return [field.as_json() for field in shown.values() if field.box or field.on_paper]

    def script_texts(self) -> Mapping[str, str]:
        """The texts that the scripts of the page say themselves."""
        texts = self.desk.texts.texts
        return {key.removeprefix(SCRIPT_TEXTS): texts[key] for key in texts if key.startswith(SCRIPT_TEXTS)}

    def as_json(self, html: str) -> dict[str, object]:
        """What the scripts of the page get after every change."""
        new = self.new_vendor()
        return {
            "version": self.document.version,
            "title": self.title,
            "html": html,
            "can_edit": self.can_edit,
            "fields": [field.as_json() for field in self.fields],
            "open": self.open_places,
            "main": self.finish.act,
            "next_url": self.address(self.place.next_no),
            "next_image": f"/incoming/{self.place.next_no}/pages/1.png" if self.place.next_no else None,
            "previous_url": self.address(self.place.previous_no),
            "park_until": str(self._today() + timedelta(days=PARK_DAYS)),
            "new_vendor": {name: getattr(new, name) or "" for name in VENDOR_FORM},
        }


MOST_PLACES = 500
"""How far the position in a view is counted; beyond that there is no "3 of 4711"."""


def find_place(work: Work, document: DocumentView, view: str) -> Place:
    """Where a document stands in a view: as named, else the one it was most likely opened from."""
    chosen = View(view) if view in set(View) else _usual_view(document)
    rows = list_incoming(work, chosen, limit=MOST_PLACES).rows
    numbers = [row.incoming_no for row in rows]
    if document.incoming_no not in numbers:
        return Place(chosen.value, 0, len(numbers), None, numbers[0] if numbers else None)
    at = numbers.index(document.incoming_no)
    return Place(
        chosen.value,
        at + 1,
        len(numbers),
        numbers[at - 1] if at else None,
        numbers[at + 1] if at + 1 < len(numbers) else None,
    )


def _usual_view(document: DocumentView) -> View:
    usual = {
        ScreenWord.NEEDS_REVIEW: View.NEEDS_REVIEW,
        ScreenWord.READY_TO_POST: View.READY_TO_POST,
        ScreenWord.PARKED: View.PARKED,
        ScreenWord.FAILED: View.FAILED,
    }
    return usual.get(document.word, View.ALL)


VENDOR_FORM = ("name", "vat_id", "iban", "country_code", "legal_id", "gln", "phone")
"""Fields of the dialog that creates a vendor from the page."""


def _is_just_empty(field: FieldView) -> bool:
    """Whether the document simply does not have this, and need not: no doubt, nothing to do."""
    return field.state is FieldState.MISSING and not field.is_open and not field.read_value


def _kind(key: str) -> str:
    last = key.rsplit(".", 1)[-1]
    if key in DATES:
        return "date"
    if key in IBANS:
        return "iban"
    if key.startswith("total_") or last in AMOUNTS or key in ("paid_amount", "amount_due"):
        return "amount"
    kinds = {"unit_price": "price", "quantity": "quantity", "vat_rate": "percent", "rate": "percent"}
    return kinds.get(last, "text")
