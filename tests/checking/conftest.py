"""A student's notebook to check, made of the text of its cells."""

from __future__ import annotations

import itertools
import linecache
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from coursekit.checking import LocalStudent

_numbers = itertools.count(1)


@pytest.fixture
def cells() -> Iterator[Callable[..., LocalStudent]]:
    """A function that runs cells as IPython does, with their text on file, and gives the student behind them."""
    names: list[str] = []

    def run(*sources: str) -> LocalStudent:
        namespace: dict[str, Any] = {"np": np, "__name__": "__main__"}
        for source in map(textwrap.dedent, sources):
            name = f"<cell {next(_numbers)}>"
            names.append(name)
            linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
            exec(compile(source, name, "exec", dont_inherit=True), namespace)
        return LocalStudent(namespace)

    yield run
    for name in names:
        linecache.cache.pop(name, None)
