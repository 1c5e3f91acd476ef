"""The packages that coursekit needs, and whether they are there."""

from __future__ import annotations

import contextlib
import importlib.metadata
import re
import shlex
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import coursekit
from coursekit.doctor.finding import Finding
from coursekit.errors import CourseError

try:
    from packaging.requirements import Requirement
    from packaging.specifiers import SpecifierSet
    from packaging.version import InvalidVersion, Version
except ModuleNotFoundError as error:
    # Who looks for what is missing may miss this, too.
    raise CourseError(
        "Looking at what is installed takes the package 'packaging', which is not installed here:"
        f" {shlex.join([sys.executable, '-m', 'pip', 'install', 'packaging'])}"
    ) from error

__all__ = ["Needs", "installed_version", "look_at_package", "pip_install", "read_needs", "short", "will_do"]


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
    return Needs(python, {extra: [_bare(text) for text in group] for extra, group in texts.items()})


def _bare(text: str) -> Requirement:
    """Read a requirement such as ``"dask>=2024.8; extra == 'grade'"``, without the condition on when it holds."""
    return Requirement(text.partition(";")[0])


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
    if not will_do(version, str(package.specifier)):
        return Finding(group, package.name, missing, f"{version}; needed is {package.specifier}", pip_install(package))
    if error:
        remedy = pip_install("--force-reinstall", package)
        return Finding(group, package.name, missing, f"{version}, but it cannot be imported: {error}", remedy)
    return Finding(group, package.name, True, version)


def will_do(version: str, wanted: str) -> bool:
    """Tell whether a version will do, by its numbers alone: ``2.2.0+cpu`` and ``2.2rc1`` count as 2.2."""
    try:
        return Version(version).base_version in SpecifierSet(wanted)
    except InvalidVersion:
        # Any will do where nothing is asked.
        return not wanted


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
