"""What a statement does with the names of its notebook, at once and once the functions in it are called."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from coursekit.checking.statements import bound_by, needed_by, outside_functions

__all__ = ["Effect", "effect_of"]

#: Methods that put something into a list, a set or a dict.
_FILLERS = frozenset({"add", "append", "extend", "insert", "setdefault", "update"})
#: Methods that are called when an object is made.
_MAKERS = frozenset({"__init__", "__new__", "__post_init__"})
_COPES = frozenset({"BaseException", "Exception", "NameError"})


class Effect(NamedTuple):
    """What a statement does.

    Attributes:
        binds: Names that it binds.
        needs: Names that it looks up as it runs.
        calls: Those among them that it calls.
        fills: Names whose values it changes: ``table.append(x)``, ``table[0] = x``, ``settings.x = x``.
        later: Names that the function or class that it defines looks up when it is called.
        sets: Names that this function binds then, by ``global``.
        imports: Whether it imports them.
        copes: Whether it goes on where a name is not there.
        left: Whether grading leaves it out.
    """

    binds: frozenset[str]
    needs: frozenset[str]
    calls: frozenset[str]
    fills: frozenset[str]
    later: frozenset[str]
    sets: frozenset[str]
    imports: bool
    copes: bool
    left: bool


def effect_of(statement: ast.stmt, *, left: bool) -> Effect:
    """Return what a statement does; ``left`` is whether grading leaves it out."""
    at_once = list(outside_functions(statement))
    called = [node.func for node in at_once if isinstance(node, ast.Call)]
    inside = [node for function in _functions_of(statement) for node in ast.walk(function)]
    own = {node.arg for node in inside if isinstance(node, ast.arg)}
    read = {node.id for node in inside if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    sets = {name for node in inside if isinstance(node, ast.Global) for name in node.names}
    own |= {node.id for node in inside if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)} - sets
    return Effect(
        binds=frozenset(bound_by(statement)),
        needs=frozenset(needed_by(statement)),
        calls=frozenset(function.id for function in called if isinstance(function, ast.Name)),
        fills=frozenset(_filled_by(at_once)),
        later=frozenset(read - own),
        sets=frozenset(sets),
        imports=isinstance(statement, ast.Import | ast.ImportFrom),
        copes=isinstance(statement, ast.Try) and any(map(_catches_absence, statement.handlers)),
        left=left,
    )


def _functions_of(statement: ast.stmt) -> list[ast.AST]:
    """Return what runs when what a statement defines is called."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return [statement]
    if isinstance(statement, ast.ClassDef):
        return [part for part in statement.body if isinstance(part, ast.FunctionDef) and part.name in _MAKERS]
    value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
    return [value] if isinstance(value, ast.Lambda) else []


def _filled_by(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield from _root_of(node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _FILLERS:
            yield from _root_of(node.func)


def _root_of(node: ast.expr) -> Iterator[str]:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def _catches_absence(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or (isinstance(kind, ast.Name) and kind.id in _COPES) for kind in kinds)
