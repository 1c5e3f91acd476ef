"""Why a check does not pass."""

from __future__ import annotations

from coursekit.checking.calls import Call
from coursekit.checking.differences import Difference
from coursekit.text import printable

__all__ = ["CheckFailure", "NotWrittenError", "StudentError"]


class CheckFailure(Exception):  # noqa: N818 - a verdict on an answer, not an error in a program
    """An expectation does not hold.

    A student's code can put anything into these texts, which go to terminals, files and pages: so they are made
    printable.

    Args:
        message: What does not hold, in one sentence.
        expected: What was expected, ready to be shown; empty where there is nothing to show.
        got: What the student's code gave, ready to be shown.
        hint: One thing to try next.
        difference: Where an array or a shape differs, to be drawn; it holds nothing but numbers.
        call: The call that shows it, unless it is the last that the check has made.
        general: Whether the hint names what is often the cause, and not what was seen.
    """

    def __init__(
        self,
        message: str,
        *,
        expected: str = "",
        got: str = "",
        hint: str = "",
        difference: Difference | None = None,
        call: Call | None = None,
        general: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = printable(message, keep="\n")
        self.expected = printable(expected, keep="\n")
        self.got = printable(got, keep="\n")
        self.hint = printable(hint, keep="\n")
        self.difference = difference
        self.call = call
        self.general = general


class StudentError(CheckFailure):
    """The student's code raised an exception, or gave back something that is not plain data.

    Args:
        message: What happened.
        kind: The exception's class name, such as ``"ValueError"``.
        got: The exception and the line it came from, ready to be shown.
        hint: One thing to try next.
    """

    def __init__(self, message: str, *, kind: str, got: str = "", hint: str = "") -> None:
        super().__init__(message, got=got, hint=hint)
        self.kind = kind


class NotWrittenError(StudentError):
    """A function that the check needs does not exist yet, or still raises ``NotImplementedError``.

    Args:
        name: The function.
        defined: Whether its cell has been run at all.
    """

    def __init__(self, name: str, *, defined: bool) -> None:
        if defined:
            message, hint = f"{name} is not written yet.", "Replace the line `raise NotImplementedError`."
        else:
            message, hint = f"{name} is not defined yet.", "Run the cell that defines it, then this one."
        super().__init__(message, kind="NotImplementedError", hint=hint)
        self.name = name
        self.defined = defined
