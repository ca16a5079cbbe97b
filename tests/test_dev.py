"""./dev works from any directory, says what is missing, and never runs half of the tests in silence."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHELLS = ("bash", "dash")
# What a plain system has: enough for ./dev itself, and nothing that Inkoop or its tests have to add.
# fmt: off
PLAIN_PROGRAMS = (
    "basename", "cat", "cksum", "cut", "date", "dirname", "env", "grep", "head", "id", "ls",
    "printf", "ps", "pwd", "readlink", "sed", "setpriv", "sh", "sort", "tail", "tr", "uname",
    "fc-list", "chromium", "chromium-browser", "google-chrome",
)
# fmt: on


def _path_with(folder: Path, programs: Iterable[str]) -> str:
    """A PATH that has the named programs only, as far as the machine has them."""
    folder.mkdir()
    for name in programs:
        found = shutil.which(name)
        if found is not None:
            (folder / name).symlink_to(found)
    # An apt-get that cannot install, as on a machine without a network.
    (folder / "apt-get").write_text("#!/bin/sh\nexit 100\n")
    (folder / "apt-get").chmod(0o755)
    return str(folder)


def _dev(
    *arguments: str, path: str | None = None, shell: str = "sh", cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    interpreter = shutil.which(shell)
    assert interpreter is not None, f"{shell} is missing"
    return subprocess.run(
        [interpreter, str(ROOT / "dev"), *arguments],
        cwd=cwd,
        env={**os.environ, "PATH": path or os.environ["PATH"]},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("shell", SHELLS)
def test_help_names_every_command_from_any_directory(shell: str, tmp_path: Path) -> None:
    said = _dev("help", shell=shell, cwd=tmp_path).stdout
    for command in ("up", "test", "check", "corpus DIR", "lock", "fmt", "setup"):
        assert f"./dev {command}" in said


def test_an_unknown_command_is_refused_with_the_help() -> None:
    result = _dev("deploy")
    assert result.returncode == 1
    assert "there is no command 'deploy'" in result.stderr
    assert "./dev up" in result.stderr


def test_setting_up_a_second_time_finds_everything_done() -> None:
    assert _dev("setup").returncode == 0
    again = _dev("setup")
    assert again.returncode == 0
    assert "installing" not in again.stdout


def test_tests_that_lack_a_program_end_before_the_first_one_with_the_line_to_run(tmp_path: Path) -> None:
    result = _dev("test", path=_path_with(tmp_path / "bin", PLAIN_PROGRAMS))
    assert result.returncode == 1
    assert "sudo apt-get update && sudo apt-get install -y" in result.stderr
    assert "redis-server" in result.stderr
    assert "tesseract-ocr-nld" in result.stderr
    assert "passed" not in result.stdout


def test_running_goes_on_without_tesseract_and_says_how_to_get_it(tmp_path: Path) -> None:
    result = _dev("setup", path=_path_with(tmp_path / "bin", PLAIN_PROGRAMS))
    assert result.returncode == 0
    assert "sudo apt-get update && sudo apt-get install -y tesseract-ocr" in result.stdout
    assert "scans wait until it is there" in result.stdout


def test_a_language_that_is_missing_is_named_alone(tmp_path: Path) -> None:
    path = _path_with(tmp_path / "bin", PLAIN_PROGRAMS)
    engine = tmp_path / "bin" / "tesseract"
    engine.write_text("#!/bin/sh\nprintf '%s\\n' 'List of languages:' eng deu fra osd\n")
    engine.chmod(0o755)

    said = _dev("setup", path=path).stdout

    assert "install -y tesseract-ocr-nld\n" in said


def test_the_corpus_must_be_a_folder_that_exists(tmp_path: Path) -> None:
    result = _dev("corpus", "no-such-folder", cwd=tmp_path)
    assert result.returncode == 1
    assert f"there is no folder {tmp_path}/no-such-folder" in result.stderr
