"""Names of a package that are imported when they are first used, because they need what an extra installs."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

from coursekit.errors import CourseError

__all__ = ["on_first_use"]


def on_first_use(package: str, modules: Mapping[str, str], *, purpose: str) -> Callable[[str], Any]:
    """Return a package's ``__getattr__``.

    Args:
        package: The package's ``__name__``.
        modules: The module of the package that has a name, by that name.
        purpose: What needs the ``grade`` extra, as the beginning of a sentence: ``"Grading"``.

    The function that is returned raises:
        AttributeError: If the package has no such name.
        CourseError: If a package that the module imports is not installed.
    """

    def get(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        try:
            return getattr(importlib.import_module(f"{package}.{modules[name]}"), name)
        except ModuleNotFoundError as error:
            missing = (error.name or "").partition(".")[0]
            if missing == "coursekit":
                raise
            raise CourseError(
                f"{purpose} needs the package {missing!r}, which is not installed here. It comes with the grade extra:"
                " pip install 'coursekit[grade]'."
            ) from error

    return get
