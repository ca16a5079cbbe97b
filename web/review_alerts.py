"""The banners of the review page: what stops the document, what is to look at, what happened to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.master.rights import Right
from pipeline.incoming import ScreenWord, Stage
from pipeline.workflow.assessment import STOPPING
from pipeline.workflow.review_view import Check, CheckState, ReviewView
from web.review_values import ValueWords
from web.view import DeskContext

ORDER = {"stop": 0, "check": 1, "ok": 2, "note": 3}


@dataclass(frozen=True, slots=True)
class Alert:
    """A banner above the fields: `kind` stop, check or note; `actions` are (name, label, is_danger)."""

    name: str
    kind: str
    title: str
    text: str
    actions: tuple[tuple[str, str, bool], ...] = ()
    link: tuple[str, str] | None = None


class Alerts:
    """The banners of one document for one user."""

    def __init__(self, desk: DeskContext, view: ReviewView, words: ValueWords) -> None:
        self.desk = desk
        self.view = view
        self.document = view.document
        self._words = words
        self._may_work = desk.may(Right.INCOMING_WORK)
        self._can_edit = self._may_work and view.document.can_be_edited

    def all(self) -> list[Alert]:
        """The one that stops the document first."""
        found = [
            *self._state_alerts(),
            *self._vendor_alerts(),
            *self._bank_alerts(),
            *self._duplicate_alerts(),
            *self._judgements(),
        ]
        return sorted(found, key=lambda alert: ORDER[alert.kind])

    def _check(self, name: str) -> Check | None:
        return next((check for check in self.view.checks if check.name == name), None)

    def _state_alerts(self) -> Iterator[Alert]:
        text, document = self.desk.text, self.document
        if document.failure is not None:
            again = (("read_again", text("review.act.read_again"), False),) if self._may_work else ()
            yield Alert(
                "failure", "stop", text("review.alert.failed"), self._words.reason(document.failure), again
            )
        if document.wait_reason is not None:
            yield Alert("waits", "note", text("review.alert.waits"), self._words.reason(document.wait_reason))
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
        return ((act, self.desk.text(f"review.act.{act}"), False),) if self._may_work else ()

    def _vendor_alerts(self) -> Iterator[Alert]:
        text, document = self.desk.text, self.document
        check = self._check("vendor")
        if document.vendor_no is None and document.stage is Stage.IN_REVIEW and check is not None:
            actions: tuple[tuple[str, str, bool], ...] = ()
            if self._can_edit and self.desk.may(Right.VENDOR_CREATE):
                actions = (("new_vendor", text("review.act.new_vendor"), False),)
            why = (
                self._words.reason(check.reason) if check.reason else text("review.alert.vendor_unknown_text")
            )
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
        yield Alert("bank_account", kind, text("review.alert.bank"), body, actions if self._can_edit else ())

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
                actions if self._can_edit else (),
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
                    self.desk.text(f"problem.{message.code}", **message.values),
                    "",
                    (action,) if self._can_edit else (),
                )
