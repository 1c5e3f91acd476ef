from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from coursekit.report import similarity
from coursekit.report.similarity import SimilarPair, similar_pairs, tokens_of

PLAIN = '''def standardise(X):
    """Return X with mean 0 and deviation 1."""
    total = np.zeros(X.shape[1])
    for row in X:
        total += row
    mean = total / len(X)
    spread = np.sqrt(((X - mean) ** 2).sum(axis=0) / len(X))
    return (X - mean) / np.where(spread == 0, 1, spread)
'''
RENAMED = """def standardise(data):
    # first the means
    s = np.zeros(
        data.shape[1]
    )
    for r in data: s += r

    m = s / len(data)
    d = np.sqrt(((data - m) ** 2).sum(axis=0) / len(data))   # then the deviations
    return (data - m) / np.where(d == 0, 1, d)
"""
OTHER = """def standardise(X):
    centred = X - X.mean(0)
    deviation = X.std(0)
    deviation[deviation == 0] = 1
    return centred / deviation
"""


def texts(source: str) -> list[str]:
    return [token.text for token in tokens_of(source)]


def names(pairs: Sequence[SimilarPair]) -> list[set[str]]:
    return [{pair.left, pair.right} for pair in pairs]


def renamed(source: str) -> str:
    """Give a source's variables other names, and its lines a comment."""
    out, at = [], 0
    for token in tokens_of(source):
        word = source[token.start : token.end]
        out += [source[at : token.start], f"my_{word}" if token.text == "name" else word]
        at = token.end
    return "".join([*out, source[at:]]).replace("\n", "  # mine\n")


@pytest.fixture
def independent(right_answers: Mapping[str, list[str]], reference: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Students whose right answers were written apart from each other."""
    n = max(map(len, right_answers.values()))
    # Whoever has no answer of their own to an exercise leaves it out.
    return {"reference": dict(reference)} | {
        f"s{i}": {slug: found[i] for slug, found in right_answers.items() if i < len(found)} for i in range(n)
    }


def test_names_comments_docstrings_and_layout_do_not_matter() -> None:
    assert texts(PLAIN) == texts(RENAMED)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("np.exp(Z)", "np.log(Z)"),
        ("def f(a):\n    return a.sum(axis=1)", "def f(a):\n    return a.sum(axis=0)"),
        ("def f(axis):\n    return g(axis=axis)", "def f(dim):\n    return g(dim=dim)"),
    ],
)
def test_what_a_program_does_with_others_names_does_matter(one: str, other: str) -> None:
    assert texts(one) != texts(other)


def test_fields_that_an_answer_makes_are_its_own_names() -> None:
    one = "class Value:\n    def __init__(self, x):\n        self.data = x\n\n    def twice(self):\n"
    one += "        return self.data * 2\n"
    assert texts(one) == texts(one.replace("data", "content"))


@pytest.mark.parametrize("source", ["", "def f(:", "'''", "x = (", "\0", "%matplotlib inline\n!ls", "é = 'ü'; é + é"])
def test_what_is_no_python_is_cut_as_far_as_it_goes(source: str) -> None:
    for token in tokens_of(source):
        assert 0 <= token.start <= token.end <= len(source)


def test_tokens_stand_where_they_say_beside_letters_of_several_bytes() -> None:
    source = "größe = 'ä' + name(größe=größe)\n"
    assert [source[t.start : t.end] for t in tokens_of(source)][:4] == ["größe", "=", "'ä'", "+"]
    assert texts(source) == ["name", "=", "text", "+", "name", "(", "größe", "=", "name", ")"]


def test_a_renamed_copy_comes_first(independent: dict[str, dict[str, str]], stubs: Mapping[str, str]) -> None:
    # Somebody whose text nobody else has: the second answers of the bank.
    independent["copy"] = {slug: renamed(source) for slug, source in independent["s1"].items()}
    found = similar_pairs(independent, stubs)
    assert names(found)[0] == {"s1", "copy"}
    assert found[0].share == pytest.approx(1)
    assert all(pair.tokens * pair.share < found[0].tokens / 2 for pair in found[1:])


def test_one_copied_exercise_is_found(independent: dict[str, dict[str, str]], stubs: Mapping[str, str]) -> None:
    source = independent["s0"]["softmax_gradient"]
    independent["copy"] = {**independent["s1"], "softmax_gradient": renamed(source)}
    # Only what was copied from s0 is looked for here.
    del independent["s1"]
    found = next(pair for pair in similar_pairs(independent, stubs) if {pair.left, pair.right} == {"s0", "copy"})
    assert found.exercises[0].slug == "softmax_gradient"


def test_independent_right_answers_rank_low(independent: dict[str, dict[str, str]], stubs: Mapping[str, str]) -> None:
    alone = [pair.tokens * pair.share for pair in similar_pairs(independent, stubs)]
    independent["copy"] = {slug: renamed(source) for slug, source in independent["s1"].items()}
    copied = similar_pairs(independent, stubs)[0]
    assert max(alone) < copied.tokens * copied.share / 3


def test_what_most_of_the_class_has_is_no_evidence() -> None:
    everyone = {f"s{i}": {"standardise": PLAIN} for i in range(10)}
    assert similar_pairs(everyone, {}) == []


def test_what_two_of_many_have_is() -> None:
    many = {f"s{i}": {"standardise": OTHER.replace("== 0", f"== {i}")} for i in range(10)}
    two = {"left": {"standardise": PLAIN}, "right": {"standardise": RENAMED}}
    assert names(similar_pairs(many | two, {})) == [{"left", "right"}]


def test_the_released_cell_is_no_evidence() -> None:
    stub = PLAIN + "\n\ndef rest():\n    raise NotImplementedError\n"
    answers = {"left": {"standardise": PLAIN}, "right": {"standardise": RENAMED}}
    assert names(similar_pairs(answers, {})) == [{"left", "right"}]
    assert similar_pairs(answers, {"standardise": stub}) == []


def test_short_answers_are_no_evidence() -> None:
    answers = {f"s{i}": {"relu": "def relu(z):\n    return np.maximum(z, 0)"} for i in range(2)}
    assert similar_pairs(answers, {}) == []


def test_the_passages_are_the_whole_source_with_what_agrees_marked() -> None:
    many = {f"s{i}": {"standardise": OTHER.replace("== 0", f"== {i}")} for i in range(10)}
    two = {"left": {"standardise": PLAIN}, "right": {"standardise": RENAMED.replace("\n", "\r\n")}}
    (pair,) = similar_pairs(many | two, {})
    (found,) = pair.exercises
    assert "".join(passage.text for passage in found.left) == PLAIN
    assert "".join(passage.text for passage in found.right) == RENAMED
    marked = "".join(passage.text for passage in found.right if passage.kind == "own")
    assert "np.where(d == 0, 1, d)" in marked


def test_no_more_pairs_come_than_anybody_reads(
    independent: dict[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = {f"{student} again": answers for student, answers in independent.items()}
    assert len(similar_pairs(independent | copies, {})) > 3
    monkeypatch.setattr(similarity, "_MOST_PAIRS", 3)
    assert len(similar_pairs(independent | copies, {})) == 3
