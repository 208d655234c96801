"""What can be wrong with a configuration, a pod's annotations or a template's output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pillion.errors import PillionError
from pillion.injection.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pillion.injection.annotation_checks import AnnotationProblem


class InjectionError(PillionError):
    """Injection failed; ``message`` is the one Istio's injector gives, ``reason`` its code here."""

    usual_reason = Reason.FAILED

    def __init__(self, message: str, reason: Reason | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason or self.usual_reason

    def because(self, what: str) -> InjectionError:
        """The same error with ``what``, which failed because of it, in front."""
        return type(self)(f"{what}: {self.message}", self.reason)


class ConfigError(InjectionError):
    """The injection configuration is wrong, or belongs to neither generation.

    ``path`` leads to the field that is wrong, where one is.
    """

    def __init__(
        self, message: str, reason: Reason | None = None, path: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message, reason)
        self.path = path


class AnnotationError(InjectionError):
    """Annotations carry values that the injector refuses; ``problems`` are all of them."""

    def __init__(self, message: str, problems: Sequence[AnnotationProblem] = ()) -> None:
        super().__init__(message, Reason.BAD_ANNOTATION)
        self.problems = tuple(problems)

    def because(self, what: str) -> AnnotationError:
        """The same error with ``what``, which failed because of it, in front."""
        return AnnotationError(f"{what}: {self.message}", self.problems)


class RenderError(InjectionError):
    """A template, or what it rendered, is wrong."""

    usual_reason = Reason.TEMPLATE_FAILED


class DocumentError(PillionError):
    """A document of the input cannot be injected.

    ``message`` is the reason alone, worded as istioctl does. ``document`` counts from 1. ``line``
    is the line of the input where the error stands, or where the document begins if that is not
    known; ``field`` is the path of the offending field, or empty.
    """

    def __init__(self, message: str, document: int, line: int, field: str = "") -> None:
        super().__init__(message, document, line, field)
        self.message = message
        self.document = document
        self.line = line
        self.field = field

    def __str__(self) -> str:
        """The message, and where it stands."""
        field = f", field {self.field}" if self.field else ""
        return f"document {self.document}, line {self.line}{field}: {self.message}"
