"""``coursekit collect``: from a download, or a folder, to the folder of submissions."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from pathlib import Path

from coursekit.errors import LmsError
from coursekit.grading import Course
from coursekit.grading.kinds import kind_of
from coursekit.grading.students import Entered, enter_students
from coursekit.grading.submission import MAX_SIZE_BYTES
from coursekit.lms.archive import open_source
from coursekit.lms.download import Download, Handed, read_download
from coursekit.lms.origin import Origin, read_origin
from coursekit.lms.people import Person, bare, course_id, is_named, normalised
from coursekit.lms.placing import TIMESTAMP, Parcel, pack, place
from coursekit.lms.roster import People, Roster, about_table, groups_in, read_groups, read_roster, with_groups

__all__ = ["Collected", "Collection", "collect"]

#: Systems whose numbers in a download are those of students, or of what they handed in, and never of others.
_OF_ONE_NUMBER = ("canvas", "moodle", "gradescope")
#: Names that are more alike than this are one person's.
_ALIKE = 0.6
#: Systems whose names for students are the students' own, and not made fit for files.
_NAMES_PEOPLE = ("moodle", "gradescope", "brightspace")


@dataclass(frozen=True)
class Collected:
    """What was done with one student's files.

    Attributes:
        student: The course's id for them: the name of their folder.
        name: Their name, as the roster or the system gives it.
        file: The notebook's name in the download; empty if they handed in none.
        late: Whether the system marks it as late.
        note: What was done with it.
        lacks: Why nothing of theirs can be graded as it seems, such as "handed in nothing"; empty if something can.
    """

    student: str
    name: str
    file: str
    late: bool
    note: str
    lacks: str = ""


@dataclass(frozen=True)
class Collection:
    """The outcome of collecting.

    Attributes:
        system: The system that the download comes from, such as ``"canvas"``, or ``"files"``.
        students: One row per student, by id: all who are in the download or in the roster.
        notes: What else an instructor should know.
        dry_run: Whether nothing was written.
    """

    system: str
    students: tuple[Collected, ...]
    notes: tuple[str, ...]
    dry_run: bool = False


@dataclass(frozen=True)
class _Pupil:
    """A student, with what they, or their group, handed in.

    Attributes:
        handed: What was handed in; None if nothing was.
        person: Who they are in the roster or the list of groups; None if they are in neither.
        group: The name of the group that handed it in; empty if it was the student alone.
    """

    handed: Handed | None
    person: Person | None
    group: str = ""


def collect(
    lab: str,
    file: Path,
    *,
    course: Path = Path("autograde"),
    roster: Path | None = None,
    groups: Path | None = None,
    pattern: str | None = None,
    dry_run: bool = False,
) -> Collection:
    """Put what a class handed in into a course's folder of submissions.

    Everybody who is in the download or in the roster gets a folder: with a notebook, with whatever else was handed in,
    so that grading can say what it is, or with nothing. By the roster a folder is named login, SIS id or e-mail
    address. Without a roster it is named by what the system calls the student, or by the student's name where the
    system's numbers change with each assignment. Each member of a group gets what the group handed in.

    What is there already is replaced only by something newer that was collected in the same way.

    Args:
        lab: The lab's stem.
        file: The zip, as it was downloaded, or a folder.
        course: The course folder: the one with ``nbgrader_config.py``.
        roster: Who is in the class: Canvas's gradebook, this assignment's grading worksheet from Moodle, or another
            table with a column of ids and one of names, as CSV.
        groups: Who is in which group, as CSV: what Canvas exports, or a table with the columns group and student.
        pattern: How the paths in the download tell whose they are, such as ``{student}/{file}``; found out unless
            given.
        dry_run: Whether to write nothing, and say who would be taken for whom.

    Returns:
        What was done for each student.

    Raises:
        CourseError: If the course folder or its gradebook cannot be used.
        LmsError: If the download, the roster or the list of groups cannot be used.
        UnknownNameError: If there is no such lab.
    """
    folder = Course(course)
    folder.require_lab(lab)
    others = [other for other in folder.labs() if other != lab]
    listed = read_roster(roster) if roster is not None else None
    members = read_groups(groups) if groups is not None else []
    if listed is not None and groups is not None:
        _refuse_other_groups(listed, groups, members)
    with open_source(file) as source:
        numbers = {p.number for p in [*(listed.persons if listed else []), *members]} - {""}
        download = read_download(source, lab, pattern, numbers)
        _refuse_other_lab(download, lab, others)
        persons = _persons(download, listed, members)
        pupils = list(_pupils(download, persons, asked=listed is not None))
        ids = _ids(download.system, pupils)
        if listed is not None:
            _refuse_other_class(download, listed, pupils)
        if not dry_run:
            _require_room(folder.submitted, pupils)
        done = [
            _take(folder.submitted, lab, others, download.system, student, pupil, dry_run=dry_run)
            for student, pupil in ids.items()
        ]
        if n := sum("it is damaged" in row.note for row in done):
            source.notes.append(f"of {n} a file is damaged: download it again, and run again")
        source.notes.extend(_about_earlier(folder.submitted, lab, download, ids))
        notes = [*source.notes, *_about(download, listed, pupils, ids), *_about_times(download, done, pupils)]
    if not dry_run:
        enter_students(folder, _entered(download, ids))
    rows = tuple(sorted(done, key=lambda row: row.student))
    return Collection(download.system, rows, tuple(notes), dry_run)


def _persons(download: Download, listed: Roster | None, members: list[Person]) -> list[Person]:
    """Return everybody who is known, with their groups."""
    persons = listed.persons if listed is not None else []
    if listed is not None and not members:
        numbers = {person.number for person in persons}
        groups = groups_in(listed, (one.name for one in download.handed if one.number not in numbers))
        persons = [replace(person, group=groups.get(person.row, "")) for person in persons]
    return with_groups(persons, members) if members else persons


def _pupils(download: Download, persons: Sequence[Person], *, asked: bool) -> Iterator[_Pupil]:
    """Yield all students: those who handed in alone or with a group, and those of the roster who did not.

    Raises:
        LmsError: If what two have handed in would be one student's.
    """
    people = People(persons)
    # A name tells who it is only if nobody else in the download has it.
    names = Counter(bare(handed.name) for handed in download.handed)
    seen: dict[int, Handed] = {}
    for handed in download.handed:
        told = [people.find((*p.ids, p.number), p.name) or p for p in handed.members]
        group = told if len(told) > 1 else _members(handed, persons, people)
        name = handed.name if names[bare(handed.name)] == 1 else ""
        alone: list[Person | None] = [*told] or [people.find((handed.number,), name)]
        for person in group or alone:
            if person is not None and (other := seen.setdefault(id(person), handed)) is not handed:
                raise LmsError(
                    f"{person.name or person.course_id} is in the download twice, as {_called(other)} and as"
                    f" {_called(handed)}. Nothing was changed. Give them different ids in the roster, or take one of"
                    " the two out of the download."
                )
            yield _Pupil(handed, person, _group_name(handed, group) if group else "")
    if asked:
        yield from (_Pupil(None, person, person.group) for person in persons if id(person) not in seen)


def _members(handed: Handed, persons: Sequence[Person], people: People) -> list[Person]:
    """Return who is in the group that handed something in; none if it was no group."""
    by_name = [person for person in persons if person.group and bare(person.group) == bare(handed.name)]
    if by_name:
        return by_name
    representative = people.find((handed.number,)) if handed.number else None
    if representative is not None and representative.group:
        return [person for person in persons if person.group == representative.group]
    # Moodle's "Default group", in whatever language: all who are in none hand in together.
    if not handed.number and any(person.group for person in persons):
        return [person for person in persons if not person.group]
    return []


def _group_name(handed: Handed, group: Sequence[Person]) -> str:
    return next((p.group for p in group if p.group), "") or handed.name or _listed([p.name for p in group], 10)


def _called(handed: Handed) -> str:
    return " ".join(filter(None, (handed.name, f"({handed.number})" if handed.number else ""))) or "nobody"


def _ids(system: str, pupils: Sequence[_Pupil]) -> dict[str, _Pupil]:
    """Return the students by the course's ids.

    Raises:
        LmsError: If two have one id.
    """
    # Where marking is blind, the worksheet has no names, and the download has one word for all.
    blind = [p.handed.name for p in pupils if p.handed and p.person and not p.person.name and system == "moodle"]
    names = [course_id(_name(pupil) or next(iter(blind), "")) for pupil in pupils]
    shared = Counter(map(normalised, names)) + Counter(map(normalised, map(course_id, blind)))
    ids: dict[str, _Pupil] = {}
    claims: dict[str, list[str]] = {}
    for pupil, name in zip(pupils, names, strict=True):
        number = course_id(_number(pupil))
        own = pupil.person.course_id if pupil.person is not None else ""
        if own:
            student = own
        elif number and system != "moodle":
            student = number
        else:
            # A name that two students share needs the number, although Moodle's is valid for one assignment only.
            student = name if name and shared[normalised(name)] == 1 else f"{name}-{number}".strip("-")
        student = student or f"unnamed-{len(ids) + 1}"
        ids[student] = pupil
        claims.setdefault(normalised(student), []).append(f"{_name(pupil)} ({_number(pupil) or student})".strip())
    for student, who in claims.items():
        if len(who) > 1:
            raise LmsError(
                f"These would share the folder {student!r}: {', '.join(who)}. Give them different ids in the"
                " --roster, or different names in the download. Nothing was changed."
            )
    return ids


def _name(pupil: _Pupil) -> str:
    known = pupil.person.name if pupil.person is not None else ""
    return known or (pupil.handed.name if pupil.handed is not None else "")


def _number(pupil: _Pupil) -> str:
    """Return the system's id for a student; a group's own number is none of theirs."""
    if pupil.person is not None and pupil.person.number:
        return pupil.person.number
    return pupil.handed.number if pupil.handed is not None and not pupil.group else ""


def _take(
    submitted: Path, lab: str, others: Sequence[str], system: str, student: str, pupil: _Pupil, *, dry_run: bool
) -> Collected:
    """Put a student's files in their place, unless what is there is newer or not ours."""
    handed, person = pupil.handed, pupil.person
    files = handed.files if handed is not None else []
    parcel = pack(files, lab, others)
    chosen = parcel.chosen
    late = (handed is not None and handed.late) or (person is not None and person.late)
    origin = Origin(
        system,
        _number(pupil),
        _name(pupil),
        chosen.name if chosen is not None else "",
        late,
        chosen.order if chosen is not None else 0,
        parcel.digest,
        _stamp(handed, person),
        pupil.group,
        handed.number if handed is not None else "",
    )
    sure = person is not None and bool(person.course_id)
    done = place(submitted / student / lab, parcel, origin, sure=sure, dry_run=dry_run)
    lacks = _lacks(parcel)
    details = [f"of the group {pupil.group}" if pupil.group and handed is not None else ""]
    details += [f"not taken: {parcel.problems[0]}" if parcel.problems and parcel.problems[0] not in lacks else ""]
    details += [f"passed over {_listed(list(parcel.passed))}" if parcel.passed and not lacks else ""]
    note = "; ".join(filter(None, [f"{done}; {lacks}" if lacks else done, *details]))
    return Collected(student, origin.name, origin.file if parcel.has_notebook else "", late, note, lacks)


