"""Injection by the rules of Istio 1.1: render a SidecarInjectionSpec, append it to the pod.

Follows ``InjectionData``, ``intoObject`` and ``createPatch`` of ``pilot/pkg/kube/inject`` at 1.1.
Its kube-inject and its webhook treat a pod differently: only the webhook takes out an earlier
injection, adds pull secrets and hands the proxy the service account's token; only kube-inject
always replaces the DNS configuration.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.injection.config import SIDECAR
from pillion.injection.containers import PROXY, annotations_of, find, with_metadata
from pillion.injection.errors import RenderError
from pillion.injection.legacy import annotations as annotation_rules
from pillion.injection.legacy import probes, status
from pillion.injection.legacy import spec as injection_spec
from pillion.injection.legacy.concurrency import with_concurrency
from pillion.injection.legacy.status import LISTS
from pillion.injection.legacy.webhook_patch import Additions, operations
from pillion.injection.template_data import TemplateData

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pillion.injection.containers import Container
    from pillion.injection.generation import JSON, Request
    from pillion.injection.injector import Injector
    from pillion.injection.legacy.spec import InjectionSpec

PROXY_GROUP = 1337
TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 - where a token is mounted


class Rendered(NamedTuple):
    """What is to be added to a pod, and the annotation that says so."""

    spec: InjectionSpec
    status: str


class LegacyEngine:
    """The engine of the 1.1 generation; see :class:`~pillion.injection.generation.Engine`."""

    __slots__ = ("_injector", "_version")

    def __init__(self, injector: Injector) -> None:
        self._injector = injector
        text = injector.config.templates.source(SIDECAR)
        self._version = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()

    def local_skip(self, pod: JSON) -> str | None:
        """Why kube-inject leaves ``pod`` alone; nothing but the host's network keeps it."""
        return "host networking enabled" if pod["spec"].get("hostNetwork") else None

    def inject(self, request: Request) -> JSON:
        """The pod of ``request`` as kube-inject makes it, or as the webhook would."""
        if request.local:
            return self._locally(request)
        from pillion.kubernetes import json_patch

        pod: JSON = json_patch.apply(request.pod, self.patch(request.pod, request))
        return pod

    def patch(self, raw: JSON, request: Request) -> list[JSON]:
        """The patch that takes an earlier injection out of ``raw`` and appends what is rendered.

        Whatever injection does not touch stays as it is spelled in ``raw``.
        """
        pod = request.pod
        fields: JSON = {}
        if self._mounts_tokens():
            fields["securityContext"] = {"fsGroup": PROXY_GROUP}
        spec, annotation = self._render(_with(pod, **fields), request)
        if spec.dns_config is not None:
            fields = {"dnsConfig": spec.dns_config, **fields}
        lists = _with_token(spec.lists, pod)
        proxy = find(PROXY, lists["containers"])
        port = None
        if proxy is not None and spec.rewrite_probes:
            port = probes.status_port(proxy)
            told = probes.tell_agent(proxy, pod["spec"].get("containers") or ())
            containers = [told if one is proxy else one for one in lists["containers"]]
            lists = {**lists, "containers": containers}
        earlier = status.read(annotations_of(pod))
        return operations(raw, earlier.names, Additions(lists, fields, annotation, port))

    def _locally(self, request: Request) -> JSON:
        pod = request.pod
        spec, annotation = self._render(pod, request)
        changed = {key: spec.lists[key] for key in LISTS if key != "imagePullSecrets"}
        pod = _with(_appended(pod, changed, annotation=annotation), dnsConfig=spec.dns_config)
        if self._mounts_tokens():
            pod = _with(pod, securityContext={"fsGroup": PROXY_GROUP})
        return self._with_probes(pod, spec)

    def _render(self, pod: JSON, request: Request) -> Rendered:
        from pillion.gotemplate.errors import TemplateError

        annotation_rules.validate(annotations_of(pod))
        template = self._injector.config.templates[SIDECAR]
        try:
            text = template.render(self._data(pod, request))
        except TemplateError as error:
            raise RenderError(str(error)) from error
        spec = injection_spec.read(text)
        if request.witness is not None:
            request.witness.rendered += [*spec.lists.values(), spec.dns_config]
        containers = spec.lists["containers"]
        proxy = find(PROXY, containers)
        if proxy is not None:
            containers = [with_concurrency(one) if one is proxy else one for one in containers]
            spec = spec._replace(lists={**spec.lists, "containers": containers})
        return Rendered(spec, status.write(spec, self._version))

    def _data(self, pod: JSON, request: Request) -> TemplateData:
        from pillion.kubernetes import schema
        from pillion.kubernetes.views import view

        mesh, spec = self._injector.mesh, pod["spec"]
        if request.witness is not None:
            spec = request.witness.watched(spec)
        # the webhook of 1.1 does not look for the workload that a pod belongs to
        owner = (request.local and request.owner.metadata) or pod["metadata"]
        return TemplateData(
            "*inject.SidecarTemplateData",
            {
                "DeploymentMeta": view(owner, f"*{schema.OBJECT_META}"),
                "ObjectMeta": view(pod["metadata"], f"*{schema.OBJECT_META}"),
                "Spec": view(spec, f"*{schema.POD_SPEC}"),
                "ProxyConfig": mesh.view().field("DefaultConfig"),
                "MeshConfig": mesh.view(),
            },
        )

    def _mounts_tokens(self) -> bool:
        """Whether the proxy reads a mounted token, which only its group may do."""
        mesh = self._injector.mesh
        return bool(mesh.get("enable_sds_token_mount") and mesh.get("sds_uds_path"))

    def _with_probes(self, pod: JSON, spec: InjectionSpec) -> JSON:
        """``pod`` with its probes going through the agent, if they should and it can be found."""
        containers = pod["spec"].get("containers") or []
        proxy = find(PROXY, containers)
        if proxy is None or not spec.rewrite_probes:
            return pod
        port = probes.status_port(proxy)
        if port is None:
            return pod
        told = probes.tell_agent(proxy, containers)
        changed = [told if one is proxy else probes.redirected(one, port) for one in containers]
        return _with(pod, containers=changed)


