"""What kept the cells of a submission from being run to their end, in words: by cell, line and cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from coursekit.grading.sandbox import Stop

__all__ = ["CellStop", "page_of", "words_of"]

_MAX_TOLD = 8


@dataclass(frozen=True)
class CellStop:
    """Why a cell was not run to its end.

    Attributes:
        number: The cell's number as a notebook shows it: ``In [number]``.
        stops: The statements that failed; the others were run.
        ended: Why the whole cell was ended; empty if it was not.
    """

    number: int
    stops: tuple[Stop, ...] = ()
    ended: str = ""

    @property
    def cell(self) -> str:
        """The cell as a notebook names it."""
        return f"In [{self.number}]"

    @property
    def cause(self) -> str:
        """What happened, with the line where one is known."""
        first = str(self.stops[0]) if self.stops else ""
        more = f" (and {len(self.stops) - 1} more)" if len(self.stops) > 1 else ""
        return self.ended or f"{first}{more}"

    def __str__(self) -> str:
        between = " " if self.ended else ", "
        return f"{self.cell}{between}{_as_sentence(self.cause)}"


def words_of(stops: Sequence[CellStop]) -> list[str]:
    """Return a sentence for each cell that stopped."""
    told = [str(stop) for stop in stops[:_MAX_TOLD]]
    return [*told, f"And {len(stops) - _MAX_TOLD} more cells stopped."] if len(stops) > _MAX_TOLD else told


def page_of(stops: Sequence[CellStop]) -> str:
    """Return what stands on top of the student's page, as markdown."""
    # In a block of HTML nothing that an exception says is taken for markup.
    lines = "\n".join(f"<li><code>{escape(line)}</code></li>" for line in words_of(stops))
    return (
        "**While it was graded, these cells stopped. Their other lines, and the cells below them, were run:**\n\n"
        f"<ul>\n{lines}\n</ul>"
    )


def _as_sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
