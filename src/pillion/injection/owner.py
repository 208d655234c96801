"""Which workload a pod belongs to, guessed from the pod alone.

Follows ``GetDeployMetaFromPod`` of Istio's ``pkg/kube``: what a Deployment, a CronJob or
OpenShift's DeploymentConfig creates is not the pod but something between, whose name shows what
made it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pillion.injection.generation import Owner

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pillion.injection.generation import JSON

_SHORTEST, _LONGEST = 8, 10  # digits of the minute that ends the name of a CronJob's job


def owner_of(pod: JSON) -> Owner:
    """The owner of ``pod``, or the pod itself where none controls it."""
    metadata = pod.get("metadata") or {}
    name, namespace = metadata.get("name", ""), metadata.get("namespace", "")
    controller = _controller(metadata) if metadata.get("generateName") else None
    if controller is None:
        return Owner(name, namespace, "Pod", "v1")
    found = _made_by(controller, metadata.get("labels") or {})
    return Owner(found.name or name, namespace, found.kind, found.api_version)


def _controller(metadata: JSON) -> Owner | None:
    for reference in metadata.get("ownerReferences") or ():
        if reference.get("controller"):
            kind, version = reference.get("kind", ""), reference.get("apiVersion", "")
            return Owner(reference.get("name", ""), "", kind, version)
    return None


def _made_by(controller: Owner, labels: Mapping[str, Any]) -> Owner:
    if controller.kind == "ReplicaSet":
        return _made_replica_set(controller, labels)
    if controller.kind == "ReplicationController" and labels.get("deploymentconfig"):
        return controller._replace(name=labels["deploymentconfig"], kind="DeploymentConfig")
    if controller.kind == "Job":
        name = _cron_job_of(controller.name)
        if name:
            return controller._replace(name=name, kind="CronJob", api_version="batch/v1")
    return controller


def _cron_job_of(job: str) -> str:
    """The name before the minute that a CronJob ends its jobs' names with, or an empty text."""
    name, _, minute = job.rpartition("-")
    timed = _SHORTEST <= len(minute) <= _LONGEST and minute.isascii() and minute.isdigit()
    return name.rpartition("\n")[2] if timed else ""


def _made_replica_set(controller: Owner, labels: Mapping[str, Any]) -> Owner:
    name = controller.name
    deployment, rollout = (
        labels.get(label, "") for label in ("pod-template-hash", "rollouts-pod-template-hash")
    )
    if deployment and name.endswith(deployment):
        return controller._replace(name=name.removesuffix(f"-{deployment}"), kind="Deployment")
    if rollout and name.endswith(rollout):
        name = name.removesuffix(f"-{rollout}")
        return controller._replace(name=name, kind="Rollout", api_version="v1alpha1")
    return controller
