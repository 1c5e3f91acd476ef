"""Formulas as MathML, which browsers set by themselves: a page needs no program and no network for them.

`latex2mathml <https://pypi.org/project/latex2mathml/>`_ reads the TeX. What it makes is written anew here, because a
student may have typed the formula: only known elements and attributes, and all text escaped. A formula that it cannot
read, or not safely, is shown as the TeX that it is. MathML Core: https://www.w3.org/TR/mathml-core/
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape
from xml.etree.ElementTree import Element

from latex2mathml.converter import Converter

__all__ = ["formula"]

#: Characters of a formula that is set: the labs' longest has some 400.
_MAX_CHARACTERS = 2_000
#: From here on a formula on its own may be wider than a narrow page, and is scrolled by keyboard too.
_WIDE = 40
_ELEMENT_NAMES = (
    "math menclose mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt"
    " mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none"
)
_ELEMENTS = frozenset(_ELEMENT_NAMES.split())
_VALUES = {
    **dict.fromkeys(("accent", "accentunder", "displaystyle", "fence", "movablelimits", "separator"), r"true|false"),
    **dict.fromkeys(("stretchy", "symmetric", "largeop"), r"true|false"),
    **dict.fromkeys(("linethickness", "lspace", "rspace", "minsize", "maxsize"), r"\d?\.?\d{1,4}(?:em|ex|pt|px)?"),
    **dict.fromkeys(("columnspacing", "rowspacing"), r"(?:\d?\.?\d{1,3}(?:em|ex|pt) ?){1,40}"),
    "columnalign": r"(?:(?:left|center|right) ?){1,40}",
    "display": r"block|inline",
    "mathvariant": r"normal",
    "scriptlevel": r"\d",
    # Space may not be taken back, over what stands before it.
    "width": r"\d?\.?\d{1,4}(?:em|ex|pt|px)",
}
_ATTRIBUTES = {name: re.compile(values) for name, values in _VALUES.items()}
#: Macros can grow without end; boxes and rules take any size; links and styles are the page's own.
_REFUSED = re.compile(
    r"\\(?:(?:re|provide)?new|[gex]?def(?![A-Za-z])|let(?![A-Za-z])|rule|href|style|class|cssId|require|mmlToken)"
)
#: What was not understood stands among the symbols as it was typed.
_LEFT_OVER = re.compile(r"\\[A-Za-z]")


@lru_cache(maxsize=2_048)
def formula(tex: str, *, display: bool = False) -> str:
    """Return HTML for a formula.

    Args:
        tex: The formula in TeX, without the marks around it.
        display: Whether it stands on a line of its own.

    Returns:
        MathML, or where there is none for it the TeX in a ``code`` element; both safe to stand in a page.
    """
    mathml = _mathml(tex, display=display)
    content = mathml or f"<code>{escape(tex.strip())}</code>"
    if not display:
        return content
    focusable = ' tabindex="0" role="group" aria-label="Formula"' if len(tex) > _WIDE else ""
    return f'<span class="formula"{focusable}>{content}</span>'


def _mathml(tex: str, *, display: bool) -> str:
    """Return MathML; nothing where there is none."""
    if len(tex) > _MAX_CHARACTERS or _REFUSED.search(tex) or not tex.strip():
        return ""
    try:
        element = Converter(display="block" if display else "inline").convert_to_element(_unnumbered(tex))
        return "".join(_written(element))
    except Exception:
        # Its errors are of many kinds, RecursionError among them; each means that this is no formula that it knows.
        return ""


def _unnumbered(tex: str) -> str:
    # As notebooks show them.
    return tex.replace("{align}", "{align*}")


def _written(element: Element) -> list[str]:
    """Return the pieces of an element's text.

    Raises:
        ValueError: If there is anything in it that is not known.
    """
    # Lines that cannot be told apart would run together.
    if element.tag not in _ELEMENTS or "linebreak" in element.attrib:
        raise ValueError(element.tag)
    attributes = (
        f' {name}="{value}"'
        for name, value in element.attrib.items()
        if name in _ATTRIBUTES and _ATTRIBUTES[name].fullmatch(value)
    )
    pieces = [f"<{element.tag}{''.join(attributes)}>", _text(element.text)]
    for child in element:
        pieces += [*_written(child), _text(child.tail)]
    return [*pieces, f"</{element.tag}>"]


def _text(found: str | None) -> str:
    # Symbols are written as character references.
    text = unescape(found or "")
    if _LEFT_OVER.search(text):
        raise ValueError(text)
    return escape(text)
