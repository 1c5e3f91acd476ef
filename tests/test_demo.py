from __future__ import annotations

import shutil

import pytest

from coursekit import demo
from coursekit.grading.sandbox import BUBBLEWRAP, NONE


def test_where_there_is_a_sandbox_the_class_is_graded_in_it() -> None:
    if shutil.which("bwrap") is None:
        pytest.skip("needs bubblewrap")
    said: list[str] = []
    assert demo._sandbox("01_softmax", said.append) == BUBBLEWRAP
    assert said == []


def test_where_there_is_none_the_class_is_graded_without_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    said: list[str] = []
    assert demo._sandbox("01_softmax", said.append) == NONE
    assert "can be trusted" in said[0]
    assert "bwrap" in said[0]
