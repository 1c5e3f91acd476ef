"""What two students' answers have in common beyond what the class has in common.

Two answers are compared as sequences of tokens, without comments, docstrings and layout, and with one token for all
names that the answer itself defines; so a copy with other names is still a copy. Only runs of several tokens count, as
in winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003, https://doi.org/10.1145/872757.872770), and a run counts
less the more students have it, down to nothing for what everybody or the released cell has. The alignment is
rapidfuzz's (https://rapidfuzz.github.io/RapidFuzz/), which nbgrader needs anyway.
"""

from __future__ import annotations

import ast
import io
import keyword
import math
import tokenize
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

__all__ = ["RUN", "Passage", "SimilarExercise", "SimilarPair", "Token", "similar_pairs", "tokens_of"]

#: How many tokens in a row must agree before they count; ``E / E.sum(axis=1)`` has eleven.
RUN = 8
#: Only so many tokens of a cell are compared.
_MAX_TOKENS = 3000
#: What of a cell is looked at: of a longer one a syntax tree takes gigabytes.
_MAX_CHARACTERS = 100_000
#: Pairs below are not shown: distinctive tokens in common, and these times their share.
_MIN_TOKENS = 20.0
_MIN_STRENGTH = 8.0
_MOST_PAIRS = 30
#: Answers whose tokens agree less than this are not aligned.
_ALIKE = 0.5
#: A token as one character, so that an answer is a text; from the private use area on, past the surrogates.
_FIRST_CHARACTER = 0xE000
_N_CHARACTERS = 0x10FFFF - _FIRST_CHARACTER
_SKIPPED = frozenset({tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT})
_STRING_PARTS = frozenset({"FSTRING_MIDDLE", "FSTRING_END", "TSTRING_MIDDLE", "TSTRING_END"})
_STRINGS = frozenset({"STRING", "FSTRING_START", "TSTRING_START"})
_OWN_NAME, _STRING = "name", "text"


@dataclass(frozen=True)
class Token:
    """A token of an answer: its normalised text, and where it stands in the source."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Passage:
    """A piece of an answer's source.

    Attributes:
        text: The piece.
        kind: ``"own"`` for what the two have in common and few others have, ``"shared"`` for what agrees too, but is
            the released cell's or much of the class's; empty for the rest.
    """

    text: str
    kind: str


@dataclass(frozen=True)
class SimilarExercise:
    """An exercise in which two answers have something distinctive in common, with both answers in pieces.

    Attributes:
        slug: The exercise.
        tokens: How many distinctive tokens agree, each weighted by how rare its run is.
        share: Their share of what is distinctive in the shorter answer, from 0 to 1.
        left: One answer.
        right: The other.
    """

    slug: str
    tokens: float
    share: float
    left: tuple[Passage, ...]
    right: tuple[Passage, ...]


@dataclass(frozen=True)
class SimilarPair:
    """Two students whose answers are alike.

    Attributes:
        left: A student's id.
        right: The other's.
        tokens: How many distinctive tokens agree, each weighted by how rare its run is.
        share: Their share of what is distinctive in the shorter work, from 0 to 1.
        exercises: Where they are, the exercise with the most first.
    """

    left: str
    right: str
    tokens: float
    share: float
    exercises: tuple[SimilarExercise, ...]


def similar_pairs(answers: Mapping[str, Mapping[str, str]], stubs: Mapping[str, str]) -> list[SimilarPair]:
    """Find the students whose answers are most alike.

    Args:
        answers: The text of the solution cells that each student changed: by student, then by slug.
        stubs: The cells as they were released, by slug.

    Returns:
        At most thirty pairs, in the order of distinctive tokens in common times their share of the shorter work, so
        that neither a short answer nor a long one leads by its length alone. The whole work or one exercise counts,
        whichever is more, so that one exercise in common does not go unseen among many.
    """
    students = sorted(answers)
    number = {student: i for i, student in enumerate(students)}
    n = len(students)
    common, own, strength = np.zeros((n, n)), np.zeros(n), np.zeros((n, n))
    comparisons = {}
    for slug in sorted({slug for found in answers.values() for slug in found}):
        texts = {student: answers[student][slug] for student in students if slug in answers[student]}
        compared = comparisons[slug] = _Comparison(texts, stubs.get(slug, ""))
        place = np.array([number[student] for student in texts])
        kind = np.array([compared.kind_of[student] for student in texts])
        here = compared.common()
        common[np.ix_(place, place)] += here[np.ix_(kind, kind)]
        own[place] += compared.own[kind]
        alone = here * _shares(here, compared.own)
        strength[np.ix_(place, place)] = np.maximum(strength[np.ix_(place, place)], alone[np.ix_(kind, kind)])
    share = _shares(common, own)
    strength = np.maximum(strength, common * share)
    shown = np.triu((common >= _MIN_TOKENS) & (strength >= _MIN_STRENGTH), k=1)
    pairs = sorted(zip(*np.nonzero(shown), strict=True), key=lambda ij: -strength[ij])[:_MOST_PAIRS]
    return [_pair(students[i], students[j], common[i, j], share[i, j], comparisons) for i, j in pairs]


def _shares(common: NDArray[np.float64], own: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what is in common as a share of the shorter of each two, from 0 to 1; shape (n, n)."""
    shorter = np.minimum.outer(own, own)
    return np.divide(common, shorter, out=np.zeros_like(common), where=shorter > 0).clip(0.0, 1.0)


