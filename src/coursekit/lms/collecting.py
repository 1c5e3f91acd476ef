"""``coursekit collect``: from a download of Canvas's or Moodle's to the folder of submissions."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

from coursekit.errors import LmsError
from coursekit.files import replace_file
from coursekit.grading import Course
from coursekit.grading.submission import read_short_text
from coursekit.lms import canvas, moodle
from coursekit.lms.archive import Archive, Entry, UnreadableError, open_archive
from coursekit.lms.origin import Origin, read_origin
from coursekit.lms.people import Person, Upload, course_id, normalised
from coursekit.lms.sheet import Sheet

__all__ = ["SYSTEMS", "Collected", "Collection", "collect", "system_of"]

SYSTEMS: Mapping[str, ModuleType] = {"canvas": canvas, "moodle": moodle}
_TIMESTAMP = "timestamp.txt"


@dataclass(frozen=True)
class Collected:
    """What was done with one student's files.

    Attributes:
        student: The course's id for them: the name of their folder.
        name: Their name, as the system gives it.
        file: The notebook's name in the download; empty if they handed in none.
        late: Whether the system marks it as late.
        note: What was done with it.
    """

    student: str
    name: str
    file: str
    late: bool
    note: str


@dataclass(frozen=True)
class Collection:
    """The outcome of collecting.

    Attributes:
        system: ``"canvas"`` or ``"moodle"``.
        students: One row per student, by id.
        notes: What else an instructor should know.
    """

    system: str
    students: tuple[Collected, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _File:
    """A file of a student's in the download."""

    upload: Upload
    entry: Entry

    def newness(self, lab: str) -> tuple[bool, int, int, str]:
        """Return a key that is highest for the file to take: the lab's notebook, and of several the newest."""
        stem = Path(self.upload.file).stem
        # A browser or Canvas adds -1 or (1) to the name of a second one.
        named = re.fullmatch(rf"{re.escape(lab)}([ _-]*\(?\d+\)?)?", stem, re.IGNORECASE) is not None
        return named, self.upload.file_number, self.entry.packed_s, self.upload.file


def collect(lab: str, file: Path, *, course: Path = Path("autograde"), roster: Path | None = None) -> Collection:
    """Put the notebooks of a download into a course's folder of submissions.

    A student's folder is named by the roster: login, SIS id or e-mail address. Without a roster it is named by
    Canvas's user id, or by the student's name, because Moodle's numbers change with each assignment.

    What is there already is replaced only by something newer that was collected in the same way.

    Args:
        lab: The lab's stem.
        file: The zip, as it was downloaded.
        course: The course folder: the one with ``nbgrader_config.py``.
        roster: Canvas's gradebook or this assignment's grading worksheet from Moodle, as CSV.

    Returns:
        What was done for each student.

    Raises:
        CourseError: If the course folder cannot be used.
        LmsError: If the zip or the roster cannot be used.
        UnknownNameError: If there is no such lab.
    """
    folder = Course(course)
    folder.require_lab(lab)
    with open_archive(file) as archive:
        system, by_number = _recognised(archive)
        notes = list(archive.notes)
        known = _roster(roster, system, by_number) if roster is not None else {}
        students = _ids(system, by_number, known)
        done = []
        for number, files in by_number.items():
            done.append(_take(archive, folder.submitted, lab, system, students[number], files, known.get(number)))
    if roster is not None:
        notes += _not_on_both(roster, by_number, known, students)
    notes += _about_times(system, done, known)
    return Collection(system, tuple(sorted(done, key=lambda row: row.student)), tuple(notes))


def system_of(sheet: Sheet) -> str:
    """Tell which system a table of grades comes from.

    Raises:
        LmsError: If it comes from neither.
    """
    for name, system in SYSTEMS.items():
        if system.is_table(sheet):
            return name
    raise LmsError(
        f"{sheet.file} is neither Canvas's gradebook (columns Student, ID, …, Section) nor Moodle's grading worksheet"
        f" (columns Identifier, …, Grade): it has {', '.join(map(repr, sheet.header[:8]))}. Export it again; for Moodle"
        " set its language to English first."
    )


