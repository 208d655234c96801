"""Errors as Go's multierror package gathers and prints them.

A failure is a ``str``, which is one plain error, or a ``list`` of them, which is what multierror
makes: a list of one prints with a header all the same. None is no error.
"""

from __future__ import annotations

from typing import TypeAlias

Failure: TypeAlias = str | list[str] | None


def append(failures: list[str] | None, failure: Failure) -> list[str] | None:
    """``failures`` with ``failure`` added, as ``multierror.Append``: a list even of one."""
    if failure is None:
        return failures
    added = [failure] if isinstance(failure, str) else failure
    return [*(failures or ()), *added]


def join(one: Failure, other: Failure) -> Failure:
    """Both failures, as Istio's ``AppendValidation`` joins them: a single one stays as it is."""
    if one is None:
        return other
    if other is None:
        return one
    return append(append(None, one), other)


def prefix(failure: Failure, text: str) -> Failure:
    """``failure`` with ``text`` before every message, as ``multierror.Prefix``."""
    if failure is None:
        return None
    if isinstance(failure, str):
        return f"{text} {failure}"
    return [f"{text} {message}" for message in failure]


def render(failure: str | list[str]) -> str:
    """The text of a failure as multierror 1.1 prints it."""
    if isinstance(failure, str):
        return failure
    bullets = "\n\t".join(f"* {message}" for message in failure)
    return f"{_count(failure)}\n\t{bullets}\n\n"


def render_legacy(failure: str | list[str]) -> str:
    """The text of a failure as the multierror of Istio 1.1 printed it."""
    if isinstance(failure, str):
        return failure
    bullets = "\n".join(f"* {message}" for message in failure)
    return f"{_count(failure)}\n\n{bullets}"


def _count(failures: list[str]) -> str:
    return f"{len(failures)} error{'s' if len(failures) > 1 else ''} occurred:"
