"""The configuration of a mesh and its proxies, and the values of Istio's chart.

``load_mesh`` reads a mesh over the defaults of either generation; ``load_values`` reads chart
values.
"""

from pillion.mesh.config import MeshConfig, ProxyConfig, check_proxy_config, load_mesh
from pillion.mesh.errors import MeshError
from pillion.mesh.values import Values, load_values, override

__all__ = [
    "MeshConfig",
    "MeshError",
    "ProxyConfig",
    "Values",
    "check_proxy_config",
    "load_mesh",
    "load_values",
    "override",
]
