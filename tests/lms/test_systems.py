"""Downloads of many systems, folders and groups, as they reach a course's submissions."""

from __future__ import annotations

import json
import shutil
import unicodedata
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from coursekit.cli import main
from coursekit.errors import CourseError, LmsError
from coursekit.grading import Course
from coursekit.grading.students import read_names
from coursekit.lms import Collection, collect
from tests.lms.conftest import Zipped

LAB = "01_softmax"
METADATA = """\
---
submission_271:
  :submitters:
  - :name: Seán O'Brien
    :sid: '100'
    :email: sean@uni.example
  :created_at: 2026-01-30 23:58:01.123456000 Z
  :score: 0.0
submission_272: !ruby/hash:ActiveSupport::HashWithIndifferentAccess
  :submitters:
  - :name: Ana García
    :sid: '101'
    :email: ana@uni.example
  - :name: 王小明
    :sid: '102'
    :email: xw@uni.example
  :created_at: 2026-01-30 22:00:00.000000000 Z
"""
CANVAS_ROSTER = (
    "Student,ID,SIS User ID,SIS Login ID,Section,01_softmax (5678)\n"
    '"García, Ana",4711,S-1,ana,A,\n"Ôta, Bo",4712,S-2,bo,A,\n'
    '"Nobody, Cy",4713,S-3,cy,A,\n"O\'Hara, Di",4714,S-4,di,A,\n'
)
TEAM_WORKSHEET = (
    "ID;Nombre completo;Dirección de correo;Estatus;Grupo;Calificación;Calificación máxima;Modificación;Última (envío);"
    "Última (calificación)\n"
    "Participante 71;Ana García;ana@uni.example;Enviado;Grupo A;;20,00;Sí;viernes, 30 de enero de 2026, 23:59;-\n"
    "Participante 72;Bo Ôta;bo@uni.example;Enviado;Grupo A;;20,00;Sí;viernes, 30 de enero de 2026, 23:59;-\n"
    "Participante 73;Cy Nadie;cy@uni.example;Sin envío;Grupo por defecto;;20,00;Sí;-;-\n"
)


@pytest.fixture(autouse=True)
def with_gradebook(course: Path, gradebook: Path) -> None:
    """Begin with a gradebook: making one takes seconds."""
    shutil.copy(gradebook, course / "gradebook.db")


def sent(course: Path) -> dict[str, dict[str, str]]:
    """What is in each student's folder, but for the notes of where it came from."""
    found: dict[str, dict[str, str]] = {}
    for folder in (course / "submitted").glob(f"*/{LAB}"):
        files = (path for path in folder.rglob("*") if path.is_file())
        texts = {path.relative_to(folder).as_posix(): path.read_text() for path in files}
        found[folder.parent.name] = {n: t for n, t in texts.items() if n not in ("lms.json", "timestamp.txt")}
    return found


def roster(tmp_path: Path, text: str, name: str = "roster.csv") -> Path:
    (tmp_path / name).write_text(text)
    return tmp_path / name


