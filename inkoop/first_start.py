"""The first start: tables, books, people with a password for once, and files in the inbox to begin with."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.master.users import Role, create_user, find_user, one_time_password
from core.work import MACHINE
from inkoop.books import create_demo_books
from inkoop.samples.demo import demo_files
from inkoop.samples.purchases import create_demo_purchases
from inkoop.samples.sales import create_demo_sales
from migrations import upgrade
from pipeline.runtime import Runtime

PASSWORDS = "first-passwords.txt"
PEOPLE = (
    ("kim", "Kim Bakker", Role.CLERK),
    ("pim", "Pim de Boer", Role.PURCHASER),
    ("bea", "Bea Mulder", Role.BOOKKEEPER),
    ("adam", "Adam Vos", Role.ADMINISTRATOR),
)

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class FirstPassword:
    """Who may sign in, once, with what."""

    user_no: str
    name: str
    role: str
    password: str


def prepare(runtime: Runtime, say: Say) -> tuple[FirstPassword, ...]:
    """Bring the tables up to date; make books and people when there are none. Says what it does.

    Returns the passwords of the people it made; they also stand in a file that only the owner can read.
    """
    upgrade(runtime.engine)
    with runtime.work(MACHINE) as work:
        if not create_demo_books(work):
            return ()
        say("Creating the books of the demo company")
        create_demo_purchases(work)
        create_demo_sales(work)
        people = tuple(
            FirstPassword(user_no, name, role.value, one_time_password())
            for user_no, name, role in PEOPLE
            if find_user(work, user_no) is None
        )
        for person in people:
            create_user(work, person.user_no, person.name, [Role(person.role)], person.password)
        # Written before the commit: books without a way in would be worse than a file without books.
        _write_passwords(runtime.settings.data_dir / PASSWORDS, people)
    return people


def fill_inbox(runtime: Runtime, say: Say) -> int:
    """Put the demo files into the inbox, each complete at once; returns how many."""
    inbox = runtime.settings.inbox_dir
    inbox.mkdir(parents=True, exist_ok=True)
    say("Making a dozen vendor files for the inbox")
    files = demo_files(runtime.today())
    for file in files:
        unfinished = inbox / f".{file.name}.part"
        unfinished.write_bytes(file.data)
        unfinished.replace(inbox / file.name)
    return len(files)


def _write_passwords(path: Path, people: tuple[FirstPassword, ...]) -> None:
    lines = [f"{person.user_no:<8} {person.password}   {person.name}, {person.role}" for person in people]
    text = (
        "Each of these works once; a new one is asked for at the first sign-in.\n\n" + "\n".join(lines) + "\n"
    )
    with suppress(FileNotFoundError):
        path.unlink()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
