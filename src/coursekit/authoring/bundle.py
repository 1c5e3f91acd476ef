"""What students may have: a folder to publish as a repository, and the same as a zip.

A course can keep its own repository private, with the solutions, the hidden checks and the answers that test the
checks, and publish this folder. It is laid out as the notebooks' Colab links expect, and ``pip install .`` works in it.
Before anything is written, every file is searched for what must stay private.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from coursekit.authoring.build import build_labs
from coursekit.authoring.files import replace_file
from coursekit.authoring.privacy import leaks
from coursekit.authoring.repository import colab_address, repository_address
from coursekit.cells import points_of
from coursekit.errors import CourseError

__all__ = ["MANIFEST", "Bundle", "bundle_files", "package_files", "write_bundle", "zipped"]

MANIFEST = "MANIFEST.sha256"
"""The file that makes a folder a bundle: what is in it, in the form of ``sha256sum``."""

_MANIFEST_LINE = re.compile(r"([0-9a-f]{64})  ([^/].*)")
_BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
_COPIED = ("LICENSE", "pyproject.toml")
_NOT_FOR_STUDENTS = ("grade", "site", "dev")
_SHOWN = 10


@dataclass(frozen=True)
class Bundle:
    """The outcome of :func:`write_bundle`.

    Args:
        folder: The folder that was written.
        archive: The zip of the same files.
        n_files: How many files each holds.
        repository: Where the notebooks say that the folder is published.
    """

    folder: Path
    archive: Path
    n_files: int
    repository: str

    def text(self) -> str:
        """Return the report for the command line."""
        return (
            f"wrote {self.folder} and {self.archive}: {self.n_files} files, nothing private among them.\n"
            f"The notebooks install the course from {self.repository} (branch main): publish the folder there."
            " Another address: Repository in pyproject.toml, then coursekit build."
        )


def write_bundle(dest: Path, *, root: Path) -> Bundle:
    """Write what students may have to the folder ``dest``, and to ``dest.zip``.

    An earlier bundle is brought up to date: its files are replaced or removed, all others, such as ``.git``, stay.
    The same course gives the same bytes.

    Args:
        dest: A folder that does not exist, is empty, or holds an earlier bundle.
        root: The course's folder, with ``labs/``.

    Raises:
        CourseError: The notebooks are not what their sources build, something private would be published, or
            ``dest`` or ``dest.zip`` holds what is not from an earlier bundle.
    """
    dest = dest.resolve()
    archive = dest.with_name(f"{dest.name}.zip")
    files = bundle_files(root)
    if found := leaks(root, files):
        raise CourseError(
            f"Nothing was written, because students could read what is private:\n{_listing(found)}\n"
            "Reword the public file, or give the private name or line another form."
        )
    before = _earlier_files(dest)
    _refuse_what_is_not_ours(dest, archive, before, files)
    if not before:
        # First, so that a folder left half written is known as a bundle.
        replace_file(dest / MANIFEST, files[MANIFEST])
    for path in before.keys() - files.keys():
        _remove(dest, path)
    for path, data in files.items():
        if path != MANIFEST:
            replace_file(dest / path, data)
    replace_file(dest / MANIFEST, files[MANIFEST])
    replace_file(archive, zipped({f"{dest.name}/{path}": data for path, data in files.items()}))
    return Bundle(dest, archive, len(files), repository_address(root))


def bundle_files(root: Path) -> dict[str, bytes]:
    """Return what students may have: the content of each file by its path in the bundle, sorted.

    Raises:
        CourseError: The notebooks are not what their sources build, or a file is missing.
    """
    report = build_labs(root, check=True)
    if report.problems:
        raise CourseError(f"The course is not ready for students.\n{report.text()}")
    files = {path: _read(root / path) for path in _COPIED}
    files |= {f"notebooks/{lab}/{lab}.ipynb": _read(root / "notebooks" / lab / f"{lab}.ipynb") for lab in report.labs}
    files |= {path.relative_to(root).as_posix(): _read(path) for path in package_files(root / "src" / "coursekit")}
    files["environment.yml"] = _environment(_read(root / "environment.yml").decode()).encode()
    files["README.md"] = _readme(root, {lab: files[f"notebooks/{lab}/{lab}.ipynb"] for lab in report.labs}).encode()
    lines = [f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in sorted(files.items())]
    files[MANIFEST] = "".join(lines).encode()
    return dict(sorted(files.items()))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CourseError(f"Students need {path}, and it cannot be read: {error.strerror}.") from error


def package_files(package: Path) -> Iterator[Path]:
    """Yield the package's files, without caches and what editors leave behind."""
    if not package.is_dir():
        raise CourseError(f"Students need the package, and there is no folder {package}. Bundle from the course's own.")
    for path in sorted(package.rglob("*")):
        parts = path.relative_to(package).parts
        if path.is_file() and not any(part.startswith((".", "__pycache__")) or part.endswith("~") for part in parts):
            yield path


