from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from coursekit.doctor.trials import TRIAL_LIMITS, Outcome, try_sandbox
from coursekit.grading.sandbox import NONE, EndedError, LostError, Sandbox, why_unavailable
from coursekit.grading.sandbox.session import CellRun, Stop

NAMES = ["network", "your files", "your disk", "memory", "processes", "time"]


def outcomes(sandbox: Sandbox) -> dict[str, Outcome]:
    with contextlib.closing(sandbox):
        return {outcome.name: outcome for outcome in try_sandbox(sandbox)}


class Pretended:
    """A sandbox in which every cell has the same end."""

    def __init__(self, end: CellRun | Exception) -> None:
        self.end = end

    @contextlib.contextmanager
    def session(self) -> Iterator[Any]:
        yield self

    def run_cell(self, source: str) -> CellRun:
        if isinstance(self.end, Exception):
            raise self.end
        return self.end

    def close(self) -> None: ...


def held(end: CellRun | Exception) -> list[str]:
    """Return what is said to hold where every trial has this end."""
    return [name for name, outcome in outcomes(cast(Sandbox, Pretended(end))).items() if outcome.held]


def printing(text: str, *, name: str = "stdout") -> CellRun:
    return CellRun([{"output_type": "stream", "name": name, "text": text}])


@pytest.mark.skipif(bool(why_unavailable()), reason="needs a sandbox")
def test_the_sandbox_holds_in_every_trial() -> None:
    assert [outcome for outcome in outcomes(Sandbox(limits=TRIAL_LIMITS)).values() if not outcome.held] == []


@pytest.mark.long
def test_without_a_sandbox_and_with_wide_limits_every_trial_fails() -> None:
    found = outcomes(Sandbox(mode=NONE))
    assert {name: outcome.found for name, outcome in found.items()} == {
        "network": "can be reached",
        "your files": "can be read",
        "your disk": "can be written to",
        "memory": "is not limited",
        "processes": "are not limited in number",
        "time": "is not limited",
    }
    assert not any(outcome.held for outcome in found.values())


@pytest.mark.parametrize(
    ("end", "names"),
    [
        (printing("done\n"), []),
        (printing("refused\n"), ["network", "your files", "your disk", "processes"]),
        (EndedError("memory", "..."), ["memory"]),
        (CellRun([], (Stop(1, "MemoryError", ""),)), ["memory"]),
        (CellRun([], (Stop(1, "KeyboardInterrupt", ""),), timed_out=True), ["time"]),
        (EndedError("timeout", "..."), ["time"]),
        (EndedError("crashed", "..."), []),
        (LostError("gone"), []),
        (CellRun([], (Stop(1, "NameError", ""),)), []),
        (printing(""), []),
        (printing("refused", name="stderr"), []),
    ],
)
def test_a_trial_is_held_only_if_it_ended_as_it_should(end: CellRun | Exception, names: list[str]) -> None:
    assert held(end) == names


@pytest.mark.parametrize(
    ("end", "seen"),
    [(EndedError("crashed", "..."), "crashed"), (LostError("gone"), "gone"), (CellRun([], (Stop(1, "E", ""),)), "E")],
)
def test_an_unexpected_end_is_told(end: CellRun | Exception, seen: str) -> None:
    found = outcomes(cast(Sandbox, Pretended(end)))
    assert list(found) == NAMES
    assert found["network"].found == f"could not be tried; it ended in {seen!r}"


def test_the_trials_leave_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    home.mkdir()
    temporary.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    held(printing("done"))
    assert [*home.iterdir(), *temporary.iterdir()] == []


def test_a_user_without_a_home_can_try_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "nowhere"))
    assert "network" in held(printing("refused"))


def test_without_a_folder_to_try_it_on_there_is_no_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError):
        held(printing("refused"))
