"""Messages between the trusted grader and the process that runs a student's code.

A message is plain data (see :mod:`coursekit.checking.plain`): JSON that names its arrays, and the arrays' bytes.
Reading one builds nothing but plain data, whatever the other side sends: nothing is unpickled, evaluated or called.

On the socket: the lengths of the JSON and of the bytes, as two unsigned 64-bit big-endian numbers, then both.
"""

from __future__ import annotations

import json
import math
import re
import socket
import struct
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from coursekit.checking.plain import MAX_DEPTH, MAX_ITEMS, NUMERIC_KINDS, Plain

__all__ = ["MAX_MESSAGE_BYTES", "MAX_TEXT_BYTES", "Channel", "ClosedError", "LateError", "WireError", "pack", "unpack"]

#: The largest message that either side takes.
MAX_MESSAGE_BYTES = 64 * 2**20
#: The most JSON to take from a side that is not trusted: read, it may take thirty times its length.
MAX_TEXT_BYTES = 8 * 2**20
#: The most keys of all dicts of a message that may be numbers or tuples.
MAX_KEYS = 2_000
_LENGTHS = struct.Struct(">QQ")
_MAX_FDS = 4
_DTYPE = re.compile(rf"[<>|=][{NUMERIC_KINDS}]\d{{1,2}}")
_NOT_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


class WireError(Exception):
    """A message is too large, or does not have the form of one."""


class ClosedError(WireError):
    """The other side is gone."""


class LateError(WireError):
    """No message came in time."""


def pack(message: Plain) -> bytes:
    """Write plain data as bytes.

    Raises:
        WireError: If it is larger than :data:`MAX_MESSAGE_BYTES`.
    """
    arrays: list[bytes] = []
    text = json.dumps(_tagged(message, arrays), separators=(",", ":")).encode("ascii")
    body = b"".join(arrays)
    if len(text) + len(body) > MAX_MESSAGE_BYTES:
        raise WireError(f"A message has {len(text) + len(body):,} bytes; the most is {MAX_MESSAGE_BYTES:,}.")
    return _LENGTHS.pack(len(text), len(body)) + text + body


def unpack(text: bytes, body: bytes) -> Plain:
    """Read plain data from the two parts of a message.

    Raises:
        WireError: If they hold anything else.
    """
    try:
        return _Reader(memoryview(body)).read(json.loads(text), 0)
    except (ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError) as error:
        raise WireError(f"A message cannot be read: {type(error).__name__}: {str(error)[:200]}") from None


def _tagged(value: Plain, arrays: list[bytes]) -> Any:
    """Write a value as JSON: what JSON has no kind for becomes a list that begins with the kind's name."""
    # By its type, the commonest first: a message may hold thousands of numbers.
    kind = type(value)
    if kind is str or kind is int:
        return value
    if kind is float:
        return value if math.isfinite(value) else ["float", str(value)]
    if kind is list or kind is tuple:
        return [kind.__name__, *[_tagged(item, arrays) for item in value]]
    if kind is dict:
        return ["dict", *[[_tagged(key, arrays), _tagged(item, arrays)] for key, item in value.items()]]
    if isinstance(value, np.ndarray):
        array = np.ascontiguousarray(value)
        arrays.append(array.tobytes())
        return ["array", array.dtype.str, *value.shape]
    return value


class _Reader:
    """Reads one message; the arrays' bytes follow one another in the order of the JSON."""

    def __init__(self, body: memoryview) -> None:
        self.body = body
        self.at = 0
        self.items = 0
        self.keys = 0

    def read(self, value: Any, depth: int) -> Plain:
        self.items += 1
        if depth > MAX_DEPTH + 8 or self.items > 2 * MAX_ITEMS:
            raise ValueError("it is nested too deeply, or holds too many items")
        # json makes exactly these.
        kind = type(value)
        if kind is not list:
            if kind is dict:
                raise TypeError("it holds a JSON object, which no message has")
            return value
        kind, *parts = value
        if kind == "array":
            return self._array(*parts)
        if kind == "float":
            return _NOT_FINITE[parts[0]]
        if kind == "dict":
            return {self._key(key, depth + 1): self.read(item, depth + 1) for key, item in parts}
        if kind in ("list", "tuple"):
            items = [self.read(item, depth + 1) for item in parts]
            return items if kind == "list" else tuple(items)
        raise ValueError(f"there is no kind {str(kind)[:40]!r}")

    def _key(self, value: Any, depth: int) -> Plain:
        """Read a key; who chooses numbers can choose such as Python's dictionaries take a long time to tell apart."""
        key = self.read(value, depth)
        self.keys += type(key) is not str
        if self.keys > MAX_KEYS:
            raise ValueError(f"its dicts have more than {MAX_KEYS:,} keys that are no text")
        return key

    def _array(self, dtype_name: str, *shape: int) -> np.ndarray:
        if not isinstance(dtype_name, str) or not _DTYPE.fullmatch(dtype_name):
            raise ValueError("an array's dtype is not that of numbers")
        dtype = np.dtype(dtype_name)
        if any(type(n) is not int or n < 0 for n in shape):
            raise ValueError("an array's shape is not made of whole numbers from 0 up")
        n_bytes = math.prod(shape) * dtype.itemsize
        if not n_bytes and math.prod(filter(None, shape)) > MAX_ITEMS:
            # It takes no bytes, and who goes through its rows does not come to an end.
            raise ValueError(f"an array without entries has more than {MAX_ITEMS:,} rows or columns")
        piece = self.body[self.at : self.at + n_bytes]
        if len(piece) != n_bytes:
            raise ValueError("an array has fewer bytes than its shape needs")
        self.at += n_bytes
        if dtype.kind == "b":
            # Bytes other than 0 and 1 would make truth values that are neither True nor False.
            truths: np.ndarray = np.frombuffer(piece, np.uint8) != 0
            return truths.reshape(shape)
        # A copy: the message's memory is not kept alive, and the array may be written to.
        return np.frombuffer(piece, dtype).reshape(shape).copy()


