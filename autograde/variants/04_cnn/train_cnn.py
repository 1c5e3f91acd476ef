"""Right and wrong answers to the exercise train_cnn."""

# %% setup
import time

import numpy as np
import torch


# %% right generator_of_batches
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    def forever():
        while True:
            yield from loader

    model.train()
    end, losses = clock() + budget_s, []
    for images, labels in forever():
        left = (end - clock()) / budget_s
        if left <= 0:
            break
        for group in optimizer.param_groups:
            group["lr"] = lr * min((1 - left) / 0.2, left / 0.8)
        optimizer.zero_grad()
        loss = torch.nn.CrossEntropyLoss()(model(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(float(loss))
    return losses


# %% right iterator_renewed
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    start, batches, losses = clock(), iter(loader), []
    while (share := (clock() - start) / budget_s) < 1:
        try:
            images, labels = next(batches)
        except StopIteration:
            batches = iter(loader)
            images, labels = next(batches)
        for group in optimizer.param_groups:
            group["lr"] = lr * (5 * share if share < 0.2 else 1.25 * (1 - share))
        model.train()
        loss = -torch.log_softmax(model(images), dim=1)[torch.arange(len(labels)), labels].mean()
        model.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses)


# %% right plan_by_interpolation
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start, spent = [], clock(), False
    while not spent:
        for images, labels in loader:
            share = (clock() - start) / budget_s
            spent = share >= 1
            if spent:
                break
            rate = float(np.interp(share, [0, 0.2, 1], [0, lr, 0]))
            for group in optimizer.param_groups:
                group.update(lr=rate)
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


# %% wrong one_step_too_many -> budget_is_kept
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start = [], clock()
    while True:
        for images, labels in loader:
            share = (clock() - start) / budget_s
            if share > 1:
                return losses
            for group in optimizer.param_groups:
                group["lr"] = lr * min(share / 0.2, (1 - share) / 0.8)
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())


# %% wrong time_on_the_clock_taken_for_time_used -> budget_is_kept
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start = [], clock()
    while True:
        for images, labels in loader:
            share = clock() / budget_s
            if share >= 1:
                return losses
            for group in optimizer.param_groups:
                group["lr"] = lr * min(share / 0.2, (1 - share) / 0.8)
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())


# %% wrong own_clock -> budget_is_kept
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start = [], time.perf_counter()
    while True:
        for images, labels in loader:
            share = (time.perf_counter() - start) / budget_s
            if share >= 1:
                return losses
            for group in optimizer.param_groups:
                group["lr"] = lr * min(share / 0.2, (1 - share) / 0.8)
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())


# %% wrong budget_of_steps -> budget_is_kept
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start = [], clock()
    while True:
        for images, labels in loader:
            share = len(losses) / budget_s / 128
            if share >= 1:
                return losses
            for group in optimizer.param_groups:
                group["lr"] = lr * min(share / 0.2, (1 - share) / 0.8)
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())


# %% wrong looks_at_the_clock_after_each_epoch -> budget_is_kept
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start = [], clock()
    while clock() - start < budget_s:
        for images, labels in loader:
            share = min(1, (clock() - start) / budget_s)
            for group in optimizer.param_groups:
                group["lr"] = lr * min(share / 0.2, (1 - share) / 0.8)
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


# %% wrong one_epoch_only -> epochs_follow_one_another
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start = [], clock()
    for images, labels in loader:
        share = (clock() - start) / budget_s
        for group in optimizer.param_groups:
            group["lr"] = lr * min(share / 0.2, (1 - share) / 0.8)
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong first_batch_again_and_again -> epochs_follow_one_another
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start = [], clock()
    while True:
        images, labels = next(iter(loader))
        share = (clock() - start) / budget_s
        if share >= 1:
            return losses
        for group in optimizer.param_groups:
            group["lr"] = lr * min(share / 0.2, (1 - share) / 0.8)
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())


# %% wrong never_ends -> budget_is_kept
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start = [], clock()
    while True:
        for images, labels in loader:
            share = min(1, (clock() - start) / budget_s)
            for group in optimizer.param_groups:
                group["lr"] = lr * min(share / 0.2, (1 - share) / 0.8)
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())


# %% wrong rate_never_set -> rate_follows_the_plan
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start = [], clock()
    while True:
        for images, labels in loader:
            share = (clock() - start) / budget_s
            if share >= 1:
                return losses
            for group in optimizer.param_groups:
                pass
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())


# %% wrong rate_constant -> rate_follows_the_plan
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start = [], clock()
    while True:
        for images, labels in loader:
            share = (clock() - start) / budget_s
            if share >= 1:
                return losses
            for group in optimizer.param_groups:
                group["lr"] = lr
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())


# %% wrong no_warm_up -> rate_follows_the_plan
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start = [], clock()
    while True:
        for images, labels in loader:
            share = (clock() - start) / budget_s
            if share >= 1:
                return losses
            for group in optimizer.param_groups:
                group["lr"] = lr * (1 - share)
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())


# %% wrong lr_forgotten -> rate_follows_the_plan
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start = [], clock()
    while True:
        for images, labels in loader:
            share = (clock() - start) / budget_s
            if share >= 1:
                return losses
            for group in optimizer.param_groups:
                group["lr"] = min(share / 0.2, (1 - share) / 0.8)
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())


