from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from coursekit.doctor.privacy import look_at_git

FILES = {
    "gradebook.csv": 'Student,ID,SIS User ID,SIS Login ID,Section,Lab (1)\n"García, Ana",1,S,ana,A,\n',
    "sheet.csv": "Identifier,Full name,Grade\nParticipant 7,Ana,\n",
    "groups.csv": "group,student\nA,ana\n",
    "report.html": '<!doctype html><meta name="generator" content="coursekit report">',
    "grades.json": '[\n {\n  "student": "ana",',
    "course/gradebook.db": "x",
    "course/submitted/ana/01_lab/work.txt": "x",
}
HARMLESS = {
    "data.csv": "x,y\n1,2\n",
    "page.html": "<!doctype html>",
    "settings.json": "{}",
    "submitted/notes.txt": "no course is around it",
    "course/nbgrader_config.py": "",
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def put(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def test_what_names_no_student_is_no_concern(repository: Path) -> None:
    put(repository, HARMLESS)
    assert [finding.ok for finding in look_at_git(repository)] == [True]


@pytest.mark.parametrize("name", FILES)
def test_what_names_students_is_named_unless_git_ignores_it(repository: Path, name: str) -> None:
    put(repository, HARMLESS | {name: FILES[name]})
    (finding,) = look_at_git(repository)
    assert (finding.ok, name in finding.found) == (False, True)
    assert "downloads/ or results/" in finding.remedy
    put(repository, {".gitignore": f"/{name}\n"})
    assert [finding.ok for finding in look_at_git(repository)] == [True]


@pytest.mark.parametrize(
    "inside", ["garciaana_4711_90210_lab.ipynb", "Ana_77_assignsubmission_file_/lab.ipynb", "e/submission_271/x.ipynb"]
)
def test_a_download_is_known_by_the_names_in_it(repository: Path, inside: str) -> None:
    with zipfile.ZipFile(repository / "a.zip", "w") as packed:
        packed.writestr(inside, "x")
    assert "a.zip" in look_at_git(repository)[0].found
    with zipfile.ZipFile(repository / "a.zip", "w") as packed:
        packed.writestr("lab.ipynb", "x")
    assert look_at_git(repository)[0].ok


def test_outside_of_a_repository_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    put(tmp_path, FILES)
    assert look_at_git(tmp_path) == []
