"""The loop that the programs of the other side share: a request a line, an answer a line, both JSON.

A request is {"net", "batch", "variant", "mode": "train" or "infer", "seconds"}; the answer has the median
and the fastest time in milliseconds, or "absent", the reason why the variant cannot be measured here.
Set-up is kept from request to request, so that two sides can alternate without starting anew.
"""

import argparse
import json
import os
import statistics
import sys
import time

WARM_UPS = 2
FEWEST_RUNS = 3


def arguments():
    parser = argparse.ArgumentParser(description="Times steps that standard input asks for.")
    parser.add_argument("--nnrun", required=True, help="the nnrun binary, which reads the model files")
    parser.add_argument("--threads", type=int, required=True)
    return parser.parse_args()


def measure(seconds, step):
    times = []
    for _ in range(WARM_UPS):
        step()
    end = time.perf_counter() + seconds
    while len(times) < FEWEST_RUNS or time.perf_counter() < end:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return {"median_ms": statistics.median(times) * 1e3, "best_ms": min(times) * 1e3, "runs": len(times)}


def serve(versions, make_step):
    """Answers until the input ends. `make_step(net, batch, variant, mode)` gives what is to be timed."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what the libraries print is no answer
    answers.write(json.dumps(versions) + "\n")
    steps = {}
    for line in sys.stdin:
        request = json.loads(line)
        key = tuple(request[name] for name in ("net", "batch", "variant", "mode"))
        try:
            if key not in steps:
                steps[key] = make_step(*key)
            answer = measure(request["seconds"], steps[key])
        except Exception as error:  # a variant that cannot run is a gap in the table, no end of it
            steps.pop(key, None)
            answer = {"absent": f"{type(error).__name__}: {error}".splitlines()[0][:200]}
        answers.write(json.dumps(answer) + "\n")
