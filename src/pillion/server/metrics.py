"""The server's metrics: those that dashboards for Istio know, and better ones beside them.

Istio's count without labels, and its success counter counts every response. Here success counts
injected pods, so that requests are the sum of successes, skips and failures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from pillion import __version__
from pillion.server.decisions import Result
from pillion.server.process_metrics import Processes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pillion.server.ca_bundle import Entry
    from pillion.server.certificate import Certificate
    from pillion.server.configuration import Active
    from pillion.server.decisions import Decision

CONTENT_TYPE = CONTENT_TYPE_LATEST
_ISTIO_BUCKETS = (0.1, 1, 3, 5, 10, 20, 30, 60)
_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_MOST_NAMESPACES = 1000
"""More namespaces than this share one label value: who sends reviews must not fill the memory."""

_OTHER_NAMESPACES = "(other)"


class Metrics:
    """All metrics of one server, in a registry of its own."""

    def __init__(self, revision: str) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # it has no types
        self.registry = CollectorRegistry()
        self.processes = Processes()
        self.registry.register(self.processes)
        self._revision = revision
        self._namespaces: set[str] = set()
        self._istio()
        self._own()

    def _istio(self) -> None:
        self.requests = self._counter("sidecar_injection_requests", "Requests to inject.")
        self.successes = self._counter("sidecar_injection_success", "Pods that were injected.")
        self.failures = self._counter("sidecar_injection_failure", "Requests that failed.")
        self.skips = self._counter("sidecar_injection_skip", "Pods that were left alone.")
        self.seconds = Histogram(
            "sidecar_injection_time_seconds",
            "Time taken by a request.",
            buckets=_ISTIO_BUCKETS,
            registry=self.registry,
        )

    def _own(self) -> None:
        self.decisions = self._counter(
            "pillion_decisions", "Answered reviews.", "namespace", "result", "reason", "revision"
        )
        self.duration = Histogram(
            "pillion_request_duration_seconds",
            "Time taken by a review.",
            ["result"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.refused = self._counter(
            "pillion_refused_requests", "Requests that HTTP alone refused.", "status"
        )
        self.under_way = self._gauge("pillion_requests_under_way", "Requests being answered.")
        self.reloads = self._counter("pillion_reloads", "Reloads.", "what", "result")
        self.since = self._gauge("pillion_configuration_since", "When the configuration came.")
        self.info = self._gauge("pillion_configuration_info", "The configuration.", "sha256")
        self.stale = self._gauge(
            "pillion_configuration_refused", "1 while a newer configuration is refused."
        )
        self.expiry = self._gauge("pillion_certificate_expiry", "When the certificate ends.")
        self.contested = self._gauge(
            "pillion_ca_bundle_contested",
            "1 while somebody else keeps putting another caBundle there.",
            "configuration",
            "webhook",
        )
        self.right = self._gauge(
            "pillion_ca_bundle_right",
            "1 where a webhook that leads here has the right caBundle.",
            "configuration",
            "webhook",
        )
        self.bundle_writes = self._counter(
            "pillion_ca_bundle_writes", "Writes of the caBundle.", "result"
        )
        self.leading = self._gauge("pillion_leader", "1 while this replica leads.")
        self.events = self._counter("pillion_events", "Kubernetes Events.", "result")
        self.cluster_trouble = self._gauge(
            "pillion_cluster_trouble", "1 while a kind of objects cannot be followed.", "resource"
        )
        self.workers = self._gauge("pillion_workers", "Worker processes that answer.")
        self.worker_restarts = self._counter(
            "pillion_worker_restarts", "Worker processes started in place of one that ended."
        )
        build = self._gauge("pillion_build_info", "The version.", "version")
        build.labels(__version__).set(1)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(name, text, labels, registry=self.registry)

    def answered(self, decision: Decision) -> None:
        """Count an answered review."""
        self.seconds.observe(decision.duration)
        self.duration.labels(decision.result.value).observe(decision.duration)
        self.decisions.labels(
            self._namespace(decision.namespace),
            decision.result.value,
            decision.reason.value,
            self._revision,
        ).inc()
        if decision.result is Result.INJECTED:
            self.successes.inc()
        elif decision.result is Result.SKIPPED:
            self.skips.inc()
        else:
            self.failures.inc()

    def failed(self, status: int) -> None:
        """Count a request that got no review for an answer."""
        self.failures.inc()
        self.refused.labels(str(status)).inc()

    def configured(self, active: Active, *, accepted: bool) -> None:
        """Show the configuration after a load."""
        self.reloads.labels("configuration", "accepted" if accepted else "refused").inc()
        self.stale.set(not accepted)
        self.since.set(active.since)
        self.info.clear()
        self.info.labels(active.sha256).set(1)

    def certified(self, certificate: Certificate, *, accepted: bool) -> None:
        """Show the certificate after a load."""
        self.reloads.labels("certificate", "accepted" if accepted else "refused").inc()
        self.expiry.set(certificate.not_after)

    def registered(self, entries: Iterable[Entry], wrong: Iterable[Entry]) -> None:
        """Show which webhooks lead here, and of which the ``caBundle`` is ``wrong``."""
        keys = {one.key for one in wrong}
        self.right.clear()
        for one in entries:
            self.right.labels(*one.key).set(one.key not in keys)

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self.registry)

    def _namespace(self, name: str) -> str:
        if name not in self._namespaces:
            if len(self._namespaces) >= _MOST_NAMESPACES:
                return _OTHER_NAMESPACES
            self._namespaces.add(name)
        return name
