"""An IPython shell that keeps what a cell puts out, as a notebook would show it."""

from __future__ import annotations

import ast
import base64
import builtins
import getpass
import io
import os
import re
import sys
import traceback
from types import FunctionType, TracebackType
from typing import Any, NoReturn

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError, UsageError
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from coursekit.checking.plain import Plain
from coursekit.checking.statements import bound_by, is_definition
from coursekit.grading.sandbox.newer import is_newer, without_newer

__all__ = ["NotebookShell", "Outputs", "make_shell", "take_over_streams"]

_MAX_OUTPUTS = 500
_PICTURES = 4
_MAX_LINE = 10_000
_MAX_LINES = 200
_SHOWN_FRAMES = 10
_MAX_STOPS = 20
_MAX_STOP_TEXT = 300
_NEWER = f"Perhaps it is newer than Python {sys.version_info.major}.{sys.version_info.minor}, which grades."
#: What a student's own machine may have and this one has not: files, programs, modules, data, room, time, an answer.
_ELSEWHERE = (ImportError, OSError, NameError, UsageError, StdinNotImplementedError, MemoryError, KeyboardInterrupt)
#: Magics that a notebook's kernel has, and a shell without one has not. They show something, or set what a page does.
_OF_A_KERNEL = ("autosave", "clear", "cls", "connect_info", "less", "man", "more", "qtconsole")
#: Magics that only look on while their cell runs; below them one line that fails would take the others along.
_LOOKS_ON = re.compile(r"(\s*)%%((?:time|prun|debug)\b[^\n]*\n)(?!\s*%%)")
#: What stands above the first line that IPython counts: empty lines, and magics that run their cell as one of its own.
_ABOVE = re.compile(r"(?:[ \t]*\n)*(?:(?:%%(?:time|prun|debug)\b[^\n]*\n)?%%capture\b[^\n]*\n(?:[ \t]*\n)*)?")
_CUT = "\n[… more output was cut off here …]\n"


class Outputs:
    """What the cell that is running has put out, in the form of a notebook's outputs.

    Args:
        limit_bytes: How much text is kept of one cell; pictures may take four times as much.
    """

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        self.begin()

    def begin(self) -> None:
        """Forget the last cell's outputs."""
        self.items: list[dict[str, Plain]] = []
        self._by_display_id: dict[str, dict[str, Plain]] = {}
        self._text_bytes = self._data_bytes = 0
        self._cut = False

    def stream(self, name: str, text: str) -> None:
        """Add printed text; it joins what was printed just before."""
        room = self.limit_bytes - self._text_bytes
        self._text_bytes += len(text)
        text = text[: max(room, 0)]
        last = self.items[-1] if self.items else {}
        if text and last.get("name") == name:
            last["text"].append(text)
        elif text:
            self._add({"output_type": "stream", "name": name, "text": [text]})
        if self._text_bytes > self.limit_bytes:
            self._cut_off()

    def display(
        self, data: dict[str, Any], metadata: dict[str, Any], *, display_id: str | None = None, update: bool = False
    ) -> None:
        """Add something to look at, or put it in place of an earlier one."""
        kept = self._texts(data)
        if kept is None:
            return
        if update:
            if display_id in self._by_display_id:
                self._by_display_id[display_id]["data"] = kept
            return
        output = {"output_type": "display_data", "data": kept, "metadata": _plain_metadata(metadata)}
        if self._add(output) and display_id is not None:
            self._by_display_id[display_id] = output

    def result(self, data: dict[str, Any], metadata: dict[str, Any], count: int) -> None:
        """Add the value of the cell's last line."""
        kept = self._texts(data)
        if kept is not None:
            self._add(
                {
                    "output_type": "execute_result",
                    "data": kept,
                    "metadata": _plain_metadata(metadata),
                    "execution_count": count,
                }
            )

    def error(self, name: str, value: str, traceback: list[str]) -> None:
        """Add an exception."""
        if len(self.items) >= _MAX_OUTPUTS:
            self._cut_off()
            return
        lines = [str(line)[:_MAX_LINE] for line in traceback[-_MAX_LINES:]]
        self.items.append({"output_type": "error", "ename": name, "evalue": value[:_MAX_LINE], "traceback": lines})

    def clear(self) -> None:
        """Take back what has been put out."""
        self.items.clear()

    def taken(self) -> list[dict[str, Plain]]:
        """Return the outputs, with printed text in one piece each."""
        joined = [{**o, "text": "".join(o["text"])} if o["output_type"] == "stream" else o for o in self.items]
        self.begin()
        return joined

    def _texts(self, data: dict[str, Any]) -> dict[str, str] | None:
        """Return the parts of a display that are text, or None if it is too large."""
        kept = {}
        for kind, value in data.items():
            text = base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value
            if isinstance(kind, str) and isinstance(text, str):
                kept[kind] = text
        size = sum(map(len, kept.values()))
        if self._data_bytes + size > _PICTURES * self.limit_bytes:
            self._cut_off()
            return None
        self._data_bytes += size
        return kept

    def _add(self, output: dict[str, Plain]) -> bool:
        if len(self.items) >= _MAX_OUTPUTS:
            self._cut_off()
            return False
        self.items.append(output)
        return True

    def _cut_off(self) -> None:
        if not self._cut:
            self._cut = True
            self.items.append({"output_type": "stream", "name": "stderr", "text": [_CUT]})


