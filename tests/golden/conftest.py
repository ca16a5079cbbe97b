"""The option `--cases DIR`, and one test per case and database."""

from pathlib import Path

import pytest

OURS = Path(__file__).parent / "cases"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take another folder of cases in the same format."""
    parser.addoption("--cases", metavar="DIR", type=Path, default=None, help="folder of golden cases")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `case_path` runs for every case of the folder."""
    if "case_path" not in metafunc.fixturenames:
        return
    folder = metafunc.config.getoption("cases", None) or OURS
    paths = sorted(folder.glob("*.yaml"))
    assert paths, f"there are no cases in {folder}"
    metafunc.parametrize("case_path", paths, ids=[path.stem for path in paths])
