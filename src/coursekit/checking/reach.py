"""All text of a notebook that an answer reaches: its own cell's, and that of whatever it uses from other cells.

A rule such as "no library multiplies the matrices" is about what runs when the answer is called, wherever it was
written: in a helper's cell, in a method, under a second name, in an attribute that was added to a module.
"""

from __future__ import annotations

import ast
import builtins
import functools
import itertools
import math
import operator
import statistics
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import CodeType, ModuleType

import numpy as np

from coursekit.checking.statements import MAX_PARSED, bound_by, names_read, statements_of

__all__ = ["KNOWN_MODULES", "Reach", "reach_of"]

_MAX_UNITS = 5_000
#: Names that IPython puts into every notebook.
_GIVEN = frozenset({*dir(builtins), "get_ipython", "display", "In", "Out", "exit", "quit", "__name__", "__file__"})
#: Code within code that runs with the statement it stands in.
_AT_ONCE = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")
_SETTERS = ("setattr", "delattr")
#: Modules whose names are known here: what else an answer finds there, a notebook has put there.
KNOWN_MODULES: Mapping[str, ModuleType] = {
    module.__name__: module for module in (np, math, operator, itertools, functools, statistics)
}


@dataclass(frozen=True)
class Reach:
    """What an answer reaches.

    Attributes:
        text: The statements, in the order of the notebook; a script that can be parsed.
        unknown: Names that it uses and no cell's text defines, such as what ``exec`` has made.
    """

    text: str
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Unit:
    """A statement of a cell, or one name's part of an import.

    Attributes:
        node: The statement.
        binds: Names that it binds in the notebook.
        adds: Attributes and entries that it sets, by what they are called.
        changes: Names whose values it changes: ``helpers.append(f)``, ``tools["f"] = f``.
        now: Names that it reads as it runs.
        later: Names that the functions in it will read.
        attributes: Attributes that it reads.
        strings: Strings in it that could name an attribute or an entry.
    """

    node: ast.stmt
    binds: frozenset[str]
    adds: frozenset[str]
    changes: frozenset[str]
    now: frozenset[str]
    later: frozenset[str]
    attributes: frozenset[str]
    strings: frozenset[str]


@dataclass
class _Search:
    """The way from a name to all that it reaches.

    Attributes:
        units: The notebook's statements.
        given: Names that are not followed.
        known: Attributes that are not followed.
        through_main: Whether attributes may be names of the notebook: those of the module that it is.
        found: The statements that were reached, each with the time at which its functions look names up.
        unknown: Names that nothing binds.
    """

    units: Sequence[_Unit]
    given: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    through_main: bool = False
    found: set[tuple[int, int]] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)

    def run(self, name: str) -> None:
        """Find all that a name reaches at the end of the notebook."""
        waiting = [(name, len(self.units))]
        seen: set[tuple[str, int]] = set()
        while waiting:
            wanted = waiting.pop()
            if wanted in seen:
                continue
            seen.add(wanted)
            for unit in self._reached(*wanted):
                if unit not in self.found:
                    self.found.add(unit)
                    waiting += self._wanted_by(*unit)

    def _reached(self, name: str, time: int) -> Iterator[tuple[int, int]]:
        """Yield the statements that a name stands for at a time, counted in statements."""
        if name in self.given:
            return
        binding = [i for i in range(time) if name in self.units[i].binds]
        if binding:
            yield binding[-1], time
        elif name not in _GIVEN and not any(name in unit.adds for unit in self.units):
            self.unknown.add(name)
        # A module is not changed by a call of its functions.
        modules = bool(binding) and isinstance(self.units[binding[-1]].node, ast.Import | ast.ImportFrom)
        for i, unit in enumerate(self.units):
            if name in unit.adds or (name in unit.changes and not modules):
                yield i, time

    def _wanted_by(self, index: int, time: int) -> Iterator[tuple[str, int]]:
        """Yield the names that a statement needs, and when it looks them up."""
        unit = self.units[index]
        yield from ((name, index) for name in unit.now)
        yield from ((name, time) for name in unit.later)
        # What is called with values of other cells may have been written for them.
        added = {name for each in self.units for name in each.adds} - self.known
        bound = {name for each in self.units for name in each.binds} - self.known if self.through_main else set()
        yield from ((name, time) for name in unit.attributes if name in added | bound)
        # A string such as "A", for a shared array's name, finds no variable of another cell.
        yield from ((name, time) for name in unit.strings if name in added)


