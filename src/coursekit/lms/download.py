"""A download: which system made it, and who handed in what."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePosixPath

from coursekit.errors import LmsError
from coursekit.lms import canvas, gradescope_export, moodle, patterns
from coursekit.lms.archive import Entry, Source
from coursekit.lms.patterns import Pattern
from coursekit.lms.people import Person, Upload, normalised

__all__ = ["Download", "Handed", "SentFile", "read_download"]

_SYSTEMS = {
    # The first of those that read most files counts; Canvas's form is the loosest.
    "moodle": "Moodle",
    "gradescope": "Gradescope",
    **{known.name: known.title for known in patterns.known_patterns()},
    "canvas": "Canvas",
}


@dataclass(frozen=True)
class SentFile:
    """A file that somebody handed in.

    Attributes:
        upload: What its path says.
        entry: The file.
    """

    upload: Upload
    entry: Entry

    @property
    def name(self) -> str:
        """Its path within what was handed in."""
        return self.upload.file

    @property
    def order(self) -> int:
        """A number that is higher for what was handed in later."""
        return self.upload.file_number or self.entry.changed_s


@dataclass
class Handed:
    """What one student, or one group, handed in.

    Attributes:
        number: The system's id for the student or the group; empty where it has none.
        name: The name of the student or the group, as the system gives it.
        files: The files; none for a folder that holds nothing.
        members: Who they are, where the download itself says so.
    """

    number: str
    name: str
    files: list[SentFile] = field(default_factory=list)
    members: tuple[Person, ...] = ()

    @property
    def late(self) -> bool:
        """Whether the system marks it as late."""
        return any(file.upload.late for file in self.files)

    @property
    def handed_in(self) -> datetime | None:
        """When it was handed in, in UTC; None where the download does not say."""
        return max((file.upload.handed_in for file in self.files if file.upload.handed_in), default=None)


@dataclass
class Download:
    """What a class handed in.

    Attributes:
        source: The zip or folder.
        system: The system's name, such as ``"canvas"``; ``"files"`` where a pattern was given.
        handed: What each student or group handed in.
    """

    source: Source
    system: str
    handed: list[Handed]

    @property
    def title(self) -> str:
        """The system's name for people."""
        return _SYSTEMS.get(self.system, "the pattern")


def read_download(source: Source, lab: str, pattern: str | None, known: Collection[str] = ()) -> Download:
    """Tell who handed in what.

    Args:
        source: The zip or folder.
        lab: The lab's stem.
        pattern: How its paths tell; None to find out which system has made it.
        known: Numbers of the system's that are certain to be students'.

    Raises:
        LmsError: If no system is known that made it, or nothing is of the pattern's form.
    """
    if pattern is not None:
        system, uploads = "files", _of_pattern(source, Pattern(pattern, lab))
    else:
        system, uploads = _recognised(source, lab, known)
    title = _SYSTEMS.get(system, "the pattern")
    says = f"named as {title} does" if pattern is None else f"of the form {pattern}"
    own = (
        {gradescope_export.METADATA} if system == "gradescope" else {"index.html"} if system == "brightspace" else set()
    )
    others = [entry.path for entry in source.entries if entry.path not in uploads and entry.path.name not in own]
    source.notes.extend(f"passed over {str(path)[:100]!r}: not {says}" for path in others)
    submitters = gradescope_export.read_submitters(source) if system == "gradescope" else {}
    entries = {entry.path: entry for entry in source.entries}
    handed: dict[str, Handed] = {}
    for path, upload in uploads.items():
        one = handed.setdefault(upload.key, Handed(upload.number, upload.name, [], submitters.get(upload.number, ())))
        if upload.file:
            one.files.append(SentFile(upload, entries[path]))
    for number, members in submitters.items():
        # Gradescope lists also who has handed in no file.
        if members:
            handed.setdefault(number, Handed(number, "", [], members))
    for one in handed.values():
        _keep_latest(one)
    if system == "gradescope":
        source.notes.extend(_keep_latest_of_each(handed))
    if pattern is not None and (note := _about_one_student(uploads)):
        source.notes.append(note)
    return Download(source, system, list(handed.values()))


def _keep_latest(handed: Handed) -> None:
    """Of several attempts, keep the last one's files."""
    latest = handed.handed_in
    if latest is not None:
        handed.files = [file for file in handed.files if file.upload.handed_in in (None, latest)]


