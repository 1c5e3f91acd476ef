from __future__ import annotations

import shutil
import stat
import struct
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from coursekit.errors import LmsError
from coursekit.lms import archive, collect, placing
from tests.lms.conftest import Zipped

LAB = "01_softmax"
GOOD = "good_1_1_01_softmax.ipynb"


@pytest.fixture
def everything_around(course: Path) -> set[Path]:
    return set(course.parent.rglob("*"))


def sent(course: Path, student: str) -> dict[str, str]:
    """What is in a student's folder, but for the notes of where it came from."""
    folder = course / "submitted" / student / LAB
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in ("lms.json", "timestamp.txt"))
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


@pytest.mark.parametrize(
    "name",
    [
        "../evil_2_2_01_softmax.ipynb",
        "/tmp/evil_2_2_01_softmax.ipynb",
        "a/../../evil_2_2_01_softmax.ipynb",
        "..\\evil_2_2_01_softmax.ipynb",
        "C:\\evil_2_2_01_softmax.ipynb",
        "../Evil_2_assignsubmission_file_/lab.ipynb",
    ],
)
def test_a_path_that_leads_out_is_passed_over_and_nothing_is_written_there(
    course: Path, zipped: Zipped, name: str
) -> None:
    file = zipped({name: "evil", GOOD: "good"})
    around = set(course.parent.rglob("*"))
    collection = collect(LAB, file, course=course)
    assert [row.student for row in collection.students] == ["1"]
    assert any("its path leads out of the folder" in note for note in collection.notes)
    new = set(course.parent.rglob("*")) - around
    assert all(path.is_relative_to(course / "submitted") for path in new)
    assert {path.read_text() for path in new if path.suffix == ".ipynb"} == {"good"}


def test_a_link_in_a_zip_is_passed_over(course: Path, tmp_path: Path) -> None:
    link = zipfile.ZipInfo("evil_2_2_01_softmax.ipynb")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "links.zip", "w") as packed:
        packed.writestr(link, "/etc/passwd")
        packed.writestr(GOOD, "good")
    collection = collect(LAB, tmp_path / "links.zip", course=course)
    assert [row.note for row in collection.students][1] == "new; nothing could be taken: it is a link"
    assert sent(course, "2") == {"01_softmax.ipynb.not-collected.txt": "01_softmax.ipynb: it is a link.\n"}


def test_an_encrypted_file_is_passed_over(course: Path, zipped: Zipped) -> None:
    file = zipped({GOOD: "good", "b_2_2_01_softmax.ipynb": "b"})
    content = bytearray(file.read_bytes())
    # The second file's flags, in the list at the end.
    at = content.rindex(b"PK\x01\x02") + 8
    content[at : at + 2] = struct.pack("<H", 1)
    file.write_bytes(content)
    collection = collect(LAB, file, course=course)
    assert collection.students[1].lacks == "nothing could be taken: it is encrypted"
    assert list(sent(course, "2")) == ["01_softmax.ipynb.not-collected.txt"]


def test_a_damaged_file_costs_its_student_alone(course: Path, zipped: Zipped) -> None:
    file = zipped({GOOD: "good", "b_2_2_01_softmax.ipynb": "unmistakable"})
    file.write_bytes(file.read_bytes().replace(b"unmistakable", b"unmistakably"))
    collection = collect(LAB, file, course=course)
    assert {row.student: row.lacks.partition(":")[0] for row in collection.students} == {
        "1": "",
        "2": "nothing could be taken",
    }
    assert list(sent(course, "2")) == ["01_softmax.ipynb.not-collected.txt"]


