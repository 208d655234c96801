"""Merging the application's metrics into the proxy's.

The annotations that tell Prometheus where to scrape are moved into the proxy's environment, and
replaced by ones that point to the proxy, which then answers with both. Follows
``applyPrometheusMerge`` of Istio's ``pkg/kube/inject``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pillion.injection.containers import (
    PROXY,
    add_env,
    annotations_of,
    change,
    with_metadata,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pillion.injection.generation import JSON

MERGE_ANNOTATION = "prometheus.istio.io/merge-metrics"
ENVIRONMENT = "ISTIO_PROMETHEUS_ANNOTATIONS"

_SCRAPE, _PATH, _PORT = "prometheus_io_scrape", "prometheus_io_path", "prometheus_io_port"
_NAMES = frozenset({_SCRAPE, _PATH, _PORT})
_NOT_IN_LABELS = "[^a-zA-Z0-9_]"


def merge_metrics(pod: JSON, *, enabled: bool, port: int) -> JSON:
    """``pod`` with its scrape annotations pointing to the proxy's ``port``.

    ``enabled`` is the mesh's setting; the pod's annotation goes before it. A pod that refuses to be
    scraped, or points to ``port`` already, stays as it is.
    """
    annotations = annotations_of(pod)
    found = dict(_scrape_annotations(annotations))
    if not _wants_scrape(annotations) or not _merges(annotations, enabled=enabled):
        return pod
    if found.get(_PORT) == str(port):
        return pod
    if any(found.values()):
        value = _encode(found)
        pod = change(pod, PROXY, lambda proxy: add_env(proxy, ENVIRONMENT, value))
    return with_metadata(pod, annotations={**without_scrape(annotations), **_ours(port)})


def undo(annotations: dict[str, str], port: int) -> dict[str, str]:
    """``annotations`` without those of an earlier merge, which are the ones that name ``port``."""
    found = dict(_scrape_annotations(annotations))
    return without_scrape(annotations) if found.get(_PORT) == str(port) else annotations


def without_scrape(annotations: dict[str, str]) -> dict[str, str]:
    """``annotations`` without any that Prometheus reads, however spelled."""
    return {name: value for name, value in annotations.items() if _label_of(name) not in _NAMES}


def _ours(port: int) -> dict[str, str]:
    return {
        "prometheus.io/port": str(port),
        "prometheus.io/path": "/stats/prometheus",
        "prometheus.io/scrape": "true",
    }


def _label_of(name: str) -> str:
    """The annotation's name as Prometheus sees it: as a label."""
    return re.sub(_NOT_IN_LABELS, "_", name) if name.startswith("prometheus") else name


def _scrape_annotations(annotations: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in annotations.items():
        label = _label_of(name)
        if label in _NAMES:
            yield label, value


def _wants_scrape(annotations: dict[str, str]) -> bool:
    for label, value in _scrape_annotations(annotations):
        wish = parse_bool(value) if label == _SCRAPE else None
        if wish is not None:
            return wish
    return True


def _merges(annotations: dict[str, str], *, enabled: bool) -> bool:
    wish = parse_bool(annotations.get(MERGE_ANNOTATION, ""))
    return enabled if wish is None else wish


def parse_bool(text: str) -> bool | None:
    """What Go's ``strconv.ParseBool`` reads, or None where it reads nothing."""
    return _BOOLS.get(text)


_BOOLS = {
    **dict.fromkeys(("1", "t", "T", "true", "TRUE", "True"), True),
    **dict.fromkeys(("0", "f", "F", "false", "FALSE", "False"), False),
}


def _encode(found: dict[str, str]) -> str:
    from pillion.golang import json

    names = (("scrape", _SCRAPE), ("path", _PATH), ("port", _PORT))
    return (
        "{" + ",".join(f'"{key}":{json.marshal(found.get(name, ""))}' for key, name in names) + "}"
    )
