"""Who checks the checks: what kept answers, right and wrong, must be worth in every lab."""

from __future__ import annotations

import ast
import functools
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from coursekit.cells import solution_sources
from coursekit.checking import Exercise, LocalStudent, Verdict, judge, lab_names, load_lab
from coursekit.variants import Variant, answered, names_defined
from tests.kept import course

ROOT = Path(__file__).parents[1]
SEEDS = (0, 1, 2)
MARKER = re.compile(r"check\(\"(\w+)\"\)")


@functools.cache
def verdict(name: str, slug: str, *, seed: int = 0, put_in: Variant | None = None) -> Verdict:
    """Judge an exercise of the reference notebook, in which one answer may have been put in place of its own."""
    changes = {} if put_in is None else {put_in.slug: put_in.source}
    student = LocalStudent(names_defined(answered(course(name).reference, changes)))
    return judge(course(name).lab.exercise(slug), student, seed=seed)


def failed_checks(of: Verdict) -> dict[str, str]:
    return {r.check.name: f"{r.message} {r.expected} {r.got}" for r in of.results if not r.passed}


LABS = lab_names()
EXERCISES = [(name, slug) for name in LABS for slug in load_lab(name).exercises]
VARIANTS = [(name, variant) for name in LABS for variant in course(name).variants]
RIGHT = [pytest.param(name, variant, id=f"{name}-{variant}") for name, variant in VARIANTS if variant.right]
WRONG = [pytest.param(name, variant, id=f"{name}-{variant}") for name, variant in VARIANTS if not variant.right]

each_lab = pytest.mark.parametrize("name", LABS)
each_exercise = pytest.mark.parametrize(("name", "slug"), EXERCISES)
# One seed takes minutes for all labs; `make trials` takes the second, `make weekly` the third.
_LATER = ([pytest.mark.long], [pytest.mark.long, pytest.mark.weekly])
_SEEDS = [SEEDS[0], *(pytest.param(s, marks=marks) for s, marks in zip(SEEDS[1:], _LATER, strict=True))]
each_seed = pytest.mark.parametrize("seed", _SEEDS)


def place_of(name: str, variant: Variant) -> str:
    return f"labs/{name}/{variant.slug}.py:{variant.line}"


# what answers are worth


@each_seed
@each_exercise
def test_the_reference_solution_scores_full_marks(name: str, slug: str, seed: int) -> None:
    found = verdict(name, slug, seed=seed)
    assert not failed_checks(found)
    assert found.score == course(name).lab.exercise(slug).points


@each_seed
@each_exercise
def test_the_untouched_student_notebook_scores_nothing(name: str, slug: str, seed: int) -> None:
    student = LocalStudent(names_defined(course(name).released))
    found = judge(course(name).lab.exercise(slug), student, seed=seed)
    assert found.not_written
    assert found.score == 0


@each_seed
@pytest.mark.parametrize(("name", "variant"), RIGHT)
def test_a_right_answer_scores_full_marks(name: str, variant: Variant, seed: int) -> None:
    failed = failed_checks(verdict(name, variant.slug, seed=seed, put_in=variant))
    assert not failed, f"{place_of(name, variant)} is kept as right, and fails {failed}"


@each_seed
@pytest.mark.parametrize(("name", "variant"), WRONG)
def test_a_wrong_answer_is_caught_by_the_check_beside_it(name: str, variant: Variant, seed: int) -> None:
    found = verdict(name, variant.slug, seed=seed, put_in=variant)
    caught = ", ".join(failed_checks(found)) or "no check"
    place = place_of(name, variant)
    assert variant.caught_by in failed_checks(found), f"{place}: {variant.caught_by} lets it pass; {caught} fails it"
    assert found.score < found.exercise.points
    assert all(result.hint and result.message for result in found.results if not result.passed), place


