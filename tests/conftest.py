"""The flags of the test run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flags that rewrite recorded results."""
    parser.addoption("--rewrite-golden", action="store_true", help="rewrite the golden files")
    parser.addoption(
        "--rewrite-minimums", action="store_true", help="record the suites' figures as minimums"
    )
