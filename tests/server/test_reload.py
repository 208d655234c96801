"""New configurations and certificates while requests go on."""

from __future__ import annotations

import base64
import json
import os
import shutil
import ssl
import threading
from typing import TYPE_CHECKING, Self

from server.serving import (
    JSON,
    Authority,
    Running,
    answer_of,
    config_text,
    exchange,
    replace,
    review,
    wait_for,
)

if TYPE_CHECKING:
    from pathlib import Path

ANOTHER = "metadata: {annotations: {which: another}}\nspec: {containers: [{name: another}]}\n"


def injected(answer_body: bytes) -> str:
    patch = json.loads(answer_body)["response"]["patch"]
    return base64.b64decode(patch).decode()


class Asking:
    """Asks again and again, on one connection, in a thread."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self.bodies: list[bytes] = []
        self.problems: list[object] = []

    def _ask(self) -> None:
        connection = self._running.connection()
        body = review()
        try:
            while not self._over.is_set():
                connection.request("POST", "/inject", body, JSON)
                answer = answer_of(connection.getresponse())
                if answer.status != 200:
                    self.problems.append(answer)
                self.bodies.append(answer.body)
        except OSError as failure:
            self.problems.append(failure)
        connection.close()

    def __enter__(self) -> Self:
        self._thread.start()
        wait_for(lambda: self.bodies)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        assert not self.problems


def test_a_new_configuration_is_taken_under_requests(running: Running) -> None:
    before = running.sha256()
    with Asking(running) as asking:
        replace(running.folder / "config", config_text(template=ANOTHER))
        wait_for(lambda: running.sha256() != before)
        seen = len(asking.bodies)
        wait_for(lambda: len(asking.bodies) > seen + 1)
    assert "another" not in injected(asking.bodies[0])
    assert "another" in injected(asking.bodies[-1])
    assert running.metric('pillion_reloads_total{result="accepted",what="configuration"}') == 2


def test_a_broken_configuration_is_refused_and_told(running: Running) -> None:
    good = running.sha256()
    with Asking(running) as asking:
        replace(running.folder / "config", config_text(template="{{ nonsense }}"))
        wait_for(lambda: running.metric("pillion_configuration_refused") == 1)
    ready = running.monitoring("/ready")
    assert ready.status == 200
    assert 'function "nonsense" not defined' in ready.json["configuration"]["refused"]["error"]
    assert ready.json["configuration"]["sha256"] == good
    assert "istio-proxy" in injected(asking.bodies[-1])
    assert running.metric('pillion_reloads_total{result="refused",what="configuration"}') == 1
    replace(running.folder / "config", config_text())
    wait_for(lambda: running.metric("pillion_configuration_refused") == 0)
    assert "refused" not in running.monitoring("/ready").json["configuration"]


def test_a_deleted_file_is_refused_until_it_is_back(running: Running) -> None:
    text = (running.folder / "values").read_text()
    (running.folder / "values").rename(running.folder / "away")
    wait_for(lambda: running.metric("pillion_configuration_refused") == 1)
    assert "istio-proxy" in injected(running.ask(review()).body)
    replace(running.folder / "values", text)
    wait_for(lambda: running.metric("pillion_configuration_refused") == 0)


def mounted(folder: Path, version: str, *files: tuple[str, bytes]) -> None:
    """Write files as the kubelet mounts a ConfigMap or a Secret."""
    data = folder / f"..{version}"
    data.mkdir()
    for name, content in files:
        (data / name).write_bytes(content)
        if not (folder / name).is_symlink():
            (folder / name).unlink(missing_ok=True)
            (folder / name).symlink_to(f"..data/{name}")
    beside = folder / "..data_tmp"
    beside.symlink_to(data.name)
    os.replace(beside, folder / "..data")


def test_a_mounted_configmap_is_swapped(tmp_path: Path, authority: Authority) -> None:
    mounted(tmp_path, "1", ("config", config_text().encode()))
    with Running(tmp_path, authority) as running:
        before = running.sha256()
        mounted(tmp_path, "2", ("config", config_text(template=ANOTHER).encode()))
        shutil.rmtree(tmp_path / "..1")
        wait_for(lambda: running.sha256() != before)
        assert "another" in injected(running.ask(review()).body)


def certificate_of(running: Running, trust: ssl.SSLContext) -> bytes:
    connection = running.connection(trust)
    connection.connect()
    assert isinstance(connection.sock, ssl.SSLSocket)
    found = connection.sock.getpeercert(binary_form=True)
    connection.close()
    assert found is not None
    return found


def test_a_certificate_is_rotated_under_open_connections(running: Running) -> None:
    old, other = certificate_of(running, running.trust), Authority()
    with Asking(running) as asking:
        other.issue(running.folder)
        wait_for(
            lambda: (
                running.metric('pillion_reloads_total{result="accepted",what="certificate"}') == 2
            )
        )
        seen = len(asking.bodies)
        wait_for(lambda: len(asking.bodies) > seen + 1)
        assert certificate_of(running, other.trust()) != old
    answer = exchange(running.connection(other.trust()), "POST", "/inject", review(), JSON)
    assert answer.status == 200


def test_a_pair_that_does_not_match_is_refused(running: Running) -> None:
    old = certificate_of(running, running.trust)
    Authority().issue(running.folder, "other")
    shutil.copy(running.folder / "other.key", running.folder / "tls.key")
    refused = 'pillion_reloads_total{result="refused",what="certificate"}'
    wait_for(lambda: running.metric(refused) == 1)
    assert certificate_of(running, running.trust) == old
    assert running.ask(review()).status == 200
    shutil.copy(running.folder / "other.crt", running.folder / "tls.crt")
    wait_for(
        lambda: running.metric('pillion_reloads_total{result="accepted",what="certificate"}') == 2
    )


def test_an_old_client_authority_is_no_longer_trusted(tmp_path: Path, authority: Authority) -> None:
    old, new = Authority(), Authority()
    authorities = old.write(tmp_path / "ca.crt")
    clients = {}
    for name, one in (("old", old), ("new", new)):
        pair = one.issue(tmp_path, name, "client")
        clients[name] = authority.trust()
        clients[name].load_cert_chain(pair.chain, pair.key)
    with Running(tmp_path, authority, client_authority=authorities) as running:
        assert reaches(running, clients["old"])
        assert not reaches(running, clients["new"])
        new.write(tmp_path / "ca.crt")
        wait_for(lambda: reaches(running, clients["new"]))
        assert not reaches(running, clients["old"])


def reaches(running: Running, trust: ssl.SSLContext) -> bool:
    try:
        return exchange(running.connection(trust), "GET", "/live", None, {}).status == 200
    except (ssl.SSLError, ConnectionError):
        return False