def unpacked(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def lacks(collection: Collection) -> dict[str, str]:
    return {row.student: row.lacks for row in collection.students if row.lacks}


def test_everybody_in_the_download_and_the_roster_has_a_folder_with_what_they_sent(
    course: Path, zipped: Zipped, tmp_path: Path
) -> None:
    file = zipped(
        {
            "garcíaana_4711_11_lab.zip": "PK\x03\x04",
            "ôtabo_4712_12_01_softmax.ipynb.txt": "{}",
            "ôtabo_4712_13_picture.png": "\x89PNG",
            "oharadi_4714_text.html": "<p>https://colab.research.google.com/drive/1</p>",
        }
    )
    collection = collect(LAB, file, course=course, roster=roster(tmp_path, CANVAS_ROSTER))
    assert {student: list(files) for student, files in sent(course).items()} == {
        "ana": ["lab.zip"],
        "bo": ["01_softmax.ipynb.txt"],
        "cy": [],
        "di": ["text.html"],
    }
    assert lacks(collection) == {
        "cy": "handed in nothing",
        "di": "no notebook, only text.html, a link to Google Drive, not the file that it leads to",
    }


def test_a_notebook_under_another_name_is_taken_beside_a_zip_of_pictures(course: Path, zipped: Zipped) -> None:
    names = ["figures.zip", "lab.json", "twice.ipynb.zip"]
    collect(LAB, zipped({f"anagarcia_4711_1{i}_{name}": name for i, name in enumerate(names[:2])}), course=course)
    collect(LAB, zipped({f"boota_4712_13_{names[2]}": "x", f"boota_4712_14_{names[1]}": "y"}, "b.zip"), course=course)
    assert {student: sorted(files) for student, files in sent(course).items()} == {
        "4711": ["figures.zip", "lab.json"],
        "4712": ["twice.ipynb.zip"],
    }


def test_names_of_the_roster_reach_the_gradebook(course: Path, zipped: Zipped, tmp_path: Path) -> None:
    file = zipped({"garcíaana_4711_11_01_softmax.ipynb": "a"})
    collect(LAB, file, course=course, roster=roster(tmp_path, CANVAS_ROSTER))
    assert read_names(Course(course)) == {"ana": "García, Ana", "bo": "Ôta, Bo", "cy": "Nobody, Cy", "di": "O'Hara, Di"}


def test_who_handed_in_nothing_and_does_so_later_gets_what_came_and_who_comes_not_again_keeps_it(
    course: Path, zipped: Zipped, tmp_path: Path
) -> None:
    people = roster(tmp_path, CANVAS_ROSTER)
    collect(LAB, zipped({"garcíaana_4711_11_01_softmax.ipynb": "a"}), course=course, roster=people)
    later = collect(LAB, zipped({"ôtabo_4712_12_01_softmax.ipynb": "b"}), course=course, roster=people)
    assert sent(course)["bo"] == {"01_softmax.ipynb": "b"}
    assert sent(course)["ana"] == {"01_softmax.ipynb": "a"}
    assert later.students[0].note.startswith("kept what is there: nothing of theirs is in this download")


def test_an_empty_folder_in_moodles_download_is_a_student(course: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "m.zip", "w") as packed:
        packed.mkdir("Ana García_77_assignsubmission_file_")
        packed.writestr("Bo Ôta_78_assignsubmission_file_/01_softmax.ipynb", "b")
    collection = collect(LAB, tmp_path / "m.zip", course=course)
    assert lacks(collection) == {"Ana-García": "handed in nothing"}
    assert sent(course)["Ana-García"] == {}


@pytest.mark.parametrize("name", ["lms.json", "TIMESTAMP.TXT", ".ipynb", "sub/.hidden", "a:b?.pdf", "ä" * 200 + ".pdf"])
def test_no_name_of_a_students_file_is_a_note_of_ours_hidden_or_no_name(
    course: Path, zipped: Zipped, name: str
) -> None:
    collect(LAB, zipped({f"Ana_77_assignsubmission_file_/{name}": "x"}), course=course)
    folder = course / "submitted" / "Ana" / LAB
    (file,) = (path for path in folder.rglob("*") if path.is_file() and path != folder / "lms.json")
    assert file.read_text() == "x"
    assert not file.name.startswith(".")
    assert json.loads((folder / "lms.json").read_text())["number"] == "77"


def test_names_in_decomposed_form_or_from_right_to_left_are_one_folder_each(course: Path, zipped: Zipped) -> None:
    names = [unicodedata.normalize("NFD", "Zoë Müller"), "محمد علي", "דנה לוי"]
    files = {f"{name}_{i}_assignsubmission_file_\\{LAB}.ipynb": "x" for i, name in enumerate(names, 70)}
    collect(LAB, zipped(files), course=course)
    assert sorted(sent(course)) == sorted(["Zoë-Müller", "محمد-علي", "דנה-לוי"])


def test_what_macs_and_jupyter_keep_for_themselves_is_no_work_of_a_students(course: Path, tmp_path: Path) -> None:
    clone = "lab-01-submissions/lab-01-ana"
    files = {
        f"{clone}/.git/HEAD": "ref",
        f"{clone}/.ipynb_checkpoints/01_softmax-checkpoint.ipynb": "old",
        f"{clone}/._01_softmax.ipynb": "x",
        f"{clone}/notebooks/01_softmax/01_softmax.ipynb": "new",
        "lab-01-submissions/lab-01-bo/.git/HEAD": "ref",
    }
    collection = collect(LAB, unpacked(tmp_path, files) / "lab-01-submissions", course=course)
    assert collection.system == "github"
    assert sent(course) == {"ana": {"01_softmax.ipynb": "new"}, "bo": {}}


def test_of_a_clone_only_this_labs_notebooks_are_taken(course: Path, tmp_path: Path) -> None:
    other = course / "release" / "00_numpy"
    other.mkdir()
    (other / "00_numpy.ipynb").write_text("{}")
    files = {f"r-submissions/r-ana/notebooks/{name}/{name}.ipynb": name for name in ("00_numpy", LAB)}
    collect(LAB, unpacked(tmp_path, files) / "r-submissions", course=course)
    assert sent(course) == {"ana": {"01_softmax.ipynb": LAB}}


def test_the_download_of_another_lab_is_refused(course: Path, zipped: Zipped) -> None:
    other = course / "release" / "00_numpy"
    other.mkdir()
    (other / "00_numpy.ipynb").write_text("{}")
    file = zipped({"ana_4711_1_00_numpy.ipynb": "a", "bo_4712_2_00_numpy-1.ipynb": "b", "cy_4713_3_lab.ipynb": "c"})
    with pytest.raises(
        LmsError, match=r"another lab: 2 of its 3 notebooks are named 00_numpy.*coursekit collect 00_nu"
    ):
        collect(LAB, file, course=course)
    assert not (course / "submitted").exists()


@pytest.mark.parametrize("folder", [False, True])
def test_gradescopes_export_is_read_with_times_and_groups(
    course: Path, zipped: Zipped, tmp_path: Path, folder: bool
) -> None:
    inside = {"submission_metadata.yml": METADATA, "submission_271/x.ipynb": "s", "submission_272/y.ipynb": "g"}
    files = {f"assignment_5_export/{name}": text for name, text in inside.items()}
    source = unpacked(tmp_path, files) / "assignment_5_export" if folder else zipped(files)
    collection = collect(LAB, source, course=course)
    assert collection.system == "gradescope"
    work = {"01_softmax.ipynb": "g"}
    assert sent(course) == {
        "sean@uni.example": {"01_softmax.ipynb": "s"},
        "ana@uni.example": work,
        "xw@uni.example": work,
    }
    stamp = course / "submitted" / "sean@uni.example" / LAB / "timestamp.txt"
    assert stamp.read_text() == "2026-01-30 23:58:01.123456 UTC"
    assert read_names(Course(course))["xw@uni.example"] == "王小明"
    assert collection.notes == ()


@pytest.mark.parametrize(
    ("metadata", "message"),
    [(None, "no submission_metadata.yml, which says whose"), ("- a\n", "does not list"), ("a: [", "cannot be read")],
)
def test_gradescopes_export_without_its_list_of_submitters_is_refused(
    course: Path, zipped: Zipped, metadata: str | None, message: str
) -> None:
    files = {"e/submission_271/x.ipynb": "s"} | ({"e/submission_metadata.yml": metadata} if metadata else {})
    with pytest.raises(LmsError, match=message):
        collect(LAB, zipped(files), course=course)


def test_of_two_attempts_in_brightspace_the_later_one_counts(course: Path, zipped: Zipped) -> None:
    file = zipped(
        {
            "index.html": "",
            "1-2 - Ana García - Jan 29, 2026 1159 PM/01_softmax.ipynb": "first",
            "1-2 - Ana García - Jan 30, 2026 901 AM/01_softmax.ipynb": "second",
        }
    )
    collection = collect(LAB, file, course=course)
    assert sent(course) == {"Ana-García": {"01_softmax.ipynb": "second"}}
    assert (course / "submitted" / "Ana-García" / LAB / "timestamp.txt").read_text().startswith("2026-01-30 09:01")
    assert collection.notes == ()


def test_a_pattern_takes_any_folder_and_a_roster_names_its_people(course: Path, tmp_path: Path) -> None:
    files = {"Ana García/final.ipynb": "a", "Bo Ôta/01_softmax.ipynb": "b", "readme.txt": ""}
    people = roster(tmp_path, "login,name\nana,Ana García\nbo,Bo Ôta\ncy,Cy Nobody\n")
    source = unpacked(tmp_path / "drive", files)
    collection = collect(LAB, source, course=course, roster=people, pattern="{name}/{file}")
    assert sent(course) == {"ana": {"01_softmax.ipynb": "a"}, "bo": {"01_softmax.ipynb": "b"}, "cy": {}}
    assert collection.notes == ("passed over 'readme.txt': not of the form {name}/{file}",)


def test_a_dry_run_says_who_would_be_taken_for_whom_and_writes_nothing(
    course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = unpacked(tmp_path / "plain", {"ana/lab.ipynb": "a", "bo/notes.pdf": "%PDF"})
    before = sorted(course.rglob("*"))
    asked = ["collect", LAB, str(source), "--course", str(course), "--pattern", "{student}/{file}"]
    assert main([*asked, "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "no notebook (1): bo" in said
    assert said.endswith("This was a dry run: nothing was written.\n")
    assert sorted(course.rglob("*")) == before
    assert main(asked) == 0
    assert "dry run" not in capsys.readouterr().out
    assert set(sent(course)) == {"ana", "bo"}


def test_nothing_of_a_patterns_form_is_said_with_what_there_is(course: Path, tmp_path: Path) -> None:
    source = unpacked(tmp_path / "plain", {"ana.ipynb": "a"})
    with pytest.raises(LmsError, match=r"Nothing in .*plain is of the form \{student\}/\{file\}. It holds 'ana.ipynb'"):
        collect(LAB, source, course=course, pattern="{student}/…")


GROUPS = "group,student\nProject Group 1,ana\nProject Group 1,bo\nteam_2,cy\n"
GROUP_FILES = {"projectgroup1_4711_90210_01_softmax.ipynb": "one", "team_2_4713_90212_01_softmax.ipynb": "two"}


def test_a_groups_work_in_canvas_goes_to_each_member(course: Path, zipped: Zipped, tmp_path: Path) -> None:
    people, groups = roster(tmp_path, CANVAS_ROSTER), roster(tmp_path, GROUPS, "groups.csv")
    collection = collect(LAB, zipped(GROUP_FILES), course=course, roster=people, groups=groups)
    one, two = {"01_softmax.ipynb": "one"}, {"01_softmax.ipynb": "two"}
    assert sent(course) == {"ana": one, "bo": one, "cy": two, "di": {}}
    kept = json.loads((course / "submitted" / "bo" / LAB / "lms.json").read_text())
    assert (kept["number"], kept["sender"], kept["group"]) == ("4712", "4711", "Project Group 1")
    assert collection.notes == ()


def test_without_a_list_of_groups_that_is_asked_for(course: Path, zipped: Zipped, tmp_path: Path) -> None:
    collection = collect(LAB, zipped(GROUP_FILES), course=course, roster=roster(tmp_path, CANVAS_ROSTER))
    assert any("projectgroup1, team_2 look like groups: give --groups CSV" in note for note in collection.notes)


def test_a_groups_work_in_moodle_goes_to_each_member_by_the_worksheets_own_column(
    course: Path, zipped: Zipped, tmp_path: Path
) -> None:
    file = zipped(
        {
            "Grupo A_42_assignsubmission_file/lab.ipynb": "one",
            "Grupo por defecto_assignsubmission_file/lab.ipynb": "rest",
        }
    )
    collection = collect(LAB, file, course=course, roster=roster(tmp_path, TEAM_WORKSHEET))
    one = {"01_softmax.ipynb": "one"}
    rest = {"01_softmax.ipynb": "rest"}
    assert sent(course) == {"ana@uni.example": one, "bo@uni.example": one, "cy@uni.example": rest}
    kept = json.loads((course / "submitted" / "bo@uni.example" / LAB / "lms.json").read_text())
    assert (kept["number"], kept["group"]) == ("72", "Grupo A")
    assert collection.students[0].note == "new; of the group Grupo A"


def test_who_is_in_no_listed_group_hands_in_with_moodles_default_group(
    course: Path, zipped: Zipped, tmp_path: Path
) -> None:
    people = roster(tmp_path, "login,name\nana,Ana\nbo,Bo\ncy,Cy\n")
    groups = roster(tmp_path, "group,student\nA,ana\n", "groups.csv")
    files = {"A_4_assignsubmission_file/x.ipynb": "a", "Standardgruppe_assignsubmission_file/x.ipynb": "rest"}
    collect(LAB, zipped(files), course=course, roster=people, groups=groups)
    rest = {"01_softmax.ipynb": "rest"}
    assert sent(course) == {"ana": {"01_softmax.ipynb": "a"}, "bo": rest, "cy": rest}


def test_a_student_in_the_download_alone_and_with_a_group_is_refused(
    course: Path, zipped: Zipped, tmp_path: Path
) -> None:
    people, groups = roster(tmp_path, CANVAS_ROSTER), roster(tmp_path, GROUPS, "groups.csv")
    file = zipped(GROUP_FILES | {"ôtabo_4712_90300_01_softmax.ipynb": "mine"})
    with pytest.raises(LmsError, match=r"is in the download twice, as .* \(4711\) and as .* \(4712\). Nothing"):
        collect(LAB, file, course=course, roster=people, groups=groups)
    assert not (course / "submitted").exists()


def test_a_gradebook_that_cannot_be_written_to_is_told_and_what_was_collected_is_kept(
    course: Path, zipped: Zipped, tmp_path: Path
) -> None:
    (course / "gradebook.db").write_bytes(b"no database at all, but long enough to be taken for one" * 100)
    file = zipped({"garcíaana_4711_11_01_softmax.ipynb": "a"})
    with pytest.raises(CourseError, match=r"names cannot be entered .* What was collected is kept"):
        collect(LAB, file, course=course, roster=roster(tmp_path, CANVAS_ROSTER))
    assert sent(course)["ana"] == {"01_softmax.ipynb": "a"}
