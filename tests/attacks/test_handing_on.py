"""Nothing that a submission can write outlives it, whoever grades."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.attacks.handing_on import PAIRS
from tests.attacks.ordinary import USERS, run_as

pytestmark = pytest.mark.long

PROGRAM = [sys.executable, str(Path(__file__).with_name("handing_on.py"))]


@pytest.fixture(params=USERS, scope="module")
def arrived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the second submission of each pair has printed."""
    outcomes: dict[str, str] = json.loads(run_as(request.param, PROGRAM, tmp_path_factory))
    return outcomes


@pytest.mark.parametrize("name", PAIRS)
def test_nothing_reaches_the_next_submission(arrived: dict[str, str], name: str) -> None:
    assert arrived[name] == "looked"
