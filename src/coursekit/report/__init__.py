"""The pages that show an instructor how a class did: in a lab, and over several labs.

It stands on what grading has written: the records in the graded notebooks, and the gradebook. Nothing is run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coursekit.extras import on_first_use

if TYPE_CHECKING:
    from coursekit.report.page import write_report as write_report
    from coursekit.report.term import write_term_report as write_term_report

__getattr__, __all__ = on_first_use(__name__, {"page": "write_report", "term": "write_term_report"}, purpose="A report")
