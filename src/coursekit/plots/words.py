"""What a picture shows, in words, for those who cannot see it.

Every function that draws describes what it has drawn, from the same data. In a notebook the words travel with the
picture's output, as ``alt`` in its metadata: HTML exports and the course site show them in place of the picture.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["course_of", "describe", "listed", "words_of"]

#: What stands beside a list of this many things or fewer is told in full.
_LISTED = 12
_WORDS: weakref.WeakKeyDictionary[Figure, list[str]] = weakref.WeakKeyDictionary()


def describe(figure: Any, title: str, words: str) -> None:
    """Add to what a figure shows in words.

    Args:
        figure: A figure, or one that axes belong to.
        title: The title of what was drawn, or nothing.
        words: One sentence or more.
    """
    heading = " ".join(title.split())
    colon = "" if heading.endswith(("?", "!", ".")) else ":"
    sentence = f"{heading}{colon} {words}" if heading else words
    _WORDS.setdefault(figure.figure or figure, []).append(" ".join(sentence.split()))
    _let_notebooks_keep_the_words()


def words_of(figure: Figure) -> str:
    """Return what a figure shows in words; nothing if nobody has described it."""
    return " ".join(_WORDS.get(figure, []))


def course_of(x: Any, y: Any) -> str:
    """Say how a line goes: its ends, and its least and greatest value where they lie within."""
    across, up = np.asarray(x, dtype=float).ravel(), np.asarray(y, dtype=float).ravel()
    finite = np.isfinite(up)
    across, up = across[finite], up[finite]
    if not len(up):
        return "nothing that can be drawn"
    said = f"from {up[0]:.3g} at {across[0]:.3g} to {up[-1]:.3g} at {across[-1]:.3g}"
    for name, place in (("least", int(up.argmin())), ("greatest", int(up.argmax()))):
        if up[place] not in (up[0], up[-1]):
            said += f", {name} {up[place]:.3g} at {across[place]:.3g}"
    return said


def listed(items: Mapping[str, Any] | list[str]) -> str:
    """Write things, or names with what is said of each, in one line; of many, the first and how many follow."""
    pairs = [f"{name} {what}" for name, what in items.items()] if isinstance(items, Mapping) else list(items)
    pairs = [" ".join(pair.split()) for pair in pairs]
    rest = len(pairs) - _LISTED
    return ", ".join(pairs[:_LISTED]) + (f" and {rest} more" if rest > 0 else "")


def _let_notebooks_keep_the_words() -> None:
    """Have IPython, where a notebook runs, write a figure's words beside its PNG."""
    import sys

    if "IPython" not in sys.modules:
        return
    from IPython import get_ipython
    from matplotlib.figure import Figure

    shell = get_ipython()
    if shell is None:
        return
    formatter = shell.display_formatter.formatters["image/png"]
    painter = formatter.type_printers.get(Figure)
    if painter is None or getattr(painter, "keeps_words", False):
        return

    def painted(figure: Figure) -> Any:
        png = painter(figure)
        data, metadata = png if isinstance(png, tuple) else (png, {})
        words = words_of(figure)
        return (data, {**metadata, "alt": words}) if words else png

    painted.keeps_words = True  # type: ignore[attr-defined]
    formatter.for_type(Figure, painted)
