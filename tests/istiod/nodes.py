"""Clusters of which istiod is asked whether sidecars are native there, by the name of the case."""

from __future__ import annotations

from typing import Any

JSON = dict[str, Any]


def node(version: str | None, name: str = "one") -> JSON:
    """A node as an API server gives it."""
    info = {} if version is None else {"kubeletVersion": version, "osImage": "any"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": {"kubernetes.io/os": "linux"}},
        "status": {"nodeInfo": info} if info else {},
    }


def question(nodes: list[JSON] | None, mode: str = "auto", of: str = "") -> JSON:
    """A question about a pod that is bound to the node ``of``, if to any."""
    return {"mode": mode, "nodes": nodes, "node": of}


_VERSIONS = (
    "v1.33.0", "1.33.0", "v1.32.9", "v1.34.1", "v1.33.1-gke.100", "v1.32.3-gke.1440000",
    "v1.33.0-rc.0", "v1.33.0-alpha.1.5+abc", "v1.33.1+k3s1", "v1.33.2-eks-1234567", "v1.33",
    "1", "v1", "v2.0.0", "v2.33.0", "v0.33.0", "v1.100.0", "v1.033.0", "v1.33.0.0.1", "v1.33a",
    "v1.33-", "v1.33+", "v1.33.", ".33", "V1.33.0", "vv1.33.0", " v1.33.0", "v1.33.0 ",
    "v1.33.0\n", "v1.-33", "v1.33~1", "v1.33-~", "v1.33.0-rc..0", "v1.33.0-rc.0+", "v1.33_1",
    "v1.33.0+a_b", "v1.33.0-1.x", "v1.33.0--", "v1.33.0-a+b.c-d", "v1.33.0rc1.2", "v1.33.0-.a",
    "v1.9223372036854775807", "v1.9223372036854775808", "v9223372036854775808.33.0",
    "v1.33.99999999999999999999", "v1.٣٣", "v1.33é", "unknown", "", "0", "-1.33", "v1.33.0+1+2",
)  # fmt: skip
CASES: dict[str, JSON] = {
    **{f"version {version!r}": question([node(version)]) for version in _VERSIONS},
    "no version": question([node(None)]),
    "no nodes": question([]),
    "nobody to ask for nodes": question(None),
    "true, and old nodes": question([node("v1.20.0")], "true"),
    "true, and nobody to ask": question(None, "true"),
    "false, and new nodes": question([node("v1.40.0")], "false"),
    "the last node is old": question([node("v1.33.0"), node("v1.34.0", "b"), node("v1.9.0", "c")]),
    "the first node is old": question([node("v1.32.0"), node("v1.34.0", "b")]),
    "all are new": question([node("v1.33.0"), node("v1.34.0", "b")]),
    "bound to the new of two": question([node("v1.32.0"), node("v1.34.0", "b")], of="b"),
    "bound to the old of two": question([node("v1.32.0"), node("v1.34.0", "b")], of="one"),
    "bound to a node nobody knows": question([node("v1.34.0")], of="b"),
    "bound to a node nobody knows beside an old one": question([node("v1.32.0")], of="b"),
    "bound to an old node, true": question([node("v1.32.0")], "true", of="one"),
    "bound to a new node, false": question([node("v1.34.0")], "false", of="one"),
    "bound to a node of an unreadable version": question(
        [node("x"), node("v1.34.0", "b")], of="one"
    ),
}
