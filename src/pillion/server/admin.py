"""The admin port, on loopback alone: what is active, what was decided, how much is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from pillion import __version__
from pillion.server import http, logs
from pillion.server.state import moment

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pillion.server.decisions import Decision
    from pillion.server.run import Server

    Page = Callable[[http.Scope, http.Receive, http.Send], Awaitable[None]]

_LARGEST_BODY = 4096
_BODY_SECONDS = 5.0


class Admin:
    """The application of the admin port."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._state = server.state
        self._pages: dict[str, tuple[Page, tuple[str, ...]]] = {
            "/debug/config": (self._config, ("GET",)),
            "/debug/inject": (self._inject, ("GET",)),
            "/debug/decisions": (self._decisions, ("GET",)),
            "/debug/logging": (self._logging, ("GET", "PUT")),
        }

    async def __call__(self, scope: http.Scope, receive: http.Receive, send: http.Send) -> None:
        """Answer one request."""
        page, methods = self._pages.get(scope["path"], (None, ()))
        if page is None:
            pages = "\n".join(self._pages)
            await http.reply_text(send, 404, f"404 page not found; there are\n{pages}")
        elif await http.allow(scope, send, *methods):
            await page(scope, receive, send)

    async def _config(self, _: http.Scope, __: http.Receive, send: http.Send) -> None:
        server = self._server
        certificate = server.certificates.certificate
        shown = {
            "version": __version__,
            "revision": server.settings.revision,
            "shadow": server.settings.shadow,
            "flags": server.settings.shown,
            "certificate": {
                "subject": certificate.subject,
                "names": certificate.names,
                "from": moment(certificate.not_before),
                "until": moment(certificate.not_after),
                "sha256": certificate.sha256,
            },
            "logging": logs.levels(),
            "processes": server.front.pids,
            "cluster": None if server.cluster is None else server.cluster.shown(),
        }
        await http.reply_json(send, 200, shown)

    async def _inject(self, _: http.Scope, __: http.Receive, send: http.Send) -> None:
        state = self._state
        active = state.active
        config = active.injector.config
        shown: dict[str, Any] = {
            **state.readiness()["configuration"],
            "generation": config.generation.value,
            "parts": {
                name: {"origin": one.origin, "sha256": one.sha256}
                for name, one in active.material.texts.items()
            },
            "policy": config.policy,
            "defaultTemplates": config.default_templates,
            "aliases": config.aliases,
            "neverInjectSelector": [one.source for one in config.never],
            "alwaysInjectSelector": [one.source for one in config.always],
            "notes": config.notes,
            "nativeSidecars": active.injector.native_sidecars.reason,
            "proxyConfigs": len(active.material.facts.proxy_configs),
            "templates": {name: config.templates.source(name) for name in config.templates},
        }
        await http.reply_json(send, 200, shown)

    async def _decisions(self, scope: http.Scope, _: http.Receive, send: http.Send) -> None:
        query = parse_qs(scope["query_string"].decode("latin-1"))
        namespace, owner = (query.get(name, [""])[-1] for name in ("namespace", "owner"))
        found = self._server.ledger.decisions.find(namespace, owner)
        await http.reply_json(send, 200, {"decisions": [_shown(one) for one in found]})

    async def _logging(self, scope: http.Scope, receive: http.Receive, send: http.Send) -> None:
        if scope["method"] == "PUT":
            try:
                body = await http.body_of(
                    scope, receive, limit=_LARGEST_BODY, seconds=_BODY_SECONDS
                )
                logs.set_levels(body.decode("utf-8", "replace").strip())
                self._server.front.levelled(logs.levels_text())
            except http.RequestError as error:
                await http.reply_text(send, error.status, error.message, {"connection": "close"})
                return
            except logs.LevelError as error:
                await http.reply_text(send, 400, str(error))
                return
        await http.reply_json(send, 200, logs.levels())


def _shown(decision: Decision) -> dict[str, Any]:
    return decision.shown() | {"time": moment(decision.time)}
