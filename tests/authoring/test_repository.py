from __future__ import annotations

import importlib.metadata
from email.message import Message
from pathlib import Path
from typing import NoReturn

import pytest

from coursekit.authoring.repository import colab_address, repository_address
from coursekit.errors import CourseError


@pytest.mark.parametrize("ending", ["", "/", ".git"])
def test_the_address_is_read_from_the_project_file(tmp_path: Path, ending: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f'[project.urls]\nRepository = "https://example.org/a{ending}"\n')
    assert repository_address(tmp_path) == "https://example.org/a"


def test_a_course_without_a_project_file_uses_the_installed_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = Message()
    installed["Project-URL"] = "Documentation, https://example.org/docs"
    installed["Project-URL"] = "Repository, https://example.org/course"
    monkeypatch.setattr(importlib.metadata, "metadata", lambda name: installed)
    assert repository_address(tmp_path) == "https://example.org/course"


def test_without_any_address_the_error_says_where_to_put_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> NoReturn:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "metadata", missing)
    with pytest.raises(CourseError, match=r"There is no .*pyproject\.toml.*\[project\.urls\]"):
        repository_address(tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[project]\nname = 'x'\n", "does not say where the course lives"),
        ("[project.urls]\nRepository = 3\n", "is 3; it must be a web address"),
        ("[project.urls]\nRepository = 'git@github.com:a/b'\n", "must be a web address"),
        ("[project.urls]\nRepository = 'https://a/\"); evil('\n", "must be a web address"),
        ("[project.urls\n", "cannot be read"),
    ],
)
def test_a_wrong_address_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(CourseError, match=r"pyproject\.toml") as caught:
        repository_address(tmp_path)
    assert words in str(caught.value)


def test_colab_opens_the_students_notebook() -> None:
    address = colab_address("https://github.com/a/b", "01_lab")
    assert address == "https://colab.research.google.com/github/a/b/blob/main/notebooks/01_lab/01_lab.ipynb"


def test_colab_knows_no_other_host() -> None:
    with pytest.raises(CourseError, match=r"https://git\.example\.org/a/b"):
        colab_address("https://git.example.org/a/b", "01_lab")
