from __future__ import annotations

import json
from typing import Any

import pytest

from coursekit.grading.saved_outputs import without_outputs


def skipped(data: Any) -> Any:
    return json.loads(without_outputs(json.dumps(data).encode()))


def test_outputs_are_skipped_whatever_is_in_them() -> None:
    output = {"data": {"text": ['a "quoted" ] bracket\\', "[[", "é"], "nested": [[{"outputs": [1, [2]]}]]}}
    cells: list[dict[str, object]] = [{"source": "x", "outputs": [output, output]}, {"outputs": [], "source": "y"}]
    empty: list[dict[str, object]] = [{**cell, "outputs": []} for cell in cells]
    assert skipped({"cells": cells, "nbformat": 4}) == {"cells": empty, "nbformat": 4}


@pytest.mark.parametrize("source", ['"outputs": [1]', '\\"outputs\\": [', 'x = {"outputs": ["]"]}', "\\", '"'])
def test_what_only_looks_like_outputs_in_a_text_stays(source: str) -> None:
    data = {"cells": [{"source": source, "outputs": []}]}
    assert skipped(data) == data


def test_outputs_that_are_no_list_stay() -> None:
    data = {"outputs": {"a": [1]}, "cells": ["outputs", 3]}
    assert skipped(data) == data


@pytest.mark.parametrize(
    "content",
    [b"", b'"', b'{"outputs": [', b'{"outputs": [[]', b'{"outputs": ["]', b'"outputs"', b"]", b'"\\', b"\xff" * 10],
)
def test_what_is_no_json_stays_as_it_is(content: bytes) -> None:
    assert without_outputs(content) == content


def test_more_brackets_than_any_notebook_has_are_not_followed() -> None:
    content = b'{"outputs": [' + b"[]," * 1_000_000 + b"1]}"
    assert without_outputs(content) == content
