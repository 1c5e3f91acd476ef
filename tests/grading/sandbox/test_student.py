from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coursekit.checking import NotWrittenError, StudentError
from coursekit.checking.calls import Call
from coursekit.checking.plain import equal
from coursekit.grading.sandbox import RemoteStudent, Session

DEFINITIONS = """
import numpy as np, os, time
calls = 0
def double(x, scale=2):
    return scale * np.asarray(x)
def spoil(x):
    x[0] = 7
    return x
def fail(x):
    return 1 / x
kept = np.zeros(1)
def buffer():
    kept[0] += 1
    return kept
def lies(x):
    return [x.flags.c_contiguous, x.flags.f_contiguous, x.flags.writeable]
def stub(x):
    raise NotImplementedError
def later(x):
    return stub(x)
def count():
    global calls
    calls += 1
    return calls
def warn(x):
    return np.log(x)
def hang():
    while True:
        time.sleep(1)
def nap():
    time.sleep(0.5)
    return 1
def hang_on():
    while True:
        try:
            time.sleep(100)
        except BaseException:
            pass
def leave():
    os._exit(0)
def leave_politely():
    raise SystemExit
def interrupt():
    raise KeyboardInterrupt
def thing():
    return object()
def large():
    return np.zeros(10**7)
def deep():
    value = []
    for _ in range(100):
        value = [value]
    return value
def uses_double(x):
    return double(x) + 1
class Counter:
    def __init__(self): self.n = 0
    def more(self): self.n += 1; return self.n
not_a_function = 3
"""


@pytest.fixture(autouse=True)
def defined(session: Session) -> None:
    assert session.run_cell(DEFINITIONS).error == ""


def test_a_function_is_called_with_copies(student: RemoteStudent) -> None:
    given = np.arange(3.0)
    assert equal(student.call("double", given), np.array([0.0, 2.0, 4.0]))
    assert equal(student.call("double", given, scale=-1.0), -given)
    student.call("spoil", given)
    assert (student.report.changed, student.report.shared) == (("x",), ("x",))
    assert given[0] == 0


def test_calls_in_a_row_are_one_request_and_each_may_fail(student: RemoteStudent) -> None:
    zeros = np.zeros((2, 2))
    calls = [
        Call("double", (zeros + 1,)),
        Call("fail", (0,)),
        Call("thing"),
        Call("missing"),
        Call("buffer"),
        Call("buffer"),
    ]
    right, failed, unreadable, missing, early, late = student.replay(calls)
    assert equal(right.result, zeros + 2)
    assert [outcome.error.kind for outcome in (failed, unreadable, missing) if outcome.error] == [
        "ZeroDivisionError",
        "NotPlainError",
        "NotImplementedError",
    ]
    assert (right.kept, early.kept, late.kept) == (True, False, True)
    assert student.calls == ()


def test_arrays_lie_in_memory_as_a_call_says(student: RemoteStudent) -> None:
    layouts = ["", "fortran", "strided", "read-only"]
    calls = [Call("lies", kwargs={"x": np.ones((2, 3))}, layout=layout) for layout in layouts]
    assert [outcome.result for outcome in student.replay(calls)] == [
        [True, False, True],
        [False, True, True],
        [False, False, True],
        [True, False, False],
    ]


@pytest.mark.parametrize("name", ["leave", "hang"])
def test_a_call_in_a_row_that_ends_it_all_fails_them_all(student: RemoteStudent, name: str) -> None:
    with pytest.raises(StudentError, match="could not be called to the end"):
        student.replay([Call("double", (1,)), Call(name)])
    assert student.call("double", 2) == 4


def test_warnings_are_reported(student: RemoteStudent) -> None:
    student.call("warn", np.zeros(1))
    assert student.report.warnings[0].startswith("RuntimeWarning: divide by zero")
    student.call("double", 1)
    assert student.report.warnings == ()


@pytest.mark.parametrize(
    ("name", "args", "kind", "part"),
    [
        ("fail", (0,), "ZeroDivisionError", "return 1 / x"),
        ("double", (1, 2, 3), "TypeError", "takes from 1 to 2"),
        ("leave_politely", (), "SystemExit", "SystemExit"),
        ("interrupt", (), "KeyboardInterrupt", "KeyboardInterrupt"),
        ("thing", (), "NotPlainError", "'object'"),
        ("deep", (), "NotPlainError", "nested deeper"),
        ("not_a_function", (), "TypeError", "'int'"),
        ("hang", (), "NoReply", "did not come back within 1 s"),
        ("hang_on", (), "NoReply", "did not come back within 1 s"),
        ("leave", (), "NoReply", "ended the process"),
    ],
)
def test_a_call_that_fails_says_why_and_is_the_only_one(
    student: RemoteStudent, name: str, args: tuple[Any, ...], kind: str, part: str
) -> None:
    with pytest.raises(StudentError) as caught:
        student.call(name, *args)
    assert caught.value.kind == kind
    assert part in caught.value.got
    assert student.call("double", 2) == 4


