"""Times training steps and inference of model files in PyTorch; see step_server.py for the requests.

Variants: eager, channels_last, compile (torch.compile) and compile_channels_last.
A training step is forward, loss, zero_grad, backward and the optimizer's step on one fixed random batch.
"""

import os

import step_server

options = step_server.arguments()
os.environ["OMP_NUM_THREADS"] = str(options.threads)

import torch  # noqa: E402, after the threads are chosen
from torch import nn  # noqa: E402

from net_file import NetFile  # noqa: E402

torch.set_num_threads(options.threads)


def make_step(path, batch, variant, mode):
    file = NetFile(options.nnrun, path)
    torch.manual_seed(0)
    model = nn.Sequential(*(eval(text, vars(nn).copy()) for text in file.layers))
    images = torch.rand(batch, *file.input)
    labels = torch.randint(file.classes, (batch,))
    if variant.endswith("channels_last"):
        model = model.to(memory_format=torch.channels_last)
        images = images.to(memory_format=torch.channels_last)
    compiled = variant.startswith("compile")
    if compiled:
        torch._dynamo.reset()

    if mode == "infer":
        model.eval()
        network = torch.compile(model, dynamic=False) if compiled else model

        def infer():
            with torch.inference_mode():
                network(images)

        return infer

    loss = eval(file.loss, vars(nn).copy())
    name, arguments = file.optimizer.split("(", 1)
    optimizer = eval(f"make(parameters, {arguments}",
                     {"make": getattr(torch.optim, name), "parameters": model.parameters()})

    def forward():
        return loss(model(images), labels)

    if compiled:
        forward = torch.compile(forward, dynamic=False)

    def train():
        result = forward()
        optimizer.zero_grad()
        result.backward()
        optimizer.step()

    return train


step_server.serve({"PyTorch": torch.__version__}, make_step)
