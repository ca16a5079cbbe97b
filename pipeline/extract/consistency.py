"""Do the numbers agree? The calculation rules of EN 16931, used to choose between candidates.

net + VAT = gross (BR-CO-15), the VAT of all rates is the VAT (BR-CO-14), the lines are the net (BR-CO-10).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product

from pipeline.extract.candidates import Candidate, RowCandidate
from pipeline.extract.printed import Printed
from pipeline.extract.scoring import Choice, confidence_of, ranking
from pipeline.extract.values import plain

TOTALS = ("total_net", "total_vat", "total_gross")

_CENT = Decimal("0.015")
_MAX_RATE = Decimal("0.31")
_CONSIDERED = 7
_LEFT_OUT = 0.3
_FOUND_BY_SUM = 0.36


@dataclass(frozen=True, slots=True)
class Evidence:
    """Sums that the totals should agree with; None where there is nothing to add up."""

    lines: Decimal | None
    vat: Decimal | None
    bases: Decimal | None
    rates: int


def evidence(lines: Sequence[RowCandidate], subtotals: Sequence[RowCandidate]) -> Evidence:
    """Add up the lines and the VAT subtotals."""
    return Evidence(
        _sum([line.cells["net_amount"] for line in lines if "net_amount" in line.cells], len(lines)),
        _sum([row.cells["vat"] for row in subtotals if "vat" in row.cells], len(subtotals)),
        _sum([row.cells["net"] for row in subtotals if "net" in row.cells], len(subtotals)),
        len(subtotals),
    )


def choose_totals(
    groups: Mapping[str, Sequence[Candidate]], printed: Printed, sums: Evidence
) -> dict[str, Choice]:
    """Net, VAT and gross chosen together: the triple that is best labelled and adds up best.

    A total that no label names is taken when the two others give it and the page prints it.
    """
    options = {key: ranking(groups.get(key, ()))[:_CONSIDERED] for key in TOTALS}
    for key, extra in _by_arithmetic(options, printed, sums).items():
        known = {c.value for c, _ in options[key]}
        options[key].extend((c, c.score) for c in extra if c.value not in known)
    best: tuple[float, tuple[tuple[Candidate, float] | None, ...]] | None = None
    runner_up = 0.0
    for triple in product(*[[None, *options[key]] for key in TOTALS]):
        score = sum(_LEFT_OUT if part is None else part[1] for part in triple)
        score += _agreement([None if part is None else part[0] for part in triple], sums, groups)
        if best is None or score > best[0]:
            runner_up = best[0] if best else 0.0
            best = (score, triple)
        else:
            runner_up = max(runner_up, score)
    if best is None:
        return {}
    chosen = [None if part is None else part[0] for part in best[1]]
    agrees = _adds_up(chosen)
    choices: dict[str, Choice] = {}
    for key, part in zip(TOTALS, best[1], strict=True):
        if part is not None:
            others = [score for c, score in options[key] if c.value != part[0].value]
            confidence = confidence_of(part[1], 0.6 * max(others, default=0.0))
            if agrees:
                confidence = min(0.99, 0.55 + 0.44 * min(1.0, confidence + 0.35))
            elif agrees is False:
                confidence *= 0.7
            choices[key] = Choice(part[0], confidence)
    return choices


def amount_due(groups: Mapping[str, Sequence[Candidate]], totals: Mapping[str, Choice]) -> Choice | None:
    """What is to be paid (BT-115): as printed, and gross less what was paid where that is printed (BR-CO-16).

    Where nothing is printed as due and nothing as paid, the gross total is what is due.
    """
    ranked = ranking(groups.get("amount_due", ()))
    gross = totals.get("total_gross")
    if gross is None:
        return (
            Choice(ranked[0][0], confidence_of(ranked[0][1], 0.0)) if ranked and ranked[0][1] > 0.5 else None
        )
    total = Decimal(gross.candidate.value)
    paid = [Decimal(c.value) for c in groups.get("paid_amount", ())[:4]]
    expected = {abs(total), *(abs(total) - abs(p) for p in paid)}
    scored = [
        (c, score + (0.35 if any(_same(abs(Decimal(c.value)), e) for e in expected) else -0.15))
        for c, score in ranked
    ]
    scored.sort(key=lambda pair: -pair[1])
    if scored and scored[0][1] >= 0.45:
        return Choice(scored[0][0], confidence_of(min(0.97, scored[0][1]), 0.0))
    if any(paid):
        return None
    return Choice(replace(gross.candidate, key="amount_due"), 0.8 * gross.confidence)


def unsigned(candidate: Candidate) -> Candidate:
    """The amount without its sign, as it is kept for a credit note."""
    return replace(candidate, value=candidate.value.removeprefix("-"))


def _agreement(
    triple: Sequence[Candidate | None], sums: Evidence, groups: Mapping[str, Sequence[Candidate]]
) -> float:
    net, vat, gross = triple
    bonus = 0.0
    agrees = _adds_up(triple)
    if agrees is not None:
        without_vat = vat is not None and not Decimal(vat.value)
        bonus += (0.55 if without_vat else 1.0) if agrees else -0.4
        if not agrees and _adds_up_with_discount(triple, groups):
            bonus += 1.1
    if net is not None and vat is not None and abs(Decimal(vat.value)) > abs(Decimal(net.value)) * _MAX_RATE:
        bonus -= 1.2
    taxed = [c for c in groups.get("total_vat", ())[:3] if Decimal(c.value)]
    if net is not None and gross is not None and vat is None and net.value == gross.value and taxed:
        bonus -= 0.35
    if sums.bases is not None and sums.vat is not None and gross is not None:
        bonus += 0.4 if _same(Decimal(gross.value), sums.bases + sums.vat) else 0.0
        if net is not None and not _same(Decimal(net.value), sums.bases):
            bonus -= 0.25 if sums.rates < 2 else 0.7
    for candidate, total, weight in (
        (net, sums.lines, 0.5),
        (vat, sums.vat, 0.5),
        (net, sums.bases, 0.5),
        (gross, sums.lines, 0.15),
    ):
        if candidate is not None and total is not None:
            bonus += weight if _same(Decimal(candidate.value), total) else 0.0
    if gross is not None:
        dues = groups.get("amount_due", ())
        bonus += 0.2 if any(_same(Decimal(gross.value), Decimal(due.value)) for due in dues[:3]) else 0.0
    places = [id(c.tokens[0]) for c in triple if c is not None and c.tokens]
    if len(set(places)) < len(places):
        bonus -= 0.7
    if net is not None and gross is not None:
        bonus -= 0.5 if abs(Decimal(net.value)) > abs(Decimal(gross.value)) + _CENT else 0.0
    return bonus


def _adds_up_with_discount(
    triple: Sequence[Candidate | None], groups: Mapping[str, Sequence[Candidate]]
) -> bool:
    """net less a discount, or plus a charge, and VAT is gross (BR-CO-13)."""
    net, vat, gross = (Decimal(c.value) if c else Decimal(0) for c in triple)
    steps = [-abs(Decimal(c.value)) for c in groups.get("total_allowance", ())[:3]]
    steps += [abs(Decimal(c.value)) for c in groups.get("total_charge", ())[:3]]
    return any(step and _same(net + step + vat, gross) for step in steps)


def _adds_up(triple: Sequence[Candidate | None]) -> bool | None:
    net, vat, gross = triple
    if net is None or vat is None or gross is None:
        return None
    return _same(Decimal(net.value) + Decimal(vat.value), Decimal(gross.value))


def _by_arithmetic(
    options: Mapping[str, Sequence[tuple[Candidate, float]]], printed: Printed, sums: Evidence
) -> dict[str, list[Candidate]]:
    """Printed amounts that two known totals, or the lines, or the VAT rows give."""
    where: dict[Decimal, Candidate] = {}
    for matches in printed.amounts.values():
        for match in matches:
            if match.value.is_money:
                found = Candidate("", plain(match.value.amount, 2), match.tokens, _FOUND_BY_SUM, False)
                where[match.value.amount] = found  # the last place it is printed: totals come last
    wanted: dict[str, set[Decimal]] = {key: set() for key in TOTALS}
    nets = [Decimal(c.value) for c, _ in options["total_net"][:4]]
    vats = [Decimal(c.value) for c, _ in options["total_vat"][:4]]
    grosses = [Decimal(c.value) for c, _ in options["total_gross"][:4]]
    if sums.lines is not None:
        nets.append(sums.lines)
        wanted["total_net"].add(sums.lines)
    if sums.bases is not None:
        nets.append(sums.bases)
        wanted["total_net"].add(sums.bases)
    if sums.vat is not None:
        vats.append(sums.vat)
        wanted["total_vat"].add(sums.vat)
    wanted["total_gross"].update(net + vat for net, vat in product(nets, vats))
    wanted["total_net"].update(gross - vat for gross, vat in product(grosses, vats) if vat)
    wanted["total_vat"].update(gross - net for gross, net in product(grosses, nets) if gross != net)
    return {
        key: [replace(where[value], key=key) for value in sorted(values) if value in where]
        for key, values in wanted.items()
    }


def _sum(cells: Sequence[Candidate], expected: int) -> Decimal | None:
    if not cells or len(cells) != expected:
        return None
    return sum((Decimal(cell.value) for cell in cells), Decimal(0))


def _same(a: Decimal, b: Decimal) -> bool:
    return abs(a - b) <= _CENT
