"""The command `inkoop`: thin, one function call for each thing an operator can start and ask."""

from __future__ import annotations

import json
import signal
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import Progress

from core.errors import DomainError
from core.master.users import Role as UserRole
from core.master.users import create_user, list_users, one_time_password, reset_password, roles_of
from core.work import Actor
from inkoop import extract as extracting
from inkoop.doctor import examine, settings_in_force
from inkoop.first_start import PASSWORDS, FirstPassword, fill_inbox, prepare
from inkoop.processes import Role, run_role
from inkoop.run import CannotStart, Supervisor
from inkoop.status import status as ask_status
from inkoop.verify import verify as prove
from migrations import current_revision, upgrade
from pipeline.runtime import Runtime, opened, set_up_logging
from pipeline.settings import Settings, WrongSetting

OPERATOR = Actor("operator", "Operator", frozenset({UserRole.ADMINISTRATOR.value}))

app = typer.Typer(
    help="Purchase-to-pay: vendor files in by an inbox folder, read, reviewed in a browser, posted to a real "
    "purchase ledger.\n\nStart with `inkoop run`. Settings are environment variables: docs/operator.md.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    add_completion=False,
)
users = typer.Typer(help="People who sign in: add one, list them, give a new password.", no_args_is_help=True)
app.add_typer(users, name="user")

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for a program.")]


class Only(StrEnum):
    """One kind of process."""

    WEB = "web"
    WORKER = "worker"
    BEAT = "beat"
    WATCHER = "watcher"


@app.command()
def run(
    only: Annotated[
        Only | None, typer.Option(help="Start this kind of process alone, as in a container.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address the pages listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port the pages listen on.")] = None,
) -> None:
    """Start Inkoop: web pages, workers, the periodic sweep and the inbox watcher. Ctrl-C stops it.

    The first start makes the books of a demo company, three people with a password for once, and a dozen
    vendor files in the inbox. Needs nothing else: no Redis, no PostgreSQL.

    Example: `inkoop run --port 8322`
    """
    settings = _settings().at(host, port)
    if only is not None:
        run_role(Role(only.value), settings)
        return
    with opened(settings) as runtime:
        people = prepare(runtime, _say)
        if people:
            fill_inbox(runtime, _say)
    set_up_logging(settings, "supervisor")
    _greet(settings, people)
    try:
        Supervisor(settings).run()
    except CannotStart as error:
        _give_up(str(error))


@app.command()
def demo(
    books_only: Annotated[bool, typer.Option("--books-only", help="Make the books, no files.")] = False,
) -> None:
    """Make the books of the demo company when there are none, and put a dozen vendor files into the inbox."""
    with opened(_settings()) as runtime:
        people = prepare(runtime, _say)
        if not books_only:
            _say(f"{fill_inbox(runtime, _say)} files are in {runtime.settings.inbox_dir}")
        _tell_passwords(runtime.settings, people)


@app.command()
def migrate(
    books: Annotated[
        bool, typer.Option("--books", help="Make the demo books too, when there are none.")
    ] = False,
) -> None:
    """Bring the tables of the database up to date. Safe to run again, and by several at once."""
    with opened(_settings()) as runtime:
        if books:
            people = prepare(runtime, _say)
            if people:
                fill_inbox(runtime, _say)
            _tell_passwords(runtime.settings, people)
        else:
            upgrade(runtime.engine)
        _say(f"The tables are at revision {current_revision(runtime.engine)}")


@app.command()
def status(as_json: AsJson = False) -> None:
    """Say how many documents are where, and how old the oldest job is."""
    with opened(_settings()) as runtime:
        found = ask_status(runtime)
    if as_json:
        print(json.dumps(found.to_json()))
        return
    for word, count in found.documents.items():
        if count:
            console.print(f"{count:6}  {word.replace('_', ' ')}")
    if found.refused:
        console.print(f"{found.refused:6}  refused")
    waiting = ", ".join(f"{count} {state}" for state, count in sorted(found.jobs.items())) or "none"
    console.print(f"Jobs: {waiting}")
    if found.oldest_seconds is not None:
        console.print(f"The oldest job has been due for {found.oldest_seconds} s")


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Look whether everything is here that Inkoop needs, and say how to mend what is not.

    Exit code 1 when something is missing without which it does not work.
    """
    with opened(_settings()) as runtime:
        findings = examine(runtime)
        settings = settings_in_force(runtime)
    if as_json:
        body = {"findings": [finding.to_json() for finding in findings], "settings": settings}
        print(json.dumps(body))
    else:
        marks = {"ok": "[green]ok     [/]", "warning": "[yellow]missing[/]", "error": "[red]wrong  [/]"}
        for finding in findings:
            console.print(f"{marks[finding.state]}  {finding.name}: {finding.text}", soft_wrap=True)
            if finding.remedy:
                console.print(f"         {finding.remedy}", soft_wrap=True)
        for name, value in settings.items():
            console.print(f"         {name}: {value}", soft_wrap=True)
    if any(finding.state == "error" for finding in findings):
        raise typer.Exit(1)


@app.command()
def verify(as_json: AsJson = False) -> None:
    """Prove from the stored rows that the books hold, and from the stored files that the originals do.

    Names the first row that does not, and exits 1 then.
    """
    with opened(_settings()) as runtime, Progress(console=errors, transient=True, disable=as_json) as bars:
        bar = bars.add_task("Verifying", total=None)
        broken = prove(runtime, lambda done, total: bars.update(bar, completed=done, total=total))
    if as_json:
        print(json.dumps({"holds": not broken, "broken": [one.to_json() for one in broken]}))
    elif not broken:
        console.print("Everything holds: ledgers, control accounts, stock value, registers and originals.")
    for one in broken if not as_json else ():
        found = f"expected {one.expected}, found {one.actual}; first row: {one.first_row}"
        console.print(f"{one.check} {one.key}: {found}", style="red", markup=False, soft_wrap=True)
    if broken:
        raise typer.Exit(1)


@app.command()
def extract(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders that are read with all below them.")],
    out: Annotated[Path, typer.Option(help="Folder for the results, one .json for each file.")],
    jobs: Annotated[int, typer.Option(help="Documents read at the same time.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Read documents into JSON, without a database. A file that cannot be read does not stop the others.

    Example: `inkoop extract invoices/ --out read/ --jobs 2`
    """
    raise typer.Exit(extracting.extract(paths, out, jobs, as_json))


