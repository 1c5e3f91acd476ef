from __future__ import annotations

from pathlib import Path

import pytest

from coursekit.errors import LmsError
from coursekit.lms.sheet import Sheet, read_number


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\r\n1,2\r\n",
        b"\xef\xbb\xbfa,b\n\xc3\xa9,2\n",
        b'a;b\n"1;2";3\n',
        b'a\tb\n"two\nlines"\t3\n',
        b'a,b\n"say ""hi""","x,y"\n\n1\n1,2,3\n',
    ],
)
def test_what_is_read_is_written_again_byte_for_byte(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "in.csv").write_bytes(content)
    Sheet.read(tmp_path / "in.csv").write(tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes() == content


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-8-sig"])
def test_what_excel_saves_is_read_and_written_as_utf8(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "in.csv").write_bytes("Student\tID\nÔta “Bo”\t1\n".encode(encoding))
    sheet = Sheet.read(tmp_path / "in.csv")
    assert sheet.rows == [["Ôta “Bo”", "1"]]
    sheet.write(tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes() == b"\xef\xbb\xbf" + "Student\tID\nÔta “Bo”\t1\n".encode()


def test_excels_own_first_line_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("sep=;\nStudent;ID\nÔta;1\n")
    assert Sheet.read(tmp_path / "in.csv").header == ["Student", "ID"]


@pytest.mark.parametrize(
    "text",
    [
        "Student;ID;Lab 1, parts a, b, c and d (7);Lab 2 (8)\nÔta, Bo;1;2,5;3\n",
        'Student,ID,"Lab; a; b; c; d (7)",Lab 2 (8)\n"Ôta, Bo",1,2.5,3\n',
        'Student;ID;"Lab 1,\nparts a, b, c";Lab 2 (8)\nÔta, Bo;1;2,5;3\n',
    ],
)
def test_signs_in_titles_and_names_are_no_delimiters(tmp_path: Path, text: str) -> None:
    (tmp_path / "in.csv").write_text(text)
    sheet = Sheet.read(tmp_path / "in.csv")
    assert (len(sheet.header), sheet.rows[0][:2]) == (4, ["Ôta, Bo", "1"])


@pytest.mark.parametrize("above", ["\n", ",,,\r\n", "\r\n;;\r\n", '"",""\n'])
def test_blank_lines_above_the_header_are_left_out(tmp_path: Path, above: str) -> None:
    (tmp_path / "in.csv").write_text(f"{above}Student,ID\nÔta,1\n", newline="")
    assert Sheet.read(tmp_path / "in.csv").header == ["Student", "ID"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no header"),
        (b"\n\n", "no header"),
        (b'a,b\n"1', "cannot be read as CSV"),
        (b"Stud\x81,b\n", "neither in UTF-8 nor in another encoding of spreadsheet programs"),
        (b"PK\x03\x04\0\0", "is not a text file"),
    ],
)
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "in.csv").write_bytes(content)
    with pytest.raises(LmsError, match=message):
        Sheet.read(tmp_path / "in.csv")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LmsError, match=r"nothing\.csv cannot be read: No such file"):
        Sheet.read(tmp_path / "nothing.csv")


def test_columns_are_found_whatever_their_case(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path, ["Maximum Grade", "b"], [["1"]])
    assert (sheet.column("maximum grade"), sheet.column("x", "B"), sheet.column("x")) == (0, 1, None)


def test_a_row_that_is_too_short_is_filled_up(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path, ["a", "b", "c"], [["1"]])
    sheet.put(0, 2, "x")
    assert sheet.rows == [["1", "", "x"]]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("20.00", 20.0),
        ("20,5", 20.5),
        (" 3 ", 3.0),
        ("1,020.50", 1020.5),
        ("1.020,50", 1020.5),
        ("", None),
        ("EX", None),
    ],
)
def test_numbers_have_a_point_or_a_comma(text: str, number: float | None) -> None:
    assert read_number(text) == number
