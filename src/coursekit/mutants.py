"""Do the checks notice when a right answer is changed in one place?

Each reference answer is changed in one place at a time: an operator, a number, an axis, a comparison, a truth
value, a sign, or a whole statement that is left out. The exercise's checks, visible and hidden, are run on
each such mutant; one that passes them all has survived. A survivor is either a gap in the checks or a change
that makes no difference; the second kind stands with its reason in the exercise's file, under ``# %% survivors``.

The idea is that of mutation testing: DeMillo, Lipton and Sayward, "Hints on Test Data Selection" (1978).
"""

from __future__ import annotations

import ast
import contextlib
import copy
import json
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from coursekit.cells import solution_sources
from coursekit.checking import Exercise, LocalStudent, judge, lab_names, load_lab
from coursekit.errors import UnknownNameError
from coursekit.variants import answered, load_survivors, names_defined

__all__ = ["Mutant", "mutants_of", "run_mutants", "survives"]

#: The share of mutants that the checks must kill.
BAR = 0.95
#: A mutant that runs longer than this is killed: the answers take milliseconds.
LIMIT_S = 20
#: A float of this size, such as 1e9, is not made 1 larger: float32, which answers may compute in, cannot hold that.
LARGE = 2.0**24

_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
}
_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


@dataclass(frozen=True)
class Mutant:
    """A right answer with one change.

    Attributes:
        slug: The exercise.
        change: The line before and after, as ``"line → line"``.
        source: The changed answer.
    """

    slug: str
    change: str
    source: str


def run_mutants(root: Path, *, labs: Sequence[str] = (), say: Callable[[str], None]) -> bool:
    """Run all mutants of some labs and report which survive.

    Args:
        root: The folder with ``labs/``, ``solutions/`` and ``autograde/``.
        labs: The labs; all unless given.
        say: Called with each line of the report.

    Returns:
        Whether the checks kill at least 95 % in each lab, and every survivor has its reason on file. A reason without a
        survivor is named only: on a busy machine a mutant may have run out of time.

    Raises:
        UnknownNameError: If there is no such lab.
    """
    for lab in labs:
        if lab not in lab_names():
            raise UnknownNameError("lab", lab, lab_names())
    outcomes = [_run_lab(root, lab, say) for lab in labs or lab_names()]
    return all(outcomes)


def _run_lab(root: Path, name: str, say: Callable[[str], None]) -> bool:
    lab = load_lab(name, hidden=root / "autograde" / "hidden")
    notebook = json.loads((root / "solutions" / name / f"{name}.ipynb").read_text(encoding="utf-8"))
    answers = solution_sources(notebook)
    reasons = load_survivors(root / "labs" / name)
    total, survivors = 0, []
    for slug, exercise in lab.exercises.items():
        found = mutants_of(slug, answers[slug])
        alive = [mutant for mutant in found if survives(mutant, exercise, notebook)]
        say(f"{name} {slug:<20} {len(found) - len(alive):>3} of {len(found):>3} mutants killed")
        total += len(found)
        survivors += alive
    share = 1 - len(survivors) / max(total, 1)
    say(f"{name}: {share:.1%} of {total} mutants killed; the bar is {BAR:.0%}. Survivors: {len(survivors)}")
    for mutant in survivors:
        reason = reasons.get(mutant.slug, {}).get(mutant.change, "NO REASON ON FILE: a gap in the checks?")
        say(f"  {mutant.slug}: {mutant.change}\n    {reason}")
    for line in _stale(reasons, survivors):
        say(f"  {line}\n    STALE: no such mutant lives. Take it and its reason out of the exercise's file.")
    explained = all(mutant.change in reasons.get(mutant.slug, {}) for mutant in survivors)
    return share >= BAR and explained


def _stale(reasons: Mapping[str, Mapping[str, str]], survivors: Sequence[Mutant]) -> list[str]:
    """Return the changes that have a reason on file and do not survive, each with its exercise."""
    alive = {(mutant.slug, mutant.change) for mutant in survivors}
    on_file = [(slug, change) for slug, changes in reasons.items() for change in changes]
    return [f"{slug}: {change}" for slug, change in on_file if (slug, change) not in alive]


def mutants_of(slug: str, source: str) -> list[Mutant]:
    """Make every mutant of an answer; docstrings are left alone."""
    tree = ast.parse(source)
    original = ast.unparse(tree)
    mutants: dict[str, Mutant] = {}
    for position, node in enumerate(ast.walk(tree)):
        for change in _changes(node):
            mutated = copy.deepcopy(tree)
            change(next(n for i, n in enumerate(ast.walk(mutated)) if i == position))
            text = ast.unparse(ast.fix_missing_locations(mutated))
            if text != original:
                mutants.setdefault(text, Mutant(slug, _difference(original, text), text))
    return list(mutants.values())


def survives(mutant: Mutant, exercise: Exercise, notebook: dict[str, Any]) -> bool:
    """Tell whether a mutant passes all checks of its exercise, put into the notebook with the right answers."""
    try:
        with _time_limit():
            namespace = names_defined(answered(notebook, {mutant.slug: mutant.source}))
            return judge(exercise, LocalStudent(namespace)).passed
    except _TooLongError:
        return False


def _changes(node: ast.AST) -> Iterator[Callable[[Any], None]]:
    """Yield what can be done to a node, as functions that do it to a copy of the node."""
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _OPERATORS:
        yield lambda n: setattr(n, "op", _OPERATORS[type(n.op)]())
    if isinstance(node, ast.Compare):
        yield lambda n: setattr(n, "ops", [_COMPARISONS[type(n.ops[0])](), *n.ops[1:]])
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield lambda n: setattr(n, "op", ast.UAdd())
    if isinstance(node, ast.BoolOp):
        yield lambda n: setattr(n, "op", ast.Or() if isinstance(n.op, ast.And) else ast.And())
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield lambda n: setattr(n, "value", not n.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        if isinstance(node.value, int) or abs(node.value) < LARGE:
            yield lambda n: setattr(n, "value", n.value + 1)
        yield lambda n: setattr(n, "value", n.value * 2 if n.value else -1)
    if isinstance(node, ast.keyword) and node.arg == "axis":
        yield lambda n: setattr(n, "value", ast.Constant(None))
    for field in ("body", "orelse"):
        for i, statement in enumerate(getattr(node, field, []) if isinstance(node, ast.stmt) else []):
            if _can_be_dropped(statement):
                yield lambda n, field=field, i=i: getattr(n, field).__setitem__(i, ast.Pass())  # type: ignore[misc]


def _can_be_dropped(statement: ast.stmt) -> bool:
    """Tell whether leaving a statement out is a change: not so for docstrings and ``pass``."""
    docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return not docstring and not isinstance(statement, ast.Pass | ast.FunctionDef | ast.ClassDef)


def _difference(before: str, after: str) -> str:
    old, new = before.splitlines(), after.splitlines()
    pairs = [(a.strip(), b.strip()) for a, b in zip(old, new, strict=False) if a != b]
    first, second = pairs[0] if pairs else ("", "")
    line = next(i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b) if pairs else 0
    # The same change may be possible in several equal lines; the count tells them apart.
    nth = sum(text.strip() == first for text in old[:line]) + 1
    return f"{first} → {second}" + (f" (no. {nth})" if nth > 1 else "")


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
