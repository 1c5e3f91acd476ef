from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from coursekit.lms.moodle import read_names
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
        ("Les Misérables_43_assignsubmission_file/lab.ipynb", Upload("43", "Les Misérables", "lab.ipynb")),
        ("Default group_assignsubmission_file/lab.ipynb", Upload("", "Default group", "lab.ipynb")),
        ("Ana_77_assignsubmission_file_", Upload("77", "Ana", "")),
        ("Ana_77/lab.ipynb", None),
        ("garciaana_4711_90210_lab.ipynb", None),
    ],
)
def test_a_path_is_read_as_moodle_writes_it(path: str, upload: Upload | None) -> None:
    assert read_names([PurePosixPath(path)], "lab").get(PurePosixPath(path)) == upload
