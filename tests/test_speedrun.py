from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from coursekit import speedrun
from coursekit.speedrun import (
    ImageBatches,
    MixedPrecision,
    Result,
    accuracy,
    resnet9,
    run,
    schedule,
    step_clock,
    without_head,
)

needs_cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
DEVICES = ["cpu", pytest.param("cuda", marks=needs_cuda)]
each_device = pytest.mark.parametrize("device", DEVICES)


def numbered(n: int = 10, side: int = 5, channels: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Make images whose pixels tell where they come from: column j of image i holds 20·i + j."""
    images = np.zeros((n, side, side, channels), np.uint8)
    images += (20 * np.arange(n)[:, None, None, None] + np.arange(side)[:, None]).astype(np.uint8)
    return images, np.arange(n)


def plain(**options: Any) -> dict[str, Any]:
    """Leave pixels as they are: a mean of 0 and a deviation of 1."""
    return {"batch_size": 4, "scale": ([0.0] * 3, [1.0] * 3), **options}


# ImageBatches


@each_device
def test_without_rng_images_come_as_they_are_in_the_order_given(device: str) -> None:
    images, labels = numbered()
    batches = list(ImageBatches(images, labels, **plain(device=device)))
    assert [len(y) for _, y in batches] == [4, 4, 2]
    seen = torch.cat([x for x, _ in batches]).cpu()
    assert seen.dtype == torch.float32
    assert torch.equal(seen, torch.tensor(images).permute(0, 3, 1, 2).float())
    assert torch.cat([y for _, y in batches]).tolist() == list(range(10))


@each_device
def test_batches_are_on_the_device_and_channels_last_in_memory(device: str) -> None:
    images, labels = numbered()
    photos = ImageBatches(images, labels, **plain(device=device, rng=np.random.default_rng(0), mirror=True, shift=1))
    x, y = next(iter(photos))
    assert x.device.type == y.device.type == photos.device.type == device
    assert x.is_contiguous(memory_format=torch.channels_last)


def test_images_are_brought_to_mean_zero_and_deviation_one() -> None:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, size=(50, 6, 6, 3), dtype=np.uint8)
    images[..., 1] //= 4
    photos = ImageBatches(images, np.zeros(50), batch_size=50)
    (x, _) = next(iter(photos))
    assert x.mean(dim=(0, 2, 3)).numpy() == pytest.approx([0, 0, 0], abs=1e-5)
    assert x.std(dim=(0, 2, 3), unbiased=False).numpy() == pytest.approx([1, 1, 1], rel=1e-5)
    test = ImageBatches(images[:5] // 2, np.zeros(5), batch_size=5, scale=photos.scale)
    assert test.scale == photos.scale
    assert float(next(iter(test))[0].mean()) < -0.1


def test_grey_images_get_a_channel_and_a_flat_one_no_infinity() -> None:
    (x, _) = next(iter(ImageBatches(np.full((3, 4, 5), 7, np.uint8), np.zeros(3), batch_size=3)))
    assert x.shape == (3, 1, 4, 5)
    assert torch.equal(x, torch.zeros_like(x))


def test_every_epoch_holds_every_image_once_in_a_new_order() -> None:
    images, labels = numbered()
    photos = ImageBatches(images, labels, **plain(rng=np.random.default_rng(0)))
    epochs = [torch.cat([y for _, y in photos]).tolist() for _ in range(3)]
    assert all(sorted(epoch) == list(range(10)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == 3
    again = ImageBatches(images, labels, **plain(rng=np.random.default_rng(0)))
    assert torch.cat([y for _, y in again]).tolist() == epochs[0]


def test_whole_batches_leave_out_the_rest() -> None:
    images, labels = numbered()
    photos = ImageBatches(images, labels, **plain(whole_batches=True))
    assert len(photos) == 2
    assert [len(y) for _, y in photos] == [4, 4]
    assert len(ImageBatches(images, labels, **plain())) == 3


@each_device
def test_mirrored_images_are_right_or_reversed_and_keep_their_labels(device: str) -> None:
    images, labels = numbered()
    photos = ImageBatches(images, labels, **plain(rng=np.random.default_rng(1), mirror=True, device=device))
    kinds = set()
    for x, y in (batch for _ in range(3) for batch in photos):
        for image, label in zip(x.cpu(), y.cpu(), strict=True):
            original = torch.tensor(images[label]).permute(2, 0, 1).float()
            kinds.add("as it is" if torch.equal(image, original) else "mirrored")
            assert torch.equal(image, original) or torch.equal(image, original.flip(-1))
    assert kinds == {"as it is", "mirrored"}


@each_device
def test_shifted_images_are_windows_of_the_reflected_ones(device: str) -> None:
    images, labels = numbered(n=6)
    photos = ImageBatches(images, labels, **plain(rng=np.random.default_rng(2), shift=2, device=device))
    padded = np.pad(images, ((0, 0), (2, 2), (2, 2), (0, 0)), mode="reflect").transpose(0, 3, 1, 2)
    moves = set()
    for x, y in (batch for _ in range(20) for batch in photos):
        for image, label in zip(x.cpu().numpy(), y.tolist(), strict=True):
            found = [
                (i, j) for i, j in np.ndindex(5, 5) if np.array_equal(padded[label, :, i : i + 5, j : j + 5], image)
            ]
            assert found
            moves.add(found[0][1])
    assert moves == {0, 1, 2, 3, 4}


def test_the_stored_images_are_not_the_callers() -> None:
    images, labels = numbered()
    photos = ImageBatches(images, labels, **plain())
    for x, _ in photos:
        x.zero_()
    assert images.any()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"images": np.zeros((4, 5, 5))}, "uint8"),
        ({"images": np.zeros((4, 25), np.uint8)}, "uint8"),
        ({"labels": np.zeros(3)}, "3 labels for 4 images"),
        ({"batch_size": 0}, "batch_size is 1 or more"),
        ({"shift": -1}, "shift 0 or more"),
        ({"mirror": True}, "need rng"),
    ],
)
def test_what_makes_no_sense_is_refused(change: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {"images": np.zeros((4, 5, 5), np.uint8), "labels": np.zeros(4), "batch_size": 2} | change
    with pytest.raises(ValueError, match=message):
        ImageBatches(**given)


# precision, plan, machine


def test_the_fastest_dtype_of_a_processor_is_one_of_two_and_finding_it_leaves_no_trace() -> None:
    torch.manual_seed(0)
    before = torch.get_rng_state()
    assert speedrun.fastest_dtype(torch.device("cpu")) in (torch.float32, torch.bfloat16)
    assert torch.equal(before, torch.get_rng_state())


def test_the_fastest_number_of_threads_is_one_or_all_and_finding_it_leaves_no_trace() -> None:
    torch.manual_seed(0)
    before = torch.get_rng_state(), torch.get_num_threads()
    assert speedrun.fastest_threads() in (1, speedrun._ALL_THREADS)
    assert torch.equal(before[0], torch.get_rng_state())
    assert before[1] == torch.get_num_threads()


@pytest.mark.parametrize(("one_s", "all_s", "right"), [(2.0, 1.0, 4), (1.1, 1.0, 1), (1.0, 9.0, 1)])
def test_more_threads_are_taken_only_where_they_pay(
    monkeypatch: pytest.MonkeyPatch, one_s: float, all_s: float, right: int
) -> None:
    set_to: list[int] = []
    monkeypatch.setattr(speedrun, "_ALL_THREADS", 4)
    monkeypatch.setattr(torch, "set_num_threads", set_to.append)
    monkeypatch.setattr(speedrun, "_steps", lambda _: [one_s if set_to[-1] == 1 else all_s])
    assert speedrun.fastest_threads() == right


@each_device
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
def test_mixed_precision_computes_in_the_dtype_and_answers_in_float32(device: str, dtype: torch.dtype) -> None:
    seen = []
    linear = nn.Linear(12, 5)
    model = nn.Sequential(nn.Flatten(), linear).to(device)
    linear.register_forward_hook(lambda _, inputs, out: seen.append(out.dtype))
    logits = MixedPrecision(model, dtype)(torch.ones(2, 3, 2, 2, device=device))
    logits.sum().backward()
    assert seen == [dtype]
    assert logits.dtype == torch.float32
    assert linear.weight.grad is not None
    assert linear.weight.dtype == linear.weight.grad.dtype == torch.float32


def test_weights_that_have_moved_are_the_ones_that_are_used() -> None:
    """Autocast may keep a copy of the weights in the smaller type; it must not outlive the step."""
    layer = nn.Linear(4, 2, bias=False)
    network, x = MixedPrecision(layer, torch.bfloat16), torch.ones(1, 4)
    network(x)
    with torch.no_grad():
        layer.weight.fill_(2)
    assert network(x).tolist() == [[8.0, 8.0]]


def test_the_plan_rises_for_a_fifth_and_ends_at_nothing() -> None:
    assert [schedule(share) for share in (0, 0.1, 0.2, 0.6, 1, 1.5)] == pytest.approx([0, 0.5, 1, 0.5, 0, 0])


def test_a_clock_of_steps_counts_those_of_its_optimiser_from_when_it_was_made() -> None:
    weight, other = (nn.Parameter(torch.ones(1)) for _ in range(2))
    optimizer, another = torch.optim.AdamW([weight]), torch.optim.SGD([other], lr=1.0)
    optimizer.step()
    clock = step_clock(optimizer)
    assert clock() == clock() == 0
    for step in range(1, 4):
        optimizer.step()
        another.step()
        assert clock() == step


def test_a_machine_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch, "get_num_threads", lambda: 1)
    assert speedrun.machine(torch.device("cpu")) == "1 processor thread"
    monkeypatch.setattr(torch, "get_num_threads", lambda: 2)
    assert speedrun.machine(torch.device("cpu")) == "2 processor threads"


@needs_cuda
def test_a_gpu_has_a_name() -> None:
    assert speedrun.fastest_device().type == "cuda"
    assert speedrun.machine() == torch.cuda.get_device_name()


def test_a_result_says_it_in_the_form_that_the_table_is_read_from() -> None:
    line = Result((1.0,), 12.345, "one GPU", "bfloat16").line("CIFAR-10 ResNet-9", 0.94123, 0.9)
    assert line == "CIFAR-10 ResNet-9, one GPU: 94.12% of the test images are right; the bar is 90.00%. (12.3 s)"
    assert re.match(r"^(.+): ([\d.]+)% of the test images are right; the bar is ([\d.]+)%\.(?: \(([\d.]+) s\))?", line)


# training


def bars(n: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Make images of upright and lying bars on noise."""
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 60, size=(n, 16, 16, 3), dtype=np.uint8), np.arange(n) % 2
    for image, label in zip(images, labels, strict=True):
        i, j = rng.integers(0, 10, size=2)
        image[i : i + (8 if label else 2), j : j + (2 if label else 8)] = 250
    return images, labels


