"""Which webhooks are the server's, and when it gives in about one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pillion.kubernetes import json_patch
from pillion.kubernetes.errors import PatchError
from pillion.server import ca_bundle
from pillion.server.ca_bundle import Entry, Own, Quarrels

if TYPE_CHECKING:
    from pillion.cluster.protocol import Object

NAME = "sidecar-injector.istio.io"
SERVICE = {"service": {"name": "injector", "namespace": "mesh", "path": "/inject"}}
OTHER_NAME = {"service": {"name": "other", "namespace": "mesh"}}
OTHER_NAMESPACE = {"service": {"name": "injector", "namespace": "shop"}}
URL = {"url": "https://injector.example/inject"}
BY_SERVICE = Own("injector", "mesh")
BY_NAME = BY_SERVICE._replace(configuration="hooks")
ENTRY = Entry("hooks", 0, NAME, "", "None", "")


def webhook(client: dict[str, Any], name: str = NAME, **more: Any) -> Object:
    return {"name": name, "clientConfig": client, **more}


def hooks(*webhooks: Object, name: str = "hooks", **metadata: Any) -> Object:
    return {"metadata": {"name": name, **metadata}, "webhooks": list(webhooks)}


@pytest.mark.parametrize(
    ("own", "client", "name", "configuration", "wanted"),
    [
        (BY_SERVICE, SERVICE, NAME, "hooks", True),
        (BY_SERVICE, SERVICE, "any.name", "any", True),
        (BY_SERVICE, OTHER_NAME, NAME, "hooks", False),
        (BY_SERVICE, OTHER_NAMESPACE, NAME, "hooks", False),
        (BY_SERVICE, URL, NAME, "hooks", False),
        (BY_SERVICE, {"service": None}, NAME, "hooks", False),
        (BY_SERVICE, {}, NAME, "hooks", False),
        (BY_NAME, SERVICE, NAME, "hooks", True),
        (BY_NAME, URL, NAME, "hooks", True),
        (BY_NAME, OTHER_NAME, NAME, "hooks", True),
        (BY_NAME, SERVICE, NAME, "others", False),
        (BY_NAME._replace(webhook=NAME), URL, NAME, "hooks", True),
        (BY_NAME._replace(webhook=NAME), URL, "another.io", "hooks", False),
        (BY_SERVICE._replace(webhook=NAME), SERVICE, f"rev.namespace.{NAME}", "hooks", True),
        (BY_SERVICE._replace(webhook=NAME), SERVICE, f"another-{NAME}", "hooks", False),
        (BY_SERVICE._replace(webhook=NAME), OTHER_NAME, NAME, "hooks", False),
    ],
)
def test_which_entries_are_the_servers(
    own: Own, client: dict[str, Any], name: str, configuration: str, *, wanted: bool
) -> None:
    found = ca_bundle.entries([hooks(webhook(client, name), name=configuration)], own)
    assert bool(found) is wanted


def test_what_an_entry_says() -> None:
    first = webhook(OTHER_NAME, "another.io")
    second = webhook({**SERVICE, "caBundle": "Yg=="}, sideEffects="None")
    configurations = [hooks(first, second), {"metadata": {"name": "empty"}, "webhooks": None}]
    assert ca_bundle.entries(configurations, BY_SERVICE) == [
        Entry("hooks", 1, NAME, "Yg==", "None", "")
    ]


def test_the_patch_gives_the_bundle_to_the_entry() -> None:
    found = hooks(webhook(URL, "another.io"), webhook(SERVICE))
    [entry] = ca_bundle.entries([found], BY_SERVICE)
    changed = json_patch.apply(found, ca_bundle.patch(entry, b"bundle"))
    assert changed == hooks(
        webhook(URL, "another.io"), webhook({**SERVICE, "caBundle": "YnVuZGxl"})
    )


@pytest.mark.parametrize("found", [hooks(webhook(URL, "another.io"), webhook(SERVICE)), hooks()])
def test_the_patch_does_nothing_to_an_entry_of_another_place(found: Object) -> None:
    with pytest.raises(PatchError):
        json_patch.apply(found, ca_bundle.patch(ENTRY, b"bundle"))


def field(manager: str, time: str, name: str = NAME, what: str = "f:caBundle") -> Object:
    fields: Object = {"f:webhooks": {f'k:{{"name":"{name}"}}': {"f:clientConfig": {what: {}}}}}
    return {"manager": manager, "time": time, "fieldsV1": fields}


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ([], ""),
        ([{"manager": "helm"}], ""),
        ([field("helm", "1")], "helm"),
        ([field("cert-manager", "2"), field("helm", "1")], "cert-manager"),
        ([field("helm", "1"), field("pillion", "2")], "helm"),
        ([field("pillion", "2")], ""),
        ([field("helm", "1", name="another.io")], ""),
        ([field("helm", "1", what="f:url")], ""),
    ],
)
def test_who_wrote_the_bundle(fields: list[Object], wanted: str) -> None:
    found = hooks(webhook(SERVICE), managedFields=fields)
    [entry] = ca_bundle.entries([found], BY_SERVICE)
    assert entry.manager == wanted


@pytest.mark.parametrize(
    ("writes", "value", "now", "wanted"),
    [
        ("", "a", 0, False),
        ("a0 a1", "a", 2, False),
        ("a0 a1 a2", "a", 3, True),
        ("a0 a1 a2", "a", 301, True),
        ("a0 a1 a2", "a", 302, False),  # there was peace for a while
        ("a0 a1 a2", "b", 3, False),  # a rotation
        ("a0 a1 a2 b3", "b", 4, False),
        ("a0 a1 a2 b3 b4 b5", "b", 6, True),
        ("a0 a1 b2 a3", "a", 4, False),  # another value starts anew
        ("a0 a250 a500", "a", 501, True),  # a slow quarrel is one as well
        ("a0 a1 a302", "a", 303, False),  # there was peace between
        ("a0 a1 a2 a303", "a", 304, False),
        ("a0 a1 a2 a303 a304 a305", "a", 306, True),
    ],
)
def test_when_the_server_gives_in(writes: str, value: str, now: float, *, wanted: bool) -> None:
    quarrels = Quarrels()
    for write in writes.split():
        quarrels.wrote(ENTRY, write[0], float(write[1:]))
    assert quarrels.given_in(ENTRY, value, now) is wanted
    assert not quarrels.given_in(ENTRY._replace(name="another.io"), value, now)
    if wanted:
        until = quarrels.until(ENTRY)
        assert until > now
        assert not quarrels.given_in(ENTRY, value, until)


def test_old_quarrels_are_forgotten() -> None:
    quarrels = Quarrels()
    for number in range(100):
        entry = ENTRY._replace(configuration=f"hooks-{number}")
        quarrels.wrote(entry, "a", float(number))
    quarrels.forget(350)
    assert len(quarrels) == 49
    quarrels.forget(1000)
    assert len(quarrels) == 0
