"""Recursion on the heap.

Templates and documents nest as deep as their authors, or an attacker, like; the stack of the
interpreter does not. A function that may recurse without bound is therefore written as a generator:
where it would call itself it yields the call, and receives the result when it goes on.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")

Steps: TypeAlias = Generator[Any, Any, T]
"""A function that yields the calls of other such functions, and returns a ``T``."""


def run(first: Steps[T]) -> T:
    """Run ``first`` and all that it calls to the end; an error of any of them ends all."""
    stack: list[Steps[Any]] = [first]
    result: Any = None
    while stack:
        try:
            call = stack[-1].send(result)
        except StopIteration as stop:
            stack.pop()
            result = stop.value
        else:
            stack.append(call)
            result = None
    outcome: T = result
    return outcome
