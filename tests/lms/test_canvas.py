from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from coursekit.lms.canvas import feedback_name, read_names
from coursekit.lms.origin import Origin
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
    path = PurePosixPath("submissions", name)
    assert read_names([path], "01_softmax").get(path) == upload


TEAM = "team_2_4713_90212_{}"


@pytest.mark.parametrize(
    ("file", "known", "others"),
    [
        ("01_softmax.ipynb", (), ()),
        ("Untitled.ipynb", ("4713",), ()),
        ("Untitled.ipynb", (), ("otabo_4712_90211_x.ipynb", "garciaana_4711_90210_y.ipynb")),
    ],
)
def test_a_group_whose_name_ends_in_a_number_is_told_by_the_lab_by_the_roster_or_by_the_other_files(
    file: str, known: tuple[str, ...], others: tuple[str, ...]
) -> None:
    path = PurePosixPath(TEAM.format(file))
    found = read_names([path, *map(PurePosixPath, others)], "01_softmax", known)
    assert (found[path].number, found[path].name, found[path].file) == ("4713", "team_2", file)


def test_a_student_whose_file_begins_with_a_number_is_not_taken_for_a_group() -> None:
    path = PurePosixPath("otabo_4712_90211_2_final.ipynb")
    found = read_names([path, PurePosixPath("garciaana_4711_90210_y.ipynb")], "01_softmax")
    assert (found[path].number, found[path].file) == ("4712", "2_final.ipynb")


def test_feedback_is_named_so_that_the_first_two_numbers_are_the_users_and_the_files() -> None:
    origin = Origin("canvas", "4713", "team_2", "01_softmax.ipynb", True, 90212, "0", sender="4713")
    name = feedback_name(origin, "01_softmax")
    assert [part for part in name.split("_") if part.isdigit()][:2] == ["4713", "90212"]
    assert name == "team2_LATE_4713_90212_01_softmax.html"
    assert not feedback_name(replace(origin, file="text.html"), "01_softmax")
