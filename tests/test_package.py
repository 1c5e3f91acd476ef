from __future__ import annotations

import importlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

import coursekit

ROOT = Path(__file__).parents[1]
#: conda-forge's names where they differ from PyPI's.
CONDA_NAMES = {
    "dask": "dask-core",
    "matplotlib": "matplotlib-base",
    "playwright": "playwright-python",
    "torch": "pytorch",
}
SLOW = ("torch", "matplotlib", "IPython", "nbgrader", "nbformat", "nbclient", "jupytext", "traitlets", "dask", "pooch")

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
REQUIREMENTS = [
    Requirement(text) for text in [*PROJECT["dependencies"], *(t for texts in EXTRAS.values() for t in texts)]
]
CONSTRAINTS = {
    pin.name.lower(): pin
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
    for pin in [Requirement(line)]
}
by_name = pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda requirement: requirement.name)


def loaded_by(statement: str) -> set[str]:
    """Return the packages that a statement loads in a process of its own."""
    program = f"{statement}\nimport json, sys\nprint(json.dumps(sorted({{m.partition('.')[0] for m in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


# what an import costs


@pytest.mark.parametrize(
    ("module", "not_loaded"),
    [
        ("coursekit", ("numpy", *SLOW)),
        ("coursekit.cli", ("numpy", *SLOW)),
        ("coursekit.errors", ("numpy", *SLOW)),
        ("coursekit.checking", SLOW),
        ("coursekit.variants", SLOW),
        ("coursekit.mutants", SLOW),
        ("coursekit.plots", SLOW),
        ("coursekit.bench", SLOW),
        ("coursekit.datasets", ("torch", "matplotlib", "IPython", "nbgrader")),
    ],
)
def test_an_import_loads_nothing_slow(module: str, not_loaded: tuple[str, ...]) -> None:
    assert loaded_by(f"import {module}") & set(not_loaded) == set()


def test_a_notebooks_check_function_loads_nothing_slow() -> None:
    statement = "from coursekit.checking import checks_for\ncheck = checks_for('01_softmax')\ncheck('softmax')"
    assert loaded_by(statement) & set(SLOW) == set()


@pytest.mark.parametrize("module", ["coursekit.grading", "coursekit.authoring"])
def test_checking_does_not_stand_on_grading_or_authoring(module: str) -> None:
    program = f"import sys, coursekit.checking, coursekit.checks\nassert {module!r} not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("name", ["checks_for", "progress", "load_mnist", "load_cifar10"])
def test_what_users_look_for_is_offered_by_the_package_itself(name: str) -> None:
    assert callable(getattr(coursekit, name))
    assert name in coursekit.__all__


# public names


def modules() -> list[str]:
    package = ROOT / "src" / "coursekit"
    paths = [*package.glob("*.py"), *package.glob("*/__init__.py"), *(package / "checking").glob("*.py")]
    paths += (package / "bench").glob("*.py")
    dotted = {".".join(path.relative_to(package.parent).with_suffix("").parts) for path in paths}
    return sorted(name.removesuffix(".__init__") for name in dotted if not name.endswith("__main__"))


@pytest.mark.parametrize("name", modules())
def test_public_names_exist_and_are_listed_once(name: str) -> None:
    module = importlib.import_module(name)
    public = getattr(module, "__all__", [])
    assert [missing for missing in public if not hasattr(module, missing)] == []
    assert len(set(public)) == len(public)


def test_the_package_is_typed() -> None:
    assert (ROOT / "src" / "coursekit" / "py.typed").exists()


def test_the_version_is_that_of_the_project() -> None:
    assert coursekit.__version__ == PROJECT["version"]


# what is to be installed


@pytest.fixture(scope="module")
def environment() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def installed(environment: dict[str, Any]) -> dict[str, Requirement]:
    """What the conda environment installs, by conda's or pip's name."""
    conda = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    (pip,) = (entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))
    texts = [*conda, *(text for text in pip if not text.startswith("-"))]
    found = {requirement.name: requirement for requirement in map(Requirement, texts)}
    assert len(found) == len(texts)
    return found


def test_the_conda_environment_is_coursekits_from_conda_forge(environment: dict[str, Any]) -> None:
    assert environment["name"] == PROJECT["name"]
    assert environment["channels"] == ["conda-forge"]


@by_name
def test_the_conda_environment_has_each_dependency_with_its_bounds(
    requirement: Requirement, installed: dict[str, Requirement]
) -> None:
    found = installed[CONDA_NAMES.get(requirement.name, requirement.name)]
    assert found.specifier == requirement.specifier


def test_the_conda_environment_has_nothing_else(installed: dict[str, Requirement]) -> None:
    wanted = {CONDA_NAMES.get(requirement.name, requirement.name) for requirement in REQUIREMENTS}
    assert set(installed) - wanted == {"python", "pip"}


def test_the_conda_environment_has_the_projects_python(installed: dict[str, Requirement]) -> None:
    assert str(installed["python"].specifier) == PROJECT["requires-python"]


def test_the_conda_environment_installs_this_folder_last(environment: dict[str, Any]) -> None:
    assert environment["dependencies"][-1]["pip"][-1] == "-e ."


@by_name
def test_dependencies_have_a_lower_bound(requirement: Requirement) -> None:
    assert [specifier.operator for specifier in requirement.specifier] == [">="]


@pytest.mark.parametrize(
    "requirement", [each for each in REQUIREMENTS if each.name in CONSTRAINTS], ids=lambda requirement: requirement.name
)
def test_the_tested_version_of_a_dependency_is_within_its_range(requirement: Requirement) -> None:
    (exact,) = CONSTRAINTS[requirement.name].specifier
    assert exact.operator == "=="
    assert requirement.specifier.contains(exact.version)
