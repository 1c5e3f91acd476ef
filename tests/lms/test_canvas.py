from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from coursekit.lms.canvas import parse_upload
from coursekit.lms.people import Upload


@pytest.mark.parametrize(
    ("name", "upload"),
    [
        ("garciaana_4711_90210_lab.ipynb", Upload("4711", "garciaana", "lab.ipynb", False, 90210)),
        ("garciaana_LATE_4711_90210_lab-1.ipynb", Upload("4711", "garciaana", "lab-1.ipynb", True, 90210)),
        ("garcía_lópezana_4711_9_my_lab_2.ipynb", Upload("4711", "garcía_lópezana", "my_lab_2.ipynb", False, 9)),
        ("王芳_4711_9_01_softmax.ipynb", Upload("4711", "王芳", "01_softmax.ipynb", False, 9)),
        ("anon_Ab3dE_9_lab.ipynb", Upload("anon_Ab3dE", "", "lab.ipynb", False, 9)),
        ("LATE_anon_Ab3dE_9_lab.ipynb", Upload("anon_Ab3dE", "", "lab.ipynb", True, 9)),
        ("garciaana_4711_text.html", Upload("4711", "garciaana", "text.html", False, 0)),
        ("lab.ipynb", None),
        ("01_softmax.ipynb", None),
        ("garciaana_lab.ipynb", None),
    ],
)
def test_a_name_is_read_as_canvas_writes_it(name: str, upload: Upload | None) -> None:
    assert parse_upload(PurePosixPath("submissions", name)) == upload
