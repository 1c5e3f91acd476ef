from __future__ import annotations

import pytest

from coursekit.authoring import lab_source
from coursekit.authoring.modules import module_bytes
from coursekit.errors import SourceError
from tests.authoring.conftest import Course

ASK = "# %% ask\nn = 3\nx = [1.0] * n\ndouble(x)\n\n"
CELL = '# %% tags=["explore"]\nask("double", answer=None)\n\n'


def with_ask(lab: dict[str, str], section: str = ASK, cell: str = CELL) -> dict[str, str]:
    text = lab["double.py"]
    assert "# %% visible" in text
    return {**lab, "double.py": text.replace("# %% visible", f"{cell}{section}# %% visible", 1)}


def test_the_input_goes_into_the_visible_module_as_a_text(course: Course, whole_lab: dict[str, str]) -> None:
    text = (module_bytes(lab_source(course.write(with_ask(whole_lab))), "visible") or b"").decode()
    assert 'ASKED = {\n    "double": """\nn = 3\nx = [1.0] * n\ndouble(x)\n""",\n}' in text
    hidden = (module_bytes(lab_source(course.root / "labs" / "01_lab"), "hidden") or b"").decode()
    assert "ASKED" not in hidden


@pytest.mark.parametrize(
    ("section", "cell", "said"),
    [
        ("", CELL, "there is no input for that"),
        (ASK, "", "no cell asks with this input"),
        ("# %% ask\nx = 3\n\n", CELL, "must be an expression that calls double"),
        ("# %% ask\n\n", CELL, "must be an expression that calls double"),
        ("# %% ask\ntriple(3)\n\n", CELL, "must be an expression that calls double"),
        ("# %% ask\ndouble(3\n\n", CELL, "not valid Python"),
        ('# %% ask\ndouble("\\n")\n\n', CELL, "backslash"),
        ("# %% ask\ndouble(3)  # three\n\n", CELL, "comment"),
        (f"# %% ask\ndouble({'1 + ' * 30}1)\n\n", CELL, "at most 88"),
        (ASK + ASK, CELL, "second section"),
        ("# %% ask me\ndouble(3)\n\n", CELL, "write it as '# %% ask'"),
    ],
)
def test_what_is_wrong_with_an_input_stops_the_build(
    course: Course, whole_lab: dict[str, str], section: str, cell: str, said: str
) -> None:
    with pytest.raises(SourceError, match=said):
        lab_source(course.write(with_ask(whole_lab, section, cell)))
