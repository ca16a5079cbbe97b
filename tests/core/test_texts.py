"""Every code that the core raises has a text in every language, which its values fill."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import catalogue, errors
from core.catalogue import CORE_TEXTS, LANGUAGES, Catalogue
from core.errors import Problem, Term

CORE = Path(catalogue.__file__).parent
ELSEWHERE = {"users.py", "rights.py"}  # their texts stand with the pages that show them


@pytest.fixture(params=LANGUAGES)
def texts(request: pytest.FixtureRequest) -> Catalogue:
    return Catalogue.load(request.param, [CORE_TEXTS])


def test_every_code_of_the_core_has_a_text_that_its_values_fill(texts: Catalogue) -> None:
    for code, names, where in _raised():
        assert f"problem.{code}" in texts.texts, f"{code} has no text ({where})"
        wanted = {name for _, name, _, _ in string.Formatter().parse(texts.texts[f"problem.{code}"]) if name}
        assert names is None or wanted <= names, f"{code} at {where} gives {names}, its text wants {wanted}"


def test_every_term_of_the_core_has_a_word(texts: Catalogue) -> None:
    for tree, path in _trees():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and _name(node) == "Term"
                and isinstance(node.args[0], ast.Constant)
            ):
                assert f"term.{node.args[0].value}" in texts.texts, f"{node.args[0].value} in {path}"


def test_both_languages_have_the_same_keys() -> None:
    english, dutch = (Catalogue.load(language, [CORE_TEXTS]) for language in LANGUAGES)
    assert english.texts.keys() == dutch.texts.keys()


def test_a_term_among_the_values_is_shown_as_a_word_of_the_language() -> None:
    problem = Problem("field_missing", {"field": Term("posting_date"), "record": "I-00001"})
    dutch = Catalogue.load("nl", [CORE_TEXTS])
    assert dutch.problem(problem) == "De boekingsdatum moet worden ingevuld op I-00001."


def _raised() -> Iterator[tuple[str, set[str] | None, str]]:
    """Code, names of its values as far as the source tells them, and where."""
    for tree, path in _trees():
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                if not isinstance(node, ast.Call) or _name(node) not in ("refuse", "Problem"):
                    continue
                if not node.args or not isinstance(node.args[0], ast.Constant):
                    continue
                yield str(node.args[0].value), _values(node, function), f"{path.name}:{node.lineno}"


def _values(call: ast.Call, function: ast.FunctionDef) -> set[str] | None:
    if _name(call) == "refuse":
        return {word.arg for word in call.keywords if word.arg} - {"field", "line_no"}
    if len(call.args) < 2:
        return set()
    values = call.args[1]
    if isinstance(values, ast.Name):
        before = [
            node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == values.id
            and node.lineno < call.lineno
        ]
        if not before:
            return None
        values = before[-1]
    if not isinstance(values, ast.Dict) or None in values.keys:
        return None
    return {str(key.value) for key in values.keys if isinstance(key, ast.Constant)}


def _trees() -> Iterator[tuple[ast.Module, Path]]:
    for path in sorted(CORE.rglob("*.py")):
        if path.name not in ELSEWHERE and path != Path(errors.__file__):
            yield ast.parse(path.read_text("utf-8")), path


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""