def tokens_of(source: str) -> list[Token]:
    """Cut an answer into normalised tokens, at most 3,000.

    Comments, layout and docstrings are left out; names that the answer makes (variables, parameters, functions, fields)
    become one and the same token, and so do string literals. A text that is not Python is cut as far as possible.
    """
    source = source[:_MAX_CHARACTERS]
    names = _Names.of(source)
    starts = [0]
    for line in source.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    found: list[Token] = []
    before = ""
    for token in _tokenized(source):
        kind = tokenize.tok_name[token.type]
        if token.type in _SKIPPED or kind in _STRING_PARTS or not token.string or token.start in names.docstrings:
            continue
        text = token.string
        if kind in _STRINGS:
            text = _STRING
        elif token.type == tokenize.NAME and names.owns(text, token.start, after_dot=before == "."):
            text = _OWN_NAME
        found.append(Token(text, starts[token.start[0] - 1] + token.start[1], starts[token.end[0] - 1] + token.end[1]))
        before = token.string
        if len(found) == _MAX_TOKENS:
            break
    return found


@dataclass(frozen=True)
class _Names:
    """The names in an answer's syntax tree; none if the answer is not Python."""

    variables: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    keywords: frozenset[tuple[int, int]] = frozenset()
    docstrings: frozenset[tuple[int, int]] = frozenset()

    @classmethod
    def of(cls, source: str) -> _Names:
        try:
            nodes = list(ast.walk(ast.parse(source)))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return cls()
        lines = source.split("\n")

        def place(node: ast.keyword | ast.expr) -> tuple[int, int]:
            # The tree counts bytes, the tokens characters.
            line = lines[node.lineno - 1] if node.lineno <= len(lines) else ""
            return node.lineno, len(line.encode()[: node.col_offset].decode(errors="replace"))

        variables = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        variables |= {node.arg for node in nodes if isinstance(node, ast.arg)}
        variables |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        fields = {node.attr for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)}
        texts = [node.value for node in nodes if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
        return cls(
            frozenset(variables),
            frozenset(fields),
            frozenset(place(node) for node in nodes if isinstance(node, ast.keyword) and node.arg),
            frozenset(place(text) for text in texts if isinstance(text.value, str)),
        )

    def owns(self, name: str, start: tuple[int, int], *, after_dot: bool) -> bool:
        if keyword.iskeyword(name) or start in self.keywords:
            return False
        return name in (self.fields if after_dot else self.variables)


def _tokenized(source: str) -> Iterator[tokenize.TokenInfo]:
    try:
        yield from tokenize.generate_tokens(io.StringIO(source, newline="\n").readline)
    except (tokenize.TokenError, SyntaxError, ValueError):
        return


class _Comparison:
    """One exercise's answers, each kind once: answers that are equal after normalising are of one kind.

    Attributes:
        kind_of: The number of a student's kind.
        own: How much of each kind is distinctive: the sum of its tokens' weights; shape (kinds,).
    """

    def __init__(self, sources: Mapping[str, str], stub: str) -> None:
        self._sources = {student: _plain_lines(text) for student, text in sources.items()}
        letters: dict[str, str] = {}
        spelt = {student: _spelt(tokens_of(text), letters) for student, text in self._sources.items()}
        self._texts = list(dict.fromkeys(spelt.values()))
        numbers = {text: i for i, text in enumerate(self._texts)}
        self.kind_of = {student: numbers[text] for student, text in spelt.items()}
        counts = Counter(self.kind_of.values())
        having = Counter[str]()
        for i, text in enumerate(self._texts):
            for run in set(_runs(text)):
                having[run] += counts[i]
        released = set(_runs(_spelt(tokens_of(_plain_lines(stub)), letters)))
        rarity = {run: 0.0 if run in released else _rarity(n, len(spelt)) for run, n in having.items()}
        self._weights = [_weights(text, rarity) for text in self._texts]
        self.own = np.array([weights.sum() for weights in self._weights])

    def common(self) -> NDArray[np.float64]:
        """Return how much each two kinds have in common, in weighted tokens; shape (kinds, kinds)."""
        table = np.diag(self.own)
        distinctive = [i for i, own in enumerate(self.own) if own > 0]
        texts = [self._texts[i] for i in distinctive]
        if len(texts) < 2:
            return table
        alike = cdist(texts, texts, scorer=Indel.normalized_similarity, score_cutoff=_ALIKE, dtype=np.float32)
        for i, j in zip(*np.nonzero(np.triu(alike, k=1)), strict=True):
            a, b = distinctive[i], distinctive[j]
            table[a, b] = table[b, a] = sum(
                self._weights[a][start : start + size].sum() for start, _, size in self._blocks(a, b)
            )
        return table

    def side_by_side(self, slug: str, left: str, right: str) -> SimilarExercise | None:
        """Return two students' answers with what agrees marked; None if nothing distinctive agrees."""
        a, b = self.kind_of[left], self.kind_of[right]
        blocks = self._blocks(a, b)
        tokens = float(sum(self._weights[a][start : start + size].sum() for start, _, size in blocks))
        if tokens < RUN / 2:
            return None
        own = {i + k: self._weights[a][i + k] for i, _, size in blocks for k in range(size)}
        other = {j + k: self._weights[a][i + k] for i, j, size in blocks for k in range(size)}
        share = min(1.0, tokens / float(min(self.own[a], self.own[b])))
        sides = _passages(self._sources[left], own), _passages(self._sources[right], other)
        return SimilarExercise(slug, tokens, share, *sides)

    def _blocks(self, a: int, b: int) -> list[tuple[int, int, int]]:
        """List where runs agree: where they begin in one text and in the other, and how many tokens they have."""
        if a == b:
            return [(0, 0, len(self._texts[a]))]
        matching = Indel.editops(self._texts[a], self._texts[b]).as_matching_blocks()
        return [(block.a, block.b, block.size) for block in matching if block.size >= RUN]


def _pair(left: str, right: str, tokens: float, share: float, comparisons: Mapping[str, _Comparison]) -> SimilarPair:
    exercises = [
        found
        for slug, compared in comparisons.items()
        if left in compared.kind_of and right in compared.kind_of
        if (found := compared.side_by_side(slug, left, right)) is not None
    ]
    exercises.sort(key=lambda exercise: -exercise.tokens)
    return SimilarPair(left, right, float(tokens), float(share), tuple(exercises))


def _plain_lines(source: str) -> str:
    return source.replace("\r\n", "\n").replace("\r", "\n")


def _spelt(tokens: Sequence[Token], letters: dict[str, str]) -> str:
    return "".join(
        letters.setdefault(token.text, chr(_FIRST_CHARACTER + len(letters) % _N_CHARACTERS)) for token in tokens
    )


def _runs(text: str) -> Iterator[str]:
    return (text[i : i + RUN] for i in range(len(text) - RUN + 1))


def _rarity(n_having: int, n_students: int) -> float:
    """Weigh a run: 1 if at most two students have it, 0 if all do, and evenly on a logarithmic scale between."""
    if n_having <= 2:
        return 1.0
    return math.log(n_students / n_having) / math.log(n_students / 2)


def _weights(text: str, rarity: Mapping[str, float]) -> NDArray[np.float64]:
    """Weigh each token by the most common run that it is part of; shape (tokens,)."""
    runs = [rarity[run] for run in _runs(text)]
    if not runs:
        return np.zeros(len(text))
    last = len(runs) - 1
    return np.array([min(runs[max(0, i - RUN + 1) : min(i, last) + 1]) for i in range(len(text))])


def _passages(source: str, agreeing: Mapping[int, float]) -> tuple[Passage, ...]:
    """Cut a source where what agrees begins and ends.

    Args:
        source: The source.
        agreeing: The weight of each token that agrees, by its number.
    """
    passages: list[Passage] = []
    at, before = 0, ""
    for i, token in enumerate(tokens_of(source)):
        kind = "" if i not in agreeing else "own" if agreeing[i] >= 0.5 else "shared"
        gap = source[at : token.start]
        # Text between two tokens of one kind, comments included, gets that kind too.
        passages += [Passage(gap, kind if kind == before else ""), Passage(source[token.start : token.end], kind)]
        at, before = token.end, kind
    passages.append(Passage(source[at:], ""))
    return _joined(passages)


def _joined(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    joined: list[Passage] = []
    for passage in passages:
        if joined and joined[-1].kind == passage.kind:
            joined[-1] = Passage(joined[-1].text + passage.text, passage.kind)
        elif passage.text:
            joined.append(passage)
    return tuple(joined)
