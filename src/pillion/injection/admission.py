"""The admission endpoint as a pure function: a request in, a response out.

Sockets and TLS live elsewhere. Follows ``serveInject`` and ``inject`` of Istio's
``pkg/kube/inject``, down to the texts of its errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pillion.injection.decision import Decision
    from pillion.injection.injector import Injector
    from pillion.injection.reasons import Reason


class Response(NamedTuple):
    """An HTTP response."""

    status: int
    headers: dict[str, str]
    body: bytes


class Review(NamedTuple):
    """What is answered about one pod.

    ``patch`` is the JSON patch, or None where nothing is changed. ``message`` says why the pod is
    refused, and is empty where it is allowed. ``decision`` is None where the pod could not be read.
    """

    allowed: bool
    reason: Reason
    decision: Decision | None = None
    patch: list[dict[str, Any]] | None = None
    message: str = ""


def review(injector: Injector, pod: Any, namespace: str = "", path: str = "/inject") -> Review:
    """Decide about ``pod``, the JSON of a Pod as the API server sends it, and make its patch.

    ``namespace`` is the request's, for a pod that names none; ``path`` is that of the URL.
    """
    raise NotImplementedError


def respond(injector: Injector, path: str, headers: Mapping[str, str], body: bytes) -> Response:
    """Answer one request to the webhook: an AdmissionReview of v1 or v1beta1.

    Never raises for anything that stands in ``path``, ``headers`` or ``body``. Names of ``headers`` match
    in any case.
    """
    raise NotImplementedError
