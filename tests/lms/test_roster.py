from __future__ import annotations

from pathlib import Path

import pytest

from coursekit.errors import LmsError
from coursekit.lms.roster import People, Roster, read_groups, read_roster, with_groups

GERMAN_CANVAS = (
    "\ufeffStudent;ID;SIS User ID;SIS Login ID;Section;01_softmax (1002);Final Score\r\n"
    "    Points Possible;;;;;22,00;(schreibgeschützt)\r\n"
    "García López, Ana;4712;S101;ana@uni.example;CS 101;18,50;\r\n"
    "Student, Test;4799;;a1b2c3;CS 101;;\r\n"
)
WORKSHEETS = {
    "de": (
        "ID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,Bewertung kann geändert werden,"
        "Zuletzt geändert (Abgabe),Zuletzt geändert (Bewertung),Feedback als Kommentar\n"
        "Teilnehmer/in77,Ana García,ana@uni.example,Zur Bewertung abgegeben,,"
        '"22,00",Ja,"Freitag, 30. Januar 2026, 23:59",-,\n'
        'Teilnehmer/in78,Bo Ôta,bo@uni.example,Keine Abgabe - 2 Tage verspätet,,"22,00",Nein,-,-,\n'
    ),
    "fr": (
        "Identifiant;Nom complet;Numéro d’identification;Adresse de courriel;Statut;Note;Note maximale;"
        "La note peut être modifiée;Dernière modification (travail remis);Dernière modification (note)\n"
        "Participant 77;Ana García;S-1;ana@uni.example;Remis;17,5;22,00;Oui;vendredi 30 janvier 2026, 23:59;-\n"
        "Participant 78;Bo Ôta;S-2;bo@uni.example;Remis, 1 jour en retard;;22,00;Non;-;-\n"
    ),
    "ja": (
        "ID,氏名,メールアドレス,ステータス,評点,最大評点,評点は変更可能,最終更新日時 (提出),最終更新日時 (評点)\n"
        "参加者77,García Ana,ana@uni.example,評定のために提出済み,,22.00,Yes,2026年01月30日(金曜日) 23:59,-\n"
        "参加者78,Ôta Bo,bo@uni.example,提出なし - 遅延,,22.00,いいえ,-,-\n"
    ),
}


def roster(tmp_path: Path, text: str, encoding: str = "utf-8") -> Roster:
    (tmp_path / "roster.csv").write_bytes(text.encode(encoding))
    return read_roster(tmp_path / "roster.csv")


def test_canvass_gradebook_in_german_is_read_without_the_test_student(tmp_path: Path) -> None:
    found = roster(tmp_path, GERMAN_CANVAS)
    assert found.system == "canvas"
    assert [(p.number, p.name, p.ids) for p in found.persons] == [
        ("4712", "García López, Ana", ("ana@uni.example", "S101"))
    ]


@pytest.mark.parametrize("language", WORKSHEETS)
def test_a_worksheet_of_moodles_is_read_in_any_language(tmp_path: Path, language: str) -> None:
    found = roster(tmp_path, WORKSHEETS[language])
    assert found.system == "moodle"
    ana, bo = found.persons
    assert (ana.number, bo.number) == ("77", "78")
    assert "ana@uni.example" in ana.ids
    assert ana.name in ("Ana García", "García Ana")
    assert [p.points for p in found.persons] == [22.0, 22.0]
    assert [p.late for p in found.persons] == [False, True]
    assert [p.closed for p in found.persons] == ["", "locked in Moodle"]
    assert str(ana.handed_in) == "2026-01-30 23:59:00"
    assert bo.handed_in is None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_what_a_spreadsheet_program_has_saved_is_read(tmp_path: Path, encoding: str) -> None:
    assert roster(tmp_path, WORKSHEETS["fr"], encoding).persons[1].name == "Bo Ôta"


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("First Name,Last Name,SID,Email\nAna,García,100,ana@uni.example\n", ("García, Ana", "100")),
        ("OrgDefinedId,Username,Last Name,First Name,Email\n#0100,ana,García,Ana,a@b.c\n", ("García, Ana", "ana")),
        (
            "identifier,github_username,github_id,name\nana@uni.example,anagl,5,Ana García\n",
            ("Ana García", "ana@uni.example"),
        ),
        ("login;name\nana;Ana García\n", ("Ana García", "ana")),
    ],
)
def test_a_table_of_ids_and_names_is_a_roster(tmp_path: Path, text: str, person: tuple[str, str]) -> None:
    (found,) = roster(tmp_path, text).persons
    assert (found.name, found.course_id) == person


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "login\nana\n", "name\nAna\n", "Student,ID\nAna,1\n"])
def test_a_table_without_ids_or_names_is_refused_with_what_is_legal(tmp_path: Path, text: str) -> None:
    with pytest.raises(LmsError, match=r"is no roster: it has the columns .*Legal are Canvas's gradebook"):
        roster(tmp_path, text)


