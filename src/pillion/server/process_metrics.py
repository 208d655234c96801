"""The usual metrics of a process, such as its memory, for a server that is several processes."""

from __future__ import annotations

import os
import resource
from typing import TYPE_CHECKING

from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from prometheus_client.metrics_core import Metric

_CPU, _START = "process_cpu_seconds", "process_start_time_seconds"


class Processes(Collector):
    """Collects the sums over this process and those of ``others()``.

    What ended processes used of the processors stays in the sum, so that it never falls. The time
    of the start is this process's.
    """

    def __init__(self, others: Callable[[], Iterable[int]] = tuple) -> None:
        self.others = others

    def collect(self) -> Iterable[Metric]:
        """The metrics."""
        own = os.getpid()
        sums = {metric.name: metric for metric in _metrics_of(own)}
        for pid in set(self.others()) - {own}:
            for metric in _metrics_of(pid):
                if metric.name in sums and metric.name != _START:
                    _add(sums[metric.name], metric.samples[0].value)
        if _CPU in sums:
            ended = resource.getrusage(resource.RUSAGE_CHILDREN)
            _add(sums[_CPU], ended.ru_utime + ended.ru_stime)
        return sums.values()


def _metrics_of(pid: int) -> Iterable[Metric]:
    return ProcessCollector(pid=lambda: pid, registry=None).collect()


def _add(metric: Metric, value: float) -> None:
    [sample] = metric.samples
    metric.samples[:] = [sample._replace(value=sample.value + value)]
