"""Every right answer that is kept for an exercise with questions: what is asked about it, and is it right?"""

from __future__ import annotations

import functools
import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from coursekit.cells import solution_sources
from coursekit.checking import lab_names
from coursekit.errors import NothingToAskError
from coursekit.questions import Example, Question, questions_about
from coursekit.questions.running import run
from coursekit.questions.subject import subject_of
from coursekit.variants import load_variants, names_defined
from tests.questions.printed import confirmed

ROOT = Path(__file__).parents[2]
#: Right answers about which nothing is asked: a class, and one call that does it all.
SILENT = {"minibatches class_with_next", "batched_matvec einsum"}
#: Statements that the run of an example takes, at most: far fewer than would take a tenth of a second.
MOST_STEPS = 600


def asked(lab: str) -> dict[str, str]:
    examples: dict[str, str] = importlib.import_module(f"coursekit.checks.{lab}").ASKED
    return {slug: text.strip("\n") for slug, text in examples.items()}


@functools.cache
def names_of(lab: str) -> dict[str, Any]:
    return names_defined(notebook_of(lab))


@functools.cache
def notebook_of(lab: str) -> dict[str, Any]:
    notebook: dict[str, Any] = json.loads((ROOT / "solutions" / lab / f"{lab}.ipynb").read_text(encoding="utf-8"))
    return notebook


@functools.cache
def right_answers(lab: str) -> dict[str, dict[str, str]]:
    found = {slug: {"reference": source} for slug, source in solution_sources(notebook_of(lab)).items()}
    for variant in load_variants(ROOT / "labs" / lab):
        if variant.right:
            found[variant.slug][variant.name] = variant.source
    return found


@functools.cache
def questions_of(lab: str, slug: str, name: str) -> tuple[Question, ...]:
    source, names = right_answers(lab)[slug][name], dict(names_of(lab))
    exec(source, names)
    try:
        return tuple(questions_about(source, slug, Example(asked(lab)[slug]), names))
    except NothingToAskError:
        return ()


ANSWERS = [
    pytest.param(lab, slug, name, id=f"{slug}-{name}")
    for lab in lab_names()
    for slug in asked(lab)
    for name in right_answers(lab)[slug]
]


@pytest.mark.parametrize("lab", lab_names())
def test_three_to_five_exercises_of_a_lab_have_questions(lab: str) -> None:
    assert 3 <= len(asked(lab)) <= 5


@pytest.mark.parametrize(("lab", "slug", "name"), ANSWERS)
def test_a_right_answer_is_asked_about(lab: str, slug: str, name: str) -> None:
    questions = questions_of(lab, slug, name)
    assert len(questions) <= 2
    assert bool(questions) == (f"{slug} {name}" not in SILENT)


@pytest.mark.parametrize(("lab", "slug", "name"), ANSWERS)
def test_printing_confirms_what_is_held_to_be_right(lab: str, slug: str, name: str) -> None:
    source, names = right_answers(lab)[slug][name], dict(names_of(lab))
    for question in questions_of(lab, slug, name):
        assert confirmed(question, source, slug, asked(lab)[slug], names), question


@pytest.mark.parametrize(("lab", "slug", "name"), ANSWERS)
def test_no_two_choices_mean_the_same(lab: str, slug: str, name: str) -> None:
    for question in questions_of(lab, slug, name):
        texts = [choice.text.replace(" ", "") for choice in question.choices]
        assert 3 <= len(set(texts)) == len(texts) <= 4
        assert all(choice.why for choice in question.choices)


@pytest.mark.parametrize(("lab", "slug", "name"), ANSWERS)
def test_examples_take_few_steps(lab: str, slug: str, name: str) -> None:
    if f"{slug} {name}" in SILENT:
        return
    source, names = right_answers(lab)[slug][name], dict(names_of(lab))
    exec(source, names)
    assert 0 < run(subject_of(source, slug).tree, Example(asked(lab)[slug]), names).steps < MOST_STEPS
