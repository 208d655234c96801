"""Which functions the templates of a generation may call, beside the language's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from pillion.injection.generation import Generation

if TYPE_CHECKING:
    from pillion.gotemplate.functions import FunctionTable


def table(generation: Generation) -> FunctionTable:
    """Istio's functions of ``generation``, over sprig's where that has them."""
    if generation is Generation.LEGACY:
        from pillion.injection.legacy import functions as legacy

        return legacy.FUNCTIONS
    from collections import ChainMap

    from pillion.gotemplate import sprig
    from pillion.injection import functions as current

    # Istio's templates may read the injector's environment, but neither the network nor make keys
    others = sprig.functions(sprig.Policy(environment=True))
    # sprig's table is a lazy mapping: a plain dict of both would load all of it
    return cast("FunctionTable", ChainMap(cast("Any", current.FUNCTIONS), cast("Any", others)))
