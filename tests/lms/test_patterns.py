from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from coursekit.errors import LmsError
from coursekit.lms.patterns import NamedPattern, Pattern, known_patterns, read_names

LAB = "01_softmax"


@pytest.mark.parametrize("known", known_patterns(), ids=lambda known: known.pattern)
def test_each_known_system_reads_its_own_example_and_names_its_source(known: NamedPattern) -> None:
    path = PurePosixPath(known.example)
    upload = read_names(known.name, [path], LAB)[path]
    assert upload.key in ("Ana García", "agarcia")
    assert known.source


def test_blackboards_names_are_read_although_all_is_parted_by_underscores() -> None:
    names = [
        "Lab_1_softmax_first_last_attempt_2026-01-30-23-59-00_01_softmax.ipynb",
        "Lab_1_softmax_bo_attempt_2026-01-29-10-00-00_my_work.ipynb",
        "Lab_1_softmax_bo_attempt_2026-01-29-10-00-00.txt",
    ]
    found = read_names("blackboard", map(PurePosixPath, names), LAB)
    assert [upload.number for upload in found.values()] == ["first_last", "bo", "bo"]
    assert [upload.file for upload in found.values()][:2] == ["01_softmax.ipynb", "my_work.ipynb"]
    assert str(found[PurePosixPath(names[0])].handed_in) == "2026-01-30 23:59:00"


@pytest.mark.parametrize(
    ("folder", "name", "time"),
    [
        ("1-2 - Ana - María García - Jan 30, 2026 1159 PM", "Ana - María García", "2026-01-30 23:59:00"),
        ("1-2 - Ana García 3rd - Jan 30, 2026 1159 PM", "Ana García 3rd", "2026-01-30 23:59:00"),
        ("1-2 - Ana García - 30 janv. 2026 23 h 59", "Ana García", "None"),
    ],
)
def test_nobody_vanishes_for_a_hyphen_in_a_name_or_a_time_that_cannot_be_read(
    folder: str, name: str, time: str
) -> None:
    path = PurePosixPath(folder, "x.ipynb")
    upload = read_names("brightspace", [path], LAB)[path]
    assert (upload.name, str(upload.handed_in)) == (name, time)


@pytest.mark.parametrize(
    ("pattern", "path", "key", "file"),
    [
        ("{student}/{file}", "ana/mine/01.ipynb", "ana", "mine/01.ipynb"),
        ("{student}/…", "ana/01.ipynb", "ana", "01.ipynb"),
        ("{student}/...", "ana", "ana", ""),
        (
            "{lab} - {name}.ipynb",
            "01_softmax (1) - Ana García.ipynb",
            "Ana García",
            "01_softmax (1) - Ana García.ipynb",
        ),
        ("*/{student}_*.ipynb", "week 1/ana_final.ipynb", "ana", "ana_final.ipynb"),
        ("{assignment}/{assignment}-{student}/{file}", "lab-1/lab-1-ana-b/x.ipynb", "ana-b", "x.ipynb"),
    ],
)
def test_a_pattern_tells_whose_a_path_is(pattern: str, path: str, key: str, file: str) -> None:
    upload = Pattern(pattern, LAB).read_names([PurePosixPath(path)])[PurePosixPath(path)]
    assert (upload.key, upload.file) == (key, file)


def test_a_path_of_another_form_is_left_out() -> None:
    paths = map(PurePosixPath, ("README.md", "a/b/c.ipynb", "lab-1/lab-2-ana/x.ipynb"))
    assert not Pattern("{assignment}/{assignment}-{student}/{file}", LAB).read_names(paths)


@pytest.mark.parametrize("text", ["{who}/{file}", "{file}", "work/*", "{student", "student}", "{}/{student}"])
def test_a_pattern_that_tells_nothing_is_refused_with_what_is_legal(text: str) -> None:
    with pytest.raises(LmsError, match=r"such as '\{student\}/\{file\}'.*legal are \{student\}, \{name\}"):
        Pattern(text, LAB)
