"""Names of a package that are imported when they are first used: they are slow, or need what an extra installs."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["on_first_use"]


def on_first_use(
    package: str, modules: Mapping[str, str], *, purpose: str = ""
) -> tuple[Callable[[str], Any], list[str]]:
    """Return a package's ``__getattr__`` and ``__all__``.

    A type checker does not see what comes of it, so each package also imports its names where only one of these looks.

    Args:
        package: The package's ``__name__``.
        modules: By a module of the package, the names that it offers, with spaces between them.
        purpose: What needs the ``grade`` extra, as the beginning of a sentence, such as ``"Grading"``; empty if
            nothing does.

    The function that is returned raises:
        AttributeError: If the package has no such name.
        CourseError: If a package that the module imports comes with the extra, and is not installed.
    """
    module_of = {name: module for module, names in modules.items() for name in names.split()}

    def get(name: str) -> Any:
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        try:
            return getattr(importlib.import_module(f"{package}.{module_of[name]}"), name)
        except ModuleNotFoundError as error:
            missing = (error.name or "").partition(".")[0]
            if not purpose or missing == "coursekit":
                raise
            # Here, because it takes longer than all else that `import coursekit` does.
            from coursekit.errors import CourseError

            raise CourseError(
                f"{purpose} needs the package {missing!r}, which is not installed here. It comes with the grade extra:"
                " pip install 'coursekit[grade]'."
            ) from error

    return get, sorted(module_of)
