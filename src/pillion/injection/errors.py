"""What can be wrong with a configuration, a pod's annotations or a template's output."""

from __future__ import annotations

from pillion.errors import PillionError


class InjectionError(PillionError):
    """Injection failed; the message is the one Istio's injector gives."""


class ConfigError(InjectionError):
    """The injection configuration is wrong, or belongs to neither generation."""


class ValuesError(InjectionError):
    """The values are wrong."""


class AnnotationError(InjectionError):
    """Annotations carry values that the injector refuses; all of them are named."""


class RenderError(InjectionError):
    """A template, or what it rendered, is wrong."""


class DocumentError(InjectionError):
    """A document of the input cannot be injected.

    ``message`` is the reason alone, worded as istioctl does. ``document`` counts from 1. ``line`` is
    the line in the whole input where the document begins, or where the error stands when that is
    known; ``field`` is the path of the offending field, or empty.
    """

    def __init__(self, message: str, document: int, line: int, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.document = document
        self.line = line
        self.field = field

    def __str__(self) -> str:
        """The message, and where it stands."""
        field = f", field {self.field}" if self.field else ""
        return f"document {self.document}, line {self.line}{field}: {self.message}"
