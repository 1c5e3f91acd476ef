from __future__ import annotations

from pathlib import Path

from coursekit.authoring import BuildReport, Problem


def test_a_problem_names_its_file_and_line() -> None:
    assert Problem(Path("a/b.py"), "is odd.", 3).text() == "a/b.py:3: is odd."
    assert Problem(Path("a/b.py"), "is odd.").text() == "a/b.py: is odd."


def test_a_long_diff_is_cut_and_says_so() -> None:
    text = Problem(Path("a"), "differs", diff="\n".join(["x" * 1000] * 100)).text()
    assert text.endswith("… and 40 lines more")
    assert max(len(line) for line in text.splitlines()) < 170


def test_a_report_sums_up() -> None:
    problem = Problem(Path("a"), "is odd.")
    built = BuildReport(("01_a", "02_b"), (Path("n"),), (problem,), n_files=4)
    assert built.text() == "wrote n\na: is odd.\n2 labs: 1 file written, 3 up to date. Left to you: 1 problem."
    checked = BuildReport(("01_a",), problems=(problem, problem), check=True)
    assert checked.text().endswith("1 lab: 2 problems. Edit the sources only, then run: coursekit build")
