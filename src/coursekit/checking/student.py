"""The only door to a student's code: plain data in, plain data out."""

from __future__ import annotations
import __future__

import ast
import builtins
import contextlib
import functools
import inspect
import linecache
import sys
import textwrap
import traceback
import warnings
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from coursekit.checking.calls import LAYOUTS, Call, arrays_mapped
from coursekit.checking.explanations import explained
from coursekit.checking.failures import CheckFailure, NotWrittenError, StudentError
from coursekit.checking.plain import NotPlainError, Plain, arrays_in, equal, to_plain
from coursekit.checking.reach import Reach, reach_of
from coursekit.checking.statements import names_read
from coursekit.checking.steps import counted, mapped

__all__ = [
    "CallReport",
    "LocalStudent",
    "Observation",
    "Outcome",
    "Student",
    "called_with",
    "function_source",
    "names_to_fill",
]


#: What probes see as their module's name.
_PROBE = "probe"
# Bound before any student's code has run, which may put another function in its place.
_may_share_memory = np.may_share_memory


@dataclass(frozen=True)
class CallReport:
    """What was noticed during the last :meth:`Student.call` or :meth:`Student.run`.

    Attributes:
        changed: Names of the inputs that the student's code changed.
        shared: Names of the inputs whose memory the result shares.
        warnings: Warnings that the student's code raised, as ``"RuntimeWarning: overflow ..."``.
        steps: How many steps Python took, in a call by itself; -1 if counting them was switched off.
    """

    changed: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    steps: int = 0


@dataclass(frozen=True)
class Observation:
    """The outcome of running a student's code once: plain data, so that it can come from another process.

    Attributes:
        result: What the code returned.
        inputs: Its inputs as they were afterwards, by name; positional ones by the student's names for them, in order.
        shared: Names of the inputs whose memory the result shares.
        warnings: Warnings that the code raised.
        steps: How many steps Python took, where they were counted.
    """

    result: Plain
    inputs: dict[str, Plain]
    shared: list[str]
    warnings: list[str]
    steps: int = 0

    def as_plain(self) -> dict[str, Plain]:
        """Return the observation as plain data."""
        return dict(vars(self))

    def report(self, before: Mapping[str, Plain]) -> CallReport:
        """Say what a check may know.

        Args:
            before: The inputs as they were given, by the same names.
        """
        changed = tuple(name for name in before if name in self.inputs and not equal(self.inputs[name], before[name]))
        return CallReport(changed, tuple(self.shared), tuple(self.warnings), self.steps)


@dataclass(frozen=True)
class Outcome:
    """What came of one of several calls that were made in a row.

    Attributes:
        result: What it gave; None if it raised an error.
        kept: Whether the result was the same still after the last of the calls.
        error: What it raised.
    """

    result: Plain = None
    kept: bool = True
    error: StudentError | None = None


