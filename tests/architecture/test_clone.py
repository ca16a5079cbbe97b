"""What git keeps: nothing large, nothing of one machine, no address to fetch packages from."""

import re
import tomllib

from tests.architecture.source import PACKAGES, ROOT, tracked_files

MOST_BYTES = 1_000_000
# Put together here, so that this file does not find itself.
REGISTRIES = (
    "pypi" + ".org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "deb.debian" + ".org",
    "archive.ubuntu" + ".com",
)
MACHINE_PATH = re.compile("/(work|root|farm|home/[a-z]+|Users/[A-Za-z]+)/[a-z.]")


def _texts() -> list[tuple[str, str]]:
    texts = []
    for path in tracked_files():
        content = path.read_bytes()
        if b"\0" not in content:
            texts.append((path.relative_to(ROOT).as_posix(), content.decode(errors="replace")))
    return texts


def _package(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name is not None, requirement
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def test_no_file_is_larger_than_a_megabyte() -> None:
    assert [path for path in tracked_files() if path.stat().st_size > MOST_BYTES] == []


def test_no_file_names_a_package_registry() -> None:
    assert [name for name, text in _texts() if any(host in text for host in REGISTRIES)] == []


def test_no_file_names_a_path_of_one_machine() -> None:
    found = [
        f"{name}: {match[0]}" for name, text in _texts() for match in [MACHINE_PATH.search(text)] if match
    ]
    assert found == []


def test_an_installed_package_has_every_file_that_the_clone_has() -> None:
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["*"]
    left_behind = [
        name
        for path in tracked_files()
        for name in [path.relative_to(ROOT).as_posix()]
        if name.split("/")[0] in {*PACKAGES, "migrations"} and path.suffix != ".py"
        if not any(path.match(pattern) for pattern in patterns)
    ]
    assert left_behind == []


def test_the_lock_has_a_hash_for_every_package_and_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    entries = re.split(r"\n(?=[a-z0-9])", lock)
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_lock_has_every_package_that_the_project_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    named = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    locked |= set(re.findall(r"^([a-z0-9-]+)\[", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert {_package(requirement) for requirement in named} - locked == set()
