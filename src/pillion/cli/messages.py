"""What the command line says beside its output, on standard error."""

from __future__ import annotations

import sys


def tell(text: str) -> None:
    """Write a line to standard error, which may have been closed."""
    if sys.stderr is not None:
        sys.stderr.write(text if text.endswith("\n") else f"{text}\n")


def say(text: str) -> None:
    """Tell the user something of pillion's own."""
    tell(f"pillion: {text}")
