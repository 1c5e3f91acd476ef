"""A student's code in the student's own notebook: what the check says there before the work is handed in."""

from __future__ import annotations

import _thread
import ast
import contextlib
import difflib
import linecache
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import CodeType, FrameType
from typing import Any

from coursekit.checking.failures import StudentError
from coursekit.checking.magics import as_run
from coursekit.checking.skipped import names_when_graded
from coursekit.checking.statements import defines
from coursekit.checking.student import LocalStudent

__all__ = ["GRADED_CALL_S", "NotebookStudent", "likely_meant", "undefined"]

#: Seconds after which the check says what is running.
PATIENCE_S = 5.0
#: Seconds that a call may take when work is graded, unless the course says otherwise. A test holds that this is the
#: limit in `grading.limits`; nothing here leans on grading.
GRADED_CALL_S = 10.0
#: Seconds that each further call may take once somebody has had to interrupt one.
HASTE_S = 2.0
_ALIKE = 0.75
_NOT_LOADED = "Cells that load data, draw or train are not run for grading: give your function an argument for it."
_ENDLESS = "Does its loop come to an end? Print what changes in it, on a small example in a cell of your own."


class NotebookStudent(LocalStudent):
    """The code of a notebook that is open.

    It sees the names that grading will see, says what stands in the way of an answer, and can be interrupted.

    Args:
        namespace: The notebook's names.
        lab: The lab's stem.
        slugs: The lab's exercises.
    """

    def __init__(self, namespace: dict[str, Any], *, lab: str, slugs: Iterable[str] = ()) -> None:
        super().__init__(namespace)
        self.slugs = frozenset(slugs)
        self.executed = _executed(namespace)
        absent, self.other = names_when_graded(self.executed, lab)
        self.absent = absent | self.other
        self._limit_s: float | None = None

    def _cells(self, slug: str) -> Sequence[str]:
        return self.executed or super()._cells(slug)

    def _look_up(self, name: str) -> Any:
        source = next((cell for cell in reversed(self.executed) if defines(cell, name)), None)
        mistake = _mistake_in(source) if source is not None else None
        if mistake is not None:
            raise undefined(name, f"its cell has a mistake, {mistake}", "Mend that line and run the cell again.")
        if name in self.absent:
            raise self._not_there(name, name)
        if name not in self.namespace:
            self._explain(name, source)
        return super()._look_up(name)

    def _explain(self, name: str, source: str | None) -> None:
        """Say why a name is not defined, as far as one can tell."""
        error = getattr(sys, "last_value", None)
        if source is not None and isinstance(error, BaseException):
            lines = [
                frame.lineno for frame in self._student_frames(error) if _text_of(frame.filename) == source.strip()
            ]
            if lines:
                cause = f"{type(error).__name__} in line {lines[-1]}: {_first_line(error)}"
                raise undefined(name, f"its cell stopped before, {cause}", "Mend that line and run the cell again.")
        own = (key for key, value in self.namespace.items() if _is_own(value, self.namespace))
        meant = likely_meant(name, own, self.slugs)
        if meant:
            raise undefined(name, f"did you mean {meant}", f"Rename {meant} to {name} and run its cell again.")

    def _acted(self, what: str, act: Callable[[], object]) -> tuple[object, list[str]]:
        hidden = {name: self.namespace.pop(name) for name in self.absent if name in self.namespace}
        try:
            return super()._acted(what, act)
        finally:
            self.namespace.update({name: value for name, value in hidden.items() if name not in self.namespace})

    def _guarded(self, what: str, act: Callable[[], object]) -> object:
        began = time.monotonic()
        try:
            with _watched(what, self.namespace, self._limit_s):
                result = super()._guarded(what, act)
        except KeyboardInterrupt as error:
            self._limit_s = HASTE_S
            frames = self._student_frames(error)
            where = f", in line {frames[-1].lineno} of {frames[-1].name}'s cell" if frames else ""
            raise StudentError(
                f"{what} was interrupted after {time.monotonic() - began:.0f} s{where}.",
                kind="KeyboardInterrupt",
                hint=_ENDLESS,
            ) from None
        took_s = time.monotonic() - began
        if took_s > PATIENCE_S:
            print(
                f"{what} took {took_s:.1f} s. When your work is graded, on another machine, a call is stopped after"
                f" {GRADED_CALL_S:g} s: find what it does more often than it must.",
                flush=True,
            )
        return result

    def _student_error(self, what: str, error: BaseException) -> StudentError:
        if isinstance(error, NameError) and error.name in self.absent:
            return self._not_there(self._raised_in(error) or what, str(error.name))
        return super()._student_error(what, error)

    def _not_there(self, what: str, name: str) -> StudentError:
        uses = f"{what} uses {name}, which is" if what != name else f"{name} depends on what is"
        there = "not there" if name not in self.other else "not as it is now"
        message = f"{uses} {there} when your work is graded: pass it in."
        return StudentError(message, kind="NameError", hint=_NOT_LOADED)