class _Stream(io.TextIOBase):
    """Standard output or error of a cell."""

    encoding = "utf-8"

    def __init__(self, outputs: Outputs, name: str, fd: int) -> None:
        self._outputs = outputs
        self._name = name
        self._fd = fd

    def write(self, text: str) -> int:
        """Keep text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._outputs.stream(self._name, text)
        return len(text)

    def writable(self) -> bool:
        """Tell that text can be written."""
        return True

    def fileno(self) -> int:
        """Return the file that programs started from a cell write to."""
        return self._fd


class _Publisher(DisplayPublisher):  # type: ignore[misc]
    """Keeps what ``display`` shows."""

    outputs: Outputs

    def publish(
        self,
        data: Any,
        metadata: Any = None,
        source: Any = None,
        *,
        transient: Any = None,
        update: bool = False,
        **_: Any,
    ) -> None:
        """Keep something to look at."""
        display_id = (transient or {}).get("display_id")
        self.outputs.display(data, metadata or {}, display_id=display_id, update=update)

    def clear_output(self, wait: bool = False) -> None:
        """Take back what has been put out."""
        self.outputs.clear()


class _Hook(DisplayHook):  # type: ignore[misc]
    """Keeps the value of a cell's last line."""

    outputs: Outputs

    def write_output_prompt(self) -> None:
        """Print nothing: the outputs say what is the result."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Keep the value as it is shown."""
        self.outputs.result(format_dict, md_dict or {}, self.prompt_count)

    def finish_displayhook(self) -> None:
        """Print nothing."""
        self._is_active = False


class NotebookShell(InteractiveShell):  # type: ignore[misc]
    """An IPython shell without a terminal."""

    outputs: Outputs
    display_pub_class = _Publisher
    displayhook_class = _Hook

    #: Where the cell that is running has stopped: a line and what happened, for each statement that failed.
    stops: list[Plain]
    #: Lines of that cell above the first one that IPython counts.
    _n_above = 0
    _depth = 0

    def run(self, source: str, *, count: int | None = None) -> tuple[list[dict[str, Plain]], list[Plain]]:
        """Run a cell; a statement that fails does not keep those after it from being run.

        Args:
            source: The cell's text.
            count: The cell's number; one more than the last cell's unless given.

        Returns:
            Its outputs, and where it stopped: a line, the name of the exception and its text for each failure.
        """
        self.outputs.begin()
        self.stops = []
        _renew_streams(self.outputs)
        if count is not None:
            self.execution_count = count
        source = _LOOKS_ON.sub(r"\1# \2", source, count=1) if _LOOKS_ON.match(source) else source
        self._n_above = source[: _ABOVE.match(source).end()].count("\n")  # type: ignore[union-attr] # it always matches
        error = self.run_cell(source, store_history=True).error_before_exec
        if isinstance(error, SyntaxError):
            newer = is_newer(error)
            self._note_stop(error, error.lineno or 1, _NEWER if newer else "")
            rest = without_newer(self.transform_cell(source), error) if newer else ""
            if rest:
                self.run_cell(rest, store_history=False)
        elif error is not None:
            self._note_stop(error, 1)
        return self.outputs.taken(), self.stops

    def run_cell(self, *arguments: Any, **options: Any) -> Any:
        """Run a cell as IPython does; note what keeps one that stands below a magic from being run at all."""
        self._depth += 1
        try:
            result = super().run_cell(*arguments, **options)
        finally:
            self._depth -= 1
        error = result.error_before_exec
        if self._depth and error is not None:
            self._note_stop(error, getattr(error, "lineno", None) or 1)
        return result

    async def run_ast_nodes(
        self,
        nodelist: list[ast.stmt],
        cell_name: str,
        interactivity: str = "last_expr",
        compiler: Any = compile,
        result: Any = None,
    ) -> bool:
        """Run the statements of a cell one by one, also after one that has failed; tell whether any has.

        After one that fails in a notebook of the student's own too, nothing takes the place of what is defined already:
        there the lines below it were not run. After an interrupt only definitions are run.
        """
        failed, last = False, nodelist[-1] if nodelist else None
        ends = interrupted = False
        for node in nodelist:
            if (interrupted and not is_definition(node)) or (ends and _defines_again(node, self.user_ns)):
                continue
            shown = interactivity if node is last else "none"
            if not await super().run_ast_nodes([node], cell_name, shown, compiler=compiler, result=result):
                continue
            failed, error = True, getattr(result, "error_in_exec", None)
            self._note_stop(error, _line_of(error, cell_name) or node.lineno)
            interrupted |= isinstance(error, KeyboardInterrupt)
            ends |= isinstance(node, ast.Raise) or not isinstance(error, _ELSEWHERE)
        return failed

    def _note_stop(self, error: BaseException | None, line: int, remark: str = "") -> None:
        if len(self.stops) < _MAX_STOPS:
            text = _text_of(error)
            self.stops.append([line + self._n_above, type(error).__name__, f"{text} {remark}".strip()])

    def _get_exc_info(self, exc_tuple: Any = None) -> Any:
        kind, error, frames = super()._get_exc_info(exc_tuple)
        _shorten(frames)
        return kind, error, frames

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        try:
            value = str(evalue)
        except Exception:
            value = ""
        self.outputs.error(getattr(etype, "__name__", "Error"), value, list(stb))

    def ask_exit(self) -> None:
        """End the cell: here ``exit`` and ``quit`` have no kernel to end.

        Raises:
            SystemExit: Always.
        """
        raise SystemExit("exit() ends no more than its line here")

    def enable_gui(self, gui: Any = None) -> None:
        """Have no windows."""


