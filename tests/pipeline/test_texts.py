"""Every code and reason of the journey has a text in each language (style §5)."""

import re
from pathlib import Path

import pytest

from core.catalogue import LANGUAGES, Catalogue
from pipeline.runtime import PIPELINE_TEXTS
from pipeline.workflow.resolve import MatchedBy

ROOT = Path(__file__).resolve().parents[2]
SOURCES = "\n".join(
    path.read_text("utf-8") for folder in ("pipeline", "inkoop") for path in (ROOT / folder).rglob("*.py")
)
CODES = sorted(set(re.findall(r'"(INC_[A-Z_]+)"', SOURCES)))
REASONS = sorted(set(re.findall(r'"((?:why|cause|wait)\.[a-z_]+)"', SOURCES)))
ACTIONS = sorted(set(re.findall(r'log\(work, \w+, "([a-z_]+)"', SOURCES)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_code_reason_and_action_has_a_text(language: str) -> None:
    texts = Catalogue.load(language, [PIPELINE_TEXTS]).texts
    wanted = [f"problem.{code}" for code in CODES] + REASONS + [f"activity.{name}" for name in ACTIONS]
    wanted += [f"why.vendor_by_{key}" for key in MatchedBy.__args__]
    assert [key for key in wanted if key not in texts] == []


def test_the_languages_say_the_same_with_the_same_values() -> None:
    by_language = [Catalogue.load(language, [PIPELINE_TEXTS]).texts for language in LANGUAGES]
    assert len({frozenset(texts) for texts in by_language}) == 1
    for key in by_language[0]:
        assert len({frozenset(re.findall(r"\{(\w+)", texts[key])) for texts in by_language}) == 1, key