def test_a_result_that_is_too_large_fails_and_says_how_large(session: Session) -> None:
    # To copy 80 MB takes a busy machine longer than other calls may take.
    student = RemoteStudent(session.answerer, {}, call_s=15, budget_s=16)
    with pytest.raises(StudentError) as caught:
        student.call("large")
    assert "80,000," in caught.value.got
    assert student.call("double", 2) == 4
    student.close()


@pytest.mark.parametrize(("name", "missing", "is_there"), [("nobody", "nobody", False), ("later", "stub", True)])
def test_what_is_not_written_is_named(student: RemoteStudent, name: str, missing: str, is_there: bool) -> None:
    with pytest.raises(NotWrittenError) as caught:
        student.call(name, 1)
    assert (caught.value.name, caught.value.defined) == (missing, is_there)


def test_time_for_all_calls_together_is_limited(session: Session) -> None:
    student = RemoteStudent(session.answerer, {}, call_s=0.4, budget_s=0.5)
    gots = []
    for _ in range(3):
        with pytest.raises(StudentError) as caught:
            student.call("hang")
        gots.append(caught.value.got)
    assert "within 0.4 s" in gots[0]
    assert "used up" in gots[2]


def test_a_busy_machine_gives_calls_more_time_and_says_so(monkeypatch: pytest.MonkeyPatch, session: Session) -> None:
    monkeypatch.setattr("coursekit.grading.sandbox.student.slowdown", lambda: 4.0)
    student = RemoteStudent(session.answerer, {}, call_s=0.25, budget_s=0.3)
    assert student.call("nap") == 1
    with pytest.raises(StudentError) as caught:
        student.call("hang")
    assert "since the machine was busy)" in caught.value.got
    student = RemoteStudent(session.answerer, {}, call_s=0.25, budget_s=1)
    with pytest.raises(StudentError, match="could not be called") as caught:
        student.call("hang")
    assert "within 0.25 s (1 s, since the machine was busy)" in caught.value.got


def test_what_calls_change_does_not_reach_the_cells(student: RemoteStudent, session: Session) -> None:
    assert [student.call("count"), student.call("count")] == [1, 2]
    student.close()
    assert session.run_cell("calls").outputs[0]["data"]["text/plain"] == "0"


def test_names_are_as_they_stand_at_the_check_cell(session: Session) -> None:
    first = RemoteStudent(session.answerer, {}, call_s=1, budget_s=1)
    assert first.call("double", 1) == 2
    first.close()
    session.run_cell("def double(x): return 99")
    second = RemoteStudent(session.answerer, {}, call_s=1, budget_s=1)
    assert second.call("double", 1) == 99
    second.close()


def more(Counter: Any, times: int, step: int = 1) -> list[int]:
    """A probe."""
    counter = Counter()
    return [counter.more() * step for _ in range(times)]


def test_a_probe_runs_beside_the_code(student: RemoteStudent) -> None:
    assert student.run(more, times=3) == [1, 2, 3]
    assert student.run(more, times=1, step=5) == [5]


def test_a_probe_without_such_an_input_is_the_checks_own_mistake(student: RemoteStudent) -> None:
    with pytest.raises(TypeError, match="no parameter tymes"):
        student.run(more, tymes=3)


def test_the_text_of_an_answer_is_the_graders_own(student: RemoteStudent) -> None:
    assert student.source("f") == "def f(): ..."
    with pytest.raises(NotWrittenError):
        student.source("g")


def test_right_answers_stand_in_for_a_while(student: RemoteStudent) -> None:
    assert student.call("uses_double", 1) == 3
    with student.standing_in({"double": "def double(x):\n    return 10 * x"}):
        assert student.call("uses_double", 1) == 11
        with pytest.raises(StudentError):
            student.call("leave")
        assert student.call("uses_double", 2) == 21
    assert student.call("uses_double", 1) == 3


FORGERS = {
    "a garbled reply": "channel.end.sendall(b'x' * 100)",
    "a reply of another form": "channel.send([1, 2, 3])",
    "a reply without inputs": "channel.send({'value': {'result': 1}})",
    "inputs without names": "channel.send({'value': {'result': 1, 'inputs': {1: 2}, 'shared': [], 'warnings': []}})",
    "a reply that is too long": "channel.end.sendall(b'\\xff' * 16)",
    "an error that is none": "channel.send({'error': {'message': 3, 'kind': None, 'got': [], 'hint': ''}})",
}


@pytest.mark.parametrize("forged", FORGERS.values(), ids=FORGERS.keys())
def test_a_reply_that_is_no_good_fails_its_call_alone(student: RemoteStudent, session: Session, forged: str) -> None:
    session.run_cell(
        f"""
def forge():
    import gc
    from coursekit.grading.sandbox.runner import Answerer
    channel, = [found.channel for found in gc.get_objects() if isinstance(found, Answerer)]
    {forged}
    hang()
"""
    )
    with pytest.raises(StudentError) as caught:
        student.call("forge")
    assert caught.value.kind == "NoReply"
    assert student.call("double", 2) == 4
