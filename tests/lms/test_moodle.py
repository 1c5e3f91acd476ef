from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from coursekit.lms.moodle import parse_upload
from coursekit.lms.people import Upload


@pytest.mark.parametrize(
    ("path", "upload"),
    [
        ("Ana García_77_assignsubmission_file_/lab.ipynb", Upload("77", "Ana García", "lab.ipynb")),
        ("Ana García_77_assignsubmission_file/lab.ipynb", Upload("77", "Ana García", "lab.ipynb")),
        ("course/Ana O'Hara_77_assignsubmission_file_/data/x.csv", Upload("77", "Ana O'Hara", "data/x.csv")),
        ("Participant_77_assignsubmission_file_/lab.ipynb", Upload("77", "Participant", "lab.ipynb")),
        ("Ana García_77_assignsubmission_file_my_lab.ipynb", Upload("77", "Ana García", "my_lab.ipynb")),
        ("Ana_77_assignsubmission_onlinetext_/onlinetext.html", Upload("77", "Ana", "onlinetext.html")),
        ("Ana_77/lab.ipynb", None),
        ("garciaana_4711_90210_lab.ipynb", None),
    ],
)
def test_a_path_is_read_as_moodle_writes_it(path: str, upload: Upload | None) -> None:
    assert parse_upload(PurePosixPath(path)) == upload
