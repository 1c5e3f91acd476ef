from __future__ import annotations

import errno
import gzip
import hashlib
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coursekit.datasets import Dataset, download, load_mnist, mnist

Files = dict[str, bytes]


@pytest.fixture
def offered(mnist_files: Files, packed: Callable[[Files], Files]) -> Files:
    """What a good mirror of MNIST offers."""
    return packed(mnist_files)


@pytest.fixture
def mirrors(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A function that sets MNIST's mirrors."""
    return lambda *addresses: monkeypatch.setattr(mnist, "MIRRORS", addresses)


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def is_real(data: Dataset, mnist_files: Files) -> bool:
    return not data.is_sample and data.train_images.tobytes() == mnist_files["train-images-idx3-ubyte"][16:]


def test_a_good_mirror_fills_the_cache(
    make_mirror: Callable[..., Any], mirrors: Any, mnist_files: Files, offered: Files, cache: Path
) -> None:
    mirrors(make_mirror(offered).address)
    data = load_mnist()
    assert is_real(data, mnist_files)
    assert data.source == str(cache / "mnist")
    assert files_in(cache) == sorted(f"mnist/{name}" for name in offered)


def test_a_second_load_asks_nobody(make_mirror: Any, mirrors: Any, mnist_files: Files, offered: Files) -> None:
    mirror = make_mirror(offered)
    mirrors(mirror.address)
    load_mnist()
    mirror.requests.clear()
    assert is_real(load_mnist(), mnist_files)
    assert mirror.requests == []


def spoilt(offered: Files, packed: Callable[[Files], Files], mnist_files: Files) -> Files:
    """Well-formed files with one pixel changed."""
    name = "train-images-idx3-ubyte"
    return offered | packed({name: mnist_files[name][:-1] + bytes([mnist_files[name][-1] ^ 1])})


@pytest.mark.parametrize(
    "kind",
    [
        "refuses",
        "has nothing",
        "is broken",
        "cuts off",
        "cuts off unnoticed",
        "ends early",
        "is damaged",
        "lies",
        "is a page",
    ],
)
def test_after_a_bad_mirror_the_next_one_is_asked(
    kind: str,
    make_mirror: Any,
    mirrors: Any,
    refusing: str,
    mnist_files: Files,
    offered: Files,
    packed: Any,
    cache: Path,
) -> None:
    half = {name: content[: len(content) // 2] for name, content in offered.items()}
    make_bad: dict[str, Callable[[], str]] = {
        "refuses": lambda: refusing,
        "has nothing": lambda: make_mirror({}).address,
        "is broken": lambda: make_mirror(offered, refuses_with=503).address,
        "cuts off": lambda: make_mirror(offered, sends_at_most=100).address,
        "cuts off unnoticed": lambda: make_mirror(offered, sends_at_most=100, says_length=False).address,
        "ends early": lambda: make_mirror(half).address,
        "is damaged": lambda: make_mirror(dict.fromkeys(offered, b"\x1f\x8b" + b"\x00" * 99)).address,
        "lies": lambda: make_mirror(spoilt(offered, packed, mnist_files)).address,
        "is a page": lambda: make_mirror(dict.fromkeys(offered, b"<p>Please log in")).address,
    }
    mirrors(make_bad[kind](), make_mirror(offered).address)
    assert is_real(load_mnist(), mnist_files)
    assert files_in(cache) == sorted(f"mnist/{name}" for name in offered)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("has nothing", "HTTP 404"),
        ("is broken", "HTTP 503"),
        ("cuts off", "ChunkedEncodingError"),
        ("lies", "the content is not what was published"),
    ],
)
def test_when_all_mirrors_are_bad_the_sample_says_why_and_the_cache_stays_empty(
    kind: str,
    said: str,
    make_mirror: Any,
    mirrors: Any,
    mnist_files: Files,
    offered: Files,
    packed: Any,
    cache: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bad = {
        "has nothing": lambda: make_mirror({}),
        "is broken": lambda: make_mirror(offered, refuses_with=503),
        "cuts off": lambda: make_mirror(offered, sends_at_most=100),
        "lies": lambda: make_mirror(spoilt(offered, packed, mnist_files)),
    }[kind]()
    mirrors(bad.address)
    assert load_mnist().is_sample
    assert files_in(cache) == []
    shown = capsys.readouterr()
    assert said in " ".join(shown.out.replace("|", " ").split())
    assert shown.err == ""


@pytest.mark.parametrize("does_parts", [True, False])
def test_the_next_mirror_goes_on_where_the_last_one_broke_off(
    does_parts: bool,
    make_mirror: Any,
    mirrors: Any,
    mnist_files: Files,
    offered: Files,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(download, "_CHUNK_BYTES", 500)
    breaking = make_mirror(offered, sends_at_most=1000)
    good = make_mirror(offered, does_parts=does_parts)
    mirrors(breaking.address, good.address)
    assert is_real(load_mnist(), mnist_files)
    first_download = next(request for request in good.requests if request[0] == "GET")
    assert first_download == ("GET", "train-images-idx3-ubyte.gz", "bytes=1000-")
    assert len(good.downloads()) == 4


def test_a_mirror_that_packs_the_file_differently_sends_it_from_the_beginning(
    make_mirror: Any, mirrors: Any, mnist_files: Files, offered: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "_CHUNK_BYTES", 500)
    otherwise = {f"{name}.gz": gzip.compress(content, compresslevel=0) for name, content in mnist_files.items()}
    breaking, good = make_mirror(offered, sends_at_most=1000), make_mirror(otherwise)
    mirrors(breaking.address, good.address)
    assert is_real(load_mnist(), mnist_files)
    assert good.downloads().count("train-images-idx3-ubyte.gz") == 2


def test_a_mirror_whose_file_is_shorter_than_what_has_come_sends_it_from_the_beginning(
    make_mirror: Any, mirrors: Any, mnist_files: Files, offered: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "_CHUNK_BYTES", 500)
    name = "train-images-idx3-ubyte.gz"
    long = {name: gzip.compress(mnist_files[name.removesuffix(".gz")] + bytes(5000), compresslevel=0)}
    breaking = make_mirror(offered | long, sends_at_most=len(long[name]) - 1)
    good = make_mirror(offered)
    mirrors(breaking.address, good.address)
    assert is_real(load_mnist(), mnist_files)
    assert good.downloads().count(name) == 2
    assert 416 in good.statuses


@pytest.mark.parametrize("says_length", [True, False])
def test_a_mirror_may_unpack_on_the_way(
    says_length: bool, make_mirror: Any, mirrors: Any, mnist_files: Files, offered: Files, cache: Path
) -> None:
    mirrors(make_mirror(offered, encoding="gzip", says_length=says_length).address)
    for _ in range(2):
        assert is_real(load_mnist(), mnist_files)
    assert (cache / "mnist/train-images-idx3-ubyte.gz").read_bytes() == mnist_files["train-images-idx3-ubyte"]


def test_a_mirror_need_not_give_heads(make_mirror: Any, mirrors: Any, mnist_files: Files, offered: Files) -> None:
    mirrors(make_mirror(offered, gives_heads=False).address)
    assert is_real(load_mnist(), mnist_files)


def test_a_mirror_that_failed_is_not_asked_for_the_other_files(
    make_mirror: Any, mirrors: Any, mnist_files: Files, offered: Files
) -> None:
    breaking = make_mirror(offered, sends_at_most=10)
    mirrors(breaking.address, make_mirror(offered).address)
    assert is_real(load_mnist(), mnist_files)
    assert len(breaking.downloads()) == 1


def test_a_network_that_swallows_everything_costs_no_more_than_the_patience(
    monkeypatch: pytest.MonkeyPatch, mirrors: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(download, "PATIENCE_S", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        mirrors(*[f"http://127.0.0.1:{silent.getsockname()[1]}/{i}/" for i in range(3)])
        before = set(threading.enumerate())
        assert load_mnist().is_sample
        for thread in set(threading.enumerate()) - before:
            thread.join()
    assert "no answer within 0.2 s" in capsys.readouterr().out


def test_offline_by_setting_asks_nobody(
    make_mirror: Any, mirrors: Any, offered: Files, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    mirror = make_mirror(offered)
    mirrors(mirror.address)
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    assert load_mnist().is_sample
    assert mirror.requests == []
    assert "COURSEKIT_OFFLINE is set" in " ".join(capsys.readouterr().out.replace("|", " ").split())


@pytest.mark.parametrize("value", ["", "0", "no", "False"])
def test_offline_can_be_switched_off_by_its_value(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSEKIT_OFFLINE", value)
    assert not download.is_offline()


def test_progress_is_shown_on_stdout_only(
    make_mirror: Any, mirrors: Any, offered: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    mirrors(make_mirror(offered).address)
    load_mnist()
    shown = capsys.readouterr()
    assert "train-images-idx3-ubyte.gz: 100%" in shown.out
    assert shown.err == ""


def test_mirrors_that_fail_are_logged(
    make_mirror: Any, mirrors: Any, offered: Files, caplog: pytest.LogCaptureFixture
) -> None:
    breaking = make_mirror(offered, sends_at_most=10)
    mirrors(breaking.address, make_mirror(offered).address)
    load_mnist()
    assert f"Mirror failed: {breaking.address}train-images-idx3-ubyte.gz" in caplog.text


def test_many_downloads_at_once_leave_a_whole_cache(
    make_mirror: Any, mirrors: Any, mnist_files: Files, offered: Files, cache: Path
) -> None:
    mirrors(make_mirror(offered).address)
    results: list[Dataset] = []
    threads = [threading.Thread(target=lambda: results.append(load_mnist())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [is_real(data, mnist_files) for data in results] == [True] * 4
    assert files_in(cache) == sorted(f"mnist/{name}" for name in offered)


def test_two_processes_fill_one_cache_at_once(
    make_mirror: Any, mnist_files: Files, offered: Files, cache: Path
) -> None:
    both_have_begun = threading.Barrier(2)
    mirror = make_mirror(offered, before_sending=lambda: both_have_begun.wait(timeout=60))
    program = """if True:
        import json, sys
        from coursekit.datasets import load_mnist, mnist
        mnist.MIRRORS, mnist.CHECKSUMS, mnist.N_IMAGES = json.loads(sys.argv[1])
        data = load_mnist()
        sys.exit("sample" if data.is_sample else 0)
    """
    command = [sys.executable, "-c", program, json.dumps([[mirror.address], mnist.CHECKSUMS, mnist.N_IMAGES])]
    processes = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(2)]
    assert [process.communicate(timeout=120)[1] for process in processes] == [b"", b""]
    assert [process.returncode for process in processes] == [0, 0]
    assert len(mirror.downloads()) == 8
    assert files_in(cache) == sorted(f"mnist/{name}" for name in offered)
    assert is_real(load_mnist(), mnist_files)


def test_an_interruption_while_a_file_comes_in_leaves_nothing_unfinished(
    make_mirror: Any, mirrors: Any, offered: Files, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    mirrors(make_mirror(offered).address)
    monkeypatch.setattr(download, "_CHUNK_BYTES", 500)
    monkeypatch.setattr("tqdm.tqdm.update", interrupted)
    with pytest.raises(KeyboardInterrupt):
        load_mnist()
    assert files_in(cache) == []


@pytest.mark.parametrize("when", ["received", "kept"])
def test_a_full_disk_leads_to_the_sample_and_is_not_blamed_on_the_mirrors(
    when: str,
    make_mirror: Any,
    mirrors: Any,
    offered: Files,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    class FullFile(io.BytesIO):
        write = full

    mirror = make_mirror(offered)
    mirrors(mirror.address, mirror.address)
    if when == "received":
        monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: FullFile())
    else:
        monkeypatch.setattr(shutil, "copyfileobj", full)
    assert load_mnist().is_sample
    assert "cannot be written to (No space left on device)" in " ".join(
        capsys.readouterr().out.replace("|", " ").split()
    )
    assert len(mirror.downloads()) == 1
    assert files_in(cache) == []


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_file_may_have_its_md5_as_it_is_or_unpacked(is_packed: bool) -> None:
    content = b"content" * 1000
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    file = gzip.compress(content) if is_packed else content
    assert download.has_md5(io.BytesIO(file), md5)
    assert not download.has_md5(io.BytesIO(file[:-1]), md5)
    assert not download.has_md5(io.BytesIO(file[:20] + b"x" + file[21:]), md5)


def test_an_interruption_while_the_first_file_is_kept_leaves_nothing_unfinished(
    make_mirror: Any, mirrors: Any, offered: Files, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(source: Any, target: Any, *_: object) -> None:
        target.write(source.read(100))
        raise KeyboardInterrupt

    mirrors(make_mirror(offered).address)
    monkeypatch.setattr(shutil, "copyfileobj", interrupted)
    with pytest.raises(KeyboardInterrupt):
        load_mnist()
    assert files_in(cache) == []
