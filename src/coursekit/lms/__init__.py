"""In and out of learning management systems: submissions from Canvas and Moodle, grades to them and to Gradescope.

:func:`collect` and :func:`export_grades` are what the command line calls.
"""

from coursekit.lms.collecting import Collected, Collection, collect
from coursekit.lms.exporting import Export, export_grades

__all__ = ["Collected", "Collection", "Export", "collect", "export_grades"]
