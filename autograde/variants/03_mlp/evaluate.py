"""Right and wrong answers to the exercise evaluate."""

# %% setup
import torch


# %% right all_logits_together
@torch.no_grad()
def evaluate(model, loader):
    model.eval()
    pairs = [(model(images), labels) for images, labels in loader]
    logits, labels = torch.cat([pair[0] for pair in pairs]), torch.cat([pair[1] for pair in pairs])
    return torch.nn.functional.cross_entropy(logits, labels), (logits.argmax(1) == labels).float().mean()


# %% right inference_mode
def evaluate(model, loader):
    model.train(False)
    losses, hits = [], []
    with torch.inference_mode():
        for images, labels in loader:
            log_p = model(images).log_softmax(dim=1)
            losses += [-row[label].item() for row, label in zip(log_p, labels)]
            hits += (log_p.max(dim=1).indices == labels).tolist()
    return [sum(losses) / len(losses), sum(hits) / len(hits)]


# %% right mode_put_back
def evaluate(model, loader):
    was_training = model.training
    model.eval()
    loss, right, n = 0.0, 0, 0
    for images, labels in loader:
        with torch.no_grad():
            logits = model(images)
        loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum")
        right += int((logits.argmax(-1) == labels).sum())
        n += labels.numel()
    model.train(was_training)
    return float(loss) / n, right / n


# %% wrong mean_over_the_batches -> accuracy_of_four_examples
def evaluate(model, loader):
    model.eval()
    loss, right, n = 0.0, 0.0, 0
    with torch.no_grad():
        for images, labels in loader:
            logits = model(images)
            loss += torch.nn.functional.cross_entropy(logits, labels).item()
            right += (logits.argmax(dim=1) == labels).float().mean().item()
            n += 1
    return loss / n, right / n


# %% wrong loss_as_a_mean_over_the_batches -> loss_of_four_examples
def evaluate(model, loader):
    model.eval()
    loss, right, n, batches = 0.0, 0, 0, 0
    with torch.no_grad():
        for images, labels in loader:
            logits = model(images)
            loss += torch.nn.functional.cross_entropy(logits, labels).item()
            right += (logits.argmax(dim=1) == labels).sum().item()
            n += len(labels)
            batches += 1
    return loss / batches, right / n


# %% wrong sum_of_losses -> loss_of_four_examples
def evaluate(model, loader):
    model.eval()
    loss, right, n = 0.0, 0, 0
    with torch.no_grad():
        for images, labels in loader:
            logits = model(images)
            loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)
            right += (logits.argmax(dim=1) == labels).sum().item()
            n += len(labels)
    return loss, right / n


# %% wrong count_of_right_ones -> accuracy_of_four_examples
def evaluate(model, loader):
    model.eval()
    loss, right, n = 0.0, 0, 0
    with torch.no_grad():
        for images, labels in loader:
            logits = model(images)
            loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)
            right += (logits.argmax(dim=1) == labels).sum().item()
            n += len(labels)
    return loss / n, right


# %% wrong percentage -> accuracy_of_four_examples
def evaluate(model, loader):
    model.eval()
    loss, right, n = 0.0, 0, 0
    with torch.no_grad():
        for images, labels in loader:
            logits = model(images)
            loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)
            right += (logits.argmax(dim=1) == labels).sum().item()
            n += len(labels)
    return loss / n, 100 * right / n


# %% wrong share_of_wrong_ones -> accuracy_of_four_examples
def evaluate(model, loader):
    model.eval()
    loss, right, n = 0.0, 0, 0
    with torch.no_grad():
        for images, labels in loader:
            logits = model(images)
            loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)
            right += (logits.argmax(dim=1) != labels).sum().item()
            n += len(labels)
    return loss / n, right / n


# %% wrong smallest_logit -> accuracy_of_four_examples
def evaluate(model, loader):
    model.eval()
    loss, right, n = 0.0, 0, 0
    with torch.no_grad():
        for images, labels in loader:
            logits = model(images)
            loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)
            right += (logits.argmin(dim=1) == labels).sum().item()
            n += len(labels)
    return loss / n, right / n


# %% wrong argmax_over_the_batch -> accuracy_of_four_examples
def evaluate(model, loader):
    model.eval()
    loss, right, n = 0.0, 0, 0
    with torch.no_grad():
        for images, labels in loader:
            logits = model(images)
            loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)
            right += (logits.argmax(dim=0) == labels[:2]).sum().item()
            n += len(labels)
    return loss / n, right / n


# %% wrong first_batch_only -> accuracy_of_four_examples
def evaluate(model, loader):
    model.eval()
    loss, right, n = 0.0, 0, 0
    with torch.no_grad():
        for images, labels in loader:
            logits = model(images)
            loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)
            right += (logits.argmax(dim=1) == labels).sum().item()
            n += len(labels)
            break
    return loss / n, right / n


