"""What the grader has of its own in the process that runs a student's code, kept as it was.

A cell can put other functions in place of those that call its answers, compare inputs and send results. It gains
nothing by that: what was there is put back before each call, and once more before its result is looked at. That it was
replaced is told. Python hides nothing from code in its own process, so this stops no program that is written against
it; what such a program could gain is bounded by what the grader itself compares, outside.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import inspect
import itertools
import json
import math
import operator
import re
import socket
import struct
import sys
import warnings
from collections.abc import Iterable, Iterator
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from coursekit.grading.sandbox.shell import NotebookShell

__all__ = ["Seal"]

#: What calls answers, looks at them, and sends what came of it.
_CORE = tuple(
    [f"coursekit.checking.{name}" for name in ("student", "plain", "calls", "steps", "failures")]
    + ["coursekit.questions"]
    + [f"coursekit.grading.sandbox.{name}" for name in ("wire", "runner", "guard", "seal", "watch", "gate")]
)
#: What these stand on. Students may change it for reasons of their own, so nothing is said of that.
_OTHERS: tuple[ModuleType, ...] = (
    *(json, json.encoder, json.decoder, socket, struct, warnings, contextlib, inspect),
    *(np, np.fft, np.linalg, math, operator, itertools, functools),
)
#: Of PyTorch, where it is loaded: what checks train and measure with. A student may add to it.
_OF_TORCH = (
    *("torch", "torch.nn", "torch.nn.functional", "torch.nn.init", "torch.optim"),
    *("torch.Tensor", "torch.no_grad", "torch.nn.Module", "torch.nn.Linear", "torch.nn.Sequential"),
    *("torch.optim.Optimizer", "torch.optim.SGD", "torch.optim.Adam"),
)
_CLASSES: tuple[type, ...] = (np.errstate, warnings.catch_warnings, contextlib.ExitStack, contextlib.redirect_stderr)
_OFTEN_REPLACED = frozenset({"print", "input", "open", "display", "help", "exit", "quit", "get_ipython", "_"})
_MISSING: Any = object()
_BUILT_IN = frozenset(vars(builtins))
_is, _same = operator.is_, operator.eq
_CODE, _DEFAULTS, _KWDEFAULTS = map(operator.attrgetter, ("__code__", "__defaults__", "__kwdefaults__"))
_KINDS = (FunctionType, BuiltinFunctionType, type, ModuleType, classmethod, staticmethod, property)
_MOST = 20
_NAME = re.compile(r"\w{1,40}", re.ASCII)


class _Kept(NamedTuple):
    """What a module or a class held.

    Attributes:
        owner: The module or class.
        label: What it is called.
        names: Names in it.
        values: What stood under each.
        n_names: How many names it had in all.
        functions: The functions among these, also those within properties and methods of classes.
        called: What each of them is called.
        codes: What each of them did.
        defaults: The defaults of each.
        kwdefaults: The defaults by name of each, as they were.
    """

    owner: Any
    label: str
    names: tuple[str, ...]
    values: tuple[Any, ...]
    n_names: int
    functions: tuple[FunctionType, ...]
    called: tuple[str, ...]
    codes: tuple[CodeType, ...]
    defaults: tuple[Any, ...]
    kwdefaults: tuple[Any, ...]

    @classmethod
    def of(cls, owner: Any) -> _Kept:
        """Take down what a module or a class holds now."""
        places = {name: value for name, value in vars(owner).items() if _is_kept(owner, name, value)}
        functions = tuple(filter(None, map(_function_in, places.values())))
        return cls(
            owner,
            _label_of(owner),
            tuple(places),
            tuple(places.values()),
            len(vars(owner)),
            functions,
            tuple(f"{f.__module__}.{f.__qualname__}" for f in functions),
            tuple(map(_CODE, functions)),
            tuple(map(_DEFAULTS, functions)),
            tuple(dict(f.__kwdefaults__) if f.__kwdefaults__ else None for f in functions),
        )

    def holds_what_it_held(self) -> bool:
        """Tell whether nothing in it was replaced, and nothing added."""
        held = vars(self.owner)
        return len(held) == self.n_names and all(map(_is, map(held.get, self.names), self.values))

    def does_what_it_did(self) -> bool:
        """Tell whether its functions have the parts that they had."""
        return (
            all(map(_is, map(_CODE, self.functions), self.codes))
            and all(map(_is, map(_DEFAULTS, self.functions), self.defaults))
            and all(map(_same, map(_KWDEFAULTS, self.functions), self.kwdefaults))
        )

    def mend(self) -> Iterator[str]:
        """Put back what was replaced; yield what that is called."""
        for name, value in zip(self.names, self.values, strict=True):
            if vars(self.owner).get(name, _MISSING) is not value:
                _put(self.owner, name, value)
                yield f"{self.label}.{name}"
        for function, called, code, defaults, by_name in zip(
            self.functions, self.called, self.codes, self.defaults, self.kwdefaults, strict=True
        ):
            now = (function.__code__, function.__defaults__)
            if now[0] is not code or now[1] is not defaults or function.__kwdefaults__ != by_name:
                function.__code__, function.__defaults__ = code, defaults
                function.__kwdefaults__ = dict(by_name) if by_name else None
                yield called
        for name in [name for name in vars(self.owner) if self._stands_in_the_way(name)]:
            _put(self.owner, name, _MISSING)
            # A name can be any text, and whoever has chosen it has not to speak to those who read this.
            yield f"{self.label}.{name}" if _NAME.fullmatch(name) else self.label

    def _stands_in_the_way(self, name: str) -> bool:
        """Tell whether a name is new in it, and keeps another one from being found."""
        value = vars(self.owner)[name]
        if name in self.names or not (callable(value) or isinstance(value, property)):
            return False
        if self.owner is np:
            # Students put back aliases that NumPy has given up: np.float = float.
            return False
        if self.label.startswith("torch"):
            return isinstance(self.owner, type) and any(name in vars(base) for base in self.owner.__mro__[1:])
        return isinstance(self.owner, type) or (name in _BUILT_IN and not name.startswith("__"))


class Seal:
    """The grader's own functions and classes, as they were before any student's code had run.

    Args:
        shell: The shell that runs cells.
    """

    def __init__(self, shell: NotebookShell) -> None:
        core = [module for name, module in sys.modules.items() if name.startswith(_CORE)]
        self._core = [*map(_Kept.of, [*core, *_classes_in(core), *_CLASSES])]
        self._rest = [*map(_Kept.of, [*_OTHERS, *_loaded(_OF_TORCH), builtins])]
        self._shell = shell
        self._readers = _readers_of(shell)
        #: What was found replaced, up to now.
        self.replaced: set[str] = set()

    def functions(self) -> list[FunctionType]:
        """List the grader's own functions."""
        return [function for kept in self._core for function in kept.functions]

    def mend(self, *, all_of_it: bool = False, functions: bool = True) -> None:
        """Put back what was replaced, and note it.

        Args:
            all_of_it: Also what these stand on: modules of Python's.
            functions: Whether to look into functions, too: what each does, and its defaults.
        """
        for kept in (*self._core, *self._rest) if all_of_it else self._core:
            if not kept.holds_what_it_held() or (functions and not kept.does_what_it_did()):
                for label in kept.mend():
                    self._note(label)

    def mend_reading(self) -> None:
        """Let cells be read as they stand: without what other cells have put in between."""
        for name, functions in self._readers.items():
            now = _reader(self._shell, name)
            if list(now) != functions:
                self._note(f"get_ipython().{name}")
                now[:] = functions
        held = vars(self._shell)
        for name in [name for name in ("transform_cell", "run_cell", "run_ast_nodes", "run") if name in held]:
            self._note(f"get_ipython().{name}")
            delattr(self._shell, name)

    def _note(self, label: str) -> None:
        if label.startswith(("coursekit", "get_ipython")) and len(self.replaced) < _MOST:
            self.replaced.add(label)


