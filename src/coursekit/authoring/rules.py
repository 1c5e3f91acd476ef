"""What must hold in a lab's source beyond each cell being well formed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from coursekit.authoring.magics import magic_findings
from coursekit.authoring.markers import CODE_STUB, marker_findings, open_lines, regions, released_source
from coursekit.authoring.metadata import metadata_messages
from coursekit.authoring.report import Finding
from coursekit.authoring.script import ScriptCell
from coursekit.authoring.syntax import syntax_fault
from coursekit.cells import check_cell_name

__all__ = ["rule_findings", "telling_lines"]

_EXPOSED_LINES = 3
_TELLING_CHARACTERS = 6


def rule_findings(cells: Sequence[ScriptCell]) -> list[Finding]:
    """Return every rule that the cells of a lab break, by file and line.

    The rules come in three layers, and a broken layer hides those above it, where its faults would echo: the
    metadata of each cell; markers and syntax; how cells belong together.
    """
    for layer in (_metadata_findings, _cell_findings, _lab_findings):
        if findings := list(layer(cells)):
            order = list(dict.fromkeys(cell.path for cell in cells))
            return sorted(findings, key=lambda finding: (order.index(finding.path or order[0]), finding))
    return []


def telling_lines(lines: Sequence[str]) -> list[str]:
    """Return the lines, stripped, that would give an answer away: no comments, nothing as short as ``else:``."""
    stripped = (line.strip() for line in lines)
    return [line for line in stripped if len(line) >= _TELLING_CHARACTERS and not line.startswith("#")]


def _metadata_findings(cells: Sequence[ScriptCell]) -> Iterator[Finding]:
    for cell in cells:
        for message in metadata_messages(cell.metadata, cell.cell_type):
            yield cell.finding(message)


def _cell_findings(cells: Sequence[ScriptCell]) -> Iterator[Finding]:
    for cell in cells:
        marked = list(marker_findings(cell))
        yield from marked
        if cell.cell_type == "code":
            yield from _code_findings(cell, markers_in_order=not marked)


def _code_findings(cell: ScriptCell, *, markers_in_order: bool) -> Iterator[Finding]:
    if fault := syntax_fault(cell.source, cell=True):
        magic = " Write a magic as a comment: '# %matplotlib inline'." if fault.text.startswith(("%", "!")) else ""
        message = f"the cell is not valid Python: {fault.message}: {fault.text!r}.{magic}"
        yield cell.finding(message, cell.line + fault.line)
        return
    yield from magic_findings(cell)
    released = released_source(cell.source, CODE_STUB) if markers_in_order else cell.source
    if fault := syntax_fault(released, cell=True):
        yield cell.finding(
            f"once the answer is removed, the cell is not valid Python: {fault.message}: {fault.text!r}.", cell.line
        )


def _lab_findings(cells: Sequence[ScriptCell]) -> Iterator[Finding]:
    first = cells[0]
    if first.cell_type != "markdown" or not first.source.startswith("# "):
        yield first.finding(
            "a lab begins with a markdown cell whose first line is its title: '# # Softmax'.", first.line
        )
    yield from _duplicate_findings(cells)
    yield from _pairing_findings(cells)
    for cell in cells:
        yield from _exposure_findings(cell, cells)
        for number, line in cell.numbered():
            if cell.cell_type == "code" and "AUTOTEST" in line:
                yield cell.finding("nbgrader would run the lab to fill in 'AUTOTEST'; write a check instead.", number)


def _duplicate_findings(cells: Sequence[ScriptCell]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for cell in cells:
        if cell.grade_id in seen:
            yield cell.finding(f"the grade_id {cell.grade_id!r} is taken by the cell on {seen[cell.grade_id]}.")
        elif cell.grade_id:
            seen[cell.grade_id] = cell.place


def _pairing_findings(cells: Sequence[ScriptCell]) -> Iterator[Finding]:
    for cell, below in zip(cells, [*cells[1:], None], strict=True):
        if cell.role != "exercise":
            continue
        wanted = check_cell_name(cell.grade_id)
        if below is None or below.role != "check" or below.grade_id != wanted:
            yield cell.finding(f"exercise {cell.grade_id!r} needs its check cell {wanted!r} right under it.")
        elif not all(_ends_in_check(text, cell.grade_id) for text in (below.source, _open_text(below.source))):
            call = f'check("{cell.grade_id}")'
            yield below.finding(
                f"check cell {wanted!r} must end with {call}, without a semicolon: "
                "nbgrader reads the score from the value of the last line.",
                below.line,
            )
    for cell, above in zip(cells, [None, *cells[:-1]], strict=True):
        if cell.role == "check" and (above is None or above.role != "exercise"):
            yield cell.finding(f"check cell {cell.grade_id!r} has no exercise right above it.")


def _open_text(source: str) -> str:
    return "\n".join(open_lines(source))


def _ends_in_check(source: str, slug: str) -> bool:
    """Say whether the value of a cell of valid Python is that of ``check(slug)``."""
    body = ast.parse(source).body
    match body[-1:]:
        case [ast.Expr(value=ast.Call(func=ast.Name(id="check"), args=[ast.Constant(value=name), *_])) as last]:
            rest = source.encode().split(b"\n")[(last.end_lineno or 1) - 1][last.end_col_offset :]
            return bool(name == slug) and not rest.lstrip().startswith(b";")
    return False


def _exposure_findings(cell: ScriptCell, cells: Sequence[ScriptCell]) -> Iterator[Finding]:
    """Yield answers that can be read, whole, in what a student gets; a line or two in common is chance."""
    lines = cell.source.split("\n")
    for _, begin, end in regions(cell.source):
        answer = set(telling_lines(lines[begin + 1 : end]))
        if len(answer) < _EXPOSED_LINES:
            continue
        for other in cells:
            if answer <= {line.strip() for line in open_lines(other.source)}:
                message = f"the whole answer to {cell.grade_id!r} can be read in the cell on {other.place}."
                yield cell.finding(message, cell.line + begin)
