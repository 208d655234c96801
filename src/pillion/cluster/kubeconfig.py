"""Kubeconfig files: where they are, how several become one, and what a context stands for.

Follows the loading rules of k8s.io/client-go: a file that is named stands alone; ``KUBECONFIG`` may
list several, of which the first to say something counts; paths in a file are relative to it.
"""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from pillion.cluster.errors import ClusterError

_DEFAULT = os.path.join("~", ".kube", "config")
_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
IN_CLUSTER = "in-cluster"
"""What the access of a pod is called, which no kubeconfig names."""

_CLUSTER_PATHS = ("certificate-authority",)
_USER_PATHS = ("client-certificate", "client-key", "tokenFile")

Entry = dict[str, Any]


class Access(NamedTuple):
    """A way to a cluster: the entries of a kubeconfig that a context names."""

    context: str
    cluster: Entry
    user: Entry


def find(named: str | None) -> list[str]:
    """The kubeconfig files there are; ``named`` is the one of ``--kubeconfig``.

    Raises:
        ClusterError: There is none at ``named``.
    """
    if named:
        if not os.path.isfile(named):
            raise ClusterError(f"there is no kubeconfig {named}")
        return [named]
    listed = os.environ.get("KUBECONFIG") or os.path.expanduser(_DEFAULT)
    return [path for path in listed.split(os.pathsep) if path and os.path.isfile(path)]


def access(paths: list[str], context: str | None) -> Access | None:
    """What ``context``, or the current one, of the files stands for; None where they name none.

    Raises:
        ClusterError: A file is no kubeconfig, or an entry that is named is missing.
    """
    files = [_read(path) for path in paths]
    chosen = context or next(filter(None, (one.get("current-context") for one in files)), None)
    if chosen is None or not files:
        return None
    entry = _entry(files, "context", chosen)
    cluster = _entry(files, "cluster", str(entry.get("cluster", "")))
    user = _entry(files, "user", str(entry["user"])) if entry.get("user") else {}
    return Access(chosen, cluster, user)


def in_cluster() -> Access | None:
    """The access that a pod has, where this is one."""
    host = os.environ.get("KUBERNETES_SERVICE_HOST")
    port = os.environ.get("KUBERNETES_SERVICE_PORT")
    token = os.path.join(_ACCOUNT, "token")
    if not host or not port or not os.path.isfile(token):
        return None
    place = f"[{host}]" if ":" in host else host
    authority = os.path.join(_ACCOUNT, "ca.crt")
    cluster = {"server": f"https://{place}:{port}", "certificate-authority": authority}
    return Access(IN_CLUSTER, cluster, {"tokenFile": token})


def own_namespace() -> str:
    """The namespace of the pod that this is; empty where it is none."""
    try:
        with open(os.path.join(_ACCOUNT, "namespace"), encoding="utf-8") as file:
            return file.read().strip()
    except FileNotFoundError:
        return ""


def _read(path: str) -> Entry:
    from pillion.kubernetes import yaml_reader
    from pillion.kubernetes.errors import YAMLError

    try:
        with open(path, encoding="utf-8") as file:
            found = yaml_reader.load(file.read())
    except OSError as failure:
        raise ClusterError(f"{path}: {failure.strerror}") from failure
    except (YAMLError, UnicodeDecodeError) as error:
        raise ClusterError(f"{path} is no kubeconfig: {error}") from error
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise ClusterError(f"{path} is no kubeconfig: it holds no object")
    for kind, keys in (("cluster", _CLUSTER_PATHS), ("user", _USER_PATHS)):
        for entry in _listed(found, kind):
            _resolve(entry.get(kind), keys, os.path.dirname(path))
    return found


def _listed(file: Entry, kind: str) -> list[Entry]:
    found = file.get(f"{kind}s")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _resolve(entry: Any, keys: tuple[str, ...], folder: str) -> None:
    if not isinstance(entry, dict):
        return
    for key in keys:
        if entry.get(key):
            entry[key] = os.path.join(folder, entry[key])
    plugin = entry.get("exec")
    if isinstance(plugin, dict) and os.path.dirname(str(plugin.get("command", ""))):
        plugin["command"] = os.path.join(folder, plugin["command"])


def _entry(files: list[Entry], kind: str, name: str) -> Entry:
    for file in files:
        for entry in _listed(file, kind):
            if entry.get("name") == name and isinstance(entry.get(kind), dict):
                found: Entry = entry[kind]
                return found
    raise ClusterError(f"the kubeconfig has no {kind} {name!r}")