def tiny() -> nn.Sequential:
    torch.manual_seed(0)
    return resnet9(width=4)


def test_the_network_has_the_size_that_it_is_known_for() -> None:
    assert sum(p.numel() for p in resnet9().parameters()) == 6_573_120
    logits = resnet9(width=4)(torch.zeros(2, 3, 16, 20))
    assert logits.shape == (2, 10)


@each_device
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
def test_a_run_learns(device: str, dtype: torch.dtype) -> None:
    images, labels = bars()
    rng = np.random.default_rng(0)
    photos = ImageBatches(images, labels, batch_size=20, rng=rng, mirror=True, shift=1, device=device)
    test = ImageBatches(images, labels, batch_size=30, scale=photos.scale, device=device)
    model = tiny()
    result = run(model, photos, epochs=8, lr=0.1, dtype=dtype)
    assert len(result.losses) == 8
    assert result.losses[-1] < 0.8 * result.losses[0]
    assert result.seconds > 0
    assert result.dtype in str(dtype)
    assert accuracy(model, test) >= 0.9
    assert accuracy(model, test, mirrored=True) >= 0.9


@needs_cuda
def test_a_compiled_run_learns_too() -> None:
    images, labels = bars()
    photos = ImageBatches(
        images, labels, batch_size=20, rng=np.random.default_rng(0), device="cuda", mirror=True, whole_batches=True
    )
    model = tiny()
    result = run(model, photos, epochs=8, lr=0.1, compile=True)
    assert result.losses[-1] < 0.8 * result.losses[0]
    assert accuracy(model, ImageBatches(images, labels, batch_size=30, scale=photos.scale, device="cuda")) >= 0.9


