"""What a class's points say about the exercises."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coursekit.grading.own_code import NO_ANSWER
from coursekit.report.classroom import Classroom, Item, Member

__all__ = [
    "Bin",
    "CheckFailures",
    "ItemStatistics",
    "MessageCount",
    "QuestionStatistics",
    "ScoreSummary",
    "check_failures",
    "item_statistics",
    "question_statistics",
    "score_bins",
    "score_summary",
]

#: With fewer students a correlation says nothing.
MIN_CLASS = 5
_MAX_BINS = 12
_WIDTHS = (0.5, 1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0)
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?|\b(?:nan|inf)\b", re.IGNORECASE)
#: Numbers in a row, with the brackets and commas of arrays around them.
_ARRAY = re.compile(r"[\[\](),\s]*#(?:[\[\](),\s]*#)*[\[\](),\s]*")
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class ScoreSummary:
    """The middle and the spread of the class's points; all 0 where nobody is counted."""

    n: int
    mean: float
    median: float
    lower: float
    upper: float
    n_full: int
    n_zero: int


@dataclass(frozen=True)
class Bin:
    """A bar of the score distribution: points from ``low`` up to, but without, ``high``; the last bar includes it."""

    low: float
    high: float
    n: int


@dataclass(frozen=True)
class ItemStatistics:
    """How a class did in an exercise.

    Attributes:
        item: The exercise.
        full: How many got all points.
        part: How many got some.
        none: How many wrote something and got none.
        untried: How many left it as released.
        unscored: How many answers have no score yet.
        difficulty: The mean share of the points that those with a score got, from 0 to 1; None if nobody has one.
        discrimination: The correlation between the points in this exercise and in all others together, from -1 to 1;
            None where it is undefined.
        undefined: Why it is; empty if it is not.
    """

    item: Item
    full: int
    part: int
    none: int
    untried: int
    unscored: int
    difficulty: float | None
    discrimination: float | None
    undefined: str


@dataclass(frozen=True)
class MessageCount:
    """What a check said, and how often; of messages that differ in their numbers only, the most frequent one."""

    text: str
    n: int


@dataclass(frozen=True)
class CheckFailures:
    """How often a check failed.

    Attributes:
        exercise: The exercise's slug.
        name: The check's name.
        visible: Whether students may read it.
        failed: How many of those who tried the exercise failed it.
        tried: How many tried.
        messages: What it said, the most frequent first.
    """

    exercise: str
    name: str
    visible: bool
    failed: int
    tried: int
    messages: tuple[MessageCount, ...]


@dataclass(frozen=True)
class QuestionStatistics:
    """How those whose code passed every check answered the questions about it.

    Attributes:
        exercise: The exercise's slug.
        passed: How many passed every check.
        asked: How many of them could be asked about their code.
        right: How many of these answered everything right.
        unanswered: How many gave no answer that counts.
    """

    exercise: str
    passed: int
    asked: int
    right: int
    unanswered: int


def score_summary(classroom: Classroom) -> ScoreSummary:
    """Summarise the points of those whose work could be run."""
    scores = np.array([member.score for member in classroom.members if member.counted])
    if not scores.size:
        return ScoreSummary(0, 0.0, 0.0, 0.0, 0.0, 0, 0)
    lower, median, upper = np.percentile(scores, [25, 50, 75])
    full = int((scores >= classroom.max_score - _TOLERANCE).sum())
    return ScoreSummary(
        scores.size, float(scores.mean()), float(median), float(lower), float(upper), full, int((scores == 0).sum())
    )


def score_bins(scores: Sequence[float], max_score: float) -> list[Bin]:
    """Count points in at most a dozen bars of one round width.

    Args:
        scores: Points, each at least 0; those above the most (by extra credit) are counted in the last bar.
        max_score: The highest possible score.
    """
    most = max(max_score, _WIDTHS[0])
    rough = next((width for width in _WIDTHS if most / width <= _MAX_BINS), math.ceil(most / _MAX_BINS))
    n_bins = math.ceil(most / rough - _TOLERANCE)
    counts = Counter(min(int(score / rough + _TOLERANCE), n_bins - 1) for score in scores)
    return [Bin(i * rough, (i + 1) * rough, counts[i]) for i in range(n_bins)]


