"""What a user sets for themselves: language, theme, density of rows and single-letter keys."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from core.catalogue import LANGUAGES
from core.errors import refuse
from core.master.rights import Right
from core.master.users import DENSITIES, THEMES, get_user
from web.routing import Desk, DeskRequest

router = Desk()
LANGUAGE_NAMES = {"en": "English", "nl": "Nederlands"}


@router.page("/preferences", right=Right.DESK_USE)
def preferences(desk: DeskRequest) -> Response:
    """The form with what is set now."""
    names = {language: LANGUAGE_NAMES[language] for language in LANGUAGES}
    with desk.reading() as work:
        user = get_user(work, desk.actor.user_no)
        return desk.render("preferences.html", user=user, languages=names, themes=THEMES, densities=DENSITIES)


@router.action("/preferences", right=Right.DESK_USE)
def save_preferences(
    desk: DeskRequest,
    language: Annotated[str, Form()],
    theme: Annotated[str, Form()],
    density: Annotated[str, Form()],
    single_keys: Annotated[bool, Form()] = False,
) -> Response:
    """Keep them; they count from the next page on."""
    if language not in LANGUAGES or theme not in THEMES or density not in DENSITIES:
        raise refuse("request_not_understood")
    with desk.work() as work:
        user = get_user(work, desk.actor.user_no)
        user.language, user.theme, user.density, user.single_keys = language, theme, density, single_keys
        user.version += 1
    return desk.redirect("/preferences", notice="preferences.saved")


@router.page("/more", right=Right.DESK_USE)
def more(desk: DeskRequest) -> Response:
    """Every area as a list: what the bar at the bottom of a phone has no room for."""
    return desk.render("more.html")
