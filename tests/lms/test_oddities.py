"""Odd but real downloads and tables: nobody vanishes, and whoever must act is told what to do."""

from __future__ import annotations

import shutil
import struct
import zipfile
from pathlib import Path

import pytest

from coursekit.errors import LmsError
from coursekit.lms import Collection, collect, export_grades
from coursekit.lms.people import is_named, plain_id
from coursekit.lms.sheet import Sheet
from tests.lms.conftest import Grades, Zipped

LAB = "01_softmax"
MOODLE = "{}_{}_assignsubmission_file_/{}"
CANVAS = "Student,ID,SIS User ID,SIS Login ID,Section,01_softmax (5678)\n    Points Possible,,,,,{}\n"


@pytest.fixture(autouse=True)
def with_gradebook(course: Path, gradebook: Path) -> None:
    """Begin with a gradebook: making one takes seconds."""
    shutil.copy(gradebook, course / "gradebook.db")


def table(tmp_path: Path, text: str, name: str = "roster.csv") -> Path:
    (tmp_path / name).write_text(text)
    return tmp_path / name


def rows(collection: Collection) -> dict[str, str]:
    return {row.student: row.lacks or row.file for row in collection.students}


def test_whose_folder_holds_only_what_a_system_made_or_empty_folders_is_somebody(
    course: Path, zipped: Zipped, tmp_path: Path
) -> None:
    file = zipped(
        {
            MOODLE.format("Ana", 77, ".ipynb_checkpoints/01_softmax-checkpoint.ipynb"): "old",
            MOODLE.format("Bo", 78, ".DS_Store"): "x",
            "__MACOSX/" + MOODLE.format("Zoe", 80, "._x"): "x",
        }
    )
    with zipfile.ZipFile(file, "a") as packed:
        packed.mkdir(MOODLE.format("Cy", 79, "deeper"))
    nothing = "handed in nothing"
    assert rows(collect(LAB, file, course=course)) == {"Ana": nothing, "Bo": nothing, "Cy": nothing}
    (tmp_path / "drive" / "Di" / "deeper").mkdir(parents=True)
    assert rows(collect(LAB, tmp_path / "drive", course=course, pattern="{name}/{file}")) == {"Di": nothing}


METADATA = """\
submission_1:
  :submitters:
  - {":name": Ana, ":sid": "1", ":email": ana@u}
  :created_at: 2026-01-30 20:00:00.0 Z
submission_2:
  :submitters:
  - {":name": Ana, ":sid": "1", ":email": ana@u}
  - {":name": Bo, ":sid": "2", ":email": bo@u}
  :created_at: 2026-01-30 22:00:00.0 Z
submission_3:
  :submitters: []
submission_5:
  :submitters:
  - {":name": Cy, ":sid": "3", ":email": cy@u}
"""


def test_gradescopes_later_submission_counts_and_who_sent_no_file_or_is_not_named_has_a_row(
    course: Path, zipped: Zipped
) -> None:
    files = {f"e/submission_{n}/x.ipynb": str(n) for n in (1, 2, 3, 4)}
    collection = collect(LAB, zipped(files | {"e/submission_metadata.yml": METADATA}), course=course)
    assert rows(collection) == {
        "3": "x.ipynb",
        "4": "x.ipynb",
        "ana@u": "x.ipynb",
        "bo@u": "x.ipynb",
        "cy@u": "handed in nothing",
    }
    assert (course / "submitted" / "ana@u" / LAB / f"{LAB}.ipynb").read_text() == "2"
    assert collection.notes == (
        "submission_3: submission_metadata.yml does not say whose it is",
        "submission_4: submission_metadata.yml does not say whose it is",
        "passed over submission_1 of Ana: 2 is newer",
    )


def test_brightspaces_files_without_folders_are_read_and_namesakes_kept_apart_by_their_numbers(
    course: Path, zipped: Zipped
) -> None:
    names = [
        "11-99 - Jo Smith - Jan 30, 2026 1159 PM",
        "12-99 - Jo Smith - Jan 29, 2026 1159 PM",
        "13-99 - Ana - Jan 29, 2026 1159 PM",
    ]
    collection = collect(LAB, zipped({f"{name} - my - lab.ipynb": "x" for name in names}), course=course)
    assert (collection.system, list(rows(collection))) == ("brightspace", ["11-99", "12-99", "Ana"])


def test_a_name_that_two_people_of_the_roster_have_is_said(course: Path, zipped: Zipped, tmp_path: Path) -> None:
    people = table(tmp_path, "login,last name,first name\njs1,Smith,Jo\njs2,Smith,Jo\nana,G,Ana\n")
    file = zipped({f"1-2 - {name} - Jan 30, 2026 1159 PM/x.ipynb": name for name in ("Jo Smith", "Ana G")})
    assert collect(LAB, file, course=course, roster=people).notes == (
        "not in roster.csv: Jo-Smith",
        "Jo-Smith: roster.csv has 2 people of the name 'Jo Smith', and the download does not say which of them handed"
        " this in",
    )


