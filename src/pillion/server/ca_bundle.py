"""Keeping the webhook's ``caBundle`` right: what API servers trust the server's certificate by.

The entries are those of MutatingWebhookConfigurations that lead to this server's Service, or those
of the one configuration that is named. Where somebody else keeps putting another value back, the
server gives in after some rounds: two programs that write in turns would keep every API server
busy, and neither would win.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.cluster.protocol import MANAGER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pillion.cluster.protocol import Object

_ROUNDS = 3
_LONGEST_ROUND = 300.0
"""So many writes of the same value, none later than so many seconds after the one before, are a
quarrel."""


class Own(NamedTuple):
    """How the server knows its entries.

    ``configuration`` is the name of the one that is looked at; without it all are, for entries that
    lead to the Service. ``webhook`` narrows either to the entries of that name, whatever is before
    it: ``rev.namespace.sidecar-injector.istio.io`` is one of ``sidecar-injector.istio.io``.
    """

    service: str
    namespace: str
    configuration: str = ""
    webhook: str = ""

    def owns(self, configuration: Object, webhook: Mapping[str, Any]) -> bool:
        """Whether ``webhook`` of ``configuration`` is one of the server's."""
        name = webhook.get("name", "")
        if self.webhook and name != self.webhook and not name.endswith(f".{self.webhook}"):
            return False
        if self.configuration:
            return bool(configuration["metadata"]["name"] == self.configuration)
        service = webhook.get("clientConfig", {}).get("service") or {}
        return (service.get("name"), service.get("namespace")) == (self.service, self.namespace)


class Entry(NamedTuple):
    """A webhook of a configuration; ``place`` is where it stands among them."""

    configuration: str
    place: int
    name: str
    bundle: str
    side_effects: str
    manager: str

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from all others."""
        return self.configuration, self.name


def entries(configurations: Iterable[Object], own: Own) -> list[Entry]:
    """The server's entries."""
    return [
        Entry(
            configuration["metadata"]["name"],
            place,
            webhook.get("name", ""),
            webhook.get("clientConfig", {}).get("caBundle", ""),
            webhook.get("sideEffects", ""),
            _manager(configuration, webhook.get("name", "")),
        )
        for configuration in configurations
        for place, webhook in enumerate(configuration.get("webhooks") or ())
        if own.owns(configuration, webhook)
    ]


def patch(entry: Entry, bundle: bytes) -> list[Object]:
    """The JSON patch that gives ``entry`` the bundle, if it still stands where it stood."""
    webhook = f"/webhooks/{entry.place}"
    return [
        {"op": "test", "path": f"{webhook}/name", "value": entry.name},
        {"op": "add", "path": f"{webhook}/clientConfig/caBundle", "value": encoded(bundle)},
    ]


def encoded(bundle: bytes) -> str:
    """A bundle as a webhook has it."""
    return base64.b64encode(bundle).decode("ascii")


class Quarrels:
    """Notices who keeps putting another value back."""

    def __init__(self, rounds: int = _ROUNDS, longest_round: float = _LONGEST_ROUND) -> None:
        self._rounds = rounds
        self._longest_round = longest_round
        self._written: dict[tuple[str, str], tuple[str, list[float]]] = {}

    def wrote(self, entry: Entry, value: str, now: float) -> None:
        """The server wrote ``value`` at ``now``, in seconds of any clock."""
        before, times = self._written.get(entry.key, ("", []))
        goes_on = value == before and now - times[-1] < self._longest_round
        self._written[entry.key] = value, [*(times if goes_on else ()), now][-self._rounds :]

    def given_in(self, entry: Entry, value: str, now: float) -> bool:
        """Whether writing ``value`` once more would only go on with a quarrel.

        After one long round of peace the server tries again.
        """
        written, times = self._written.get(entry.key, ("", []))
        if written != value or len(times) < self._rounds:
            return False
        return now - times[-1] < self._longest_round

    def until(self, entry: Entry) -> float:
        """When a quarrel is old enough to try again."""
        return self._written[entry.key][1][-1] + self._longest_round

    def forget(self, now: float) -> None:
        """Forget what was written so long ago that it plays no part any more."""
        self._written = {
            key: (value, times)
            for key, (value, times) in self._written.items()
            if now - times[-1] < self._longest_round
        }

    def __len__(self) -> int:
        """Of how many entries something is remembered."""
        return len(self._written)


def _manager(configuration: Object, webhook: str) -> str:
    """Who wrote the bundle last, as far as the API server tells."""
    writers = [
        field.get("manager", "")
        for field in sorted(
            configuration["metadata"].get("managedFields") or (),
            key=lambda field: field.get("time", ""),
        )
        if _writes_bundle(field.get("fieldsV1") or {}, webhook)
    ]
    return next((one for one in reversed(writers) if one != MANAGER), "")


def _writes_bundle(fields: Mapping[str, Any], webhook: str) -> bool:
    webhooks: Mapping[str, Any] = fields.get("f:webhooks") or {}
    of_name = webhooks.get(f'k:{{"name":"{webhook}"}}') or {}
    return "f:caBundle" in (of_name.get("f:clientConfig") or {})
