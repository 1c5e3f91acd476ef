"""What grading says of one submission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from coursekit.checking.record import CheckRecord, ExerciseRecord

__all__ = ["CheckRecord", "ExerciseRecord", "GradedNotebook", "Record"]


@dataclass(frozen=True)
class Record:
    """One submission.

    Attributes:
        student: The student's id.
        lab: The lab's stem.
        status: ``graded``, ``timeout``, ``memory``, ``crashed``, ``malformed`` or ``missing``.
        score: Points earned in the exercises; answers graded by hand are the gradebook's business.
        max_score: The highest possible score in the exercises.
        seconds: How long the submission took to run.
        message: What an instructor should know; empty where there is nothing.
        exercises: The exercises, in the order of the lab.
        noticed: What the notebook was seen to do to the grader's side of its process, a sentence each: for a person to
            look at. It has cost nothing.
    """

    student: str
    lab: str
    status: str
    score: float
    max_score: float
    seconds: float
    message: str
    exercises: tuple[ExerciseRecord, ...]
    noticed: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the record as plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Record:
        """Rebuild a record from :meth:`as_json`'s plain data."""
        exercises = tuple(
            ExerciseRecord(**{**exercise, "checks": tuple(CheckRecord(**check) for check in exercise["checks"])})
            for exercise in data["exercises"]
        )
        return cls(**{**data, "exercises": exercises, "noticed": tuple(data.get("noticed", ()))})


@dataclass(frozen=True)
class GradedNotebook:
    """A notebook that has been run and judged, for the gradebook.

    Attributes:
        notebook: The notebook in format 4, as plain data.
        grades: The automatic score of each cell that is worth points, by its grade_id; None for an answer that has
            to be graded by hand.
        unanswered: The grade_ids of solution and task cells that were left as released.
    """

    notebook: Mapping[str, Any]
    grades: Mapping[str, float | None]
    unanswered: tuple[str, ...]
