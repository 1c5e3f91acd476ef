from __future__ import annotations

import pytest

from coursekit.text import printable, shortened, storable


def test_control_characters_are_shown_as_escapes() -> None:
    assert printable("a\x1b[2Jb\u202ec\nd") == r"a\x1b[2Jb\u202ec\nd"


def test_what_is_to_be_kept_stays() -> None:
    assert printable("a\nb\tc", keep="\n") == "a\nb\\tc"


def test_words_of_any_script_are_printable() -> None:
    assert printable("Ana Čč 学生 ⊙ café") == "Ana Čč 学生 ⊙ café"


@pytest.mark.parametrize("name", ["علی\u200cرضا", "ශ්\u200dරී", "👩\u200d🎓"])
def test_what_joins_letters_is_part_of_a_name(name: str) -> None:
    assert printable(name) == name


def test_a_lone_surrogate_is_shown_as_an_escape() -> None:
    assert printable("a\ud800") == r"a\ud800"


@pytest.mark.parametrize(("text", "short"), [("abc", "abc"), ("abcd", "ab…"), ("", "")])
def test_a_text_is_cut_to_at_most_so_many_characters(text: str, short: str) -> None:
    assert shortened(text, 3) == short


def test_half_characters_can_be_stored_once_they_are_replaced() -> None:
    assert storable("a\ud800b\udfffc 🙂") == "a�b�c 🙂"
    storable("\udc80").encode("utf-8")
