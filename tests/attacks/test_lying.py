"""Lies about what is measured in a student's own process earn no more than the wrong answer; honest work all it can."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.attacks.lying import CONTROLS, LIES, SPEECH, Lie, outcome
from tests.attacks.ordinary import USERS, run_as

pytestmark = pytest.mark.long

PROGRAM = [sys.executable, str(Path(__file__).with_name("lying.py"))]
UNWALLED = [lie for lie in LIES if not lie.sandboxed]


def _name(lie: Lie) -> str:
    return f"{lie.kind}: {lie.name}"


@pytest.fixture(params=USERS, scope="module")
def outcomes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What came of each, by its name."""
    found: dict[str, Any] = json.loads(run_as(request.param, PROGRAM, tmp_path_factory))
    return found


@pytest.mark.parametrize("lie", LIES, ids=_name)
def test_a_lie_earns_no_more_than_the_wrong_answer(outcomes: dict[str, Any], lie: Lie) -> None:
    found = outcomes[_name(lie)]
    assert found["score"] <= found["twin"], found["said"]
    assert bool(found["noticed"]) == lie.noticed, found["noticed"]


@pytest.mark.parametrize("lie", [lie for lie in LIES if lie.noticed], ids=_name)
def test_what_is_noticed_is_said_in_no_words_of_the_students(outcomes: dict[str, Any], lie: Lie) -> None:
    known = r"The notebook (put something in place of [\w.()<>]+|uses [\w. ']+ while an answer is called)\."
    for sentence in outcomes[_name(lie)]["noticed"]:
        assert re.fullmatch(known, sentence)
        assert SPEECH not in sentence


@pytest.mark.parametrize("control", CONTROLS, ids=_name)
def test_honest_work_loses_nothing_and_is_not_listed(outcomes: dict[str, Any], control: Lie) -> None:
    found = outcomes[_name(control)]
    assert (found["score"], found["noticed"]) == (found["twin"], []), found["said"]


@pytest.mark.parametrize("lie", [lie for lie in UNWALLED if lie.kind in ("hiding", "borrowing")], ids=_name)
def test_without_a_sandbox_a_lie_earns_nothing_either(lie: Lie) -> None:
    found = outcome(lie, sandbox="none")
    assert found["score"] <= found["twin"], found["said"]
