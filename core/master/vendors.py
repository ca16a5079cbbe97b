"""Vendors: who sends invoices, how they are recognised, and whether they may be used."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Integer, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Amount, Base, UtcDateTime
from core.errors import DomainError, Problem, Term, refuse
from core.master.company import get_company
from core.master.identifiers import compact, is_iban, is_vat_id, vat_id_format, vat_id_key
from core.master.number_series import Purpose, find_series, number_for
from core.work import Work

MAX_NO = 20


class VendorBlock(StrEnum):
    """What a block stops: nothing, payments, or everything (PU-13)."""

    NONE = "none"
    PAYMENT = "payment"
    ALL = "all"


class Vendor(Base):
    """A vendor card.

    A restricted vendor may stand on drafts; nothing is posted for it until a second person approves it
    (AP-37). `touchless_limit` is in local currency, 0 never. `search_name` is what a search compares.
    """

    __tablename__ = "vendor"
    __table_args__ = (
        CheckConstraint("blocked IN ('none', 'payment', 'all')", name="blocked"),
        CheckConstraint("pay_to_vendor_no IS NULL OR pay_to_vendor_no <> vendor_no", name="not_own_pay_to"),
    )

    vendor_no: Mapped[str] = mapped_column(String(MAX_NO), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    search_name: Mapped[str] = mapped_column(String(200), index=True)
    address: Mapped[str | None] = mapped_column(String(100))
    post_code: Mapped[str | None] = mapped_column(String(20))
    city: Mapped[str | None] = mapped_column(String(60))
    country_code: Mapped[str | None] = mapped_column(String(2))
    vat_id: Mapped[str | None] = mapped_column(String(30))
    vat_id_key: Mapped[str | None] = mapped_column(String(30), index=True)
    legal_id: Mapped[str | None] = mapped_column(String(30), index=True)
    gln: Mapped[str | None] = mapped_column(String(13), index=True)
    phone: Mapped[str | None] = mapped_column(String(30))
    email: Mapped[str | None] = mapped_column(String(100))
    language: Mapped[str | None] = mapped_column(String(2))

    posting_group: Mapped[str | None] = mapped_column(ForeignKey("vendor_posting_group.code"))
    general_business: Mapped[str | None] = mapped_column(String(20))
    vat_business: Mapped[str | None] = mapped_column(String(20))
    currency_code: Mapped[str | None] = mapped_column(String(3))
    payment_terms: Mapped[str | None] = mapped_column(ForeignKey("payment_terms.code"))
    priority: Mapped[int] = mapped_column(Integer, default=0)
    prices_include_vat: Mapped[bool] = mapped_column(Boolean, default=False)
    pay_to_vendor_no: Mapped[str | None] = mapped_column(ForeignKey("vendor.vendor_no"))
    default_account: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))
    touchless_limit: Mapped[Amount] = mapped_column(default=Decimal(0))
    purchaser_code: Mapped[str | None] = mapped_column(String(20))
    location_code: Mapped[str | None] = mapped_column(String(10))
    invoice_discount_code: Mapped[str | None] = mapped_column(String(20))
    over_receipt_code: Mapped[str | None] = mapped_column(String(20))

    blocked: Mapped[str] = mapped_column(String(10), default=VendorBlock.NONE.value)
    privacy_blocked: Mapped[bool] = mapped_column(Boolean, default=False)
    restricted: Mapped[bool] = mapped_column(Boolean, default=True)
    created_by: Mapped[str] = mapped_column(String(50))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    approved_by: Mapped[str | None] = mapped_column(String(50))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    version: Mapped[int] = mapped_column(Integer, default=1)

    bank_accounts: Mapped[list[VendorBankAccount]] = relationship(
        order_by="VendorBankAccount.code", cascade="all, delete-orphan"
    )


class BankAccountState(StrEnum):
    """Whether a second person has confirmed a bank account by a call back (PU-14)."""

    CONFIRMED = "confirmed"
    PENDING = "pending"
    RETIRED = "retired"


class VendorBankAccount(Base):
    """A bank account of a vendor. Only a confirmed one can be paid to."""

    __tablename__ = "vendor_bank_account"
    __table_args__ = (CheckConstraint("state IN ('confirmed', 'pending', 'retired')", name="state"),)

    vendor_no: Mapped[str] = mapped_column(ForeignKey("vendor.vendor_no"), primary_key=True)
    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    iban: Mapped[str] = mapped_column(String(34), index=True)
    bic: Mapped[str | None] = mapped_column(String(11))
    state: Mapped[str] = mapped_column(String(10), default=BankAccountState.PENDING.value)
    created_by: Mapped[str] = mapped_column(String(50))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    confirmed_by: Mapped[str | None] = mapped_column(String(50))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


@dataclass(frozen=True, slots=True)
class NewVendor:
    """What is known of a vendor to be registered. `vendor_no` None takes the next number of the series.

    Posting groups, VAT business group and terms left out are proposed from the vendors that are there.
    """

    name: str
    vendor_no: str | None = None
    address: str | None = None
    post_code: str | None = None
    city: str | None = None
    country_code: str | None = None
    vat_id: str | None = None
    legal_id: str | None = None
    gln: str | None = None
    phone: str | None = None
    email: str | None = None
    language: str | None = None
    iban: str | None = None
    bic: str | None = None
    posting_group: str | None = None
    general_business: str | None = None
    vat_business: str | None = None
    currency_code: str | None = None
    payment_terms: str | None = None
    pay_to_vendor_no: str | None = None
    prices_include_vat: bool = False
    blocked: str = VendorBlock.NONE.value
    default_account: str | None = None
    touchless_limit: Decimal = Decimal(0)


def create_vendor(work: Work, new: NewVendor) -> Vendor:
    """Register a vendor. It is restricted until somebody else approves it (AP-37).

    Raises `field_missing`, `vendor_exists`, `manual_no_not_allowed`, `vat_id_format`, `iban_invalid`.
    """
    problems = _problems(work, new)
    if problems:
        raise DomainError(problems)
    number = normal_no(new.vendor_no) if new.vendor_no else number_for(work, Purpose.VENDOR, work.today)
    if find_vendor(work, number) is not None:
        raise refuse("vendor_exists", field="vendor_no", no=number)
    vendor = vendor_row(work, number, _with_defaults(work, new))
    work.session.add(vendor)
    work.session.flush()
    return vendor


def approve_vendor(work: Work, vendor_no: str) -> Vendor:
    """Lift the restriction of a new vendor. Not by whoever registered it (S1): `own_vendor`."""
    vendor = get_vendor(work, vendor_no)
    if vendor.created_by == work.actor.user_no:
        raise refuse("own_vendor", no=vendor.vendor_no, name=vendor.name)
    if vendor.restricted:
        vendor.restricted = False
        vendor.approved_by, vendor.approved_at = work.actor.user_no, work.now
        vendor.version += 1
        work.session.flush()
    return vendor


def find_vendor(work: Work, vendor_no: str | None) -> Vendor | None:
    """The vendor with this number."""
    return work.session.get(Vendor, normal_no(vendor_no)) if vendor_no else None


def get_vendor(work: Work, vendor_no: str) -> Vendor:
    """The vendor with this number. Refuses with `vendor_not_found`."""
    vendor = find_vendor(work, vendor_no)
    if vendor is None:
        raise refuse("vendor_not_found", no=vendor_no)
    return vendor


def find_vendors(work: Work, text: str = "", limit: int = 50) -> list[Vendor]:
    """Vendors whose number, name, city or VAT number contains `text`, by name."""
    query = select(Vendor).order_by(Vendor.search_name, Vendor.vendor_no).limit(limit)
    wanted = text.strip().casefold()
    if wanted:
        query = query.where(Vendor.search_name.contains(wanted, autoescape=True))
    return list(work.session.scalars(query))


def vendors_with_vat_id(work: Work, vat_id: str) -> list[Vendor]:
    """Vendors with this VAT number, compared by ID-51: each without its own country code in front."""
    number = compact(vat_id)
    if not number:
        return []
    company = get_company(work)
    rows = work.session.scalars(
        select(Vendor).where(Vendor.vat_id_key.in_({number, number[2:]})).order_by(Vendor.vendor_no)
    )
    return [v for v in rows if v.vat_id_key == vat_id_key(number, v.country_code or company.country_code)]


def vendors_with_iban(work: Work, iban: str) -> list[Vendor]:
    """Vendors to whose card this bank account belongs, confirmed or not, except retired accounts."""
    query = (
        select(Vendor)
        .join(VendorBankAccount)
        .where(VendorBankAccount.iban == compact(iban), VendorBankAccount.state != BankAccountState.RETIRED)
        .order_by(Vendor.vendor_no)
    )
    return list(work.session.scalars(query).unique())


def pay_to_vendor(work: Work, vendor: Vendor) -> Vendor:
    """Who sends the bill for this vendor: one hop only (PU-12)."""
    if vendor.pay_to_vendor_no is None:
        return vendor
    return get_vendor(work, vendor.pay_to_vendor_no)


def normal_no(number: str) -> str:
    """A key of master data as it is kept: trimmed, upper case (PU-2)."""
    return number.strip().upper()


def vendor_row(work: Work, vendor_no: str, new: NewVendor, *, restricted: bool = True) -> Vendor:
    """The card of a new vendor, not yet added to the session."""
    country = new.country_code or get_company(work).country_code
    vendor = Vendor(
        vendor_no=vendor_no,
        name=new.name.strip(),
        address=new.address,
        post_code=new.post_code,
        city=new.city,
        country_code=new.country_code,
        vat_id=compact(new.vat_id) if new.vat_id else None,
        vat_id_key=vat_id_key(new.vat_id, country),
        legal_id=new.legal_id,
        gln=new.gln,
        phone=new.phone,
        email=new.email,
        language=new.language,
        posting_group=new.posting_group,
        general_business=new.general_business,
        vat_business=new.vat_business,
        currency_code=new.currency_code,
        payment_terms=new.payment_terms,
        pay_to_vendor_no=new.pay_to_vendor_no,
        prices_include_vat=new.prices_include_vat,
        blocked=new.blocked,
        default_account=new.default_account,
        touchless_limit=new.touchless_limit,
        restricted=restricted,
        created_by=work.actor.user_no,
        created_at=work.now,
        version=1,
        priority=0,
        privacy_blocked=False,
    )
    vendor.search_name = search_name(vendor)
    if new.iban:
        state = BankAccountState.PENDING if restricted else BankAccountState.CONFIRMED
        account = VendorBankAccount(
            vendor_no=vendor_no,
            code="BANK1",
            iban=compact(new.iban),
            bic=new.bic,
            state=state.value,
            created_by=work.actor.user_no,
            created_at=work.now,
        )
        vendor.bank_accounts = [account]
    return vendor


def search_name(vendor: Vendor) -> str:
    """What a search compares: number, name, city and VAT number, case folded."""
    parts = (vendor.vendor_no, vendor.name, vendor.city, vendor.vat_id)
    return " ".join(part for part in parts if part).casefold()[:200]


def _problems(work: Work, new: NewVendor) -> list[Problem]:
    problems = []
    if not new.name.strip():
        problems.append(
            Problem("field_missing", {"field": Term("name"), "record": Term("vendor")}, field="name")
        )
    if new.vendor_no:
        problems += _typed_no_problems(work, normal_no(new.vendor_no))
    country = new.country_code or get_company(work).country_code
    if new.vat_id and not is_vat_id(new.vat_id, country):
        values = {"value": new.vat_id, "country": country, "formats": vat_id_format(country)}
        problems.append(Problem("vat_id_format", values, field="vat_id"))
    if new.iban and not is_iban(new.iban):
        problems.append(Problem("iban_invalid", {"value": new.iban}, field="iban"))
    return problems


def _typed_no_problems(work: Work, number: str) -> list[Problem]:
    series = find_series(work, Purpose.VENDOR)
    if series is not None and not series.manual_nos:
        return [Problem("manual_no_not_allowed", {"series": series.code}, field="vendor_no")]
    if find_vendor(work, number) is not None:
        return [Problem("vendor_exists", {"no": number}, field="vendor_no")]
    return []


def _with_defaults(work: Work, new: NewVendor) -> NewVendor:
    """Fill in what is missing from an existing vendor of the same country, else of any (PU-9 in small)."""
    if new.posting_group and new.vat_business and new.payment_terms:
        return new
    company = get_company(work)
    country = new.country_code or company.country_code
    vendors = work.session.scalars(select(Vendor).where(~Vendor.restricted).order_by(Vendor.vendor_no)).all()
    peers = [v for v in vendors if (v.country_code or company.country_code) == country] or list(vendors)
    if not peers:
        return new
    model = peers[0]
    return replace(
        new,
        posting_group=new.posting_group or model.posting_group,
        general_business=new.general_business or model.general_business,
        vat_business=new.vat_business or model.vat_business,
        payment_terms=new.payment_terms or model.payment_terms,
    )
