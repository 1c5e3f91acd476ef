"""Sandboxes that tests share, and what they run in them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from coursekit.grading.sandbox import BUBBLEWRAP, NONE, Limits, RemoteStudent, Sandbox, Session

SMALL = Limits(
    cell_s=4, call_s=1, submission_s=20, memory_mib=256, processes=32, file_mib=4, scratch_mib=8, output_kib=16
)
needs_bubblewrap = pytest.mark.skipif(shutil.which("bwrap") is None, reason="needs bubblewrap")


@pytest.fixture(scope="session", params=[pytest.param(BUBBLEWRAP, marks=needs_bubblewrap), NONE])
def either(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A sandbox with small limits: a real one, and none."""
    sandbox = Sandbox(mode=request.param, limits=SMALL)
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="session")
def _walls() -> Iterator[list[Sandbox]]:
    opened: list[Sandbox] = []
    yield opened
    for sandbox in opened:
        sandbox.close()


@pytest.fixture
def walls(_walls: list[Sandbox]) -> Sandbox:
    """A real sandbox with small limits; a new one if a test has used the last one up."""
    if shutil.which("bwrap") is None:
        pytest.skip("needs bubblewrap")
    if not _walls or not _walls[-1].alive:
        _walls.append(Sandbox(limits=SMALL))
    return _walls[-1]


@pytest.fixture
def session(either: Sandbox) -> Iterator[Session]:
    """A submission."""
    with either.session() as session:
        yield session


@pytest.fixture
def student(session: Session) -> Iterator[RemoteStudent]:
    """The student of that submission."""
    student = RemoteStudent(session.answerer, {"f": "def f(): ..."}, call_s=1, budget_s=3)
    yield student
    student.close()
