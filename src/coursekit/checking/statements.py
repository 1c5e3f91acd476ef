"""What the statements of a cell define and need, and which of them are run for grading in a cell to look at."""

from __future__ import annotations

import ast
import dis
import re
from collections.abc import Iterable, Iterator
from types import CodeType

from coursekit.checking.magics import python_in

__all__ = [
    "MAX_PARSED",
    "bound_by",
    "bound_unseen",
    "brief",
    "defines",
    "heads_in",
    "is_definition",
    "names_read",
    "needed_by",
    "outside_functions",
    "statements_of",
]

#: Characters of a cell at most: to read a longer one as Python would take gigabytes.
MAX_PARSED = 100_000
#: What stands still: nothing that takes time, and nothing that draws or reads.
_STILL = (
    ast.Constant,
    ast.Name,
    ast.Attribute,
    ast.Tuple,
    ast.List,
    ast.Set,
    ast.Dict,
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.operator,
    ast.unaryop,
    ast.boolop,
    ast.cmpop,
    ast.expr_context,
)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_LOAD_NAME, _LOAD_GLOBAL = dis.opmap["LOAD_NAME"], dis.opmap["LOAD_GLOBAL"]
_MAX_FACTOR = 10_000
_NAMES = ("globals", "locals", "vars")
_RUNS_TEXT = ("exec", "run_cell", "ex")
_HEAD = re.compile(r"^(?:(?:async\s+)?def|class)\s+(\w+)", re.MULTILINE)


def statements_of(source: str, *, files: bool = False) -> list[ast.stmt]:
    """Return the statements of a cell; lines for IPython alone count for nothing.

    Args:
        source: The cell's text.
        files: Whether the text of a module that the cell writes to a file counts as the cell's own.

    Raises:
        SyntaxError, ValueError, RecursionError: If it cannot be read.
    """
    return ast.parse(python_in(source, files=files)).body


def is_definition(statement: ast.stmt) -> bool:
    """Tell whether a statement imports, or defines a function, a class or a plain constant.

    These are run for grading also in a cell to look at; what draws, loads data or trains is not.
    """
    if isinstance(statement, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return True
    if isinstance(statement, ast.Try):
        handled = [part for handler in statement.handlers for part in handler.body]
        parts = [*statement.body, *handled, *statement.orelse, *statement.finalbody]
        return all(isinstance(part, ast.Pass) or is_definition(part) for part in parts)
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return all(map(_is_name, targets)) and statement.value is not None and _is_plain(statement.value)
    return False


def bound_by(statement: ast.stmt) -> set[str]:
    """Return the names that a statement binds in its notebook."""
    found: set[str] = set()
    for node in _outside(statement, (*_FUNCTIONS, ast.ClassDef, *_COMPREHENSIONS)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).partition(".")[0])
    return found


def bound_unseen(statement: ast.stmt) -> set[str]:
    """Return names that a statement may bind by ``global``, or by running a text: it does so only when it is run."""
    found: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Global):
            found.update(node.names)
        elif isinstance(node, ast.Call) and _calls(node) in _RUNS_TEXT:
            found.update(name for part in node.args for text in _strings_in(part) for name in heads_in(text))
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and _calls(node.value) in _NAMES:
            found.update(_strings_in(node.slice))
    return found


def heads_in(text: str) -> list[str]:
    """List the functions and classes whose heads begin a line of a text, which need not be Python as a whole."""
    return _HEAD.findall(text)


def needed_by(statement: ast.stmt) -> set[str]:
    """Return the names that a statement looks up as it runs, and does not bind itself on the way.

    What a function will look up once it is called is not among them.
    """
    nodes = [node for node in _outside(statement, _FUNCTIONS) if isinstance(node, ast.Name)]
    loaded = {node.id for node in nodes if isinstance(node.ctx, ast.Load)}
    stored = {node.id for node in nodes if isinstance(node.ctx, ast.Store)}
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        return loaded - (stored - bound_by(statement))
    if isinstance(statement, ast.AugAssign):
        return loaded | stored
    return loaded - stored


def outside_functions(statement: ast.stmt) -> Iterator[ast.AST]:
    """Walk through what runs with a statement: of functions in it, only their defaults and decorators."""
    return _outside(statement, _FUNCTIONS)


def names_read(code: CodeType) -> set[str]:
    """Return the names that code reads from outside, without those that functions in it read."""
    # Read here, since dis makes an object of each step, which takes some twenty times as long.
    found, above = set[str](), 0
    for step, argument in zip(code.co_code[::2], code.co_code[1::2], strict=True):
        argument |= above
        above = argument << 8 if step == dis.EXTENDED_ARG else 0
        if step == _LOAD_NAME:
            found.add(code.co_names[argument])
        elif step == _LOAD_GLOBAL:
            # The lowest bit says whether it is called.
            found.add(code.co_names[argument >> 1])
    return found


def defines(source: str, name: str) -> bool:
    """Tell whether a text seems to define a function, a class or a name; it need not be Python that can be read."""
    found = re.escape(name)
    return re.search(rf"^(?:(?:async\s+)?def|class)\s+{found}\b|^{found}\s*=[^=]", source, re.MULTILINE) is not None


def brief(source: str, statement: ast.stmt) -> str:
    """Return a statement's text, the same for all ways of setting it in lines."""
    return "".join((ast.get_source_segment(source, statement) or "").split())


def _calls(node: ast.expr) -> str:
    """Return the name of what an expression calls; an empty text if it is no call of a name or a method."""
    called = node.func if isinstance(node, ast.Call) else None
    return called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""


def _strings_in(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def _is_name(target: ast.expr) -> bool:
    if isinstance(target, ast.Tuple | ast.List):
        return all(map(_is_name, target.elts))
    return isinstance(target, ast.Name)


def _is_plain(value: ast.expr) -> bool:
    if isinstance(value, ast.Lambda):
        return True
    return all(isinstance(node, _STILL) and not _is_too_large(node) for node in ast.walk(value))


def _is_too_large(node: ast.AST) -> bool:
    """Tell whether a power, or what is repeated, may be larger than a constant is."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Pow | ast.LShift | ast.Mult):
        return False
    if isinstance(node.op, ast.Mult):
        return any(map(_is_large_factor, (node.left, node.right)))
    return not all(isinstance(part, ast.Constant) and not _is_large_factor(part) for part in (node.left, node.right))


def _is_large_factor(part: ast.expr) -> bool:
    if isinstance(part, ast.Constant):
        return isinstance(part.value, int | float) and abs(part.value) >= _MAX_FACTOR
    return isinstance(part, ast.BinOp) and isinstance(part.op, ast.Pow | ast.LShift)


def _outside(statement: ast.stmt, closed: tuple[type[ast.AST], ...]) -> Iterator[ast.AST]:
    """Walk through a statement; of what is closed, only through what runs at once, such as a function's defaults."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(_run_with(node) if isinstance(node, closed) else ast.iter_child_nodes(node))


def _run_with(node: ast.AST) -> Iterable[ast.AST]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        decorators = [] if isinstance(node, ast.Lambda) else node.decorator_list
        return [*decorators, *node.args.defaults, *filter(None, node.args.kw_defaults)]
    return [*node.decorator_list, *node.bases] if isinstance(node, ast.ClassDef) else []
