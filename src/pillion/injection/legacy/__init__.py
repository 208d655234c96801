"""The generation of Istio 1.1, whose template renders lists that are appended to the pod."""

from pillion.injection.legacy.engine import LegacyEngine

__all__ = ["LegacyEngine"]