def test_where_marking_is_blind_who_handed_in_nothing_is_called_as_the_others_are(
    course: Path, zipped: Zipped, tmp_path: Path
) -> None:
    sheet = "Identifier,Status,Grade,Maximum Grade,Last modified (submission),Last modified (grade)\n"
    people = table(tmp_path, sheet + "".join(f"Participant {n},Submitted,,20.00,-,-\n" for n in (77, 78)))
    file = zipped({MOODLE.format("Participant", 77, "x.ipynb"): "x"})
    assert list(rows(collect(LAB, file, course=course, roster=people))) == ["Participant-77", "Participant-78"]


def test_ids_that_a_spreadsheet_program_rounded_are_named_and_no_grades_are_written_by_them(
    course: Path, zipped: Zipped, tmp_path: Path, graded: Grades
) -> None:
    people = table(tmp_path, CANVAS.format("20") + '"G, Ana",1.3947E+17,S1,ana,A,\n')
    file = zipped({"gana_139470000000012345_11_01_softmax.ipynb": "x"})
    assert "'1.3947E+17', numbers that a spreadsheet" in collect(LAB, file, course=course, roster=people).notes[0]
    with pytest.raises(LmsError, match=r"'1.3947E\+17' as an ID.*Nothing was written"):
        export_grades(LAB, to="canvas", course=graded({"ana": 8}), template=people, output=tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("text", ["0789", "#0789", "'0789", '="0789"', "0789.0", "0789,00"])
def test_what_keeps_a_spreadsheet_program_from_an_id_or_comes_of_it_is_no_part_of_it(text: str) -> None:
    assert plain_id(text) == "0789"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("mac_roman", "García, Zoë"),
        ("cp1252", "García, Zoë"),
        ("cp1252", "O’Brien, “Bo”"),
        ("cp1252", "l’Été, Ôta"),
        ("mac_roman", "Müller, Jörg"),
    ],
)
def test_accents_are_read_as_windows_or_the_mac_saves_them(tmp_path: Path, encoding: str, name: str) -> None:
    (tmp_path / "x.csv").write_bytes(f"name;id\n{name};1\n".encode(encoding))
    sheet = Sheet.read(tmp_path / "x.csv")
    assert (sheet.rows[0][0], sheet.guessed) == (name, True)


