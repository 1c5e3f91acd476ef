"""How questions are shown: HTML in a notebook, text in a terminal and to a screen reader."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from coursekit.checking.display import LOOKS, WIDTH, card
from coursekit.questions.question import LETTERS, Question
from coursekit.questions.subject import Line

__all__ = ["Asked", "Nothing"]

_PRE = (
    "margin:0;padding:2px 6px;border-radius:3px;background:rgba(127,127,127,.12);white-space:pre-wrap;"
    "overflow-wrap:anywhere;font-size:12px;line-height:1.5;"
)
_MARK = "→"
_HOW = 'Answer in this cell, as in answer="b{}"{}, and run it again.'


@dataclass(frozen=True)
class Asked:
    """Questions as the result of a cell.

    Attributes:
        slug: The function.
        lines: The student's lines.
        example: The input, as text.
        helpers: What the notebook's functions do that the lines call, a sentence for each.
        questions: What is asked.
        answers: The letters that were given, as many as there are questions at most.
        note: What is said of an answer that does not count.
        mark: Of graded questions, the digits behind the letters of the choices. Nothing is said of what is right.
    """

    slug: str
    lines: tuple[Line, ...]
    example: str
    helpers: tuple[str, ...]
    questions: Sequence[Question]
    answers: tuple[str, ...] = ()
    note: str = ""
    mark: str = ""

    def __repr__(self) -> str:
        marked = {question.line for question in self.questions}
        parts = [f"{self._look()[2]} {self.slug}: {self._headline()}", "", *_listing(self.lines, marked)]
        parts += ["", "Input:", *(f"    {line}" for line in self.example.split("\n"))]
        if self.helpers:
            parts += ["", "It calls:", *(_filled(helper, "    ") for helper in self.helpers)]
        for i, question in enumerate(self.questions):
            parts += ["", _filled(f"{self._number(i)}{question.text}", "")]
            parts += [_filled(f"{LETTERS[j]}{self.mark}) {c.text}", "    ") for j, c in enumerate(question.choices)]
            parts += [_filled(said, "    ") for said in self._said(i)]
        parts += ["", _filled(self._end(), "")] if self._end() else []
        return "\n".join(parts)

    def _repr_html_(self) -> str:
        marked = {question.line for question in self.questions}
        listing = "".join(_html_line(line, line.number in marked) for line in self.lines)
        body = _row(f'<div role="group" aria-label="Your lines" style="{_PRE}font-family:monospace;">{listing}</div>')
        body += _row(f'<span style="opacity:.75;">Input</span><pre style="{_PRE}">{escape(self.example)}</pre>')
        if self.helpers:
            called = "".join(f"<div><code>{escape(helper)}</code></div>" for helper in self.helpers)
            body += _row(f'<span style="opacity:.75;">It calls</span>{called}')
        body += "".join(_row(self._html_question(i, question)) for i, question in enumerate(self.questions))
        if self._end():
            body += _row(f"<strong>{_html(self._end())}</strong>")
        look = self._look()
        headline = _headline(look, self.slug, self._headline())
        return card(headline, body, look=look, label=f"Questions about {self.slug}")

    def _html_question(self, i: int, question: Question) -> str:
        choices = "".join(
            f'<li style="margin:1px 0;"><strong>{LETTERS[j]}{self.mark}</strong>&ensp;{_html(choice.text)}</li>'
            for j, choice in enumerate(question.choices)
        )
        said = "".join(f'<div style="margin-top:3px;">{_html(text)}</div>' for text in self._said(i))
        return (
            f"<div>{self._number(i)}{_html(question.text)}</div>"
            f'<ul style="list-style:none;margin:3px 0 0;padding-left:1em;">{choices}</ul>{said}'
        )

    def _number(self, i: int) -> str:
        return f"{i + 1}. " if len(self.questions) > 1 else ""

    def _right(self, i: int) -> bool | None:
        return self.answers[i] == self.questions[i].letter if i < len(self.answers) and not self.mark else None

    def _said(self, i: int) -> list[str]:
        """Return what is said of the answer to a question, if one was given."""
        if self.mark and i < len(self.answers):
            return [f"Your answer: {self.answers[i]}{self.mark}. Whether it is right is said with your grade."]
        right = self._right(i)
        if right is None:
            return []
        question = self.questions[i]
        chosen = question.choices[LETTERS.index(self.answers[i])]
        if right:
            return [f"{LOOKS['passed'][2]} {self.answers[i]} is right. {chosen.why}"]
        return [f"{LOOKS['failed'][2]} Not {self.answers[i]}. {chosen.why}"]

    def _look(self) -> tuple[str, str, str]:
        outcomes = [self._right(i) for i in range(len(self.questions))]
        if False in outcomes:
            return LOOKS["failed"]
        return LOOKS["waiting" if None in outcomes else "passed"]

    def _headline(self) -> str:
        n = len(self.questions)
        what = "a question about your own lines" if n == 1 else f"{n} questions about your own lines"
        if self.mark:
            return f"{what}, graded with it; {len(self.answers)} of {n} answered"
        n_right = sum(self._right(i) is True for i in range(n))
        return f"{what}, {n_right} answered right" if self.answers else what

    def _end(self) -> str:
        """Return what is said below the questions."""
        return f"{self.note} {self._how()}" if self.note and self.mark else self.note or self._how()

    def _how(self) -> str:
        if len(self.answers) == len(self.questions):
            return ""
        both = f', or ("b{self.mark}", "c{self.mark}") for both'
        return _HOW.format(self.mark, "" if len(self.questions) == 1 else both)


@dataclass(frozen=True)
class Nothing:
    """That there is nothing to ask, as the result of a cell.

    Attributes:
        slug: The function.
        why: The reason, in a sentence.
    """

    slug: str
    why: str

    def __repr__(self) -> str:
        return _filled(f"{LOOKS['waiting'][2]} {self.slug}: nothing to ask here. {self.why}", "")

    def _repr_html_(self) -> str:
        look = LOOKS["waiting"]
        headline = _headline(look, self.slug, "nothing to ask here")
        return card(headline, _row(escape(self.why)), look=look, label=f"Questions about {self.slug}")


def _headline(look: tuple[str, str, str], slug: str, text: str) -> str:
    return (
        f'<strong style="color:{look[0]};font-size:15px;">{look[2]}</strong>&ensp;'
        f'<strong style="font-family:monospace;font-size:14px;">{escape(slug)}</strong>&ensp;{escape(text)}'
    )


def _row(html: str) -> str:
    return f'<div style="padding:5px 12px;border-top:1px solid rgba(127,127,127,.2);">{html}</div>'


def _listing(lines: Sequence[Line], marked: set[int]) -> list[str]:
    return [f"{_MARK if line.number in marked else ' '} {line.number:>3}  {line.text}".rstrip() for line in lines]


def _html_line(line: Line, marked: bool) -> str:
    style = "background:rgba(230,159,0,.25);font-weight:600;" if marked else ""
    mark = f'<span role="img" aria-label="asked about">{_MARK}</span>' if marked else "&nbsp;"
    number = f'<span style="opacity:.6;">{mark} {line.number:>3}&ensp;</span>'.replace("   ", "&nbsp;&nbsp; ")
    return f'<div style="white-space:pre-wrap;{style}">{number}{escape(line.text)}</div>'


def _html(text: str) -> str:
    """Write a text whose code stands between backquotes."""
    parts = re.split(r"`([^`]*)`", text)
    return "".join(f"<code>{escape(part)}</code>" if i % 2 else escape(part) for i, part in enumerate(parts))


def _filled(text: str, indent: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}   ")
