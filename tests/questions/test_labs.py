"""Every right answer that is kept for an exercise with questions: what is asked about it, and is it right?"""

from __future__ import annotations

import functools
import importlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from coursekit.cells import solution_sources
from coursekit.checking import lab_names
from coursekit.errors import NothingToAskError
from coursekit.questions import Example, questions_about
from coursekit.questions.running import run
from coursekit.questions.subject import subject_of
from coursekit.variants import names_defined
from tests.kept import course
from tests.questions.printed import confirmed

ROOT = Path(__file__).parents[2]
#: Right answers about which nothing is asked: a class, a recursion, and what does it all in one line.
SILENT = {
    "batched_matvec einsum",
    "batched_matvec torch",
    "conv_backward torch",
    "conv_forward correlations_of_each_channel",
    "conv_forward torch",
    "correlate2d fourier_transform",
    "correlate2d loops",
    "crossover_n first_of_a_generator",
    "crossover_n smallest_of_a_list",
    "hinge_loss list_comprehension",
    "max_pool_backward torch",
    "minibatches class_with_next",
    "minibatches torch_loader",
    "momentum_step first_velocity_is_the_gradient",
    "numeric_gradient list_of_slopes",
    "numeric_gradient recursion_on_the_axes",
    "softmax loops",
    "softmax recursion_on_the_rows",
    "topological_order recursion_with_a_raised_limit",
    "unbroadcast number_of_each_entry",
    "unbroadcast torch_sum_to_size",
}
#: Statements that the run of an example takes, at most: far fewer than take a tenth of a second.
MOST_STEPS = 2000


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
    for variant in course(lab).variants:
        if variant.right:
            found[variant.slug][variant.name] = variant.source
    return found


ANSWERS = [
    pytest.param(lab, slug, name, id=f"{slug}-{name}", marks=[] if name == "reference" else pytest.mark.long)
    for lab in lab_names()
    for slug in asked(lab)
    for name in right_answers(lab)[slug]
]


@pytest.mark.parametrize("lab", lab_names())
def test_three_to_five_exercises_of_a_lab_have_questions(lab: str) -> None:
    assert 3 <= len(asked(lab)) <= 5


@pytest.mark.long
def test_no_letter_and_no_outcome_is_right_most_of_the_time() -> None:
    letters: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    for lab in lab_names():
        for slug, example in asked(lab).items():
            for name, source in right_answers(lab)[slug].items():
                if f"{slug} {name}" in SILENT:
                    continue
                names = dict(names_of(lab))
                exec(source, names)
                for question in questions_about(source, slug, Example(example), names):
                    letters[question.letter] += 1
                    if question.kind == "change":
                        outcomes[question.choices[question.right].text] += 1
    assert max(letters.values()) <= 0.35 * letters.total(), letters
    assert max(outcomes.values()) <= 0.5 * outcomes.total(), outcomes
    assert len(outcomes) >= 6, outcomes


@pytest.mark.parametrize(("lab", "slug", "name"), ANSWERS)
def test_a_right_answer_is_asked_about_and_printing_confirms_what_is_right(lab: str, slug: str, name: str) -> None:
    source, example, names = right_answers(lab)[slug][name], asked(lab)[slug], dict(names_of(lab))
    exec(source, names)
    if f"{slug} {name}" in SILENT:
        with pytest.raises(NothingToAskError):
            questions_about(source, slug, Example(example), names)
        return
    questions = questions_about(source, slug, Example(example), names)
    assert 1 <= len(questions) <= 2
    for question in questions:
        texts = [choice.text.replace(" ", "") for choice in question.choices]
        assert len(set(texts)) == len(texts) == 4
        assert all(choice.why for choice in question.choices)
        assert confirmed(question, source, slug, example, names), question
    assert run(subject_of(source, slug).code, Example(example), names).steps < MOST_STEPS
