"""Wall time and peak memory of ``pillion kube-inject``, for 1, 500 and 5000 Deployments.

    python bench/cli.py

Each figure is the median of several runs of the whole process, after one that warms the template
cache and is not counted. Runs of a Python that does nothing alternate with those for 1 Deployment,
so that a busy or slow machine shows in both. The last line is what one further Deployment costs;
peak memory must not depend on their number.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = {1: 21, 500: 5, 5000: 1}
NOTHING = [sys.executable, "-c", "pass"]
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-{n}
spec:
  selector:
    matchLabels: {{app: web-{n}}}
  template:
    metadata:
      labels: {{app: web-{n}, version: v1}}
    spec:
      containers:
      - name: web
        image: example.com/web:{n}
        ports:
        - containerPort: 8080
        readinessProbe:
          httpGet: {{path: /ready, port: 8080}}
---
"""


def kube_inject(manifest: Path) -> list[str]:
    """The command line to measure."""
    command = [sys.executable, "-m", "pillion", "kube-inject", "-f", str(manifest)]
    return [*command, "--profile", "istio-1.30", "-o", os.devnull]


def run(command: list[str]) -> tuple[float, float]:
    """Milliseconds and peak MiB of one run."""
    start = time.perf_counter()
    process = subprocess.Popen(command)  # noqa: S603 - our own command
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit("kube-inject failed")
    return seconds * 1e3, usage.ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    walls = {}
    bare = []
    with tempfile.TemporaryDirectory() as folder:
        manifest = Path(folder) / "manifest.yaml"
        for count, runs in RUNS.items():
            manifest.write_text("".join(DEPLOYMENT.format(n=n) for n in range(count)))
            run(kube_inject(manifest))
            measured = []
            for _ in range(runs):
                bare.append(run(NOTHING)[0])
                measured.append(run(kube_inject(manifest)))
            walls[count] = statistics.median(wall for wall, _ in measured)
            memory = statistics.median(mebibytes for _, mebibytes in measured)
            print(f"{count:5} Deployments: {walls[count]:8.1f} ms, {memory:5.1f} MiB")
    start = statistics.median(bare)
    print(f"python -c pass:    {start:8.1f} ms; 1 Deployment takes {walls[1] / start:.1f} of them")
    print(f"each further one:  {(walls[500] - walls[1]) / (500 - 1):8.2f} ms")


if __name__ == "__main__":
    main()
