"""What students' cells put out, taken into a notebook: only what a notebook may hold, and nothing that runs."""

from __future__ import annotations

from typing import Any

from coursekit.checking.plain import Plain
from coursekit.text import storable

__all__ = ["as_outputs"]

#: Kinds of displays that are kept; what a browser would run as a program is not among them.
_KINDS = (
    "text/plain",
    "text/html",
    "text/markdown",
    "text/latex",
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/svg+xml",
)
_SIZES = ("width", "height")
#: A picture's size in pixels, and a cell's number: not all programs read NaN, or numbers of thousands of digits.
_MAX_SIZE, _MAX_COUNT = 100_000, 1_000_000


def as_outputs(found: Plain) -> list[dict[str, Any]]:
    """Return a notebook's outputs from what the process of a student gave as such; the rest is dropped.

    Args:
        found: Anything; meant to be a list of outputs in nbformat's form, with texts in one piece.
    """
    outputs = [_output(item) for item in found] if isinstance(found, list) else []
    return [output for output in outputs if output is not None]


def _output(item: Any) -> dict[str, Any] | None:
    if not isinstance(item, dict):
        return None
    kind = item.get("output_type")
    if kind == "stream":
        name = "stderr" if item.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": _text(item.get("text"))}
    if kind == "error":
        lines = item.get("traceback")
        lines = [_text(line) for line in lines] if isinstance(lines, list) else []
        name, value = _text(item.get("ename")), _text(item.get("evalue"))
        return {"output_type": "error", "ename": name, "evalue": value, "traceback": lines}
    if kind not in ("display_data", "execute_result") or not isinstance(item.get("data"), dict):
        return None
    data = {mime: _text(item["data"][mime]) for mime in _KINDS if isinstance(item["data"].get(mime), str)}
    if not data:
        return None
    output = {"output_type": kind, "data": data, "metadata": _metadata(item.get("metadata"))}
    if kind == "execute_result":
        count = item.get("execution_count")
        output["execution_count"] = count if type(count) is int and 0 <= count <= _MAX_COUNT else None
    return output


def _metadata(found: Any) -> dict[str, dict[str, float]]:
    """Keep the sizes of pictures."""
    kept = {}
    for mime in _KINDS:
        entry = found.get(mime) if isinstance(found, dict) else None
        if isinstance(entry, dict):
            kept[mime] = {key: entry[key] for key in _SIZES if _is_size(entry.get(key))}
    return {mime: sizes for mime, sizes in kept.items() if sizes}


def _is_size(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value <= _MAX_SIZE


def _text(value: Any) -> str:
    return storable(value) if isinstance(value, str) else ""
