"""The page: everything in one HTML file that loads nothing and runs no script but its own."""

from __future__ import annotations

import base64
import hashlib
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from coursekit.errors import CourseError
from coursekit.files import replace_file
from coursekit.grading.course import Course
from coursekit.report.classroom import Classroom, Item, Member, read_classroom
from coursekit.report.concerns import KINDS, Concern, concerns_of
from coursekit.report.plots import exercise_bars, score_histogram
from coursekit.report.similarity import RUN, SimilarPair, similar_pairs
from coursekit.report.statistics import (
    ItemStatistics,
    check_failures,
    item_statistics,
    question_statistics,
    score_summary,
)

__all__ = ["fill_in", "heat_of", "render", "write_page", "write_report"]

#: The page's mark: a file without it is never overwritten.
GENERATOR = "coursekit report"
_MAX_MESSAGES = 5


@dataclass(frozen=True)
class _Student:
    """A student's row on the page."""

    member: Member
    concerns: tuple[Concern, ...]
    links: Mapping[str, str]


def write_report(
    lab: str, *, course: Path = Path("autograde"), similar: bool = False, output: Path | None = None
) -> Path:
    """Write the page about a lab.

    Args:
        lab: The lab's stem.
        course: The course folder: the one with ``nbgrader_config.py``.
        similar: Whether to list submissions whose answers are alike.
        output: The file to write; ``reports/LAB.html`` in the course folder unless given. It can be read by its owner
            alone, or by the course's group where the course is shared.

    Returns:
        The file.

    Raises:
        CourseError: If nothing has been graded, the course cannot be read, the file cannot be written, or it is there
            already and is not a report.
        UnknownNameError: If there is no such lab.
    """
    folder = Course(course)
    classroom = read_classroom(lab, course=folder)
    file = (output or folder.folder / "reports" / f"{lab}.html").absolute()
    pairs = None
    if similar:
        answers = {member.student: dict(member.answers or {}) for member in classroom.members if member.answers}
        pairs = similar_pairs(answers, classroom.stubs)
    write_page(render(classroom, pairs=pairs, beside=file.parent), file, folder)
    return file


def write_page(page: str, file: Path, course: Course) -> None:
    """Write a report; put it in place of an earlier one, and of nothing else.

    Raises:
        CourseError: If the file cannot be written, or is there already and is no report.
    """
    try:
        if file.exists() and f'content="{GENERATOR}"' not in file.read_text(encoding="utf-8", errors="replace")[:2000]:
            raise CourseError(f"{file} exists and is not a report. Nothing was written; give another --output.")
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, page.encode("utf-8"), mode=0o660 if course.directory.groupshared else 0o600)
    except OSError as error:
        raise CourseError(f"The report {file} cannot be written: {error.strerror}. Give another --output.") from error


def render(classroom: Classroom, *, pairs: Sequence[SimilarPair] | None, beside: Path) -> str:
    """Return the page as HTML.

    Args:
        classroom: The class.
        pairs: Submissions that are alike; None if they were not asked for.
        beside: The folder that the page will lie in, which its links start from.
    """
    students = [
        _Student(member, tuple(concerns_of(member, classroom)), _links(member, beside)) for member in classroom.members
    ]
    items = item_statistics(classroom)
    order = list(KINDS)
    look = sorted((s for s in students if s.concerns), key=lambda s: order.index(s.concerns[0].kind))
    kinds = Counter(concern.kind for student in students for concern in student.concerns)
    summary = score_summary(classroom)
    checks = check_failures(classroom)
    return fill_in(
        "page.html.jinja",
        classroom=classroom,
        students=students,
        names={member.student: member.name for member in classroom.members if member.name},
        look=look,
        kinds=[(kind, name, kinds[kind]) for kind, name in KINDS.items() if kinds[kind]],
        kind_names=KINDS,
        summary=summary,
        items=items,
        checks=checks,
        questions=question_statistics(classroom),
        max_messages=_MAX_MESSAGES,
        n_waiting=sum(len(member.waiting) for member in classroom.members),
        histogram=score_histogram(classroom, summary),
        bars=exercise_bars(items, summary.n),
        pairs=pairs,
        n_pairs=_n_pairs(classroom),
        run=RUN,
        heat=heat,
    )


def fill_in(template: str, **values: object) -> str:
    """Return a page made of a template, with the style, the script and the mark that all pages have."""
    texts = {name: (resources.files("coursekit.report") / name).read_text(encoding="utf-8") for name in _ASSETS}
    environment = Environment(
        loader=PackageLoader("coursekit.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": number, "percent": percent, "breakable": breakable, "correlation": correlation}
    environment.filters["in_words"] = in_words
    return environment.get_template(template).render(
        generator=GENERATOR,
        made=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        css=Markup(texts["page.css"]),  # noqa: S704 - our own file
        script=Markup(texts["page.js"]),  # noqa: S704 - our own file
        policy=_policy(texts["page.css"], texts["page.js"]),
        **values,
    )


_ASSETS = ("page.css", "page.js")


def number(value: float | None) -> str:
    """Write points or seconds for a table: at most two digits after the point."""
    return "–" if value is None else f"{round(value, 2):,.10g}"


def percent(share: float | None) -> str:
    """Write a share as a percentage."""
    return "–" if share is None else f"{100 * share:.0f} %"


def correlation(value: float | None) -> str:
    """Write a correlation with a true minus sign."""
    return "–" if value is None else f"{value:.2f}".replace("-", "−")


def in_words(found: ItemStatistics) -> str:
    """Say what the numbers of an exercise mean."""
    if found.difficulty is None:
        return "nobody has a score here yet" if found.unscored else "nobody's work ran"
    if found.unscored:
        return f"{found.unscored:,} {'answer waits' if found.unscored == 1 else 'answers wait'} for a score"
    how_hard = "hard" if found.difficulty < 0.4 else "easy" if found.difficulty >= 0.9 else ""
    if found.discrimination is None:
        tells = f"discrimination undefined: {found.undefined}"
    elif found.discrimination < 0:
        tells = "runs against the rest: look at its checks and its wording"
    elif found.discrimination < 0.2:
        tells = "says little about the rest"
    else:
        tells = "tells strong work from weak" + (" clearly" if found.discrimination >= 0.4 else " somewhat")
    return "; ".join(filter(None, (how_hard, tells)))


def breakable(name: str) -> Markup:
    """Let a long name break into lines after its underscores."""
    return Markup("_<wbr>").join(name.split("_"))


def heat(member: Member, item: Item) -> str:
    """Return the class of a table's cell: from h0, no points, to h4, all; another where there is nothing to count."""
    points = (member.points or {}).get(item.name)
    if not member.counted or (item.name not in member.tried and not points):
        return "nothing"
    return "open" if points is None else heat_of(points, item.max_score)


def heat_of(points: float, most: float) -> str:
    """Return the class of a cell by its share of the points: from h0, none, to h4, all."""
    return f"h{min(4, int(4 * max(points, 0.0) / (most or 1.0) + 1e-9))}"


def _n_pairs(classroom: Classroom) -> int:
    n = sum(bool(member.answers) for member in classroom.members)
    return n * (n - 1) // 2


def _links(member: Member, beside: Path) -> dict[str, str]:
    """Return relative addresses of a student's pages, by their names."""
    return {kind: quote(Path(os.path.relpath(path, beside)).as_posix()) for kind, path in (member.pages or {}).items()}


def _policy(style: str, script: str) -> str:
    """Allow the page its own style and script, and nothing else: no request, no other script."""
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
