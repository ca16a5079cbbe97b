"""Finds the members of an open folder: a package that accepts one new module per new kind of thing."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def members(package: ModuleType, attribute: str) -> list[object]:
    """The object called `attribute` of every module in the package, in order of module name.

    A module without it is a program error, so that a misspelt member is not silently left out.
    """
    names = sorted(module.name for module in iter_modules(package.__path__))
    return [getattr(import_module(f"{package.__name__}.{name}"), attribute) for name in names]
