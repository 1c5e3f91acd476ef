"""Whether a machine has what the labs and the grading need: what ``coursekit doctor`` looks at, and what it says.

Whatever can be tried is tried: packages are imported, the GPU computes, and code that misbehaves is run in the
sandbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import coursekit
from coursekit.doctor.finding import DATA, GRADING, LABS, Finding, healthy, report
from coursekit.doctor.python import look_at_python, look_for_gpu, why_not_imported
from coursekit.doctor.requirements import (
    Needs,
    installed_version,
    look_at_package,
    pip_install,
    read_needs,
    short,
)

if TYPE_CHECKING:
    from packaging.requirements import Requirement

__all__ = ["Finding", "examine", "healthy", "report"]

#: What doctor itself needs to look at the sandbox and the data sets.
_OWN_TOOLS = ("numpy", "pooch")


def examine() -> list[Finding]:
    """Look at everything, which takes some ten seconds.

    Returns:
        The findings, group by group.
    """
    needs = read_needs()
    grades = bool(installed_version("nbgrader"))
    packages = [*needs.of(""), *needs.of("torch"), *(needs.of("grade") if grades else ())]
    names = list(dict.fromkeys([*_OWN_TOOLS, *(package.name for package in packages)]))
    with ThreadPoolExecutor() as pool:
        gpu = pool.submit(look_for_gpu)
        errors = dict(zip(names, pool.map(why_not_imported, names), strict=True))
    return [*_labs(needs, errors), *_grading(needs, errors, grades=grades), gpu.result(), *_data(errors)]


def _labs(needs: Needs, errors: Mapping[str, str]) -> list[Finding]:
    apart = {package.name for package in needs.of("torch")}
    return [
        _look_at_coursekit(needs),
        look_at_python(needs.python),
        *(look_at_package(LABS, package, error=errors[package.name]) for package in needs.of("")),
        *(_look_at_torch(package, errors) for package in needs.of("torch")),
        *(look_at_package(LABS, package, needed=False) for package in needs.of("lab") if package.name not in apart),
    ]


def _look_at_torch(package: Requirement, errors: Mapping[str, str]) -> Finding:
    """Look for what labs 00 to 02 do without; what is installed must work."""
    found = look_at_package(LABS, package, needed=bool(installed_version(package.name)), error=errors[package.name])
    return replace(found, found=f"{found.found}; labs 03 to 05 need it") if found.ok is None else found


def _look_at_coursekit(needs: Needs) -> Finding:
    found = f"{coursekit.__version__} in {short(Path(coursekit.__file__).parent)}"
    if needs.packages:
        return Finding(LABS, "coursekit", True, found)
    remedy = f"Install it: in the folder with its pyproject.toml,\n{pip_install('.')}"
    return Finding(LABS, "coursekit", False, f"{found}; it is not installed, and what it needs is not known", remedy)


def _grading(needs: Needs, errors: Mapping[str, str], *, grades: bool) -> list[Finding]:
    if not grades:
        remedy = pip_install(*needs.of("grade")) if needs.of("grade") else ""
        return [Finding(GRADING, "nbgrader", None, "not installed; only those who grade need it", remedy)]
    from coursekit.doctor.grading import look_at_grading
    from coursekit.doctor.privacy import look_at_git

    return [*look_at_grading(needs, errors), *look_at_git(Path.cwd())]


def _data(errors: Mapping[str, str]) -> list[Finding]:
    missing = [name for name in _OWN_TOOLS if errors[name]]
    if missing:
        return [Finding(DATA, "data sets", None, f"not looked for without {' and '.join(missing)}")]
    from coursekit.doctor.data import look_at_data

    return look_at_data()
