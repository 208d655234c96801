"""The emission of values: constants, and what makes a value the argument of some Go type."""

from __future__ import annotations

from typing import Any

from pillion.golang.values import Kind, Map, Slice
from pillion.gotemplate import nodes
from pillion.gotemplate.arguments import INTERFACE, REFLECT_VALUE, Constant, convert_constant
from pillion.gotemplate.constants import ideal_constant
from pillion.gotemplate.emit_variables import Nil, Value, VariableEmitter
from pillion.gotemplate.failures import UnlocatedError
from pillion.gotemplate.functions import NO_VALUE

_CLASSES = {
    "bool": "bool",
    "float64": "float",
    "int": "int",
    "map[string]interface {}": "dict",
    "string": "str",
    "[]interface {}": "list",
}


class ValueEmitter(VariableEmitter):
    """Emits the conversion of values to the types that functions ask for."""

    def converted(self, value: Value, wanted: str) -> str:
        """Code for ``value`` as an argument of type ``wanted``."""
        if wanted == REFLECT_VALUE:
            return self.settled(value)
        code = value.code
        if wanted == INTERFACE:
            return f"None if {code} is NO_VALUE else {code}" if value.missing else code
        convert = "convert_piped" if value.nil is Nil.NOTHING else "convert"
        conversion = f"{convert}({code}, {wanted!a})"
        if wanted in _CLASSES:
            conversion = f"{code} if type({code}) is {_CLASSES[wanted]} else {conversion}"
        result = self.temporary()
        self.write_here(f"{result} = {conversion}")
        return result

    def constant(self, node: nodes.Node, wanted: str) -> str:
        """Code for a constant of type ``wanted``."""
        constant = self.constant_of(node)
        try:
            return "None" if constant is None else _literal(convert_constant(constant, wanted))
        except UnlocatedError as failure:
            return self.fail(str(failure)).code

    def constant_of(self, node: nodes.Node) -> Constant | None:
        """``node`` as a constant, if it is one."""
        match node:
            case nodes.Nil():
                return Constant(Kind.INVALID, "nil")
            case nodes.Bool():
                return Constant(Kind.BOOL, self.module.text(node), node.value)
            case nodes.String():
                return Constant(Kind.STRING, node.quoted, node.text)
            case nodes.Number():
                numbers = node.integer, node.unsigned, node.floating, node.complex
                return Constant(Kind.INT, node.text, ideal_constant(node), *numbers)
            case _:
                return None

    def converted_for_method(self, method: str, index: int, value: Value) -> str:
        """An evaluated argument for the method in the Python variable ``method``."""
        settled = self.settled(value)
        code = self.temporary()
        self.write_here(f"{code} = method_argument({method}, {index}, {settled})")
        return code


def _literal(value: Any) -> str:
    if value is NO_VALUE:
        return "NO_VALUE"
    if isinstance(value, Slice | Map):
        return f"nil_of({value.go_type!a})"
    if isinstance(value, complex):
        return f"complex({value.real!r}, {value.imag!r})"
    return ascii(value)