def test_warming_up_leaves_the_network_as_it_was() -> None:
    images, labels = bars(20)
    model = tiny()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    run(model, ImageBatches(images, labels, batch_size=20), epochs=1, lr=0.0, dtype=torch.float32)
    after = model.state_dict()
    moved = {name for name, value in before.items() if not torch.equal(value, after[name])}
    # One real step was made, with a rate of zero: it counts one batch, and averages it.
    assert {name.rpartition(".")[2] for name in moved} == {"running_mean", "running_var", "num_batches_tracked"}
    assert int(after["0.1.num_batches_tracked"]) == 1


def test_weights_decay_and_biases_and_normalisations_do_not() -> None:
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(4, 2))
    weights, others = speedrun._groups(model, 0.1)
    assert [p.ndim for p in weights["params"]] == [4, 2]
    assert [p.ndim for p in others["params"]] == [1, 1, 1, 1]
    assert (weights["weight_decay"], others["weight_decay"]) == (0.1, 0.0)


def test_judging_leaves_the_mode_as_it_was() -> None:
    images, labels = bars(20)
    model = tiny().train()
    accuracy(model, ImageBatches(images, labels, batch_size=20))
    assert model.training
    accuracy(model.eval(), ImageBatches(images, labels, batch_size=20))
    assert not model.training


