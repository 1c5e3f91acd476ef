from __future__ import annotations

from coursekit import plots
from tests.plots.painted import drawn


def test_the_page_names_the_tasks_and_the_networks() -> None:
    plots.tasks_and_networks()
    titles = " ".join(axes.get_title() for axes in drawn().axes)
    for name in (
        "classification",
        "object detection",
        "segmentation",
        "captioning",
        "MLP",
        "CNN",
        "RNN, LSTM",
        "transfer",
    ):
        assert name in titles
