"""Saved outputs, which grading does not need: a notebook is read without them, however large they are."""

from __future__ import annotations

import re

__all__ = ["without_outputs"]

# Each consumes what it has seen for good, so that a text is gone through once, whatever is in it.
_STRING = rb'"(?:[^"\\]++|\\.?)*+(?:"|\Z)'
_KEY = rb'"outputs"\s*+:\s*+\['
_UP_TO_KEY = re.compile(rb'(?:[^"]++|(?!%s)%s)*+' % (_KEY, _STRING), re.DOTALL)
#: More brackets than this are not followed: no notebook has as many in its outputs.
_MAX_BRACKETS = 1_000_000
_OPENED = re.compile(_KEY)
_UP_TO_BRACKET = re.compile(rb'(?:[^"\[\]]++|%s)*+' % _STRING, re.DOTALL)


def without_outputs(content: bytes) -> bytes:
    """Return a notebook's JSON with an empty list in place of each list of outputs.

    Args:
        content: The JSON, as UTF-8. Where a list of outputs has no end, or too many lists in it, it is returned as it
            is.
    """
    kept: list[bytes] = []
    at, left = 0, _MAX_BRACKETS
    while True:
        end = _after(_UP_TO_KEY, content, at)
        opened = _OPENED.match(content, end)
        if opened is None:
            return b"".join([*kept, content[at:]])
        closed, left = _closing(content, opened.end(), left)
        if closed is None:
            return content
        kept.append(content[at : opened.end()])
        at = closed


def _closing(content: bytes, at: int, left: int) -> tuple[int | None, int]:
    """Return where the bracket stands that closes a list begun before, and how many more may be followed."""
    depth = 1
    while left > 0:
        left -= 1
        at = _after(_UP_TO_BRACKET, content, at)
        if at >= len(content):
            break
        depth += 1 if content[at] == ord("[") else -1
        if depth == 0:
            return at, left
        at += 1
    return None, left


def _after(pattern: re.Pattern[bytes], content: bytes, at: int) -> int:
    found = pattern.match(content, at)
    return found.end() if found else at
