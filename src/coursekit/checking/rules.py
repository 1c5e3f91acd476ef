"""Rules about how an answer is written, such as "no Python loop" or "no library multiplies the matrices".

They are decided on all text that the answer reaches, and that text alone must be an answer: it is run by itself, with
nothing of what else the notebook has done. So text that says too little, or another thing than what runs, is no way
around a rule.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import functools
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from types import ModuleType

from coursekit.checking.failures import CheckFailure
from coursekit.checking.reach import KNOWN_MODULES
from coursekit.checking.student import Student

__all__ = ["by_itself", "names_in", "own_functions"]

#: What makes or finds code that no text shows, or looks at those who look: no rule can be decided on text with these.
_UNREADABLE = frozenset(
    {
        *("exec", "eval", "compile", "globals", "locals", "vars", "setattr", "delattr", "__import__", "__builtins__"),
        *("get_ipython", "breakpoint", "importlib", "runpy", "sys", "gc", "inspect", "ctypes", "cffi", "dis"),
        *("threading", "_thread", "multiprocessing", "concurrent", "subprocess", "asyncio", "signal", "atexit"),
        *("builtins", "marshal", "pickle", "types", "traceback", "attrgetter", "methodcaller", "IPython"),
        *("tb_frame", "f_back", "f_trace", "f_trace_opcodes", "f_locals", "f_globals", "gi_frame", "cr_frame"),
        # These find or run what a text, a file or another process says.
        *("os", "posix", "fork", "forkpty", "popen", "system", "greenlet", "gevent", "numba", "jit", "numexpr"),
        *("load", "loads", "read_pickle", "read_array", "dill", "cloudpickle", "joblib", "ctypeslib", "lambdify"),
        *("resolve_name", "get_type_hints", "ForwardRef", "dictConfig", "runstring", "rundocs", "f2py"),
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

#: Python's own modules that honest answers import; the others can do what no text shows.
_PLAIN_MODULES = frozenset(
    {
        *("__future__", "abc", "array", "bisect", "cmath", "collections", "contextlib", "copy", "csv", "dataclasses"),
        *("datetime", "decimal", "enum", "fractions", "functools", "gzip", "hashlib", "heapq", "io", "itertools"),
        *("json", "logging", "math", "numbers", "operator", "pathlib", "platform", "pprint", "random", "re"),
        *("statistics", "string", "struct", "tempfile", "textwrap", "time", "timeit", "typing", "warnings", "zlib"),
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
    found = _untold_in(reach.text)
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
        elif isinstance(node, ast.MatchClass):
            # ``case object(dot=product)`` looks an attribute up.
            found.update(node.kwd_attrs)
    return found


def own_functions(source: str) -> set[str]:
    """List the functions that a text defines; none if it imports all names of a module, of which one may be meant."""
    nodes = list(ast.walk(ast.parse(source)))
    imported = (alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names)
    if "*" in imported:
        return set()
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@functools.lru_cache(maxsize=64)
def _untold_in(source: str) -> Sequence[str]:
    """List what hides what will run: read once, for all checks of an answer."""
    return tuple(sorted({*_unreadable_in(source), *_added_in(source)}))


def _unreadable_in(source: str) -> Iterator[str]:
    """Yield what hides from a reader what will run."""
    names = names_in(source)
    # np.testing.measure runs a text; another measure may be anybody's.
    if {"testing", "measure"} <= names:
        yield "measure"
    for name in names:
        if name in _UNREADABLE or (name.startswith("__") and name.endswith("__") and name not in _PLAIN):
            yield name
    nodes = list(ast.walk(ast.parse(source)))
    # One of Python's own is there wherever a variable of its name, set in another place of the text, is not.
    loaded = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    yield from sorted(loaded & _UNREADABLE & {*dir(builtins)})
    yield from sorted(_imported_in(nodes) & sys.stdlib_module_names - _PLAIN_MODULES)
    calls = [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    called = {id(call.func) for call in calls}
    for call in calls:
        if _is_getattr(call.func) and not (len(call.args) > 1 and isinstance(call.args[1], ast.Constant)):
            yield "getattr with a computed name"
    if any(_is_getattr(node) and id(node) not in called for node in nodes):
        yield "getattr under another name"


def _is_getattr(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "getattr"


def _imported_in(nodes: Iterable[ast.AST]) -> set[str]:
    """List the modules that are imported, each by the first part of its name."""
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}


def _added_in(source: str) -> Iterator[str]:
    """Yield attributes of well-known modules that these do not have, and that the text does not set."""
    nodes = list(ast.walk(ast.parse(source)))
    modules = {"np": "numpy"}
    for node in nodes:
        if isinstance(node, ast.Import):
            modules |= {alias.asname or alias.name: alias.name for alias in node.names}
    attributes = [node for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)]
    own = {node.attr for node in attributes if isinstance(node.ctx, ast.Store)}
    for node in attributes:
        module = KNOWN_MODULES.get(modules.get(ast.unparse(node.value), ""))
        if module is not None and node.attr not in own and not _has(module, node.attr):
            yield ast.unparse(node)


def _has(module: ModuleType, name: str) -> bool:
    # NumPy warns of names that it will give up.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return hasattr(module, name)
