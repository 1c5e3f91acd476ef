"""The digit pad: its image, its words, and the pad itself, drawn on in a browser."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from coursekit import digitpad
from coursekit.digitpad import as_mnist
from coursekit.digitpad.image import ink
from coursekit.digitpad.picture import example_html, example_text, read_example
from coursekit.digitpad.reading import Reading, read

STROKE = [[(0.5, 0.2), (0.5, 0.8)]]


def certain(digit: int) -> Callable[[Any], Any]:
    """A network that always reads one digit."""
    return lambda image: np.eye(10)[[digit]]


def span(image: Any, axis: int) -> tuple[int, int]:
    (inked,) = np.nonzero((image > 0.3).any(axis=1 - axis))
    return int(inked[0]), int(inked[-1])


def centre(image: Any) -> tuple[float, float]:
    """The centre of mass, (row, column), in pixels from the top left corner."""
    places = np.arange(28) + 0.5
    row, column = (float(image.sum(axis=1 - axis) @ places / image.sum()) for axis in (0, 1))
    return row, column


# the image


@pytest.mark.parametrize("size", [0.3, 0.6, 1.0])
@pytest.mark.parametrize("corner", [(0.0, 0.0), (0.0, 1.0), (1.0, 0.5)])
def test_a_digit_of_any_size_anywhere_fills_twenty_pixels_in_the_middle(
    size: float, corner: tuple[float, float]
) -> None:
    left, top = ((0.05 + (0.9 - 0.9 * size) * share) for share in corner)
    zero = [[(left + 0.9 * size * (0.5 + 0.5 * np.cos(a)), top + 0.9 * size * (0.5 + 0.5 * np.sin(a)))
             for a in np.linspace(0, 2 * np.pi, 60)]]  # fmt: skip
    image = as_mnist(ink(zero))
    assert image.shape == (28, 28)
    assert image.dtype == np.float32
    for axis in (0, 1):
        first, last = span(image, axis)
        assert last - first + 1 in (19, 20, 21)
    assert centre(image) == pytest.approx((14.5, 14.5), abs=0.1)


def test_an_image_of_mnists_form_stays_about_as_it_is() -> None:
    image = as_mnist(ink([[(0.35, 0.2), (0.65, 0.2), (0.45, 0.8)]]))
    assert np.abs(as_mnist(np.kron(image, np.ones((5, 5)))) - image).mean() < 0.03


def thin_line() -> np.ndarray:
    drawing = np.zeros((140, 140))
    drawing[26:114, 68:72] = 1
    return drawing


def test_a_thin_upright_line_keeps_its_proportions() -> None:
    image = as_mnist(thin_line())
    assert span(image, 0)[1] - span(image, 0)[0] + 1 in (19, 20, 21)
    assert span(image, 1)[1] - span(image, 1)[0] + 1 <= 2
    assert centre(image) == pytest.approx((14.5, 14.5), abs=0.1)


def test_a_dot_stays_a_dot() -> None:
    image = as_mnist(ink([[(0.9, 0.1)]]))
    assert 0 < image.sum() < 70
    assert centre(image) == pytest.approx((14.5, 14.5), abs=0.1)


def test_a_lopsided_drawing_is_not_cut_off() -> None:
    drawing = thin_line()
    drawing[100:112, 40:100] = 1
    image = as_mnist(drawing)
    pixel = 20 / (np.ptp(np.flatnonzero((drawing > 0.1).any(axis=1))) + 1)
    assert image.sum() == pytest.approx(drawing.sum() * pixel**2, rel=0.01)


def test_edges_become_grey() -> None:
    image = as_mnist((ink([[(0.2, 0.2), (0.8, 0.7)]]) > 0.5).astype(float))
    assert ((image > 0.1) & (image < 0.9)).sum() > 20
    assert image.max() == pytest.approx(1, abs=0.01)


def test_an_empty_board_gives_an_empty_image() -> None:
    assert not as_mnist(np.zeros((140, 140))).any()
    assert not as_mnist(np.zeros((0, 0))).any()


@pytest.mark.parametrize(
    ("drawing", "words"),
    [(np.zeros(9), r"\(9,\)"), (np.full((9, 9), 255), "255"), (np.full((9, 9), np.nan), "nan")],
    ids=["flat", "bytes", "nan"],
)
def test_what_is_no_drawing_is_named(drawing: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        as_mnist(drawing)


# the words


def test_the_network_is_given_the_image_in_the_agreed_form() -> None:
    given = []

    def network(image: Any) -> Any:
        given.append(image)
        return np.eye(10)[1]

    reading = read(ink(STROKE), network)
    assert given[0].shape == (1, 28, 28)
    assert given[0].dtype == np.float32
    assert np.array_equal(given[0][0], reading.image)
    assert reading.best == 1
    assert not reading.wrong


def test_a_network_that_writes_into_its_input_does_not_change_the_picture() -> None:
    def greedy(image: Any) -> Any:
        image[:] = 0
        return np.eye(10)[1]

    assert read(ink(STROKE), greedy).image.any()


def test_nothing_drawn_asks_nobody() -> None:
    reading = read(np.zeros((140, 140)), lambda image: pytest.fail("asked"))
    assert (reading.best, reading.probabilities, reading.wrong) == (None, (), False)
    assert reading.words == "Nothing is drawn yet."


@pytest.mark.parametrize(
    "returned",
    [
        torch.softmax(torch.arange(10.0, requires_grad=True), dim=0),
        torch.softmax(torch.arange(10.0), dim=0).bfloat16()[None],
        list(np.exp(np.arange(10.0)) / np.exp(np.arange(10.0)).sum()),
    ],
    ids=["needs gradients", "bfloat16", "list"],
)
def test_tensors_and_lists_of_probabilities_are_understood(returned: Any) -> None:
    reading = read(ink(STROKE), lambda image: returned)
    assert reading.best == 9
    assert sum(reading.probabilities) == pytest.approx(1, abs=0.02)


def spread(**shares: float) -> Any:
    probabilities = np.full(10, (1 - sum(shares.values())) / (10 - len(shares)))
    for name, share in shares.items():
        probabilities[int(name[1:])] = share
    return probabilities


@pytest.mark.parametrize(
    ("probabilities", "words"),
    [
        (spread(d3=0.999), "A 3, it is sure."),
        (spread(d8=0.93), "An 8, at 93%."),
        (spread(d3=0.5, d8=0.4), "A 3 (50%) or an 8 (40%)?"),
    ],
)
def test_the_guess_is_told_as_surely_as_it_is_made(probabilities: Any, words: str) -> None:
    assert read(ink(STROKE), lambda image: probabilities).words == words


def stops(image: Any) -> Any:
    raise ValueError("matmul: 784\n is not 28")


@pytest.mark.parametrize(
    ("predict", "words"),
    [
        (stops, "stopped with ValueError: matmul: 784 is not 28."),
        (lambda image: np.arange(10) - 4.0, "from -4 to 5 whose sum is 5. If these are logits, softmax"),
        (lambda image: np.ones((1, 7)) / 7, "of the shape (1, 7)"),
        (lambda image: 3, "of the shape ()"),
        (lambda image: np.array([np.nan] + [0.1] * 9), "nan for the digit 0"),
        (lambda image: None, "predict returned"),
        (lambda image: "three", "'three', not an array of numbers"),
    ],
    ids=["stops", "logits", "seven", "digit", "nan", "none", "text"],
)
def test_what_is_wrong_with_a_network_is_said_in_words(predict: Any, words: str) -> None:
    reading = read(ink(STROKE), predict)
    assert reading.wrong
    assert words in reading.words
    assert "(1, 28, 28)" in reading.words
    assert "ten probabilities" in reading.words
    assert reading.probabilities == ()
    assert reading.image.any()


# where there is no pad


def test_without_a_notebook_it_says_so_and_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert digitpad.draw(certain(3)) is None
    assert "needs a notebook" in capsys.readouterr().out


def test_without_anywidget_it_says_what_to_install_and_goes_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_notebook = SimpleNamespace(get_ipython=lambda: SimpleNamespace(kernel=object()))
    monkeypatch.setitem(sys.modules, "IPython", in_notebook)
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delitem(sys.modules, "coursekit.digitpad.widget", raising=False)
    assert digitpad.draw(certain(3)) is None
    said = capsys.readouterr().out
    assert "anywidget, which is not installed" in said
    assert "%pip install anywidget" in said


def test_importing_it_loads_no_widgets() -> None:
    program = (
        "import sys, coursekit.digitpad; print({'anywidget', 'ipywidgets', 'torch', 'IPython'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# what a page without a kernel shows


def test_the_example_is_a_picture_with_the_networks_words() -> None:
    reading = read_example(certain(3))
    assert reading.image.any()
    assert "the network says: A 3, it is sure." in example_text(reading)
    html = example_html(reading)
    assert 'alt="Digit pad. ' in html
    assert "the network says: A 3, it is sure." in html
    source = html.partition("data:image/png;base64,")[2].partition('"')[0]
    assert base64.b64decode(source).startswith(b"\x89PNG")


def test_the_example_tells_what_is_wrong_without_markup_of_its_own() -> None:
    html = example_html(Reading(as_mnist(ink(STROKE)), (), '<b>"no"', wrong=True))
    assert "<b>" not in html
    assert "&lt;b&gt;&quot;no&quot;" in html


# the widget


@pytest.fixture
def pad() -> Any:
    widget = pytest.importorskip("coursekit.digitpad.widget")
    return widget.DigitPad(certain(1))


def encoded(drawing: Any) -> str:
    return base64.b64encode(np.rint(255 * drawing).astype(np.uint8).tobytes()).decode()


def test_a_drawing_from_the_browser_is_answered(pad: Any) -> None:
    pad.drawing = encoded(ink(STROKE))
    assert pad.answer["best"] == 1
    assert pad.answer["words"] == "A 1, it is sure."
    assert pad.answer["probabilities"] == [0, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    assert np.allclose(np.reshape(pad.answer["image"], (28, 28)) / 255, pad.image, atol=1 / 255)
    json.dumps(pad.answer)


def test_a_cleared_board_is_answered_by_no_guess(pad: Any) -> None:
    pad.drawing = encoded(ink(STROKE))
    number = pad.answer["number"]
    pad.drawing = ""
    assert pad.answer["best"] is None
    assert pad.answer["number"] > number
    assert not pad.image.any()


def test_where_widgets_cannot_be_shown_the_pad_has_an_example_in_its_place(pad: Any) -> None:
    data, _ = pad._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/html"].startswith("<div")
    assert data["text/plain"].startswith("Digit pad. In a running notebook you draw here")


def test_the_pad_loads_nothing_from_elsewhere(pad: Any) -> None:
    assert "import" not in pad._esm.replace("important", "")
    assert "http" not in pad._esm + pad._css
    assert "url(" not in pad._css


# in a browser

NOTEBOOK = """
import numpy as np
from coursekit import digitpad
from coursekit.datasets.digits import digits_sample

