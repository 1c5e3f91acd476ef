"""Training an image classifier as fast as the machine allows: for the labs, and for records.

What makes it fast, on a GPU and on a processor alike:

* **Data stay on the device**, as bytes (:class:`ImageBatches`): CIFAR-10 takes 150 MB there, 194 MB with a margin of
  two pixels. No image is touched by Python on its own.
* **Augmentation happens to whole batches.** Choosing the images, shifting and mirroring them is one gather.
* **Channels last.** Images lie in memory as rows, columns, channels, which is what fast convolutions want; the shape
  that PyTorch shows is (n, c, h, w) all the same.
* **Mixed precision** (:class:`MixedPrecision`): weights in float32, convolutions and products in bfloat16, where
  :func:`fastest_dtype` finds that this pays.
* **No waiting.** :func:`run` reads nothing back from the device before the end of training.
* **Compilation** where it pays (``run(..., compile=True)``): it costs about a minute, so a run of seconds gains only
  if compiling is left out of the time, as is usual for records and said so.

To go for a record, begin with :func:`resnet9` and :func:`run`, and change one thing at a time: that is what their
options are for, which no lab needs. What the record holders do is in K. Jordan, "94% on CIFAR-10 in 3.29 Seconds on a
Single GPU" (https://arxiv.org/abs/2404.00498), and D. Page, "How to Train Your ResNet" (https://github.com/davidcpage/cifar10-fast).

Example::

    photos = ImageBatches(data.train_images, data.train_labels, batch_size=512, rng=np.random.default_rng(0),
                    device=fastest_device(), mirror=True, shift=2, whole_batches=True)
    test = ImageBatches(data.test_images, data.test_labels, batch_size=1000, scale=photos.scale, device=photos.device)
    model = resnet9()
    result = run(model, photos, epochs=15)
    print(result.line("CIFAR-10 ResNet-9", accuracy(model, test, mirrored=True), data.targets["cnn_gpu"]))
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

__all__ = [
    "ImageBatches",
    "MixedPrecision",
    "Result",
    "accuracy",
    "fastest_device",
    "fastest_dtype",
    "fastest_threads",
    "machine",
    "resnet9",
    "run",
    "schedule",
    "step_clock",
    "without_head",
]

#: What costs something, accuracy or sensitivity to what else runs, must be this many times as fast to be chosen.
_PAYS = 1.2
_PATIENCE_S = 0.4
_ALL_THREADS = torch.get_num_threads()


def fastest_device() -> torch.device:
    """Return the first CUDA device if there is one, and the processor otherwise."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def machine(device: torch.device | None = None) -> str:
    """Name what a device is: a GPU's name, or the number of threads on the processor."""
    device = device or fastest_device()
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    n_threads = torch.get_num_threads()
    return f"{n_threads} processor thread{'s' if n_threads > 1 else ''}"


def fastest_threads() -> int:
    """Choose how many threads to compute with on the processor, as it is now: one, or as many as torch would take.

    Threads that work on one convolution wait for each other. On a machine with nothing else to do two are nearly
    twice as fast as one; on a busy one they wait for cores in turn, and can be ten times slower. Both are timed on
    a small convolution, forward and backward, in less than a second.

    Returns:
        1, or torch's number of threads when this module was imported; for ``torch.set_num_threads``.
    """
    before = torch.get_num_threads()
    taken = {}
    try:
        for n_threads in sorted({1, _ALL_THREADS}):
            torch.set_num_threads(n_threads)
            seconds = _steps(torch.float32)
            taken[n_threads] = sum(seconds) / len(seconds)
    finally:
        torch.set_num_threads(before)
    return _ALL_THREADS if taken[1] > _PAYS * taken[_ALL_THREADS] else 1