def test_two_rows_of_a_roster_with_one_id_are_named_and_not_taken_for_another_course(
    course: Path, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a1_x.ipynb").write_text("x")
    people = table(tmp_path, "student id,name\na1,Ana\na1,Bo\n")
    with pytest.raises(LmsError, match=r"would share the folder 'a1': \(a1\), Ana \(a1\), Bo \(a1\)"):
        collect(LAB, tmp_path / "in", course=course, roster=people, pattern="{student}_*.ipynb")


def test_a_gradebook_without_a_column_is_told_which(course: Path, zipped: Zipped, tmp_path: Path) -> None:
    people = table(tmp_path, "Student,SIS Login ID,Section\nAna,ana,A\n")
    with pytest.raises(LmsError, match="As Canvas's gradebook it lacks 'ID': export it again"):
        collect(LAB, zipped({"ana_4711_1_x.ipynb": "x"}), course=course, roster=people)


def test_groups_of_another_course_are_refused(course: Path, zipped: Zipped, tmp_path: Path) -> None:
    people = table(tmp_path, CANVAS.format("20") + '"G, Ana",4711,S1,ana,A,\n')
    groups = table(tmp_path, "group,student\nTeam,zoe\n", "groups.csv")
    with pytest.raises(LmsError, match=r"Nobody in .*groups.csv is in .*roster.csv"):
        collect(LAB, zipped({"gana_4711_1_x.ipynb": "x"}), course=course, roster=people, groups=groups)


def test_students_folders_within_another_are_not_one_students_work(course: Path, tmp_path: Path) -> None:
    for name in ("ana", "bo"):
        (tmp_path / "in" / "submissions" / name).mkdir(parents=True)
        (tmp_path / "in" / "submissions" / name / "x.ipynb").write_text("x")
    asked = collect(LAB, tmp_path / "in", course=course, pattern="{student}/{file}", dry_run=True)
    assert asked.notes == (
        "all of it would be one student's, 'submissions'. If ana, bo are the students, their folders lie deeper: give a"
        " --pattern such as '*/{student}/{file}'",
    )


def test_a_second_copy_is_the_same_students_and_a_copy_bears_the_labs_name(course: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("Copy of 01_softmax - Ana", "01_softmax - Bo", "01_softmax - Bo (1)"):
        (tmp_path / "in" / f"{name}.ipynb").write_text("x")
    assert list(rows(collect(LAB, tmp_path / "in", course=course, pattern="{lab} - {name}.ipynb"))) == ["Ana", "Bo"]
    for name in ("Copy of 01_softmax", "Kopie von 01_softmax (2)", "Копия 01_softmax", "01_softmax - Copy (2)"):
        assert is_named(f"{name}.ipynb", LAB)
    assert not is_named("01_softmax_notes.ipynb", LAB)


def test_a_download_that_asks_for_a_password_or_was_cut_short_says_what_to_do(course: Path, zipped: Zipped) -> None:
    file = zipped({"ana_4711_1_x.ipynb": "x"})
    content = bytearray(file.read_bytes())
    at = content.index(b"PK\x01\x02") + 8
    content[at : at + 2] = struct.pack("<H", 1)
    file.write_bytes(content)
    with pytest.raises(LmsError, match=r"asks for a password. Unpack it with the password, and give the folder"):
        collect(LAB, file, course=course)
    for cut, said in ((bytes(content[:40]), "was cut short: download it again"), (b"7z\xbc\xaf\x27\x1c", "unpack it")):
        file.write_bytes(cut)
        with pytest.raises(LmsError, match=said):
            collect(LAB, file, course=course)
    assert not (course / "submitted").exists()


def test_a_file_that_is_a_notebook_by_its_name_alone_is_told_when_it_is_collected(course: Path, zipped: Zipped) -> None:
    contents = {"empty": "", "page": "<html></html>", "link": '{"doc_id": "1"}', "fine": '{"cells": []}'}
    file = zipped({f"{name}_{i}_1{i}_x.ipynb": text for i, (name, text) in enumerate(contents.items(), 4711)})
    lacks = [row.lacks.partition(", only ")[2] for row in collect(LAB, file, course=course).students]
    assert lacks == [
        "01_softmax.ipynb, an empty file",
        "01_softmax.ipynb, a web page (HTML), not the notebook that it shows",
        "01_softmax.ipynb, a link to Google Drive, not the file that it leads to",
        "",
    ]


def test_who_was_collected_under_another_id_before_is_named(course: Path, zipped: Zipped, tmp_path: Path) -> None:
    file = zipped({"gana_4711_1_x.ipynb": '{"cells": []}'})
    collect(LAB, file, course=course)
    people = table(tmp_path, CANVAS.format("20") + '"G, Ana",4711,S1,ana,A,\n')
    (note,) = collect(LAB, file, course=course, roster=people).notes
    assert note.startswith("collected before under another id, and so there twice: 4711 is ana. Delete the folders")


ANA = '"G, Ana",4711.0,S1,ana,A,{}\n'


@pytest.mark.parametrize(
    ("points", "note"),
    [
        ("(read only)", "the template says '(read only)' of the points of '01_softmax (5678)', so the grades are the"),
        ("", "the template does not say how many points are in '01_softmax (5678)', so the grades are the lab's own"),
        ("20", "had another grade in the template: ana (B+ before, 8 now)"),
    ],
)
def test_a_column_without_points_and_a_grade_in_letters_are_told(
    graded: Grades, tmp_path: Path, points: str, note: str
) -> None:
    template = table(tmp_path, CANVAS.format(points) + ANA.format("B+" if points == "20" else ""))
    exported = export_grades(
        LAB, to="canvas", course=graded({"ana": 8}), template=template, output=tmp_path / "out.csv"
    )
    assert exported.notes[0].startswith(note)
    assert '"G, Ana",4711,S1,ana,A,8' in (tmp_path / "out.csv").read_text()


def test_who_has_a_row_for_each_section_gets_the_grade_in_each(graded: Grades, tmp_path: Path) -> None:
    template = table(tmp_path, CANVAS.format("20") + ANA.format("") * 2)
    exported = export_grades(
        LAB, to="canvas", course=graded({"ana": 8}), template=template, output=tmp_path / "out.csv"
    )
    assert (tmp_path / "out.csv").read_text().count(",ana,A,8\n") == 2
    assert exported.notes == ()


def test_a_template_of_another_course_or_a_scale_is_refused(graded: Grades, tmp_path: Path) -> None:
    course, output = graded({"zoe": 8}), tmp_path / "out.csv"
    template = table(tmp_path, CANVAS.format("20") + ANA.format(""))
    with pytest.raises(LmsError, match=r"none of the 1 students who have a grade. Is it from the same course"):
        export_grades(LAB, to="canvas", course=course, template=template, output=output)
    text = 'Identifier,Email address,Grade,Scale,Last modified (grade)\nParticipant 7,zoe,,"Bad, Good",-\n'
    with pytest.raises(LmsError, match="graded by a scale, 'Bad, Good'"):
        export_grades(LAB, to="moodle", course=course, template=table(tmp_path, text), output=output)
    assert not output.exists()
