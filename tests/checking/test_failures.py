from __future__ import annotations

import pytest

from coursekit.checking.failures import CheckFailure, NotWrittenError, StudentError


def test_every_text_of_a_failure_is_printable() -> None:
    failure = CheckFailure("\x1b", expected="\x1b", got="\x1b", hint="\x1b")
    assert {failure.message, failure.expected, failure.got, failure.hint} == {"\\x1b"}


@pytest.mark.parametrize(
    ("defined", "message", "hint"),
    [
        (True, "softmax is not written yet.", "Replace the line `raise NotImplementedError`."),
        (False, "softmax is not defined yet.", "Run the cell that defines it, then this one."),
    ],
)
def test_a_missing_answer_says_what_to_do(defined: bool, message: str, hint: str) -> None:
    failure = NotWrittenError("softmax", defined=defined)
    assert isinstance(failure, StudentError)
    assert (failure.message, failure.hint, failure.kind) == (message, hint, "NotImplementedError")
