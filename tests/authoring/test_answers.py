from __future__ import annotations

from pathlib import Path

import pytest

from coursekit.authoring.answers import read_answers, read_survivors
from coursekit.authoring.sections import split_sections

REFERENCE = """\
def mean(x):
    total = 0
    for v in x:
        total += v
    for w in x:
        total += 0
    return total / len(x)
"""


def answers(text: str) -> dict[str, str]:
    found, findings = read_answers(split_sections(Path("mean.py"), text), "mean", REFERENCE)
    assert findings == []
    return {variant.name: variant.source for variant in found}


def edited(*edit: str) -> str:
    lines = "\n".join(edit)
    return answers(f"# %% wrong it -> check\n{lines}\n")["it"]


def test_a_line_is_replaced_with_the_indentation_of_its_place() -> None:
    assert edited("# - total += v", "# + total += v**2") == REFERENCE.replace("+= v", "+= v**2")


def test_lines_may_be_taken_out_and_put_in() -> None:
    assert edited("# - total = 0") == REFERENCE.replace("    total = 0\n", "")
    assert edited("#   return total / len(x)", "# + # done") == f"{REFERENCE}    # done\n"


def test_a_line_that_stays_shows_the_place() -> None:
    text = edited("#   for w in x:", "# -     total += 0", "# +     total += 1", "# +", "# +     total -= 1")
    assert text == REFERENCE.replace("        total += 0\n", "        total += 1\n\n        total -= 1\n")


def test_an_edit_may_have_several_places_in_any_order_and_words() -> None:
    text = edited(
        "# Starts at one,", "# - return total / len(x)", "# + return total", "", "# and forgets the length.",
        "# - total = 0", "# + total = 1",
    )  # fmt: skip
    assert text == REFERENCE.replace("= 0\n    for v", "= 1\n    for v").replace(" / len(x)", "")


def test_an_edit_of_a_right_answer_starts_from_that_one() -> None:
    found = answers(
        "# %% right sum\ndef mean(x):\n    return sum(x) / len(x)\n\n\n"
        "# %% right numpy of sum\n# - return sum(x) / len(x)\n# + return np.mean(x)\n\n\n"
        "# %% wrong median of numpy -> check\n# - return np.mean(x)\n# + return np.median(x)\n"
    )
    assert found["numpy"] == "def mean(x):\n    return np.mean(x)\n"
    assert found["median"] == "def mean(x):\n    return np.median(x)\n"


def test_a_whole_answer_keeps_its_comments_and_blank_lines() -> None:
    source = "# As on the slide.\ndef mean(x):\n    # - not an edit\n\n    return 0\n"
    assert answers(f"# %% wrong zero -> check\n{source}\n\n")["zero"] == source


def test_private_is_what_stands_in_the_file() -> None:
    text = "# %% wrong a -> check\n# - total = 0\n# + total = 1\n\n# %% right b\ndef mean(x):\n    return 0\n"
    first, second = read_answers(split_sections(Path("mean.py"), text), "mean", REFERENCE)[0]
    assert first.private == ("    total = 1",)
    assert second.private == ("def mean(x):", "    return 0")
    assert (first.line, first.caught_by, first.right) == (1, "check", False)
    assert (second.line, second.caught_by, second.right) == (5, None, True)


@pytest.mark.parametrize(
    ("edit", "line", "words"),
    [
        # Indented otherwise than in the answer.
        ("# - for v in x:\n# - total += v\n# + total = sum(x)", 2, "but not one after the other, indented like this"),
        ("# - total += 0\n# + total += v\n\n# - for w in x:\n# - total += 0", 5, "indented like this"),
        ("# - for w in x:\n# -     total += 0\n\n#   for v in x:\n#       total += v\n#   for w in x:", 2, "overlap"),
        ("# - ", 2, "does not apply"),
        ("# +", 2, "nothing says where"),
    ],
)
def test_an_edit_without_its_place_is_told(edit: str, line: int, words: str) -> None:
    text = f"# %% wrong it -> check\n{edit}\n"
    found, findings = read_answers(split_sections(Path("mean.py"), text), "mean", REFERENCE)
    assert found == []
    assert [(finding.line, finding.path) for finding in findings] == [(line, Path("mean.py"))]
    assert words in findings[0].message


def test_survivors_name_the_line_before_and_after() -> None:
    text = (
        "# %% survivors\n# - y = x + 1 (no. 2)\n# + y = x + 2\n# + y = x - 1\n"
        "# The loop goes on\n# until it is right.\n\n"
        "# - return x\n# + pass\n# Nobody asks.\n"
    )
    found, findings = read_survivors(split_sections(Path("mean.py"), text))
    assert findings == []
    assert [(s.change, s.reason, s.line) for s in found] == [
        ("y = x + 1 → y = x + 2 (no. 2)", "The loop goes on until it is right.", 3),
        ("y = x + 1 → y = x - 1 (no. 2)", "The loop goes on until it is right.", 4),
        ("return x → pass", "Nobody asks.", 9),
    ]
