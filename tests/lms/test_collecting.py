from __future__ import annotations

import json
import shutil
import unicodedata
import zipfile
from pathlib import Path

import pytest

from coursekit.errors import CourseError, LmsError, UnknownNameError
from coursekit.lms import Collection, collect
from coursekit.lms.people import course_id
from tests.lms.conftest import Zipped

LAB = "01_softmax"
MOODLE = "{}_{}_assignsubmission_file_/{}"
ROSTER = """\
Student,ID,SIS User ID,SIS Login ID,Section,01_softmax (5678)
    Points Possible,,,,,20.00
"García, Ana",4711,S-1,ana@uni.example,A,
"Ôta, Bo",4712,S-2,bo,A,
"Nobody, Cy",4713,S-3,cy,A,
"""
WORKSHEET = """\
\ufeffIdentifier,Full name,Email address,Status,Grade,Maximum Grade,Last modified (submission),Last modified (grade)
Participant 77,Ana García,ana@uni.example,Submitted for grading,,20,"Friday, 30 January 2026, 11:59 PM",-
Participant 78,Bo Ôta,bo@uni.example,"Submitted for grading, 2 hours late",,20,"Saturday, 31 January 2026, 2:00 AM",-
"""


@pytest.fixture(autouse=True)
def with_gradebook(course: Path, gradebook: Path) -> None:
    """Begin with a gradebook: making one takes seconds."""
    shutil.copy(gradebook, course / "gradebook.db")


def notes(collection: Collection) -> dict[str, str]:
    return {row.student: row.note for row in collection.students}


def text(course: Path, student: str) -> str:
    return (course / "submitted" / student / LAB / f"{LAB}.ipynb").read_text()


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def test_a_canvas_download_goes_into_folders_named_by_the_users_ids(course: Path, zipped: Zipped) -> None:
    file = zipped({"garciaana_4711_90210_01_softmax.ipynb": "a", "otabo_LATE_4712_90211_01_softmax.ipynb": "b"})
    collection = collect(LAB, file, course=course)
    assert collection.system == "canvas"
    assert [(row.student, row.name, row.late) for row in collection.students] == [
        ("4711", "garciaana", False),
        ("4712", "otabo", True),
    ]
    assert [text(course, "4711"), text(course, "4712")] == ["a", "b"]


def test_a_moodle_download_goes_into_folders_named_by_the_names(course: Path, zipped: Zipped) -> None:
    file = zipped({MOODLE.format("Ana García López", 77, "my lab.ipynb"): "a"})
    assert notes(collect(LAB, file, course=course)) == {"Ana-García-López": "new"}
    assert text(course, "Ana-García-López") == "a"


def test_a_flat_moodle_download_is_understood(course: Path, zipped: Zipped) -> None:
    file = zipped({"Ana García_77_assignsubmission_file_01_softmax.ipynb": "a"})
    assert notes(collect(LAB, file, course=course)) == {"Ana-García": "new"}


def test_two_of_one_name_are_kept_apart_by_moodles_numbers(course: Path, zipped: Zipped) -> None:
    file = zipped({MOODLE.format("Ana García", n, "lab.ipynb"): str(n) for n in (77, 78)})
    collect(LAB, file, course=course)
    assert [text(course, "Ana-García-77"), text(course, "Ana-García-78")] == ["77", "78"]


def test_a_namesake_who_comes_in_a_later_download_takes_nobodys_place(course: Path, zipped: Zipped) -> None:
    collect(LAB, zipped({MOODLE.format("Ana García", 77, "lab.ipynb"): "first"}), course=course)
    later = collect(LAB, zipped({MOODLE.format("Ana García", 78, "lab.ipynb"): "second"}, when=2027), course=course)
    assert "comes from another 'Ana García' (77)" in notes(later)["Ana-García"]
    assert text(course, "Ana-García") == "first"