def test_a_bomb_is_not_unpacked(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_SIZE_BYTES", 1000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("bomb_2_2_01_softmax.ipynb", b" " * 100_000)
        packed.writestr(GOOD, "good")
    collection = collect(LAB, tmp_path / "bomb.zip", course=course)
    assert collection.students[1].lacks == "nothing could be taken: it has 100,000 bytes; the most is 1,000"


def test_a_bomb_that_lies_about_its_size_is_not_unpacked_further(course: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "liar.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("bomb_2_2_01_softmax.ipynb", b" " * 100_000)
        packed.writestr(GOOD, "good")
    content = (tmp_path / "liar.zip").read_bytes()
    (tmp_path / "liar.zip").write_bytes(content.replace(struct.pack("<L", 100_000), struct.pack("<L", 10)))
    collection = collect(LAB, tmp_path / "liar.zip", course=course)
    assert collection.students[1].lacks.startswith("nothing could be taken: it is damaged")


def test_what_the_disk_has_no_room_for_is_refused_before_anything_is_written(
    course: Path, zipped: Zipped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=14))
    with pytest.raises(LmsError, match="The notebooks have 15 bytes, and there are 14 free"):
        collect(LAB, zipped({f"s_{i}_{i}_01_softmax.ipynb": "12345" for i in range(1, 4)}), course=course)
    assert not (course / "submitted").exists()


def test_of_many_large_attachments_of_one_student_the_notebook_is_taken(
    course: Path, zipped: Zipped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "MAX_SIZE_BYTES", 12)
    videos = {f"s_1_{i}_video.mp4": "1234567890" for i in range(2, 5)}
    collection = collect(LAB, zipped({"s_1_1_01_softmax.ipynb": "12345", **videos}), course=course)
    assert collection.students[0].note == "new; passed over video.mp4"
    assert sent(course, "1") == {"01_softmax.ipynb": "12345"}


def test_more_files_than_any_class_has_are_too_much(
    course: Path, zipped: Zipped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MAX_ENTRIES", 2)
    with pytest.raises(LmsError, match="holds 3 files; the most is 2"):
        collect(LAB, zipped({f"s_{i}_{i}_01_softmax.ipynb": "" for i in range(1, 4)}), course=course)


def test_a_huge_name_is_taken_and_shown_shortened(course: Path, zipped: Zipped) -> None:
    name = "ä" * 20_000
    collection = collect(LAB, zipped({f"{name}_2_2_01_softmax.ipynb": "x", f"{name}.txt": ""}), course=course)
    assert collection.students[0].note == "new"
    assert all(len(note) < 200 for note in collection.notes)


def test_an_empty_zip_and_no_zip_are_refused_in_words(course: Path, zipped: Zipped, tmp_path: Path) -> None:
    (tmp_path / "page.zip").write_text("<html>Please log in</html>")
    with pytest.raises(LmsError, match=r"cannot be read as a zip: File is not a zip file. Give the file that Canvas"):
        collect(LAB, tmp_path / "page.zip", course=course)
    with pytest.raises(LmsError, match="cannot be read as a zip: No such file"):
        collect(LAB, tmp_path / "absent.zip", course=course)
    with pytest.raises(LmsError, match="is empty: nobody's work is in it"):
        collect(LAB, zipped({}), course=course)


def test_what_a_mac_adds_is_not_worth_a_word(course: Path, zipped: Zipped) -> None:
    file = zipped({f"submissions/{GOOD}": "good", f"__MACOSX/submissions/._{GOOD}": "", "submissions/.DS_Store": ""})
    collection = collect(LAB, file, course=course)
    assert (len(collection.students), collection.notes) == (1, ())


def test_a_number_of_thousands_of_digits_is_passed_over(course: Path, zipped: Zipped) -> None:
    digits = "9" * 4400
    names = (f"a_1_{digits}_x.ipynb", f"a_{digits}_1_x.ipynb", f"A_{digits}_assignsubmission_file_/x.ipynb")
    collection = collect(LAB, zipped(dict.fromkeys(names, "evil") | {GOOD: "good"}), course=course)
    assert [row.student for row in collection.students] == ["1"]
    assert sum("not named as Canvas does" in note for note in collection.notes) == len(names)
