from __future__ import annotations

import json

from pillion.cluster import answers
from pillion.cluster.errors import ConflictError, OwnedField

PORT = '.webhooks[name="a"].clientConfig.service.port'


def cause(message: str, reason: str = "FieldManagerConflict") -> dict[str, str]:
    return {"reason": reason, "message": message, "field": PORT}


def test_a_refused_apply_says_who_owns_what() -> None:
    causes = [
        cause('conflict with "helm"'),
        cause('conflict with "a \\"b\\"" using v1 at 2026-01-01T00:00:00Z'),
        cause('conflict with "istiod" with subresource "status" using v1'),
        cause("somebody else", reason="FieldValueInvalid"),
    ]
    body = {"message": "Apply failed with 3 conflicts", "details": {"causes": causes}}
    error = answers.error_of("the cluster", 409, json.dumps(body).encode())
    assert isinstance(error, ConflictError)
    assert str(error) == "the cluster: Apply failed with 3 conflicts"
    assert error.owned == tuple(OwnedField(one, PORT) for one in ("helm", 'a "b"', "istiod"))


def test_a_conflict_of_another_kind_names_nobody() -> None:
    error = answers.error_of("the cluster", 409, b"")
    assert isinstance(error, ConflictError)
    assert (str(error), error.owned) == ("the cluster: status 409", ())
