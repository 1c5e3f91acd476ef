from __future__ import annotations

import importlib.metadata
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from email.message import Message
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import coursekit
from coursekit.doctor.requirements import look_at_package, read_needs, short, will_do

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
Install = Callable[[Mapping[str, str]], None]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    """A function that makes these packages, in these versions, the only ones that are installed."""

    def put(versions: Mapping[str, str]) -> None:
        def version(name: str) -> str:
            if name not in versions:
                raise importlib.metadata.PackageNotFoundError(name)
            return versions[name]

        monkeypatch.setattr(importlib.metadata, "version", version)

    return put


@pytest.fixture
def not_a_source_tree(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder for packages in which coursekit lies, as pip would have put it there."""
    monkeypatch.setattr(coursekit, "__file__", str(tmp_path / "lib" / "coursekit" / "__init__.py"))
    return tmp_path


@pytest.mark.parametrize(
    ("versions", "version", "met"),
    [
        (">=1.26", "1.26.0", True),
        (">=1.26", "1.9.9", False),
        (">=2.2", "2.13.0+cpu", True),
        (">=2.2", "2.2rc1", True),
        (">=2.2.0", "2.2", True),
        (">=0.9.5,<0.10", "0.9.6", True),
        (">=0.9.5,<0.10", "0.10.0", False),
        ("!=1.5", "1.5.0", False),
        ("==1.5", "1.5", True),
        ("", "anything", True),
        (">=1.0", "unknown", False),
    ],
)
def test_versions_are_compared_by_their_numbers(versions: str, version: str, met: bool) -> None:
    assert will_do(version, versions) is met


def test_in_a_source_tree_the_needs_are_those_of_its_pyproject() -> None:
    needs = read_needs()
    assert needs.python == PROJECT["requires-python"]
    assert [str(package) for package in needs.of("")] == [text.partition(";")[0] for text in PROJECT["dependencies"]]
    assert [str(package) for package in needs.of("grade")] == PROJECT["optional-dependencies"]["grade"]
    assert needs.of("no such extra") == ()


def test_elsewhere_the_needs_are_those_of_the_installation(
    not_a_source_tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    metadata = Message()
    metadata["Requires-Python"] = ">=3.11"
    metadata["Requires-Dist"] = "numpy>=1.26"
    metadata["Requires-Dist"] = "nbgrader >=0.9.5 ; extra == 'grade'"
    monkeypatch.setattr(importlib.metadata, "metadata", lambda name: metadata)
    needs = read_needs()
    assert needs.python == ">=3.11"
    assert needs.packages == {"": [Requirement("numpy>=1.26")], "grade": [Requirement("nbgrader>=0.9.5")]}


def test_a_bare_copy_has_no_known_needs(not_a_source_tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Message:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "metadata", missing)
    assert read_needs().packages == {}


def test_another_project_around_the_package_is_not_taken_for_this_one(
    not_a_source_tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (not_a_source_tree / "pyproject.toml").write_text('[project]\nname = "other"\ndependencies = ["x"]\n')
    metadata = Message()
    metadata["Requires-Dist"] = "numpy>=1.26"
    monkeypatch.setattr(importlib.metadata, "metadata", lambda name: metadata)
    assert read_needs().packages == {"": [Requirement("numpy>=1.26")]}


@pytest.mark.parametrize(
    ("versions", "error", "ok", "found", "options"),
    [
        ({"numpy": "2.1.0"}, "", True, "2.1.0", None),
        ({}, "", False, "not installed", []),
        ({}, "ModuleNotFoundError: no numpy", False, "not installed", []),
        ({"numpy": "1.25.2"}, "", False, "1.25.2; needed is >=1.26", []),
        ({"numpy": "2.1.0"}, "ImportError: x", False, "cannot be imported: ImportError: x", ["--force-reinstall"]),
    ],
)
def test_a_package_is_there_or_it_is_said_how_to_install_it(
    versions: Mapping[str, str], error: str, ok: bool, found: str, options: list[str] | None, install: Install
) -> None:
    install(versions)
    finding = look_at_package("Labs", Requirement("numpy>=1.26"), error=error)
    assert (finding.name, finding.ok) == ("numpy", ok)
    assert found in finding.found
    command = [] if options is None else [sys.executable, "-m", "pip", "install", *options, "numpy>=1.26"]
    assert shlex.split(finding.remedy) == command


@pytest.mark.parametrize("versions", [{}, {"jupyterlab": "3.0"}])
def test_an_optional_package_that_is_missing_or_old_is_no_fault(versions: Mapping[str, str], install: Install) -> None:
    install(versions)
    assert look_at_package("Labs", Requirement("jupyterlab>=4.2"), needed=False).ok is None


def test_without_what_compares_versions_it_is_said_how_to_install_it() -> None:
    code = "import sys; sys.modules['packaging'] = None; from coursekit.cli import main; sys.exit(main(['doctor']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert re.search(r"^coursekit: .*'packaging'.* -m pip install packaging$", done.stderr)


def test_paths_are_written_from_the_users_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    assert short(Path("/home/ann/labs")) == "~/labs"
    assert short(Path("/home/anna/labs")) == "/home/anna/labs"
