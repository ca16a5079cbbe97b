"""Random days in the books, as steps of golden cases: what fails can be read, kept and run as a case.

A `Day` draws steps from a seeded generator: what it knows of the books are the references of the steps that
succeeded. It does not try to be right. Many steps are refused, and a refused one must change nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import yaml

from tests.golden.references import Reference

Step = dict[str, Any]
FIRST_DAY = date(2026, 1, 5)
STOCKED = ("I-FIFO", "I-FIFO2", "I-AVG", "I-STD")
ITEMS = (*STOCKED, *STOCKED, "I-SVC", "I-NON")
UNITS = {"I-FIFO": ("BOX", "PAL"), "I-AVG": ("BOX",)}
VENDORS = ("V-NL", "V-NL", "V-NL", "V-NL2", "V-EU", "V-USD")
VAT = {"V-EU": ("H", "L", "Z"), "V-USD": ("H", "L", "Z")}
RATES = (Decimal("0.85"), Decimal("0.9137"), Decimal("1.02"))
ACCOUNTS = ("4100", "4200", "4300", "4400")
SETTINGS: tuple[Mapping[str, Any], ...] = (
    {},
    {},
    {"company": {"inventory": {"average_cost_period": "month"}}},
    {"company": {"discount_posting": "all"}},
    {"company": {"inventory": {"expected_cost_to_gl": False}}},
    {"company": {"purchasing": {"drop_shipment_sales_invoice_first": False}}},
    {"company": {"invoice_rounding": {"enabled": True, "precision": Decimal("0.05")}}},
    {"company": {"inventory": {"prevent_negative": False}}},
    {"company": {"inventory": {"automatic_cost_posting": False}}},
    {"company": {"inventory": {"automatic_cost_adjustment": "never"}}},
)


@dataclass
class Day:
    """Draws one step after the other; `references` are those of the adapter that runs them."""

    random: Random
    references: Mapping[str, Reference]
    count: int = 0
    vendors: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    queue: list[Step] = field(default_factory=list)

    def next_step(self) -> Step:
        """The next step: one that an earlier one asked for, or any."""
        if self.queue:
            return self.queue.pop(0)
        kinds: dict[Callable[[], Step | None], int] = {
            self._order: 3,
            self._receive: 6,
            self._invoice_order: 5,
            self._invoice: 4,
            self._combined_invoice: 3,
            self._charge: 2,
            self._credit_memo: 3,
            self._cancel: 2,
            self._correct: 1,
            self._undo: 1,
            self._sell: 5,
            self._count: 2,
            self._drop_shipment: 1,
            self._invoice_sales: 1,
            self._from_sale: 1,
            self._pay: 2,
            self._apply: 1,
        }
        while True:
            step = self.random.choices(list(kinds), list(kinds.values()))[0]()
            if step is not None:
                return step

    def remember(self, step: Step) -> None:
        """A step succeeded: what it made can be named from now on."""
        ref = step.get("ref")
        if ref is None:
            return
        self.lines[ref] = len(step.get("lines", ())) or self.lines.get(step.get("order", ""), 1)
        self.vendors[ref] = step.get("vendor") or self.vendors.get(step.get("order", ""), "")
        if "new" in step:
            self.lines[step["new"]] = self.lines.get(step["invoice"], 1)
            self.vendors[step["new"]] = self.vendors.get(step["invoice"], "")

    def _order(self) -> Step:
        vendor = self._one(VENDORS)
        step = self._document("order", "PO", vendor, self._lines(vendor, most=3))
        if self._chance(5):
            step["invoice_discount_percent"] = self._one([Decimal(2), Decimal("7.5")])
        return step

    def _receive(self) -> Step | None:
        order = self._any("order")
        if order is None:
            return None
        step: Step = {"do": "receive", "ref": self._ref("RC"), "order": order, "date": self._date()}
        if self._chance(2):
            step["quantities"] = self._quantities(order)
        return step

    def _invoice_order(self) -> Step | None:
        order = self._any("order")
        if order is None:
            return None
        step = self._billed({"do": "invoice_order", "ref": self._ref("INV"), "order": order})
        if self._chance(3):
            step["quantities"] = self._quantities(order)
        if self._chance(3):
            step["unit_costs"] = {1: self._cost()}
        if self._chance(3):
            step["receive"] = True
        return step

    def _invoice(self) -> Step:
        vendor = self._one(VENDORS)
        step = self._document("post_invoice", "INV", vendor, self._lines(vendor, most=4))
        if self._chance(6):
            step["lines"].append(self._negative(vendor))
        if self._chance(3):
            step["invoice_discount_percent"] = self._one([Decimal(1), Decimal("12.5")])
        if self._chance(3):
            self.queue += self._taken_back(step["ref"])
        return step

    def _combined_invoice(self) -> Step | None:
        first = self._any("receipt")
        if first is None:
            return None
        vendor = self.vendors[first]
        others = [ref for ref in self._all("receipt") if self.vendors[ref] == vendor and ref != first]
        receipts = [first, *self.random.sample(others, min(len(others), self.random.randint(0, 2)))]
        step = self._billed({"do": "post_invoice", "ref": self._ref("INV"), "vendor": vendor})
        step["receipts"] = receipts
        if self._chance(3):
            step["unit_costs"] = {1: self._cost()}
        if self._chance(4):
            step["quantities"] = {1: self._one([Decimal(1), Decimal("0.5"), Decimal(4)])}
        return step

    def _charge(self) -> Step | None:
        targets = [*self._all("receipt"), *self._all("invoice")]
        if not targets:
            return None
        chosen = [self._one(targets) for _ in range(self.random.randint(1, 3))]
        quantity = Decimal(len(chosen))
        line: Step = {"charge": "FREIGHT", "quantity": quantity, "unit_cost": self._cost()}
        line["assign"] = [{"to": f"{ref}.{self._line(ref)}", "quantity": Decimal(1)} for ref in chosen]
        kind = "post_invoice" if self._chance(4, hit=False) else "post_credit_memo"
        return self._document(kind, "T", self._one(["V-NL", "V-NL2"]), [line])

    def _credit_memo(self) -> Step | None:
        vendor = self._one(VENDORS)
        lines = self._lines(vendor, most=2)
        sources = [ref for ref in (*self._all("invoice"), *self._all("receipt")) if ref in self.lines]
        step = self._document("post_credit_memo", "CM", vendor, lines)
        if sources and self._chance(2):
            source = self._one(sources)
            vendor = self.vendors.get(source) or vendor
            line = {"item": self._one(STOCKED), "quantity": self._quantity(), "unit_cost": self._cost()}
            step |= {"vendor": vendor, "lines": [line | {"applies_to": f"{source}.{self._line(source)}"}]}
        invoices = [ref for ref in self._all("invoice") if self.vendors.get(ref) == step["vendor"]]
        if invoices and self._chance(2):
            step["apply_to"] = self._one(invoices)
        return step

    def _cancel(self) -> Step | None:
        invoice = self._any("invoice")
        return invoice and {"do": "cancel_invoice", "ref": self._ref("CM"), "invoice": invoice}  # type: ignore[return-value]

    def _correct(self) -> Step | None:
        invoice = self._any("invoice")
        if invoice is None:
            return None
        correction, posted = self._corrected(invoice)
        self.queue.append(posted)
        return correction

    def _taken_back(self, invoice: str) -> list[Step]:
        """An invoice that somebody regrets at once."""
        if self._chance(2):
            return self._corrected(invoice)
        return [{"do": "cancel_invoice", "ref": self._ref("CM"), "invoice": invoice}]

    def _corrected(self, invoice: str) -> list[Step]:
        """The correction and the new invoice that it leads to."""
        new = self._ref("DR")
        correction = {"do": "correct_invoice", "ref": self._ref("CM"), "invoice": invoice, "new": new}
        return [correction, {"do": "post", "document": new, "vendor_document": new}]

    def _undo(self) -> Step | None:
        receipt = self._any("receipt")
        return None if receipt is None else {"do": "undo_receipt", "receipt": receipt}

    def _sell(self) -> Step:
        lines = [self._sold() for _ in range(self.random.randint(1, 2))]
        step: Step = {"do": "sell", "ref": self._ref("SI"), "date": self._date(), "lines": lines}
        if self._chance(2):
            step["customer"] = "C-NL"
            for line in lines:
                line["unit_price"] = self._cost()
        return step

    def _sold(self) -> Step:
        return {"item": self._one(STOCKED), "quantity": self._quantity()}

    def _count(self) -> Step:
        quantity = self._quantity() * Decimal(self._one([1, 1, -1]))
        step = {"do": "adjust_inventory", "item": self._one(STOCKED), "date": self._date()}
        step["quantity"] = quantity
        if quantity > 0 and self._chance(2):
            step["unit_cost"] = self._cost()
        return step

    def _drop_shipment(self) -> Step:
        """A sales order, the purchase order for it, and later what comes of them."""
        sale, item = self._ref("SO"), self._one(STOCKED)
        sold: Step = {"item": item, "quantity": self._quantity(), "unit_price": self._cost()}
        vendor = self._one(["V-NL", "V-USD"])
        bought: Step = {"item": item, "quantity": sold["quantity"], "unit_cost": self._cost()}
        bought["drop_shipment_for"] = f"{sale}.1"
        order = self._document("order", "PO", vendor, [bought])
        self.queue.append(order)
        if self._chance(2):
            self.queue.append(
                {"do": "receive", "ref": self._ref("RC"), "order": order["ref"], "date": self._date()}
            )
        lines = [sold | {"drop_shipment": True}]
        return {"do": "sales_order", "ref": sale, "customer": "C-NL", "date": self._date(), "lines": lines}

    def _invoice_sales(self) -> Step | None:
        order = self._any("sales_order")
        return None if order is None else {"do": "invoice_sales", "order": order, "date": self._date()}

    def _from_sale(self) -> Step | None:
        sale = self._any("sales_invoice")
        if sale is None or sale not in self.lines:
            return None
        draft = self._ref("DR")
        self.queue.append({"do": "post", "document": draft})
        made: Step = {"do": "purchase_from_sale", "ref": draft, "sale": sale, "vendor": "V-NL", "lines": [1]}
        return self._billed(made) | {"unit_costs": {1: self._cost()}}

    def _pay(self) -> Step:
        vendor = self._one(VENDORS)
        bank = "BANK-USD" if vendor == "V-USD" else "BANK-EUR"
        step: Step = {
            "do": "pay",
            "ref": self._ref("PAY"),
            "vendor": vendor,
            "date": self._date(),
            "bank": bank,
        }
        step["amount"] = self._one([Decimal("12.10"), Decimal(50), Decimal("333.33")])
        if vendor == "V-USD" and self._chance(2):
            step["rate"] = self._one(RATES)
        invoices = [ref for ref in self._all("invoice") if self.vendors.get(ref) == vendor]
        if invoices and self._chance(2):
            step["apply"] = [{"document": self._one(invoices)}]
        elif self._chance(2):
            step["apply"] = "oldest"
        return step

    def _apply(self) -> Step | None:
        sources = [ref for ref in (*self._all("payment"), *self._all("credit_memo")) if ref in self.vendors]
        if not sources:
            return None
        source = self._one(sources)
        invoices = [ref for ref in self._all("invoice") if self.vendors.get(ref) == self.vendors[source]]
        if not invoices:
            return None
        target = {"document": self._one(invoices)}
        return {"do": "apply", "document": source, "date": self._date(), "to": [target]}

    def _document(self, do: str, prefix: str, vendor: str, lines: list[Step]) -> Step:
        step: Step = {
            "do": do,
            "ref": self._ref(prefix),
            "vendor": vendor,
            "date": self._date(),
            "lines": lines,
        }
        if do != "order":
            step["vendor_document"] = step["ref"]
        if vendor == "V-USD" and self._chance(2):
            step["rate"] = self._one(RATES)
        if self._chance(5) and not any("charge" in line for line in lines):
            step["prices_include_vat"] = True
        return step

    def _billed(self, step: Step) -> Step:
        return step | {"date": self._date(), "vendor_document": step["ref"]}

    def _lines(self, vendor: str, most: int) -> list[Step]:
        return [self._bought(vendor) for _ in range(self.random.randint(1, most))]

    def _bought(self, vendor: str) -> Step:
        if self._chance(5):
            line: Step = {"account": self._one(ACCOUNTS), "amount": round(self._cost() + 1, 2)}
            line["vat"] = self._one(VAT.get(vendor, ("H", "L", "Z", "ND")))
            return line
        item = self._one(ITEMS)
        line = {"item": item, "quantity": self._quantity(), "unit_cost": self._cost()}
        if item in UNITS and self._chance(4):
            line["uom"] = self._one(UNITS[item])
        if self._chance(4):
            line["discount_percent"] = self._one([Decimal("3.5"), Decimal(10), Decimal(100)])
        if vendor not in VAT and self._chance(6):
            line["vat"] = "ND"
        return line

    def _negative(self, vendor: str) -> Step:
        line = self._bought(vendor)
        name = "amount" if "amount" in line else "quantity"
        return line | {name: -line[name]}

    def _quantities(self, order: str) -> dict[int, Decimal]:
        lines = range(1, self.lines.get(order, 1) + 1)
        chosen = self.random.sample(lines, self.random.randint(1, len(lines)))
        return {
            line: self._one([Decimal(1), Decimal("0.5"), Decimal(2), Decimal(5)]) for line in sorted(chosen)
        }

    def _quantity(self) -> Decimal:
        return Decimal(self._one(["1", "2", "3", "5", "7", "10", "2.5"]))

    def _cost(self) -> Decimal:
        if self._chance(12):
            return Decimal(0)
        return Decimal(self.random.randint(1, 200_000)) / Decimal(self._one([100, 1000, 100_000]))

    def _date(self) -> date:
        """Mostly one day after the other; sometimes back-dated."""
        at = min(self.count, 80) if self._chance(3, hit=False) else self.random.randint(0, 80)
        return FIRST_DAY + timedelta(days=at)

    def _ref(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def _line(self, ref: str) -> int:
        return self.random.randint(1, max(1, min(self.lines.get(ref, 1), 3)))

    def _all(self, kind: str) -> list[str]:
        return [ref for ref, made in self.references.items() if made.kind == kind and self._is_there(made)]

    def _is_there(self, made: Reference) -> bool:
        return made.kind in ("order", "sales_order") or made.posted_no is not None

    def _any(self, kind: str) -> str | None:
        refs = self._all(kind)
        # The latest are what people work on.
        return self._one(refs[-6:]) if refs else None

    def _chance(self, one_in: int, *, hit: bool = True) -> bool:
        return (self.random.randrange(one_in) == 0) == hit

    def _one(self, options: Any) -> Any:
        return self.random.choice(list(options))


class _Dumper(yaml.SafeDumper):
    """Writes decimals as they are read."""


def _plain(dumper: yaml.SafeDumper, value: Decimal) -> yaml.Node:
    whole = value == value.to_integral_value()
    tag = "int" if whole else "float"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{tag}", str(int(value)) if whole else f"{value:f}")


_Dumper.add_representer(Decimal, _plain)


def as_case(steps: list[Step], setup: Mapping[str, Any]) -> str:
    """A golden case of these steps, to be kept once its figures are derived."""
    case = {"format": "inkoop-golden/1", "id": "X", "title": "found by chance", "base": "standard"}
    whole = case | ({"setup": dict(setup)} if setup else {}) | {"steps": steps}
    return yaml.dump(whole, Dumper=_Dumper, sort_keys=False, default_flow_style=None, width=160)
