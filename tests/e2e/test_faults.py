"""What a cluster sees when the injector, its certificate or its configuration change or fail."""

from __future__ import annotations

import base64
import json
import ssl
from typing import TYPE_CHECKING

import pytest
import trustme

from e2e.processes import wait_until
from e2e.webhook_server import CURRENT, ENABLED, a_pod, is_injected
from load.client import Load, Truth
from load.questions import PLAIN, engines, questions

if TYPE_CHECKING:
    from e2e.control_plane import ControlPlane
    from e2e.webhook_server import Cluster, Injector


@pytest.mark.parametrize("signal", ["terminated", "killed"])
def test_while_the_injector_is_down_the_failure_policy_decides(
    cluster: Cluster, signal: str
) -> None:
    injector = cluster.injector()
    name = cluster.register(injector, "--namespace-selector=istio-injection=enabled")
    namespace = cluster.namespace(ENABLED)
    cluster.until_injected(namespace)
    if signal == "killed":
        injector.kill()
    else:
        injector.stop()
    create = ("create", "--dry-run=server", "-n", namespace, "-f", "-")
    refused = cluster.kubectl.refused(*create, given=a_pod())
    assert 'failed calling webhook "sidecar-injector.istio.io"' in refused
    other = cluster.namespace(stem="other")
    assert not is_injected(cluster.dry_run(other))
    cluster.kubectl(
        *("patch", "mutatingwebhookconfiguration", name, "--type=json"),
        '--patch=[{"op": "replace", "path": "/webhooks/0/failurePolicy", "value": "Ignore"}]',
    )
    wait_until(
        lambda: cluster.kubectl.run(*create, given=a_pod()).returncode == 0,
        "a pod let in without an answer",
    )
    assert not is_injected(cluster.dry_run(namespace))


def test_a_restarted_injector_is_asked_again(cluster: Cluster) -> None:
    injector = cluster.injector()
    cluster.register(injector)
    namespace = cluster.namespace(ENABLED)
    cluster.until_injected(namespace)
    injector.stop()
    injector.start()
    assert is_injected(cluster.dry_run(namespace))


def test_a_certificate_of_a_new_authority_takes_over(cluster: Cluster) -> None:
    injector = cluster.injector()
    name = cluster.register(injector, "--namespace-selector=istio-injection=enabled")
    namespace = cluster.namespace(ENABLED)
    cluster.until_injected(namespace)
    old, served = injector.authority.read_text(encoding="utf-8"), certificate(injector)
    injector.rotate()
    wait_until(lambda: certificate(injector) != served, "the new certificate", process=injector)
    # as people rotate: both authorities are trusted for a while, then the new one alone
    new = injector.authority.read_text(encoding="utf-8")
    for bundle in (old + new, new):
        trust(cluster, name, bundle)
        cluster.until_injected(namespace)
    # an authority that has nothing to do with it shows that the API server looks
    trust(cluster, name, trustme.CA().cert_pem.bytes().decode())
    create = ("create", "--dry-run=server", "-n", namespace, "-f", "-")
    wait_until(
        lambda: (
            "certificate signed by unknown authority"
            in cluster.kubectl.run(*create, given=a_pod()).stderr
        ),
        "an unknown authority",
    )


def test_a_broken_certificate_does_not_replace_a_good_one(cluster: Cluster) -> None:
    injector = cluster.injector()
    cluster.register(injector)
    namespace = cluster.namespace(ENABLED)
    cluster.until_injected(namespace)
    injector.tls.write({"tls.key": "no key"})
    wait_until(
        lambda: "the new certificate is refused" in injector.log_text(),
        "the refusal of a broken certificate",
        process=injector,
    )
    assert is_injected(cluster.dry_run(namespace))


def test_the_injector_answers_while_the_api_server_restarts(
    cluster: Cluster, control_plane: ControlPlane
) -> None:
    injector = cluster.injector()
    cluster.register(injector)
    namespace = cluster.namespace(ENABLED)
    cluster.until_injected(namespace)
    trust = ssl.create_default_context(cafile=str(injector.authority))
    plain = questions({PLAIN: engines(CURRENT)[PLAIN]})
    # the connections stand for another API server of the same cluster
    with Load((injector.address, injector.port), trust, plain, Truth(PLAIN), connections=4) as load:
        control_plane.restart_apiserver()
        cluster.until_injected(namespace)
        load.until_answered(100)
    assert (load.wrong, load.dropped) == ([], [])


def certificate(injector: Injector) -> str:
    return ssl.get_server_certificate(("127.0.0.1", injector.port))


def trust(cluster: Cluster, name: str, bundle: str) -> None:
    value = base64.b64encode(bundle.encode()).decode()
    patch = [{"op": "replace", "path": "/webhooks/0/clientConfig/caBundle", "value": value}]
    cluster.kubectl(
        *("patch", "mutatingwebhookconfiguration", name, "--type=json"),
        f"--patch={json.dumps(patch)}",
    )
