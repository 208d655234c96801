from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pillion.cluster import kubeconfig
from pillion.cluster.errors import ClusterError

if TYPE_CHECKING:
    from pathlib import Path

FULL = """\
current-context: here
contexts:
- {name: here, context: {cluster: one, user: me, namespace: shop}}
- {name: open, context: {cluster: two}}
- {name: lost, context: {cluster: three}}
clusters:
- {name: one, cluster: {server: "https://one", certificate-authority: pki/ca.crt}}
- {name: two, cluster: {server: "https://two"}}
users:
- name: me
  user: {client-certificate: me.crt, client-key: /keys/me.key, exec: {command: bin/login}}
"""


def written(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_context_stands_for_its_cluster_and_its_user(tmp_path: Path) -> None:
    found = kubeconfig.access([written(tmp_path, "config", FULL)], None)
    assert found is not None
    assert found.context == "here"
    assert found.cluster == {
        "server": "https://one",
        "certificate-authority": str(tmp_path / "pki/ca.crt"),
    }
    assert found.user == {
        "client-certificate": str(tmp_path / "me.crt"),
        "client-key": "/keys/me.key",
        "exec": {"command": str(tmp_path / "bin/login")},
    }
    assert kubeconfig.access([str(tmp_path / "config")], "open") == (
        "open",
        {"server": "https://two"},
        {},
    )


def test_the_first_file_to_say_something_counts(tmp_path: Path) -> None:
    contexts = written(tmp_path, "contexts", "{current-context: open, users: []}")
    clusters = "clusters: [{name: two, cluster: {server: first}}]"
    paths = [contexts, written(tmp_path, "clusters", clusters), written(tmp_path, "full", FULL)]
    found = kubeconfig.access(paths, None)
    assert found is not None
    assert (found.context, found.cluster["server"]) == ("open", "first")


@pytest.mark.parametrize("text", ["", "{}", "{contexts: [], current-context: ''}"])
def test_nothing_is_named(tmp_path: Path, text: str) -> None:
    assert kubeconfig.access([written(tmp_path, "config", text)], None) is None


@pytest.mark.parametrize(
    ("text", "context", "message"),
    [
        (FULL, "lost", "the kubeconfig has no cluster 'three'"),
        (FULL, "gone", "the kubeconfig has no context 'gone'"),
        ("[]", None, "{path} is no kubeconfig: it holds no object"),
        ("a: [", None, "{path} is no kubeconfig: "),
    ],
)
def test_what_is_wrong_is_said(
    tmp_path: Path, text: str, context: str | None, message: str
) -> None:
    path = written(tmp_path, "config", text)
    with pytest.raises(ClusterError) as failure:
        kubeconfig.access([path], context)
    assert str(failure.value).startswith(message.format(path=path))


def test_where_kubeconfigs_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = written(tmp_path, "one", ""), written(tmp_path, "two", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("KUBECONFIG", os.pathsep.join((one, str(tmp_path / "gone"), two)))
    assert kubeconfig.find(None) == [one, two]
    assert kubeconfig.find(two) == [two]
    monkeypatch.delenv("KUBECONFIG")
    assert kubeconfig.find(None) == []
    (tmp_path / ".kube").mkdir()
    assert kubeconfig.find(None) == [] != [written(tmp_path / ".kube", "config", "")]
    assert kubeconfig.find(None) == [str(tmp_path / ".kube" / "config")]
    with pytest.raises(ClusterError, match=r"^there is no kubeconfig gone$"):
        kubeconfig.find("gone")
