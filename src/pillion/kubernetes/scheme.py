"""Which type an object has, by its ``apiVersion`` and ``kind``.

The two generations of the injector know different kinds. As in Go's scheme that Istio fills, a
kind is known in *every* version once it is known in one: ``kind: Pod`` is a pod whatever its
apiVersion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.golang.strconv import quote
from pillion.kubernetes import yaml_scalars
from pillion.kubernetes.errors import UnknownKindError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Scheme(NamedTuple):
    """The types that are known by apiVersion and kind, and by kind alone.

    ``resolve`` is what an unquoted scalar stands for in the YAML of the scheme's day, and
    ``wrong_type`` is how its errors about types begin.
    """

    versioned: Mapping[tuple[str, str], str]
    unversioned: Mapping[str, str]
    resolve: Callable[[str], Any] = yaml_scalars.resolve
    wrong_type: str = "error unmarshaling JSON: while decoding JSON: "

    def type_for(self, api_version: str, kind: str) -> str:
        """The name of the type of an object.

        Raises:
            UnknownKindError: there is none; the message is apimachinery's.
        """
        found = self.versioned.get((api_version, kind)) or self.unversioned.get(kind)
        if found is None:
            raise UnknownKindError(_not_registered(api_version, kind))
        return found


def _not_registered(api_version: str, kind: str) -> str:
    group, _, version = api_version.rpartition("/")
    if "/" in group or api_version == "/":
        group, version = "", ""
    if not kind:
        what = f"version {quote(_group_version(group, version))} has been registered"
    elif version == "__internal":
        what = f"kind {quote(kind)} is registered for the internal version of group {quote(group)}"
    else:
        version = _group_version(group, version)
        what = f"kind {quote(kind)} is registered for version {quote(version)}"
    return f'no {what} in scheme "{_SCHEME_NAME}"'


def _group_version(group: str, version: str) -> str:
    return f"{group}/{version}" if group else version


# Go names a scheme after the line of source that made it.
_SCHEME_NAME = "pkg/runtime/scheme.go:111"

_CURRENT = {
    ("v1", "ReplicationController"): "core/v1.ReplicationController",
    ("v1", "Pod"): "core/v1.Pod",
    ("v1", "List"): "core/v1.List",
    ("apps/v1", "Deployment"): "apps/v1.Deployment",
    ("apps/v1", "DaemonSet"): "apps/v1.DaemonSet",
    ("apps/v1", "ReplicaSet"): "apps/v1.ReplicaSet",
    ("apps/v1", "StatefulSet"): "apps/v1.StatefulSet",
    ("batch/v1", "Job"): "batch/v1.Job",
    ("batch/v1", "CronJob"): "batch/v1.CronJob",
    ("apps.openshift.io/v1", "DeploymentConfig"): "apps.openshift.io/v1.DeploymentConfig",
}

_LEGACY = {
    ("extensions/v1beta1", "Deployment"): "extensions/v1beta1.Deployment",
    ("extensions/v1beta1", "DaemonSet"): "extensions/v1beta1.DaemonSet",
    ("extensions/v1beta1", "ReplicaSet"): "extensions/v1beta1.ReplicaSet",
    ("apps/v1beta1", "Deployment"): "apps/v1beta1.Deployment",
    ("apps/v1beta1", "StatefulSet"): "apps/v1beta1.StatefulSet",
    ("apps/v1beta2", "Deployment"): "apps/v1beta2.Deployment",
    ("apps/v1beta2", "DaemonSet"): "apps/v1beta2.DaemonSet",
    ("apps/v1beta2", "ReplicaSet"): "apps/v1beta2.ReplicaSet",
    ("apps/v1beta2", "StatefulSet"): "apps/v1beta2.StatefulSet",
    ("batch/v1beta1", "CronJob"): "batch/v1beta1.CronJob",
    # Gone from Kubernetes; its fields were those of v1beta1.
    ("batch/v2alpha1", "CronJob"): "batch/v1beta1.CronJob",
}

_BY_KIND = {kind: name for (_, kind), name in _CURRENT.items()}

_BY_KIND_IN_2018 = {
    "Deployment": "extensions/v1beta1.Deployment",
    "DaemonSet": "extensions/v1beta1.DaemonSet",
    "ReplicaSet": "extensions/v1beta1.ReplicaSet",
    "StatefulSet": "apps/v1beta1.StatefulSet",
    "CronJob": "batch/v1beta1.CronJob",
}

CURRENT = Scheme(_CURRENT, _BY_KIND)
"""The kinds of Istio 1.30."""

LEGACY = Scheme(
    _LEGACY,
    {**_BY_KIND, **_BY_KIND_IN_2018},
    yaml_scalars.resolve_2018,
    "error unmarshaling JSON: ",
)
"""The kinds of Istio 1.1, which reads the groups that are young today into those of its day."""
