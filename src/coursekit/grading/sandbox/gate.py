"""The package's own functions, which are there for notebooks to use and not for answers to hand in.

The course's helpers time calls, count operations and read data files: some of that is what an exercise asks for.
Cells may call them. While answers are judged they are closed to whoever is not of the package, under whatever name and
however they were found. What draws, and what loads data, stays open.
"""

from __future__ import annotations

import importlib
import inspect
import linecache
import pkgutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, NoReturn

import coursekit
from coursekit.errors import NotYoursError

__all__ = ["Gate", "hidden_folders", "import_all"]

_PACKAGES = ("coursekit.bench", "coursekit.datasets", "coursekit.plots")
_MODULES = ("coursekit.speedrun",)
#: What draws with them, and asks nobody else's function to.
_USERS = ("coursekit.training", "coursekit.digitpad")
#: Of these, what is for everybody stays open.
_PUBLIC = ("coursekit.datasets", "coursekit.plots")
#: Where these lie, students' code can read no Python.
_HIDDEN = ("bench", "datasets")
#: The name, in a module, of what calls its closed functions, and the events by which it does.
_NAME = "__coursekit_gate__"
_CALL, _CLOSE = "coursekit.gate.call", "coursekit.gate.close"
# Bound before any student's code has run.
_frame_of: Callable[[int], FrameType] = sys._getframe
_audit = sys.audit


class Gate:
    """Lets the package's functions be called by all, or, once it is closed, by the package alone.

    What the functions do is kept by an audit hook of Python's, which no name leads to: nothing can take a function from
    behind the gate, and nothing can open it again.
    """

    def install(self) -> None:
        """Put this gate before each of the functions; once for a process."""
        within = {id(code): code for code in _codes()}
        kept = {id(code): (code, original) for code, original in map(_put_before, dict.fromkeys(_functions()))}
        sys.addaudithook(_hook(kept, within))
        # Tracebacks have been laid out already, and have brought texts with them.
        linecache.clearcache()

    def close(self) -> None:
        """Close it, for good: in a process that answers."""
        _audit(_CLOSE)


def _hook(
    kept: Mapping[int, tuple[CodeType, FunctionType]], within: Mapping[int, CodeType]
) -> Callable[[str, tuple[Any, ...]], None]:
    """Return what answers the calls of closed functions, each known by the very code that stands in its place."""
    closed = False

    def answer(event: str, given: tuple[Any, ...]) -> None:
        nonlocal closed
        if event == _CALL:
            before = _frame_of(1)
            if id(before.f_code) not in kept:
                return
            _, original = kept[id(before.f_code)]
            args, kwargs, box = given
            if closed and not _is_within(before.f_back, within):
                _refuse(f"{original.__module__}.{original.__qualname__}")
            box.append(original(*args, **kwargs))
        elif event == _CLOSE:
            closed = True

    # A debugger goes on into what is called.
    answer.__cantrace__ = True  # type: ignore[attr-defined]
    return answer


def _put_before(function: FunctionType) -> tuple[CodeType, FunctionType]:
    """Put the gate before a function; return its code, and what does now what it did."""
    original = FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__)
    original.__kwdefaults__ = function.__kwdefaults__
    original.__qualname__ = function.__qualname__
    function.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]
    made: dict[str, Any] = {}
    name = function.__name__
    text = f"def {name}(*args, **kwargs):\n    box = []\n    {_NAME}({_CALL!r}, args, kwargs, box)\n    return box[0]\n"
    exec(compile(text, "<coursekit>", "exec", dont_inherit=True), made)  # noqa: S102 - written here
    function.__code__ = made[name].__code__
    function.__globals__.setdefault(_NAME, _audit)
    return function.__code__, original


def _is_within(caller: FrameType | None, within: Mapping[int, CodeType]) -> bool:
    """Tell whether a function of these modules is calling: by its code, since a name or a place can be made up."""
    if caller is None or id(caller.f_code) not in within:
        return False
    module = sys.modules.get(caller.f_globals.get("__name__", ""))
    return module is not None and vars(module) is caller.f_globals


def _codes() -> Iterator[CodeType]:
    """Yield the code of all functions that may call what is closed, and of what is written within these."""
    values = [(name, value) for name, module in _modules(*_USERS) for value in vars(module).values()]
    classes = [(name, value) for name, value in values if isinstance(value, type) and value.__module__ == name]
    values += [(name, value) for name, cls in classes for value in vars(cls).values()]
    waiting = [code for name, value in values for code in _codes_in(value, name)]
    while waiting:
        code = waiting.pop()
        yield code
        waiting += [part for part in code.co_consts if isinstance(part, CodeType)]


def _codes_in(value: Any, module: str) -> Iterator[CodeType]:
    """Yield the code of a function, and of what it wraps."""
    parts = [getattr(value, name, None) for name in ("fget", "fset", "func", "__func__")]
    for part in (value, *parts):
        found = inspect.unwrap(part) if callable(part) else None
        for function in (part, found):
            if isinstance(function, FunctionType) and function.__module__ == module:
                yield function.__code__


def _modules(*more: str) -> list[tuple[str, ModuleType]]:
    names = (*_PACKAGES, *_MODULES, *more)
    return [(n, m) for n, m in list(sys.modules.items()) if n.startswith(names) and isinstance(m, ModuleType)]


def import_all() -> None:
    """Import what is to be closed, as far as that can be done here: its files cannot be read later."""
    for name in _PACKAGES:
        package = importlib.import_module(name)
        for module in pkgutil.iter_modules(package.__path__, f"{name}."):
            _try_import(module.name)
    for name in _MODULES:
        _try_import(name)


def hidden_folders() -> dict[Path, list[Path]]:
    """Return the folders that students' code reads no Python in, each with what in it may be read."""
    place = Path(coursekit.__file__).parent
    return {
        place / name: [p for p in sorted((place / name).iterdir()) if p.suffix != ".py" and p.name != "__pycache__"]
        for name in _HIDDEN
    }


def _try_import(name: str) -> None:
    try:
        importlib.import_module(name)
    except ImportError:
        # It needs what is not installed here; then no cell can import it either.
        return


def _functions() -> Iterator[FunctionType]:
    for name, module in _modules():
        open_ = _open_in(name)
        for value in list(vars(module).values()):
            function = inspect.unwrap(value) if callable(value) else None
            if not isinstance(function, FunctionType) or function.__module__ != name:
                continue
            if function.__name__ not in open_ and _can_be_closed(function):
                yield function


def _open_in(name: str) -> frozenset[str]:
    """Return what is for everybody in a module: what its package lists."""
    package = next((each for each in _PUBLIC if name.startswith(each)), None)
    return frozenset(getattr(sys.modules[package], "__all__", ())) if package else frozenset()


def _can_be_closed(function: FunctionType) -> bool:
    return not function.__code__.co_freevars and function.__name__.isidentifier()


def _refuse(label: str) -> NoReturn:
    raise NotYoursError(f"{label} is the package's own. Write what the exercise asks for yourself.")
