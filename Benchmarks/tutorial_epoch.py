"""The program of models/tudui.nn in PyTorch: prints the loss of each epoch as nnrun does.

usage: tutorial_epoch.py BATCHES_FOLDER [--epochs N] [--threads N] [--first-losses N]

BATCHES_FOLDER holds test_batch.bin of CIFAR-10's binary version.
"""

import argparse
import pathlib
import time

import torch
from torch import nn


class TestBatch(torch.utils.data.Dataset):
    """The 10,000 test images: a record is a label byte and 3×32×32 bytes, as ToTensor scales them."""

    def __init__(self, path):
        records = torch.frombuffer(bytearray(path.read_bytes()), dtype=torch.uint8).view(-1, 3073)
        self.labels = records[:, 0].long()
        self.images = records[:, 1:].reshape(-1, 3, 32, 32)

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.images[index].float().div(255), int(self.labels[index])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--first-losses", type=int, default=0, help="print the losses of so many steps too")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)

    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Conv2d(3, 32, 5, stride=1, padding=2), nn.MaxPool2d(2),
        nn.Conv2d(32, 32, 5, stride=1, padding=2), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5, stride=1, padding=2), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(1024, 64), nn.Linear(64, 10),
    )
    loss = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    loader = torch.utils.data.DataLoader(TestBatch(options.folder / "test_batch.bin"), batch_size=1)

    for epoch in range(options.epochs):
        start = time.perf_counter()
        running_loss = 0.0
        for step, (images, targets) in enumerate(loader):
            result = loss(model(images), targets)
            optimizer.zero_grad()
            result.backward()
            optimizer.step()
            running_loss += result.item()
            if epoch == 0 and step < options.first_losses:
                print(f"step:{step}, loss:{result.item():.7f}")
        print(f"epoch:{epoch}, loss:{running_loss:.3f}", flush=True)
        print(f"seconds:{time.perf_counter() - start:.3f}", flush=True)


main()
