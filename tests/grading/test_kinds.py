from __future__ import annotations

import pytest

from coursekit.grading.kinds import kind_of, merge_marker_in


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<!DOCTYPE html><title>GitHub</title>", "a web page"),
        (b"\xef\xbb\xbf  \n<html lang='en'>", "a web page"),
        (b"<!-- saved from -->\n<HTML>", "a web page"),
        (b'{"url": "https://docs.google.com/open?id=1", "doc_id": "1", "email": "a@b.c"}', "a link to Google Drive"),
        (b"https://colab.research.google.com/drive/1abc?usp=sharing", "a link to Google Drive"),
        (b"https://example.org/notebook\n", "a link"),
        (b"<p>see <b>my</b> answer</p>", "text that was typed"),
        (b"<meta http-equiv=refresh content='0; url=https://colab.research.google.com/drive/1'>", "a link to Google"),
        (b"[InternetShortcut]\nURL=https://example.org", "a link to a web page"),
        (b"PK\x03\x04\x14\x00\x00word/document.xml", "a Word document"),
        (b"PK\x03\x04\x14\x00\x00", "a zip archive without a notebook"),
        (b"7z\xbc\xaf\x27\x1c\x00", "a 7-Zip archive"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x89PNG\r\n", "a picture"),
        (b"import numpy as np\n\ndef softmax(Z):\n    return Z\n", "a Python script"),
        (b"#!/usr/bin/env python\n# coding: utf-8\n", "a Python script"),
        (b"\0" * 5000, "nothing but zeros"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "a pointer of Git LFS"),
    ],
)
def test_the_kind_of_a_file_is_told(content: bytes, kind: str) -> None:
    assert kind_of(content).startswith(kind)


def test_comments_without_end_take_no_longer_than_others() -> None:
    assert kind_of(b"<!-- -- > -->" * 5000 + b"<HTML>").startswith("a web page")
    assert kind_of(b"<!---->" * 5000 + b"x") == ""


@pytest.mark.parametrize("content", [b"", b"hello", b'{"cells": [', b'{"a": "import numpy"}', b"\xff\x00\xff", b"1"])
def test_of_other_files_nothing_is_told(content: bytes) -> None:
    assert kind_of(content) == ""


def test_gits_first_mark_of_a_conflict_is_found() -> None:
    assert merge_marker_in('{\n"a": 1,\n<<<<<<< HEAD\n=======\n>>>>>>> x\n') == "line 3: <<<<<<< HEAD"
    assert merge_marker_in("a <<<<<<< b\n<<<<<<<<<\n") == ""