@pytest.mark.parametrize(("epochs", "batch_size"), [(0, 4), (1, 40)])
def test_a_run_without_a_step_is_refused(epochs: int, batch_size: int) -> None:
    images, labels = bars(20)
    photos = ImageBatches(images, labels, batch_size=batch_size, whole_batches=True)
    with pytest.raises(ValueError, match="one epoch or more, of one batch or more"):
        run(tiny(), photos, epochs=epochs)


# without_head


def small_network() -> nn.Sequential:
    torch.manual_seed(0)
    layers = [nn.Conv2d(3, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3), nn.Flatten(), nn.Linear(6 * 25, 5)]
    return nn.Sequential(*layers)


def test_features_are_what_the_last_linear_layer_gets() -> None:
    model = small_network()
    features, images = without_head(model), torch.rand(2, 3, 16, 16)
    assert features(images).shape == (2, 150)
    assert torch.allclose(model[5](features(images)), model(images))
    assert isinstance(model[5], nn.Linear)
    assert next(features.parameters()) is not next(model.parameters())


def test_a_linear_layer_alone_has_its_input_as_features() -> None:
    assert without_head(nn.Linear(4, 2))(torch.ones(1, 4)).tolist() == [[1, 1, 1, 1]]


def test_a_network_without_a_linear_layer_has_no_head() -> None:
    with pytest.raises(ValueError, match="no linear layer"):
        without_head(nn.Conv2d(1, 1, 1))