sample = digits_sample()
known = sample.train_vectors().astype(float)

def nearest(image):
    "The share of each digit among the nearest images of the sample."
    distances = ((known - image.reshape(1, 784)) ** 2).sum(axis=1)
    return np.bincount(sample.train_labels[np.argsort(distances)[:9]], minlength=10) / 9

network = nearest
digitpad.draw(lambda image: network(image))
"""


def notebook_of(*sources: str) -> str:
    cells: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "id": f"cell{i}",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for i, source in enumerate(sources)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})


def draw_strokes(page: Any, strokes: Any) -> None:
    """Draw with the mouse, on the board as large as it is."""
    box = page.locator(".digitpad-ink").bounding_box()
    for stroke in strokes:
        for i, (x, y) in enumerate(stroke):
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=1 if i == 0 else 6)
            if i == 0:
                page.mouse.down()
        page.mouse.up()


@pytest.mark.long
@pytest.mark.browser
def test_a_student_draws_and_the_network_reads(open_notebook: Callable[[Path], Any], tmp_path: Path) -> None:
    notebook = tmp_path / "work" / "pad.ipynb"
    notebook.parent.mkdir()
    notebook.write_text(notebook_of(NOTEBOOK, "network = lambda image: np.arange(10)"))
    page = open_notebook(notebook)
    from playwright.sync_api import expect

    pad, board = page.locator(".digitpad"), page.get_by_role("application", name="Board to draw a digit on")
    words, clear = page.locator(".digitpad-words"), page.get_by_role("button", name="Clear", exact=True)
    page.locator(".jp-CodeCell").first.click()
    page.keyboard.press("Shift+Enter")
    expect(board).to_be_visible()
    expect(words).to_have_text("Draw a large digit.")

    # An empty board that is cleared has nothing to wait for.
    clear.click()
    page.wait_for_timeout(6000)
    expect(words).to_have_text("Draw a large digit.")

    draw_strokes(page, STROKE)
    expect(words).to_contain_text("1")
    expect(pad.locator(".digitpad-best")).to_have_text("1")
    likeliest = pad.locator("li.digitpad-likeliest")
    expect(likeliest).to_contain_text("1")
    assert likeliest.locator(".digitpad-track span").bounding_box()["width"] > 20
    # Said aloud as well, once it has come to rest.
    expect(pad.get_by_role("status")).to_contain_text("1")

    clear.click()
    expect(words).to_have_text("Nothing is drawn yet.")
    expect(likeliest).to_have_count(0)
    around = [(0.5 + 0.25 * np.sin(a), 0.5 - 0.35 * np.cos(a)) for a in np.linspace(0, 2 * np.pi, 24)]
    draw_strokes(page, [around])
    expect(pad.locator(".digitpad-best")).to_have_text("0")

    # By keyboard alone, in a notebook whose own keys are arrows and the like.
    board.focus()
    page.keyboard.press("Delete")
    expect(words).to_have_text("Nothing is drawn yet.")
    page.keyboard.press("Space")
    for _ in range(25):
        page.keyboard.press("ArrowDown")
    expect(pad.locator(".digitpad-best")).to_have_text("1")
    page.keyboard.press("Tab")
    expect(clear).to_be_focused()

    # A network that answers in logits: said in the pad, at the next stroke.
    page.locator(".jp-CodeCell").last.click()
    page.keyboard.press("Shift+Enter")
    draw_strokes(page, [[(0.3, 0.5), (0.7, 0.5)]])
    expect(words).to_contain_text("If these are logits, softmax")
    expect(pad.get_by_role("status")).to_contain_text("If these are logits")

    # Python has gone.
    page.get_by_role("button", name="Restart the kernel", exact=True).click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    clear.click()
    draw_strokes(page, STROKE)
    expect(words).to_contain_text("if the kernel was restarted, run this cell again")
