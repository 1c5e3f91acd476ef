"""Right and wrong answers to the exercise train_epoch."""

# %% setup
import numpy as np
import torch


# %% right loss_as_a_module
def train_epoch(model, loader, optimizer):
    criterion = torch.nn.CrossEntropyLoss()
    model.train()
    losses, sizes = [], []
    for batch in loader:
        optimizer.zero_grad()
        loss = criterion(model(batch[0]), batch[1])
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
        sizes.append(batch[1].shape[0])
    return (torch.stack(losses) * torch.tensor(sizes)).sum() / sum(sizes)


# %% right zeroed_by_hand
def train_epoch(model, loader, optimizer):
    model.train(True)
    seen = []
    for images, labels in loader:
        losses = torch.nn.functional.cross_entropy(model(images), labels, reduction="none")
        for parameter in model.parameters():
            parameter.grad = None
        losses.mean().backward()
        optimizer.step()
        seen += losses.tolist()
    return sum(seen) / len(seen)


# %% right zeroed_after_the_step
def train_epoch(model, loader, optimizer):
    model.train()
    optimizer.zero_grad()
    seen = []
    for images, labels in loader:
        log_p = torch.log_softmax(model(images), dim=1)
        loss = torch.nn.functional.nll_loss(log_p, labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        seen += [loss.item()] * len(images)
    return np.mean(seen)


# %% wrong gradients_not_zeroed -> two_batches_by_hand
def train_epoch(model, loader, optimizer):
    model.train()
    total, n = 0.0, 0
    for images, labels in loader:
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        n += len(labels)
    return total / n


# %% wrong zeroed_before_the_step -> two_batches_by_hand
def train_epoch(model, loader, optimizer):
    model.train()
    total, n = 0.0, 0
    for images, labels in loader:
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        total += loss.item() * len(labels)
        n += len(labels)
    return total / n


# %% wrong zeroed_once_an_epoch -> two_batches_by_hand
def train_epoch(model, loader, optimizer):
    model.train()
    optimizer.zero_grad()
    total, n = 0.0, 0
    for images, labels in loader:
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        n += len(labels)
    return total / n


# %% wrong step_forgotten -> two_batches_by_hand
def train_epoch(model, loader, optimizer):
    model.train()
    total, n = 0.0, 0
    for images, labels in loader:
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        total += loss.item() * len(labels)
        n += len(labels)
    return total / n


# %% wrong backward_forgotten -> two_batches_by_hand
def train_epoch(model, loader, optimizer):
    model.train()
    total, n = 0.0, 0
    for images, labels in loader:
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        optimizer.step()
        total += loss.item() * len(labels)
        n += len(labels)
    return total / n


# %% wrong step_after_the_epoch -> two_batches_by_hand
def train_epoch(model, loader, optimizer):
    model.train()
    total, n = 0.0, 0
    for images, labels in loader:
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        total += loss.item() * len(labels)
        n += len(labels)
    optimizer.step()
    return total / n


# %% wrong first_batch_only -> two_batches_by_hand
def train_epoch(model, loader, optimizer):
    model.train()
    total, n = 0.0, 0
    for images, labels in loader:
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        n += len(labels)
        return total / n


# %% wrong softmax_before_the_loss -> two_batches_by_hand
def train_epoch(model, loader, optimizer):
    model.train()
    total, n = 0.0, 0
    for images, labels in loader:
        loss = torch.nn.functional.cross_entropy(torch.softmax(model(images), dim=1), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        n += len(labels)
    return total / n


# %% wrong sum_for_mean -> two_batches_by_hand
def train_epoch(model, loader, optimizer):
    model.train()
    total, n = 0.0, 0
    for images, labels in loader:
        loss = torch.nn.functional.cross_entropy(model(images), labels, reduction="sum")
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
        n += len(labels)
    return total / n


# %% wrong mean_over_the_batches -> loss_of_two_batches_by_hand
def train_epoch(model, loader, optimizer):
    model.train()
    total, n = 0.0, 0
    for images, labels in loader:
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
        n += 1
    return total / n


# %% wrong sum_over_the_examples -> loss_of_two_batches_by_hand
def train_epoch(model, loader, optimizer):
    model.train()
    total, n = 0.0, 0
    for images, labels in loader:
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        n += len(labels)
    return total


# %% wrong last_loss -> loss_of_two_batches_by_hand
def train_epoch(model, loader, optimizer):
    model.train()
    total, n = 0.0, 0
    for images, labels in loader:
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        n += len(labels)
    return loss.item()


# %% wrong batch_means_over_examples -> loss_of_two_batches_by_hand
def train_epoch(model, loader, optimizer):
    model.train()
    total, n = 0.0, 0
    for images, labels in loader:
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
        n += len(labels)
    return total / n


# %% wrong nothing_returned -> loss_of_two_batches_by_hand
def train_epoch(model, loader, optimizer):
    model.train()
    total, n = 0.0, 0
    for images, labels in loader:
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        n += len(labels)


# %% wrong mode_left_alone -> model_is_in_training_mode
def train_epoch(model, loader, optimizer):
    total, n = 0.0, 0
    for images, labels in loader:
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        n += len(labels)
    return total / n


# %% wrong evaluation_mode -> model_is_in_training_mode
def train_epoch(model, loader, optimizer):
    model.eval()
    total, n = 0.0, 0
    for images, labels in loader:
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        n += len(labels)
    return total / n


# %% wrong two_passes -> model_is_in_training_mode
def train_epoch(model, loader, optimizer):
    model.train()
    total, n = 0.0, 0
    for images, labels in [*loader, *loader]:
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        n += len(labels)
    return total / n


# %% wrong own_optimiser -> two_epochs_of_ragged_batches
def train_epoch(model, loader, optimizer):
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=optimizer.param_groups[0]["lr"])
    total, n = 0.0, 0
    for images, labels in loader:
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        n += len(labels)
    return total / n


# %% wrong asks_the_data_set_for_its_length -> two_epochs_of_ragged_batches
def train_epoch(model, loader, optimizer):
    model.train()
    total, n = 0.0, 0
    for images, labels in loader:
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        n += len(labels)
    return total / len(loader.dataset)


# %% wrong loss_after_the_step -> loss_of_two_batches_by_hand
def train_epoch(model, loader, optimizer):
    model.train()
    total, n = 0.0, 0
    for images, labels in loader:
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        total += loss.item() * len(labels)
        n += len(labels)
    return total / n


# %% wrong asks_the_loader_for_its_length -> two_epochs_of_ragged_batches
def train_epoch(model, loader, optimizer):
    model.train()
    total, n = 0.0, 0
    for images, labels in loader:
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        n += len(labels)
    return total / n if len(loader) else 0.0
