from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from coursekit.checking.calls import Call
from coursekit.checking.skipped import skipped_in
from coursekit.grading.sandbox import EndedError, LostError, Sandbox, Session
from coursekit.grading.sandbox.session import CellRun
from coursekit.grading.sandbox.wire import ClosedError


def kinds(done: CellRun) -> list[str]:
    return [output["output_type"] for output in done.outputs]


def texts(done: CellRun) -> str:
    return "".join(output["text"] for output in done.outputs if output["output_type"] == "stream")


def test_cells_share_their_names_and_count_on(session: Session) -> None:
    session.run_cell("x = 2")
    (output,) = session.run_cell("x + 1").outputs
    assert output["output_type"] == "execute_result"
    assert (output["data"]["text/plain"], output["execution_count"]) == ("3", 2)


def test_outputs_are_those_of_a_notebook(session: Session) -> None:
    done = session.run_cell(
        "import sys, os\nfrom IPython.display import HTML, display\n"
        "print('a'); print('b'); print('c', file=sys.stderr)\n"
        "display(HTML('<b>d</b>'))\nos.system('echo e')\n1 / 0"
    )
    assert kinds(done) == ["stream", "stream", "display_data", "error", "stream"]
    assert [output.get("text") for output in done.outputs[:2]] == ["a\nb\n", "c\n"]
    assert done.outputs[2]["data"]["text/html"] == "<b>d</b>"
    assert (done.outputs[3]["ename"], done.error) == ("ZeroDivisionError", "ZeroDivisionError")
    assert done.outputs[4]["text"] == "e\n"


def test_figures_are_shown(session: Session) -> None:
    done = session.run_cell("import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    assert "image/png" in done.outputs[0]["data"]


def test_a_display_can_be_updated_and_cleared(session: Session) -> None:
    done = session.run_cell(
        "from IPython.display import display, clear_output\n"
        "print('gone'); clear_output()\nh = display('first', display_id=True); h.update('second')"
    )
    assert [output["data"]["text/plain"] for output in done.outputs] == ["'second'"]


def test_what_a_labs_checks_wish_for_is_imported_before_a_submission_comes() -> None:
    sandbox = Sandbox(mode="none", lab="04_cnn")
    try:
        with sandbox.session() as session:
            done = session.run_cell(
                "import sys\nprint([n in sys.modules for n in ('coursekit.checks.04_cnn', 'torch._dynamo')])"
            )
    finally:
        sandbox.close()
    assert texts(done) == "[True, True]\n"


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("def f(:", "SyntaxError"),
        ("import sys; sys.exit(3)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("input('name?')", "StdinNotImplementedError"),
        ("import getpass; getpass.getpass()", "StdinNotImplementedError"),
        ("%nonsense", "UsageError"),
        ("class E(BaseException): pass\nraise E", "E"),
        ("class E(Exception):\n    def __str__(self): raise ValueError\nraise E", "E"),
        ("def f(): f()\nf()", "RecursionError"),
        ("raise ValueError('x' * 10**7)", "ValueError"),
    ],
)
def test_a_cell_that_fails_is_followed_by_others(session: Session, source: str, error: str) -> None:
    done = session.run_cell(source)
    assert error in (done.error, done.error or texts(done))
    assert session.run_cell("1").error == ""


@pytest.mark.parametrize(
    "source",
    [
        "print('x' * 10**7)",
        "for i in range(10**4): print('x' * 100)",
        "from IPython.display import display\nfor i in range(2000): display(i)",
        "from IPython.display import HTML, display\nfor i in range(100): display(HTML('x' * 10**4))",
        "import os\nos.system('yes | head -c 1000000')",
    ],
)
def test_a_flood_of_output_is_cut_off(session: Session, source: str) -> None:
    done = session.run_cell(source)
    assert len(str(done.outputs)) < 150_000
    assert done.error == ""


def test_a_cell_out_of_time_is_interrupted_and_keeps_what_it_printed(session: Session) -> None:
    done = session.run_cell("print('begun')\nwhile True: pass")
    assert done.timed_out
    assert "begun" in texts(done)
    assert session.run_cell("print('on')").outputs[0]["text"] == "on\n"


@pytest.mark.parametrize(
    "source",
    [
        "import time\nwhile True:\n    try: time.sleep(9)\n    except BaseException: pass",
        pytest.param(
            "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: time.sleep(1)",
            marks=pytest.mark.long,
        ),
        pytest.param("sum(range(10**13))", marks=pytest.mark.long),
        pytest.param("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", marks=pytest.mark.long),
    ],
    ids=["swallows", "ignores", "never looks", "sleeps"],
)
def test_a_cell_that_cannot_be_interrupted_ends_the_submission(session: Session, source: str) -> None:
    with pytest.raises(EndedError, match="could not be interrupted") as caught:
        session.run_cell(source)
    assert caught.value.status == "timeout"


