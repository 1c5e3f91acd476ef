from __future__ import annotations

from typing import Any

import pytest

from coursekit.grading import answers
from coursekit.grading.answers import answered_in, functions_of, perhaps_answered_in, sources_of

STUB = "def f():\n    raise NotImplementedError"


def solution(source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": "f",
        "metadata": {"nbgrader": {"solution": True, "grade_id": "f"}},
        "source": source,
    }


def own(source: str, cell_id: str = "extra-1", kind: str = "code") -> dict[str, Any]:
    return {"cell_type": kind, "id": cell_id, "metadata": {}, "source": source}


RELEASED = {"cells": [own("import numpy as np", "setup"), solution(STUB)]}


@pytest.mark.parametrize(
    "cells",
    [
        [solution("x = 1")],
        [solution(STUB), own("def f(): return 1")],
        [solution(STUB), own("class f: pass")],
        [solution(STUB), own("f = lambda: 1")],
        [solution(STUB), own("from torch import softmax as f")],
        [solution(STUB), own("%time\nif True:\n    f = g")],
        [
            solution(STUB),
            own("%%writefile mine.py\ndef f(): return 1", "extra-1"),
            own("from mine import *", "extra-2"),
        ],
        [solution(STUB), own("exec('def f(): return 1')")],
        [solution(STUB), own("globals()['f'] = make('f')")],
        [solution(STUB), own("def make():\n    global f\n    f = 1\nmake()")],
        [own("def f(): return 1", "setup"), solution(STUB)],
    ],
)
def test_a_changed_cell_or_a_definition_elsewhere_is_an_answer(cells: list[dict[str, Any]]) -> None:
    assert answered_in({"cells": cells}, RELEASED, ["f"]) == {"f"}


@pytest.mark.parametrize(
    "cells",
    [
        [solution(STUB)],
        [solution(f"{STUB}\n")],
        [],
        [solution(STUB), own("f()")],
        [solution(STUB), own("# def f(): ...\ng = 'f = 1'")],
        [solution(STUB), own("def g():\n    f = 1")],
        [solution(STUB), own("def f(:")],
        [solution(STUB), own("%%script echo left out\ndef f(): return 1")],
        [solution(STUB), own("f = 1\n" + "#" * 100_000)],
        [solution(STUB), own("def f(): return 1", kind="markdown")],
    ],
)
def test_what_is_as_released_or_only_mentions_the_name_is_none(cells: list[dict[str, Any]]) -> None:
    assert answered_in({"cells": cells}, RELEASED, ["f"]) == set()


@pytest.mark.parametrize(
    "source",
    [
        "class All:\n    def f(): ...\nglobals().update(vars(All))",
        "def my_f(): ...\nfor each in [my_f]:\n    globals()[each.__name__[3:]] = each",
        "open('mine.py', 'w').write('def f(): ...')\nfrom mine import *",
        "open('mine.py', 'w').write('def f(): ...')\n%run mine.py",
        "exec(open('f.py').read())",
        "get_ipython().user_ns |= {'f': print}",
        "import __main__\nsetattr(__main__, 'f', print)",
    ],
)
def test_a_cell_may_bind_what_its_text_does_not_show(source: str) -> None:
    assert answered_in({"cells": [solution(STUB), own(source)]}, RELEASED, ["f"]) == set()
    assert perhaps_answered_in({"cells": [solution(STUB), own(source)]}, RELEASED, ["f", "other"]) == {"f"}


@pytest.mark.parametrize("source", ["from numpy import *\nf()", "print(globals()['f'])", "# f", "g = vars(f)"])
def test_a_cell_that_only_reads_names_binds_none(source: str) -> None:
    assert perhaps_answered_in({"cells": [solution(STUB), own(source)]}, RELEASED, ["f"]) == set()


def test_names_and_texts_of_a_notebook() -> None:
    notebook = {
        "cells": [own("import numpy as np", "setup"), solution("def g(): ..."), own("class H: ...\ndef _i(): ...")]
    }
    assert functions_of(notebook, RELEASED) == ["g", "H", "_i"]
    assert sources_of(notebook) == {"f": "def g(): ..."}


def test_each_cell_is_read_once_for_all_exercises(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def bound_in(source: str, *, unseen: bool) -> frozenset[str]:
        read.append(source)
        return frozenset()

    monkeypatch.setattr(answers, "_bound_in", bound_in)
    cells = [own(f"# f g h {i}", f"extra-{i}") for i in range(300)]
    notebook = {"cells": [*cells, solution(STUB), own("check('f')", "check")]}
    assert answered_in(notebook, RELEASED, ["f", "g", "h"]) == set()
    assert len(read) <= 302
    read.clear()
    assert sources_of(notebook) == {"f": STUB}
    assert len(read) <= 302


def test_very_many_functions_are_not_all_looked_at() -> None:
    many = own("".join(f"def f{i}(): 0\n" for i in range(3000)) + f"def {'g' * 5000}(): 0")
    assert functions_of({"cells": [many]}, RELEASED) == [f"f{i}" for i in range(500)]
