"""What keeps the grader's side of a student's process as it was, and the student as called there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from coursekit.checking.student import LocalStudent
from coursekit.grading.sandbox.gate import Gate
from coursekit.grading.sandbox.seal import Seal
from coursekit.grading.sandbox.shell import NotebookShell
from coursekit.grading.sandbox.watch import Watch

__all__ = ["Guard", "GuardedStudent"]


class Guard:
    """Keeps the grader's own functions, closes the package's to answers, and notes what an answer looks at.

    Args:
        shell: The shell that runs cells; none of a student's has run yet.
    """

    def __init__(self, shell: NotebookShell) -> None:
        self._gate = Gate()
        self._gate.install()
        self.seal = Seal(shell)
        self._watch: Watch | None = None

    def answer(self, namespace: Mapping[str, Any]) -> None:
        """Be ready for answers to be called, in a process that does nothing else."""
        self._gate.close()
        self.seal.mend(all_of_it=True)
        self._watch = Watch(namespace, self.seal.functions())
        self._watch.begin()

    def mend(self) -> None:
        """Put back what a call has replaced.

        To read a function's parts is an event that is looked at in turn: hundreds of functions take a millisecond.
        They are read after a call that could have changed one, and that is an event as well.
        """
        watch = self._watch
        self.seal.mend(functions=watch is None or watch.touched)
        if watch is not None:
            watch.touched = False

    def noticed(self) -> list[str]:
        """List what was noticed in this process, in words that go on from "The notebook"."""
        found = [f"put something in place of {label}" for label in sorted(self.seal.replaced)]
        seen = sorted(self._watch.seen) if self._watch is not None else []
        return found + [f"uses {what} while an answer is called" for what in seen]


class GuardedStudent(LocalStudent):
    """A student's code, looked at by functions that it cannot have replaced.

    Args:
        namespace: The names that their cells have defined.
        guard: What keeps these functions.
    """

    def __init__(self, namespace: dict[str, Any], guard: Guard) -> None:
        super().__init__(namespace)
        self.guard = guard

    def _acted(self, what: str, act: Callable[[], object]) -> tuple[object, list[str]]:
        try:
            return super()._acted(what, act)
        finally:
            self.guard.mend()
