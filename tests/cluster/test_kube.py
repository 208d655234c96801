from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import pytest
import trustme

from pillion.cluster import kube
from pillion.cluster.errors import (
    ClusterError,
    ConflictError,
    ExpiredError,
    ForbiddenError,
    NotFoundError,
)
from pillion.cluster.kube import KubeCluster
from pillion.cluster.kubeconfig import Access
from pillion.cluster.resources import CONFIG_MAPS, NODES, PROXY_CONFIGS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

PATH = "/api/v1/namespaces/istio-system/configmaps"
REJECTED = "the server rejected our request due to an error in our request"
FOUND = {"kind": "ConfigMap", "metadata": {"name": "istio"}, "unknown": [1.5, None]}


class Asked(NamedTuple):
    """What the server was asked."""

    method: str
    path: str
    parameters: dict[str, str]
    token: str | None
    content_type: str | None
    body: Any


class Answer(NamedTuple):
    """A status and a JSON value, a text, or lines that are sent one by one."""

    status: int
    value: Any = None
    breaks: bool = False
    """Whether the connection ends before the body does."""


def failure(status: int, message: str = "no", **more: Any) -> Answer:
    return Answer(status, {"kind": "Status", "message": message, "code": status, **more})


class Server(ThreadingHTTPServer):
    """Gives the answers one after the other, the last again and again."""

    daemon_threads = True

    def __init__(self, *answers: Answer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = list(answers)
        self.asked: list[Asked] = []
        self.ports: list[int] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def next(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        url = urlsplit(self.path)
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length)) if length else None
        token, content_type = self.headers.get("Authorization"), self.headers.get("Content-Type")
        query = dict(parse_qsl(url.query))
        self.server.asked.append(Asked(self.command, url.path, query, token, content_type, body))
        self.server.ports.append(self.client_address[1])
        answer = self.server.next()
        self.send_response(answer.status)
        if isinstance(answer.value, list):
            self._stream(answer)
            return
        text = answer.value if isinstance(answer.value, str) else json.dumps(answer.value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST = do_PUT = do_PATCH = _answer  # noqa: N815 - the names of the base

    def _stream(self, answer: Answer) -> None:
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for chunk in answer.value:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
            self.wfile.flush()
        if answer.breaks:
            self.close_connection = True
        else:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        del format, args


@contextmanager
def serving(*answers: Answer) -> Iterator[Server]:
    with Server(*answers) as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield made
        finally:
            made.shutdown()
            thread.join()


def cluster(server: str, seconds: float = 5, **user: Any) -> KubeCluster:
    access = Access("here", {"server": server}, user or {"token": "secret"})
    return KubeCluster(access, seconds)


def run(made: KubeCluster, *calls: Callable[[KubeCluster], Awaitable[Any]]) -> list[Any]:
    """What the calls give, one after the other."""

    async def work() -> list[Any]:
        try:
            return [await call(made) for call in calls]
        finally:
            await made.close()

    return asyncio.run(work())


def get(made: KubeCluster) -> Awaitable[Any]:
    return made.get(CONFIG_MAPS, "istio", "istio-system")


async def watch(made: KubeCluster) -> list[Any]:
    return [
        change
        async for change in made.watch(CONFIG_MAPS, "istio-system", version="7", fields="a=b")
    ]


def test_an_object_is_what_the_api_server_says() -> None:
    with serving(Answer(200, FOUND)) as server:
        assert run(cluster(server.url), get) == [FOUND]
    wanted = Asked("GET", f"{PATH}/istio", {}, "Bearer secret", None, None)
    assert server.asked == [wanted]


CHANGED = {"metadata": {"name": "a b", "namespace": "istio-system"}, "x": {"y": None}}
WHOLE = {"apiVersion": "v1", "kind": "ConfigMap", **CHANGED}
TEST = [{"op": "test", "path": "/x", "value": 1}]


@pytest.mark.parametrize(
    ("call", "method", "path", "parameters", "content_type", "body"),
    [
        (lambda one: one.create(CONFIG_MAPS, CHANGED), "POST", PATH, {}, "json", WHOLE),
        (lambda one: one.replace(CONFIG_MAPS, CHANGED), "PUT", f"{PATH}/a%20b", {}, "json", WHOLE),
        (
            lambda one: one.patch(CONFIG_MAPS, "a", TEST, "istio-system"),
            "PATCH",
            f"{PATH}/a",
            {},
            "json-patch+json",
            TEST,
        ),
        (
            lambda one: one.apply(CONFIG_MAPS, CHANGED),
            "PATCH",
            f"{PATH}/a%20b",
            {},
            "apply-patch+yaml",
            WHOLE,
        ),
        (
            lambda one: one.apply(CONFIG_MAPS, CHANGED, force=True),
            "PATCH",
            f"{PATH}/a%20b",
            {"force": "true"},
            "apply-patch+yaml",
            WHOLE,
        ),
        (
            lambda one: one.apply(CONFIG_MAPS, CHANGED, dry_run=True),
            "PATCH",
            f"{PATH}/a%20b",
            {"dryRun": "All"},
            "apply-patch+yaml",
            WHOLE,
        ),
        (
            lambda one: one.patch(NODES, "n", TEST),
            "PATCH",
            "/api/v1/nodes/n",
            {},
            "json-patch+json",
            TEST,
        ),
    ],
)
def test_what_is_written(  # noqa: PLR0913, PLR0917 - columns of the table
    call: Callable[[KubeCluster], Awaitable[Any]],
    method: str,
    path: str,
    parameters: dict[str, str],
    content_type: str,
    body: Any,
) -> None:
    with serving(Answer(201, FOUND)) as server:
        assert run(cluster(server.url), call) == [FOUND]
    parameters = {"fieldManager": "pillion", **parameters}
    asked = Asked(method, path, parameters, "Bearer secret", f"application/{content_type}", body)
    assert server.asked == [asked]


def test_a_list_is_read_page_by_page() -> None:
    pages = [
        Answer(
            200, {"metadata": {"resourceVersion": "5", "continue": "more"}, "items": [{"a": 1}]}
        ),
        Answer(200, {"metadata": {"resourceVersion": "5"}, "items": [{"b": 2}]}),
    ]
    with serving(*pages) as server:
        found = run(
            cluster(f"{server.url}/behind"), lambda one: one.list(PROXY_CONFIGS, fields="x=y")
        )
    kind = {"apiVersion": "networking.istio.io/v1beta1", "kind": "ProxyConfig"}
    assert found == [([{**kind, "a": 1}, {**kind, "b": 2}], "5")]
    path = "/behind/apis/networking.istio.io/v1beta1/proxyconfigs"
    assert [(one.path, one.parameters) for one in server.asked] == [
        (path, {"limit": "500", "fieldSelector": "x=y"}),
        (path, {"limit": "500", "fieldSelector": "x=y", "continue": "more"}),
    ]


@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        (failure(404, "configmaps not found"), NotFoundError, ": configmaps not found"),
        (Answer(404, "404 page not found\n"), NotFoundError, ": 404 page not found"),
        (Answer(404, "<html>\n<p>"), NotFoundError, ": status 404"),
        (failure(401, "Unauthorized"), ForbiddenError, ": Unauthorized"),
        (failure(403), ForbiddenError, ": no"),
        (failure(409), ConflictError, ": no"),
        (failure(410), ExpiredError, ": no"),
        (failure(422, REJECTED), ConflictError, f": {REJECTED}"),
        (failure(422), ClusterError, ": no"),
        (failure(500), ClusterError, ": no"),
        (Answer(502, "away"), ClusterError, " cannot be asked: it answers with the status 502"),
        (Answer(302, ""), ClusterError, " cannot be asked: it answers with the status 302"),
        (Answer(200, '"welcome"'), ClusterError, " cannot be asked: it answers no object"),
        (Answer(200, "<p>"), ClusterError, " cannot be asked: Expecting value: line 1 column 1"),
    ],
)
@pytest.mark.parametrize("call", [get, watch])
def test_what_the_cluster_answers_is_said(
    answer: Answer, kind: type[ClusterError], message: str, call: Any
) -> None:
    if answer.status == 200 and call is watch:
        answer = Answer(200, [answer.value.encode() + b"\n"])
    with serving(answer) as server, pytest.raises(ClusterError) as raised:
        run(cluster(server.url), call)
    assert type(raised.value) is kind
    assert str(raised.value).startswith(f"the cluster of context here ({server.url}){message}")


