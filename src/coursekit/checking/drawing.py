"""Drawings of differences, by hand in HTML: they need no plotting library and stay when a page is cleaned of drawings.

Squares are plain boxes, so that a page that drops styles or roles still has the words beside them.
"""

from __future__ import annotations

from html import escape

from coursekit.checking.differences import ArrayDifference, Difference, Panel, ShapeDifference, Square

__all__ = ["drawn"]

# The palette of coursekit.checking.display, transparent.
_WRONG = "213,94,0"
_RIGHT = "0,158,115"
_GREY = "127,127,127"
_SQUARE_PX = 18
#: The most axes that fit a table.
_MAX_AXES = 5
_SIGNS = {"+": "too large", "−": "too small", "±": "some of both", "×": "different"}
_CELL = f"padding:2px 8px;border:1px solid rgba({_GREY},.35);text-align:right;white-space:normal;"
_NUMBER = "font-family:monospace;font-size:12px;overflow-wrap:anywhere;"


def drawn(difference: Difference) -> str:
    """Draw where an array or a shape differs, as HTML with its words for those who do not see it."""
    if isinstance(difference, ShapeDifference):
        return _shapes(difference)
    panels = "".join(_panel(panel, difference) for panel in difference.panels)
    return (
        f'<div style="display:flex;flex-wrap:wrap;gap:6px 20px;align-items:flex-start;margin:5px 0 8px;">'
        f'<div style="max-width:100%;"><div role="img" aria-label="{escape(_in_words(difference))}"'
        f' style="display:flex;flex-wrap:wrap;gap:6px 14px;">{panels}</div>'
        f'<div style="opacity:.8;font-size:12px;max-width:440px;">{escape(_legend(difference))}</div></div>'
        f"{_worst(difference)}</div>"
    )


def _panel(panel: Panel, difference: ArrayDifference) -> str:
    width_px = len(panel.rows[0]) * _SQUARE_PX
    slices = ", ".join([*map(str, panel.index), ":", ":"])
    title = f'<div style="{_NUMBER}opacity:.8;">[{slices}]</div>' if panel.index else ""
    style = f"display:flex;gap:1px;height:{_SQUARE_PX - 1}px;margin-bottom:1px;"
    rows = "".join(f'<div style="{style}">{"".join(map(_square, row))}</div>' for row in panel.rows)
    # Narrow pages squeeze the squares rather than hide some.
    return (
        f'<div style="width:{width_px}px;max-width:100%;text-align:center;font-size:12px;font-weight:600;'
        f'line-height:{_SQUARE_PX - 1}px;">{title}{rows}</div>'
    )


def _square(square: Square) -> str:
    # Half-transparent: the sign on it has the page's own colour, dark on light or light on dark.
    fill = f"{_WRONG},{0.3 + 0.4 * square.share:.1f}" if square.share else f"{_RIGHT},.28"
    text = square.sign
    if square.worst:
        frame = f"box-sizing:border-box;height:{_SQUARE_PX - 1}px;line-height:{_SQUARE_PX - 5}px;border:2px solid;"
        text = f'<div style="{frame}">{text}</div>'
    return f'<div style="flex:1;background:rgba({fill})">{text}</div>'


def _legend(difference: ArrayDifference) -> str:
    """Say what the squares of a map mean."""
    signs = {square.sign for panel in difference.panels for row in panel.rows for square in row}
    rows, columns = difference.block
    meanings = _SIGNS | ({"×": "not a number"} if difference.got == "nan" else {})
    parts = [f"{sign} {meaning}" for sign, meaning in meanings.items() if sign in signs]
    parts.append("framed: the worst")
    if rows * columns > 1:
        each = f"{rows} × {columns}" if len(difference.shape) > 1 else str(columns)
        parts.append(f"a square is up to {each} values, the stronger the more of them differ")
    if left_out := difference.n_panels - len(difference.panels):
        parts.append(f"{left_out} more {'slice differs' if left_out == 1 else 'slices differ'}")
    return "; ".join(parts)


def _in_words(difference: ArrayDifference) -> str:
    shape = " × ".join(map(str, difference.shape))
    return f"Map of {shape} values: {difference.extent()}. Worst {difference.worst_words()}."


def _worst(difference: ArrayDifference) -> str:
    entries = [("index", str(list(difference.worst))), ("expected", difference.expected), ("got", difference.got)]
    if difference.relative_error is not None:
        entries.append(("relative error", f"{difference.relative_error:.2g}"))
    rows = "".join(_table_row(label, [text]) for label, text in entries)
    return _small_table("The worst", rows)


def _shapes(difference: ShapeDifference) -> str:
    axes = difference.axes()
    if not 0 < len(axes) <= _MAX_AXES:
        return ""
    head = "".join(f'<th scope="col" style="{_CELL}font-weight:400;">axis {axis}</th>' for axis in range(len(axes)))
    rows = f'<tr style="background:none;"><td style="{_CELL}"></td>{head}</tr>'
    for label, side in (("expected", 0), ("got", 1)):
        lengths = ["–" if axis[side] is None else str(axis[side]) for axis in axes]
        wrong = [side == 1 and axis[0] != axis[1] for axis in axes]
        rows += _table_row(label, lengths, wrong)
    return _small_table("Shapes, axis by axis", rows)


def _table_row(label: str, texts: list[str], wrong: list[bool] | None = None) -> str:
    cells = "".join(
        f'<td style="{_CELL}{_NUMBER}{_marked(differs)}">{escape(text)}{" ✗" if differs else ""}</td>'
        for text, differs in zip(texts, wrong or [False] * len(texts), strict=True)
    )
    head = f'<th scope="row" style="{_CELL}font-weight:400;text-align:left;">{label}</th>'
    return f'<tr style="background:none;">{head}{cells}</tr>'


def _marked(differs: bool) -> str:
    return f"background:rgba({_WRONG},.35);font-weight:600;" if differs else ""


def _small_table(caption: str, rows: str) -> str:
    return (
        '<table style="border-collapse:collapse;margin:5px 0;border:none;font-size:12px;width:auto;">'
        f'<caption style="text-align:left;padding:0 0 2px;color:inherit;opacity:.8;white-space:normal;">{caption}'
        f'</caption><tbody style="border:none;">{rows}</tbody></table>'
    )
