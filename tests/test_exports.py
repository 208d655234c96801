"""What the packages export: everything they import for others, and nothing else, in order."""

from __future__ import annotations

import ast
from importlib import import_module
from inspect import getsource
from pkgutil import walk_packages

import pytest

import pillion

PACKAGES = [
    module.name
    for module in walk_packages(pillion.__path__, "pillion.")
    if module.ispkg and hasattr(import_module(module.name), "__all__")
]


def offered(package: str) -> set[str]:
    """The names that the package takes from its own modules, or defines itself."""
    body = ast.parse(getsource(import_module(package))).body
    for block in [node for node in body if isinstance(node, ast.If)]:
        body += block.body
    names: set[str] = set()
    for node in body:
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith(f"{package}."):
            names.update(alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
    return {name for name in names if not name.startswith("_")}


@pytest.mark.parametrize("package", PACKAGES)
def test_exports_are_sorted_and_complete(package: str) -> None:
    exported = import_module(package).__all__
    # Ruff's order: constants, classes, then the rest.
    assert exported == sorted(exported, key=lambda name: (not name.isupper(), name.islower(), name))
    assert set(exported) == offered(package)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_export_is_there_and_documented(package: str) -> None:
    module = import_module(package)
    for name in module.__all__:
        found = getattr(module, name)
        assert found is not None
        if callable(found):
            assert found.__doc__, name
