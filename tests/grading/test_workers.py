from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from concurrent.futures import CancelledError, Future
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from coursekit.errors import CourseError
from coursekit.grading.execution import Job, Run
from coursekit.grading.workers import Workers, open_workers

LAB = "01_softmax"
KILL_THE_PARENT = "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)"


def job(source: str) -> Job:
    return Job(nbformat.writes(new_notebook(cells=[new_code_cell(source)])), LAB, "", cell_timeout_s=60)


def outcomes(workers: Workers, *sources: str) -> list[tuple[str, str]]:
    """Run cells and return how each run ended and what it printed."""
    jobs = [job(source) for source in sources]
    futures = [workers.submit(job) for job in jobs]
    runs = [workers.result(future, job) for future, job in zip(futures, jobs, strict=True)]
    printed = [nbformat.reads(run.notebook, as_version=4).cells[0].outputs for run in runs]
    return [(run.ended, outputs[0].text if outputs else "") for run, outputs in zip(runs, printed, strict=True)]


@pytest.mark.parametrize("jobs", [0, -2])
def test_fewer_than_one_job_is_refused(jobs: int) -> None:
    with pytest.raises(CourseError, match=f"--jobs must be at least 1; got {jobs}"), open_workers(jobs, None):
        pass


def test_processes_run_notebooks_side_by_side() -> None:
    with open_workers(2, None) as workers:
        assert outcomes(workers, "print(1)", "print(2)") == [("", "1\n"), ("", "2\n")]


def test_a_notebook_that_kills_the_process_above_it_loses_only_itself() -> None:
    with open_workers(1, None) as workers:
        got = outcomes(workers, "print(1)", KILL_THE_PARENT, "print(2)")
        assert got == [("", "1\n"), ("crashed", ""), ("", "2\n")]
        assert outcomes(workers, "print(3)") == [("", "3\n")]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(RuntimeError("no memory"), "RuntimeError: no memory"), (CancelledError(), "CancelledError")],
)
def test_a_run_that_is_lost_for_any_reason_is_a_crash(error: Exception, outcome: str) -> None:
    future: Future[Run] = Future()
    future.set_exception(error)
    with open_workers(1, None) as workers:
        run = workers.result(future, job("1"))
    assert run.ended == "crashed"
    assert outcome in run.message


def test_workers_without_coursekit_are_no_fault_of_the_students() -> None:
    future: Future[Run] = Future()
    future.set_exception(ModuleNotFoundError("No module named 'coursekit'"))
    with open_workers(1, None) as workers, pytest.raises(CourseError, match="Install coursekit for the workers"):
        workers.result(future, job("1"))


def interrupted() -> None:
    with open_workers(1, None) as workers:
        workers.submit(job("import time\ntime.sleep(600)"))
        raise KeyboardInterrupt


def test_an_interrupt_stops_what_is_running() -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert multiprocessing.active_children() == []


SCRIPT = """
from coursekit.grading.workers import open_workers
from coursekit.errors import CourseError
try:
    with open_workers(1, None) as workers:
        workers.submit(None)
except CourseError as error:
    print(error)
"""


def test_a_script_without_a_main_guard_is_told_of_it(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    done = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "if __name__ == '__main__'" in done.stdout


class Idle:
    """A client of a Dask scheduler that has no workers."""

    def __init__(self, address: str, **options: object) -> None:
        self.nthreads = dict

    def __enter__(self) -> Idle:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def test_a_scheduler_without_workers_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("distributed.Client", Idle)
    with pytest.raises(CourseError, match=r"no workers.*dask worker tcp://h:1"), open_workers(None, "tcp://h:1"):
        pass


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "carrier-pigeon://coop"])
def test_no_scheduler_at_an_address_is_said(address: str) -> None:
    with pytest.raises(CourseError, match=r"No Dask scheduler answers.*dask scheduler"), open_workers(None, address):
        pass


def test_the_number_of_cores_is_the_default() -> None:
    with open_workers(None, None) as workers:
        assert workers.room >= len(os.sched_getaffinity(0))
