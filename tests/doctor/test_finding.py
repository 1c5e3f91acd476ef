from __future__ import annotations

import pytest

from coursekit.doctor import Finding, healthy, report
from coursekit.doctor.finding import DATA, GRADING, LABS

NUMPY = Finding(LABS, "numpy", True, "2.1.0")
TORCH = Finding(LABS, "torch", False, "not installed", "pip install torch")
LAB = Finding(LABS, "jupyterlab", None, "not installed")
BROKEN = Finding(LABS, "torch", False, "2.2.0, but it cannot be imported")
GRADE = Finding(GRADING, "nbgrader", True, "0.9.6")
SANDBOX = Finding(GRADING, "bubblewrap", False, "not found", "sudo apt-get install bubblewrap")
MNIST = Finding(DATA, "MNIST", None, "not here yet")


@pytest.mark.parametrize(
    ("findings", "well"),
    [([], True), ([NUMPY], True), ([NUMPY, LAB], True), ([NUMPY, TORCH], False), ([TORCH, LAB], False)],
)
def test_only_what_is_needed_and_missing_is_unhealthy(findings: list[Finding], well: bool) -> None:
    assert healthy(findings) is well


def test_a_report_has_a_line_a_finding_under_its_group_with_the_remedy_below() -> None:
    assert report([NUMPY, TORCH, LAB, MNIST]) == (
        "For the labs\n"
        "  ok  numpy       2.1.0\n"
        "  no  torch       not installed\n"
        "                  > pip install torch\n"
        "  --  jupyterlab  not installed\n"
        "\n"
        "Data\n"
        "  --  MNIST       not here yet\n"
        "\n"
        "To be mended: torch. Do what stands under each, and run this again.\n"
        "> begins what you can do; a command is typed into a terminal.\n"
        "-- marks what is optional, or not needed here."
    )


@pytest.mark.parametrize(
    ("findings", "verdict"),
    [
        ([NUMPY], "All is well: you can work through the labs here."),
        ([NUMPY, GRADE], "All is well: you can work through the labs here, and grade them safely."),
        ([NUMPY, BROKEN, GRADE], "To be mended: torch. Do what stands under each, and run this again."),
    ],
)
def test_the_verdict_comes_last(findings: list[Finding], verdict: str) -> None:
    assert report(findings).splitlines()[-1] == verdict


def test_what_only_graders_lack_does_not_trouble_a_student() -> None:
    text = " ".join(report([NUMPY, SANDBOX]).split())
    assert "You can work through the labs here; students need do nothing." in text
    assert "Before you grade, repair this: bubblewrap." in text
    both = " ".join(report([NUMPY, SANDBOX, TORCH]).split())
    assert "You can work through" not in both
    assert "To be mended: bubblewrap, torch." in both


def test_long_lines_are_wrapped_and_each_line_of_a_remedy_begins_anew() -> None:
    finding = Finding(LABS, "Python", False, "word " * 30, "first " * 20 + "\n/a/path-that/can-be/copied")
    lines = report([finding]).splitlines()
    assert max(map(len, lines)) <= 100
    assert lines[2].startswith(" " * 14 + "word")
    assert next(line.strip() for line in lines if "first" in line).startswith("> first")
    assert " " * 14 + "> /a/path-that/can-be/copied" in lines


def test_a_path_is_never_cut_in_two() -> None:
    path = "/" + "long-name/" * 15
    assert path in report([Finding(LABS, "Python", False, "3.10", f"{path}python -m pip install numpy")])
