from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _drawn_off_screen(off_screen: None) -> None:
    """Draw on no screen in every test of this folder."""