def fastest_dtype(device: torch.device | None = None) -> torch.dtype:
    """Choose between float32 and bfloat16 for a device.

    On a GPU the answer is what the hardware supports. On a processor both are timed on a small convolution,
    forward and backward, in less than a second: with matrix units (AMX) bfloat16 can be twice as fast, without
    them it is slower.

    Returns:
        ``torch.bfloat16`` where it pays, else ``torch.float32``.
    """
    device = device or fastest_device()
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    pays = min(_steps(torch.float32)) > _PAYS * min(_steps(torch.bfloat16))
    return torch.bfloat16 if pays else torch.float32


def _steps(dtype: torch.dtype) -> list[float]:
    """Time passes through a small convolution on the processor, forward and backward, after one that is not counted."""
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        layer = nn.Conv2d(32, 64, 3, padding=1).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        images = torch.randn(64, 32, 16, 16).contiguous(memory_format=torch.channels_last)
        seconds: list[float] = []
        for _ in range(9):
            start_s = time.perf_counter()
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=dtype == torch.bfloat16):
                loss = layer(images).sum()
            loss.backward()
            seconds.append(time.perf_counter() - start_s)
            if len(seconds) > 1 and sum(seconds) > _PATIENCE_S:
                break
    return seconds[1:]


class ImageBatches:
    """Labelled images on a device, given out in batches, shifted and mirrored at random if wanted.

    A loader in the sense of PyTorch: going through it once is an epoch.

    Args:
        images: (n, h, w) grey or (n, h, w, c) colour, uint8.
        labels: (n,) whole numbers.
        batch_size: Images per batch; the last one of an epoch may be short, see ``whole_batches``.
        rng: Where the order, shifts and mirrorings are drawn from; without it the images come in the order given, as
            they are.
        device: Where to keep the images; the processor unless given.
        scale: The mean and the standard deviation of each channel, in 0..255, that images are brought to 0 and 1 with:
            two sequences of c numbers. Those of ``images`` unless given; give a test set those of its training set.
        mirror: Whether every other image, by chance, is mirrored left to right.
        shift: By how many pixels images are shifted at most, up or down and left or right; the margin is filled by
            reflection.
        whole_batches: Whether to leave out an epoch's short last batch, so that all batches have one shape.

    Attributes:
        scale: As above.

    Raises:
        ValueError: If the images have another shape or dtype, there are more or fewer labels than images,
            ``batch_size`` is less than 1 or ``shift`` below 0, or random changes are asked for without ``rng``.
    """

    def __init__(
        self,
        images: np.ndarray,
        labels: np.ndarray,
        *,
        batch_size: int,
        rng: np.random.Generator | None = None,
        device: torch.device | str | None = None,
        scale: tuple[Sequence[float], Sequence[float]] | None = None,
        mirror: bool = False,
        shift: int = 0,
        whole_batches: bool = False,
    ) -> None:
        images = np.asarray(images)
        if images.dtype != np.uint8 or images.ndim not in (3, 4):
            raise ValueError(
                f"Images are uint8, (n, h, w) or (n, h, w, c); got {images.dtype}, {images.shape}. Give the data set's"
                " train_images, not its vectors."
            )
        if len(labels) != len(images):
            raise ValueError(f"Give one label per image: got {len(labels)} labels for {len(images)} images.")
        if batch_size < 1 or shift < 0:
            raise ValueError(f"batch_size is 1 or more and shift 0 or more; got {batch_size} and {shift}.")
        if rng is None and (mirror or shift):
            raise ValueError("Random shifts and mirrorings need rng; got None.")
        if images.ndim == 3:
            images = images[..., None]
        if scale is None:
            scale = _scale_of(images)
        self.scale = scale
        self.batch_size, self.mirror, self.shift, self.whole_batches = batch_size, mirror, shift, whole_batches
        self._n: int = len(images)
        self._height, self._width = images.shape[1:3]
        if shift:
            images = np.pad(images, ((0, 0), (shift, shift), (shift, shift), (0, 0)), mode="reflect")
        self._device = torch.device(device or "cpu")
        self._images = torch.from_numpy(np.ascontiguousarray(images)).to(self._device)
        self._labels = torch.from_numpy(np.array(labels, dtype=np.int64)).to(self._device)
        mean, deviation = (torch.tensor(part, dtype=torch.float32, device=self._device) for part in scale)
        self._mean, self._factor = mean[:, None, None], (1 / deviation)[:, None, None]
        self._generator: torch.Generator | None = None
        if rng is not None:
            self._generator = torch.Generator(self._device).manual_seed(int(rng.integers(2**62)))

    def __len__(self) -> int:
        """Count the batches of an epoch."""
        full, rest = divmod(self._n, self.batch_size)
        return full + (rest > 0 and not self.whole_batches)

    @property
    def device(self) -> torch.device:
        """Where the images are."""
        return self._device

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Go through an epoch.

        Yields:
            Images (b, c, h, w), float32 with mean 0 and standard deviation 1 over the data set, channels last in
            memory; and labels (b,), int64. All on the device.
        """
        order = torch.arange(self._n, device=self._device)
        if self._generator is not None:
            order = torch.randperm(self._n, generator=self._generator, device=self._device)
        for start in range(0, len(self) * self.batch_size, self.batch_size):
            chosen = order[start : start + self.batch_size]
            # (b, h, w, c) seen as (b, c, h, w) is channels last in memory, at no cost.
            images = self._cut(chosen).permute(0, 3, 1, 2).float()
            yield images.sub_(self._mean).mul_(self._factor), self._labels[chosen]

    def _cut(self, chosen: Tensor) -> Tensor:
        """Copy images (b, h, w, c) out of the store, shifted and mirrored."""
        if not self.mirror and not self.shift:
            return self._images[chosen]
        n, device, generator = len(chosen), self._device, self._generator
        rows = torch.arange(self._height, device=device).expand(n, -1)
        columns = torch.arange(self._width, device=device).expand(n, -1)
        if self.mirror:
            mirrored = torch.rand(n, 1, device=device, generator=generator) < 0.5
            columns = torch.where(mirrored, self._width - 1 - columns, columns)
        if self.shift:
            moves = torch.randint(2 * self.shift + 1, (2, n, 1), device=device, generator=generator)
            rows, columns = rows + moves[0], columns + moves[1]
        return self._images[chosen[:, None, None], rows[:, :, None], columns[:, None, :]]


def _scale_of(images: np.ndarray) -> tuple[list[float], list[float]]:
    """Compute mean and standard deviation of each channel of (n, h, w, c) images, without a copy in floats."""
    levels = np.arange(256)
    means, deviations = [], []
    for channel in range(images.shape[-1]):
        counts = np.bincount(images[..., channel].ravel(), minlength=256)
        mean = float((counts * levels).sum() / counts.sum())
        means.append(mean)
        deviations.append(float(np.sqrt((counts * (levels - mean) ** 2).sum() / counts.sum())) or 1.0)
    return means, deviations


class MixedPrecision(nn.Module):
    """A network that computes in a smaller float type and keeps its weights, and what it returns, in float32.

    Args:
        model: A network; its parameters stay what they are, so that an optimiser of theirs keeps working.
        dtype: ``torch.bfloat16``, or ``torch.float32`` to change nothing.
    """

    def __init__(self, model: nn.Module, dtype: torch.dtype) -> None:
        super().__init__()
        self.model, self.dtype = model, dtype

    def forward(self, images: Tensor) -> Tensor:
        """Turn (n, c, h, w) images into float32 logits (n, k)."""
        with torch.autocast(images.device.type, dtype=self.dtype, enabled=self.dtype != torch.float32):
            logits: Tensor = self.model(images)
        return logits.float()


def schedule(share: float) -> float:
    """Return what to multiply the learning rate by once a share of the training, 0 to 1, is over.

    It rises from 0 to 1 during the first fifth, and falls to 0 at the end, as in lab 04.
    """
    return max(0.0, min(share / 0.2, (1 - share) / 0.8))


def step_clock(optimizer: torch.optim.Optimizer) -> Callable[[], float]:
    """Make a clock that counts an optimiser's steps from now on, for budgets that are the same on any machine.

    Returns:
        A function without arguments: it returns how many steps were made since.
    """
    steps = 0

    def count(*_: Any) -> None:
        nonlocal steps
        steps += 1

    optimizer.register_step_post_hook(count)
    return lambda: float(steps)


class _Residual(nn.Module):
    """Adds what two blocks make of the maps to the maps themselves: He et al. (https://arxiv.org/abs/1512.03385)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.blocks = nn.Sequential(_block(width, width), _block(width, width))

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.blocks(x)
        return out


class _Scaled(nn.Module):
    """Multiplies logits by a constant, so that they begin small."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, logits: Tensor) -> Tensor:
        return self.factor * logits


def _block(c_in: int, c_out: int, *, pool: bool = False) -> nn.Sequential:
    layers: list[nn.Module] = [nn.Conv2d(c_in, c_out, 3, padding=1, bias=False), nn.BatchNorm2d(c_out), nn.ReLU()]
    return nn.Sequential(*layers, *([nn.MaxPool2d(2)] if pool else []))


def resnet9(*, width: int = 64) -> nn.Sequential:
    """Build a residual network of nine layers, after D. Page (https://github.com/davidcpage/cifar10-fast).

    Args:
        width: Channels of the first layer; later ones have 2, 4 and 8 times as many. 64 makes 6.6 million parameters
            for CIFAR-10, for a GPU; 16 is enough to try things on a processor.

    Returns:
        A network that turns (n, 3, h, w), with sides of 16 or more, into logits (n, 10).
    """
    return nn.Sequential(
        _block(3, width),
        _block(width, 2 * width, pool=True),
        _Residual(2 * width),
        _block(2 * width, 4 * width, pool=True),
        _block(4 * width, 8 * width, pool=True),
        _Residual(8 * width),
        nn.AdaptiveMaxPool2d(1),
        nn.Flatten(),
        nn.Linear(8 * width, 10, bias=False),
        _Scaled(0.125),
    )


@dataclass(frozen=True)
class Result:
    """What came of a run.

    Attributes:
        losses: The mean training loss of each epoch.
        seconds: Wall-clock seconds of training: warming up, compiling and moving data to the device not counted.
        machine: What it ran on.
        dtype: What it computed in, such as ``"bfloat16"``.
    """

    losses: tuple[float, ...]
    seconds: float
    machine: str
    dtype: str

    def line(self, name: str, right: float, bar: float) -> str:
        """Say it on one line, in the form that the labs print.

        Args:
            name: What was trained, such as ``"CIFAR-10, ResNet-9"``.
            right: The share of the test images that is right, 0..1.
            bar: What was asked for, 0..1.
        """
        return (
            f"{name}, {self.machine}: {right:.2%} of the test images are right; the bar is {bar:.2%}."
            f" ({self.seconds:.1f} s)"
        )


def run(
    model: nn.Module,
    photos: ImageBatches,
    *,
    epochs: int,
    lr: float = 0.4,
    momentum: float = 0.9,
    weight_decay: float = 5e-4,
    label_smoothing: float = 0.1,
    dtype: torch.dtype | None = None,
    compile: bool = False,  # noqa: A002 - torch's own name for it
) -> Result:
    """Train a network by stochastic gradient descent with Nesterov's momentum, its learning rate by :func:`schedule`.

    Args:
        model: A network; it is moved to the device of ``photos``, channels last, and trained in place.
        photos: The training images; ``whole_batches=True`` saves compiling, and tuning, for a second shape.
        epochs: How often to go through them, 1 or more.
        lr: The largest learning rate; 0.4 suits batches of 512, about in proportion.
        momentum: As in ``torch.optim.SGD``.
        weight_decay: As in ``torch.optim.SGD``; biases and normalisations are left out of it.
        label_smoothing: As in ``torch.nn.functional.cross_entropy``.
        dtype: What to compute in; what :func:`fastest_dtype` finds unless given.
        compile: Whether to compile the network with ``torch.compile`` first.

    Returns:
        The losses and the time. Three steps are made before the clock starts, and undone: they load kernels, tune
        convolutions and compile.

    Raises:
        ValueError: If ``epochs`` is less than 1, or an epoch has no batch.
    """
    if epochs < 1 or len(photos) < 1:
        raise ValueError(f"Give one epoch or more, of one batch or more; got {epochs} and {len(photos)} batches.")
    device = photos.device
    dtype = dtype or fastest_dtype(device)
    model.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    network: Any = MixedPrecision(model, dtype)
    if compile:
        network = torch.compile(network)
    optimizer = torch.optim.SGD(_groups(model, weight_decay), lr=lr, momentum=momentum, nesterov=momentum > 0)
    loss_of = nn.CrossEntropyLoss(label_smoothing=label_smoothing)
    if device.type == "cuda":
        torch.backends.cudnn.benchmark = True
    network.train()
    _warm_up(network, model, photos, loss_of)

    n_steps, step, totals = epochs * len(photos), 0, []
    _synchronise(device)
    start_s = time.perf_counter()
    for _ in range(epochs):
        total = torch.zeros((), device=device)
        for images, labels in photos:
            step += 1
            for group in optimizer.param_groups:
                group["lr"] = lr * schedule(step / (n_steps + 1))
            loss = loss_of(network(images), labels)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            total += loss.detach()
        totals.append(total / len(photos))
    _synchronise(device)
    seconds = time.perf_counter() - start_s
    losses = tuple(float(total) for total in totals)
    return Result(losses, seconds, machine(device), str(dtype).removeprefix("torch."))


def accuracy(model: nn.Module, photos: ImageBatches, *, mirrored: bool = False) -> float:
    """Return the share of images that a network gets right, in evaluation mode.

    Args:
        model: A network that gives logits, on the device of ``photos``.
        photos: Images without random changes.
        mirrored: Whether to add up the logits of each image and of its mirror image, which costs twice the time and
            is worth about half a percent on photographs.
    """
    training = model.training
    model.eval()
    right = torch.zeros((), dtype=torch.int64, device=photos.device)
    with torch.no_grad():
        for images, labels in photos:
            logits = model(images)
            if mirrored:
                logits = logits + model(images.flip(-1))
            right += (logits.argmax(dim=1) == labels).sum()
    model.train(training)
    share: float = right.item() / max(1, photos._n)
    return share


def without_head(model: nn.Module) -> nn.Module:
    """Return a copy of a network without its last linear layer: what it computes its logits from.

    Args:
        model: A ``torch.nn.Module`` that ends with a ``torch.nn.Linear``.

    Raises:
        ValueError: If it has none.
    """
    features = copy.deepcopy(model)
    names = [name for name, layer in features.named_modules() if isinstance(layer, nn.Linear)]
    if not names:
        raise ValueError("The network has no linear layer; one is expected at its end.")
    if not names[-1]:
        return nn.Identity()
    parent, _, name = names[-1].rpartition(".")
    setattr(features.get_submodule(parent), name, nn.Identity())
    return features


def _groups(model: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Sort parameters into those that decay, the weights, and the others."""
    weights = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    return [{"params": weights, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}]


def _warm_up(network: Any, model: nn.Module, photos: ImageBatches, loss_of: nn.Module) -> None:
    """Make three steps' worth of computation, and undo what it does to the model."""
    before = copy.deepcopy(model.state_dict())
    batches = iter(photos)
    images, labels = next(batches)
    for _ in range(3):
        loss_of(network(images), labels).backward()
    model.zero_grad(set_to_none=True)
    model.load_state_dict(before)


def _synchronise(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
