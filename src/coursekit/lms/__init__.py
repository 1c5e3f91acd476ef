"""In and out of learning management systems: submissions from them, grades and feedback to them.

:func:`collect` and :func:`export_grades` are what the command line calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coursekit.extras import on_first_use

if TYPE_CHECKING:
    from coursekit.lms.collecting import Collected as Collected
    from coursekit.lms.collecting import Collection as Collection
    from coursekit.lms.collecting import collect as collect
    from coursekit.lms.exporting import Export as Export
    from coursekit.lms.exporting import export_grades as export_grades
    from coursekit.lms.feedback import export_feedback as export_feedback

__getattr__, __all__ = on_first_use(
    __name__,
    {
        "collecting": "Collected Collection collect",
        "exporting": "Export export_grades",
        "feedback": "export_feedback",
    },
    purpose="Collecting and exporting",
)
