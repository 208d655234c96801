"""Answers that are given again: replicas of a pod get the sidecar that the first ones got.

The pods that a Deployment makes differ, as the API server asks about them, in the uid of the
request and in the random end of the name that their service account's token is mounted by. The uid
comes back in the answer and is seen by nothing else. The name of the volume is compared with other
names, for which any name does that is in no other place, and copied; only a template can look into
it, which a :class:`~.witness.Witness` sees. So what a review gets is known when, with these two
taken out, the same bytes were answered before.

Whatever cannot be shown to be so is answered anew: a configuration whose templates call a function
that depends on more than its arguments, a pod that a template read the name of, one that was
injected before (whose annotations hold names), and one where what looks like a volume's name stands
in any other place. A replica is learned when it is seen for the second time, and tried on a third
one that nobody asked about, so that a way that was overlooked is found there.
"""

from __future__ import annotations

import marshal
import re
from binascii import a2b_base64, b2a_base64
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.injection import overrides, status
from pillion.injection.witness import CONTAINER_LISTS, Witness

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator
    from typing import TypeAlias

    from pillion.injection.admission import Answer, Review
    from pillion.injection.admission_review import AdmissionRequest
    from pillion.injection.injector import Injector

    Make: TypeAlias = Callable[[bytes, Witness | None], Answer]
    Path: TypeAlias = tuple[str | int, ...]
    Places: TypeAlias = "dict[str | int, Places]"

PREFIX = "kube-api-access-"
"""How the API server begins the name of the volume that holds a pod's tokens."""

_MOST_BYTES = 1024 * 1024
_LARGEST = 64 * 1024
_MOST_SEEN = 4096
_WITHOUT_REFERENCES = 2  # the version of the format that prints equal values in the same way
_UID = re.compile(rb'"uid": ?"([0-9A-Za-z-]{1,64})"')
_NAME = re.compile(rb'"(kube-api-access-[0-9a-z]{5})"')
_UID_GAP, _NAME_GAP = b"\x00", b"\x01"
"""What stands for the two in the bytes that replicas share; JSON has neither."""

_OTHER_UIDS = (b"00000000-0000-0000-0000-000000000000", b"11111111-1111-1111-1111-111111111111")
_OTHER_NAMES = (b"kube-api-access-0b9zq", b"kube-api-access-7wk1c")
_PATCH = b'"patch":"'
_EARLIER = frozenset({status.ANNOTATION, overrides.ANNOTATION})


class Parts(NamedTuple):
    """A body, taken apart: what replicas share, the uid, and the volume's name or nothing."""

    shared: bytes
    uid: bytes
    name: bytes

    def joined(self) -> bytes:
        """The body."""
        named = self.shared.replace(_NAME_GAP, self.name)
        return named.replace(_UID_GAP, self.uid)

    def another(self) -> Parts:
        """A replica that differs in both."""
        uid = next(one for one in _OTHER_UIDS if one != self.uid)
        name = next(one for one in _OTHER_NAMES if one != self.name)
        return self._replace(uid=uid, name=name if self.name else b"")


def split(body: bytes) -> Parts | None:
    """The parts of ``body``, or None where it has no uid or is too large to be remembered."""
    if len(body) > _LARGEST or body[:1] != b"{" or _UID_GAP in body or _NAME_GAP in body:
        return None
    uid, name = _UID.search(body), _NAME.search(body)
    if uid is None:
        return None
    shared = b"".join((body[: uid.start(1)], _UID_GAP, body[uid.end(1) :]))
    if name is None:
        return Parts(shared, uid[1], b"")
    return Parts(shared.replace(b'"%b"' % name[1], b'"%b"' % _NAME_GAP), uid[1], name[1])


class Replicas:
    """The answers of one injector that are known for whole sets of replicas.

    What it remembers is bounded by the bytes of the bodies, of which the oldest ones go first.
    """

    __slots__ = ("_bytes", "_injector", "_known", "_lock", "_seen", "_steady", "_values")

    def __init__(self, injector: Injector) -> None:
        self._injector = injector
        self._known: OrderedDict[tuple[Hashable, bytes], Replica | None] = OrderedDict()
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()
        self._steady: bool | None = None
        self._values: bytes | None = None

    def answer(self, body: bytes, where: Hashable, make: Make) -> Answer:
        """The answer to ``body``, which ``make`` gives where it is not known.

        ``where`` is all that the answer depends on beside the injector and the body.
        """
        parts = split(body) if self._is_steady() else None
        if parts is None:
            return make(body, None)
        key = (where, parts.shared)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                replica = self._known[key]
                is_new = False
            else:
                replica = None
                is_new = self._is_second(hash(key))
        if replica is not None:
            return replica.answer(parts)
        if not is_new:
            return make(body, None)
        found, replica = learn(parts, make)
        self._keep(key, replica if self._is_steady() else None)
        return found

    def _is_steady(self) -> bool:
        """Whether a template gives the same for the same pod at any time.

        Its functions must be pure; those that set a key may have changed the values, which all
        renderings share.
        """
        if self._steady is None:
            self._values = self._print_of_values()
            pure = self._injector.config.templates.are_pure()
            self._steady = pure and self._values is not None
        elif self._steady and self._print_of_values() != self._values:
            self._steady = False
        return self._steady

    def _print_of_values(self) -> bytes | None:
        """The values as bytes, which differ where a type does; None where they are not JSON."""
        values = self._injector.values
        try:
            return marshal.dumps(None if values is None else values.data, _WITHOUT_REFERENCES)
        except ValueError:
            return None

    def _is_second(self, key: int) -> bool:
        """Whether ``key`` was seen before; most pods that come once never come again."""
        if key in self._seen:
            del self._seen[key]
            return True
        self._seen[key] = None
        if len(self._seen) > _MOST_SEEN:
            self._seen.popitem(last=False)
        return False

    def _keep(self, key: tuple[Hashable, bytes], replica: Replica | None) -> None:
        with self._lock:
            if key in self._known:
                return
            self._known[key] = replica
            self._bytes += len(key[1])
            while self._bytes > _MOST_BYTES:
                (_, shared), _ = self._known.popitem(last=False)
                self._bytes -= len(shared)


