"""A verdict as plain data: what ``coursekit grade --json`` writes of an exercise."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CheckRecord", "ExerciseRecord"]


@dataclass(frozen=True)
class CheckRecord:
    """One check of one exercise.

    Attributes:
        name: The check's name.
        visible: Whether students may read the check.
        passed: Whether the answer passed it.
        message: Why it did not; of a hidden check, its hint alone.
    """

    name: str
    visible: bool
    passed: bool
    message: str

    @property
    def about_the_code(self) -> bool:
        """Whether it is no check, but a graded question about the student's own code."""
        return self.name.startswith("question_")


@dataclass(frozen=True)
class ExerciseRecord:
    """One exercise of one submission.

    Attributes:
        name: The exercise's slug.
        score: Points earned.
        max_score: The highest possible score.
        checks: Its checks.
    """

    name: str
    score: float
    max_score: float
    checks: tuple[CheckRecord, ...]