def test_who_has_a_row_for_each_section_is_one_person(tmp_path: Path) -> None:
    rows = '"García, Ana",4711,S1,ana,A\n"García, Ana",4711,S1,ana,B\n"García, Ana",4712,S2,ana2,A\n'
    found = roster(tmp_path, f"Student,ID,SIS User ID,SIS Login ID,Section\n{rows}")
    assert [p.number for p in found.persons] == ["4711", "4712"]


def test_ids_that_a_spreadsheet_program_took_for_numbers_are_known_again(tmp_path: Path) -> None:
    found = roster(tmp_path, 'Student,ID,SIS User ID,SIS Login ID,Section\n"García, Ana",4711.0,S1,ana,A\n')
    assert found.persons[0].number == "4711"
    people = People(roster(tmp_path, "student id,name\n123,Ana\n45,Bo\n045,Cy\n6,Di\n").persons)
    assert [p and p.name for p in map(people.find, (["00123"], ["045"], ["0045"], ["06"], ["x6"]))] == [
        *("Ana", "Cy", None, "Di", None)
    ]


def test_a_worksheet_of_blind_marking_has_no_names_in_any_language(tmp_path: Path) -> None:
    text = "ID,Status,Bewertung,Bestwertung,Änderbar,Abgabe,Bewertet\n"
    rows = 'Teilnehmer/in71,"Abgegeben, verspätet",,"20,00",Ja,-,-\nTeilnehmer/in72,Abgegeben,,"20,00",Ja,-,-\n'
    found = roster(tmp_path, text + rows).persons
    assert [(p.number, p.name, p.ids, p.late) for p in found] == [("71", "", (), True), ("72", "", (), False)]


def test_a_person_is_found_by_any_id_or_by_a_name_that_nobody_shares(tmp_path: Path) -> None:
    people = People(
        roster(tmp_path, 'login,email,name\nana,A@b.c,"García, Ana"\nj1,,John Smith\nj2,,John Smith\n').persons
    )
    assert [p and p.course_id for p in (people.find(["a@b.C"]), people.find([], "Ana Garcia"))] == ["ana", "ana"]
    assert people.find([], "John Smith") is None
    assert people.find(["nobody"], "") is None


CANVAS_GROUPS = (
    "name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id,group_id\n"
    "Ana García,4711,S-1,ana,A,Team 2,9,\n"
    "Bo Ôta,4712,S-2,bo,A,Team 2,9,\n"
    "Cy Nobody,4713,S-3,cy,A,,,\n"
)


def test_canvass_list_of_groups_is_read_and_who_is_in_none_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "groups.csv").write_text(CANVAS_GROUPS)
    assert [(p.number, p.course_id, p.group) for p in read_groups(tmp_path / "groups.csv")] == [
        ("4711", "ana", "Team 2"),
        ("4712", "bo", "Team 2"),
    ]


def test_a_list_of_groups_joins_a_roster_by_any_id(tmp_path: Path) -> None:
    (tmp_path / "groups.csv").write_text("group,student\nTeam 2,ANA\nTeam 2,S-2\nTeam 3,zoe\n")
    persons = roster(tmp_path, "login,student id,name\nana,S-1,Ana\nbo,S-2,Bo\ncy,S-3,Cy\n").persons
    joined = with_groups(persons, read_groups(tmp_path / "groups.csv"))
    assert [(p.course_id, p.group) for p in joined] == [
        ("ana", "Team 2"),
        ("bo", "Team 2"),
        ("cy", ""),
        ("zoe", "Team 3"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("team,who\nA,ana\n", "is no list of groups.*needs 'group' and 'student'"),
        ("group,student\nA,ana\nB,ana\n", "Ana is in two groups, 'A' and 'B'"),
        ("group,student\nA,zoe\nB,zoe\n", "'zoe' is in 2 rows of the list of groups"),
    ],
)
def test_a_list_of_groups_that_cannot_be_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "groups.csv").write_text(text)
    persons = roster(tmp_path, "login,name\nana,Ana\n").persons
    with pytest.raises(LmsError, match=message):
        with_groups(persons, read_groups(tmp_path / "groups.csv"))
