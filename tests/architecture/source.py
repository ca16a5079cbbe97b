"""The code of the product as syntax trees, for the tests that read it."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

Node = TypeVar("Node", bound=ast.AST)

ROOT = Path(__file__).parents[2]
PACKAGES = ("core", "pipeline", "web", "inkoop")
OPEN_FOLDERS = (
    "core/approvals/rules",
    "core/costing/methods",
    "pipeline/extract/fields",
    "pipeline/extract/formats",
    "pipeline/ingest/channels",
)


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the root of the clone, and its tree."""

    path: str
    tree: ast.Module

    def places(self, kind: type[Node]) -> Iterator[tuple[str, Node]]:
        """Every node of a kind, with where it stands as `path:line`."""
        for node in ast.walk(self.tree):
            if isinstance(node, kind):
                yield f"{self.path}:{getattr(node, 'lineno', 0)}", node


@cache
def modules(*folders: str) -> list[Module]:
    """Every Python file in the folders, sorted by path."""
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return [Module(path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())) for path in paths]


@cache
def tracked_files() -> list[Path]:
    """Every file that git keeps, as it is in the working tree."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


def called_name(call: ast.Call) -> str:
    """Last part of what is called: `add` for `work.session.add(...)`; empty where it has no name."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    if isinstance(call.func, ast.Name):
        return call.func.id
    return ""
