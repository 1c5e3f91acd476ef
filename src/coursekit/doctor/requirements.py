"""The packages that coursekit needs, and whether they are there."""

from __future__ import annotations

import contextlib
import importlib.metadata
import operator
import re
import shlex
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import coursekit
from coursekit.doctor.finding import Finding

__all__ = ["Needs", "Requirement", "installed_version", "look_at_package", "pip_install", "read_needs", "short"]

_COMPARISONS: Mapping[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}


# Not the package `packaging`: where something is missing, that may be, too.
@dataclass(frozen=True)
class Requirement:
    """A package that is needed.

    Attributes:
        name: The package's name.
        versions: Conditions on its version, with commas between them, such as ``">=1.26"``; empty if any will do.
    """

    name: str
    versions: str = ""

    @classmethod
    def parse(cls, text: str) -> Requirement:
        """Read a requirement such as ``"numpy>=1.26"``, or ``"dask>=2024.8; extra == 'grade'"``."""
        bare = text.partition(";")[0].replace(" ", "")
        name = re.split(r"[^\w.-]", bare, maxsplit=1)[0]
        return cls(name, bare.removeprefix(name))

    def met_by(self, version: str) -> bool:
        """Tell whether a version will do, by its numbers alone: ``2.2.0+cpu`` and ``2.2rc1`` count as 2.2."""
        conditions = [re.fullmatch(r"(\W+)([\d.]+)", text) for text in self.versions.split(",") if text]
        return all(
            condition and _COMPARISONS[condition[1]](_numbers(version), _numbers(condition[2]))
            for condition in conditions
        )

    def __str__(self) -> str:
        return self.name + self.versions


@dataclass(frozen=True)
class Needs:
    """What coursekit says that it needs.

    Attributes:
        python: Conditions on Python's version.
        packages: Packages by extra; those that everybody needs under ``""``.
    """

    python: str
    packages: Mapping[str, Sequence[Requirement]]

    def of(self, extra: str) -> Sequence[Requirement]:
        """Return the packages of an extra."""
        return self.packages.get(extra, ())


def read_needs() -> Needs:
    """Read what coursekit needs: from pyproject.toml in a source tree, else from what was installed with it.

    Returns:
        The needs; none, if this is a copy of the package's folder and nothing else.
    """
    file = Path(coursekit.__file__).parents[2] / "pyproject.toml"
    project = tomllib.loads(file.read_text(encoding="utf-8")).get("project", {}) if file.is_file() else {}
    if project.get("name") == "coursekit":
        texts = {"": project["dependencies"], **project["optional-dependencies"]}
        python = project["requires-python"]
    else:
        texts, python = _installed_needs()
    return Needs(python, {extra: [Requirement.parse(text) for text in group] for extra, group in texts.items()})


def _installed_needs() -> tuple[dict[str, list[str]], str]:
    try:
        installed = importlib.metadata.metadata("coursekit")
    except importlib.metadata.PackageNotFoundError:
        return {}, ""
    texts: dict[str, list[str]] = {}
    for text in installed.get_all("Requires-Dist") or []:
        extra = re.search(r"extra\s*==\s*['\"]([\w-]+)['\"]", text)
        texts.setdefault(extra[1] if extra else "", []).append(text)
    return texts, (installed.get_all("Requires-Python") or [""])[0]


def look_at_package(group: str, package: Requirement, *, needed: bool = True, error: str = "") -> Finding:
    """Look whether a package is installed, in a version that will do.

    Args:
        group: The heading to report it under.
        package: What is required.
        needed: Whether it must be there.
        error: Why it cannot be imported, if that has been tried and has failed.
    """
    version, missing = installed_version(package.name), False if needed else None
    if not version:
        return Finding(group, package.name, missing, "not installed", pip_install(package))
    if not package.met_by(version):
        return Finding(group, package.name, missing, f"{version}; needed is {package.versions}", pip_install(package))
    if error:
        remedy = pip_install("--force-reinstall", package)
        return Finding(group, package.name, missing, f"{version}, but it cannot be imported: {error}", remedy)
    return Finding(group, package.name, True, version)


def installed_version(name: str) -> str:
    """Return the version of a package; nothing if it is not installed."""
    try:
        return importlib.metadata.version(name) or "unknown"
    except importlib.metadata.PackageNotFoundError:
        return ""


def pip_install(*arguments: object) -> str:
    """Return the command that installs packages for this Python, whichever others there are."""
    return shlex.join([sys.executable, "-m", "pip", "install", *map(str, arguments)])


def short(path: Path) -> str:
    """Write a path with ~ for the user's home."""
    with contextlib.suppress(RuntimeError, ValueError):
        return str(Path("~") / path.relative_to(Path.home()))
    return str(path)


def _numbers(version: str) -> tuple[int, ...]:
    """Return the numbers that a version begins with, without zeros at the end: 2.0 and 2.0.0 are the same."""
    leading = re.match(r"\d+(\.\d+)*", version)
    numbers = [int(number) for number in leading[0].split(".")] if leading else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