# %% wrong rate_multiplied_up -> rate_follows_the_plan
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start = [], clock()
    while True:
        for images, labels in loader:
            share = (clock() - start) / budget_s
            if share >= 1:
                return losses
            for group in optimizer.param_groups:
                group["lr"] *= min(share / 0.2, (1 - share) / 0.8)
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())


# %% wrong maximum_for_minimum -> rate_follows_the_plan
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start = [], clock()
    while True:
        for images, labels in loader:
            share = (clock() - start) / budget_s
            if share >= 1:
                return losses
            for group in optimizer.param_groups:
                group["lr"] = lr * max(share / 0.2, (1 - share) / 0.8)
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())


# %% wrong first_group_only -> steps_go_where_the_plan_leads
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start = [], clock()
    while True:
        for images, labels in loader:
            share = (clock() - start) / budget_s
            if share >= 1:
                return losses
            for group in optimizer.param_groups[:1]:
                group["lr"] = lr * min(share / 0.2, (1 - share) / 0.8)
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())


# %% wrong losses_averaged -> losses_are_listed
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start = [], clock()
    while True:
        for images, labels in loader:
            share = (clock() - start) / budget_s
            if share >= 1:
                return sum(losses) / len(losses)
            for group in optimizer.param_groups:
                group["lr"] = lr * min(share / 0.2, (1 - share) / 0.8)
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())


# %% wrong loss_summed_over_the_batch -> losses_are_listed
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start = [], clock()
    while True:
        for images, labels in loader:
            share = (clock() - start) / budget_s
            if share >= 1:
                return losses
            for group in optimizer.param_groups:
                group["lr"] = lr * min(share / 0.2, (1 - share) / 0.8)
            loss = torch.nn.functional.cross_entropy(model(images), labels, reduction="sum")
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())


# %% wrong nothing_returned -> losses_are_listed
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start = [], clock()
    while True:
        for images, labels in loader:
            share = (clock() - start) / budget_s
            if share >= 1:
                return None
            for group in optimizer.param_groups:
                group["lr"] = lr * min(share / 0.2, (1 - share) / 0.8)
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())


# %% wrong one_loss_an_epoch -> losses_are_listed
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start = [], clock()
    while True:
        for images, labels in loader:
            share = (clock() - start) / budget_s
            if share >= 1:
                return losses[::3]
            for group in optimizer.param_groups:
                group["lr"] = lr * min(share / 0.2, (1 - share) / 0.8)
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())


# %% wrong evaluation_mode -> network_is_put_into_training_mode
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.eval()
    losses, start = [], clock()
    while True:
        for images, labels in loader:
            share = (clock() - start) / budget_s
            if share >= 1:
                return losses
            for group in optimizer.param_groups:
                group["lr"] = lr * min(share / 0.2, (1 - share) / 0.8)
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())


# %% wrong mode_left_as_it_is -> network_is_put_into_training_mode
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    losses, start = [], clock()
    while True:
        for images, labels in loader:
            share = (clock() - start) / budget_s
            if share >= 1:
                return losses
            for group in optimizer.param_groups:
                group["lr"] = lr * min(share / 0.2, (1 - share) / 0.8)
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())


# %% wrong gradients_not_zeroed -> gradients_start_from_zero
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start = [], clock()
    while True:
        for images, labels in loader:
            share = (clock() - start) / budget_s
            if share >= 1:
                return losses
            for group in optimizer.param_groups:
                group["lr"] = lr * min(share / 0.2, (1 - share) / 0.8)
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())


# %% wrong zeroed_between_backward_and_step -> gradients_start_from_zero
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start = [], clock()
    while True:
        for images, labels in loader:
            share = (clock() - start) / budget_s
            if share >= 1:
                return losses
            for group in optimizer.param_groups:
                group["lr"] = lr * min(share / 0.2, (1 - share) / 0.8)
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.zero_grad()
            optimizer.step()
            losses.append(loss.item())


# %% wrong no_step -> rate_follows_the_plan
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start = [], clock()
    while True:
        for images, labels in loader:
            share = (clock() - start) / budget_s
            if share >= 1:
                return losses
            for group in optimizer.param_groups:
                group["lr"] = lr * min(share / 0.2, (1 - share) / 0.8)
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            losses.append(loss.item())


# %% wrong softmax_twice -> gradients_start_from_zero
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start = [], clock()
    while True:
        for images, labels in loader:
            share = (clock() - start) / budget_s
            if share >= 1:
                return losses
            for group in optimizer.param_groups:
                group["lr"] = lr * min(share / 0.2, (1 - share) / 0.8)
            loss = torch.nn.functional.cross_entropy(torch.softmax(model(images), dim=1), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())


# %% wrong gradient_clipped -> steps_go_where_the_plan_leads
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    model.train()
    losses, start = [], clock()
    while True:
        for images, labels in loader:
            share = (clock() - start) / budget_s
            if share >= 1:
                return losses
            for group in optimizer.param_groups:
                group["lr"] = lr * min(share / 0.2, (1 - share) / 0.8)
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 0.3)
            optimizer.step()
            losses.append(loss.item())