def _with_token(lists: Mapping[str, list[JSON]], pod: JSON) -> dict[str, list[JSON]]:
    """``lists`` with the proxy mounting the service account's token as the application does."""
    changed = dict(lists)
    for key in ("initContainers", "containers"):
        mount = _token_mount(pod["spec"].get(key) or ())
        changed[key] = [_with_mount(one, mount) for one in lists[key]]
    return changed


def _token_mount(containers: Iterable[Container]) -> JSON | None:
    """How the application mounts the service account's token; the last one that does counts."""
    found = None
    for container in containers:
        for mount in container.get("volumeMounts") or ():
            if mount.get("mountPath") == TOKEN_PATH and mount.get("name"):
                found = mount
    return found


def _with_mount(container: Container, mount: JSON | None) -> Container:
    if mount is None or container.get("name") != PROXY:
        return container
    return {**container, "volumeMounts": [*(container.get("volumeMounts") or ()), mount]}


def _appended(pod: JSON, lists: Mapping[str, list[JSON]], *, annotation: str) -> JSON:
    """``pod`` with ``lists`` appended, and with the status annotation."""
    spec = pod["spec"]
    changed = {key: [*(spec.get(key) or ()), *added] for key, added in lists.items() if added}
    annotations = {**annotations_of(pod), status.ANNOTATION: annotation}
    return with_metadata(_with(pod, **changed), annotations=annotations)


def _with(pod: JSON, **fields: Any) -> JSON:
    """``pod`` with ``fields`` of its spec replaced; one that is None is left out."""
    spec = {**pod["spec"], **fields}
    for name, value in fields.items():
        if value is None:
            del spec[name]
    return {**pod, "spec": spec}
