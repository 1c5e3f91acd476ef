"""What a file is that is no notebook, in words for whoever handed it in."""

from __future__ import annotations

import re

__all__ = ["WHAT_TO_HAND_IN", "kind_of", "merge_marker_in"]

#: What to do about a file of any other kind.
WHAT_TO_HAND_IN = "Hand in the .ipynb file that Jupyter saves; from Colab: File > Download > Download .ipynb."

_MAX_LOOKED_AT = 200_000
_ZIP = "a zip archive without a notebook that can be read"
#: First bytes, and what they are of.
_SIGNS = (
    (b"PK\x03\x04", _ZIP),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"SQLite format 3", "a database"),
    (b"version https://git-lfs", "a pointer of Git LFS, without the file that it points to"),
    (b"[InternetShortcut]", "a link to a web page"),
)
_DOCUMENTS = ((b"word/", "a Word document"), (b"xl/", "an Excel workbook"), (b"ppt/", "a PowerPoint document"))
#: A comment ends at the first mark of its end: were it free to go on, so many comments would be tried in 2^n ways.
_WEB_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_FRAGMENT = re.compile(r"\s*<(?:p|div|span|ul|ol|h[1-6]|br|meta|table)\b[^>]*>", re.I)
_CLOUD = re.compile(r"https://(?:drive|docs|colab\.research)\.google\.com|\"doc_id\"\s*:")
_ADDRESS = re.compile(r"\s*https?://\S+\s*\Z")
_MERGE_MARKER = re.compile(r"^(?:<{7}|>{7})(?: .*)?$", re.MULTILINE)
_PYTHON = re.compile(r"^(?:import |from \S+ import |def |class |#!|# %%|# In\[|# coding)", re.MULTILINE)


def kind_of(content: bytes) -> str:
    """Return what a file is that cannot be read as a notebook; an empty text if that cannot be told.

    Args:
        content: Its bytes; no more than the first of them are looked at.
    """
    head = content[:_MAX_LOOKED_AT]
    if head and not head.strip(b"\0"):
        return "nothing but zeros: its upload or synchronisation failed"
    for sign, kind in _SIGNS:
        if head.startswith(sign):
            return _archive_or_document(head) if kind == _ZIP else kind
    if b"\0" in head:
        return ""
    return _kind_of_text(head.decode("utf-8-sig", "replace"))


def merge_marker_in(text: str) -> str:
    """Return where git has left its first mark of a conflict in a text, such as ``line 3: <<<<<<< HEAD``."""
    found = _MERGE_MARKER.search(text)
    return f"line {text.count(chr(10), 0, found.start()) + 1}: {found[0][:60].strip()}" if found else ""


def _archive_or_document(head: bytes) -> str:
    return next(
        (kind for sign, kind in _DOCUMENTS if sign in head), "a zip archive without a notebook that can be read"
    )


def _kind_of_text(text: str) -> str:
    if _WEB_PAGE.match(text):
        return "a web page (HTML), not the notebook that it shows"
    if _CLOUD.search(text[:2000]) and len(text) < 2000:
        return "a link to Google Drive, not the file that it leads to"
    if _ADDRESS.match(text):
        return "a link, not the file that it leads to"
    if _FRAGMENT.match(text):
        return "text that was typed (HTML), not a notebook"
    if _PYTHON.search(text) and not text.lstrip().startswith(("{", "[")):
        return "a Python script"
    return ""