def make_shell(limit_bytes: int) -> NotebookShell:
    """Make the shell of this process.

    Args:
        limit_bytes: How much text is kept of one cell.
    """
    config = Config()
    # A history would be a database, and a thread that writes to it: a fork has no threads.
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "neutral"
    shell: NotebookShell = NotebookShell.instance(config=config)
    for name in _OF_A_KERNEL:
        shell.register_magic_function(_show_nothing, "line", name)
    shell.outputs = shell.display_pub.outputs = shell.displayhook.outputs = Outputs(limit_bytes)
    return shell


def _show_nothing(line: str) -> None:
    """Do what a magic does whose page nobody sees."""


def take_over_streams(shell: NotebookShell) -> None:
    """Send what a cell prints to the shell, and give it no input."""
    sys.stdout = sys.stderr = None
    _renew_streams(shell.outputs)
    builtins.input = getpass.getpass = _no_input
    # Programs that a cell starts have no terminal, and no pager to wait for a key.
    os.environ.update(TERM="dumb", PAGER="cat", GIT_PAGER="cat")


def _renew_streams(outputs: Outputs) -> None:
    """Put a stream where a cell has left none: to print nothing is no reason to stop."""
    for fd, name in enumerate(("stdout", "stderr"), 1):
        if getattr(sys, name) is None:
            setattr(sys, name, _Stream(outputs, name, fd))


def _defines_again(statement: ast.stmt, namespace: dict[str, Any]) -> bool:
    """Tell whether all that a statement binds is there, and functions or classes of the notebook's own among it."""
    names = bound_by(statement)
    return bool(names) and names <= namespace.keys() and any(_is_written(namespace[name], namespace) for name in names)


def _is_written(value: object, namespace: dict[str, Any]) -> bool:
    """Tell whether something is a function or class of the notebook's own, and not one that is still to be written."""
    if isinstance(value, FunctionType):
        return value.__globals__ is namespace and "NotImplementedError" not in value.__code__.co_names
    return isinstance(value, type) and value.__module__ == "__main__"


def _line_of(error: BaseException | None, cell_name: str) -> int | None:
    """Return the innermost line of a cell that an exception went through."""
    frames = traceback.walk_tb(error.__traceback__ if error is not None else None)
    lines = [line for frame, line in frames if frame.f_code.co_filename == cell_name]
    return lines[-1] if lines else None


def _text_of(error: BaseException | None) -> str:
    """Return the text of an exception on one line; the student's own may fail even at that."""
    try:
        text = error.msg if isinstance(error, SyntaxError) else str(error)
        line = error.text.strip() if isinstance(error, SyntaxError) and error.text else ""
        return " ".join(f"{text}{f' ({line})' if line else ''}".split())[:_MAX_STOP_TEXT]
    except Exception:
        return ""


def _shorten(frames: TracebackType | None) -> None:
    """Take the middle out of a long traceback: to lay out a thousand frames takes seconds."""
    found = []
    while frames is not None:
        found.append(frames)
        frames = frames.tb_next
    if len(found) > 2 * _SHOWN_FRAMES:
        found[_SHOWN_FRAMES - 1].tb_next = found[-_SHOWN_FRAMES]


def _no_input(*_: object, **__: object) -> NoReturn:
    raise StdinNotImplementedError("A notebook that is being graded has nobody to ask: input() is not available.")


def _plain_metadata(metadata: Any) -> dict[str, Plain]:
    """Keep the sizes of pictures, which are all that is worth keeping."""
    kept = {}
    for kind, entry in metadata.items() if isinstance(metadata, dict) else ():
        if isinstance(entry, dict):
            sizes = {key: entry[key] for key in ("width", "height") if isinstance(entry.get(key), int | float)}
            if sizes:
                kept[str(kind)] = sizes
    return kept
