"""Building a lab's two notebooks, and its two modules of checks, from its folder in ``labs/``.

The files in ``labs/NN_topic/`` are the only ones of a lab that a person edits: ``lab.py``, and one for each exercise.
:func:`build_labs` builds from them and, asked to check, says whether what is committed is what the sources build.
:func:`write_skeleton` begins an exercise, and :func:`write_bundle` puts what students may have into a folder. The steps
are public too: :func:`lab_source`, :func:`instructor_notebook`, :func:`student_version`, :func:`notebook_bytes`;
:func:`configure` gives nbgrader the same settings.

The names are imported when they are first used, because they need nbgrader, jupytext and nbformat, which come
with the ``grade`` extra.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coursekit.extras import on_first_use

if TYPE_CHECKING:
    from coursekit.authoring.build import build_labs as build_labs
    from coursekit.authoring.bundle import Bundle as Bundle
    from coursekit.authoring.bundle import write_bundle as write_bundle
    from coursekit.authoring.gradescope import write_autograder as write_autograder
    from coursekit.authoring.reading import lab_source as lab_source
    from coursekit.authoring.release import configure as configure
    from coursekit.authoring.release import student_version as student_version
    from coursekit.authoring.report import BuildReport as BuildReport
    from coursekit.authoring.report import Problem as Problem
    from coursekit.authoring.skeleton import Skeleton as Skeleton
    from coursekit.authoring.skeleton import write_skeleton as write_skeleton
    from coursekit.authoring.source import instructor_notebook as instructor_notebook
    from coursekit.authoring.source import notebook_bytes as notebook_bytes

__getattr__, __all__ = on_first_use(
    __name__,
    {
        "build": "build_labs",
        "bundle": "Bundle write_bundle",
        "gradescope": "write_autograder",
        "reading": "lab_source",
        "release": "configure student_version",
        "report": "BuildReport Problem",
        "skeleton": "Skeleton write_skeleton",
        "source": "instructor_notebook notebook_bytes",
    },
    purpose="Building notebooks",
)
