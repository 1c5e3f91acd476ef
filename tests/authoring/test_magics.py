from __future__ import annotations

import pytest

from coursekit.authoring.magics import uncomment_magics
from tests.authoring.conftest import Findings


def test_magics_are_uncommented_and_look_alikes_are_not() -> None:
    source = 'import a\n# %matplotlib inline\nx = """\n# %time\n"""\nif x:\n    # %time\n    pass\n# 5 % of x\n#%time'
    expected = source.replace("# %matplotlib inline", "%matplotlib inline")
    assert uncomment_magics(source) == expected


@pytest.mark.parametrize("name", ["time", "timeit -n 3", "capture output"])
def test_a_magic_for_the_whole_cell_is_uncommented(name: str) -> None:
    assert uncomment_magics(f"# %%{name}\nx = 1") == f"%%{name}\nx = 1"


@pytest.mark.parametrize(
    ("code", "line", "words"),
    [
        ("# %d is a format", 4, "'# %d' reads as a magic; legal are %autoreload"),
        ("# %%bash\n# ls", 4, "'# %%bash' reads as a magic; legal are %%capture"),
        ("x = 1\n# %%time\n", 5, "must be the cell's first line"),
        ("%matplotlib inline", 4, "Write a magic as a comment"),
        ("x = 1\n!ls", 5, "Write a magic as a comment"),
    ],
)
def test_what_only_looks_like_a_magic_is_refused(findings: Findings, code: str, line: int, words: str) -> None:
    [(found, message)] = findings(f"# %% [markdown]\n# # Title\n# %%\n{code}\n")
    assert found == line
    assert words in message
