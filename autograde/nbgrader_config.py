"""The course, as nbgrader sees it. This folder is its root; run nbgrader's commands here."""

from coursekit.grading import configure

c = get_config()  # noqa: F821 - traitlets defines it
configure(c, __file__)
c.CourseDirectory.source_directory = "../solutions"
c.CourseDirectory.release_directory = "../notebooks"
