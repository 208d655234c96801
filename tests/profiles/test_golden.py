"""What each profile makes of the examples and of pods with the main annotations, as golden files.

``pytest tests/profiles --rewrite-golden`` writes them anew; the difference is to be read.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pillion import profiles
from pillion.injection.config import load_config
from pillion.injection.injector import Injector
from pillion.injection.kube_inject import kube_inject
from pillion.mesh.config import load_mesh
from pillion.mesh.values import load_values, override

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
SIDECARS = "istio-1.30"

MANIFESTS = [
    *(
        (profile, EXAMPLES / f"{name}.yaml")
        for profile in profiles.NAMES
        for name in ("busybox", "bookinfo")
    ),
    *((path.parent.name, path) for path in sorted((HERE / "manifests").glob("*/*.yaml"))),
]

VALUES = {
    "cni": ["pilot.cni.enabled=true", "pilot.cni.provider=multus", "global.proxy.privileged=true"],
    "certificates": [
        "global.caName=GkeWorkloadCertificate",
        "global.caAddress=ca.example.com:443",
        "global.pilotCertProvider=kubernetes",
        "global.mountMtlsCerts=true",
    ],
    "trust-bundle": [
        "pilot.env.ENABLE_CLUSTER_TRUST_BUNDLE_API=true",
        "global.trustBundleName=ours",
        "pilot.crlConfigMapName=our-crl",
    ],
    "names": [
        "revision=canary",
        "global.meshID=mesh1",
        "global.network=network1",
        "global.multiCluster.clusterName=cluster1",
        "global.istioNamespace=mesh-system",
    ],
    "pulling": [
        "global.imagePullPolicy=Always",
        "global.imagePullSecrets={one,two}",
        "global.proxy_init.image=registry.example.com/init:1",
    ],
    "logs": [
        "global.logAsJson=true",
        "global.logging.level=all:debug",
        "global.sts.servicePort=15463",
        "global.proxy.outlierLogPath=/dev/stdout",
        "global.nativeNftables=true",
        "global.proxy_init.forceApplyIptables=true",
    ],
    "container": [
        "global.proxy.holdApplicationUntilProxyStarts=true",
        "global.proxy.lifecycle.preStop.exec.command={pilot-agent,wait}",
        "global.proxy.seccompProfile.type=RuntimeDefault",
        "global.proxy.startupProbe.enabled=false",
        "gateways.securityContext.runAsNonRoot=true",
    ],
}
"""Values that move the templates; the keys name the golden files."""


def injected(profile: str, manifest: Path, *assignments: str) -> str:
    texts = profiles.load(profile)
    config = load_config(texts.config)
    values = None if texts.values is None else override(load_values(texts.values), assignments)
    injector = Injector(config, load_mesh(texts.mesh, config.generation.value), values)
    warnings: list[str] = []
    text = "".join(kube_inject(injector, manifest.read_bytes(), warnings.append))
    assert warnings == []
    return text


def check(request: pytest.FixtureRequest, golden: Path, text: str) -> None:
    if request.config.getoption("--rewrite-golden"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("profile", "manifest"), MANIFESTS, ids=lambda value: getattr(value, "stem", value)
)
def test_a_manifest_becomes_its_golden_file(
    request: pytest.FixtureRequest, profile: str, manifest: Path
) -> None:
    golden = HERE / "golden" / profile / f"{manifest.stem}.yaml"
    check(request, golden, injected(profile, manifest))


@pytest.mark.parametrize("name", VALUES)
def test_values_move_every_template(request: pytest.FixtureRequest, name: str) -> None:
    manifests = [EXAMPLES / "busybox.yaml"] + [
        HERE / "manifests" / SIDECARS / f"{kind}.yaml" for kind in ("gateway", "grpc")
    ]
    text = "".join(injected(SIDECARS, manifest, *VALUES[name]) for manifest in manifests)
    check(request, HERE / "golden" / SIDECARS / f"values-{name}.yaml", text)