class Student(ABC):
    """A student's notebook as a check sees it.

    Attributes:
        report: What was noticed during the last call.
        calls: The calls that were made, in order.
    """

    report: CallReport = CallReport()
    calls: tuple[Call, ...] = ()
    _alone: tuple[str, str] = ("", "")

    @abstractmethod
    def call(self, name: str, /, *args: Plain, **kwargs: Plain) -> Plain:
        """Call a function of the student's on copies of plain data and return a plain copy of its result.

        Raises:
            NotWrittenError: If there is no such function, or it raises ``NotImplementedError``.
            StudentError: If it raises anything else, or returns what is not plain data.
        """

    @abstractmethod
    def run(self, probe: Callable[..., object], /, **inputs: Plain) -> Plain:
        """Run a probe beside the student's code and return a plain copy of what it returns.

        Only the probe's source text travels. It sees ``np`` and its own parameters: those in ``inputs`` get
        copies of plain data, those with a default may keep it, the others get the student's names. Anything
        else it needs it imports itself.

        Raises:
            NotWrittenError: If the student has no such name, or it raises ``NotImplementedError``.
            StudentError: If the probe raises anything else, or returns what is not plain data.
            TypeError: If the probe is not an ordinary function, uses names that it will not see, or has no parameter
                for an input.
        """

    @abstractmethod
    def replay(self, calls: Sequence[Call], /) -> list[Outcome]:
        """Make calls in a row, of which each may fail, and say what came of each; nothing is noted of them."""

    def note_call(self, name: str, args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Call:
        """Take down a call of a function of the student's."""
        slug, own = self._alone
        call = Call(name, to_plain(tuple(args)), to_plain(dict(kwargs)), own=own, slug=slug)
        self.calls = (*self.calls, call)
        return call

    def note_run(self, probe: Callable[..., object], inputs: Mapping[str, Plain]) -> Call:
        """Take down a run of a probe."""
        text, wanted = function_source(probe), tuple(names_to_fill(probe, inputs))
        slug, own = self._alone
        call = Call(probe.__name__, kwargs=to_plain(dict(inputs)), text=text, wanted=wanted, own=own, slug=slug)
        self.calls = (*self.calls, call)
        return call

    @abstractmethod
    def source(self, slug: str, /) -> str:
        """Return the text of the student's cell that defines ``slug``.

        Raises:
            NotWrittenError: If nothing of that name is defined.
        """

    @abstractmethod
    def reached(self, slug: str, /, *, known: Sequence[str] = ()) -> Reach:
        """Return all text that the answer to an exercise reaches, wherever in the notebook it stands.

        Args:
            slug: The exercise.
            known: Attributes of what the answer is called with, which it reads: they lead to none of the cells.
        """

    @contextlib.contextmanager
    def alone(self, slug: str, text: str, /) -> Iterator[None]:
        """Call, for a while, what a text by itself defines, and count the steps that Python takes for a call.

        Those of a probe are not counted: it does more than to call the answer.

        Args:
            slug: The name of the function or class.
            text: The text that defines it, and all that it uses but ``np``.
        """
        self._alone = (slug, text)
        try:
            yield
        finally:
            self._alone = ("", "")

    @abstractmethod
    def standing_in(self, sources: Mapping[str, str], /) -> contextlib.AbstractContextManager[None]:
        """Put other functions in place of the student's own for a while.

        This is how a wrong answer to an earlier exercise costs no points in a later one that uses it.

        Args:
            sources: The text of a function by its name. It sees ``np`` and the other functions given.
        """


class LocalStudent(Student):
    """A student's code in this process.

    Args:
        namespace: The names that their cells have defined. It is read, and written only by
            :meth:`standing_in`, which puts back what was there.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.namespace = namespace
        self._standing: frozenset[str] = frozenset()

    def call(self, name: str, /, *args: Plain, **kwargs: Plain) -> Plain:  # noqa: D102
        self.report = CallReport()
        call = self.note_call(name, args, kwargs)
        seen = self.observe(call)
        self.report = seen.report(called_with(seen, call))
        return seen.result

    def run(self, probe: Callable[..., object], /, **inputs: Plain) -> Plain:  # noqa: D102
        self.report = CallReport()
        call = self.note_run(probe, inputs)
        seen = self.observe(call)
        self.report = seen.report(called_with(seen, call))
        return seen.result

    def replay(self, calls: Sequence[Call], /) -> list[Outcome]:  # noqa: D102
        found: list[tuple[object, Outcome]] = []
        for call in calls:
            try:
                what, act, _ = self._prepared(call)
                result, _ = self._acted(what, act)
                found.append((result, Outcome(_to_plain(what, result))))
            except StudentError as error:
                found.append((None, Outcome(error=error)))
        return [outcome if _kept(live, outcome) else replace(outcome, kept=False) for live, outcome in found]

    def observe(self, call: Call) -> Observation:
        """Call a function of the student's, or run a probe, on copies; return its result and what was noticed.

        Raises:
            StudentError: As :meth:`Student.call` does.
        """
        what, act, named = self._prepared(call)
        given = named()
        counts: list[int] = []
        result, caught = self._acted(
            what, functools.partial(counted, act, counts) if call.own and not call.text else act
        )
        plain, arrays = _to_plain(what, result), arrays_in(result)
        return Observation(
            plain,
            inputs={name: to_plain(value) for name, value in given.items()},
            shared=[name for name, value in given.items() if _share_memory(arrays, arrays_in(value))],
            warnings=caught,
            steps=counts[0] if counts else 0,
        )

    def _prepared(self, call: Call) -> tuple[str, Callable[[], object], Callable[[], dict[str, Plain]]]:
        """Return what a call is to be called, how to make it, and what tells its copied inputs by name."""
        args, kwargs = to_plain(list(call.args)), to_plain(dict(call.kwargs))
        if call.layout:
            args, kwargs = arrays_mapped([args, kwargs], LAYOUTS[call.layout])
        if call.text:
            filled = {name: self._named(name, call) for name in call.wanted}
            probe = compile_function(call.text, call.name)
            return call.what, lambda: probe(**kwargs, **filled), lambda: kwargs
        function = self._function(call)
        return call.name, lambda: function(*args, **kwargs), lambda: _by_name(function, args, kwargs)

    def _named(self, name: str, call: Call) -> Any:
        """Return what a name stands for in a call."""
        if not call.own or name != call.slug:
            return self._look_up(name)
        given = {name: self.namespace[name] for name in self._standing}
        return self._guarded(f"The text of {name} by itself", lambda: _function_alone(call.own, name, given))

    def _function(self, call: Call) -> Callable[..., object]:
        name = call.name
        function: Callable[..., object] = self._named(name, call)
        if not callable(function):
            raise StudentError(
                f"{name} is not a function.",
                kind="TypeError",
                got=f"{name} is a value of type {type(function).__name__!r}",
                hint=f"Run the cell that defines {name} again; another cell has used its name for something else.",
            )
        return function

    def source(self, slug: str, /) -> str:  # noqa: D102
        texts = (linecache.getlines(code.co_filename) for code in _codes_of(self._look_up(slug), self.namespace))
        lines = next(filter(None, texts), None)
        if lines is None:
            raise StudentError(
                f"The text of the cell that defines {slug} cannot be found.",
                kind="OSError",
                hint=f"Define {slug} in its own cell with `def` or `class`, and run that cell.",
            )
        return "".join(lines)

    def reached(self, slug: str, /, *, known: Sequence[str] = ()) -> Reach:  # noqa: D102
        return reach_of(slug, self._cells(slug), given=self._standing, known=known)

    def _cells(self, slug: str) -> Sequence[str]:
        """Return the texts of the notebook's cells, as IPython keeps them."""
        kept = self.namespace.get("In")
        cells = [cell for cell in kept if isinstance(cell, str)] if isinstance(kept, list) else []
        return cells or [self.source(slug)]

    @contextlib.contextmanager
    def standing_in(self, sources: Mapping[str, str], /) -> Iterator[None]:  # noqa: D102
        shared: dict[str, Any] = {"np": np, "__name__": "stand_in"}
        for text in sources.values():
            exec(_compile(text), shared)  # noqa: S102 - the text is the course's own
        kept = {name: self.namespace[name] for name in sources if name in self.namespace}
        self.namespace.update({name: shared[name] for name in sources})
        self._standing = frozenset(sources)
        try:
            yield
        finally:
            self._standing = frozenset()
            for name in sources:
                self.namespace.pop(name, None)
            self.namespace.update(kept)

    def _look_up(self, name: str) -> Any:
        try:
            return self.namespace[name]
        except KeyError:
            raise NotWrittenError(name, defined=False) from None

    def _acted(self, what: str, act: Callable[[], object]) -> tuple[object, list[str]]:
        """Run the student's code; return what it returned and what it warned of."""
        with warnings.catch_warnings(record=True) as caught, _numpy_defaults(), _no_stderr():
            warnings.simplefilter("always")
            result = self._guarded(what, act)
        return result, [f"{w.category.__name__}: {_message_of(w.message)}" for w in caught]

    def _guarded(self, what: str, act: Callable[[], object]) -> object:
        try:
            return act()
        except CheckFailure:
            raise
        except (Exception, SystemExit) as error:
            # A library raises NotImplementedError with a text, the stub without one.
            if isinstance(error, NotImplementedError) and not error.args:
                raise NotWrittenError(self._raised_in(error) or what, defined=True) from None
            raise self._student_error(what, error) from None

    def _student_error(self, what: str, error: BaseException) -> StudentError:
        kind, text = type(error).__name__, _message_of(error)
        got = f"{kind}: {text}"
        if frames := self._student_frames(error):
            where = frames[-1]
            got += f"\nin {_written(where.name)}, line {where.lineno} of its cell"
            got += f": {where.line}" if where.line else ""
            if (call := frames[0]).filename != where.filename:
                # The fault may lie with the caller, who has passed something other than the function asks for.
                got += f"\ncalled in {_written(call.name)}, line {call.lineno} of its cell"
                got += f": {call.line}" if call.line else ""
        statement = _statement_of_probe(error)
        return StudentError(
            f"{f'`{statement}`' if statement else what} stopped with an error.",
            kind=kind,
            got=got,
            hint=explained(kind, text) or "Call it on a small example in a cell of your own to see the whole error.",
        )

    def _raised_in(self, error: BaseException) -> str | None:
        """Name the function or class of the student's that raised an error."""
        frames = self._student_frames(error)
        return frames[-1].name.partition(".")[0] if frames else None

    def _student_frames(self, error: BaseException) -> list[traceback.FrameSummary]:
        """List the frames of an error's traceback that belong to the student's cells, outermost first."""
        return [
            traceback.FrameSummary(frame.f_code.co_filename, lineno, frame.f_code.co_qualname)
            for frame, lineno in traceback.walk_tb(error.__traceback__)
            if frame.f_globals is self.namespace
        ]


def _written(qualified: str) -> str:
    """Write a function's qualified name without what Python adds: ``Value.__add__.push``."""
    parts = [part for part in qualified.split(".") if part == "<lambda>" or not part.startswith("<")]
    return ".".join(parts).replace("<lambda>", "lambda")


def _statement_of_probe(error: BaseException) -> str:
    """Return the line of a check's own that led to an error; nothing if the student's function was called directly.

    A text that a check evaluates is compiled with itself for the name of its file.
    """
    frames = [
        traceback.FrameSummary(frame.f_code.co_filename, lineno, frame.f_code.co_name)
        for frame, lineno in traceback.walk_tb(error.__traceback__)
        if frame.f_globals.get("__name__") == _PROBE
    ]
    line = frames[-1].line or frames[-1].filename if frames else ""
    return textwrap.shorten(line.removeprefix("return "), 80, placeholder=" …")


def called_with(seen: Observation, call: Call) -> dict[str, Plain]:
    """Return the inputs of a call by the names that an observation of it gives them."""
    return dict(zip(seen.inputs, call.args, strict=False)) | dict(call.kwargs)


def _to_plain(what: str, result: object) -> Plain:
    """Return a plain copy of what the student's code returned.

    Raises:
        StudentError: If it is no plain data.
    """
    try:
        return to_plain(result)
    except NotPlainError as error:
        hint = "Return numbers or arrays; is a `return` missing, or a pair of brackets after a name?"
        own = what.removeprefix("The use of ")
        if f"'{own}'" in str(error):
            hint = (
                f"A {own} stands where a number belongs. Has one {own} been put into another? Compute with its number."
            )
        raise StudentError(
            f"{what} gave back something that the check cannot read.", kind="NotPlainError", got=str(error), hint=hint
        ) from None


def _kept(live: object, outcome: Outcome) -> bool:
    """Tell whether a result is still what it was when it was returned."""
    try:
        return outcome.error is not None or equal(to_plain(live), outcome.result)
    except NotPlainError:
        return False


def names_to_fill(probe: Callable[..., object], inputs: Mapping[str, Plain]) -> list[str]:
    """List the parameters of a probe that get the student's names.

    Raises:
        TypeError: If it has no parameter for one of the inputs.
    """
    parameters = inspect.signature(probe).parameters
    if surplus := sorted(inputs.keys() - parameters.keys()):
        raise TypeError(f"The probe {probe.__name__} has no parameter {', '.join(surplus)}; it has {list(parameters)}.")
    return [name for name, p in parameters.items() if name not in inputs and p.default is p.empty]


@functools.lru_cache(maxsize=1024)
def function_source(function: Callable[..., object], *, beside: tuple[str, ...] = ()) -> str:
    """Return the text of a function as a script of its own, without decorators or indentation.

    Args:
        function: An ordinary function, such as a probe or a stand-in.
        beside: Names that it will see where it runs, beside ``np`` and Python's own.

    Raises:
        TypeError: If it is not an ordinary function with readable source, or uses names that it will not see.
    """
    if not isinstance(function, FunctionType) or function.__name__ == "<lambda>":
        raise TypeError(f"A probe is an ordinary function; got {function!r}. Write it with `def`.")
    node = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    if not isinstance(node, ast.FunctionDef):
        raise TypeError(f"A probe is an ordinary function; got {function!r}. Write it with `def`.")
    node.decorator_list = []
    text = ast.unparse(node)
    if unseen := sorted(_names_used(_compile(text)) - {"np", node.name, *beside, *dir(builtins)}):
        raise TypeError(
            f"{node.name} uses {', '.join(unseen)}, which it will not see: only its text travels."
            " Make that a parameter, or import it within the function."
        )
    return text


def _names_used(code: CodeType) -> set[str]:
    """List the names that code reads from outside its functions."""
    return names_read(code).union(*(_names_used(inner) for inner in code.co_consts if isinstance(inner, CodeType)))


def compile_function(source: str, name: str) -> Callable[..., object]:
    """Make the function of a name from its text; it sees ``np`` and nothing else."""
    namespace: dict[str, Any] = {"np": np, "__name__": _PROBE}
    exec(_compile(source), namespace)  # noqa: S102 - the text is the course's own
    function: Callable[..., object] = namespace[name]
    return function


def _function_alone(source: str, name: str, given: Mapping[str, Any]) -> Any:
    """Run a student's text by itself, and return what it defines under a name; a loop that ``map`` makes counts."""
    namespace: dict[str, Any] = {"np": np, "__name__": "__main__", "map": mapped, **given}
    exec(_compile(source, "text"), namespace)  # noqa: S102 - in the student's own process
    return namespace[name]


@functools.lru_cache(maxsize=256)
def _compile(source: str, kind: str = "check") -> Any:
    # Where a traceback looks for the text of its lines.
    name = f"<{kind} {zlib.crc32(source.encode()):08x}>"
    linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
    # Annotations stay text, so that a typed probe needs no imports where it runs.
    return compile(source, name, "exec", flags=__future__.annotations.compiler_flag, dont_inherit=True)


def _by_name(function: Callable[..., object], args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> dict[str, Plain]:
    """Return a call's inputs by the names that the student's signature gives them."""
    try:
        names = [*inspect.signature(function).parameters][: len(args)]
    except Exception:
        # A built-in has no signature, and one that the student has made may raise anything.
        names = []
    names += [f"argument {position + 1}" for position in range(len(names), len(args))]
    # A name that stands in args and in kwargs is an error that the call itself will raise.
    return dict(zip(names, args, strict=True)) | dict(kwargs)


def _codes_of(value: object, namespace: Mapping[str, Any]) -> list[CodeType]:
    """List the code of a function, or of the methods of a class, that the student's cells define."""
    values: list[Any] = list(vars(value).values()) if isinstance(value, type) else [value]
    values = [v.fget if isinstance(v, property) else v for v in values]
    functions = [inspect.unwrap(v) for v in values if callable(v) or hasattr(v, "__wrapped__")]
    return [f.__code__ for f in functions if isinstance(f, FunctionType) and f.__globals__ is namespace]


def _message_of(error: BaseException | str) -> str:
    """Return an error's text on one line; the student's own exceptions may fail even at that."""
    try:
        return textwrap.shorten(str(error), 300) or "no message"
    except Exception:
        return "no message"


def _share_memory(some: Sequence[np.ndarray], others: Sequence[np.ndarray]) -> bool:
    return any(_may_share_memory(a, b) for a in some for b in others)


def _numpy_defaults() -> contextlib.AbstractContextManager[Any]:
    return np.errstate(divide="warn", over="warn", under="ignore", invalid="warn")


def _no_stderr() -> contextlib.AbstractContextManager[Any]:
    # nbgrader takes all points away for one character on stderr.
    return contextlib.redirect_stderr(sys.stdout)
