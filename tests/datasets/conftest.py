"""Small files in the published formats, mirrors on this machine that serve them well or badly, and a clean setting."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import socket
import tarfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from coursekit.datasets import Dataset, cifar10, mnist

REAL_DATA = os.environ.get("COURSEKIT_DATA")
N_TRAIN, N_TEST = 30, 10
N_PER_BATCH = 10


@pytest.fixture(autouse=True)
def clean_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Keep the tests from the user's data and cache, and from the network: every mirror refuses."""
    monkeypatch.delenv("COURSEKIT_DATA", raising=False)
    monkeypatch.delenv("COURSEKIT_OFFLINE", raising=False)
    monkeypatch.setenv("COURSEKIT_CACHE", str(tmp_path / "cache"))
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.delenv(variable.lower(), raising=False)
    monkeypatch.setattr(mnist, "MIRRORS", (refusing_address(),))
    monkeypatch.setattr(cifar10, "MIRRORS", (refusing_address(),))
    strangers: list[object] = []

    def look_up(host: object, *args: object, **options: object) -> object:
        if host != "127.0.0.1":
            strangers.append(host)
            raise socket.gaierror(f"a test asked for {host}")
        return real_look_up(host, *args, **options)  # type: ignore[arg-type]

    real_look_up = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield
    assert strangers == []


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def real_data(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that COURSEKIT_DATA names, for those who have the published images."""
    if not REAL_DATA:
        pytest.skip("COURSEKIT_DATA is not set")
    monkeypatch.setenv("COURSEKIT_DATA", REAL_DATA)
    return Path(REAL_DATA)


@pytest.fixture
def mnist_files(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Four small files in MNIST's format by their names, not packed, which the package takes for the published ones."""
    rng = np.random.default_rng(0)
    files: dict[str, bytes] = {}
    for part, n in (("train", N_TRAIN), ("t10k", N_TEST)):
        images = rng.integers(0, 256, (n, 28, 28), dtype=np.uint8)
        files[f"{part}-images-idx3-ubyte"] = idx(images)
        files[f"{part}-labels-idx1-ubyte"] = idx((np.arange(n) % 10).astype(np.uint8))
    monkeypatch.setattr(mnist, "N_IMAGES", N_TRAIN + N_TEST)
    monkeypatch.setattr(mnist, "CHECKSUMS", {name: md5(content) for name, content in files.items()})
    return files


@pytest.fixture
def cifar_files(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Six small files in CIFAR-10's format by their names."""
    rng = np.random.default_rng(1)
    files: dict[str, bytes] = {}
    for name in cifar10.FILES:
        records = rng.integers(0, 256, (N_PER_BATCH, 3073), dtype=np.uint8)
        records[:, 0] = np.arange(N_PER_BATCH)
        files[name] = records.tobytes()
    monkeypatch.setattr(cifar10, "N_IMAGES", N_PER_BATCH * len(files))
    return files


@pytest.fixture
def cifar_archive(cifar_files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> bytes:
    """These six as an archive, which the package takes for the published one."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, content in cifar_files.items():
            member = tarfile.TarInfo(f"{cifar10.SUBFOLDER}/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    monkeypatch.setattr(cifar10, "ARCHIVE_MD5", md5(stream.getvalue()))
    return stream.getvalue()


@pytest.fixture
def lay_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, dict[str, bytes]], Path]:
    """A function that writes files into a subfolder of COURSEKIT_DATA, and sets it."""

    def write(subfolder: str, files: dict[str, bytes]) -> Path:
        folder = tmp_path / "data" / subfolder
        folder.mkdir(parents=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path / "data"))
        return folder

    return write


@dataclass
class Mirror:
    """A server on this machine.

    Attributes:
        files: What it offers, by name.
        sends_at_most: It breaks the connection after so many bytes of a file.
        does_parts: Whether it heeds a request for a part of a file.
        gives_heads: Whether it answers HEAD, other than by an error.
        says_length: Whether it says beforehand how long a file is.
        refuses_with: The status that it answers every download with.
        encoding: What it calls the files' encoding on the way, such as gzip.
        before_sending: Called before a file is sent.
        requests: Method, file and asked-for part of every request so far.
        statuses: What it answered them with.
    """

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    sends_at_most: int | None = None
    does_parts: bool = True
    gives_heads: bool = True
    says_length: bool = True
    refuses_with: int | None = None
    encoding: str | None = None
    before_sending: Callable[[], object] = bool
    requests: list[tuple[str, str, str | None]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def downloads(self) -> list[str]:
        return [name for method, name, _ in self.requests if method == "GET"]


@pytest.fixture
def make_mirror() -> Iterator[Callable[..., Mirror]]:
    """A function that starts a mirror; see Mirror for what it can be told."""
    servers: list[ThreadingHTTPServer] = []

    def start(files: dict[str, bytes], **behaviour: object) -> Mirror:
        mirror = Mirror(files=files, **behaviour)  # type: ignore[arg-type]
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(mirror))
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        mirror.address = f"http://127.0.0.1:{server.server_port}/published/"
        return mirror

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def handler_of(mirror: Mirror) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.answer(None if mirror.gives_heads else 405)

        def do_GET(self) -> None:
            body = self.answer(mirror.refuses_with)
            if body:
                mirror.before_sending()
            self.wfile.write(body[: mirror.sends_at_most])
            self.close_connection = True

        def answer(self, refusal: int | None) -> bytes:
            name, part = self.path.rpartition("/")[2], self.headers.get("Range")
            mirror.requests.append((self.command, name, part))
            body = mirror.files.get(name)
            if body is None or refusal:
                self.send_error(refusal or 404)
                return b""
            first = int(part.removeprefix("bytes=").removesuffix("-")) if part and mirror.does_parts else 0
            if first and first >= len(body):
                self.send_error(416)
                return b""
            self.send_response(206 if first else 200)
            if mirror.says_length:
                self.send_header("Content-Length", str(len(body) - first))
            if mirror.encoding:
                self.send_header("Content-Encoding", mirror.encoding)
            self.end_headers()
            return body[first:]

        def log_request(self, code: object = "-", size: object = "-") -> None:
            mirror.statuses.append(int(str(getattr(code, "value", code))))

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def refusing_address() -> str:
    """An address on this machine where nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"


@pytest.fixture
def refusing() -> str:
    return refusing_address()


def idx(values: np.ndarray) -> bytes:
    return bytes([0, 0, 8, values.ndim]) + np.array(values.shape, ">i4").tobytes() + values.tobytes()


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


@pytest.fixture
def packed() -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    """A function that packs files as mirrors do."""
    return lambda files: {f"{name}.gz": gzip.compress(content, mtime=0) for name, content in files.items()}


@pytest.fixture
def linear_accuracy() -> Callable[..., float]:
    """A function that trains a plain linear softmax classifier by SGD and gives its test accuracy."""

    def train(data: Dataset, *, lr: float, epochs: int) -> float:
        rng = np.random.default_rng(0)
        X, y = data.train_vectors(), data.train_labels
        W, b = np.zeros((X.shape[1], 10), np.float32), np.zeros(10, np.float32)
        for _ in range(epochs):
            for rows in np.array_split(rng.permutation(len(y)), len(y) // 32):
                scores = X[rows] @ W + b
                P = np.exp(scores - scores.max(axis=1, keepdims=True))
                P /= P.sum(axis=1, keepdims=True)
                P[np.arange(len(rows)), y[rows]] -= 1
                W -= lr / len(rows) * (X[rows].T @ P)
                b -= lr / len(rows) * P.sum(axis=0)
        return float(((data.test_vectors() @ W + b).argmax(axis=1) == data.test_labels).mean())

    return train
