from __future__ import annotations

import sys

import pytest

from coursekit.grading.sandbox.newer import is_newer, without_newer


def mistake(source: str) -> SyntaxError:
    try:
        compile(source, "<cell>", "exec")
    except SyntaxError as error:
        return error
    pytest.skip(f"Python {sys.version_info.major}.{sys.version_info.minor} can read it")


@pytest.mark.parametrize(
    "newer",
    [
        'print(f"{d["a"]}")',
        "print(f\"{'\\n'.join(x)}\")",
        "type Row = list[float]",
        "def first[T](x: list[T]) -> T:\n    return x[0]",
        "class Box[T]:\n    pass",
        "@wraps(f)\ndef g[T](x):\n\n    return x",
        "try:\n    pass\nexcept A, B:\n    pass",
        'name = t"{x}"',
    ],
)
def test_what_a_later_python_can_read_is_left_out_and_the_rest_stays(newer: str) -> None:
    source = f"a = 1\n{newer}\nb = 2"
    error = mistake(source)
    assert is_newer(error)
    rest = without_newer(source, error)
    assert rest.split() == ["a", "=", "1", "b", "=", "2"]
    assert rest.splitlines()[-1] == "b = 2"
    assert len(rest.splitlines()) == len(source.splitlines())


@pytest.mark.parametrize("source", ["retrun 1", "def f(:\n    pass", "x = (1", "if x\n    y", 'retrun f"{x}"'])
def test_what_no_python_can_read_is_not_newer(source: str) -> None:
    error = mistake(source)
    assert not is_newer(error)
    assert without_newer(source, error) == ""


def test_another_mistake_beside_it_keeps_the_cell_from_being_run() -> None:
    source = "type A = int\nretrun 1"
    assert without_newer(source, mistake(source)) == ""
