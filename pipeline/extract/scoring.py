"""The best candidate for each field, and how sure it is.

Candidates that say the same support each other; one that says something else and is nearly as good makes
the choice doubtful.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.extract.candidates import MAX_CANDIDATES, Candidate
from pipeline.extract.document import Field
from pipeline.extract.layout import Layout, Token, provenance

MIN_SCORE = 0.3
"""What is less likely is left out: an empty field is cheaper to fill than a wrong one to find."""

_SUPPORT = 0.25


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidate chosen for a key, and the confidence in it, 0 to 1."""

    candidate: Candidate
    confidence: float


def by_key(candidates: Iterable[Candidate]) -> dict[str, list[Candidate]]:
    """Candidates of each key, best first, at most MAX_CANDIDATES of them."""
    groups: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        groups[candidate.key].append(candidate)
    return {key: sorted(group, key=lambda c: -c.score)[:MAX_CANDIDATES] for key, group in groups.items()}


def choose(candidates: Sequence[Candidate], *, least: float = MIN_SCORE) -> Choice | None:
    """The value with the most behind it, printed by its best candidate; None when nothing reaches `least`."""
    ranked = ranking(candidates)
    if not ranked or ranked[0][1] < least:
        return None
    best, score = ranked[0]
    runner_up = ranked[1][1] if len(ranked) > 1 else 0.0
    return Choice(best, confidence_of(score, runner_up))


def ranking(candidates: Sequence[Candidate]) -> list[tuple[Candidate, float]]:
    """One candidate for each value with its joint score, best first; ties keep reading order."""
    groups: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        groups[candidate.value].append(candidate)
    ranked: list[tuple[Candidate, float]] = []
    for group in groups.values():
        group.sort(key=lambda c: -c.score)
        missing = 1.0 - group[0].score
        places = {id(c.tokens[0]) for c in group if c.tokens}
        support = sum(c.score for c in group[1:4]) if len(places) > 1 else 0.0
        ranked.append((group[0], group[0].score + missing * min(0.6, _SUPPORT * support)))
    ranked.sort(key=lambda pair: -pair[1])
    return ranked


def confidence_of(score: float, runner_up: float) -> float:
    """Confidence from a score and that of the best other value."""
    lead = max(0.0, score - runner_up) / max(score, 1e-6)
    return max(0.02, min(0.99, score * (0.72 + 0.28 * min(1.0, 2.0 * lead))))


def field_of(layout: Layout, candidate: Candidate, confidence: float) -> Field:
    """The field with its evidence; words that OCR read doubtfully lower the confidence."""
    evidence = provenance(layout, candidate.tokens)
    return Field(candidate.value, calibrated(confidence * _legibility(candidate.tokens)), evidence)


def calibrated(confidence: float) -> float:
    """The share of such values that is right, measured on documents the reader was not made with.

    Scores are too modest: of values at 0.35, 0.62 and 0.77 about 0.53, 0.78 and 0.96 were right.
    """
    doubt = 1.0 - max(0.0, min(1.0, confidence))
    return min(0.995, 1.0 - math.pow(doubt, 1.6))


def _legibility(tokens: Sequence[Token]) -> float:
    if not tokens:
        return 1.0
    worst = min(token.word.confidence for token in tokens)
    return 0.55 + 0.45 * worst
