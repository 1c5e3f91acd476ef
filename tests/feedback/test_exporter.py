from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.feedback.conftest import LAB


def test_nbgrader_writes_the_same_pages(
    copied: Path, pages: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from nbgrader.apps import GenerateFeedbackApp

    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(copied / "jupyter"))
    app = GenerateFeedbackApp()
    with contextlib.chdir(copied):
        app.initialize([LAB, "--log-level=ERROR"])
        app.start()
    found = {file.parts[-3]: file.read_text() for file in (copied / "feedback").glob(f"*/{LAB}/{LAB}.html")}
    assert found == pages
