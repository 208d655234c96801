"""Sprig 3.3.0, the function library of template authors.

Every name of sprig's ``TxtFuncMap`` is here. What depends on nothing but its arguments behaves as
the Go code does, error texts included; what reaches outside is held to a :class:`Policy`.
"""

from pillion.gotemplate.sprig.policy import Policy
from pillion.gotemplate.sprig.table import FUNCTIONS, IMPURE, functions

__all__ = ["FUNCTIONS", "IMPURE", "Policy", "functions"]
