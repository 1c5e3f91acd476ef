"""Who is in the class and in which group: rosters and lists of groups, as CSV from whatever system.

A roster is Canvas's gradebook, Moodle's grading worksheet, or any table with a column of ids and one of names, as other
systems export it: Gradescope (First Name, Last Name, SID, Email), Brightspace (OrgDefinedId, Username, Last Name, First
Name, Email), GitHub Classroom (identifier, github_username, github_id, name). A list of groups is what Canvas exports
on its page of people (name, canvas_user_id, user_id, login_id, sections, group_name, …;
``app/controllers/group_categories_controller.rb`` of https://github.com/instructure/canvas-lms), or any table with a
column of groups and one of ids.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from coursekit.errors import LmsError
from coursekit.lms import canvas, moodle
from coursekit.lms.people import Person, bare, normalised, plain_id
from coursekit.lms.sheet import Sheet

__all__ = ["People", "Roster", "about_table", "groups_in", "read_groups", "read_roster", "with_groups"]

#: Columns of ids, the one that a course would use first.
_IDS = (
    *("login_id", "login", "username", "user name", "student", "student id", "student_id", "identifier", "user_id"),
    *("github_username", "orgdefinedid", "id number", "id", "sid", "email", "email address", "e-mail", "mail"),
)
_NAMES = ("name", "full name", "student name", "student_name")
_PARTS = (("last name", "last_name", "surname", "lastname"), ("first name", "first_name", "given name", "firstname"))
_GROUPS = ("group_name", "group name", "group", "groups", "team", "team name", "team_name")
_LEGAL = (
    "Canvas's gradebook (Student, ID, …, Section), Moodle's grading worksheet (Identifier, Full name, …, Grade, in any"
    " language), or a table with a column of ids (such as login, username, student id or email) and one of names (name,"
    " or first name and last name)"
)


@dataclass(frozen=True)
class Roster:
    """A class.

    Attributes:
        file: Where it comes from.
        system: The system that the numbers in it are of; empty if it is of none.
        sheet: The table.
        persons: Who is in it.
    """

    file: Path
    system: str
    sheet: Sheet
    persons: list[Person]


class People:
    """Persons, to be found by whatever a system calls them.

    Args:
        persons: The persons.
    """

    def __init__(self, persons: Iterable[Person]) -> None:
        self.persons = list(persons)
        self._by_id: dict[str, list[Person]] = {}
        self._by_bare_id: dict[str, list[Person]] = {}
        self._by_name: dict[str, list[Person]] = {}
        for person in self.persons:
            for known in {normalised(text) for text in (person.number, person.course_id, *person.ids) if text}:
                self._by_id.setdefault(known, []).append(person)
            for bare_id in {normalised(text).lstrip("0") for text in person.ids if text.strip().isdigit()}:
                self._by_bare_id.setdefault(bare_id, []).append(person)
            last, comma, first = person.name.partition(",")
            for form in {bare(person.name), bare(first + last) if comma else ""} - {""}:
                self._by_name.setdefault(form, []).append(person)

    def find(self, ids: Iterable[str], name: str = "") -> Person | None:
        """Return the only person with one of these ids, or else with this name, in either order; None if unsure."""
        texts = list(filter(None, map(normalised, ids)))
        # A spreadsheet program takes the zeros from the front of a number.
        for by_id, text in itertools.chain(
            ((self._by_id, text) for text in texts), ((self._by_bare_id, text.lstrip("0")) for text in texts)
        ):
            if len(known := by_id.get(text, [])) == 1:
                return known[0]
        found = self._by_name.get(bare(name), [])
        return found[0] if len(found) == 1 else None

    def n_named(self, name: str) -> int:
        """Return how many people have a name, in either order."""
        return len(self._by_name.get(bare(name), ()))


def read_roster(file: Path) -> Roster:
    """Read a roster.

    Raises:
        LmsError: If it cannot be read, or has no columns by which a student is known.
    """
    sheet = Sheet.read(file)
    for name, system in (("canvas", canvas), ("moodle", moodle)):
        if system.is_table(sheet):
            return Roster(file, name, sheet, _once(p for p in system.people(sheet) if not p.invented))
    persons = _plain_people(sheet)
    if not persons:
        lost = canvas.lost_columns(sheet)
        of_canvas = f" As Canvas's gradebook it lacks {' and '.join(map(repr, lost))}: export it again." if lost else ""
        raise LmsError(
            f"{file} is no roster: it has the columns {', '.join(map(repr, sheet.header[:10]))}.{of_canvas} Legal are"
            f" {_LEGAL}."
        )
    return Roster(file, "", sheet, _once(persons))


def _once(persons: Iterable[Person]) -> list[Person]:
    """Return each person once: who is in two sections may have a row in each."""
    found: dict[tuple[object, ...], Person] = {}
    for person in persons:
        known = (person.number, person.name, person.ids) if person.number or person.ids else (person.row,)
        found.setdefault(known, person)
    return list(found.values())


def _plain_people(sheet: Sheet) -> list[Person]:
    """List the people of any table that has a column of ids and one of names."""
    ids = [sheet.column(title) for title in _IDS]
    name = sheet.column(*_NAMES)
    parts = [sheet.column(*titles) for titles in _PARTS]
    if not any(i is not None for i in ids) or (name is None and None in parts):
        return []
    number = sheet.column("canvas_user_id")
    found = []
    for row in range(len(sheet.rows)):
        whole = ", ".join(filter(None, (sheet.cell(row, i) for i in parts))) if name is None else sheet.cell(row, name)
        told = tuple(filter(None, (plain_id(sheet.cell(row, i)) for i in ids)))
        if told or whole:
            found.append(Person(row, sheet.cell(row, number), whole, told))
    return found


def about_table(sheet: Sheet) -> list[str]:
    """Say what a spreadsheet program may have done to a table's ids and names."""
    notes = []
    titles = ("sis user id", "sis login id", "canvas_user_id", *_IDS)
    if rounded := sheet.rounded(map(sheet.column, titles)):
        notes.append(
            f"{sheet.file.name} has ids such as {rounded[0]!r}, numbers that a spreadsheet program has rounded: export"
            " it again, and do not save it in such a program"
        )
    if sheet.guessed:
        notes.append(
            f"{sheet.file.name} is not in UTF-8. If names with accents look wrong, save it as 'CSV UTF-8' or export it"
            " again, and run again"
        )
    return notes


