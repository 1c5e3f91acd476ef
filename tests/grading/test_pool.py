from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import CancelledError, Future
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from coursekit.errors import CourseError
from coursekit.grading.execution import Job, Run
from coursekit.grading.limits import Limits
from coursekit.grading.pool import Pool, open_pool
from coursekit.grading.sandbox import NONE

LAB = "01_softmax"
RELEASED = new_notebook(cells=[new_markdown_cell("A lab.", id="head")])


def job(source: str) -> Job:
    notebook = new_notebook(cells=[*RELEASED.cells, new_code_cell(source, id="mine")])
    content = nbformat.writes(notebook).encode()
    return Job(content, "x.ipynb", LAB, json.dumps(RELEASED), "", sandbox=NONE, limits=Limits(cell_s=60))


def outcomes(pool: Pool, *sources: str) -> list[tuple[str, str]]:
    """Run cells and return how each run ended and what it printed."""
    jobs = [job(source) for source in sources]
    futures = [pool.submit(job) for job in jobs]
    runs = [pool.result(future, job) for future, job in zip(futures, jobs, strict=True)]
    outputs = [nbformat.from_dict(run.graded.notebook).cells[-1].get("outputs") for run in runs]
    return [(run.status, found[0].text if found else "") for run, found in zip(runs, outputs, strict=True)]


@pytest.mark.parametrize("jobs", [0, -2])
def test_fewer_than_one_job_is_refused(jobs: int) -> None:
    with pytest.raises(CourseError, match=f"--jobs must be at least 1; got {jobs}"), open_pool(jobs, None):
        pass


def test_processes_grade_side_by_side() -> None:
    with open_pool(2, None) as pool:
        assert outcomes(pool, "print(1)", "print(2)") == [("graded", "1\n"), ("graded", "2\n")]


def graders() -> list[int]:
    """List the processes that grade for this one."""
    lines = {path.parent.name: path.read_text() for path in Path("/proc").glob("[0-9]*/stat")}
    parents = {int(pid): int(line.rpartition(") ")[2].split()[1]) for pid, line in lines.items()}
    return [p.pid for p in multiprocessing.active_children() if p.pid in parents and "spawn" in command(p.pid)]


def command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


@pytest.mark.long
def test_a_process_that_is_killed_costs_time_and_no_grades() -> None:
    with open_pool(2, None) as pool:
        assert outcomes(pool, "print(0)") == [("graded", "0\n")]
        jobs = [job(f"import time; time.sleep(1); print({i})") for i in range(3)]
        futures = [pool.submit(job) for job in jobs]
        time.sleep(0.5)
        os.kill(graders()[0], signal.SIGKILL)
        runs = [pool.result(future, job) for future, job in zip(futures, jobs, strict=True)]
        assert [run.status for run in runs] == ["graded"] * 3
        assert outcomes(pool, "print(3)") == [("graded", "3\n")]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(RuntimeError("no memory"), "RuntimeError: no memory"), (CancelledError(), "CancelledError")],
)
def test_a_run_that_is_lost_for_any_reason_is_a_crash(error: Exception, outcome: str) -> None:
    future: Future[Run] = Future()
    future.set_exception(error)
    with open_pool(1, None) as pool:
        run = pool.result(future, job("1"))
    assert run.status == "crashed"
    assert outcome in run.message


def test_workers_without_coursekit_are_no_fault_of_the_students() -> None:
    future: Future[Run] = Future()
    future.set_exception(ModuleNotFoundError("No module named 'coursekit'"))
    with open_pool(1, None) as pool, pytest.raises(CourseError, match="Install coursekit for the workers"):
        pool.result(future, job("1"))


def interrupted() -> None:
    with open_pool(1, None) as pool:
        pool.submit(job("import time\ntime.sleep(600)"))
        raise KeyboardInterrupt


def test_an_interrupt_stops_what_is_running() -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert multiprocessing.active_children() == []


SCRIPT = """
from coursekit.grading.pool import open_pool
from coursekit.errors import CourseError
try:
    with open_pool(1, None) as pool:
        pool.result(pool.submit(None), None)
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
    with pytest.raises(CourseError, match=r"no workers.*dask worker tls://h:1"), open_pool(None, "tls://h:1"):
        pass


@pytest.mark.parametrize(
    "address", ["tcp://10.0.0.7:8786", "scheduler:8786", "tcp://127.0.0.1.example.org:1", "ws://h:1"]
)
def test_a_scheduler_that_does_not_encrypt_takes_a_word_that_the_network_is_trusted(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CourseError, match=r"not encrypted.*tls://.*--trust-network"), open_pool(None, address):
        pass
    monkeypatch.setattr("distributed.Client", Idle)
    with pytest.raises(CourseError, match="no workers"), open_pool(None, address, trust_network=True):
        pass


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "carrier-pigeon://coop"])
def test_no_scheduler_at_an_address_is_said(address: str) -> None:
    with pytest.raises(CourseError, match=r"No Dask scheduler answers.*dask scheduler"), open_pool(None, address):
        pass


def test_the_number_of_cores_is_the_default() -> None:
    with open_pool(None, None) as pool:
        assert pool.room >= len(os.sched_getaffinity(0))