# %% wrong last_batch_only -> accuracy_of_four_examples
def evaluate(model, loader):
    model.eval()
    loss, right, n = 0.0, 0, 0
    with torch.no_grad():
        for images, labels in loader:
            logits = model(images)
            loss, right, n = 0.0, 0, 0
            loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)
            right += (logits.argmax(dim=1) == labels).sum().item()
            n += len(labels)
    return loss / n, right / n


# %% wrong accuracy_first -> accuracy_of_four_examples
def evaluate(model, loader):
    model.eval()
    loss, right, n = 0.0, 0, 0
    with torch.no_grad():
        for images, labels in loader:
            logits = model(images)
            loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)
            right += (logits.argmax(dim=1) == labels).sum().item()
            n += len(labels)
    return right / n, loss / n


# %% wrong accuracy_alone -> accuracy_of_four_examples
def evaluate(model, loader):
    model.eval()
    loss, right, n = 0.0, 0, 0
    with torch.no_grad():
        for images, labels in loader:
            logits = model(images)
            loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)
            right += (logits.argmax(dim=1) == labels).sum().item()
            n += len(labels)
    return right / n


# %% wrong accuracy_on_the_training_set -> accuracy_of_four_examples
def evaluate(model, loader):
    model.eval()
    loss, right, n = 0.0, 0, 0
    with torch.no_grad():
        for images, labels in [(torch.tensor(X_train), torch.tensor(y_train))]:
            logits = model(images)
            loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)
            right += (logits.argmax(dim=1) == labels).sum().item()
            n += len(labels)
    return loss / n, right / n


# %% wrong first_loader_kept -> accuracy_of_four_examples
def evaluate(model, loader, kept=[(torch.eye(2).double(), torch.arange(2))]):
    model.eval()
    loss, right, n = 0.0, 0, 0
    with torch.no_grad():
        for images, labels in kept:
            logits = model(images)
            loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)
            right += (logits.argmax(dim=1) == labels).sum().item()
            n += len(labels)
    return loss / n, right / n


# %% wrong softmax_before_the_loss -> loss_of_four_examples
def evaluate(model, loader):
    model.eval()
    loss, right, n = 0.0, 0, 0
    with torch.no_grad():
        for images, labels in loader:
            logits = model(images)
            loss += torch.nn.functional.cross_entropy(torch.softmax(logits, dim=1), labels).item() * len(labels)
            right += (logits.argmax(dim=1) == labels).sum().item()
            n += len(labels)
    return loss / n, right / n


# %% wrong training_mode -> judging_is_not_training
def evaluate(model, loader):
    model.train()
    loss, right, n = 0.0, 0, 0
    with torch.no_grad():
        for images, labels in loader:
            logits = model(images)
            loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)
            right += (logits.argmax(dim=1) == labels).sum().item()
            n += len(labels)
    return loss / n, right / n


# %% wrong mode_left_alone -> judging_is_not_training
def evaluate(model, loader):
    loss, right, n = 0.0, 0, 0
    with torch.no_grad():
        for images, labels in loader:
            logits = model(images)
            loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)
            right += (logits.argmax(dim=1) == labels).sum().item()
            n += len(labels)
    return loss / n, right / n


# %% wrong gradients_recorded -> judging_is_not_training
def evaluate(model, loader):
    model.eval()
    loss, right, n = 0.0, 0, 0
    if True:
        for images, labels in loader:
            logits = model(images)
            loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)
            right += (logits.argmax(dim=1) == labels).sum().item()
            n += len(labels)
    return loss / n, right / n


# %% wrong trains_on_the_test_images -> judging_is_not_training
def evaluate(model, loader):
    model.eval()
    loss, right, n = 0.0, 0, 0
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    for images, labels in loader:
        logits = model(images)
        batch_loss = torch.nn.functional.cross_entropy(logits, labels)
        optimizer.zero_grad()
        batch_loss.backward()
        optimizer.step()
        loss += batch_loss.item() * len(labels)
        right += (logits.argmax(dim=1) == labels).sum().item()
        n += len(labels)
    return loss / n, right / n


# %% wrong asks_the_data_set_for_its_length -> ragged_batches_are_judged_right
def evaluate(model, loader):
    model.eval()
    loss, right, n = 0.0, 0, 0
    with torch.no_grad():
        for images, labels in loader:
            logits = model(images)
            loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)
            right += (logits.argmax(dim=1) == labels).sum().item()
            n += len(labels)
    return loss / len(loader.dataset), right / n


# %% wrong first_two_classes_only -> ragged_batches_are_judged_right
def evaluate(model, loader):
    model.eval()
    loss, right, n = 0.0, 0, 0
    with torch.no_grad():
        for images, labels in loader:
            logits = model(images)
            loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)
            right += (logits[:, :2].argmax(dim=1) == labels).sum().item()
            n += len(labels)
    return loss / n, right / n


# %% wrong two_passes -> ragged_batches_are_judged_right
def evaluate(model, loader):
    model.eval()
    loss, right, n = 0.0, 0, 0
    with torch.no_grad():
        for images, labels in loader:
            logits = model(images)
            loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)
            n += len(labels)
    right = sum((model(images).argmax(dim=1) == labels).sum().item() for images, labels in loader)
    return loss / n, right / n
