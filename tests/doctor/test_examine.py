from __future__ import annotations

from pathlib import Path

import pytest
from packaging.requirements import Requirement

import coursekit
from coursekit import doctor
from coursekit.doctor import Finding, examine, healthy, requirements
from coursekit.doctor import finding as headings
from coursekit.doctor.requirements import Needs

NEEDS = Needs(
    ">=3.11",
    {
        "": [Requirement("numpy>=1.26"), Requirement("pooch")],
        "torch": [Requirement("torch")],
        "lab": [Requirement("jupyterlab>=9999"), Requirement("torch")],
        "grade": [Requirement("nbgrader>=0.9.5")],
    },
)
GPU = Finding(headings.GPU, "GPU", None, "none")
GRADED = Finding(headings.GRADING, "sandbox", True, "opens")
DATA = Finding(headings.DATA, "MNIST", True, "here")


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A machine where all is well; the errors of packages can be put into the dictionary."""
    errors: dict[str, str] = {}
    monkeypatch.setattr(doctor, "read_needs", lambda: NEEDS)
    monkeypatch.setattr(doctor, "why_not_imported", lambda package: errors.get(package, ""))
    monkeypatch.setattr(doctor, "look_for_gpu", lambda: GPU)
    monkeypatch.setattr("coursekit.doctor.grading.look_at_grading", lambda needs, errors: [GRADED])
    monkeypatch.setattr("coursekit.doctor.data.look_at_data", lambda: [DATA])
    return errors


def named(name: str) -> Finding:
    (finding,) = [finding for finding in examine() if finding.name == name]
    return finding


def test_the_groups_come_in_order_and_all_is_well() -> None:
    findings = examine()
    groups = [headings.LABS, headings.GRADING, headings.GPU, headings.DATA]
    assert list(dict.fromkeys(finding.group for finding in findings)) == groups
    assert [finding.name for finding in findings[:3]] == ["coursekit", "Python", "numpy"]
    assert healthy(findings)


def test_what_is_optional_is_no_fault() -> None:
    assert named("jupyterlab").ok is None


def test_a_package_that_cannot_be_imported_is_a_fault(machine: dict[str, str]) -> None:
    machine["torch"] = "OSError: libtorch.so"
    assert named("torch").ok is False
    assert "OSError: libtorch.so" in named("torch").found


def test_labs_00_to_02_do_without_torch_and_the_command_for_the_others_is_named(
    monkeypatch: pytest.MonkeyPatch, machine: dict[str, str]
) -> None:
    machine["torch"] = "ModuleNotFoundError: No module named 'torch'"
    there = requirements.installed_version
    for module in ("", ".requirements"):
        monkeypatch.setattr(
            f"coursekit.doctor{module}.installed_version", lambda name: "" if name == "torch" else there(name)
        )
    finding = named("torch")
    assert (finding.ok, finding.found) == (None, "not installed; labs 03 to 05 need it")
    assert finding.remedy.endswith("-m pip install torch")
    assert "you can work through labs 00 to 02 here" in doctor.report(examine())


@pytest.mark.parametrize("package", ["numpy", "pooch"])
def test_data_is_not_looked_for_with_broken_tools(package: str, machine: dict[str, str]) -> None:
    machine[package] = "ImportError: x"
    assert named("data sets").found == f"not looked for without {package}"


def test_without_nbgrader_nobody_means_to_grade(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "installed_version", lambda name: "")
    finding = named("nbgrader")
    assert (finding.group, finding.ok) == (headings.GRADING, None)
    assert finding.remedy.endswith("-m pip install 'nbgrader>=0.9.5'")
    assert GRADED not in examine()


def test_a_bare_copy_is_told_to_be_installed(monkeypatch: pytest.MonkeyPatch, machine: dict[str, str]) -> None:
    monkeypatch.setattr(doctor, "read_needs", lambda: Needs("", {}))
    machine["numpy"] = "ModuleNotFoundError: No module named 'numpy'"
    finding = named("coursekit")
    assert finding.ok is False
    assert finding.remedy.endswith("-m pip install .")
    assert named("data sets").ok is None


def test_it_is_said_which_coursekit_this_is() -> None:
    assert named("coursekit").found.startswith(f"{coursekit.__version__} in ")
    assert named("coursekit").found.endswith(Path(coursekit.__file__).parent.name)