def undefined(name: str, why: str, hint: str) -> StudentError:
    """Return why a check fails that needs a name which is not defined.

    Args:
        name: The function or class that is missing.
        why: The reason, which ends the sentence.
        hint: What to do.
    """
    end = "?" if why.startswith("did you mean") else "."
    return StudentError(f"{name} is not defined: {why.rstrip('.')}{end}", kind="NameError", hint=hint)


def likely_meant(name: str, defined: Iterable[str], others: Iterable[str]) -> str:
    """Return the defined name that is most like another; empty if none is, or if it is that of another exercise."""
    plain = {_plain(found): found for found in defined if found not in others and not found.startswith("_")}
    near = difflib.get_close_matches(_plain(name), plain, n=1, cutoff=_ALIKE)
    return plain[near[0]] if near else ""


@contextlib.contextmanager
def _watched(what: str, namespace: Mapping[str, Any], limit_s: float | None) -> Iterator[None]:
    """Say what is running when it takes long; interrupt it where there is a limit."""
    caller, lock, ended = threading.get_ident(), threading.Lock(), False

    def tell() -> None:
        frame = _innermost(sys._current_frames().get(caller), namespace)
        where = f", at line {frame.f_lineno} of {frame.f_code.co_name}'s cell" if frame else ""
        print(
            f"{what} has been running for {PATIENCE_S:g} s{where}. Interrupt the kernel (■) if it does not come to an"
            " end: the other checks still run.",
            flush=True,
        )

    def stop() -> None:
        with lock:
            if not ended:
                _thread.interrupt_main()

    if sys.platform == "emscripten":
        with _watched_without_threads(what, namespace):
            yield
        return
    if caller != threading.main_thread().ident:
        # Only the main thread can be interrupted.
        yield
        return
    timer = threading.Timer(PATIENCE_S, tell) if limit_s is None else threading.Timer(limit_s, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with lock:
            ended = True
        timer.cancel()


@contextlib.contextmanager
def _watched_without_threads(what: str, namespace: Mapping[str, Any]) -> Iterator[None]:
    """Say what is running when it takes long, where no thread can: at the turn of a loop, or as a function begins.

    In a browser nothing can interrupt it, so what helps is to begin anew.
    """
    # Python has it from 3.12 on.
    monitoring: Any = getattr(sys, "monitoring", None)
    tool = monitoring and next((i for i in range(6) if monitoring.get_tool(i) is None), None)
    if tool is None:
        yield
        return
    began = time.monotonic()

    def look(code: CodeType, *_: object) -> object:
        if time.monotonic() - began < PATIENCE_S:
            return None
        monitoring.set_events(tool, 0)
        frame = _innermost(sys._getframe(1), namespace)
        where = f", at line {frame.f_lineno} of {frame.f_code.co_name}'s cell" if frame else ""
        print(
            f"{what} has been running for {PATIENCE_S:g} s{where}. If it does not come to an end, restart the kernel"
            " (↻): what you have written stays. Mend the loop before you run its check again.",
            flush=True,
        )
        return None

    monitoring.use_tool_id(tool, "coursekit")
    events = monitoring.events.JUMP | monitoring.events.PY_START
    for event in (monitoring.events.JUMP, monitoring.events.PY_START):
        monitoring.register_callback(tool, event, look)
    monitoring.set_events(tool, events)
    try:
        yield
    finally:
        monitoring.set_events(tool, 0)
        monitoring.free_tool_id(tool)


def _innermost(frame: FrameType | None, namespace: Mapping[str, Any]) -> FrameType | None:
    """Return the innermost frame of the notebook's own code."""
    while frame is not None and frame.f_globals is not namespace:
        frame = frame.f_back
    return frame


def _executed(namespace: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the cells that have been run, as IPython keeps them; the one that is running now is the last."""
    found = namespace.get("In")
    return tuple(as_run(cell) for cell in found if isinstance(cell, str))[:-1] if isinstance(found, list) else ()


def _mistake_in(source: str) -> str | None:
    """Return what keeps a cell from being run at all, with its line; None if nothing does."""
    try:
        compile(source, "<cell>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as error:
        text = f" ({error.text.strip()})" if error.text and error.text.strip() else ""
        return f"{type(error).__name__} in line {error.lineno}: {error.msg}{text}"
    except (ValueError, RecursionError, MemoryError):
        return None
    return None


def _is_own(value: object, namespace: Mapping[str, Any]) -> bool:
    """Tell whether a function or class was defined in the notebook."""
    if isinstance(value, type):
        return value.__module__ == namespace.get("__name__")
    return getattr(value, "__globals__", None) is namespace


def _text_of(filename: str) -> str:
    return "".join(linecache.getlines(filename)).strip()


def _first_line(error: BaseException) -> str:
    try:
        return (traceback.format_exception_only(error)[-1].partition(": ")[2] or "no message").strip()[:200]
    except Exception:
        return "no message"


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