@users.command("add")
def add_user(
    name: Annotated[str, typer.Argument(help="What the person signs in with, such as kim.")],
    full_name: Annotated[str, typer.Argument(help="What others see, such as 'Kim Bakker'.")],
    role: Annotated[
        list[UserRole], typer.Option(help="A role; give it again for more than one. Rights add up.")
    ],
    language: Annotated[str, typer.Option(help="Language of the pages: en or nl.")] = "en",
) -> None:
    """Add a person, and print a password that works once.

    Example: `inkoop user add kim 'Kim Bakker' --role clerk`
    """
    password = one_time_password()
    with opened(_settings()) as runtime:
        try:
            with runtime.work(OPERATOR) as work:
                create_user(work, name, full_name, role, password, language=language)
        except DomainError as error:
            _refuse(runtime, error)
    console.print(f"{name} can sign in once with {password}")


@users.command("list")
def list_people(as_json: AsJson = False) -> None:
    """List everybody who may sign in, with their roles."""
    with opened(_settings()) as runtime, runtime.reading(OPERATOR) as work:
        rows = [
            {
                "name": user.user_no,
                "full_name": user.name,
                "roles": sorted(role.value for role in roles_of(work, user.user_no)),
                "active": user.is_active,
            }
            for user in list_users(work)
        ]
    if as_json:
        print(json.dumps(rows))
        return
    for row in rows:
        roles = ", ".join(str(role) for role in row["roles"]) if isinstance(row["roles"], list) else ""
        console.print(
            f"{row['name']:<12} {row['full_name']} ({roles}){'' if row['active'] else ', not active'}"
        )


@users.command("password")
def new_password(name: Annotated[str, typer.Argument(help="What the person signs in with.")]) -> None:
    """Give a person a new password that works once; they are signed out everywhere."""
    with opened(_settings()) as runtime:
        try:
            with runtime.work(OPERATOR) as work:
                password = reset_password(work, name)
        except DomainError as error:
            _refuse(runtime, error)
    console.print(f"{name} can sign in once with {password}")


def main() -> None:
    """Run the command."""
    app()


def _settings() -> Settings:
    try:
        return Settings.from_environment()
    except WrongSetting as error:
        _give_up(str(error))


def _say(text: str) -> None:
    errors.print(f"inkoop: {text}", soft_wrap=True)


def _greet(settings: Settings, people: tuple[FirstPassword, ...]) -> None:
    _tell_passwords(settings, people)
    console.print(f"\nInkoop is at [bold]http://{settings.host}:{settings.port}[/]", soft_wrap=True)
    console.print(f"Put vendor files into {settings.inbox_dir}. Ctrl-C stops.\n", soft_wrap=True)
    sys.stdout.flush()


def _tell_passwords(settings: Settings, people: tuple[FirstPassword, ...]) -> None:
    if not people:
        return
    console.print("\nSign in with (each works once; they also stand in a file of yours alone,")
    console.print(f"{settings.data_dir / PASSWORDS}):\n", soft_wrap=True)
    for person in people:
        console.print(
            f"    {person.user_no:<6} {person.password}   {person.name}, {person.role}", soft_wrap=True
        )


def _refuse(runtime: Runtime, error: DomainError) -> NoReturn:
    texts = runtime.catalogue("en")
    _give_up(" ".join(texts.problem(problem) for problem in error.problems))


def _give_up(text: str) -> NoReturn:
    errors.print(f"inkoop: {text}", style="red", markup=False, soft_wrap=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    main()
