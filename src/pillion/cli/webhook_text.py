"""What ``pillion webhook show`` prints for people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pillion.server import registration_bundle as bundle
from pillion.server import registration_entries as reading
from pillion.server import registration_matching as matching
from pillion.server import registration_problems as problems
from pillion.server.registration_matching import Pod

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pillion.cluster.protocol import Object
    from pillion.kubernetes.selector import Selector
    from pillion.server.registration_entries import Configuration, Entry

    Row = tuple[str, str]


def described(configurations: Sequence[Configuration]) -> str:
    """What each configuration says, and what is wrong with it."""
    now = datetime.now(UTC)
    blocks = [_configuration(one, now) for one in configurations]
    found = [entry for one in configurations for entry in reading.entries(one)]
    blocks += [f"warning: {one}\n" for one in problems.between(found)]
    return "\n".join(blocks)


def asked_about(
    configurations: Sequence[Configuration], namespace: Object, labels: Mapping[str, str]
) -> str:
    """Which webhooks are called for a pod, and why others are not."""
    metadata = namespace["metadata"]
    pod = Pod(metadata.get("labels") or {}, labels)
    found = [entry for one in configurations for entry in reading.entries(one)]
    called = [entry for entry in found if not matching.refusals(entry, pod)]
    head = (
        f"pod:        {problems.labels(labels, 'no labels')}\n"
        f"namespace:  {metadata['name']}, {problems.labels(pod.namespace, 'no labels')}\n"
    )
    blocks = [_verdicts(one, pod) for one in configurations]
    return "\n".join([head, *blocks, _conclusion(called)])


def _configuration(configuration: Configuration, now: datetime) -> str:
    entries = [_entry(one, now) for one in reading.entries(configuration)]
    return "\n".join([_title(configuration), *(entries or ["  no webhooks\n"])])


def _title(configuration: Configuration) -> str:
    revision = reading.revision_of(configuration)
    named = f", revision {revision}" if revision else ""
    return f"MutatingWebhookConfiguration {reading.name_of(configuration)}{named}\n"


def _entry(entry: Entry, now: datetime) -> str:
    return f"  {entry.name}\n{_table(list(_rows(entry, now)))}"


def _rows(entry: Entry, now: datetime) -> Iterator[Row]:
    said = entry.said
    held = bundle.describe(entry.ca_bundle, now)
    yield "calls", entry.place
    yield "about", "; ".join(map(reading.written, entry.rules)) or "nothing"
    yield "namespaces", _selector(entry.namespaces)
    yield "pods", _selector(entry.pods)
    if conditions := said.get("matchConditions"):
        yield "conditions", f"{', '.join(one['name'] for one in conditions)} (in CEL)"
    yield "failure", str(said.get("failurePolicy"))
    yield "timeout", f"{said.get('timeoutSeconds')}s"
    yield "reinvocation", str(said.get("reinvocationPolicy"))
    yield "side effects", str(said.get("sideEffects"))
    yield "versions", ", ".join(said.get("admissionReviewVersions") or ())
    for line in held.lines:
        yield "caBundle", line
    if entry.deactivated:
        yield "note", "istioctl has deactivated it: it is called for no pod"
    for problem in problems.of_entry(entry, held):
        yield "WARNING", problem


def _selector(selector: Selector) -> str:
    return str(selector) or "all"


def _verdicts(configuration: Configuration, pod: Pod) -> str:
    lines = [_verdict(one, pod) for one in reading.entries(configuration)]
    return "\n".join([_title(configuration), *lines])


def _verdict(entry: Entry, pod: Pod) -> str:
    reasons = matching.refusals(entry, pod)
    conditional = " if its conditions in CEL hold" if entry.said.get("matchConditions") else ""
    lines = [f"not called: {one}" for one in reasons] or [f"called{conditional}: {entry.place}"]
    return f"  {entry.name}\n" + "".join(f"    {one}\n" for one in lines)


def _conclusion(called: Sequence[Entry]) -> str:
    if not called:
        return "None of these webhooks is called for the pod.\n"
    places = sorted({one.place for one in called})
    if len(called) == 1:
        return f"The API server asks {places[0]}, which decides.\n"
    return f"The API server asks {len(called)} times: {' and '.join(places)}.\n"


def _table(rows: Sequence[Row]) -> str:
    width = max(len(name) for name, _ in rows) + 2
    return "".join(f"    {name:{width}}{value}\n" for name, value in rows)
