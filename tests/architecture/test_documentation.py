"""What can be tested of the documentation: every setting, service and command that exists is described."""

import re

import yaml

from inkoop import reference
from tests.architecture.source import OPEN_FOLDERS, ROOT

OPERATOR = (ROOT / "docs" / "operator.md").read_text()


def test_every_setting_is_described_for_the_operator() -> None:
    source = (ROOT / "pipeline" / "settings.py").read_text()
    settings = {f"INKOOP_{name}" for name in re.findall(r'read\.\w+\(\s*"([A-Z_]+)"', source)}
    assert len(settings) > 10
    assert {name for name in settings if f"`{name}`" not in OPERATOR} == set()


def test_no_setting_is_described_that_does_not_exist() -> None:
    source = (ROOT / "pipeline" / "settings.py").read_text()
    compose = (ROOT / "docker-compose.yml").read_text()
    described = re.findall(r"`INKOOP_([A-Z_]+)`", OPERATOR)
    assert {
        name for name in described if f'"{name}"' not in source and f"INKOOP_{name}" not in compose
    } == set()


def test_every_container_is_described_for_the_operator() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert {name for name in services if f"`{name}`" not in OPERATOR} == set()


def test_contributors_are_told_every_folder_that_takes_one_new_file() -> None:
    contributing = (ROOT / "CONTRIBUTING.md").read_text()
    assert [folder for folder in OPEN_FOLDERS if f"`{folder}`" not in contributing] == []


def test_every_code_task_and_member_of_an_open_folder_is_in_the_reference() -> None:
    """Made again by `python -m inkoop.reference > docs/reference.md`."""
    assert (ROOT / "docs" / "reference.md").read_text("utf-8") == reference.render()


def test_the_commands_of_the_readme_exist() -> None:
    readme = (ROOT / "README.md").read_text()
    script = (ROOT / "dev").read_text()
    commands = set(re.findall(r"\./dev ([a-z]+)", readme + (ROOT / "CONTRIBUTING.md").read_text()))
    assert {"up", "test", "check"} <= commands
    assert {name for name in commands if not re.search(rf"^    {name}[) ]", script, re.MULTILINE)} == set()


def test_links_between_pages_lead_somewhere() -> None:
    pages = [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "CHANGELOG.md",
        *(ROOT / "docs").rglob("*.md"),
    ]
    dead = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert dead == []
