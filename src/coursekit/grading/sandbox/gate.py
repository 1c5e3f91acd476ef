"""The package's own functions, which are there for notebooks to use and not for answers to hand in.

The course's helpers time calls, count operations and read data files: some of that is what an exercise asks for.
Cells may call them. While answers are judged they are closed to whoever is not of the package, under whatever name and
however they were found. What draws, and what loads data, stays open.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import linecache
import pkgutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, FunctionType, ModuleType
from typing import Any, NoReturn

import coursekit
from coursekit.errors import NotYoursError

__all__ = ["Gate", "hidden_folders", "import_all"]

_PACKAGES = ("coursekit.bench", "coursekit.datasets", "coursekit.plots")
_MODULES = ("coursekit.speedrun",)
#: Of these, what is for everybody stays open.
_PUBLIC = ("coursekit.datasets", "coursekit.plots")
#: Where these lie, students' code can read no Python.
_HIDDEN = ("bench", "datasets")
_NAME = "__coursekit_gate__"
# Bound before any student's code has run.
_frame_of: Callable[[int], FrameType] = sys._getframe


class Gate:
    """Lets the package's functions be called by all, or, once it is closed, by the package alone."""

    def __init__(self) -> None:
        self._closed = False
        self._within = {id(vars(module)) for name, module in sys.modules.items() if name.startswith("coursekit")}

    def install(self) -> None:
        """Put this gate before each of the functions."""
        for function in dict.fromkeys(_functions()):
            self._put_before(function)
        # Tracebacks have been laid out already, and have brought texts with them.
        linecache.clearcache()

    def close(self) -> None:
        """Close it, for good: in a process that answers."""
        self._closed = True

    def _put_before(self, function: FunctionType) -> None:
        kept = FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__)
        kept.__kwdefaults__ = function.__kwdefaults__
        kept.__qualname__ = function.__qualname__
        label = f"{function.__module__}.{function.__qualname__}"
        function.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]
        made: dict[str, Any] = {}
        text = f"def {function.__name__}(*args, **kwargs):\n    return {_NAME}({label!r}, args, kwargs)\n"
        exec(compile(text, "<coursekit>", "exec", dont_inherit=True), made)  # noqa: S102 - written here
        function.__code__ = made[function.__name__].__code__
        gates = function.__globals__.setdefault(_NAME, functools.partial(self._pass))
        gates.keywords.setdefault("kept", {})[label] = kept

    def _pass(self, label: str, args: Any, kwargs: Any, *, kept: dict[str, FunctionType]) -> Any:
        if self._closed and not self._is_within(_frame_of(2)):
            _refuse(label)
        return kept[label](*args, **kwargs)

    def _is_within(self, caller: FrameType) -> bool:
        """Tell whether a function of the package, or a check's own, is calling."""
        return id(caller.f_globals) in self._within or caller.f_code.co_filename.startswith("<check ")


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
    for name, module in list(sys.modules.items()):
        if isinstance(module, ModuleType) and name.startswith((*_PACKAGES, *_MODULES)):
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
