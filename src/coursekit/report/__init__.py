"""The page that shows an instructor how a class did in a lab.

It stands on what grading has written: the records in the graded notebooks, and the gradebook. Nothing is run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coursekit.extras import on_first_use

if TYPE_CHECKING:
    from coursekit.report.page import write_report as write_report

__getattr__, __all__ = on_first_use(__name__, {"page": "write_report"}, purpose="A report")
