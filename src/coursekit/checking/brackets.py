"""What a student's cell says, where its text explains a wrong result."""

from __future__ import annotations

import ast

from coursekit.checking.failures import StudentError
from coursekit.checking.student import Student

__all__ = ["uncalled"]


def uncalled(student: Student, slug: str) -> str:
    """Say which statements of a cell name a function and do not call it, such as ``optimizer.zero_grad``.

    Such a line is no error, and does nothing: a check that has failed may show this in place of its hint.

    Args:
        student: The student's code.
        slug: The exercise whose cell is read.

    Returns:
        One or two sentences; empty if there is no such statement, or if the text cannot be read.
    """
    try:
        tree = ast.parse(student.source(slug))
    except (StudentError, SyntaxError):
        return ""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    nodes = [node for function in functions for node in ast.walk(function)]
    alone = [node.value for node in nodes if isinstance(node, ast.Expr)]
    names = dict.fromkeys(ast.unparse(value) for value in alone if isinstance(value, ast.Name | ast.Attribute))
    if not names:
        return ""
    written = ", ".join(f"{name}()" for name in names)
    return f"{', '.join(names)} without brackets is only named, and not called. Write {written}."