def item_statistics(classroom: Classroom) -> list[ItemStatistics]:
    """Say of each exercise how difficult it was, and whether it tells strong work from weak.

    Discrimination is the corrected item-total correlation: with the sum of the *other* exercises, because an exercise
    correlates with any sum that it is part of (Henrysson, Psychometrika 28, 1963, 211-218,
    https://doi.org/10.1007/BF02289618).
    """
    members = [member for member in classroom.members if member.counted]
    points = np.array([[_points(m, item) for item in classroom.items] for m in members], dtype=np.float64)
    points = points.reshape(len(members), len(classroom.items))
    return [_statistics(item, i, members, points) for i, item in enumerate(classroom.items)]


def corrected_correlation(item: NDArray[np.float64], rest: NDArray[np.float64]) -> tuple[float | None, str]:
    """Correlate an exercise with the rest of the lab; where that is undefined, say why.

    Args:
        item: Points in the exercise, one per student; shape (n,).
        rest: Points in all others together; shape (n,).

    Returns:
        Pearson's r and an empty text, or None and the reason.
    """
    if np.isnan(item).any():
        return None, "answers still wait for a score"
    if len(item) < MIN_CLASS:
        return None, f"fewer than {MIN_CLASS} students"
    if np.ptp(item) < _TOLERANCE:
        return None, "everyone has the same points here"
    if np.ptp(rest) < _TOLERANCE:
        return None, "everyone has the same points in the rest"
    return float(np.clip(np.corrcoef(item, rest)[0, 1], -1.0, 1.0)), ""


def check_failures(classroom: Classroom) -> list[CheckFailures]:
    """List the checks that somebody failed, the most frequent first.

    Exercises that were left as released are not counted: that their checks fail says nothing about the checks.
    """
    tried: Counter[tuple[str, str]] = Counter()
    messages: dict[tuple[str, str], Counter[str]] = {}
    visible: dict[tuple[str, str], bool] = {}
    for member in classroom.members:
        for exercise in member.record.exercises if member.record and member.counted else ():
            if exercise.name not in member.tried:
                continue
            for check in [check for check in exercise.checks if not check.about_the_code]:
                key = exercise.name, check.name
                visible[key] = check.visible
                tried[key] += 1
                if not check.passed:
                    messages.setdefault(key, Counter())[check.message] += 1
    found = [
        CheckFailures(*key, visible[key], said.total(), tried[key], _grouped(said)) for key, said in messages.items()
    ]
    return sorted(found, key=lambda check: -check.failed)


def question_statistics(classroom: Classroom) -> list[QuestionStatistics]:
    """Say of each exercise with graded questions how those answered them whose code passed every check."""
    records = [member.record for member in classroom.members if member.record and member.counted]
    exercises = [exercise for record in records for exercise in record.exercises]
    names = dict.fromkeys(e.name for e in exercises if any(check.about_the_code for check in e.checks))
    found = []
    for name in names:
        passing = [e for e in exercises if e.name == name and all(c.passed or c.about_the_code for c in e.checks)]
        asked = [own for e in passing if (own := [check for check in e.checks if check.about_the_code])]
        right = sum(all(check.passed for check in own) for own in asked)
        unanswered = sum(all(NO_ANSWER in check.message for check in own) for own in asked)
        found.append(QuestionStatistics(name, len(passing), len(asked), right, unanswered))
    return found


def _points(member: Member, item: Item) -> float:
    points = (member.points or {}).get(item.name)
    return math.nan if points is None else points


def _statistics(item: Item, i: int, members: Sequence[Member], points: NDArray[np.float64]) -> ItemStatistics:
    own = points[:, i]
    scored = own[~np.isnan(own)]
    full = int((scored >= item.max_score - _TOLERANCE).sum())
    untried = sum(item.name not in member.tried for member in members)
    zero = int((scored <= _TOLERANCE).sum())
    # An answer that a person has not scored yet counts 0 in the rest of the other exercises.
    rest = np.nansum(np.delete(points, i, axis=1), axis=1)
    r, undefined = corrected_correlation(own, rest)
    difficulty = float(scored.mean() / item.max_score) if scored.size and item.max_score > 0 else None
    none = max(zero - untried, 0)
    part = len(scored) - full - zero
    return ItemStatistics(item, full, part, none, untried, len(own) - len(scored), difficulty, r, undefined)


def _grouped(messages: Counter[str]) -> tuple[MessageCount, ...]:
    """Count messages that differ in their numbers and arrays only as one."""
    groups: dict[str, Counter[str]] = {}
    for text, n in messages.items():
        groups.setdefault(_ARRAY.sub(" # ", _NUMBER.sub("#", text)), Counter())[text] += n
    counts = [MessageCount(group.most_common(1)[0][0], group.total()) for group in groups.values()]
    return tuple(sorted(counts, key=lambda message: -message.n))
