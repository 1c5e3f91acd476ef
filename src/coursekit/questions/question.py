"""A question with its choices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from coursekit.questions.subject import Subject

__all__ = ["FEWEST", "LETTERS", "Choice", "Offer", "Question", "asked"]

LETTERS = "abcd"
#: A question has as many choices at least.
FEWEST = 4


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
        kind: ``"shape"``, ``"value"``, ``"count"``, ``"growth"``, ``"change"`` or ``"result"``.
        statement: The statement that it is about.
        worth: How telling it is, from 0 to 10.
        text: What is asked.
        right: The right choice.
        wrong: Wrong ones, the most likely first.
        about: The name, the part, or the line as it would be; with ``|`` and the place of an entry of the result.
        last: Whether it is about the line's last run, and not its first.
    """

    kind: str
    statement: int
    worth: float
    text: str
    right: Choice
    wrong: tuple[Choice, ...]
    about: str = ""
    last: bool = False


@dataclass(frozen=True)
class Question:
    """A question about a function, and its choices in the order in which they are shown.

    Attributes:
        kind: What it is about, as :class:`Offer` says.
        statement: The statement that it is about.
        line: The student's line on which that statement begins.
        text: What is asked.
        choices: The choices, four.
        right: The index of the right one.
        about: As :class:`Offer` says.
        last: As :class:`Offer` says.
    """

    kind: str
    statement: int
    line: int
    text: str
    choices: tuple[Choice, ...]
    right: int
    about: str = ""
    last: bool = False

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
    choices.sort(key=lambda choice: subject.shuffled(offer.kind, offer.statement, offer.about, choice.text))
    return Question(
        offer.kind,
        offer.statement,
        subject.line(offer.statement),
        offer.text,
        tuple(choices),
        choices.index(offer.right),
        offer.about,
        offer.last,
    )


def _distinct(choices: Iterable[Choice], right: Choice) -> list[Choice]:
    by_text: dict[str, Choice] = {}
    for choice in choices:
        if choice.text != right.text:
            by_text.setdefault(choice.text, choice)
    return list(by_text.values())
