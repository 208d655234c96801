"""Injection by the rules of Istio 1.30: the stages of one pod, in order.

Follows ``injectPod`` and ``postProcessPod`` of Istio's ``pkg/kube/inject``. Each stage is a
function from a pod to a pod, in a module of its own; none changes what it was given.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from pillion.golang.values import Int64
from pillion.injection import annotations as annotation_rules
from pillion.injection import (
    cluster,
    images,
    openshift,
    order,
    overrides,
    probes,
    prometheus,
    proxy_user,
    rendering,
    status,
    url_path,
)
from pillion.injection.config import ENABLED, SIDECAR
from pillion.injection.containers import annotations_of, labels_of, with_metadata
from pillion.injection.decision import decide
from pillion.injection.errors import ConfigError, InjectionError, RenderError
from pillion.injection.injector_values import InjectorValues
from pillion.injection.proxy_settings import ProxySettingsCache
from pillion.injection.template_data import TemplateData

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pillion.injection.generation import JSON, Request
    from pillion.injection.injector import Injector
    from pillion.injection.proxy_settings import ProxySettings

DEFAULT_CLUSTER = "Kubernetes"
"""The cluster a pod belongs to when nothing says so."""


class _Job(NamedTuple):
    """One pod on its way, with what its stages need to know."""

    request: Request
    pod: JSON
    settings: ProxySettings
    variables: dict[str, str]
    ids: tuple[int, int]
    native: bool


class CurrentEngine:
    """The engine of the current generation; see :class:`~.generation.Engine`."""

    __slots__ = ("_injector", "_permissive", "_proxies", "_values")

    def __init__(self, injector: Injector) -> None:
        self._injector = injector
        if injector.values is None:
            raise ConfigError("a configuration of the current generation needs values beside it")
        self._values = InjectorValues(injector.values)
        self._proxies = ProxySettingsCache(injector.mesh)
        self._permissive = injector.config._replace(policy=ENABLED, never=(), always=())

    def local_skip(self, pod: JSON) -> str | None:
        """Why kube-inject leaves ``pod`` alone: the configuration's policy plays no part here."""
        if pod["spec"].get("hostNetwork"):
            return "host networking enabled"
        self._proxies.local(annotations_of(pod))  # an annotation that cannot be read comes first
        decision = decide(self._permissive, pod)
        return None if decision.inject else "sidecar injection disabled"

    def inject(self, request: Request) -> JSON:
        """The pod of ``request`` with its sidecar."""
        return self._injected(self._job(request))

    def patch(self, raw: JSON, request: Request) -> list[JSON]:
        """The patch that turns ``raw`` into the injected pod.

        It is made of the canonical forms, as Istio's is: what is spelled in another way in ``raw``
        and not changed keeps its spelling. Unlike Istio's it adds a struct that ``raw`` lacks as a
        whole, and so applies to it.
        """
        from pillion.kubernetes import json_patch, schema, unknown_fields

        job = self._job(request)
        # OpenShift's user is taken off the pod itself: Istio's patch does not show that either.
        before, after = job.pod, self._injected(job)
        kept = unknown_fields.carry_over(raw, after, schema.POD)
        if kept is not after:
            before = unknown_fields.carry_over(raw, before, schema.POD)
        # An object without these two comes from no API server: it gets the patch that Istio sends.
        received = raw if raw.keys() >= {"metadata", "spec"} else None
        return json_patch.diff(before, kept, received)

    def _injected(self, job: _Job) -> JSON:
        with failing("failed to run injection template"):
            rendered, kept = self._render(job)
        with failing("failed to re apply container"):
            pod = overrides.reapply(rendered.pod, job.pod, rendered.template_pod, kept)
        pod = proxy_user.adjust(pod, job.pod, job.settings.interception_mode)
        with failing("failed to process pod"):
            return self._finish(pod, rendered.template_pod, job)

    def _job(self, request: Request) -> _Job:
        injector = self._injector
        pod = request.pod
        variables = cluster.proxy_environment(
            url_path.environment(request.path),
            labels_of(pod),
            cluster=self._values.cluster,
            network=self._values.network,
        )
        ids = openshift.proxy_ids(None)
        if not request.local and injector.platform == openshift.PLATFORM:
            pod = openshift.reset_assigned_user(pod)
            ids = openshift.proxy_ids(self._namespace(pod, variables))
        native = self._native(request, variables)
        return _Job(request, pod, self._settings(request), variables, ids, native)

    def _native(self, request: Request, variables: Mapping[str, str]) -> bool:
        """Whether the proxy is a native sidecar, as far as the pod's annotation says nothing."""
        found = self._injector.native_sidecars
        if request.local or not self._is_own_cluster(variables):
            return found.elsewhere
        return found.on(request.pod["spec"].get("nodeName", ""))

    def _settings(self, request: Request) -> ProxySettings:
        """The settings of the pod of ``request``; kube-inject knows no ProxyConfig resources."""
        annotations = annotations_of(request.pod)
        if request.local:
            return self._proxies.local(annotations)
        resources = self._injector.proxy_resources
        if resources is None:
            return self._proxies.admitted(annotations)
        root = self._injector.mesh.get("root_namespace")
        namespace = request.pod["metadata"].get("namespace", "")
        layers = resources.layers(root, namespace, labels_of(request.pod))
        return self._proxies.admitted(annotations, layers)

    def _namespace(self, pod: JSON, variables: Mapping[str, str]) -> Mapping[str, str] | None:
        """The annotations of the pod's namespace, as far as this cluster is the pod's."""
        if not self._is_own_cluster(variables):
            return None
        return self._injector.namespaces.get(pod["metadata"].get("namespace", ""))

    def _is_own_cluster(self, variables: Mapping[str, str]) -> bool:
        """Whether the pod is of the cluster that the values are about.

        Istio's chart names istiod's own cluster as the values do; the URL path may name another.
        """
        own = self._values.cluster or DEFAULT_CLUSTER
        return (variables.get(url_path.CLUSTER_ID) or DEFAULT_CLUSTER) == own

    def _render(self, job: _Job) -> tuple[rendering.Rendered, dict[str, list[JSON]]]:
        """The merged pod, and the containers of the user's that an earlier injection kept."""
        annotation_rules.validate(annotations_of(job.pod))
        config = self._injector.config
        stripped = status.strip(job.pod, port=job.settings.status_port)
        kept = overrides.read(job.pod)
        data = self._data(job, overrides.reinsert(stripped, kept))
        names = list(
            rendering.chosen(job.pod, (SIDECAR,), {})
            if job.request.local
            else rendering.chosen(job.pod, config.default_templates, config.aliases)
        )
        if self._values.is_nil:
            raise RenderError("failed to parse values.yaml; check Istiod logs for errors")
        rendered = rendering.render(job.pod, data, config.templates, names, native=job.native)
        if job.request.witness is not None:
            job.request.witness.rendered += rendered.overlays
        return rendered, kept

    def _data(self, job: _Job, pod: JSON) -> TemplateData:
        """What templates see of ``pod``, which is without what an earlier injection added."""
        from pillion.kubernetes import schema
        from pillion.kubernetes.views import view

        owner, settings, values = job.request.owner, job.settings, self._values
        witness, spec = job.request.witness, pod["spec"]
        if witness is not None:
            spec = witness.watched(spec)
        annotations = annotations_of(pod)
        name = {"Namespace": owner.namespace, "Name": owner.name}
        type_meta = {"kind": owner.kind, "apiVersion": owner.api_version}
        return TemplateData(
            "*inject.SidecarTemplateData",
            {
                "TypeMeta": view(type_meta, schema.TYPE_META),
                "DeploymentMeta": view(name, "types.NamespacedName"),
                "ObjectMeta": view(pod["metadata"], schema.OBJECT_META),
                "Spec": view(spec, schema.POD_SPEC),
                "ProxyConfig": settings.proxy_view,
                "MeshConfig": settings.mesh_view,
                "Values": values.map,
                "Revision": self._injector.revision,
                "NativeSidecars": job.native,
                "ProxyImage": images.proxy_image(values, settings.image_type, annotations),
                "ProxyInitImage": images.proxy_init_image(values, annotations),
                "ProxyUID": Int64(job.ids[0]),
                "ProxyGID": Int64(job.ids[1]),
                "InboundTrafficPolicyMode": settings.inbound_mode,
                "CompliancePolicy": "",
            },
        )

    def _finish(self, pod: JSON, template_pod: JSON, job: _Job) -> JSON:
        """What templates cannot do: look at the pod as it came out."""
        injector, settings = self._injector, job.settings
        pod = cluster.set_environment(pod, job.variables)
        pod = prometheus.merge_metrics(
            pod, enabled=settings.merges_metrics, port=settings.status_port
        )
        rewrite = self._values.rewrites_probes
        pod = probes.rewrite(pod, enabled=rewrite, port=settings.status_port)
        pod = cluster.set_network(pod, job.variables)
        added = {status.ANNOTATION: status.write(template_pod, injector.revision)}
        if not job.request.local:
            added |= injector.config.injected_annotations
        pod = with_metadata(pod, annotations={**annotations_of(pod), **added})
        return order.reorder(pod, hold=settings.hold or self._values.holds_application)


@contextmanager
def failing(what: str) -> Iterator[None]:
    """Say of an injection error that comes out of the block that ``what`` failed because of it."""
    try:
        yield
    except InjectionError as error:
        raise error.because(what) from error
