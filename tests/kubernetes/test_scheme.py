from __future__ import annotations

import pytest

from pillion.kubernetes.errors import UnknownKindError
from pillion.kubernetes.scheme import CURRENT, LEGACY, Scheme


@pytest.mark.parametrize(
    ("known", "api_version", "kind", "type_name"),
    [
        (CURRENT, "v1", "Pod", "core/v1.Pod"),
        (CURRENT, "", "Pod", "core/v1.Pod"),
        (CURRENT, "a/b/c", "Deployment", "apps/v1.Deployment"),
        (CURRENT, "apps/v1beta2", "Deployment", "apps/v1.Deployment"),
        (CURRENT, "v1", "DeploymentConfig", "apps.openshift.io/v1.DeploymentConfig"),
        (LEGACY, "apps/v1beta2", "Deployment", "apps/v1beta2.Deployment"),
        (LEGACY, "extensions/v1beta1", "DaemonSet", "extensions/v1beta1.DaemonSet"),
        (LEGACY, "batch/v2alpha1", "CronJob", "batch/v1beta1.CronJob"),
        (LEGACY, "x", "CronJob", "batch/v1beta1.CronJob"),
        (LEGACY, "apps/v1", "Deployment", "extensions/v1beta1.Deployment"),
        (LEGACY, "x", "Job", "batch/v1.Job"),
    ],
)
def test_the_kind_decides(known: Scheme, api_version: str, kind: str, type_name: str) -> None:
    assert known.type_for(api_version, kind) == type_name


@pytest.mark.parametrize(
    ("api_version", "kind", "problem"),
    [
        ("v1", "Secret", 'no kind "Secret" is registered for version "v1"'),
        ("apps/v1", "Scale", 'no kind "Scale" is registered for version "apps/v1"'),
        ("v1", "pod", 'no kind "pod" is registered for version "v1"'),
        ("a/b/c", "X", 'no kind "X" is registered for version ""'),
        ("/", "X", 'no kind "X" is registered for version ""'),
        ("a/", "X", 'no kind "X" is registered for version "a/"'),
        ("g/__internal", "X", 'no kind "X" is registered for the internal version of group "g"'),
        ("v1", "", 'no version "v1" has been registered'),
        ("", "", 'no version "" has been registered'),
    ],
)
def test_unknown_kinds(api_version: str, kind: str, problem: str) -> None:
    with pytest.raises(UnknownKindError) as caught:
        CURRENT.type_for(api_version, kind)
    assert str(caught.value) == f'{problem} in scheme "pkg/runtime/scheme.go:111"'
