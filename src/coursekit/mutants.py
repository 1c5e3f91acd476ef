"""Do the checks notice when a right answer is changed in one place?

Each reference answer is changed in one place at a time: an operator, a number, an axis, a comparison, a truth
value, a sign, or a whole statement that is left out. The exercise's checks, visible and hidden, are run on
each such mutant; one that passes them all has survived. A survivor is either a gap in the checks or a change
that makes no difference; the second kind stands with its reason in the exercise's file, under ``# %% survivors``.

The idea is that of mutation testing: DeMillo, Lipton and Sayward, "Hints on Test Data Selection" (1978).
"""

from __future__ import annotations

import contextlib
import json
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from coursekit.cells import solution_sources
from coursekit.checking import Exercise, LocalStudent, judge, lab_names, load_lab
from coursekit.errors import UnknownNameError
from coursekit.mutations import Mutant, mutants_of
from coursekit.variants import answered, load_survivors, names_defined

__all__ = ["Mutant", "mutants_of", "run_mutants", "survives"]

#: The share of mutants that the checks must kill.
BAR = 0.98
#: A mutant that runs longer than this is killed: the answers take milliseconds.
LIMIT_S = 20


def run_mutants(root: Path, *, labs: Sequence[str] = (), say: Callable[[str], None]) -> bool:
    """Run all mutants of some labs and report which survive.

    Args:
        root: The folder with ``labs/``, ``solutions/`` and ``autograde/``.
        labs: The labs, or one exercise of a lab as ``01_softmax/softmax``; all labs unless given.
        say: Called with each line of the report.

    Returns:
        Whether the checks kill at least 98 % in each whole lab, and each survivor has its reason on file. A reason
        without a survivor is named only: on a busy machine a mutant may have run out of time.

    Raises:
        UnknownNameError: If there is no such lab, or exercise.
    """
    chosen = [lab.partition("/")[::2] for lab in labs or lab_names()]
    for lab, _ in chosen:
        if lab not in lab_names():
            raise UnknownNameError("lab", lab, lab_names())
    outcomes = [_run_lab(root, lab, exercise, say) for lab, exercise in chosen]
    return all(outcomes)


def _run_lab(root: Path, name: str, only: str, say: Callable[[str], None]) -> bool:
    """Run the mutants of a lab, or of the one exercise ``only``."""
    lab = load_lab(name, hidden=root / "autograde" / "hidden")
    exercises = {only: lab.exercise(only)} if only else lab.exercises
    notebook = json.loads((root / "solutions" / name / f"{name}.ipynb").read_text(encoding="utf-8"))
    answers = solution_sources(notebook)
    on_file = load_survivors(root / "labs" / name)
    reasons = {slug: changes for slug, changes in on_file.items() if slug in exercises}
    total, survivors = 0, []
    for slug, exercise in exercises.items():
        found = mutants_of(slug, answers[slug])
        alive = [mutant for mutant in found if survives(mutant, exercise, notebook)]
        say(f"{name} {slug:<20} {len(found) - len(alive):>3} of {len(found):>3} mutants killed")
        total += len(found)
        survivors += alive
    share = 1 - len(survivors) / max(total, 1)
    bar = "" if only else f"; the bar is {BAR:.0%}"
    say(f"{name}: {share:.1%} of {total} mutants killed{bar}. Survivors: {len(survivors)}")
    for mutant in survivors:
        reason = reasons.get(mutant.slug, {}).get(mutant.change, "NO REASON ON FILE: a gap in the checks?")
        say(f"  {mutant.slug}: {mutant.change}\n    {reason}")
    for line in _stale(reasons, survivors):
        say(f"  {line}\n    STALE: no such mutant lives. Take it and its reason out of the exercise's file.")
    explained = all(mutant.change in reasons.get(mutant.slug, {}) for mutant in survivors)
    return explained and (bool(only) or share >= BAR)


def _stale(reasons: Mapping[str, Mapping[str, str]], survivors: Sequence[Mutant]) -> list[str]:
    """Return the changes that have a reason on file and do not survive, each with its exercise."""
    alive = {(mutant.slug, mutant.change) for mutant in survivors}
    on_file = [(slug, change) for slug, changes in reasons.items() for change in changes]
    return [f"{slug}: {change}" for slug, change in on_file if (slug, change) not in alive]


def survives(mutant: Mutant, exercise: Exercise, notebook: dict[str, Any]) -> bool:
    """Tell whether a mutant passes all checks of its exercise, put into the notebook with the right answers."""
    try:
        with _time_limit():
            namespace = names_defined(answered(notebook, {mutant.slug: mutant.source}))
            return judge(exercise, LocalStudent(namespace)).passed
    except _TooLongError:
        return False


class _TooLongError(BaseException):
    """A mutant has run out of time; a BaseException, so that no check takes it for an error in the answer."""


@contextlib.contextmanager
def _time_limit() -> Iterator[None]:
    """Raise an error in a mutant that does not end."""

    def stop(signum: int, frame: FrameType | None) -> None:
        raise _TooLongError(f"ran longer than {LIMIT_S} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(LIMIT_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
