from __future__ import annotations

import json
import math
import os
import socket
import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from coursekit.checking.plain import equal
from coursekit.grading.sandbox import wire
from coursekit.grading.sandbox.wire import Channel, ClosedError, LateError, WireError, pack, unpack

HEAD = struct.Struct(">QQ")


@pytest.fixture
def ends() -> Iterator[tuple[Channel, Channel]]:
    ours, theirs = Channel.pair()
    other = Channel(theirs)
    yield ours, other
    ours.close()
    other.close()


def through(value: Any) -> Any:
    data = pack(value)
    n_text, _ = HEAD.unpack(data[: HEAD.size])
    return unpack(data[HEAD.size :][:n_text], data[HEAD.size + n_text :])


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -3,
        10**30,
        0.1,
        math.inf,
        -math.inf,
        math.nan,
        "Ω\n\ud800",
        [1, [2, []]],
        (1, ("array", 2)),
        {"a": 1, 2: None, (1, 2): {}},
        ["dict", "float", "nan"],
        np.arange(6).reshape(2, 3),
        np.zeros((0, 3), np.float32),
        np.array(2.5),
        np.array([True, False]),
        np.array([1 + 2j], np.complex64),
        np.asfortranarray(np.arange(6.0).reshape(2, 3))[::-1],
        {"x": [np.ones(2, ">i4"), np.array(3, np.uint8)]},
        np.array([np.longdouble(1) / 3]),
    ],
)
def test_plain_data_comes_through_unchanged(value: Any) -> None:
    assert equal(through(value), value)


def test_an_array_that_has_come_through_can_be_written_to() -> None:
    array = through(np.zeros(3))
    array[0] = 1
    assert array.flags.owndata or array.base.flags.owndata


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("{", b""),
        ("[]", b""),
        ('["object", 1]', b""),
        ('{"a": 1}', b""),
        ('["array", "<f8", 1099511627776, 0]', b""),
        (json.dumps(["dict", *[[k * (2**61 - 1), 0] for k in range(1, 3000)]]), b""),
        ('["array", "O", 1]', bytes(8)),
        ('["array", "|S8", 1]', bytes(8)),
        ('["array", "<M8", 1]', bytes(8)),
        ('["array", "<f8,<f8", 1]', bytes(16)),
        ('["array", "<f3", 1]', bytes(8)),
        ('["array", "<f8", 2]', bytes(8)),
        ('["array", "<f8", -1]', bytes(8)),
        ('["array", "<f8", 1.0]', bytes(8)),
        ('["array", "<f8", true]', bytes(8)),
        ('["array", "<f8", 1000000000000]', bytes(8)),
        ('["array"]', b""),
        ('["float", "one"]', b""),
        ('["float"]', b""),
        ('["dict", [["list"], 1]]', b""),
        ('["dict", 1]', b""),
        ('["list", ' * 100_000, b""),
        ('["list", ' * 60 + "1" + "]" * 60, b""),
        ("9" * 10_000, b""),
        ('["list"' + ", 1" * 2_100_000 + "]", b""),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_not_plain_data_is_refused(text: str, body: bytes) -> None:
    with pytest.raises(WireError):
        unpack(text.encode(), body)


def test_a_truth_value_is_true_or_false() -> None:
    found = unpack(b'["array", "|b1", 3]', bytes([0, 1, 2]))
    assert found.view(np.uint8).tolist() == [0, 1, 1]


def test_messages_arrive_in_order(ends: tuple[Channel, Channel]) -> None:
    ours, theirs = ends
    for value in (1, {"x": np.arange(3)}, "end"):
        theirs.send(value)
    assert [ours.receive(timeout_s=1), ours.receive(timeout_s=1)["x"].sum(), ours.receive()] == [1, 3, "end"]


def test_a_message_too_large_to_send_is_refused(monkeypatch: pytest.MonkeyPatch, ends: tuple[Channel, Channel]) -> None:
    monkeypatch.setattr(wire, "MAX_MESSAGE_BYTES", 1000)
    with pytest.raises(WireError, match="the most is 1,000"):
        ends[0].send("x" * 1000)


def test_a_message_too_large_to_take_is_not_read(ends: tuple[Channel, Channel]) -> None:
    ours, theirs = ends
    theirs.end.sendall(HEAD.pack(2**62, 2**62))
    with pytest.raises(WireError, match="the most is"):
        ours.receive(timeout_s=1)


def test_nothing_comes_in_time(ends: tuple[Channel, Channel]) -> None:
    with pytest.raises(LateError):
        ends[0].receive(timeout_s=0.05)


def test_a_message_that_never_ends_is_late(ends: tuple[Channel, Channel]) -> None:
    ours, theirs = ends
    theirs.end.sendall(HEAD.pack(100, 0) + b"[")
    with pytest.raises(LateError):
        ours.receive(timeout_s=0.05)


def test_a_message_that_nobody_takes_is_late(ends: tuple[Channel, Channel]) -> None:
    with pytest.raises(LateError):
        ends[0].send("x" * 10_000_000, timeout_s=0.05)


@pytest.mark.parametrize("sent", [b"", HEAD.pack(10, 0) + b"["])
def test_the_other_side_goes_away(ends: tuple[Channel, Channel], sent: bytes) -> None:
    ours, theirs = ends
    theirs.end.sendall(sent)
    theirs.close()
    with pytest.raises(ClosedError):
        ours.receive(timeout_s=1)
    with pytest.raises(ClosedError):
        ours.send("x" * 1_000_000)


def test_file_descriptors_come_with_a_message_where_they_are_asked_for(ends: tuple[Channel, Channel]) -> None:
    ours, theirs = ends
    reading, writing = os.pipe()
    ours.send({"do": "begin"}, fds=[writing])
    os.close(writing)
    assert theirs.receive(timeout_s=1, take_fds=True) == {"do": "begin"}
    (fd,) = theirs.fds
    os.write(fd, b"hello")
    os.close(fd)
    assert os.read(reading, 100) == b"hello"
    os.close(reading)


def test_file_descriptors_that_nobody_asked_for_are_not_taken(ends: tuple[Channel, Channel]) -> None:
    ours, theirs = ends
    reading, writing = os.pipe()
    socket.send_fds(theirs.end, [pack("reply")], [writing])
    os.close(writing)
    assert ours.receive(timeout_s=1) == "reply"
    # Nobody holds the other end of the pipe any more.
    assert os.read(reading, 1) == b""
    os.close(reading)


def test_no_message_is_python_code() -> None:
    data = pack({"x": (1, np.ones(2))})
    n_text, _ = HEAD.unpack(data[: HEAD.size])
    assert json.loads(data[HEAD.size :][:n_text])[0] == "dict"
