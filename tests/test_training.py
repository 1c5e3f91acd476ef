from __future__ import annotations

import sys
import time
import xml.etree.ElementTree as ET

import pytest

from coursekit.training import TrainingLog


def filled() -> TrainingLog:
    log = TrainingLog("784-16-16-10 <Adam>")
    for loss, accuracy in ((0.9, 0.5), (0.4, 0.8), (0.5, 0.9)):
        log.add(train_loss=loss, test_accuracy=accuracy)
    return log


def test_it_gives_back_what_was_measured() -> None:
    log = filled()
    assert len(log) == 3
    assert log["train_loss"] == [0.9, 0.4, 0.5]
    with pytest.raises(KeyError, match="it has train_loss, test_accuracy"):
        log["loss"]


def test_the_best_epoch_has_the_least_loss_or_the_greatest_accuracy() -> None:
    assert filled().best_epoch("train_loss") == 2
    assert filled().best_epoch("test_accuracy") == 3


def test_every_epoch_has_the_same_values() -> None:
    log = filled()
    with pytest.raises(ValueError, match="expected train_loss, test_accuracy, got train_loss"):
        log.add(train_loss=0.1)
    with pytest.raises(ValueError, match="got none"):
        TrainingLog().add()


def test_its_text_is_a_table() -> None:
    title, heads, first, *_, last = repr(filled()).splitlines()
    assert title == "784-16-16-10 <Adam>"
    assert heads.split() == ["epoch", "train", "loss", "test", "accuracy", "seconds"]
    assert first.split()[:3] == ["1", "0.9000", "0.5000"]
    assert last.split()[:3] == ["3", "0.5000", "0.9000"]


def test_its_html_has_two_pictures_and_a_table() -> None:
    page = ET.fromstring(f"<div>{filled()._repr_html_()}</div>")
    pictures = page.findall(".//{http://www.w3.org/2000/svg}svg")
    assert len(pictures) == 2
    assert [len(list(picture.iter("{http://www.w3.org/2000/svg}circle"))) for picture in pictures] == [3, 3]
    assert (
        pictures[0].get("aria-label")
        == "Learning curves by epoch: train loss from 0.9 at 1 to 0.5 at 3, least 0.4 at 2."
    )
    assert [cell.text for cell in page.findall(".//th")] == ["epoch", "train loss", "test accuracy", "seconds"]
    assert len(page.findall(".//tbody/tr")) == 3


@pytest.mark.parametrize("values", [[float("nan")], [1.0, float("nan"), float("inf"), 0.5], [0.3], [0.3, 0.3]])
def test_losses_of_every_kind_can_be_drawn(values: list[float]) -> None:
    log = TrainingLog()
    for value in values:
        log.add(loss=value)
    ET.fromstring(f"<div>{log._repr_html_()}</div>")


@pytest.mark.parametrize(("n_epochs", "shown"), [(12, 12), (13, 12), (40, 12)])
def test_a_long_log_keeps_its_first_and_last_rows(n_epochs: int, shown: int) -> None:
    log = TrainingLog()
    for epoch in range(1, n_epochs + 1):
        log.add(loss=epoch)
    epochs = [line.split()[0] for line in repr(log).splitlines()[1:]]
    assert len(epochs) == shown
    assert epochs[:3] == ["1", "2", "3"]
    assert epochs[-1] == str(n_epochs)
    assert ("…" in epochs) == (n_epochs > shown)


def test_an_empty_log_can_be_shown() -> None:
    assert "seconds" in repr(TrainingLog())
    ET.fromstring(f"<div>{TrainingLog()._repr_html_()}</div>")


def test_in_a_terminal_each_epoch_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    log = TrainingLog("digits")
    log.add(loss=0.5)
    log.add(loss=0.25)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines] == [["digits"], ["epoch", "loss"], ["1", "0.5000"], ["2", "0.2500"]]


class Handle:
    """What IPython's display gives for a display that can be updated."""

    def __init__(self) -> None:
        self.shown = 1

    def update(self, log: TrainingLog) -> None:
        assert isinstance(log, TrainingLog)
        self.shown += 1


def test_in_a_notebook_one_output_is_drawn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    import IPython
    import IPython.display

    handle = Handle()
    monkeypatch.setitem(sys.modules, "IPython", IPython)
    monkeypatch.setattr(IPython, "get_ipython", lambda: type("Shell", (), {"kernel": None})())
    monkeypatch.setattr(IPython.display, "display", lambda log, display_id: handle)
    log = TrainingLog("digits")
    for loss in (0.5, 0.25, 0.125):
        log.add(loss=loss)
    assert handle.shown == 3


def test_the_clock_stands_still_while_the_log_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now_s[0])
    log = TrainingLog()

    def draw() -> None:
        now_s[0] += 100.0

    monkeypatch.setattr(log, "_show", draw)
    for _ in range(3):
        now_s[0] += 2.0
        log.add(loss=0.0)
    assert log.seconds == 6.0