@pytest.mark.long
@pytest.mark.parametrize(("name", "variant"), WRONG)
def test_a_wrong_answer_costs_nothing_in_the_exercises_that_use_it(name: str, variant: Variant) -> None:
    users = [slug for slug, exercise in course(name).lab.exercises.items() if variant.slug in exercise.stand_ins]
    assert {slug: failed_checks(verdict(name, slug, put_in=variant)) for slug in users} == {slug: {} for slug in users}


@each_lab
def test_no_answer_uses_an_exercise_that_has_no_stand_in(name: str) -> None:
    """Neither the reference answers nor those kept as right: else a mistake would be paid for twice."""
    answers = [*solution_sources(course(name).reference).items()]
    answers += [(variant.slug, variant.source) for variant in course(name).variants if variant.right]
    exercises = course(name).lab.exercises
    uses = {(slug, used) for slug, source in answers if slug in exercises for used in names_in(source) & {*exercises}}
    assert [(slug, used) for slug, used in sorted(uses) if used != slug and used not in exercises[slug].stand_ins] == []


@each_exercise
def test_no_stand_in_is_itself_an_answer(name: str, slug: str) -> None:
    exercise = course(name).lab.exercise(slug)
    for stand_in in exercise.stand_ins:
        borrowed = f"def {slug}(*inputs, **named):\n    return {stand_in}(*inputs, **named)\n"
        student = LocalStudent(names_defined(answered(course(name).reference, {slug: borrowed})))
        passed = [result.check for result in judge(exercise, student).results if result.passed]
        assert all(check.visible for check in passed), stand_in


def names_in(source: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}


@each_exercise
def test_missing_answers_cost_nothing_in_an_exercise_that_is_answered(name: str, slug: str) -> None:
    stubs = {other: stub for other, stub in solution_sources(course(name).released).items() if other != slug}
    student = LocalStudent(names_defined(answered(course(name).reference, stubs)))
    assert failed_checks(judge(course(name).lab.exercise(slug), student)) == {}


@each_exercise
def test_a_verdict_does_not_depend_on_the_order_of_the_checks(name: str, slug: str) -> None:
    exercise, variant = course(name).lab.exercise(slug), course(name).of(slug, right=False)[0]
    backward = replace(exercise, checks=exercise.checks[::-1])
    student = LocalStudent(names_defined(answered(course(name).reference, {slug: variant.source})))
    assert judge(backward, student).results[::-1] == verdict(name, slug, put_in=variant).results


@each_exercise
def test_without_hidden_checks_the_reference_solution_passes_too(name: str, slug: str) -> None:
    student = LocalStudent(names_defined(course(name).reference))
    assert not failed_checks(judge(load_lab(name).exercise(slug), student))


# what is kept


@each_exercise
def test_every_exercise_keeps_answers_of_both_kinds(name: str, slug: str) -> None:
    assert len(course(name).of(slug, right=True)) >= 2
    assert len(course(name).of(slug, right=False)) >= 4


@each_lab
def test_answers_are_kept_for_exercises_that_exist(name: str) -> None:
    assert {variant.slug for variant in course(name).variants} == set(course(name).lab.exercises)


@each_exercise
def test_every_check_is_the_one_that_catches_some_wrong_answer(name: str, slug: str) -> None:
    """Not each is named beside one, but each must fail for one: a check that nothing fails checks nothing."""
    wrong = course(name).of(slug, right=False)
    idle = {check.name for check in course(name).lab.exercise(slug).checks} - {variant.caught_by for variant in wrong}
    for variant in wrong:
        if not idle:
            break
        idle -= failed_checks(verdict(name, slug, put_in=variant)).keys()
    assert not idle, f"labs/{name}/{slug}.py: no wrong answer fails {sorted(idle)}: add one, or leave the check out"


# checks and notebooks


