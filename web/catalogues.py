"""The desk's texts in every language: those of the core, of the pipeline and its own."""

from __future__ import annotations

from pathlib import Path

from core.catalogue import CORE_TEXTS, LANGUAGES, Catalogue

DESK_TEXTS = Path(__file__).parent / "texts"
PIPELINE_TEXTS = Path(__file__).parents[1] / "pipeline" / "texts"
FOLDERS = (CORE_TEXTS, PIPELINE_TEXTS, DESK_TEXTS)


def load_catalogues() -> dict[str, Catalogue]:
    """One catalogue per language, read once when the desk starts."""
    return {language: Catalogue.load(language, FOLDERS) for language in LANGUAGES}


def best_language(accepted: str, default: str = "en") -> str:
    """The first language of an Accept-Language header that there are texts for; else the default."""
    for part in accepted.split(","):
        language = part.split(";")[0].strip().split("-")[0].casefold()
        if language in LANGUAGES:
            return language
    return default
