from __future__ import annotations

from typing import Any

import pytest

from pillion.injection.generation import Owner
from pillion.injection.owner import owner_of


def pod(
    kind: str, owner: str, labels: dict[str, str] | None = None, **metadata: Any
) -> dict[str, Any]:
    reference = {"kind": kind, "name": owner, "apiVersion": "apps/v1", "controller": True}
    return {
        "metadata": {
            "generateName": f"{owner}-",
            "namespace": "shop",
            "labels": labels or {},
            "ownerReferences": [{"kind": "X", "name": "not-it", "controller": False}, reference],
            **metadata,
        }
    }


HASH = {"pod-template-hash": "5d4"}
ROLLOUT = {"rollouts-pod-template-hash": "5d4"}
BUILD = {"deploymentconfig": "web"}

CASES = [
    ("ReplicaSet", "web-5d4", HASH, ("web", "Deployment", "apps/v1")),
    ("ReplicaSet", "web", HASH, ("web", "ReplicaSet", "apps/v1")),
    ("ReplicaSet", "web5d4", HASH, ("web5d4", "Deployment", "apps/v1")),
    ("ReplicaSet", "web-5d4", ROLLOUT, ("web", "Rollout", "v1alpha1")),
    ("ReplicaSet", "web-5d4", {}, ("web-5d4", "ReplicaSet", "apps/v1")),
    ("ReplicationController", "web-3", BUILD, ("web", "DeploymentConfig", "apps/v1")),
    ("ReplicationController", "web-3", {}, ("web-3", "ReplicationController", "apps/v1")),
    ("Job", "clean-27123456", {}, ("clean", "CronJob", "batch/v1")),
    ("Job", "clean-1234567", {}, ("clean-1234567", "Job", "apps/v1")),
    ("Job", "clean-12345678901", {}, ("clean-12345678901", "Job", "apps/v1")),
    ("Job", "-27123456", {}, ("-27123456", "Job", "apps/v1")),
    ("Job", "clean-2712345x", {}, ("clean-2712345x", "Job", "apps/v1")),
    ("DaemonSet", "agent", {}, ("agent", "DaemonSet", "apps/v1")),
]


@pytest.mark.parametrize(("kind", "name", "labels", "wanted"), CASES)
def test_controlled(
    kind: str, name: str, labels: dict[str, str], wanted: tuple[str, str, str]
) -> None:
    found, owner_kind, version = wanted
    assert owner_of(pod(kind, name, labels)) == Owner(found, "shop", owner_kind, version)


def test_a_pod_with_a_name_of_its_own_is_its_own_owner() -> None:
    given = pod("ReplicaSet", "web-5d4", HASH, generateName="", name="web-0")
    assert owner_of(given) == Owner("web-0", "shop", "Pod", "v1")


def test_a_pod_without_a_controller_is_its_own_owner() -> None:
    given = {"metadata": {"generateName": "web-", "name": "web-0"}}
    assert owner_of(given) == Owner("web-0", "", "Pod", "v1")


def test_a_controller_without_a_name_leaves_the_pods() -> None:
    assert owner_of(pod("StatefulSet", "", name="web-0")).name == "web-0"
