"""Which role may do what: the authorisation matrix as data, deny by default.

A right that the matrix gives "if asked" or "own" is not here yet: nothing asks anyone before approvals
exist, so those roles see nothing of that area. Rights of several roles add up.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from core.errors import refuse
from core.master.users import Role
from core.work import Actor


class Right(StrEnum):
    """Something that a role may do. The name a person reads is the text `right.<value>`."""

    DESK_USE = "desk_use"
    INCOMING_LIST = "incoming_list"  # that a document is here and where it stands, without its contents
    INCOMING_READ = "incoming_read"
    INCOMING_WORK = "incoming_work"
    DRAFT_READ = "draft_read"
    DRAFT_WORK = "draft_work"
    INVOICE_POST = "invoice_post"
    ORDER_READ = "order_read"  # quotes, orders, return orders, receipts and return shipments
    ORDER_WORK = "order_work"
    GOODS_RECEIVE = "goods_receive"  # post and undo receipts and return shipments
    POSTED_READ = "posted_read"
    LEDGER_READ = "ledger_read"
    VENDOR_READ = "vendor_read"
    VENDOR_CREATE = "vendor_create"
    VENDOR_APPROVE = "vendor_approve"
    BANK_ACCOUNT_READ = "bank_account_read"
    BANK_ACCOUNT_REQUEST = "bank_account_request"
    BANK_ACCOUNT_CONFIRM = "bank_account_confirm"
    ITEM_READ = "item_read"
    USER_READ = "user_read"
    USER_WORK = "user_work"
    SETTINGS_READ = "settings_read"


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.CLERK: frozenset(
        {
            Right.DESK_USE,
            Right.INCOMING_LIST,
            Right.INCOMING_READ,
            Right.INCOMING_WORK,
            Right.DRAFT_READ,
            Right.DRAFT_WORK,
            Right.ORDER_READ,
            Right.POSTED_READ,
            Right.LEDGER_READ,
            Right.VENDOR_READ,
            Right.VENDOR_CREATE,
            Right.BANK_ACCOUNT_READ,
            Right.BANK_ACCOUNT_REQUEST,
            Right.ITEM_READ,
        }
    ),
    Role.APPROVER: frozenset({Right.DESK_USE, Right.VENDOR_READ}),
    Role.PURCHASER: frozenset(
        {
            Right.DESK_USE,
            Right.ORDER_READ,
            Right.ORDER_WORK,
            Right.GOODS_RECEIVE,
            Right.VENDOR_READ,
            Right.ITEM_READ,
        }
    ),
    Role.BOOKKEEPER: frozenset(
        {
            Right.DESK_USE,
            Right.INCOMING_LIST,
            Right.INCOMING_READ,
            Right.INCOMING_WORK,
            Right.DRAFT_READ,
            Right.DRAFT_WORK,
            Right.INVOICE_POST,
            Right.ORDER_READ,
            Right.POSTED_READ,
            Right.LEDGER_READ,
            Right.VENDOR_READ,
            Right.VENDOR_CREATE,
            Right.VENDOR_APPROVE,
            Right.BANK_ACCOUNT_READ,
            Right.BANK_ACCOUNT_REQUEST,
            Right.BANK_ACCOUNT_CONFIRM,
            Right.ITEM_READ,
            Right.SETTINGS_READ,
        }
    ),
    Role.TREASURER: frozenset(
        {
            Right.DESK_USE,
            Right.POSTED_READ,
            Right.LEDGER_READ,
            Right.VENDOR_READ,
            Right.BANK_ACCOUNT_READ,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            Right.DESK_USE,
            Right.INCOMING_LIST,
            Right.INCOMING_READ,
            Right.DRAFT_READ,
            Right.ORDER_READ,
            Right.POSTED_READ,
            Right.LEDGER_READ,
            Right.VENDOR_READ,
            Right.BANK_ACCOUNT_READ,
            Right.ITEM_READ,
            Right.USER_READ,
            Right.SETTINGS_READ,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {Right.DESK_USE, Right.INCOMING_LIST, Right.USER_READ, Right.USER_WORK, Right.SETTINGS_READ}
    ),
    Role.MACHINE: frozenset(
        {
            Right.INCOMING_LIST,
            Right.INCOMING_READ,
            Right.INCOMING_WORK,
            Right.DRAFT_READ,
            Right.DRAFT_WORK,
            Right.INVOICE_POST,
            Right.ORDER_READ,
            Right.POSTED_READ,
            Right.LEDGER_READ,
            Right.VENDOR_READ,
            Right.BANK_ACCOUNT_READ,
            Right.ITEM_READ,
            Right.SETTINGS_READ,
        }
    ),
}


def may(actor: Actor, right: Right) -> bool:
    """Whether one of the actor's roles has the right. A role that is not in the matrix has none."""
    return any(right in rights for role, rights in RIGHTS.items() if role.value in actor.roles)


def require(actor: Actor, right: Right) -> None:
    """Raise right_missing, with the right and the roles that have it, unless the actor has the right."""
    if not may(actor, right):
        raise refuse("right_missing", right=right.value, roles=",".join(roles_with(right)))


def roles_with(right: Right) -> list[Role]:
    """The people's roles that have the right, in the order of the matrix."""
    return [role for role, rights in RIGHTS.items() if right in rights and role is not Role.MACHINE]
