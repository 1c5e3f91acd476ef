from __future__ import annotations

from coursekit.plots import BLUE, COLOURS, VERMILION


def test_there_are_eight_different_colours() -> None:
    assert len(set(COLOURS)) == 8
    assert COLOURS[:2] == (BLUE, VERMILION)
