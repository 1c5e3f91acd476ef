"""Nothing that a submission can write outlives it, whoever grades."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.attacks.handing_on import PAIRS
from tests.attacks.ordinary import as_ordinary_user

pytestmark = pytest.mark.long

PROGRAM = [sys.executable, str(Path(__file__).with_name("handing_on.py"))]


@pytest.fixture(params=["whoever runs the tests", "an ordinary user"], scope="module")
def arrived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the second submission of each pair has printed."""
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
    outcomes: dict[str, str] = json.loads(done.stdout)
    return outcomes


@pytest.mark.parametrize("name", PAIRS)
def test_nothing_reaches_the_next_submission(arrived: dict[str, str], name: str) -> None:
    assert arrived[name] == "looked"
