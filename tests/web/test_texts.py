"""Every text that a page or script asks for is there, in each language, with the same values to fill in."""

import re
from pathlib import Path
from string import Formatter

import pytest

from core.catalogue import LANGUAGES
from core.master.rights import Right
from core.master.users import Role
from core.reports.invoice_list import InvoiceView
from pipeline.incoming import ScreenWord
from pipeline.workflow.listing_view import View
from web.catalogues import best_language, load_catalogues

WEB = Path(__file__).parents[2] / "web"
CATALOGUES = load_catalogues()
IN_TEMPLATES = re.compile(r"""\bt\(\s*["']([a-z_.]+)["']\s*[,)]""")
IN_PYTHON = re.compile(r"""(?:\btext\(|notice=|\bkey = )\s*["']([a-z]+\.[a-z_.]+)["']""")
IN_SCRIPTS = re.compile(r"""\bt\(["']([a-z_.]+)["']""")
REFUSALS = re.compile(r"""(?:refuse|Problem)\(\s*["']([A-Za-z_]+)["']""")
FAMILIES = [
    *(f"role.{role.value}" for role in Role),
    *(f"right.{right.value}" for right in Right),
    *(f"view.{view.value}" for view in View),
    *(f"word.{word.value}" for word in ScreenWord),
    *(f"invoices.view_{view.value}" for view in InvoiceView),
    *(f"incoming.empty_{view.value}" for view in View),
]


def used_keys() -> set[str]:
    keys = set(FAMILIES)
    for template in (WEB / "templates").glob("*.html"):
        keys |= set(IN_TEMPLATES.findall(template.read_text("utf-8")))
    for module in [*WEB.glob("*.py"), *WEB.glob("*/*.py")]:
        source = module.read_text("utf-8")
        keys |= set(IN_PYTHON.findall(source))
        keys |= {f"problem.{code}" for code in REFUSALS.findall(source)}
    for script in [*WEB.glob("static/js/*.js"), *WEB.glob("static/card/*.js")]:
        keys |= {f"js.{key}" for key in IN_SCRIPTS.findall(script.read_text("utf-8"))}
    for module in (WEB.parent / "core" / "master").glob("users.py"):
        keys |= {f"problem.{code}" for code in REFUSALS.findall(module.read_text("utf-8"))}
    return keys


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_is_asked_for_is_there(language: str) -> None:
    missing = used_keys() - set(CATALOGUES[language].texts)
    assert sorted(missing) == []


def test_each_language_has_the_same_texts() -> None:
    english, *others = (set(CATALOGUES[language].texts) for language in LANGUAGES)
    for other in others:
        assert english ^ other == set()


def test_each_language_fills_in_the_same_values() -> None:
    for key, text in CATALOGUES["en"].texts.items():
        for language in LANGUAGES:
            assert fields(CATALOGUES[language].texts[key]) == fields(text), key


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_no_text_shouts_or_blames() -> None:
    """ux.md §6: no exclamation marks, no "please", no "oops", no "invalid"."""
    for language, words in {
        "en": ("please", "oops", "invalid"),
        "nl": ("alstublieft", "oeps", "ongeldig"),
    }.items():
        folder = WEB / "texts" / language
        for path in folder.glob("*.toml"):
            shown = path.read_text("utf-8").lower()
            assert "!" not in shown, path
            for word in words:
                assert word not in shown, path


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("nl-NL,nl;q=0.9,en;q=0.8", "nl"), ("de-DE,de;q=0.9", "en"), ("", "en"), ("fr, nl;q=0.5", "nl")],
)
def test_the_sign_in_page_speaks_the_browsers_language(accepted: str, language: str) -> None:
    assert best_language(accepted) == language