def _recognised(archive: Archive) -> tuple[str, dict[str, list[_File]]]:
    """Return which system made a download, and its files by the students' ids there.

    Raises:
        LmsError: If neither did.
    """
    found: dict[str, dict[str, list[_File]]] = {}
    # Moodle first: its form is the stricter one.
    for name in ("moodle", "canvas"):
        uploads = ((SYSTEMS[name].parse_upload(entry.path), entry) for entry in archive.entries)
        files = [_File(upload, entry) for upload, entry in uploads if upload is not None]
        found[name] = {}
        for file in files:
            found[name].setdefault(file.upload.number, []).append(file)
    system = max(found, key=lambda name: sum(map(len, found[name].values())))
    if not found[system]:
        names = ", ".join(repr(str(entry.path)[:80]) for entry in archive.entries[:3]) or "nothing that can be read"
        raise LmsError(
            f"{archive.file} is neither Canvas's nor Moodle's download: it holds {names}. In Canvas's, files are named"
            f" like {canvas.RECOGNISED_BY!r}, in Moodle's like {moodle.RECOGNISED_BY!r}. Nothing was changed."
            + "".join(f"\n{note}" for note in archive.notes[:5])
        )
    taken = {file.entry.path for files in found[system].values() for file in files}
    others = [entry.path for entry in archive.entries if entry.path not in taken]
    archive.notes += [f"passed over {str(path)[:100]!r}: not named as {system.title()} does" for path in others]
    return system, found[system]


def _roster(file: Path, system: str, by_number: Iterable[str]) -> dict[str, Person]:
    """Read a roster: the person for each id of the system.

    Raises:
        LmsError: If it belongs to another download.
    """
    sheet = Sheet.read(file)
    if system_of(sheet) != system:
        raise LmsError(f"{file} comes from {system_of(sheet).title()}, the download from {system.title()}.")
    known = {person.number: person for person in SYSTEMS[system].people(sheet)}
    if not set(known) & set(by_number):
        why = " Moodle gives participants new numbers in each assignment." if system == "moodle" else ""
        raise LmsError(
            f"{file} has none of the students in the download. Is it from the same"
            f" {'assignment' if system == 'moodle' else 'course'}?{why} Nothing was changed."
        )
    return known


def _ids(system: str, by_number: Mapping[str, list[_File]], known: Mapping[str, Person]) -> dict[str, str]:
    """Return the course's id for each of a system's numbers.

    Raises:
        LmsError: If a roster gives two students one id.
    """
    names = {number: course_id(files[0].upload.name) for number, files in by_number.items()}
    shared = Counter(normalised(name) for name in names.values())
    ids = {}
    for number, name in names.items():
        person = known.get(number)
        told = [course_id(text) for text in person.ids] if person is not None else []
        if any(told):
            ids[number] = next(filter(None, told))
        elif system == "moodle":
            # A name that two students share needs the number, although that is valid for this assignment only.
            ids[number] = name if name and shared[normalised(name)] == 1 else f"{name}-{number}".strip("-")
        else:
            ids[number] = number
    for student, count in Counter(map(normalised, ids.values())).items():
        if count > 1:
            both = ", ".join(f"{names[n] or n} ({n})" for n, i in ids.items() if normalised(i) == student)
            raise LmsError(
                f"These would share the folder {student!r}: {both}. Give them different logins in the roster."
            )
    return ids


def _take(
    archive: Archive,
    submitted: Path,
    lab: str,
    system: str,
    student: str,
    files: list[_File],
    person: Person | None,
) -> Collected:
    """Put a student's newest notebook in its place, unless what is there is newer or not ours."""
    notebooks = [f for f in files if f.upload.file.lower().endswith(".ipynb")]
    name = (person.name if person is not None else "") or files[0].upload.name
    late = any(f.upload.late for f in files) or (person is not None and person.late)
    if not notebooks:
        others = sorted({f.upload.file for f in files})
        return Collected(student, name, "", late, f"no notebook, only {_listed(others)}")
    chosen = max(notebooks, key=lambda f: f.newness(lab))
    upload = chosen.upload
    rest = sorted({f.upload.file for f in files if f is not chosen})
    note = f"; passed over {_listed(rest)}" if rest else ""
    try:
        content = archive.read(chosen.entry)
    except UnreadableError as error:
        return Collected(student, name, upload.file, late, f"not taken: {error}{note}")
    handed_in = person.handed_in if person is not None else None
    origin = Origin(
        system,
        upload.number,
        name,
        upload.file,
        late,
        upload.file_number or chosen.entry.packed_s,
        hashlib.sha256(content).hexdigest(),
        handed_in.isoformat(" ", "microseconds") + " UTC" if handed_in else "",
    )
    sure = person is not None and bool(person.ids)
    done = _place(submitted / student / lab, content, origin, sure=sure)
    return Collected(student, name, upload.file, late, done + note)


