"""All attacks, in the order of their classes."""

from __future__ import annotations

import exhaustion
import feedback
import folders
import forging
import malformed
import subject
import surroundings

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
