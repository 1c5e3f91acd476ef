"""Building a lab's two notebooks, and its two modules of checks, from its folder in ``labs/``.

The files in ``labs/NN_topic/`` are the only ones of a lab that a person edits: ``lab.py``, and one for each exercise.
:func:`build_labs` builds from them and, asked to check, says whether what is committed is what the sources build.
:func:`write_skeleton` begins an exercise, and :func:`write_bundle` puts what students may have into a folder. The steps
are public too: :func:`read_source`, :func:`student_version`, :func:`notebook_bytes`; :func:`configure` gives nbgrader
the same settings.

The names are imported when they are first used, because they need nbgrader, jupytext and nbformat, which come
with the ``grade`` extra.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coursekit.extras import on_first_use

if TYPE_CHECKING:
    from coursekit.authoring.build import build_labs
    from coursekit.authoring.bundle import Bundle, write_bundle
    from coursekit.authoring.release import configure, student_version
    from coursekit.authoring.report import BuildReport, Problem
    from coursekit.authoring.skeleton import Skeleton, write_skeleton
    from coursekit.authoring.source import notebook_bytes, read_source

__all__ = [
    "BuildReport",
    "Bundle",
    "Problem",
    "Skeleton",
    "build_labs",
    "configure",
    "notebook_bytes",
    "read_source",
    "student_version",
    "write_bundle",
    "write_skeleton",
]

_MODULES = {
    "BuildReport": "report",
    "Bundle": "bundle",
    "Problem": "report",
    "Skeleton": "skeleton",
    "build_labs": "build",
    "configure": "release",
    "notebook_bytes": "source",
    "read_source": "source",
    "student_version": "release",
    "write_bundle": "bundle",
    "write_skeleton": "skeleton",
}

__getattr__ = on_first_use(__name__, _MODULES, purpose="Building notebooks")
