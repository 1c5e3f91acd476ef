from __future__ import annotations

import io
import os
import shutil
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from coursekit.doctor import Finding, grading, healthy
from coursekit.doctor.finding import GRADING
from coursekit.doctor.grading import look_at_grading, look_at_sandbox, look_for_alembic
from coursekit.doctor.requirements import Needs
from coursekit.doctor.trials import Outcome
from coursekit.errors import CourseError
from coursekit.grading import sandbox as sandboxes
from coursekit.grading.sandbox.cgroups import Group

REMEDY = "Install bubblewrap."


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of this Python's programs, empty and not on PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setattr(sys, "executable", str(folder / "python"))
    monkeypatch.setenv("PATH", "")
    return folder


def program(folder: Path, name: str, text: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


@pytest.fixture
def bwrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that says it is bubblewrap, on a machine where there can be a sandbox."""
    file = program(tmp_path / "system", "bwrap", "echo bubblewrap 9.8.7")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(shutil, "which", lambda name: str(file))
    monkeypatch.setattr(sandboxes, "why_unavailable", lambda: "")


def opening(error: Exception, monkeypatch: pytest.MonkeyPatch) -> Finding:
    """Look at a sandbox that does not open, and return what is said of it."""

    def refuse(**_: object) -> None:
        raise error

    monkeypatch.setattr(sandboxes, "Sandbox", refuse)
    program_found, finding = look_at_sandbox()
    assert (program_found.name, program_found.ok) == ("bubblewrap", True)
    return finding


# alembic


def test_alembic_of_this_environment_on_path_is_well(environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = program(environment, "alembic")
    monkeypatch.setenv("PATH", str(environment))
    assert look_for_alembic() == Finding(GRADING, "alembic", True, str(file))


def test_alembic_beside_python_only_is_not_found_by_plain_nbgrader(environment: Path) -> None:
    program(environment, "alembic")
    finding = look_for_alembic()
    assert finding.ok is None
    assert finding.found.startswith("not on PATH")
    assert finding.remedy == f'export PATH={environment}:"$PATH"'


def test_alembic_of_another_environment_is_told(
    environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(environment, "alembic")
    other = program(tmp_path / "other", "alembic")
    monkeypatch.setenv("PATH", str(other.parent))
    finding = look_for_alembic()
    assert finding.ok is None
    assert finding.found.startswith(f"but PATH leads to {other}")


def test_alembic_elsewhere_will_do_where_there_is_no_other(
    environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = program(tmp_path / "other", "alembic")
    monkeypatch.setenv("PATH", str(other.parent))
    assert look_for_alembic().ok is True


def test_no_alembic_is_a_fault(environment: Path) -> None:
    finding = look_for_alembic()
    assert finding.ok is False
    assert finding.remedy.endswith("-m pip install --force-reinstall alembic")


# the sandbox


def test_without_bubblewrap_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    (finding,) = look_at_sandbox()
    assert (finding.name, finding.ok) == ("bubblewrap", False)
    assert "sudo apt-get install bubblewrap" in finding.remedy


def test_where_there_can_be_no_sandbox_the_reason_and_the_remedy_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    (finding,) = look_at_sandbox()
    assert (finding.name, finding.ok) == ("sandbox", False)
    assert finding.found.endswith("needs Linux; this is darwin")
    assert "--sandbox none" in finding.remedy


@pytest.mark.usefixtures("bwrap")
def test_a_sandbox_that_does_not_open_tells_what_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    error = CourseError(f"The sandbox did not start. It said: a warning\nbwrap: no permission\n{REMEDY}")
    finding = opening(error, monkeypatch)
    assert (finding.ok, finding.found) == (False, "does not open: bwrap: no permission")
    assert finding.remedy.endswith("coursekit grade LAB --sandbox none")


@pytest.mark.usefixtures("bwrap")
def test_a_setting_that_forbids_namespaces_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "kernel.apparmor_restrict_unprivileged_userns"
    setting = tmp_path.joinpath("proc", *name.split("."))
    setting.parent.mkdir(parents=True)
    setting.write_text("1\n")
    monkeypatch.setattr(grading, "_SETTINGS_FOLDER", tmp_path / "proc")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    error = CourseError(f"It said: bwrap: setting up uid map: Permission denied\n{REMEDY}")
    assert f"sudo sysctl -w {name}=0" in opening(error, monkeypatch).remedy.splitlines()
    setting.write_text("0\n")
    assert "sysctl" not in opening(error, monkeypatch).remedy


@pytest.mark.usefixtures("bwrap")
def test_a_machine_that_cannot_try_it_is_not_called_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    finding = opening(OSError("no space left"), monkeypatch)
    assert (finding.ok, finding.found) == (False, "cannot be tried: no space left")


class Opened(io.BytesIO):
    """A sandbox that has been opened, with or without a control group."""

    group: Group | None = None


@pytest.mark.usefixtures("bwrap")
@pytest.mark.parametrize(
    ("group", "ok", "found"),
    [(None, None, "none to be had"), (Group("own", ()), True, "made here"), (Group("systemd", ()), True, "by systemd")],
    ids=["none", "own", "systemd"],
)
def test_who_counts_what_a_submission_takes_up_is_told(
    group: Group | None, ok: bool | None, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Opened, "group", group)
    monkeypatch.setattr(sandboxes, "Sandbox", lambda **_: Opened())
    monkeypatch.setattr("coursekit.doctor.trials.try_sandbox", lambda sandbox: [])
    counted = look_at_sandbox()[-1]
    assert (counted.name, counted.ok) == ("control group", ok)
    assert found in counted.found
    assert bool(counted.remedy) is (ok is None)


@pytest.mark.usefixtures("bwrap")
def test_each_trial_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = [Outcome("network", True, "cannot be reached"), Outcome("memory", False, "is not limited")]
    monkeypatch.setattr(sandboxes, "Sandbox", lambda **_: Opened())
    monkeypatch.setattr("coursekit.doctor.trials.try_sandbox", lambda sandbox: tried)
    program_found, opens, network, memory, _ = look_at_sandbox()
    assert program_found.found.startswith("9.8.7, ")
    assert opens.ok is True
    assert (network.ok, network.found, network.remedy) == (True, "cannot be reached", "")
    assert (memory.ok, memory.found) == (False, "is not limited")
    assert "another Linux machine" in memory.remedy


# all together


def test_without_numpy_the_sandbox_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grading, "look_at_sandbox", lambda: pytest.fail("it was tried"))
    needs = Needs("", {"grade": [Requirement("nbgrader>=0.9.5")]})
    findings = {finding.name: finding for finding in look_at_grading(needs, {"numpy": "ImportError", "nbgrader": ""})}
    assert findings["nbgrader"].ok is True
    assert findings["sandbox"].found == "not tried without numpy"


def test_a_package_that_cannot_be_imported_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grading, "look_at_sandbox", list)
    needs = Needs("", {"grade": [Requirement("nbgrader")]})
    assert not healthy(look_at_grading(needs, {"nbgrader": "ImportError: x"}))