def _place(folder: Path, content: bytes, origin: Origin, *, sure: bool) -> str:
    """Write a notebook and its origin, and say what was done.

    ``sure`` tells whether a roster has made certain that the folder is this student's, although names can be shared.

    The origin comes first and names what is replaced, so that a run that was cut short can be told from an
    instructor's own changes to a notebook.

    Raises:
        LmsError: If the folder cannot be written to.
    """
    file = folder / f"{folder.name}.ipynb"
    linked = [path for path in (folder.parent, folder, file) if path.is_symlink()]
    if linked:
        return f"not taken: {os.path.relpath(linked[0], folder.parents[1])} in the folder of submissions is a link"
    try:
        there = hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else ""
        before = read_origin(folder)
        why = _why_keep(there, before, origin, sure=sure)
        if why:
            return why
        if origin.sha256 == there:
            origin = _completed(origin, before) if before is not None else origin
            if origin == before:
                return "unchanged"
            _write(folder, file, None, origin, before)
            return "unchanged; its origin was brought up to date"
        _write(folder, file, content, replace(origin, replaces=there), before)
    except OSError as error:
        raise LmsError(
            f"{folder} cannot be written to: {error.strerror}. What was collected so far is kept."
        ) from error
    return f"replaced {before.file if before else 'the same'}, which is older" if there else "new"


def _why_keep(there: str, before: Origin | None, origin: Origin, *, sure: bool) -> str:
    """Return why the notebook that is there stays; an empty text if it is to be replaced."""
    if not there or there == origin.sha256:
        return ""
    if before is None:
        return "kept what is there: it was not collected from a download; delete it to take this one"
    if not sure and (before.lms, before.number) != (origin.lms, origin.number):
        return f"kept what is there: it comes from another {before.name!r} ({before.number}); give a --roster"
    if there not in (before.sha256, before.replaces):
        return "kept what is there: it was changed after it was collected; delete it to take this one"
    if origin.is_older_than(before):
        return f"kept what is there: {before.file} is newer"
    return ""


def _completed(origin: Origin, before: Origin) -> Origin:
    """Return the new origin of an unchanged notebook, completed by what only the earlier one says."""
    return replace(
        origin,
        file=before.file,
        order=max(origin.order, before.order),
        late=origin.late or before.late,
        handed_in=origin.handed_in or before.handed_in,
        replaces=before.replaces,
    )


def _write(folder: Path, file: Path, content: bytes | None, origin: Origin, before: Origin | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    origin.write(folder)
    stamp = folder / _TIMESTAMP
    if origin.handed_in:
        replace_file(stamp, origin.handed_in.encode())
    elif before is not None and before.handed_in and read_short_text(stamp) == before.handed_in:
        # The old notebook's time does not hold for the new one.
        stamp.unlink()
    if content is not None:
        replace_file(file, content)


def _not_on_both(
    roster: Path, by_number: Iterable[str], known: Mapping[str, Person], students: Mapping[str, str]
) -> list[str]:
    numbers = set(by_number)
    strangers = sorted(students[number] for number in numbers - set(known))
    absent = [person.name or number for number, person in known.items() if number not in numbers]
    notes = [f"not in {roster.name}: {_listed(strangers, 10)}"] if strangers else []
    return notes + ([f"in {roster.name}, but without files here: {_listed(absent, 10)}"] if absent else [])


def _about_times(system: str, done: list[Collected], known: Mapping[str, Person]) -> list[str]:
    late = sum(row.late for row in done)
    if system == "canvas" and late:
        return [
            f"{late} marked as late. Canvas's download does not say when they were handed in, so no {_TIMESTAMP} was"
            " written and nbgrader takes nothing off; Canvas's own late policy does when grades are imported"
        ]
    if any(person.handed_in for person in known.values()):
        return [f"the roster's times, for {_TIMESTAMP}, were read in this computer's time zone"]
    return []


def _listed(names: list[str], n: int = 3) -> str:
    return ", ".join(names[:n]) + (f" and {len(names) - n} more" if len(names) > n else "")
