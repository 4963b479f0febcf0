"""Times training steps and inference of model files in JAX; see step_server.py for the requests.

One variant, jit: the whole step is one compiled function, on channels-last maps.
"""

import os

import step_server

options = step_server.arguments()
# JAX has no setting for its threads: it starts one for each core that it may run on.
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.threads])
os.environ["JAX_PLATFORMS"] = "cpu"

import jax  # noqa: E402, after the threads are chosen
from jax import lax  # noqa: E402
from jax import numpy as jnp  # noqa: E402

from net_file import NetFile  # noqa: E402

keys = iter(jax.random.split(jax.random.key(0), 10_000))


def uniform(shape, fan_in):
    return jax.random.uniform(next(keys), shape, minval=-1, maxval=1) / fan_in**0.5


# A layer is its parameters and a function of these, its input and whether it is in training.
def Conv2d(inputs, outputs, kernel_size, stride, padding=(0, 0), dilation=(1, 1), groups=1, bias=True):
    fan_in = kernel_size[0] * kernel_size[1] * inputs // groups
    weight = uniform((*kernel_size, inputs // groups, outputs), fan_in)

    def apply(parameters, x, training):
        y = lax.conv_general_dilated(
            x, parameters["weight"], stride, [(p, p) for p in padding], rhs_dilation=dilation,
            dimension_numbers=("NHWC", "HWIO", "NHWC"), feature_group_count=groups)
        return y + parameters["bias"] if bias else y

    return {"weight": weight} | ({"bias": uniform((outputs,), fan_in)} if bias else {}), apply


def Linear(in_features, out_features, bias=True):
    def apply(parameters, x, training):
        y = x @ parameters["weight"]
        return y + parameters["bias"] if bias else y

    weight = uniform((in_features, out_features), in_features)
    return {"weight": weight} | ({"bias": uniform((out_features,), in_features)} if bias else {}), apply


def BatchNorm2d(num_features, eps, momentum, affine, bias, track_running_stats):
    assert affine and bias and track_running_stats, "only the default is written here"

    def apply(parameters, x, training):
        # The running averages, two small vectors, are left as they start: nothing here reads them again.
        mean = x.mean((0, 1, 2)) if training else jnp.zeros(num_features)
        variance = x.var((0, 1, 2)) if training else jnp.ones(num_features)
        return (x - mean) * (parameters["weight"] * lax.rsqrt(variance + eps)) + parameters["bias"]

    return {"weight": jnp.ones(num_features), "bias": jnp.zeros(num_features)}, apply


def MaxPool2d(kernel_size, stride, padding, dilation, ceil_mode):
    assert (padding, dilation, ceil_mode) == (0, 1, False), "only plain pooling is written here"

    def apply(_, x, training):
        return lax.reduce_window(x, -jnp.inf, lax.max, (1, kernel_size, kernel_size, 1),
                                 (1, stride, stride, 1), "VALID")

    return {}, apply


def Flatten(start_dim, end_dim):
    assert (start_dim, end_dim) == (1, -1), "only the default is written here"
    return {}, lambda _, x, training: x.reshape(x.shape[0], -1)


def ReLU():
    return {}, lambda _, x, training: jax.nn.relu(x)


def SGD(lr):
    return lambda parameter, gradient: parameter - lr * gradient


def make_step(path, batch, variant, mode):
    file = NetFile(options.nnrun, path)
    assert file.loss == "CrossEntropyLoss()", "only this loss is written here"
    parameters, functions = zip(*(eval(text) for text in file.layers))
    update = eval(file.optimizer)
    channels, height, width = file.input
    images = jax.random.uniform(next(keys), (batch, height, width, channels))
    labels = jax.random.randint(next(keys), (batch,), 0, file.classes)

    def network(parameters, x):
        for layer, function in zip(parameters, functions):
            x = function(layer, x, mode == "train")
        return x

    if mode == "infer":
        inference = jax.jit(network)
        return lambda: inference(parameters, images).block_until_ready()

    def loss(parameters):
        outputs = jax.nn.log_softmax(network(parameters, images))
        return -jnp.take_along_axis(outputs, labels[:, None], axis=1).mean()

    @jax.jit
    def step(parameters):
        value, gradients = jax.value_and_grad(loss)(parameters)
        return value, jax.tree.map(update, parameters, gradients)

    state = [parameters]

    def train():
        value, state[0] = step(state[0])
        value.block_until_ready()
        jax.block_until_ready(state[0])

    return train


step_server.serve({"JAX": jax.__version__}, make_step)