def _lacks(parcel: Parcel) -> str:
    """Return why nothing of what was handed in is likely to be graded; empty if something is."""
    if not parcel.contents:
        return "handed in nothing"
    if parcel.problems and len(parcel.problems) == len(parcel.contents):
        return f"nothing could be taken: {parcel.problems[0]}"
    if parcel.has_notebook and any(map(_may_be_graded, parcel.contents.values())):
        return ""
    told = [f"{name}, {kind}" if (kind := _kind_of(content)) else name for name, content in parcel.contents.items()]
    return f"no notebook, only {_listed(told)}"


def _may_be_graded(content: bytes) -> bool:
    """Tell whether a file that is named as a notebook or a zip may be one."""
    return b'"cells"' in content or b'"worksheets"' in content or content.startswith(b"PK") or not _kind_of(content)


def _kind_of(content: bytes) -> str:
    return kind_of(content) if content.strip() else "an empty file"


def _stamp(handed: Handed | None, person: Person | None) -> str:
    """Return when something was handed in, as nbgrader writes it; empty where nothing says so."""
    told: list[datetime | None] = [handed.handed_in if handed is not None else None]
    told += [person.handed_in if person is not None and handed is not None else None]
    told += [member.handed_in for member in (handed.members if handed is not None else ())]
    when = next(filter(None, told), None)
    return when.isoformat(" ", "microseconds") + " UTC" if when is not None else ""


