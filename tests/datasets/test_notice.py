from __future__ import annotations

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


def test_the_notice_can_be_switched_off(capsys: pytest.CaptureFixture[str]) -> None:
    assert load_mnist(notice=False).is_sample
    assert capsys.readouterr().out == ""


def test_the_log_tells_of_the_sample_even_without_notice(caplog: pytest.LogCaptureFixture) -> None:
    load_mnist(notice=False)
    assert "Using the sample instead of mnist" in caplog.text


def test_ipython_gets_a_box_and_a_text(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    published: list[dict[str, str]] = []
    monkeypatch.setattr(shell.display_pub, "publish", lambda data, *_, **__: published.append(data))
    load_mnist()
    (bundle,) = published
    assert 'role="alert"' in bundle["text/html"]
    assert "THIS IS NOT THE REAL DATA SET" in bundle["text/plain"]


def test_the_box_escapes_what_it_quotes() -> None:
    data = load_mnist(notice=False)
    assert "<script>" not in notice.notice_html(data, "COURSEKIT_DATA (/<script>) has no file")


def test_importing_the_package_imports_nothing_slow() -> None:
    slow = {"torch", "pooch", "tqdm", "requests", "IPython"}
    code = f"import sys, coursekit.datasets; print(*{slow} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
