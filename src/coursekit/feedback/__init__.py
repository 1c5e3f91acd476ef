"""The page of feedback that a student gets: points, what to look at first, and their notebook with its checks.

It stands on what grading has written: the graded notebook, and the gradebook. Nothing is run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coursekit.extras import on_first_use

if TYPE_CHECKING:
    from coursekit.feedback.batch import Written as Written
    from coursekit.feedback.batch import write_feedback as write_feedback

__getattr__, __all__ = on_first_use(__name__, {"batch": "Written write_feedback"}, purpose="Feedback")
