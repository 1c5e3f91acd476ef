"""A question with its choices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from coursekit.checking.plain import Plain
from coursekit.questions.subject import Subject

__all__ = ["FEWEST", "LETTERS", "Choice", "Offer", "Question", "asked", "letters_of"]

LETTERS = "abcd"
#: A question has as many choices at least.
FEWEST = 4
#: Characters of a question with all that is said of it.
_MOST_CHARACTERS = 10_000


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
        right: The index of the right one; -1 where that is not told.
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

    def as_plain(self) -> dict[str, Plain]:
        """Return what grading looks at, as plain data."""
        choices = [[choice.text, choice.why] for choice in self.choices]
        return {"line": self.line, "text": self.text, "choices": choices, "right": self.right}

    @classmethod
    def of(cls, plain: Any) -> Question:
        """Return a question from what :meth:`as_plain` gives, if it has that form.

        Raises:
            KeyError, TypeError, ValueError: It has another.
        """
        choices = tuple(Choice(text, why) for text, why in plain["choices"])
        line, text, right = plain["line"], plain["text"], plain["right"]
        texts = [text, *(part for choice in choices for part in choice)]
        if type(line) is not int or type(right) is not int or not all(isinstance(each, str) for each in texts):
            raise TypeError("a question has another form")
        if len(choices) != len(LETTERS) or not 0 <= right < len(choices) or sum(map(len, texts)) > _MOST_CHARACTERS:
            raise ValueError("a question has other choices, or is too long")
        return cls("", -1, line, text, choices, right)

    def untold(self) -> Question:
        """Return the question without a word about which choice is right."""
        return replace(self, choices=tuple(choice._replace(why="") for choice in self.choices), right=-1)


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


def letters_of(answer: object, questions: Sequence[Question], *, mark: str = "") -> tuple[str, ...]:
    """Return the letters that were answered.

    Args:
        answer: One answer, several, or None.
        questions: The questions.
        mark: What stands behind the letter of a graded answer: the digits of the code that was asked about.

    Raises:
        ValueError: They are none of those of the choices, or answer questions about other code.
    """
    if answer is None:
        return ()
    given = list(answer) if isinstance(answer, list | tuple) else [answer]
    letters: list[str] = []
    for each, question in zip(given, questions, strict=False):
        legal = [f"{letter}{mark}" for letter in LETTERS[: len(question.choices)]]
        found = each.strip().lower() if isinstance(each, str) else ""
        if mark and found[:1] in LETTERS and len(found) == 3 and found[1:].isdecimal() and found[1:] != mark:
            raise ValueError(f"The answer {each!r} was given to other code, and no longer counts.")
        if found not in legal:
            raise ValueError(f"The answer {each!r} is none of the choices; they are {', '.join(map(repr, legal))}.")
        letters.append(found[0])
    if len(given) > len(questions):
        raise ValueError(f"There are {len(given)} answers and {len(questions)} questions: give one for each.")
    return tuple(letters)
