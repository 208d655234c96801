"""An injector: a configuration, a mesh and values, ready for any number of pods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pillion.injection import openshift
from pillion.injection.generation import Generation, Owner, Request
from pillion.injection.native_sidecars import always
from pillion.injection.replicas import Replicas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pillion.injection.config import InjectionConfig
    from pillion.injection.generation import JSON, Engine
    from pillion.injection.native_sidecars import NativeSidecars
    from pillion.mesh.config import MeshConfig
    from pillion.mesh.proxy_resources import ProxyResources
    from pillion.mesh.values import Values

OPENSHIFT = openshift.PLATFORM


class Injector:
    """What kube-inject, the webhook and ``pillion inject`` share.

    ``revision`` is the control plane's. ``native_sidecars`` puts the proxy among the init
    containers unless a pod's annotation says otherwise: everywhere or nowhere, or as the nodes are
    (:func:`~.native_sidecars.detect`). ``platform`` is empty or ``openshift``, and ``namespaces``
    gives the annotations of namespaces by name, which OpenShift's user ids come from
    (:func:`~.openshift.annotations_by_name`). ``proxy_resources`` are the ProxyConfig resources of
    the cluster, which count in the webhook of the current generation.
    """

    __slots__ = (
        "config",
        "engine",
        "mesh",
        "namespaces",
        "native_sidecars",
        "platform",
        "proxy_resources",
        "replicas",
        "revision",
        "values",
    )

    def __init__(  # noqa: PLR0913 - what an installation sets; all but three are named
        self,
        config: InjectionConfig,
        mesh: MeshConfig,
        values: Values | None = None,
        *,
        revision: str = "",
        native_sidecars: bool | NativeSidecars = False,
        platform: str = "",
        namespaces: Mapping[str, Mapping[str, str]] | None = None,
        proxy_resources: ProxyResources | None = None,
    ) -> None:
        self.config = config
        self.mesh = mesh
        self.values = values
        self.revision = revision
        self.native_sidecars: NativeSidecars = (
            always(native=native_sidecars) if isinstance(native_sidecars, bool) else native_sidecars
        )
        self.platform = platform
        self.namespaces = namespaces or {}
        self.proxy_resources = proxy_resources
        self.engine: Engine = _engine(self)
        self.replicas = Replicas(self)

    def inject_pod(
        self, pod: JSON, owner: Owner | None = None, *, path: str = "", local: bool = False
    ) -> JSON:
        """Inject ``pod``, a canonical object, whatever the rules say about it.

        ``owner`` is guessed from the pod where it is not given. See
        :class:`~.generation.Request` for ``path`` and ``local``.

        Raises:
            InjectionError: the pod cannot be injected; the message is Istio's.
        """
        if owner is None:
            from pillion.injection.owner import owner_of

            owner = owner_of(pod)
        return self.engine.inject(Request(pod, owner, path, local))


def _engine(injector: Injector) -> Engine:
    if injector.config.generation is Generation.CURRENT:
        from pillion.injection.current import CurrentEngine

        return CurrentEngine(injector)
    from pillion.injection.legacy import LegacyEngine

    return LegacyEngine(injector)