def read_groups(file: Path) -> list[Person]:
    """Read a list of groups: a person, with the group, for each row.

    Raises:
        LmsError: If it cannot be read, or has no column of groups or of ids.
    """
    sheet = Sheet.read(file)
    group = sheet.column(*_GROUPS)
    ids = [i for title in _IDS if (i := sheet.column(title)) is not None]
    number = sheet.column("canvas_user_id")
    name = sheet.column(*_NAMES)
    if group is None or not (ids or number is not None or name is not None):
        raise LmsError(
            f"{file} is no list of groups: it has the columns {', '.join(map(repr, sheet.header[:10]))}. It needs"
            " 'group' and 'student', with a login, number or e-mail address in the second; what Canvas exports on its"
            " page of people (People → Groups → Export) is taken as it is."
        )
    found = []
    for row in range(len(sheet.rows)):
        told = tuple(filter(None, (plain_id(sheet.cell(row, i)) for i in ids)))
        person = Person(
            row, plain_id(sheet.cell(row, number)), sheet.cell(row, name), told, group=sheet.cell(row, group)
        )
        if person.group and (told or person.number or person.name):
            found.append(person)
    return found


def with_groups(persons: list[Person], listed: list[Person]) -> list[Person]:
    """Return the people of a roster with their groups; who is in a group and not in the roster is added.

    Raises:
        LmsError: If somebody is in two groups.
    """
    people = People(persons)
    groups: dict[int, str] = {}
    added: list[Person] = []
    for member in listed:
        person = people.find((member.number, *member.ids), member.name)
        if person is None:
            added.append(member)
        elif groups.setdefault(person.row, member.group) != member.group:
            who = person.name or person.course_id
            raise LmsError(
                f"{who} is in two groups, {groups[person.row]!r} and {member.group!r}. Leave one of the two rows out."
            )
    twice = Counter(normalised(p.course_id or p.number or p.name) for p in added)
    for who, n in twice.items():
        if n > 1:
            raise LmsError(f"{who!r} is in {n} rows of the list of groups. Leave the others out.")
    return [replace(p, group=groups.get(p.row, p.group)) for p in persons] + added


def groups_in(roster: Roster, names: Iterable[str]) -> Mapping[int, str]:
    """Return the group of each row of a roster, where a column of it holds the names of groups.

    Which column that is tell the names in the download: Moodle's title for it depends on the language.
    """
    wanted = {bare(name) for name in names} - {""}
    best: dict[int, str] = {}
    named = {i for title in (*_NAMES, *canvas.NAME_COLUMNS) if (i := roster.sheet.column(title)) is not None}
    named |= moodle.name_columns(roster.sheet)
    most = 0
    for i in range(len(roster.sheet.header)):
        if i in named:
            continue
        cells = {person.row: roster.sheet.cell(person.row, i) for person in roster.persons}
        n = len(wanted & set(map(bare, cells.values())))
        if n > most:
            best, most = cells, n
    return best
