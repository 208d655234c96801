"""The admission endpoint as a pure function: a request in, a response out.

Sockets and TLS live elsewhere. Follows ``serveInject`` and ``inject`` of Istio's
``pkg/kube/inject``, down to the texts of its errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.errors import PillionError
from pillion.injection import admission_review, explanation
from pillion.injection.decision import decide
from pillion.injection.errors import InjectionError
from pillion.injection.generation import Generation, Request
from pillion.injection.owner import owner_of
from pillion.injection.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pillion.injection.decision import Decision
    from pillion.injection.generation import JSON
    from pillion.injection.injector import Injector
    from pillion.injection.witness import Witness

LARGEST_BODY = 6 * 1024 * 1024
"""The most bytes a request may have: twice what the API server accepts of one, and twice again."""

_OK, _BAD_REQUEST, _UNSUPPORTED_MEDIA_TYPE = 200, 400, 415
_JSON = "application/json"
_NO_OBJECT = "unexpected end of JSON input"
_NOTHING: Mapping[str, str] = {}
_TOO_DEEP = "the request is nested too deeply"


class Response(NamedTuple):
    """An HTTP response."""

    status: int
    headers: dict[str, str]
    body: bytes


class Review(NamedTuple):
    """What is answered about one pod.

    ``patch`` is the JSON patch, or None where nothing is changed. ``message`` says why the pod is
    refused, and is empty where it is allowed. ``decision`` is None where the pod could not be read;
    ``path`` then leads to the value of it that is wrong. ``pod`` is the canonical pod in its
    namespace, where it could be read.
    """

    allowed: bool
    reason: Reason
    decision: Decision | None = None
    patch: list[dict[str, Any]] | None = None
    message: str = ""
    path: tuple[str | int, ...] = ()
    pod: JSON | None = None


class Answer(NamedTuple):
    """A response, and how it came about.

    ``review`` is None where HTTP alone refuses the request; ``request`` also where the body is no
    review. ``annotations`` are the response's audit annotations.
    """

    response: Response
    request: admission_review.AdmissionRequest | None = None
    review: Review | None = None
    annotations: Mapping[str, str] = _NOTHING


def respond(injector: Injector, path: str, headers: Mapping[str, str], body: bytes) -> Response:
    """Answer one request to the webhook: an AdmissionReview of v1 or v1beta1.

    Never raises for anything that stands in ``path``, ``headers`` or ``body``. Names of ``headers``
    match in any case.
    """
    return answer(injector, path, headers, body).response


def answer(
    injector: Injector, path: str, headers: Mapping[str, str], body: bytes, *, shadow: bool = False
) -> Answer:
    """Answer one request as :func:`respond` does, and tell how.

    In ``shadow`` every review is allowed without a patch; the answer's ``review`` is what would
    have been answered.
    """
    if len(body) > LARGEST_BODY and injector.config.generation is Generation.CURRENT:
        return _refuse(_BAD_REQUEST, f"Request entity too large: limit is {LARGEST_BODY}")
    if not body:
        return _refuse(_BAD_REQUEST, "no body found")
    if _content_type(headers) != _JSON:
        return _refuse(_UNSUPPORTED_MEDIA_TYPE, f"invalid Content-Type, want `{_JSON}`")
    path = _decoded_path(path)

    def make(body: bytes, witness: Witness | None) -> Answer:
        return _answered(injector, path, body, shadow=shadow, witness=witness)

    return injector.replicas.answer(body, (path, shadow), make)


def _answered(
    injector: Injector, path: str, body: bytes, *, shadow: bool, witness: Witness | None
) -> Answer:
    request = None
    try:
        legacy = injector.config.generation is Generation.LEGACY
        request = admission_review.read(body, typed=legacy)
        reviewed = _reviewed(injector, request, path, body, witness)
    except admission_review.ReviewError as error:
        reviewed = Review(allowed=False, reason=Reason.BAD_REQUEST, message=str(error))
    except RecursionError:
        reviewed = Review(allowed=False, reason=Reason.BAD_REQUEST, message=_TOO_DEEP)
    annotations = explanation.audit_annotations(injector.config, reviewed)
    if shadow:
        annotations["shadow"] = "true"
        silent = reviewed._replace(allowed=True, message="", patch=None)
        text = admission_review.write(request, silent, annotations)
    else:
        warnings = explanation.warnings(request, reviewed)
        text = admission_review.write(request, reviewed, annotations, warnings)
    return Answer(Response(_OK, {"Content-Type": _JSON}, text), request, reviewed, annotations)


def review(
    injector: Injector,
    pod: Any,
    namespace: str = "",
    path: str = "/inject",
    witness: Witness | None = None,
) -> Review:
    """Decide about ``pod``, the JSON of a Pod as the API server sends it, and make its patch.

    ``namespace`` is the request's, for a pod that names none; ``path`` is that of the URL.
    ``witness`` is told what templates see and render.
    """
    from pillion.kubernetes import codec
    from pillion.kubernetes.errors import DecodeError
    from pillion.kubernetes.schema import POD

    try:
        typed: JSON = codec.decode(pod, POD)
    except DecodeError as error:
        reason, message = Reason.BAD_POD, error.message
        return Review(allowed=False, reason=reason, message=message, path=error.path)
    typed = _settled(typed, namespace)
    decision = decide(injector.config, typed)
    if not decision.inject:
        return Review(allowed=True, reason=decision.reason, decision=decision, pod=typed)
    try:
        patch = injector.engine.patch(pod, Request(typed, owner_of(typed), path, witness=witness))
    except PillionError as error:
        reason = error.reason if isinstance(error, InjectionError) else Reason.FAILED
        message = str(error)
        return Review(allowed=False, reason=reason, decision=decision, message=message, pod=typed)
    return Review(allowed=True, reason=decision.reason, decision=decision, patch=patch, pod=typed)


def _reviewed(
    injector: Injector,
    request: admission_review.AdmissionRequest,
    path: str,
    body: bytes,
    witness: Witness | None,
) -> Review:
    if request.kind not in explanation.POD_KINDS:
        return Review(allowed=True, reason=Reason.OTHER_KIND)
    if not request.has_object:
        return Review(allowed=False, reason=Reason.BAD_POD, message=_NO_OBJECT)
    reviewed = review(injector, request.value, request.namespace, path, witness)
    if reviewed.path:
        place = ("request", "object", *reviewed.path)
        message = admission_review.with_literal(reviewed.message, body, place)
        reviewed = reviewed._replace(message=message)
    return reviewed


def _settled(pod: JSON, namespace: str) -> JSON:
    """``pod`` in its namespace, and without the managed fields, which only cost time."""
    metadata = {key: item for key, item in pod["metadata"].items() if key != "managedFields"}
    if not metadata.get("namespace") and namespace:
        metadata["namespace"] = namespace
    return {**pod, "metadata": metadata}


def _content_type(headers: Mapping[str, str]) -> str:
    for name, value in headers.items():
        if name.lower() == "content-type":
            return value
    return ""


def _decoded_path(path: str) -> str:
    """The path as Go's ``URL.Path`` has it: without the query, with escapes resolved."""
    path = path.partition("?")[0]
    if "%" in path:
        from urllib.parse import unquote

        path = unquote(path, errors="surrogateescape")
    return path


def _refuse(status: int, message: str) -> Answer:
    headers = {"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff"}
    return Answer(Response(status, headers, f"{message}\n".encode()))
