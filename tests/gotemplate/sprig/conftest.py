"""Calls of sprig's functions by name, as the tables of these tests write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pillion.gotemplate.functions import FunctionError
from pillion.gotemplate.sprig import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def call() -> Callable[..., Any]:
    """Call the function of that name."""

    def by_name(name: str, *arguments: Any) -> Any:
        return FUNCTIONS[name].call(*arguments)

    return by_name


@pytest.fixture
def failure() -> Callable[..., str]:
    """Call the function of that name and return what it fails with."""

    def by_name(name: str, *arguments: Any) -> str:
        with pytest.raises(FunctionError) as caught:
            FUNCTIONS[name].call(*arguments)
        return str(caught.value)

    return by_name
