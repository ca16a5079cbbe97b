"""Units of measure as documents print them, brought to the codes of UN/ECE Recommendation 20 (ID-58)."""

from __future__ import annotations

_WORDS = {
    "C62": "c62 st st. stk stck stck. stuk stuks stück pc pcs pce piece pieces each ea pièce pièces unit"
    " units un h87",
    "HUR": "hur h hr hrs uur uren std std. stunde stunden hour hours heure heures",
    "DAY": "day dag dagen tag tage jour jours days",
    "MON": "mon maand maanden monat monate mois month months mnd",
    "ANN": "ann jaar jahr jahre an ans year years",
    "MTR": "mtr m meter meters metre metres mètre mètres lfm",
    "MTK": "mtk m2 m²",
    "MTQ": "mtq m3 m³",
    "KGM": "kgm kg kilo kilogram",
    "GRM": "grm g gr gram",
    "TNE": "tne t ton tonne tonnes",
    "LTR": "ltr l liter liters litre litres",
    "KMT": "kmt km",
    "KWH": "kwh",
    "CMT": "cmt cm",
    "MMT": "mmt mm",
    "XBX": "xbx box bx doos dozen karton carton",
    "XPK": "xpk pak pack pk paket pck vpe",
    "XPX": "xpx pallet palet palette",
    "PR": "pr paar paire pair pairs",
    "SET": "set sets",
    "RO": "ro rol rollen rolle roll rolls rouleau",
}
_CODES = {word: code for code, words in _WORDS.items() for word in words.split()}


def unit_code(printed: str | None) -> str | None:
    """The Rec 20 code of a printed unit; None when nothing is printed or nobody knows it.

    >>> unit_code("St."), unit_code("uur"), unit_code("EA"), unit_code("fnord")
    ('C62', 'HUR', 'C62', None)
    """
    return _CODES.get((printed or "").strip().casefold())


def same_unit(left: str | None, right: str | None) -> bool:
    """Whether two units are one: the same text, or the same code."""
    a, b = (left or "").strip().casefold(), (right or "").strip().casefold()
    return a == b or (unit_code(a) is not None and unit_code(a) == unit_code(b))
