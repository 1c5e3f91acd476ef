"""The course, as nbgrader sees it. This folder is its root; run nbgrader's commands here.

For formgrader, start JupyterLab here too, but let it show the whole repository, because its links to the lab's
notebooks lead out of this folder: ``cd autograde && jupyter lab --ServerApp.root_dir=..``
"""

from coursekit.grading import configure

c = get_config()  # noqa: F821 - traitlets defines it
configure(c, __file__)
c.CourseDirectory.source_directory = "../solutions"
c.CourseDirectory.release_directory = "../notebooks"
