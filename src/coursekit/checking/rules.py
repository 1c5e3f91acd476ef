"""Rules about how an answer is written, such as "no Python loop" or "no library multiplies the matrices".

They are decided on all text that the answer reaches, and that text alone must be an answer: it is run by itself, with
nothing of what else the notebook has done. So text that says too little, or another thing than what runs, is no way
around a rule.
"""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator, Sequence

from coursekit.checking.failures import CheckFailure
from coursekit.checking.student import Student

__all__ = ["by_itself", "names_in"]

#: What makes or finds code that no text shows, or looks at those who look: no rule can be decided on text with these.
_UNREADABLE = frozenset(
    {
        *("exec", "eval", "compile", "globals", "locals", "vars", "setattr", "delattr", "__import__", "__builtins__"),
        *("get_ipython", "breakpoint", "importlib", "runpy", "sys", "gc", "inspect", "ctypes", "cffi", "dis"),
        *("threading", "_thread", "multiprocessing", "concurrent", "subprocess", "asyncio", "signal", "atexit"),
        *("builtins", "marshal", "pickle", "types", "traceback", "attrgetter", "methodcaller", "IPython"),
        *("tb_frame", "f_back", "f_trace", "f_trace_opcodes", "f_locals", "f_globals", "gi_frame", "cr_frame"),
    }
)
#: Double underscores that honest code has: methods of a class of one's own, a module's name.
_PLAIN = frozenset(
    {
        *("__init__", "__call__", "__len__", "__iter__", "__next__", "__getitem__", "__setitem__", "__name__"),
        *("__repr__", "__str__", "__doc__", "__enter__", "__exit__", "__add__", "__radd__", "__iadd__", "__sub__"),
        *("__rsub__", "__mul__", "__rmul__", "__imul__", "__truediv__", "__neg__", "__pow__", "__eq__", "__lt__"),
        *("__future__", "__main__", "__annotations__", "__array__", "__float__", "__int__", "__bool__", "__contains__"),
        *("__matmul__", "__rmatmul__", "__imatmul__", "__post_init__", "__version__"),
    }
)


@contextlib.contextmanager
def by_itself(student: Student, slug: str, *, hint: str, known: Sequence[str] = ()) -> Iterator[str]:
    """Give the text that an answer reaches; meanwhile each call is one of this text by itself.

    The steps that Python takes for a call, not for a probe, are in the student's report.

    Args:
        student: The student's code.
        slug: The exercise.
        hint: What to do where a rule cannot be decided on the text.
        known: Attributes of what the answer is called with.

    Raises:
        CheckFailure: If the text does not tell all that will run.
    """
    reach = student.reached(slug, known=known)
    hidden = sorted(reach.unknown)
    if hidden:
        raise CheckFailure(
            f"{slug} uses {', '.join(hidden[:5])}, which no cell above the check defines.",
            got=", ".join(hidden[:5]),
            hint="Define what it uses with def, class, import or = in a cell above the check.",
        )
    found = sorted(_unreadable_in(reach.text))
    if found:
        raise CheckFailure(
            f"What {slug} runs cannot be told from its text: it uses {', '.join(found[:5])}.", got=found[0], hint=hint
        )
    with student.alone(slug, reach.text):
        yield reach.text


def names_in(source: str) -> set[str]:
    """List the names that a text takes from elsewhere: variables that it does not set, attributes, modules.

    Strings that could be names are among them, as in ``getattr(np, "dot")``; a variable of the text's own is not.
    """
    nodes = list(ast.walk(ast.parse(source)))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    own = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    own |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    found = {node.id for node in names} - own
    found |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
            found.update(part for module in modules for part in module.split("."))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            found.add(node.value)
    return found


def _unreadable_in(source: str) -> Iterator[str]:
    """Yield what hides from a reader what will run."""
    for name in names_in(source):
        if name in _UNREADABLE or (name.startswith("__") and name.endswith("__") and name not in _PLAIN):
            yield name
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr":
            if not (len(node.args) > 1 and isinstance(node.args[1], ast.Constant)):
                yield "getattr with a computed name"
        elif isinstance(node, ast.Name) and node.id == "getattr" and not _is_called(node, source):
            yield "getattr under another name"


def _is_called(name: ast.Name, source: str) -> bool:
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return any(
        isinstance(call.func, ast.Name) and (call.func.lineno, call.func.col_offset) == (name.lineno, name.col_offset)
        for call in calls
    )
