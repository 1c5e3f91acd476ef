from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from coursekit.datasets import Dataset, load_cifar10, load_mnist, notice


@pytest.fixture
def shell() -> Iterator[Any]:
    """IPython, without a history that it would write to."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    yield InteractiveShell.instance(config=config)
    InteractiveShell.clear_instance()


@pytest.mark.parametrize("load", [load_mnist, load_cifar10])
def test_without_network_a_framed_notice_names_the_sample_on_stdout(
    load: Callable[[], Dataset], capsys: pytest.CaptureFixture[str]
) -> None:
    data = load()
    shown = capsys.readouterr()
    assert data.is_sample
    assert "THIS IS NOT THE REAL DATA SET" in shown.out
    assert data.name.split(";")[0] in " ".join(shown.out.replace("|", " ").split())
    assert "127.0.0.1" in shown.out
    assert shown.err == ""


def test_the_frame_is_straight(capsys: pytest.CaptureFixture[str]) -> None:
    load_mnist()
    assert {len(line) for line in capsys.readouterr().out.splitlines()} == {76}


def test_paths_are_not_broken_at_their_hyphens() -> None:
    data = load_mnist()
    for n in range(72):
        text = notice.notice_text(data, f"{'x' * n} /cache/cifar-10-batches-bin/data-batch is missing")
        assert "/cache/cifar-10-batches-bin/data-batch" in text


def test_the_log_tells_of_the_sample_too(caplog: pytest.LogCaptureFixture) -> None:
    load_mnist()
    assert "Using the sample instead of mnist" in caplog.text


def test_ipython_gets_a_box_and_a_text(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    published: list[dict[str, str]] = []
    monkeypatch.setattr(shell.display_pub, "publish", lambda data, *_, **__: published.append(data))
    load_mnist()
    (bundle,) = published
    assert 'role="alert"' in bundle["text/html"]
    assert "THIS IS NOT THE REAL DATA SET" in bundle["text/plain"]


def test_the_box_escapes_what_it_quotes() -> None:
    data = load_mnist()
    assert "<script>" not in notice.notice_html(data, "COURSEKIT_DATA (/<script>) has no file")


def test_outside_of_a_test_nothing_reaches_stderr() -> None:
    # pytest's own log handler would hide what Python prints of a log that nobody handles.
    code = "from coursekit.datasets import load_mnist; load_mnist()"
    environment = os.environ | {"COURSEKIT_OFFLINE": "1"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stderr == ""


def test_importing_the_package_imports_nothing_slow() -> None:
    slow = {"torch", "matplotlib", "pooch", "tqdm", "requests", "IPython"}
    code = f"import sys, coursekit.datasets; print(*{slow} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
