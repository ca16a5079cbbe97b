"""What the review page shows, in the user's words and manner: labels, values, states, the next step.

Made from the prepared `ReviewView` of the pipeline. Nothing is decided here: which value is open and what may
be done are the pipeline's answers; this says them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import zip_longest
from urllib.parse import urlencode

from core.master.rights import Right
from core.master.vendors import NewVendor
from pipeline.extract.document import Source
from pipeline.incoming import ScreenWord
from pipeline.workflow.assessment import STOPPING
from pipeline.workflow.review_view import (
    ArithmeticRow,
    Check,
    CheckState,
    FieldState,
    FieldView,
    ReviewView,
)
from web.review_alerts import Alert, Alerts
from web.review_place import Place
from web.review_values import FieldScreen, ValueWords, kind_of
from web.view import DeskContext

LEFT = ("vendor", "invoice_number", "issue_date", "due_date", "posting_date", "payment_iban")
RIGHT = ("order_reference", "total_net", "<vat>", "total_gross", "payment_reference")
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
        self.words = ValueWords(desk, self.has_paper)
        self.left = [self._header(key) for key in LEFT]
        self.right = [field for key in RIGHT for field in self._header_group(key)] + self._extra()
        self.lines = [self.words.line(line) for line in view.lines]

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
            self.words.field(
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
        label = self.words.label(key)
        if key == "vendor":
            name = self.document.vendor_name or self.document.seller_name or ""
            return self.words.field(
                found, label=label, note=self._vendor_note(), lookup="vendors", value=name
            )
        return self.words.field(found, label=label, note=self._note(key))

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

    # ---- lines ----

    # ---- checks, banners, sums ----

    def check_title(self, check: Check) -> str:
        """The sentence behind a check, for its tooltip."""
        return self.words.reason(check.reason) if check.reason else ""

    @property
    def open_places(self) -> list[dict[str, str | None]]:
        """What keeps the document here, in the order of the walk: banners first, then fields."""
        fields = [field for field in self.fields if field.is_open]
        keys = {field.key for field in fields}
        places: list[dict[str, str | None]] = [
            {"check": check.name, "field": check.field if check.field in keys else None}
            for check in self.view.checks
            if check.state is not CheckState.OK and check.field not in keys and self._has_own_place(check)
        ]
        return places + [{"check": None, "field": field.key} for field in fields]

    def _has_own_place(self, check: Check) -> bool:
        """Whether a check is open for more than its fields: Fields is, when a banner asks for a person."""
        if check.name != "fields":
            return True
        return any(m.code in STOPPING and m.dismissed_by is None for m in self.view.messages)

    @property
    def alerts(self) -> list[Alert]:
        """Banners, the one that stops the document first."""
        return Alerts(self.desk, self.view, self.words).all()

    def sum_label(self, row: ArithmeticRow) -> str:
        """Lines, 21%, Total."""
        if row.name == "vat" and row.rate is not None:
            return self.desk.formats.percent(row.rate)
        return self.desk.text(f"review.sum.{row.name}")

    def cause(self, row: ArithmeticRow) -> str:
        """The likeliest cause of a difference."""
        return self.words.reason(row.cause) if row.cause else ""

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

    def activity_value(self, key: str | None, value: str) -> str:
        """An old or new value of Activity as the user writes it."""
        kind = kind_of((key or "").rpartition(" ")[2])
        return self.words.shown(kind, value)

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
        keys = (key for key in (*LEFT[1:], *RIGHT) if kind_of(key) != "amount")
        return [key for key in keys if key in self.by_key and self.by_key[key].on_paper]

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
                shown[key] = self.words.field(field, label=self.words.name_of(key))
        for group in self.view.vat_groups:
            for stated in (group.stated_net, group.stated_vat):
                if stated is not None and stated.key not in shown:
                    shown[stated.key] = self.words.field(stated, label=self.words.name_of(stated.key))
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


VENDOR_FORM = ("name", "vat_id", "iban", "country_code", "legal_id", "gln", "phone")
"""Fields of the dialog that creates a vendor from the page."""
