"""Saying that data is only a sample, so that nobody takes its accuracies for the real ones."""

from __future__ import annotations

import sys
import textwrap
from html import escape

from coursekit.datasets.dataset import Dataset

__all__ = ["notice_html", "notice_text", "show_notice"]

_REMEDY = "For the real images go online and run the cell again, or set COURSEKIT_DATA to a folder that holds them."


def show_notice(data: Dataset, reason: str) -> None:
    """Show a notice on stdout or, under IPython, as a box or as text, whichever its front end can show.

    Args:
        data: The sample.
        reason: Why it is not the real data set.
    """
    # Under IPython it has been imported; elsewhere there is no need to wait for its import.
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        from IPython.display import display

        display({"text/html": notice_html(data, reason), "text/plain": notice_text(data, reason)}, raw=True)
    else:
        print(notice_text(data, reason))


def notice_text(data: Dataset, reason: str) -> str:
    """Frame the notice for a terminal."""
    lines = textwrap.wrap(_words(data, reason), 72, break_on_hyphens=False)  # paths are there to be copied
    rule = "+" + "-" * 74 + "+"
    return "\n".join([rule, f"| {'THIS IS NOT THE REAL DATA SET':<72} |", *(f"| {line:<72} |" for line in lines), rule])


def notice_html(data: Dataset, reason: str) -> str:
    """Write the notice as a box that is readable on light and on dark pages."""
    return (
        '<div role="alert" style="max-width:860px;border:2px solid #d55e00;border-radius:4px;padding:8px 14px;'
        'margin:4px 0;background:rgba(213,94,0,.12);font-size:14px;line-height:1.5;overflow-wrap:anywhere;">'
        '<strong style="color:#d55e00;">This is not the real data set.</strong> '
        f"{escape(_words(data, reason))}</div>"
    )


def _words(data: Dataset, reason: str) -> str:
    return (
        f"You are working with the {data.name}. Everything runs, but accuracies are its own, and the bars are set for"
        f" it. {_REMEDY} What was tried: {reason}."
    )
