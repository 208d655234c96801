from __future__ import annotations

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from pillion.cluster.errors import ClusterError
from pillion.cluster.kube import KubeCluster
from pillion.cluster.kubeconfig import Access

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH = "/api/v1/namespaces/istio-system/configmaps/istio"


class _Handler(BaseHTTPRequestHandler):
    answers: ClassVar[dict[str, tuple[int, Any]]] = {
        PATH: (200, {"kind": "ConfigMap", "data": {"mesh": "{}"}}),
        f"{PATH}-empty": (200, {"kind": "ConfigMap"}),
        f"{PATH}-page": (200, "welcome"),
        f"{PATH}-gateway": (502, "the API server is away"),
    }

    def do_GET(self) -> None:
        missing = {"kind": "Status", "message": "configmaps not found", "code": 404}
        status, value = self.answers.get(self.path, (404, missing))
        if self.headers.get("Authorization") != "Bearer secret":
            status, value = 401, {"kind": "Status", "message": "Unauthorized", "code": 401}
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if isinstance(value, dict):
            self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        del format, args


@pytest.fixture
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{made.server_address[1]}"
        made.shutdown()
        thread.join()


def cluster(server: str, seconds: float = 5, **user: Any) -> KubeCluster:
    access = Access("here", {"server": server}, user or {"token": "secret"})
    return KubeCluster(access, seconds)


def test_the_data_of_a_config_map(server: str) -> None:
    asked = cluster(server)
    assert asked.name == "here"
    assert asked.config_map("istio-system", "istio") == {"mesh": "{}"}
    assert asked.config_map("istio-system", "istio-empty") == {}


@pytest.mark.parametrize(
    ("name", "user", "message"),
    [
        ("gone", {}, ": configmaps not found"),
        ("istio", {"token": "wrong"}, ": Unauthorized"),
        ("istio-page", {}, " cannot be asked: "),
        ("istio-gateway", {}, " cannot be asked: "),
    ],
)
def test_what_the_cluster_answers_is_said(
    server: str, name: str, user: dict[str, Any], message: str
) -> None:
    with pytest.raises(ClusterError) as failure:
        cluster(server, **user).config_map("istio-system", name)
    wanted = f"the cluster of context here ({server}){message}"
    assert str(failure.value).startswith(wanted)


def test_a_cluster_that_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ClusterError) as failure:
            cluster(server, seconds=0.05).config_map("istio-system", "istio")
    wanted = f"the cluster of context here ({server}) does not answer within 0.05 seconds"
    assert str(failure.value) == wanted


def test_a_cluster_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        server = f"http://127.0.0.1:{gone.getsockname()[1]}"
    with pytest.raises(ClusterError, match=r"cannot be asked: .*refused"):
        cluster(server).config_map("istio-system", "istio")


@pytest.mark.parametrize(
    ("kind", "key"), [("cluster", "tls-server-name"), ("user", "as"), ("user", "auth-provider")]
)
def test_what_is_not_supported_is_refused(kind: str, key: str) -> None:
    access = Access("here", {"server": "https://x"}, {})
    access._asdict()[kind][key] = "x"
    with pytest.raises(ClusterError, match=f"^context here: {key} is not supported$"):
        KubeCluster(access)


def test_a_token_that_is_none() -> None:
    with pytest.raises(ClusterError, match=r"^context here: Expected `str"):
        cluster("https://x", token=12)


def test_a_missing_certificate_is_named() -> None:
    access = Access("here", {"server": "https://x", "certificate-authority": "/no/ca"}, {})
    with pytest.raises(ClusterError, match=r"^context here: .*No such file"):
        KubeCluster(access)