def _entered(download: Download, ids: Mapping[str, _Pupil]) -> Iterator[Entered]:
    """Yield what the gradebook is to know of the students: names of people, and not what was made of them for files."""
    for student, pupil in ids.items():
        known = pupil.person.name if pupil.person is not None else ""
        named = download.system in _NAMES_PEOPLE and not pupil.group and pupil.handed is not None
        name = known or (pupil.handed.name if named and pupil.handed is not None else "")
        told = pupil.person.ids if pupil.person is not None else ()
        yield Entered(student, name, next((text for text in told if re.fullmatch(r"[^\s@]+@[^\s@]+", text)), ""))


def _refuse_other_lab(download: Download, lab: str, others: Sequence[str]) -> None:
    """Refuse a download whose notebooks bear the name of another lab."""
    names = [file.name for one in download.handed for file in one.files if file.name.lower().endswith(".ipynb")]
    counts = Counter(other for name in names for other in others if is_named(name, other))
    if counts and not any(is_named(name, lab) for name in names):
        other, n = counts.most_common(1)[0]
        if 2 * n > len(names):
            raise LmsError(
                f"{download.source.file} is the download of another lab: {n} of its {len(names)} notebooks are named"
                f" {other}, none {lab}. Nothing was changed. To collect them: coursekit collect {other}"
                f" {download.source.file}"
            )