def reach_of(name: str, cells: Iterable[str], *, given: Iterable[str] = (), known: Iterable[str] = ()) -> Reach:
    """Return what the answer of a name reaches.

    Args:
        name: The function or class.
        cells: The texts of the notebook's cells, in their order; one that is no Python counts for nothing.
        given: Names that stand for something other than what the cells define; they are not followed.
        known: Attributes of what the answer is called with; they stand for nothing that the cells define.
    """
    cells = list(cells)
    units = [unit for cell in cells for unit in _units_of(cell)][:_MAX_UNITS]
    # Python takes other letters for the same as these.
    through_main = any("__main__" in unicodedata.normalize("NFKC", cell) for cell in cells)
    search = _Search(units, frozenset(given), frozenset(known), through_main)
    search.run(name)
    reached = sorted({index for index, _ in search.found})
    return Reach("\n".join(ast.unparse(units[i].node) for i in reached), tuple(sorted(search.unknown)))


@functools.lru_cache(maxsize=256)
def _units_of(cell: str) -> Sequence[_Unit]:
    """Read a cell, once for all answers that it stands above."""
    if len(cell) > MAX_PARSED:
        return ()
    try:
        return tuple(_unit_of(part) for statement in statements_of(cell) for part in _parts_of(statement))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()


def _parts_of(statement: ast.stmt) -> list[ast.stmt]:
    """Return an import of several names as one import for each."""
    parts: list[ast.stmt] = [statement]
    if isinstance(statement, ast.Import):
        parts = [ast.Import([alias]) for alias in statement.names]
    if isinstance(statement, ast.ImportFrom):
        parts = [ast.ImportFrom(statement.module, [alias], statement.level) for alias in statement.names]
    return [ast.copy_location(part, statement) for part in parts]


def _unit_of(statement: ast.stmt) -> _Unit:
    nodes = list(ast.walk(statement))
    own = {name for node in nodes if isinstance(node, ast.Global) for name in node.names}
    code = _compiled(statement)
    now, later = _names_now_and_later(code)
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)}
    return _Unit(
        statement,
        binds=frozenset((bound_by(statement) | own | _names_of_all(statement)) - {"*"}),
        adds=frozenset(_added_by(nodes)),
        changes=frozenset(_changed_by(nodes)),
        now=frozenset(now),
        later=frozenset(later),
        attributes=frozenset(attributes),
        strings=frozenset(name for node in nodes for name in _name_in(node)),
    )


def _names_of_all(statement: ast.stmt) -> set[str]:
    """Return what an import of all names of a module brings, of the modules whose names are known here."""
    if not isinstance(statement, ast.ImportFrom) or statement.names[0].name != "*" or statement.level:
        return set()
    module = KNOWN_MODULES.get(statement.module or "")
    return set(getattr(module, "__all__", None) or dir(module)) if module is not None else set()


def _compiled(statement: ast.stmt) -> CodeType:
    module = ast.Module([statement], [])
    code: CodeType = compile(module, "<cell>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    return code


def _names_now_and_later(code: CodeType) -> tuple[set[str], set[str]]:
    """Return the names that code reads as it runs, and those that its functions read when they are called."""
    now, later = names_read(code), set[str]()
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            first, then = _names_now_and_later(inner)
            # Of a class the body runs at once; it has no name for a caller to look up.
            if inner.co_name in _AT_ONCE or "__qualname__" in inner.co_names:
                now |= first
            else:
                later |= first
            later |= then
    return now, later


def _name_in(node: ast.AST) -> Iterator[str]:
    """Yield the text of a string that could be a name."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
        yield node.value


def _added_by(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield attributes and entries that are set: ``np.f = …``, ``globals()["f"] = …``, ``setattr(np, "f", …)``."""
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            yield from _name_in(node.slice)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SETTERS:
            yield from (name for part in node.args for name in _name_in(part))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
            yield from (keyword.arg for keyword in node.keywords if keyword.arg)


def _changed_by(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield names whose values are changed: by a method that is called for itself, by a new entry or attribute."""
    for node in nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            call = node.value
            if isinstance(call.func, ast.Attribute):
                yield from _root_of(call.func.value)
            elif isinstance(call.func, ast.Name) and call.func.id in _SETTERS and call.args:
                yield from _root_of(call.args[0])
        elif isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield from _root_of(node.value)


def _root_of(node: ast.expr) -> Iterator[str]:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id
