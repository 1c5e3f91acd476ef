from __future__ import annotations

from pathlib import Path

import pytest


def test_what_to_do_for_skipped_tests_is_said_once_for_each_remedy(request: pytest.FixtureRequest) -> None:
    conftest = request.config.pluginmanager.get_plugin(str(Path(__file__).with_name("conftest.py")))
    assert conftest is not None
    reasons = ["Skipped: needs bubblewrap", "Skipped: needs a sandbox", "Skipped: there is no Chromium"]
    assert conftest.rest([*reasons, "Skipped: only on Tuesdays"]) == (
        "To run the tests that were skipped: install bubblewrap (2); install Chromium (1); see the reasons above (1)."
    )