def _refuse_other_class(download: Download, listed: Roster, pupils: Sequence[_Pupil]) -> None:
    """Refuse a roster that none of those who handed in are in."""
    known = {(person.row, person.name) for person in listed.persons}
    found = any(p.handed and p.person and (p.person.row, p.person.name) in known for p in pupils)
    if download.handed and known and not found:
        of = "assignment" if listed.system == "moodle" else "course"
        why = " Moodle gives participants new numbers in each assignment." if listed.system == "moodle" else ""
        from_other = listed.system and listed.system != download.system
        comes = f" It comes from {listed.system.title()}, the download from {download.title}." if from_other else ""
        raise LmsError(
            f"{listed.file} has none of the students in the download. Is it from the same {of}?{why}{comes} Nothing was"
            f" changed.{''.join(f'{chr(10)}{note}' for note in about_table(listed.sheet))}"
        )


def _refuse_other_groups(listed: Roster, file: Path, members: Sequence[Person]) -> None:
    """Refuse a list of groups none of whose members are in the roster."""
    people = People(listed.persons)
    if members and not any(people.find((member.number, *member.ids), member.name) for member in members):
        raise LmsError(f"Nobody in {file} is in {listed.file}. Are both from the same course? Nothing was changed.")


def _require_room(submitted: Path, pupils: Iterable[_Pupil]) -> None:
    """Refuse to begin what the disk has no room for."""
    files = [f for p in pupils if p.handed is not None for f in p.handed.files if f.name.endswith(".ipynb")]
    # What is larger is not taken, and one file's size must not keep the others from being collected.
    size = sum(f.entry.size for f in files if f.entry.size <= MAX_SIZE_BYTES)
    place_ = next(path for path in (submitted, *submitted.parents) if path.is_dir())
    free = shutil.disk_usage(place_).free
    if size > free:
        raise LmsError(
            f"The notebooks have {size:,} bytes, and there are {free:,} free where {submitted} is. Nothing was changed."
            " Make room, and run again."
        )


