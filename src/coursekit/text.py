"""Texts that others have written, made fit to be printed, stored and laid out."""

from __future__ import annotations

import re

__all__ = ["printable", "shortened", "storable"]

_JOINERS = "\u200c\u200d"
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


def printable(text: str, *, keep: str = "") -> str:
    """Show control characters, which could rewrite the terminal, as escapes.

    Joiners stay: in Persian and in the scripts of India they are part of how a name is spelt.

    Args:
        text: Any text.
        keep: Control characters that stay as they are, such as a line feed.
    """
    return "".join(c if c.isprintable() or c in _JOINERS or c in keep else repr(c)[1:-1] for c in text)


def shortened(text: str, most: int) -> str:
    """Return a text, cut to at most ``most`` characters with an ellipsis as the last one."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def storable(text: str) -> str:
    """Replace half characters (lone surrogates), which Python can hold and no file in UTF-8 can."""
    return _HALF_CHARACTER.sub("�", text)
