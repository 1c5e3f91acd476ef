"""The process that reads for the grader: what takes too long or too much ends there, and the next is read."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from coursekit.grading.reader import UnreadableError, read_apart


def test_a_function_is_called_with_plain_data_elsewhere() -> None:
    assert read_apart("os:getpid") != os.getpid()
    assert read_apart("coursekit.text:printable", "a\x1b[1m") == "a\\x1b[1m"
    assert read_apart("builtins:len", np.zeros(3, np.uint8)) == 3


@pytest.mark.parametrize(
    ("task", "argument", "cause"),
    [
        ("time:sleep", 30, "takes more than 0.5 s to read"),
        ("builtins:bytearray", 2**31, "takes more than 128 MiB of memory to read"),
        ("os:_exit", 3, "ends the process that reads it"),
        ("os:abort", None, "ends the process that reads it"),
        ("builtins:int", "ten", "cannot be read (ValueError"),
        ("nowhere:nothing", None, "cannot be read (ModuleNotFoundError"),
    ],
    ids=["time", "memory", "exit", "signal", "error", "no such module"],
)
def test_what_cannot_be_read_is_told_and_the_next_is_read(task: str, argument: object, cause: str) -> None:
    arguments = () if argument is None else (argument,)
    began = time.monotonic()
    with pytest.raises(UnreadableError) as caught:
        read_apart(task, *arguments, seconds=0.5, memory_mib=128)
    assert cause in str(caught.value)
    assert time.monotonic() - began < 10
    assert read_apart("builtins:abs", -1) == 1


def test_what_hangs_in_c_code_is_ended_too() -> None:
    with pytest.raises(UnreadableError, match="takes more than"):
        read_apart("re:fullmatch", "(a|a)*b", "a" * 60, seconds=0.5)


def test_a_reader_that_is_killed_costs_time_and_nothing_else() -> None:
    os.kill(read_apart("os:getppid"), signal.SIGKILL)
    assert read_apart("builtins:abs", -1) == 1


def test_a_fork_that_is_killed_once_is_made_again(tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    script = f"import os; os.path.exists({str(flag)!r}) or (open({str(flag)!r}, 'w').close(), os.kill(os.getpid(), 9))"
    assert read_apart("builtins:exec", script) is None
    assert flag.exists()