def _about(
    download: Download, listed: Roster | None, pupils: Sequence[_Pupil], ids: Mapping[str, _Pupil]
) -> Iterator[str]:
    """Yield what is odd about who handed in."""
    if listed is not None:
        yield from about_table(listed.sheet)
        here = {(person.row, person.name) for person in listed.persons}
        others = {s: p for s, p in ids.items() if p.person is None or (p.person.row, p.person.name) not in here}
        if others:
            called = (f"{_name(p)} ({s})" if course_id(_name(p)) not in ("", s) else s for s, p in others.items())
            yield f"not in {listed.file.name}: {_listed(sorted(called), 10)}"
        people = People(listed.persons)
        for student, pupil in others.items():
            name = pupil.handed.name if pupil.handed is not None and pupil.person is None else ""
            if (n := people.n_named(name)) > 1:
                yield (
                    f"{student}: {listed.file.name} has {n} people of the name {name!r}, and the download does not say"
                    " which of them handed this in"
                )
    known = [p for p in pupils if p.handed is not None and p.handed.name and p.person is not None and not p.group]
    unlike = [p for p in known if download.system == "canvas" and p.handed and not _alike(p.handed.name, p.person)]
    nameless = [p for p in pupils if p.handed is not None and not p.handed.number and download.system == "moodle"]
    grouped = [p for p in pupils if p.group]
    if (unlike and 2 * len(unlike) > len(known)) or (nameless and not grouped):
        teams = [p.handed.name for p in (unlike or nameless) if p.handed is not None]
        look = "looks like a group" if len(teams) == 1 else "look like groups"
        yield (f"{_listed(teams)} {look}: give --groups CSV, with the columns group and student, to grade all members")


def _about_earlier(submitted: Path, lab: str, download: Download, ids: Mapping[str, _Pupil]) -> Iterator[str]:
    """Yield who stands among the submissions under another id, as where an earlier run had no roster."""
    now = {p.handed.number: s for s, p in ids.items() if p.handed is not None and p.handed.number and not p.group}
    if download.system not in _OF_ONE_NUMBER or not submitted.is_dir():
        return
    twice = []
    for place_ in sorted(submitted.iterdir()):
        origin = read_origin(place_ / lab) if place_.name not in ids else None
        if origin is not None and origin.lms == download.system and not origin.group and origin.sender in now:
            twice.append(f"{place_.name} is {now[origin.sender]}")
    if twice:
        yield (
            f"collected before under another id, and so there twice: {_listed(twice, 10)}. Delete the folders of the"
            f" wrong ids in {submitted}, or both are graded"
        )


def _alike(name: str, person: Person | None) -> bool:
    if person is None or not person.name or bare(person.name) == bare(name):
        return True
    # Letters may have been lost on the way, and people go by short names.
    return SequenceMatcher(None, bare(person.name), bare(name)).ratio() > _ALIKE


def _about_times(download: Download, done: Sequence[Collected], pupils: Sequence[_Pupil]) -> list[str]:
    late = sum(row.late for row in done)
    if download.system == "canvas" and late:
        return [
            f"{late} marked as late. Canvas's download does not say when they were handed in, so no {TIMESTAMP} was"
            " written and nbgrader takes nothing off; Canvas's own late policy does when grades are imported"
        ]
    told = any(p.person is not None and p.person.handed_in for p in pupils if p.handed is not None)
    if told and download.system == "moodle":
        return [f"the roster's times, for {TIMESTAMP}, were read in this computer's time zone"]
    return []


def _listed(names: list[str], n: int = 3) -> str:
    return ", ".join(names[:n]) + (f" and {len(names) - n} more" if len(names) > n else "")
