"""Where the course lives: the one address that every notebook is stamped with."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from pathlib import Path

from coursekit.errors import CourseError

__all__ = ["colab_address", "repository_address"]

_ADDRESS = re.compile(r"https://[A-Za-z0-9.:_~%/+-]+")
_GITHUB = re.compile(r"https://github\.com/([^/]+)/([^/]+)")


def repository_address(root: Path) -> str:
    """Return the course's web address, without a slash at its end.

    It is read from ``[project.urls] Repository`` of the root's ``pyproject.toml``; a course copied without that file
    uses the address of the installed package.
    """
    path = root / "pyproject.toml"
    if not path.is_file():
        return _clean(_installed_address(path), "the installed package")
    try:
        project = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read: {error}.") from error
    address = project.get("project", {}).get("urls", {}).get("Repository")
    if address is None:
        raise CourseError(
            f'{path} does not say where the course lives; add Repository = "https://…" to [project.urls].'
        )
    return _clean(address, path)


def colab_address(repository: str, lab: str) -> str:
    """Return the address that opens a lab's student notebook in Colab, which knows only courses on GitHub."""
    match = _GITHUB.fullmatch(repository)
    if not match:
        raise CourseError(
            f"Colab opens notebooks from https://github.com/OWNER/NAME only, and the course lives at {repository!r}. "
            "Change Repository in pyproject.toml, or remove {{colab}} from the lab."
        )
    owner, name = match.groups()
    return f"https://colab.research.google.com/github/{owner}/{name}/blob/main/notebooks/{lab}/{lab}.ipynb"


def _installed_address(missing: Path) -> str:
    try:
        entries = importlib.metadata.metadata("coursekit").get_all("Project-URL") or []
    except importlib.metadata.PackageNotFoundError:
        entries = []
    for entry in entries:
        label, _, address = entry.partition(",")
        if label.strip() == "Repository":
            return str(address.strip())
    raise CourseError(
        f"There is no {missing}, and coursekit is not installed with an address of its own. "
        'Add the file, with Repository = "https://…" under [project.urls].'
    )


def _clean(address: object, place: object) -> str:
    if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
        raise CourseError(f"The Repository in {place} is {address!r}; it must be a web address, https://….")
    return address.rstrip("/").removesuffix(".git")
