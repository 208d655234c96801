"""``pillion webhook apply``: apply the registration to a cluster, by server-side apply."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.cli import arguments, webhook_flags
from pillion.cli.flags import Flag
from pillion.cli.messages import say
from pillion.cluster.errors import ClusterError, ConflictError
from pillion.cluster.protocol import MANAGER
from pillion.cluster.resources import WEBHOOK_CONFIGURATIONS
from pillion.server import registration

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pillion.cluster.errors import OwnedField
    from pillion.cluster.protocol import Cluster, Object

DESCRIPTION = """\
Apply to a cluster what pillion webhook render prints with the same flags, by server-side apply.
What others own is left alone: without --caCertFile the caBundle stays what the server, or another
controller, wrote. Where a flag says otherwise than others have written, it takes --force.
"""

EPILOG = """\
examples:
  # the injector behind the Service istiod in istio-system, for Istio's labels
  pillion webhook apply --service istiod --caCertFile ca.pem

  # what would happen, and what is wrong with it, without doing it
  pillion webhook apply --service istiod --timeout 5s --dry-run

  # take over what Helm or istioctl installed
  pillion webhook apply --service istiod --force
"""

_FLAGS = (
    *webhook_flags.FLAGS,
    *webhook_flags.CLUSTER,
    Flag("dry-run", None, "have the API server check it, and keep nothing"),
    Flag("force", None, "take over fields that others own"),
    webhook_flags.HELP,
)

_SHOWN_FIELDS = 3
_NOT_CONTENT = frozenset(("generation", "managedFields", "resourceVersion"))


class _Outcome(NamedTuple):
    """The configuration before, if there was one, and after; and all others."""

    before: Object | None
    after: Object
    others: list[Object]


def run(given: list[str]) -> int:
    """Run the command; its errors are :class:`~pillion.errors.PillionError`."""
    found = arguments.parse_table(given, _FLAGS)
    if found.flag("help"):
        from pillion.cli import help as help_text

        sys.stdout.write(help_text.text_of_table("webhook apply", DESCRIPTION, EPILOG, _FLAGS))
        return 0
    wanted = registration.render(webhook_flags.registration_of(found))
    force, dry_run = found.flag("force"), found.flag("dry-run")
    with webhook_flags.cluster_of(found, "pillion webhook apply") as cluster:
        outcome = cluster.ask(lambda one: _outcome(one, wanted, force=force, dry_run=dry_run))
    where = f"in the cluster of context {cluster.name}{' (dry run)' if dry_run else ''}"
    sys.stdout.write(f"{_title(wanted)} {_change(outcome)} {where}\n")
    for warning in _warnings(outcome, wanted):
        say(f"warning: {warning}")
    return 0


async def _outcome(cluster: Cluster, wanted: Object, *, force: bool, dry_run: bool) -> _Outcome:
    # everything is read before anything is written, so that a reader's rights fail first
    listed = (await cluster.list(WEBHOOK_CONFIGURATIONS)).items
    name = wanted["metadata"]["name"]
    before = [one for one in listed if one["metadata"]["name"] == name]
    others = [one for one in listed if one["metadata"]["name"] != name]
    after = await _applied(cluster, wanted, force=force, dry_run=dry_run)
    return _Outcome(before[0] if before else None, after, others)


async def _applied(cluster: Cluster, wanted: Object, *, force: bool, dry_run: bool) -> Object:
    """What the configuration is then; what pillion's own server wrote is no reason to refuse.

    Raises:
        ClusterError: Others own what would change, and ``force`` is not given; or anything else.
    """
    try:
        return await cluster.apply(WEBHOOK_CONFIGURATIONS, wanted, force=force, dry_run=dry_run)
    except ConflictError as error:
        if not error.owned:
            raise
        foreign = [one for one in error.owned if one.manager != MANAGER]
        if foreign:
            raise ClusterError(f"{_title(wanted)}: {_refusal(foreign)}") from error
    return await cluster.apply(WEBHOOK_CONFIGURATIONS, wanted, force=True, dry_run=dry_run)


def _refusal(owned: Iterable[OwnedField]) -> str:
    paths: dict[str, list[str]] = {}
    for field in owned:
        paths.setdefault(field.manager, []).append(field.path)
    owners = [f"{manager} owns {_some(of_manager)}" for manager, of_manager in paths.items()]
    return f"{'; '.join(owners)}: pass --force to take that over"


def _some(paths: list[str]) -> str:
    more = len(paths) - _SHOWN_FIELDS
    return ", ".join(paths[:_SHOWN_FIELDS]) + (f" and {more} more fields" if more > 0 else "")


def _title(configuration: Object) -> str:
    return f"MutatingWebhookConfiguration {configuration['metadata']['name']}"


def _change(outcome: _Outcome) -> str:
    if outcome.before is None:
        return "created"
    return "unchanged" if _content(outcome.before) == _content(outcome.after) else "changed"


def _content(configuration: Object) -> dict[str, Any]:
    """A configuration without what follows from it, and who wrote it."""
    metadata = configuration["metadata"]
    kept = {key: value for key, value in metadata.items() if key not in _NOT_CONTENT}
    return configuration | {"metadata": kept}


def _warnings(outcome: _Outcome, wanted: Object) -> list[str]:
    """What may surprise whoever applied it."""
    from datetime import UTC, datetime

    from pillion.server import registration_bundle as bundle
    from pillion.server import registration_entries as reading
    from pillion.server import registration_problems as problems

    before = reading.entries(outcome.before) if outcome.before else []
    own, others = reading.entries(outcome.after), reading.injecting(outcome.others)
    rendered = {webhook["name"] for webhook in wanted["webhooks"]}
    found = [
        f"the webhook {one.name} stays, since others own it"
        for one in own
        if one.name not in rendered
    ]
    trusted = {one.name for one in before if one.ca_bundle}
    if any(one.name in trusted and not one.ca_bundle for one in own):
        found.append("the caBundle of an earlier apply is taken away: pass --caCertFile to keep it")
    now = datetime.now(UTC)
    for one in own:
        found += problems.of_entry(one, bundle.describe(one.ca_bundle, now))
    foreign = [entry for other in others for entry in reading.entries(other)]
    found += problems.between_others(wanted["metadata"]["name"], [*own, *foreign])
    return list(dict.fromkeys(found))