@pytest.mark.parametrize(
    ("source", "how"),
    [
        ("import os; os._exit(7)", "exit code 7"),
        ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
        ("import os; os.abort()", "SIGABRT"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
    ],
)
def test_a_process_that_dies_ends_the_submission(session: Session, source: str, how: str) -> None:
    with pytest.raises(EndedError, match=how) as caught:
        session.run_cell(source)
    assert caught.value.status == "crashed"
    with pytest.raises(EndedError):
        session.run_cell("1")


def test_the_time_of_all_cells_together_is_limited(either: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    with either.session() as session:
        session._deadline -= either.limits.submission_s - 0.2
        session.run_cell("import time; time.sleep(0.1)")
        with pytest.raises(EndedError, match="All its cells together") as caught:
            session.run_cell("time.sleep(0.5)")
    assert caught.value.status == "timeout"


def test_a_snapshot_outlives_later_cells(session: Session) -> None:
    session.run_cell("def f(): return 1")
    snapshot = session.snapshot()
    session.run_cell("def f(): return 2")
    for _ in range(2):
        with contextlib.closing(snapshot.answerer()) as answerer:
            answerer.send({"do": "call", "call": Call("f").as_plain()})
            reply: Any = answerer.receive(timeout_s=2)
            assert reply["value"]["result"] == 1
    snapshot.close()


def test_a_snapshot_outlives_the_process_that_it_was_taken_of(session: Session) -> None:
    session.run_cell("def f(): return 1")
    snapshot = session.snapshot()
    with pytest.raises(EndedError):
        session.run_cell("import os; os._exit(1)")
    with contextlib.closing(snapshot.answerer()) as answerer:
        answerer.send({"do": "call", "call": Call("f").as_plain()})
        reply: Any = answerer.receive(timeout_s=2)
        assert reply["value"]["result"] == 1
    snapshot.close()


def test_a_snapshot_that_is_gone_is_noticed(session: Session) -> None:
    snapshot = session.snapshot()
    snapshot._channel.send({"do": "cell", "source": "import os; os._exit(1)", "count": None, "looks": None})
    with contextlib.suppress(ClosedError):
        snapshot._channel.receive(timeout_s=2)
    with pytest.raises(EndedError, match="is gone"):
        snapshot.answerer()
    snapshot.close()


def test_the_statements_after_one_that_fails_are_run_and_each_failure_is_told(session: Session) -> None:
    done = session.run_cell("import nothing_of_that_name\nx = 1\n\ndef f():\n    return 1 / 0\n\nf()\n%nonsense\nx + 1")
    assert [(stop.line, stop.kind) for stop in done.stops] == [
        (1, "ModuleNotFoundError"),
        (5, "ZeroDivisionError"),
        (8, "UsageError"),
    ]
    assert done.stops[0].text == "No module named 'nothing_of_that_name'"
    assert done.outputs[-1]["data"]["text/plain"] == "2"


def test_a_statement_that_only_a_later_python_can_read_is_left_out(session: Session) -> None:
    newer = [
        "type Row = list[float]",
        "def first[T](x: list[T]) -> T:\n    return x[0]",
        "except_ = 1\nclass Box[T]: pass",
    ]
    for source in newer:
        done = session.run_cell(f"a = 1\n{source}\nb = 2\nprint(a + b)")
        if done.stops:
            (stop,) = done.stops
            assert stop.kind == "SyntaxError"
            assert "newer than Python" in stop.text
        assert texts(done) == "3\n"


def test_a_mistake_that_no_python_can_read_keeps_the_cell_from_being_run(session: Session) -> None:
    (stop,) = session.run_cell("print(1)\nretrun 2").stops
    assert (stop.line, stop.kind, "newer" in stop.text) == (2, "SyntaxError", False)
    assert "retrun 2" in stop.text


def test_of_a_cell_to_look_at_what_it_defines_and_what_was_added_is_run(session: Session) -> None:
    released = "import struct\ndata = [1] * struct.calcsize('I')\nprint(data)\nSIZES = (1, 2)\ndef f(): return SIZES"
    skipped = [sorted(skipped_in(released))]
    session.run_cell(released + "\nadded = len(SIZES)", skipped=skipped)
    done = session.run_cell("print('data' in globals(), f(), struct.__name__, added)")
    assert texts(done) == "False (1, 2) struct 2\n"


def test_garbage_in_place_of_outputs_ends_the_submission(session: Session) -> None:
    forge = """
import gc
from coursekit.grading.sandbox.runner import Runner
runner, = [found for found in gc.get_objects() if isinstance(found, Runner)]
runner.channel.end.sendall(b"x" * 100)
"""
    with pytest.raises(EndedError, match="garbled"):
        session.run_cell(forge)


def test_a_sandbox_that_is_killed_is_lost_and_not_the_submissions_end(walls: Sandbox) -> None:
    sandbox = Sandbox(limits=walls.limits)
    bubblewrap = sandbox._process.pid
    (supervisor,) = Path(f"/proc/{bubblewrap}/task/{bubblewrap}/children").read_text().split()
    with sandbox.session() as session:
        os.kill(int(supervisor), signal.SIGKILL)
        with pytest.raises(LostError):
            session.run_cell("1")
    assert not sandbox.alive
    with pytest.raises(LostError), sandbox.session():
        pass


def test_a_process_without_its_grader_ends_with_all_that_it_runs(walls: Sandbox) -> None:
    sandbox = Sandbox(limits=walls.limits)
    with contextlib.suppress(LostError, EndedError), sandbox.session() as session:
        session.run_cell("import subprocess; subprocess.Popen(['setsid', 'sleep', '4321.5'])")
        sandbox._control.close()
    sandbox.close()
    running = [path.read_text() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert not any("4321.5" in line for line in running)
