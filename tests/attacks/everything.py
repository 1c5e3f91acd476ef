"""All attacks, in the order of their classes."""

from __future__ import annotations

from tests.attacks import exhaustion, feedback, folders, forging, malformed, subject, surroundings

__all__ = ["ATTACKS"]

ATTACKS = [
    *forging.ATTACKS,
    *surroundings.ATTACKS,
    *exhaustion.ATTACKS,
    *malformed.ATTACKS,
    *folders.ATTACKS,
    *feedback.ATTACKS,
    *subject.ATTACKS,
]