def _loaded(names: Iterable[str]) -> Iterator[Any]:
    """Yield what of a library is loaded."""
    for name in names:
        with contextlib.suppress(KeyError, AttributeError):
            first, _, path = name.partition(".")
            yield operator.attrgetter(path)(sys.modules[first]) if path else sys.modules[first]


def _classes_in(modules: Iterable[ModuleType]) -> list[type]:
    found = (value for module in modules for value in vars(module).values() if isinstance(value, type))
    return list(dict.fromkeys(cls for cls in found if cls.__module__.startswith(_CORE)))


def _is_kept(owner: Any, name: str, value: object) -> bool:
    if owner is builtins and name in _OFTEN_REPLACED:
        return False
    return isinstance(value, _KINDS) or (callable(value) and not isinstance(owner, type))


def _function_in(value: Any) -> FunctionType | None:
    value = value.__func__ if isinstance(value, classmethod | staticmethod) else value
    value = value.fget if isinstance(value, property) else value
    return value if isinstance(value, FunctionType) else None


def _label_of(owner: Any) -> str:
    return f"{owner.__module__}.{owner.__qualname__}" if isinstance(owner, type) else str(owner.__name__)


def _put(owner: Any, name: str, value: Any) -> None:
    set_, delete = (type.__setattr__, type.__delattr__) if isinstance(owner, type) else (setattr, delattr)
    with contextlib.suppress(AttributeError, TypeError):
        delete(owner, name) if value is _MISSING else set_(owner, name, value)


_READERS = ("input_transformers_cleanup", "input_transformers_post", "ast_transformers")
_OF_MANAGER = ("cleanup_transforms", "line_transforms", "token_transformers")


def _reader(shell: NotebookShell, name: str) -> Any:
    return getattr(shell.input_transformer_manager if name in _OF_MANAGER else shell, name)


def _readers_of(shell: NotebookShell) -> dict[str, list[Any]]:
    return {name: list(_reader(shell, name)) for name in (*_READERS, *_OF_MANAGER)}