def learn(parts: Parts, make: Make) -> tuple[Answer, Replica | None]:
    """The answer to the body of ``parts``, and what answers its replicas if that can be shown."""
    witness = Witness(parts.name.decode())
    answer = make(parts.joined(), witness)
    if parts.name and (witness.has_read or any(_mentions(witness.rendered))):
        return answer, None
    replica = _replica(answer, parts)
    if replica is None:
        return answer, None
    other = parts.another()
    try:
        is_right = replica.answer(other) == make(other.joined(), None)
    except RecursionError:  # the pod is nested too deeply to be compared
        is_right = False
    return answer, replica if is_right else None


def _replica(answer: Answer, parts: Parts) -> Replica | None:
    """The replica of ``answer``, as far as the answer itself does not speak against it."""
    request, review = answer.request, answer.review
    if request is None or review is None or request.uid.encode() != parts.uid:
        return None
    if not review.allowed or review.pod is None or review.decision is None:
        return None
    if not parts.name:
        return Replica(request, review, answer, "")
    if not _EARLIER.isdisjoint(review.pod["metadata"].get("annotations") or ()):
        return None
    name = parts.name.decode()
    if not all(_may_hold(path, found, name) for path, found in _mentions(request.value)):
        return None
    return Replica(request, review, answer, name)


def _may_hold(path: Path, found: Any, name: str) -> bool:
    """Whether ``found``, at ``path`` of a pod, is the volume's name in a place that is known."""
    match path:
        case ("spec", "volumes", int(), "name"):
            return bool(found == name)
        case ("spec", kind, int(), "volumeMounts", int(), "name") if kind in CONTAINER_LISTS:
            return bool(found == name)
    return False


class Replica:
    """The answer to one body, ready to be given to its replicas.

    What its answers hold is shared between them as far as it is the same.
    """

    __slots__ = ("_answer", "_name", "_patch", "_places", "_request", "_response", "_review")

    def __init__(
        self, request: AdmissionRequest, review: Review, answer: Answer, name: str
    ) -> None:
        self._request = request
        self._review = review
        self._answer = answer
        self._name = name
        self._places = tuple(
            _places(value) if name else {} for value in (request.value, review.pod, review.patch)
        )
        self._response, self._patch = _pieces(answer.response.body, request.uid.encode())

    def answer(self, parts: Parts) -> Answer:
        """The answer to a body that differs from the first in its uid and the volume's name."""
        request, review, response = self._request, self._review, self._answer.response
        old, new = self._name, parts.name.decode()
        in_value, in_pod, in_patch = self._places
        return self._answer._replace(
            response=response._replace(
                headers=response.headers.copy(), body=self._body(parts.uid, parts.name)
            ),
            request=request._replace(
                uid=parts.uid.decode(), value=_renamed(request.value, in_value, old, new)
            ),
            review=review._replace(
                patch=_renamed(review.patch, in_patch, old, new),
                pod=_renamed(review.pod, in_pod, old, new),
            ),
        )

    def _body(self, uid: bytes, name: bytes) -> bytes:
        head, middle, tail = self._response
        patch = self._patch
        if self._name:
            patch = patch.replace(self._name.encode(), name)
        return b"".join((head, uid, middle, b2a_base64(patch, newline=False), tail))


def _pieces(body: bytes, uid: bytes) -> tuple[tuple[bytes, bytes, bytes], bytes]:
    """What stands around the uid and the patch in an answer that allows a pod, and the patch."""
    head, quoted, rest = body.partition(b'"uid":"%b"' % uid)
    begin = rest.find(_PATCH) + len(_PATCH)
    if begin < len(_PATCH):
        return (head + quoted[: -len(uid) - 1], quoted[-1:] + rest, b""), b""
    end = rest.index(b'"', begin)
    pieces = head + quoted[: -len(uid) - 1], quoted[-1:] + rest[:begin], rest[end:]
    return pieces, a2b_base64(rest[begin:end])


def _mentions(value: Any) -> Iterator[tuple[Path, Any]]:
    """Every key and text in ``value`` that says :data:`PREFIX`, with its path."""
    waiting: list[tuple[Path, Any]] = [((), value)]
    while waiting:
        path, item = waiting.pop()
        if item.__class__ is dict:
            for key, inner in item.items():
                if PREFIX in key:
                    yield (*path, key), inner
                waiting.append(((*path, key), inner))
        elif item.__class__ is list:
            waiting.extend(((*path, index), inner) for index, inner in enumerate(item))
        elif item.__class__ is str and PREFIX in item:
            yield path, item


def _places(value: Any) -> Places:
    """The paths to all texts in ``value`` that say :data:`PREFIX`, as a tree."""
    tree: Places = {}
    for path, _ in _mentions(value):
        branch = tree
        for key in path:
            branch = branch.setdefault(key, {})
    return tree


def _renamed(value: Any, places: Places, old: str, new: str) -> Any:
    """``value`` with ``new`` in place of ``old`` at ``places``; the rest is shared."""
    if not places:
        return value.replace(old, new) if value.__class__ is str else value
    copy = value.copy()
    for key, inner in places.items():
        copy[key] = _renamed(value[key], inner, old, new)
    return copy
