"""Wall time and peak memory of ``pillion kube-inject``, for 1 and for 500 Deployments.

    python bench/cli.py

Each figure is the median of several runs of the whole process, after one that warms the template
cache and is not counted. The last line is what one further Deployment costs; peak memory must not
depend on their number.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 7
COUNTS = (1, 500)
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


def run(manifest: Path) -> tuple[float, float]:
    """Seconds and peak MiB of one run."""
    command = [sys.executable, "-m", "pillion", "kube-inject", "-f", str(manifest)]
    command += ["--profile", "istio-1.30", "-o", os.devnull]
    start = time.perf_counter()
    process = subprocess.Popen(command)  # noqa: S603 - our own command
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit("kube-inject failed")
    return seconds, usage.ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    walls = {}
    with tempfile.TemporaryDirectory() as folder:
        for count in COUNTS:
            manifest = Path(folder) / f"{count}.yaml"
            manifest.write_text("".join(DEPLOYMENT.format(n=n) for n in range(count)))
            runs = [run(manifest) for _ in range(RUNS + 1)][1:]
            walls[count] = statistics.median(seconds for seconds, _ in runs)
            memory = statistics.median(mebibytes for _, mebibytes in runs)
            print(f"{count:4} Deployments: {walls[count] * 1e3:8.1f} ms, {memory:6.1f} MiB")
    few, many = COUNTS
    print(f"each further one: {(walls[many] - walls[few]) / (many - few) * 1e3:.2f} ms")


if __name__ == "__main__":
    main()
