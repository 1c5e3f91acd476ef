"""Lies about what is measured in a student's own process earn no more than the wrong answer; honest work all it can."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.attacks.lying import CONTROLS, LIES, Lie, outcome
from tests.attacks.ordinary import as_ordinary_user

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("lying")]

PROGRAM = [sys.executable, str(Path(__file__).with_name("lying.py"))]
UNWALLED = [lie for lie in LIES if not lie.sandboxed]


def _name(lie: Lie) -> str:
    return f"{lie.kind}: {lie.name}"


@pytest.fixture(params=["whoever runs the tests", "an ordinary user"], scope="module")
def outcomes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What came of each, by its name."""
    if shutil.which("bwrap") is None:
        pytest.skip("needs bubblewrap")
    if request.param == "an ordinary user":
        folder = tmp_path_factory.mktemp("ordinary")
        for parent in (folder, *folder.parents[:2]):
            parent.chmod(0o755)
        done = as_ordinary_user(PROGRAM, folder)
        if done is None:
            pytest.skip("needs root, and a Python that others can read")
    else:
        done = subprocess.run(PROGRAM, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("lie", LIES, ids=_name)
def test_a_lie_earns_no_more_than_the_wrong_answer(outcomes: dict[str, Any], lie: Lie) -> None:
    found = outcomes[_name(lie)]
    assert found["score"] <= found["twin"], found["said"]
    assert bool(found["noticed"]) == lie.noticed, found["noticed"]


@pytest.mark.parametrize("control", CONTROLS, ids=_name)
def test_honest_work_loses_nothing_and_is_not_listed(outcomes: dict[str, Any], control: Lie) -> None:
    found = outcomes[_name(control)]
    assert (found["score"], found["noticed"]) == (found["twin"], []), found["said"]


@pytest.mark.parametrize("lie", [lie for lie in UNWALLED if lie.kind in ("hiding", "borrowing")], ids=_name)
def test_without_a_sandbox_a_lie_earns_nothing_either(lie: Lie) -> None:
    found = outcome(lie, sandbox="none")
    assert found["score"] <= found["twin"], found["said"]
