"""An invented class, handed in and graded: what ``make demo`` shows.

The class is made from the right and wrong answers that the checks are tested with. Between them its members hand
in every one of these, so that the table can be held against what each answer deserves.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from coursekit.cells import solution_sources
from coursekit.errors import CourseError, UnknownNameError
from coursekit.variants import Variant, answered, load_variants

__all__ = ["Member", "make_class", "make_course", "run_demo"]

MARKER = ".made-by-coursekit-demo"
CONFIG = '''"""A course made by `coursekit demo`. Run nbgrader's commands in this folder."""

from coursekit.grading import configure

c = get_config()  # noqa: F821 - traitlets defines it
configure(c, __file__)
'''


@dataclass(frozen=True)
class Member:
    """One member of the class.

    Attributes:
        student: Their id, which says what they hand in.
        answers: What they put into each solution cell; a cell not named stays as it was released.
        variants: Which of the answers are kept variants, by exercise.
    """

    student: str
    answers: Mapping[str, str]
    variants: Mapping[str, Variant]


def run_demo(folder: Path, *, lab: str, root: Path, say: Callable[[str], None]) -> bool:
    """Invent a class, grade it, and say where to look.

    Args:
        folder: Where to put the class; an earlier demo there is replaced.
        lab: The lab that it hands in.
        root: The folder with ``labs/``, ``solutions/``, ``notebooks/`` and ``autograde/``.
        say: Called with each line of the report.

    Returns:
        Whether every answer got the score that it deserves.

    Raises:
        CourseError: If the folder holds anything that a demo did not make.
        UnknownNameError: If there is no such lab.
    """
    from coursekit.feedback import write_feedback
    from coursekit.grading import grade
    from coursekit.grading.table import progress_line, table

    make_course(folder, lab=lab, root=root)
    members = make_class(root / "labs" / lab, folder / "source" / lab / f"{lab}.ipynb")
    for member in members:
        hand_in(member, folder, lab)
    say(f"{len(members)} students hand in {lab}. Between them they give every right and wrong answer that is kept.")
    (folder / "submitted" / "zz-nothing" / lab).mkdir(parents=True)
    broken = folder / "submitted" / "zz-not-a-notebook" / lab
    broken.mkdir(parents=True)
    (broken / f"{lab}.ipynb").write_text('{"cells": [', encoding="utf-8")

    grading = grade(lab, course=folder, sandbox=_sandbox(lab, say), progress=progress_line(sys.stderr))
    (folder / "grades.json").write_text(json.dumps([r.as_json() for r in grading.records], indent=1), encoding="utf-8")
    say(table(grading.records))
    mistakes = undeserved(members, {r.student: r.as_json() for r in grading.records})
    for mistake in mistakes:
        say(f"WRONG: {mistake}")
    if not mistakes:
        n_answers = len({(m.student, slug) for m in members for slug in m.variants})
        say(f"All {n_answers} answers got what they deserve: right ones full marks, wrong ones fail the check named.")
    write_feedback(lab, course=folder)
    say(_bars(folder, lab))
    page = folder / "feedback" / members[1].student / lab / f"{lab}.html"
    say(f"Feedback pages: {page} and its neighbours")
    say(f"Gradebook:      {folder / 'gradebook.db'} (open it: cd {folder} && jupyter lab, then Nbgrader > Formgrader)")
    say(f"Records:        {folder / 'grades.json'}")
    return not mistakes


def make_course(folder: Path, *, lab: str, root: Path) -> None:
    """Make a course folder of its own for a lab: sources, release, hidden checks, configuration.

    Raises:
        CourseError: If the folder holds anything that a demo did not make.
        UnknownNameError: If there is no such lab.
    """
    built = root / "solutions" / lab
    if not (built / f"{lab}.ipynb").is_file():
        known = [path.parent.name for path in (root / "solutions").glob("*/*.ipynb")]
        raise UnknownNameError("lab", lab, known)
    if folder.exists() and any(folder.iterdir()) and not (folder / MARKER).exists():
        raise CourseError(
            f"The folder {str(folder)!r} holds something that is not from a demo. Nothing was touched;"
            " name another folder with --folder DIR."
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARKER).touch()
    (folder / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    for source, copy in ((built, f"source/{lab}"), (root / "notebooks" / lab, f"release/{lab}")):
        shutil.copytree(source, folder / copy, ignore=shutil.ignore_patterns(".*"))
    shutil.copytree(root / "autograde" / "hidden", folder / "hidden", ignore=shutil.ignore_patterns("__pycache__"))


def make_class(lab: Path, instructors: Path) -> list[Member]:
    """Invent a class that hands in every variant at least once.

    Member i hands in variant i of every exercise at the same time, beginning again where an exercise has fewer.

    Args:
        lab: The lab's folder of sources, such as ``labs/01_softmax``.
        instructors: The instructor's notebook, for the reference answers.
    """
    reference = solution_sources(json.loads(instructors.read_text(encoding="utf-8")))
    by_exercise: dict[str, list[Variant]] = {slug: [] for slug in reference}
    for variant in load_variants(lab):
        if variant.slug not in by_exercise:
            raise UnknownNameError("exercise", variant.slug, by_exercise)
        by_exercise[variant.slug].append(variant)
    members = [Member("reference", reference, {})]
    for right, kind in ((True, "right"), (False, "wrong")):
        pools = {slug: [v for v in found if v.right == right] for slug, found in by_exercise.items()}
        for i in range(max(map(len, pools.values()), default=0)):
            chosen = {slug: pool[i % len(pool)] for slug, pool in pools.items() if pool}
            answers = {slug: variant.source for slug, variant in chosen.items()}
            members.append(Member(f"{kind}-{i + 1:02}", reference | answers, chosen))
    half = dict(list(reference.items())[: len(reference) // 2])
    return [*members, Member("half-done", half, {}), Member("untouched", {}, {})]


def hand_in(member: Member, folder: Path, lab: str) -> None:
    """Put a member's notebook among a course's submissions."""
    released = json.loads((folder / "release" / lab / f"{lab}.ipynb").read_text(encoding="utf-8"))
    place = folder / "submitted" / member.student / lab
    place.mkdir(parents=True)
    (place / f"{lab}.ipynb").write_text(json.dumps(answered(released, member.answers), indent=1), encoding="utf-8")
    (place / "timestamp.txt").write_text(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f} UTC", encoding="utf-8")


def undeserved(members: list[Member], records: Mapping[str, dict]) -> list[str]:  # type: ignore[type-arg]
    """List the answers that did not get what they deserve."""
    mistakes = []
    for member in members:
        for exercise in records[member.student]["exercises"]:
            slug, full = exercise["name"], exercise["score"] == exercise["max_score"]
            variant = member.variants.get(slug)
            failed = [check["name"] for check in exercise["checks"] if not check["passed"]]
            if slug not in member.answers:
                if exercise["score"] != 0:
                    mistakes.append(f"{member.student}: {slug} was not answered and got {exercise['score']}")
            elif variant is None or variant.right:
                if not full:
                    mistakes.append(f"{member.student}: {variant or slug} is right, but these checks failed: {failed}")
            elif full or variant.caught_by not in failed:
                mistakes.append(f"{member.student}: {variant} was not caught by {variant.caught_by}, but by {failed}")
    return mistakes


def _sandbox(lab: str, say: Callable[[str], None]) -> str:
    """Return what confines the class's code; nothing need do so on a machine without a sandbox: it can be trusted."""
    from coursekit.grading.sandbox import BUBBLEWRAP, NONE, Sandbox

    try:
        Sandbox(lab=lab).close()
    except CourseError as error:
        say(f"These students are invented and can be trusted: they are graded without a sandbox.\n({error})")
        return NONE
    return BUBBLEWRAP


def _bars(folder: Path, lab: str) -> str:
    """Run the instructor's notebook with its pictures, and quote what it says of its bars."""
    import nbformat
    from nbclient import NotebookClient
    from nbconvert import HTMLExporter

    from coursekit.grading.configuration import QUIET

    notebook = nbformat.read(folder / "source" / lab / f"{lab}.ipynb", as_version=4)
    client = NotebookClient(notebook, timeout=600, kernel_name="python3", extra_arguments=[QUIET])
    client.execute(cwd=str(folder))
    page, _ = HTMLExporter().from_notebook_node(notebook)
    (folder / f"{lab}.html").write_text(page, encoding="utf-8")
    streams = (out.text for cell in notebook.cells for out in cell.get("outputs", []) if out.output_type == "stream")
    bars = [line for text in streams for line in text.splitlines() if "the bar is" in line]
    return "\n".join([f"The lab itself: {folder / f'{lab}.html'}", *bars])
