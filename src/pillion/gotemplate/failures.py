"""How the runtime says that a template failed, before anyone knows where."""

from __future__ import annotations


class UnlocatedError(Exception):
    """A template failed; the message lacks the place, which the caller of the template finds.

    ``is_limit`` tells a limit from an error of the template. Where the message has a ``{node}``, it
    stands for the text of the node that failed.
    """

    def __init__(self, message: str, *, is_limit: bool = False, names_node: bool = False) -> None:
        super().__init__(message)
        self.is_limit = is_limit
        self.names_node = names_node


class MethodError(UnlocatedError):
    """A method failed. Go blames the whole chain of fields, whatever it has looked at since."""