@pytest.mark.parametrize("call", [get, watch])
def test_a_cluster_that_does_not_answer(call: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ClusterError) as raised:
            run(cluster(server, seconds=0.05), call)
    wanted = f"the cluster of context here ({server}) does not answer within 0.05 seconds"
    assert str(raised.value) == wanted


@pytest.mark.parametrize("call", [get, watch])
def test_a_cluster_that_is_not_there(call: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        server = f"http://127.0.0.1:{gone.getsockname()[1]}"
    with pytest.raises(ClusterError, match=r"cannot be asked: .*refused"):
        run(cluster(server), call)


def test_the_name_of_a_server_is_looked_up_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()

    def hang(*_: Any, **__: Any) -> Any:
        answered.wait(5)
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    made = cluster("http://kube.example", seconds=0.05)
    loop = asyncio.new_event_loop()
    with pytest.raises(ClusterError, match="does not answer within"):
        loop.run_until_complete(get(made))
    loop.run_until_complete(made.close())
    loop.close()
    assert not answered.is_set()
    answered.set()


def event(kind: str, **found: Any) -> bytes:
    return json.dumps({"type": kind, "object": found}, ensure_ascii=False).encode() + b"\n"


def test_a_watch_until_the_api_server_ends_it() -> None:
    # characters that end a line for str.splitlines, and events that are cut anywhere
    data = {"text": "a\u0085b\u2028c"}
    sent = event("ADDED", data=data) + event("MODIFIED") + event("DELETED") + event("BOOKMARK")
    chunks = [sent[:9], sent[9:40], sent[40:]]
    with serving(Answer(200, chunks)) as server:
        assert run(cluster(server.url), watch) == [
            [("ADDED", {"data": data}), ("MODIFIED", {}), ("DELETED", {}), ("BOOKMARK", {})]
        ]
    parameters = server.asked[0].parameters
    assert 270 <= int(parameters.pop("timeoutSeconds")) <= 330
    assert parameters == {
        "watch": "true",
        "resourceVersion": "7",
        "allowWatchBookmarks": "true",
        "fieldSelector": "a=b",
    }


@pytest.mark.parametrize(
    ("sent", "kind", "message"),
    [
        (event("ERROR", code=410, message="too old"), ExpiredError, ": too old"),
        (event("ERROR", code=500, reason="Expired", message="gone"), ExpiredError, ": gone"),
        (event("ERROR", code=500, message="away"), ClusterError, ": away"),
        (event("ERROR"), ClusterError, ": the watch failed"),
        (event("HELLO", code="x"), ClusterError, ": the watch failed"),
        (b'{"type": "ADDED"}\n', ClusterError, ": the watch failed"),
    ],
)
def test_a_watch_that_fails(sent: bytes, kind: type[ClusterError], message: str) -> None:
    with serving(Answer(200, [sent])) as server, pytest.raises(ClusterError) as raised:
        run(cluster(server.url), watch)
    assert type(raised.value) is kind
    assert str(raised.value) == f"the cluster of context here ({server.url}){message}"


def test_a_watch_that_breaks_off() -> None:
    answer = Answer(200, [event("ADDED")], breaks=True)
    with serving(answer) as server, pytest.raises(ClusterError, match="broke off a watch: peer"):
        run(cluster(server.url), watch)


def test_a_watch_on_a_connection_half_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kube, "WATCH_SECONDS", (0, 0))
    monkeypatch.setattr(kube, "_WATCH_GRACE", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            taken, _ = listening.accept()
            with taken:
                taken.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                while taken.recv(4096):
                    pass

        thread = threading.Thread(target=answer)
        thread.start()
        made = cluster(f"http://127.0.0.1:{listening.getsockname()[1]}")
        with pytest.raises(ClusterError, match=r"says nothing on a watch for 0\.05 seconds"):
            run(made, watch)
        thread.join()


@pytest.mark.parametrize("call", [get, watch])
def test_a_token_in_a_file_is_read_again_when_it_is_refused(tmp_path: Path, call: Any) -> None:
    token = tmp_path / "token"
    token.write_text("old\n")

    async def rotate(_: KubeCluster) -> None:
        token.write_text("new\n")

    with serving(Answer(200, []), failure(401), Answer(200, [b"{}"])) as server:
        run(cluster(server.url, tokenFile=str(token)), watch, rotate, call)
    assert [one.token for one in server.asked] == ["Bearer old", "Bearer old", "Bearer new"]


def test_a_token_that_stays_refused_is_not_sent_again(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("old\n")
    with serving(failure(401)) as server, pytest.raises(ForbiddenError):
        run(cluster(server.url, tokenFile=str(token)), get)
    assert len(server.asked) == 1


def plugin(folder: Path, status: str) -> dict[str, Any]:
    """A plugin that counts its runs in a file and answers ``status`` with their number."""
    program = (
        "import json, sys; runs = open(sys.argv[1], 'a+'); runs.write('x'); n = runs.tell(); "
        f"print(json.dumps({{'status': {status}}}))"
    )
    return {"command": sys.executable, "args": ["-c", program, str(folder / "runs")]}


@pytest.mark.parametrize(
    ("status", "answers", "tokens"),
    [
        ("{'token': f'{n}'}", [Answer(200, {})], "11"),
        ("{'token': f'{n}'}", [failure(401), Answer(200, {})], "122"),
        (
            "{'token': f'{n}', 'expirationTimestamp': '2020-01-01T00:00:00Z'}",
            [Answer(200, {})],
            "12",
        ),
    ],
)
def test_a_plugin_is_run_again_when_its_answer_is_no_good_any_more(
    tmp_path: Path, status: str, answers: list[Answer], tokens: str
) -> None:
    with serving(*answers) as server:
        run(cluster(server.url, exec=plugin(tmp_path, status)), get, get)
    assert [one.token for one in server.asked] == [f"Bearer {token}" for token in tokens]


def test_another_client_certificate_is_another_connection(tmp_path: Path) -> None:
    """The first connection is closed, or the open socket would be a warning, which is an error."""
    issued = trustme.CA().issue_cert("me")
    certificate, key = tmp_path / "me.crt", tmp_path / "me.key"
    issued.private_key_pem.write_to_path(key)
    issued.cert_chain_pems[0].write_to_path(certificate)
    os.utime(certificate, (1, 1))
    files: dict[str, Any] = {"client-certificate": str(certificate), "client-key": str(key)}

    async def rotate(_: KubeCluster) -> None:
        os.utime(certificate, (2, 2))

    answers = [Answer(200, FOUND), failure(401), Answer(200, FOUND), failure(401)]
    with serving(*answers) as server, pytest.raises(ForbiddenError):
        run(cluster(server.url, **files), get, rotate, get, get)
    assert len(server.asked) == 4
    assert len(set(server.ports)) == 2


def test_a_plugin_does_not_stop_the_event_loop(tmp_path: Path) -> None:
    """The plugin waits for a file that is written while it runs."""
    told = tmp_path / "told"
    program = f"import os\nwhile not os.path.exists({str(told)!r}): pass\nprint('{{}}')"
    made = cluster("http://127.0.0.1:1", exec={"command": sys.executable, "args": ["-c", program]})

    async def tell(_: KubeCluster) -> None:
        asked = asyncio.ensure_future(get(made))
        await asyncio.sleep(0)
        told.write_text("")
        with pytest.raises(ClusterError, match="printed no credential"):
            await asked

    run(made, tell)


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