@pytest.mark.parametrize("name", ["Ana García", unicodedata.normalize("NFD", "Ana García")])
def test_accents_make_one_folder_in_whatever_form_they_come(course: Path, zipped: Zipped, name: str) -> None:
    collect(LAB, zipped({MOODLE.format(name, 77, "lab.ipynb"): "a"}), course=course)
    assert [path.name for path in (course / "submitted").iterdir()] == ["Ana-García"]


def test_names_in_utf8_that_the_zip_does_not_declare_are_read_all_the_same(course: Path, tmp_path: Path) -> None:
    file = tmp_path / "old.zip"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("x" * 50, "a")
    path = MOODLE.format("Ana García", 77, "lab.ipynb").encode()
    # zipfile declares UTF-8 as soon as there is an accent: the name is put in afterwards.
    padded = path.replace(b"lab", b"l" + b"a" * (50 - len(path) + 1) + b"b")
    file.write_bytes(file.read_bytes().replace(b"x" * 50, padded))
    assert list(notes(collect(LAB, file, course=course))) == ["Ana-García"]


def test_a_roster_names_folders_by_logins(course: Path, zipped: Zipped, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text(ROSTER)
    file = zipped({"garciaana_4711_1_01_softmax.ipynb": "a", "otabo_4712_2_01_softmax.ipynb": "b"})
    collection = collect(LAB, file, course=course, roster=tmp_path / "roster.csv")
    assert notes(collection) == {"ana@uni.example": "new", "bo": "new", "cy": "new; handed in nothing"}
    assert [row.name for row in collection.students] == ["García, Ana", "Ôta, Bo", "Nobody, Cy"]
    assert (course / "submitted" / "cy" / LAB).is_dir()
    assert collection.notes == ()


def test_a_worksheet_gives_e_mail_addresses_late_marks_and_times(course: Path, zipped: Zipped, tmp_path: Path) -> None:
    (tmp_path / "worksheet.csv").write_text(WORKSHEET)
    file = zipped({MOODLE.format(n, i, "lab.ipynb"): n for n, i in (("Ana García", 77), ("Bo Ôta", 78))})
    collection = collect(LAB, file, course=course, roster=tmp_path / "worksheet.csv")
    assert [(row.student, row.late) for row in collection.students] == [
        ("ana@uni.example", False),
        ("bo@uni.example", True),
    ]
    stamps = [(course / "submitted" / row.student / LAB / "timestamp.txt").read_text() for row in collection.students]
    assert stamps == ["2026-01-30 23:59:00.000000 UTC", "2026-01-31 02:00:00.000000 UTC"]


def test_the_time_of_packing_is_not_taken_for_the_time_of_handing_in(course: Path, zipped: Zipped) -> None:
    collection = collect(LAB, zipped({"garciaana_LATE_4711_1_01_softmax.ipynb": "a"}), course=course)
    assert not (course / "submitted" / "4711" / LAB / "timestamp.txt").exists()
    assert "1 marked as late. Canvas's download does not say when" in collection.notes[0]


def test_of_several_notebooks_the_resubmitted_one_of_the_lab_is_taken(course: Path, zipped: Zipped) -> None:
    file = zipped(
        {
            "garciaana_4711_12_01_softmax-1.ipynb": "second",
            "garciaana_4711_11_01_softmax.ipynb": "first",
            "garciaana_4711_13_scratch.ipynb": "scratch",
            "garciaana_4711_14_report.pdf": "pdf",
        }
    )
    collection = collect(LAB, file, course=course)
    assert text(course, "4711") == "second"
    assert notes(collection)["4711"] == "new; passed over report.pdf"
    names = sorted(path.name for path in (course / "submitted" / "4711" / LAB).glob("*.ipynb"))
    assert names == ["01_softmax (2).ipynb", "01_softmax.ipynb", "scratch.ipynb"]


def test_who_handed_in_no_notebook_is_said(course: Path, zipped: Zipped) -> None:
    file = zipped(
        {"a_1_11_lab.pdf": "%PDF", "b_2_12_01_softmax.ipynb": "b", "c_3_text.html": "<p>my answer</p>", "x.txt": ""}
    )
    collection = collect(LAB, file, course=course)
    assert notes(collection) == {
        "1": "new; no notebook, only lab.pdf, a PDF document",
        "2": "new",
        "3": "new; no notebook, only text.html, text that was typed (HTML), not a notebook",
    }
    assert collection.notes == ("passed over 'x.txt': not named as Canvas does",)
    assert sorted(path.name for path in (course / "submitted").iterdir()) == ["1", "2", "3"]


def test_a_second_run_changes_nothing(course: Path, zipped: Zipped) -> None:
    file = zipped({"garciaana_4711_1_01_softmax.ipynb": "a", "otabo_LATE_4712_2_01_softmax.ipynb": "b"})
    collect(LAB, file, course=course)
    before = snapshot(course / "submitted")
    assert set(notes(collect(LAB, file, course=course)).values()) == {"unchanged"}
    assert snapshot(course / "submitted") == before


def test_a_newer_submission_replaces_an_older_one_and_says_so(course: Path, zipped: Zipped) -> None:
    collect(LAB, zipped({"a_4711_1_01_softmax.ipynb": "old"}), course=course)
    collection = collect(LAB, zipped({"a_4711_2_01_softmax-1.ipynb": "new"}), course=course)
    assert notes(collection) == {"4711": "replaced 01_softmax.ipynb, which is older"}
    assert text(course, "4711") == "new"


def test_an_older_download_replaces_nothing(course: Path, zipped: Zipped) -> None:
    collect(LAB, zipped({"a_4711_2_01_softmax-1.ipynb": "new"}), course=course)
    before = snapshot(course / "submitted")
    collection = collect(LAB, zipped({"a_4711_1_01_softmax.ipynb": "old"}), course=course)
    assert notes(collection) == {"4711": "kept what is there: 01_softmax-1.ipynb is newer"}
    assert snapshot(course / "submitted") == before


def test_what_came_in_another_way_stays(course: Path, zipped: Zipped) -> None:
    place = course / "submitted" / "4711" / LAB
    place.mkdir(parents=True)
    (place / f"{LAB}.ipynb").write_text("from the exchange")
    collection = collect(LAB, zipped({"a_4711_2_01_softmax.ipynb": "new"}), course=course)
    assert "it was not collected from a download" in notes(collection)["4711"]
    assert text(course, "4711") == "from the exchange"


def test_what_an_instructor_has_mended_stays(course: Path, zipped: Zipped) -> None:
    collect(LAB, zipped({"a_4711_1_01_softmax.ipynb": "broken"}), course=course)
    (course / "submitted" / "4711" / LAB / f"{LAB}.ipynb").write_text("mended")
    collection = collect(LAB, zipped({"a_4711_2_01_softmax.ipynb": "new"}), course=course)
    assert "it was changed after it was collected" in notes(collection)["4711"]
    assert text(course, "4711") == "mended"


def test_a_replacement_that_was_cut_short_is_finished_by_the_next_run(
    course: Path, zipped: Zipped, monkeypatch: pytest.MonkeyPatch
) -> None:
    collect(LAB, zipped({"a_4711_1_01_softmax.ipynb": "old"}), course=course)
    file = zipped({"a_4711_2_01_softmax.ipynb": "new"})
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            collect(LAB, file, course=course)
    assert text(course, "4711") == "old"
    collect(LAB, file, course=course)
    assert text(course, "4711") == "new"


def test_a_time_goes_with_the_submission_that_it_is_of(course: Path, zipped: Zipped, tmp_path: Path) -> None:
    (tmp_path / "worksheet.csv").write_text(WORKSHEET)
    path = MOODLE.format("Ana García", 77, "lab.ipynb")
    collect(LAB, zipped({path: "old"}), course=course, roster=tmp_path / "worksheet.csv")
    stamp = course / "submitted" / "ana@uni.example" / LAB / "timestamp.txt"
    assert stamp.exists()
    (tmp_path / "without.csv").write_text(WORKSHEET.replace('"Friday, 30 January 2026, 11:59 PM"', "-"))
    collect(LAB, zipped({path: "old"}), course=course, roster=tmp_path / "without.csv")
    assert stamp.exists()
    collect(LAB, zipped({path: "new"}, when=2027), course=course, roster=tmp_path / "without.csv")
    assert text(course, "ana@uni.example") == "new"
    assert not stamp.exists()


def test_links_among_the_submissions_are_not_written_through(course: Path, zipped: Zipped, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (course / "submitted").mkdir()
    (course / "submitted" / "4711").symlink_to(tmp_path / "elsewhere")
    collection = collect(LAB, zipped({"a_4711_2_01_softmax.ipynb": "new"}), course=course)
    assert notes(collection) == {"4711": "not taken: 4711 in the folder of submissions is a link"}
    assert not list((tmp_path / "elsewhere").iterdir())


def test_where_a_notebook_came_from_is_kept_beside_it(course: Path, zipped: Zipped) -> None:
    collect(LAB, zipped({"garciaana_LATE_4711_90210_01_softmax.ipynb": "a"}), course=course)
    kept = json.loads((course / "submitted" / "4711" / LAB / "lms.json").read_text())
    assert (kept["lms"], kept["number"], kept["name"], kept["late"]) == ("canvas", "4711", "garciaana", True)


def test_a_zip_that_neither_system_made_is_refused_in_words(course: Path, zipped: Zipped) -> None:
    with pytest.raises(
        LmsError, match=r"no download that is known: it holds 'holiday.jpg'.*--pattern '{student}/{file}'"
    ):
        collect(LAB, zipped({"holiday.jpg": ""}), course=course)
    assert not (course / "submitted").exists()


def test_a_roster_of_another_system_or_course_is_refused(course: Path, zipped: Zipped, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    file = zipped({MOODLE.format("Zoe Zander", 5, "lab.ipynb"): "a"})
    for content, message in (
        (ROSTER, "none of the students in the download.* comes from Canvas, the download from Moodle"),
        (WORKSHEET, "has none of the students in the download. Is it from the same assignment?"),
        ("a,b\n1,2\n", "is no roster: it has the columns 'a', 'b'. Legal are Canvas's gradebook"),
    ):
        roster.write_text(content)
        with pytest.raises(LmsError, match=message):
            collect(LAB, file, course=course, roster=roster)
    assert not (course / "submitted").exists()


def test_two_students_whom_a_roster_gives_one_login_are_refused(course: Path, zipped: Zipped, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text(ROSTER.replace(",bo,", ",ANA@uni.example,"))
    file = zipped({"garciaana_4711_1_01_softmax.ipynb": "a", "otabo_4712_2_01_softmax.ipynb": "b"})
    with pytest.raises(LmsError, match=r"would share the folder 'ana@uni.example': García, Ana \(4711\), Ôta, Bo"):
        collect(LAB, file, course=course, roster=tmp_path / "roster.csv")


@pytest.mark.parametrize(
    "login", ["../../evil", "/etc/passwd", "..", ".hidden", "a/b", "a\\b", "<b>&\"'", "nul\0byte", "ä" * 300]
)
def test_no_login_leads_out_of_the_folder_of_submissions(login: str) -> None:
    student = course_id(login)
    assert "/" not in student
    assert not student.startswith(".")
    assert len(student.encode()) <= 128


def test_the_lab_and_the_course_must_exist(course: Path, zipped: Zipped, tmp_path: Path) -> None:
    file = zipped({"a_4711_2_01_softmax.ipynb": "new"})
    with pytest.raises(UnknownNameError, match="Did you mean '01_softmax'"):
        collect("01_softmx", file, course=course)
    with pytest.raises(CourseError, match=r"does not exist|not a course folder"):
        collect(LAB, file, course=tmp_path)
