"""A question with its choices."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from coursekit.questions.subject import Subject

__all__ = ["FEWEST", "LETTERS", "Choice", "Offer", "Question", "asked"]

LETTERS = "abcd"
#: A question has as many choices at least.
FEWEST = 3


class Choice(NamedTuple):
    """One choice.

    Attributes:
        text: What it says.
        why: What is said of it once it was chosen: the misconception, or what shows that it is right.
    """

    text: str
    why: str


class Offer(NamedTuple):
    """A question that could be asked, before its choices have their order.

    Attributes:
        kind: ``"shape"``, ``"value"``, ``"count"``, ``"growth"``, ``"change"`` or ``"needs"``.
        statement: The statement that it is about.
        worth: How telling it is, from 0 to 10.
        text: What is asked.
        right: The right choice.
        wrong: Wrong ones, the most likely first.
        about: The name, the part, or the line as it would be.
        ordered: Whether the choices stand in the order of their texts' numbers, or as they are given.
    """

    kind: str
    statement: int
    worth: float
    text: str
    right: Choice
    wrong: tuple[Choice, ...]
    about: str = ""
    ordered: bool = False


@dataclass(frozen=True)
class Question:
    """A question about a function, and its choices in the order in which they are shown.

    Attributes:
        kind: What it is about, as :class:`Offer` says.
        statement: The statement that it is about.
        line: The student's line on which that statement begins.
        text: What is asked.
        choices: The choices, two to four.
        right: The index of the right one.
        about: The name, the part, or the line as it would be.
    """

    kind: str
    statement: int
    line: int
    text: str
    choices: tuple[Choice, ...]
    right: int
    about: str = ""

    @property
    def letter(self) -> str:
        """The right choice's letter."""
        return LETTERS[self.right]


def asked(offer: Offer, subject: Subject) -> Question | None:
    """Put an offer's choices in order; None where too few are left that differ."""
    wrong = _distinct(offer.wrong, offer.right)[: len(LETTERS) - 1]
    if len(wrong) + 1 < FEWEST:
        return None
    choices = [offer.right, *wrong]
    if offer.ordered:
        choices.sort(key=lambda choice: (_number_in(choice.text), choice.text))
    else:
        choices.sort(key=lambda choice: subject.shuffled(offer.kind, offer.statement, offer.about, choice.text))
    return Question(
        offer.kind,
        offer.statement,
        subject.line(offer.statement),
        offer.text,
        tuple(choices),
        choices.index(offer.right),
        offer.about,
    )


def _distinct(choices: Iterable[Choice], right: Choice) -> list[Choice]:
    by_text = {choice.text: choice for choice in reversed(list(choices)) if choice.text != right.text}
    return list(reversed(list(by_text.values())))


def _number_in(text: str) -> int:
    return int(next(iter(re.findall(r"-?\d+", text)), 0))
