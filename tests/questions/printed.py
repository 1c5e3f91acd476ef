"""The right choice of a question, found without the package: by printing from the student's text, or changing it."""

from __future__ import annotations

import ast
import contextlib
import io
import re
import warnings
from typing import Any

import numpy as np

from coursekit.questions import Question

MARK = "@@ "
TIMES = {1: "equally often", 2: "twice as often", 4: "4 times as often", 8: "8 times as often", 16: "16 times as often"}


def confirmed(question: Question, source: str, slug: str, example: str, names: dict[str, Any]) -> bool:
    """Whether a run of the student's own text gives the choice that is held to be right."""
    right = question.choices[question.right].text
    statement = statement_at(source, slug, question)
    if question.kind == "shape":
        return printed(source, slug, question, example, names, "tuple(np.shape({}))") == right
    if question.kind == "value":
        return same(eval(printed(source, slug, question, example, names, "_listed({})")), eval(right))
    if question.kind == "count":
        return len(ran(put(source, statement, "print('@@')"), slug, example, names)[0]) == int(right)
    if question.kind == "growth":
        text = put(source, statement, "print('@@')")
        before, after = (len(ran(text, slug, each, names)[0]) for each in (example, doubled(example)))
        return TIMES[after // before] == right and after % before == 0
    if question.kind == "result":
        line, _, place = question.about.rpartition("|")
        _, result, error = ran(replaced(source, statement, line or "pass"), slug, example, names)
        assert error is None
        return same(eval(f"_[{place}]", {"_": result}) if place else result, eval(right))
    return happened(source, statement, question, slug, example, names) == right


def happened(
    source: str, statement: ast.stmt, question: Question, slug: str, example: str, names: dict[str, Any]
) -> str:
    """What changing the line leads to, in the words of the choices."""
    _, before, _ = ran(source, slug, example, names)
    _, after, error = ran(replaced(source, statement, question.about or "pass"), slug, example, names)
    several, number = (
        isinstance(before, list | tuple),
        np.ndim(before) == 0 if not isinstance(before, list | tuple) else 0,
    )
    if error is not None:
        return "Python stops with an error."
    if shapes(before) != shapes(after):
        if number:
            return "An array in place of one number."
        return "Arrays of other shapes, or another number of them." if several else "An array of another shape."
    if same(before, after):
        return "The same result as now, up to rounding."
    if number:
        return "Another number."
    return "The same shapes, with other numbers." if several else "The same shape, with other numbers."


def statement_at(source: str, slug: str, question: Question) -> ast.stmt:
    """The statement that a question is about; of several on one line, the right one."""
    function = [node for node in ast.parse(source).body if getattr(node, "name", "") == slug][-1]
    here = [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.stmt) and node.lineno == question.line and node is not function
    ]
    assert here, question
    if len(here) > 1 and question.kind in ("shape", "value"):
        here = [node for node in here if question.about.partition("[")[0] in ast.unparse(node)] or here
    return here[0]


def printed(source: str, slug: str, question: Question, example: str, names: dict[str, Any], form: str) -> str:
    """What is printed of a name or part at the statement, when it first or last runs."""
    statement = statement_at(source, slug, question)
    call = f"print('@@', {form.format(question.about)})"
    said, _, error = ran(put(source, statement, call, after=" after " in question.text), slug, example, names)
    assert error is None
    return said[-1 if question.last else 0]


def put(source: str, statement: ast.stmt, call: str, *, after: bool = False) -> str:
    lines = source.split("\n")
    indent = " " * statement.col_offset
    place = (statement.end_lineno or 0) if after else statement.lineno - 1
    return "\n".join([*lines[:place], indent + call, *lines[place:]])


def replaced(source: str, statement: ast.stmt, line: str) -> str:
    lines = source.split("\n")
    body = getattr(statement, "body", None)
    end = body[0].lineno - 1 if body else statement.end_lineno or 0
    blank = [""] * (end - statement.lineno)
    return "\n".join([*lines[: statement.lineno - 1], " " * statement.col_offset + line, *blank, *lines[end:]])


def ran(source: str, slug: str, example: str, names: dict[str, Any]) -> tuple[list[str], Any, BaseException | None]:
    """What was printed, the result, and the error."""
    names, out, result, failed = {**names, "_listed": listed}, io.StringIO(), None, None
    *setup, last = ast.parse(example).body
    with contextlib.redirect_stdout(out), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        exec(compile(source, "<printed>", "exec"), names)
        try:
            exec(compile(ast.Module(setup, []), "<example>", "exec"), names)
            assert isinstance(last, ast.Expr)
            result = eval(compile(ast.Expression(last.value), "<example>", "eval"), names)
        except Exception as error:
            failed = error
    said = [line.removeprefix(MARK) for line in out.getvalue().split("\n") if line.startswith("@@")]
    return said, result, failed


def listed(value: Any) -> str:
    value = value.detach().numpy() if hasattr(value, "detach") else value
    return repr(list(value) if isinstance(value, list | tuple) else np.asarray(value).tolist())


def doubled(example: str) -> str:
    return re.sub(r"\An = (\d+)", lambda match: f"n = {2 * int(match[1])}", example)


def shapes(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [shapes(each) for each in value]
    return tuple(np.shape(value))


def same(a: Any, b: Any) -> bool:
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, str) or a is None:
        return bool(a == b)
    a, b = np.asarray(a), np.asarray(b)
    return a.shape == b.shape and bool(
        np.allclose(a.astype(float), b.astype(float), rtol=1e-7, atol=1e-10, equal_nan=True)
    )
