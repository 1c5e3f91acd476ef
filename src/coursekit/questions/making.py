"""From a function's text and a small input to the questions that are asked about it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from coursekit.errors import NothingToAskError
from coursekit.questions.changed import change_offers, result_offers, run_changes
from coursekit.questions.changes import changed
from coursekit.questions.counts import count_offers, growth_offers
from coursekit.questions.question import Offer, Question, asked
from coursekit.questions.running import Example, Run, run
from coursekit.questions.shapes import shape_offers
from coursekit.questions.subject import Subject, subject_of
from coursekit.questions.values import value_offers

__all__ = ["MOST_QUESTIONS", "questions_about"]

MOST_QUESTIONS = 2
#: Changed functions that are run.
_MOST_CHANGES = 60
#: Steps that all changed functions may take together.
_MOST_STEPS = 60_000
#: A second question is not asked unless it is so telling.
_LEAST_WORTH = 6.0
#: Questions of these kinds are about one thing: a second of them says nothing new.
_ALIKE = {"growth": "count", "result": "change"}


def questions_about(source: str, slug: str, example: Example, namespace: Mapping[str, Any]) -> list[Question]:
    """Make the questions about a function, the most telling first, at most two.

    The same text gives the same questions, whatever its comments and spacing.

    Args:
        source: The text of the cell that defines it.
        slug: Its name.
        example: A small input.
        namespace: The names beside which it runs.

    Raises:
        NothingToAskError: There is nothing to ask about it; the message says why.
    """
    subject = subject_of(source, slug)
    try:
        before = run(subject.code, example, namespace, closely=True)
    except NothingToAskError:
        # A library that is used for the first time may import more for seconds; the second time it does not.
        before = run(subject.code, example, namespace, closely=True)
    if before.error.startswith("NotImplementedError"):
        raise NothingToAskError(f"Write {slug} first, and have it pass its check.")
    if before.error:
        raise NothingToAskError(f"It stops on a small input: {before.error}.")
    if not before.n_calls:
        raise NothingToAskError(f"{slug} was not called.")
    again = run(subject.code, example, namespace, closely=True)
    if not before.agrees_with(again):
        raise NothingToAskError("It does something else each time that it runs.")
    before = before.agreed(again)
    offers = list(_offers(subject, before, example, namespace))
    offers.sort(key=lambda offer: (-offer.worth, subject.shuffled(offer.kind, offer.statement, offer.about)))
    found = _chosen(offers, subject)
    if not found:
        raise NothingToAskError("It does its work in so few lines that there is nothing to ask about them.")
    return found


def _offers(subject: Subject, before: Run, example: Example, namespace: Mapping[str, Any]) -> Iterator[Offer]:
    changes = itertools.islice(changed(subject), _MOST_CHANGES)
    after = run_changes(changes, example, namespace, most_steps=_MOST_STEPS)
    if not subject.calls_itself:
        yield from count_offers(subject, before, after)
        if example.size is not None:
            larger = run(subject.code, example.doubled(), namespace)
            if not larger.error:
                yield from growth_offers(subject, before, larger, example.size)
    yield from shape_offers(subject, before, after)
    yield from value_offers(subject, before, after)
    yield from result_offers(subject, before, after)
    yield from change_offers(subject, before, after, example, namespace)


def _chosen(offers: list[Offer], subject: Subject) -> list[Question]:
    found: list[Question] = []
    kinds: set[str] = set()
    for offer in offers:
        kind = _ALIKE.get(offer.kind, offer.kind)
        if kind in kinds or (found and offer.worth < _LEAST_WORTH):
            continue
        if (question := asked(offer, subject)) is not None:
            found.append(question)
            kinds.add(kind)
        if len(found) == MOST_QUESTIONS:
            break
    return found
