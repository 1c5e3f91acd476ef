"""What a check is: the student whose code it calls, what it may expect, and how a verdict is shown.

A notebook needs :func:`checks_for`; a file of checks needs :func:`checks` and the expectations.
"""

from coursekit.checking.display import VERDICT_MIME, Report, as_html, as_text
from coursekit.checking.expectations import (
    expect,
    expect_close,
    expect_dtype,
    expect_equal,
    expect_inputs_unchanged,
    expect_no_warning,
    expect_own_memory,
    expect_parts,
    expect_shape,
)
from coursekit.checking.failures import CheckFailure, NotWrittenError, StudentError
from coursekit.checking.forms import forms
from coursekit.checking.lab import Lab, checks_for, lab_names, load_lab
from coursekit.checking.student import CallReport, LocalStudent, Student
from coursekit.checking.verdicts import Check, CheckResult, Exercise, Verdict, checks, judge

__all__ = [
    "VERDICT_MIME",
    "CallReport",
    "Check",
    "CheckFailure",
    "CheckResult",
    "Exercise",
    "Lab",
    "LocalStudent",
    "NotWrittenError",
    "Report",
    "Student",
    "StudentError",
    "Verdict",
    "as_html",
    "as_text",
    "checks",
    "checks_for",
    "expect",
    "expect_close",
    "expect_dtype",
    "expect_equal",
    "expect_inputs_unchanged",
    "expect_no_warning",
    "expect_own_memory",
    "expect_parts",
    "expect_shape",
    "forms",
    "judge",
    "lab_names",
    "load_lab",
]
