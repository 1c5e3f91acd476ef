"""Right and wrong answers to the exercise transfer."""

# %% setup
import torch


# %% right no_grad
def transfer(features, X, y, n_classes, *, lr, steps):
    for parameter in features.parameters():
        parameter.requires_grad = False
    features.eval()
    with torch.no_grad():
        codes = features(X)
    head = torch.nn.Linear(codes.shape[-1], n_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr)
    criterion = torch.nn.CrossEntropyLoss()
    for _ in range(steps):
        optimizer.zero_grad()
        criterion(head(codes), y).backward()
        optimizer.step()
    model = torch.nn.Sequential(features, head)
    model.eval()
    return model


# %% right features_at_every_step
def transfer(features, X, y, n_classes, *, lr, steps):
    features.requires_grad_(False).eval()
    model = torch.nn.Sequential(features, torch.nn.Linear(features(X[:1]).shape[1], n_classes))
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=lr)
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval()


# %% right a_module_of_its_own
def transfer(features, X, y, n_classes, *, lr, steps):
    class Reader(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.features = features.requires_grad_(False)
            self.head = torch.nn.Linear(features.eval()(X).shape[1], n_classes)

        def forward(self, x):
            return self.head(self.features(x))

    reader = Reader().eval()
    optimizer = torch.optim.Adam(reader.head.parameters(), lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(reader(X), y).backward()
        optimizer.step()
    return reader


# %% wrong everything_is_trained -> features_stay_as_they_were
def transfer(features, X, y, n_classes, *, lr, steps):
    model = torch.nn.Sequential(features, torch.nn.Linear(features.eval()(X).shape[1], n_classes))
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval()


# %% wrong averages_move_on -> features_stay_as_they_were
def transfer(features, X, y, n_classes, *, lr, steps):
    features.requires_grad_(False)
    model = torch.nn.Sequential(features, torch.nn.Linear(features(X).shape[1], n_classes))
    optimizer = torch.optim.Adam(model[1].parameters(), lr=lr)
    model.train()
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval()


# %% wrong codes_taken_in_training_mode -> features_stay_as_they_were
def transfer(features, X, y, n_classes, *, lr, steps):
    features.train().requires_grad_(False)
    codes = features(X)
    head = torch.nn.Linear(codes.shape[1], n_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=lr)
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(head(codes), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(features, head).eval()


# %% wrong features_made_anew -> features_stay_as_they_were
def transfer(features, X, y, n_classes, *, lr, steps):
    features.eval().requires_grad_(False)
    for parameter in features.parameters():
        torch.nn.init.normal_(parameter)
    codes = features(X)
    head = torch.nn.Linear(codes.shape[1], n_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=lr)
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(head(codes), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(features, head).eval()


# %% wrong frozen_for_the_optimiser_only -> only_the_head_asks_for_gradients
def transfer(features, X, y, n_classes, *, lr, steps):
    features.eval()
    codes = features(X).detach()
    head = torch.nn.Linear(codes.shape[1], n_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=lr)
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(head(codes), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(features, head).eval()


# %% wrong head_frozen_at_the_end -> only_the_head_asks_for_gradients
def transfer(features, X, y, n_classes, *, lr, steps):
    features.eval().requires_grad_(False)
    codes = features(X)
    head = torch.nn.Linear(codes.shape[1], n_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=lr)
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(head(codes), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(features, head).eval().requires_grad_(False)


# %% wrong no_bias -> only_the_head_asks_for_gradients
def transfer(features, X, y, n_classes, *, lr, steps):
    features.eval().requires_grad_(False)
    codes = features(X)
    head = torch.nn.Linear(codes.shape[1], n_classes, bias=False)
    optimizer = torch.optim.Adam(head.parameters(), lr=lr)
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(head(codes), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(features, head, torch.nn.Linear(n_classes, n_classes)).eval()


# %% wrong two_layers -> head_takes_adams_steps
def transfer(features, X, y, n_classes, *, lr, steps):
    features.eval().requires_grad_(False)
    codes = features(X)
    head = torch.nn.Sequential(
        torch.nn.Linear(codes.shape[1], codes.shape[1]), torch.nn.Linear(codes.shape[1], n_classes)
    )
    optimizer = torch.optim.Adam(head.parameters(), lr=lr)
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(head(codes), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(features, head).eval()


# %% wrong head_never_trained -> head_learns
def transfer(features, X, y, n_classes, *, lr, steps):
    features.eval().requires_grad_(False)
    codes = features(X)
    head = torch.nn.Linear(codes.shape[1], n_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=lr)
    for _ in range(0):
        loss = torch.nn.functional.cross_entropy(head(codes), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(features, head).eval()


# %% wrong gradient_uphill -> head_learns
def transfer(features, X, y, n_classes, *, lr, steps):
    features.eval().requires_grad_(False)
    codes = features(X)
    head = torch.nn.Linear(codes.shape[1], n_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=lr)
    for _ in range(steps):
        loss = -torch.nn.functional.cross_entropy(head(codes), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(features, head).eval()


# %% wrong step_forgotten -> head_learns
def transfer(features, X, y, n_classes, *, lr, steps):
    features.eval().requires_grad_(False)
    codes = features(X)
    head = torch.nn.Linear(codes.shape[1], n_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=lr)
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(head(codes), y)
        optimizer.zero_grad()
        loss.backward()
    return torch.nn.Sequential(features, head).eval()


# %% wrong labels_moved -> head_learns
def transfer(features, X, y, n_classes, *, lr, steps):
    features.eval().requires_grad_(False)
    codes = features(X)
    head = torch.nn.Linear(codes.shape[1], n_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=lr)
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(head(codes), (y + 1) % n_classes)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(features, head).eval()


# %% wrong head_alone -> network_is_ready_for_use
def transfer(features, X, y, n_classes, *, lr, steps):
    features.eval().requires_grad_(False)
    codes = features(X)
    head = torch.nn.Linear(codes.shape[1], n_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=lr)
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(head(codes), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return head.eval()


# %% wrong left_in_training_mode -> network_is_ready_for_use
def transfer(features, X, y, n_classes, *, lr, steps):
    features.eval().requires_grad_(False)
    codes = features(X)
    head = torch.nn.Linear(codes.shape[1], n_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=lr)
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(head(codes), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(features, head).train()


# %% wrong softmax_at_the_end -> network_is_ready_for_use
def transfer(features, X, y, n_classes, *, lr, steps):
    features.eval().requires_grad_(False)
    codes = features(X)
    head = torch.nn.Linear(codes.shape[1], n_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=lr)
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(head(codes), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(features, head, torch.nn.Softmax(dim=1)).eval()


# %% wrong gradients_not_zeroed -> head_takes_adams_steps
def transfer(features, X, y, n_classes, *, lr, steps):
    features.eval().requires_grad_(False)
    codes = features(X)
    head = torch.nn.Linear(codes.shape[1], n_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=lr)
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(head(codes), y)
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(features, head).eval()


# %% wrong plain_descent -> head_takes_adams_steps
def transfer(features, X, y, n_classes, *, lr, steps):
    features.eval().requires_grad_(False)
    codes = features(X)
    head = torch.nn.Linear(codes.shape[1], n_classes)
    optimizer = torch.optim.SGD(head.parameters(), lr=lr * 20)
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(head(codes), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(features, head).eval()


# %% wrong another_rate -> head_takes_adams_steps
def transfer(features, X, y, n_classes, *, lr, steps):
    features.eval().requires_grad_(False)
    codes = features(X)
    head = torch.nn.Linear(codes.shape[1], n_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=0.1)
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(head(codes), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(features, head).eval()


# %% wrong weight_decay -> head_takes_adams_steps
def transfer(features, X, y, n_classes, *, lr, steps):
    features.eval().requires_grad_(False)
    codes = features(X)
    head = torch.nn.Linear(codes.shape[1], n_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=lr, weight_decay=0.1)
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(head(codes), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(features, head).eval()


# %% wrong softmax_twice -> head_takes_adams_steps
def transfer(features, X, y, n_classes, *, lr, steps):
    features.eval().requires_grad_(False)
    codes = features(X)
    head = torch.nn.Linear(codes.shape[1], n_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=lr)
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(torch.softmax(head(codes), dim=1), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(features, head).eval()


# %% wrong one_step_too_few -> head_takes_adams_steps
def transfer(features, X, y, n_classes, *, lr, steps):
    features.eval().requires_grad_(False)
    codes = features(X)
    head = torch.nn.Linear(codes.shape[1], n_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=lr)
    for _ in range(1, steps):
        loss = torch.nn.functional.cross_entropy(head(codes), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(features, head).eval()


# %% wrong number_of_steps_fixed -> head_takes_adams_steps
def transfer(features, X, y, n_classes, *, lr, steps):
    features.eval().requires_grad_(False)
    codes = features(X)
    head = torch.nn.Linear(codes.shape[1], n_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=lr)
    for _ in range(100):
        loss = torch.nn.functional.cross_entropy(head(codes), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(features, head).eval()