class Channel:
    """One end of a socket that messages go through.

    Args:
        end: A connected stream socket; it is closed by :meth:`close`.

    Attributes:
        fds: File descriptors that came with the message received last, where they were asked for; the caller's to
            close.
    """

    def __init__(self, end: socket.socket) -> None:
        self.end = end
        self.fds: list[int] = []

    @classmethod
    def pair(cls) -> tuple[Channel, socket.socket]:
        """Open a channel, and return it with the socket for the other side."""
        ours, theirs = socket.socketpair()
        return cls(ours), theirs

    def send(self, message: Plain, *, fds: Sequence[int] = (), timeout_s: float | None = None) -> None:
        """Send a message, and file descriptors with it.

        Raises:
            WireError: If it is too large, cannot be sent in time, or nobody is there.
        """
        data = pack(message)
        try:
            self.end.settimeout(timeout_s)
            sent = socket.send_fds(self.end, [data[: _LENGTHS.size]], list(fds)) if fds else 0
            self.end.sendall(memoryview(data)[sent:])
        except TimeoutError:
            raise LateError("A message was not taken in time.") from None
        except OSError as error:
            raise ClosedError(f"The other side is gone: {error}.") from None

    def receive(
        self,
        *,
        timeout_s: float | None = None,
        max_bytes: int = MAX_MESSAGE_BYTES,
        max_text_bytes: int = MAX_MESSAGE_BYTES,
        take_fds: bool = False,
    ) -> Plain:
        """Wait for a message.

        Args:
            timeout_s: Seconds until all of it must be there; no limit unless given.
            max_bytes: The largest message to take.
            max_text_bytes: The most of it that may be JSON, beside the bytes of arrays.
            take_fds: Whether to take file descriptors that come with it; a side that is not trusted could fill our
                table of open files with them.

        Raises:
            LateError: If it is not there in time.
            ClosedError: If the other side is gone.
            WireError: If it is too large, or holds anything but plain data.
        """
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        n_text, n_body = _LENGTHS.unpack(self._read(_LENGTHS.size, deadline, take_fds=take_fds))
        if n_text + n_body > max_bytes:
            raise WireError(f"A message has {n_text + n_body:,} bytes; the most is {max_bytes:,}.")
        if n_text > max_text_bytes:
            raise WireError(f"A message has {n_text:,} bytes beside its arrays; the most is {max_text_bytes:,}.")
        data = self._read(n_text + n_body, deadline)
        return unpack(data[:n_text], data[n_text:])

    def send_bytes(self, content: bytes, *, timeout_s: float) -> None:
        """Send bytes as they are; the other side has to know how many.

        Raises:
            WireError: If they are not taken in time, or nobody is there.
        """
        try:
            self.end.settimeout(timeout_s)
            self.end.sendall(content)
        except TimeoutError:
            raise LateError("Bytes were not taken in time.") from None
        except OSError as error:
            raise ClosedError(f"The other side is gone: {error}.") from None

    def receive_bytes(self, n_bytes: int, *, timeout_s: float) -> bytes:
        """Wait for so many bytes.

        Raises:
            WireError: If they are not there in time, or nobody is.
        """
        return self._read(n_bytes, time.monotonic() + timeout_s)

    def close(self) -> None:
        """Close the socket."""
        self.end.close()

    def _read(self, n_bytes: int, deadline: float | None, *, take_fds: bool = False) -> bytes:
        data = bytearray()
        while len(data) < n_bytes:
            data += self._piece(n_bytes - len(data), deadline, take_fds=take_fds and not data)
        return bytes(data)

    def _piece(self, n_bytes: int, deadline: float | None, *, take_fds: bool) -> bytes:
        left_s = None if deadline is None else deadline - time.monotonic()
        if left_s is not None and left_s <= 0:
            raise LateError("No message came in time.")
        try:
            self.end.settimeout(left_s)
            if take_fds:
                piece, fds, _, _ = socket.recv_fds(self.end, n_bytes, _MAX_FDS)
                self.fds = list(fds)
            else:
                piece = self.end.recv(min(n_bytes, 2**20))
        except TimeoutError:
            raise LateError("No message came in time.") from None
        except OSError as error:
            raise ClosedError(f"The other side is gone: {error}.") from None
        if not piece:
            raise ClosedError("The other side is gone.")
        return piece
