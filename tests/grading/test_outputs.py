from __future__ import annotations

from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from coursekit.grading.outputs import as_outputs

GOOD: list[dict[str, Any]] = [
    {"output_type": "stream", "name": "stdout", "text": "a"},
    {"output_type": "stream", "name": "stderr", "text": "b"},
    {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["1", "2"]},
    {
        "output_type": "display_data",
        "data": {"text/plain": "x", "image/png": "AAAA"},
        "metadata": {"image/png": {"width": 10}},
    },
    {"output_type": "execute_result", "data": {"text/html": "<b>"}, "metadata": {}, "execution_count": 3},
]


def test_a_notebooks_outputs_are_taken_as_they_are() -> None:
    assert as_outputs(GOOD) == GOOD


@pytest.mark.parametrize(
    "found",
    [
        None,
        "text",
        {"output_type": "stream"},
        [1, "x", None, [], {}],
        [{"output_type": "comm_msg"}],
        [{"output_type": ["stream"]}],
        [{"output_type": "display_data", "data": []}],
        [{"output_type": "display_data", "data": {}}],
        [{"output_type": "display_data", "data": {"application/javascript": "alert(1)"}}],
        [{"output_type": "display_data", "data": {"application/vnd.coursekit.verdict+json": {"score": 9}}}],
        [{"output_type": "display_data", "data": {"text/plain": 3}}],
    ],
    ids=str,
)
def test_what_no_notebook_may_hold_is_dropped(found: Any) -> None:
    assert as_outputs(found) == []


@pytest.mark.parametrize(
    "found",
    [
        {"output_type": "stream", "name": 3, "text": None},
        {"output_type": "stream", "name": "../x", "text": "\ud800"},
        {"output_type": "error", "ename": None, "evalue": 3, "traceback": "text"},
        {"output_type": "error", "ename": "\udfff", "evalue": "x", "traceback": [1, None]},
        {"output_type": "execute_result", "data": {"text/plain": "x"}, "metadata": [], "execution_count": "1"},
        {"output_type": "execute_result", "data": {"text/plain": "x"}, "metadata": {"text/plain": {"width": "9"}}},
    ],
    ids=str,
)
def test_what_is_taken_makes_a_valid_notebook(found: dict[str, Any]) -> None:
    outputs = as_outputs([found])
    assert len(outputs) == 1
    notebook = nbformat.from_dict(new_notebook(cells=[new_code_cell("x", outputs=outputs)]))
    nbformat.validate(notebook)
    nbformat.writes(notebook).encode("utf-8")


@pytest.mark.parametrize("size", [float("nan"), float("inf"), -1, 10**4000, True, "9"])
def test_a_size_that_is_none_is_dropped(size: object) -> None:
    shown = {"output_type": "display_data", "data": {"text/plain": "x"}, "metadata": {"text/plain": {"width": size}}}
    assert as_outputs([shown])[0]["metadata"] == {}


@pytest.mark.parametrize("count", [-1, 10**4000, True, 1.0])
def test_a_count_that_is_none_is_dropped(count: object) -> None:
    result = {"output_type": "execute_result", "data": {"text/plain": "x"}, "execution_count": count}
    assert as_outputs([result])[0]["execution_count"] is None