def _keep_latest_of_each(handed: dict[str, Handed]) -> Iterator[str]:
    """Leave each person in the last of the submissions that name them, and say what was done."""
    last: dict[str, Handed] = {}
    in_order = sorted(handed.values(), key=lambda one: (_told_time(one), int(one.number)))
    for one in in_order:
        last |= {_known_as(member): one for member in one.members}
    for one in in_order:
        if not one.members:
            yield f"submission_{one.number}: {gradescope_export.METADATA} does not say whose it is"
            continue
        earlier = [member for member in one.members if last[_known_as(member)] is not one]
        for member in earlier:
            newer = last[_known_as(member)].number
            yield f"passed over submission_{one.number} of {member.name or _known_as(member)}: {newer} is newer"
        one.members = tuple(member for member in one.members if member not in earlier)
        if not one.members:
            del handed[one.number]


def _known_as(member: Person) -> str:
    return normalised(next(iter(member.ids), "") or f"{member.name}\0{id(member)}")


def _told_time(handed: Handed) -> datetime:
    return max((member.handed_in for member in handed.members if member.handed_in), default=datetime.min)


def _about_one_student(uploads: Mapping[PurePosixPath, Upload]) -> str:
    """Say so where all is one student's, as where the students' folders lie within another; else return nothing."""
    if len({upload.key for upload in uploads.values()}) > 1:
        return ""
    inner = {PurePosixPath(upload.file).parts[0] for upload in uploads.values() if "/" in upload.file}
    if len(inner) < 2:
        return ""
    who = next(iter(uploads.values())).key
    return (
        f"all of it would be one student's, {who!r}. If {', '.join(sorted(inner)[:3])} are the students, their"
        " folders lie deeper: give a --pattern such as '*/{student}/{file}'"
    )


def _recognised(source: Source, lab: str, known: Collection[str]) -> tuple[str, dict[PurePosixPath, Upload]]:
    found = {name: _of_system(name, source, lab, known) for name in dict.fromkeys(_SYSTEMS)}
    system = max(found, key=lambda name: len(found[name]))
    if not found[system]:
        names = ", ".join(repr(str(entry.path)[:80]) for entry in source.entries[:3]) or "nothing that can be read"
        examples = {known.title: known.example for known in reversed(patterns.known_patterns())}
        raise LmsError(
            f"{source.file} is no download that is known: it holds {names}. In Canvas's, files are named like"
            f" {canvas.RECOGNISED_BY!r}, in Moodle's like {moodle.RECOGNISED_BY!r}, in Gradescope's like"
            f" {gradescope_export.RECOGNISED_BY!r}, and in those of"
            + ",".join(f" {title} like {example!r}" for title, example in examples.items())
            + ". For any other say where the students' ids stand, such as --pattern '{student}/{file}'. Nothing was"
            " changed." + "".join(f"\n{note}" for note in source.notes[:5])
        )
    return system, found[system]


def _of_system(name: str, source: Source, lab: str, known: Collection[str]) -> dict[PurePosixPath, Upload]:
    paths = [entry.path for entry in source.entries]
    everything = [*paths, *source.folders]
    if name == "canvas":
        return canvas.read_names(paths, lab, known)
    if name == "moodle":
        return _with_files(moodle.read_names(everything, lab), source)
    if name == "gradescope":
        return _with_files(gradescope_export.read_names(everything), source)
    # The folder that was given may bear the name that the pattern asks for.
    read = patterns.read_names(name, everything, lab)
    if not read:
        folder = PurePosixPath(source.file.resolve().name)
        outer = {folder / path: path for path in everything}
        read = {outer[path]: upload for path, upload in patterns.read_names(name, outer, lab).items()}
    return _with_files(read, source)


def _of_pattern(source: Source, pattern: Pattern) -> dict[PurePosixPath, Upload]:
    uploads = _with_files(pattern.read_names([*(e.path for e in source.entries), *source.folders]), source)
    if not uploads:
        names = ", ".join(repr(str(entry.path)[:80]) for entry in source.entries[:3])
        raise LmsError(
            f"Nothing in {source.file} is of the form {pattern.text}. It holds {names}. Nothing was changed."
        )
    return uploads


def _with_files(uploads: Mapping[PurePosixPath, Upload], source: Source) -> dict[PurePosixPath, Upload]:
    """Leave out files whose whole path was read as a student's folder; a folder without files is nobody's file."""
    files = {entry.path for entry in source.entries}
    folders = {path: replace(upload, file="") for path, upload in uploads.items() if path not in files}
    return {path: upload for path, upload in uploads.items() if path in files and upload.file} | folders
