"""In and out of learning management systems: submissions from Canvas and Moodle, grades to them and to Gradescope.

:func:`collect` and :func:`export_grades` are what the command line calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coursekit.extras import on_first_use

if TYPE_CHECKING:
    from coursekit.lms.collecting import Collected, Collection, collect
    from coursekit.lms.exporting import Export, export_grades

__all__ = ["Collected", "Collection", "Export", "collect", "export_grades"]

_MODULES = {
    "Collected": "collecting",
    "Collection": "collecting",
    "Export": "exporting",
    "collect": "collecting",
    "export_grades": "exporting",
}

__getattr__ = on_first_use(__name__, _MODULES, purpose="Collecting and exporting")