def _environment(text: str) -> str:
    """Return the conda environment without the sections for grading, the site and developing.

    Of what pip installs, only the course itself is for students.
    """
    kept, wanted = ["# All that the labs need."], True
    for line in text.splitlines()[1:]:
        if section := re.fullmatch(r"  # (.+)", line):
            wanted = section[1] not in _NOT_FOR_STUDENTS
        elif line.strip() == "- pip:":
            wanted = True
        if wanted and (not line.startswith("      - ") or line.endswith("-e .")):
            kept.append(line)
    return "\n".join(kept) + "\n"


def _readme(root: Path, notebooks: Mapping[str, bytes]) -> str:
    template = resources.files("coursekit.authoring").joinpath("students.md").read_text(encoding="utf-8")
    repository = repository_address(root)
    rows = [_row(lab, json.loads(data), repository) for lab, data in notebooks.items()]
    return template.replace("{{labs}}", "\n".join(["| lab | points | |", "|---|---|---|", *rows]))


def _row(lab: str, notebook: dict[str, Any], repository: str) -> str:
    cells = notebook["cells"]
    title = "".join(cells[0]["source"]).partition("\n")[0].removeprefix("# ")
    points = sum(points_of(cell) for cell in cells)
    try:
        badge = f"[![Open in Colab]({_BADGE})]({colab_address(repository, lab)})"
    except CourseError:
        badge = ""
    return f"| [{title}](notebooks/{lab}/{lab}.ipynb) | {points:g} | {badge} |"


def _earlier_files(dest: Path) -> dict[str, str]:
    """Return the checksums by path of the bundle that stands in a folder; nothing if none does."""
    try:
        lines = (dest / MANIFEST).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    matches = [_MANIFEST_LINE.fullmatch(line) for line in lines]
    return {match[2]: match[1] for match in matches if match and ".." not in Path(match[2]).parts}


def _refuse_what_is_not_ours(dest: Path, archive: Path, before: Mapping[str, str], files: Mapping[str, bytes]) -> None:
    if dest.exists() and not dest.is_dir():
        raise CourseError(f"{dest} is a file. Name a folder that does not exist yet, or an earlier bundle.")
    if not before and dest.is_dir() and any(dest.iterdir()):
        raise CourseError(
            f"{dest} is not empty and no earlier bundle (it has no {MANIFEST}); nothing was written. Name a folder"
            " that does not exist yet, an empty one, or an earlier bundle."
        )
    if changed := sorted(path for path in {*before, *files} - {MANIFEST} if _is_changed(dest, path, before, files)):
        raise CourseError(
            f"In the bundle {dest} these files are not as they were written, and nothing was written over them:\n"
            f"{_listing(changed)}\nMove your changes to the course they are bundled from, then delete these files."
        )
    if archive.exists() and not _is_bundle(archive):
        raise CourseError(f"{archive} is not the zip of an earlier bundle; move it, or name another folder.")


def _is_changed(dest: Path, path: str, before: Mapping[str, str], files: Mapping[str, bytes]) -> bool:
    """Say whether something stands in a file's place that neither the earlier bundle nor this one put there."""
    place = dest / path
    if not place.is_file():
        return place.exists()
    data = place.read_bytes()
    return hashlib.sha256(data).hexdigest() != before.get(path) and data != files.get(path)


def _is_bundle(archive: Path) -> bool:
    try:
        with zipfile.ZipFile(archive) as opened:
            return any(name.count("/") == 1 and name.endswith(f"/{MANIFEST}") for name in opened.namelist())
    except (OSError, zipfile.BadZipFile):
        return False


def _remove(dest: Path, path: str) -> None:
    """Remove a file of the earlier bundle, and the folders that are empty without it."""
    place = dest / path
    place.unlink(missing_ok=True)
    for folder in place.parents:
        if folder == dest or not folder.is_dir() or any(folder.iterdir()):
            return
        folder.rmdir()


def zipped(files: Mapping[str, bytes], *, programs: Collection[str] = ()) -> bytes:
    """Return a zip of files, of which some are programs: the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
            mode = 0o755 if path in programs else 0o644
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, mode << 16
            archive.writestr(entry, data)
    return buffer.getvalue()


def _listing(lines: Collection[str]) -> str:
    shown = list(lines)
    more = [f"… and {len(shown) - _SHOWN} more"] if len(shown) > _SHOWN else []
    return "\n".join([*shown[:_SHOWN], *more])
