from __future__ import annotations

from typing import Any

from pillion.injection.proxy_user import adjust


def pod(name: str, **context: int) -> dict[str, Any]:
    """An injected pod whose set-up container is called ``name``; ``context`` is the proxy's."""
    args = ["istio-iptables", "-u", "1337", "-x"]
    return {
        "metadata": {},
        "spec": {
            "containers": [{"name": "istio-proxy", "securityContext": context}],
            "initContainers": [{"name": name, "args": args, "securityContext": {"runAsUser": 1}}],
        },
    }


def own(**context: int) -> dict[str, Any]:
    return {
        "metadata": {},
        "spec": {"containers": [{"name": "istio-proxy", "securityContext": context}]},
    }


def test_the_init_container_follows_with_its_flag_only() -> None:
    found = adjust(pod("istio-init", runAsUser=5), own(runAsUser=5), "REDIRECT")
    init = found["spec"]["initContainers"][0]
    assert init["args"] == ["istio-iptables", "-u", "5", "-x"]
    assert init["securityContext"] == {"runAsUser": 1}


def test_the_validation_container_runs_as_that_user() -> None:
    given = own(runAsUser=5, runAsGroup=6)
    init = adjust(pod("istio-validation"), given, "REDIRECT")["spec"]["initContainers"][0]
    assert init["securityContext"] == {"runAsUser": 5, "runAsGroup": 6}
    assert init["args"][2] == "5"


def test_with_tproxy_the_proxy_stays_root() -> None:
    found = adjust(pod("istio-validation", runAsUser=5), own(runAsUser=5), "TPROXY")
    assert found["spec"]["containers"][0]["securityContext"] == {"runAsUser": 0}
    assert found["spec"]["initContainers"][0]["securityContext"] == {"runAsUser": 1}


def test_the_annotation_may_ask_for_tproxy() -> None:
    given = pod("istio-init", runAsUser=5)
    given["metadata"]["annotations"] = {"sidecar.istio.io/interceptionMode": "TPROXY"}
    found = adjust(given, own(runAsUser=5), "REDIRECT")
    assert found["spec"]["containers"][0]["securityContext"] == {"runAsUser": 0}


def test_root_is_no_user_for_the_flag() -> None:
    found = adjust(pod("istio-init"), own(runAsUser=0), "REDIRECT")
    assert found["spec"]["initContainers"][0]["args"][2] == "1337"


def test_nothing_to_do() -> None:
    for original in (own(), {"metadata": {}, "spec": {"containers": [{"name": "app"}]}}):
        given = pod("istio-init")
        assert adjust(given, original, "REDIRECT") is given
    without: dict[str, Any] = {"metadata": {}, "spec": {"containers": []}}
    assert adjust(without, own(runAsUser=5), "REDIRECT") is without