@each_lab
def test_the_notebooks_cells_have_the_points_and_the_order_of_the_checks(name: str) -> None:
    expected = [(slug, exercise.points) for slug, exercise in course(name).lab.exercises.items()]
    for notebook in (course(name).reference, course(name).released):
        graded = [(cell, cell["metadata"].get("nbgrader", {})) for cell in notebook["cells"]]
        check_cells = [(cell, meta) for cell, meta in graded if meta.get("grade") and not meta["solution"]]
        texts = ["".join(cell["source"]) for cell, _ in check_cells]
        slugs = [match[1] for match in map(MARKER.search, texts) if match]
        assert [(slug, meta["points"]) for slug, (_, meta) in zip(slugs, check_cells, strict=True)] == expected
        assert [meta["grade_id"] for _, meta in check_cells] == [f"check_{slug}" for slug in slugs]


@each_lab
def test_progress_is_shown_below_the_last_check_and_not_run_for_grading(name: str) -> None:
    cells = course(name).released["cells"]
    texts = ["".join(cell["source"]) for cell in cells]
    shown = texts.index("coursekit.progress()")
    assert "explore" in cells[shown]["metadata"]["tags"]
    assert all(place < shown for place, text in enumerate(texts) if MARKER.search(text))
    assert any(text.startswith("import coursekit\n") or "\nimport coursekit\n" in text for text in texts)


@each_lab
def test_every_exercise_has_a_solution_cell_above_its_check_cell(name: str) -> None:
    for notebook in (course(name).reference, course(name).released):
        ids = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in notebook["cells"]]
        assert all(ids.index(f"check_{slug}") == ids.index(slug) + 1 for slug in course(name).lab.exercises)


@each_exercise
def test_every_exercise_has_visible_and_hidden_checks(name: str, slug: str) -> None:
    visible = Counter(check.visible for check in course(name).lab.exercise(slug).checks)
    assert visible[True] >= 2
    assert visible[False] >= 1


@each_lab
def test_nothing_is_left_to_be_written(name: str) -> None:
    """`coursekit new` marks with TODO what an author has yet to say or to decide."""
    paths = sorted((ROOT / "labs" / name).glob("*.py"))
    lines = [(p, n, line) for p in paths for n, line in enumerate(p.read_text(encoding="utf-8").splitlines(), 1)]
    left = [f"{p.relative_to(ROOT)}:{n}: {line.strip()}" for p, n, line in lines if "TODO" in line]
    if left:
        pytest.fail("Still to be written:\n" + "\n".join(left), pytrace=False)


@each_lab
def test_names_of_checks_are_unique(name: str) -> None:
    names = Counter(check.name for exercise in course(name).lab.exercises.values() for check in exercise.checks)
    assert [check for check, count in names.items() if count > 1] == []


@each_lab
def test_no_check_is_lost_to_another_of_the_same_name(name: str) -> None:
    """A second check of a name replaces the first within a file, so count them in the text."""
    paths = [ROOT / "src" / "coursekit" / "checks" / f"{name}.py", ROOT / "autograde" / "hidden" / f"{name}.py"]
    nodes = [node for path in paths for node in ast.parse(path.read_text(encoding="utf-8")).body]
    written = [
        n.name for n in nodes if isinstance(n, ast.FunctionDef) and any(_calls("checks", d) for d in n.decorator_list)
    ]
    in_forms = [ast.unparse(n.targets[0]) for n in nodes if isinstance(n, ast.Assign) and _calls("forms", n.value)]
    # Where hidden checks are loaded, their calls are made in other forms, too.
    written += [*in_forms, *(f"{name}_on_other_data" for name in in_forms)]
    found = [check.name for exercise in course(name).lab.exercises.values() for check in exercise.checks]
    assert sorted(written) == sorted(found)


def _calls(function: str, node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function


@each_exercise
def test_stand_ins_are_earlier_exercises(name: str, slug: str) -> None:
    order = list(course(name).lab.exercises)
    exercise: Exercise = course(name).lab.exercise(slug)
    assert all(order.index(stand_in) < order.index(slug) for stand_in in exercise.stand_ins)
