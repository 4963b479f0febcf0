"""The comparison of scripts/bench-vs-pytorch: nnrun and PyTorch (and JAX) in turn, medians of rounds.

Both sides build the same nets: what `nnrun summary` says of a file is what PyTorch and JAX construct.
"""

import argparse
import datetime
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEADLINE = "tudui"
TORCH = ("eager", "channels_last", "compile", "compile_channels_last")
MODES = {"train": "training step", "infer": "inference"}
BUSY_LOOP = [sys.executable, "-c", "while True: pass"]


def parse_arguments():
    def numbers(text):
        return [int(word) for word in text.split(",")]

    parser = argparse.ArgumentParser(prog="bench-vs-pytorch", description=__doc__.splitlines()[0])
    parser.add_argument("--nnrun", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="a coarse answer in less than 4 minutes")
    parser.add_argument("--nets", type=lambda text: text.split(","), help="some of the nets: tudui,vgg")
    parser.add_argument("--batches", type=numbers, default=[1, 64])
    parser.add_argument("--threads", type=numbers, help="default: 1 and every core")
    parser.add_argument("--rounds", type=int, help="at most so many; default: 5, quick 1")
    parser.add_argument("--minutes", type=float, help="begin nothing new after; default: 14, quick 3")
    parser.add_argument("--cifar", help="cifar-10-batches-bin: compare the tutorial's epoch too")
    parser.add_argument("--json", action="store_true", help="print JSON on standard output")
    options = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    options.threads = options.threads or sorted({1, cores})
    options.rounds = options.rounds or (1 if options.quick else 5)
    options.minutes = options.minutes or (3 if options.quick else 14)
    options.seconds = 0.15 if options.quick else 0.3
    files = {HEADLINE: "models/tudui.nn"}
    for path in sorted((ROOT / "Benchmarks" / "nets").glob("*.nn")):
        files[path.stem] = str(path.relative_to(ROOT))
    unknown = set(options.nets or []) - set(files)
    if unknown:
        parser.error(f"no net {', '.join(sorted(unknown))}; there are {', '.join(files)}")
    options.files = {name: files[name] for name in options.nets or files}
    return options


class Server:
    """A long-running program of the other side; see step_server.py."""

    def __init__(self, program, nnrun, threads):
        command = [sys.executable, str(ROOT / "Benchmarks" / program), "--nnrun", nnrun,
                   "--threads", str(threads)]
        self.process = subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        first = self.process.stdout.readline()
        self.versions = json.loads(first) if first else None

    def measure(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        return json.loads(line) if line else {"absent": "the program ended"}

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


class Comparison:
    def __init__(self, options):
        self.options = options
        self.start = time.monotonic()
        self.usage = subprocess.run([options.nnrun, "bench", "--help"], text=True,
                                    stdout=subprocess.PIPE).stdout
        self.torch = {n: Server("pytorch_step.py", options.nnrun, n) for n in options.threads}
        self.jax = {n: Server("jax_step.py", options.nnrun, n) for n in options.threads}
        self.versions = {}
        for server in [*self.torch.values(), *self.jax.values()]:
            self.versions.update(server.versions or {})
        if "PyTorch" not in self.versions:
            raise SystemExit(f"bench-vs-pytorch: {sys.executable} has no torch")
        self.medians = {}  # (net, batch, threads, mode, side) -> a median a round, in milliseconds
        self.fastest = {}  # the same of the fastest call
        self.absent = {}  # the same -> why it could not be measured
        self.shares = {}  # threads -> direct and effective share of the peak
        self.rounds = 0

    def used(self):
        """The share of the time that is gone."""
        return (time.monotonic() - self.start) / 60 / self.options.minutes

    def note(self, text):
        print(f"{(time.monotonic() - self.start):5.0f} s  {text}", file=sys.stderr, flush=True)

    # Measuring

    def nnrun(self, net, batch, threads, *more):
        words = [self.options.nnrun, "bench", self.options.files[net], "--batch", str(batch), "--threads",
                 str(threads), "--json", "--quiet", *more]
        run = subprocess.run(words, cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL)
        report = json.loads(run.stdout)
        self.versions["instruction set"] = report["instruction_set"]
        return report["results"][0]

    def add(self, net, batch, threads, mode, side, median, fastest):
        key = (net, batch, threads, mode, side)
        self.medians.setdefault(key, []).append(median)
        self.fastest[key] = min(fastest, self.fastest.get(key, math.inf))

    def ask(self, server, net, batch, threads, mode, side, variant):
        key = (net, batch, threads, mode, side)
        if key in self.absent:
            return
        answer = server.measure(net=self.options.files[net], batch=batch, variant=variant, mode=mode,
                                seconds=self.options.seconds)
        if "absent" in answer:
            self.absent[key] = answer["absent"]
        else:
            self.add(*key, answer["median_ms"], answer["best_ms"])

    def measure_cell(self, net, batch, threads):
        result = self.nnrun(net, batch, threads)
        self.add(net, batch, threads, "train", "nnrun", result["step_ms"], result["step_ms_min"])
        self.add(net, batch, threads, "infer", "nnrun", result["forward_ms"], result["forward_ms"])
        for mode in MODES:
            for variant in ("eager", "channels_last"):
                self.ask(self.torch[threads], net, batch, threads, mode, variant, variant)

    def measure_compiled(self, net, batch, threads):
        """What takes seconds to prepare, so that it may not begin late."""
        layouts = ["compile"]
        if net == HEADLINE and not self.options.quick:
            layouts.append("compile_channels_last")
        for mode in MODES:
            sides = [("jit", self.jax[threads])] + [(name, self.torch[threads]) for name in layouts]
            for side, server in sides:
                is_ready = (net, batch, threads, mode, side) in self.medians
                if server.versions and (is_ready or self.used() < 0.65):
                    self.ask(server, net, batch, threads, mode, side, side)

    def run_rounds(self):
        longest = 0
        for number in range(1, self.options.rounds + 1):
            begin = self.used()
            if number > 1 and begin + longest > 0.85:
                break
            for net in self.options.files:
                self.note(f"round {number}: {net}")
                self.for_each_cell(net, self.measure_cell)
                if self.options.quick and net == HEADLINE:
                    self.for_each_cell(net, self.measure_compiled)
            # Later ones are as long; what the first one prepares is not counted.
            longest = self.used() - begin
            for net in self.options.files:
                if self.used() < 0.85 and not self.options.quick:
                    self.note(f"round {number}: {net}, compiled")
                    self.for_each_cell(net, self.measure_compiled)
            self.rounds = number

    def for_each_cell(self, net, measure):
        for batch in self.options.batches:
            for threads in self.options.threads:
                measure(net, batch, threads)

    def measure_shares(self):
        """Shares of the peak at the largest batch of the headline."""
        batch = max(self.options.batches)
        for threads in self.options.threads:
            effective = self.nnrun(HEADLINE, batch, threads)["effective_peak_share"]
            direct = None
            if "--convolution" in self.usage:
                direct = self.nnrun(HEADLINE, batch, threads, "--convolution", "direct")["peak_share"]
            self.shares[threads] = (direct, effective)

    def measure_busy(self):
        """How much slower each side is with a busy process on every core: (batch, side) -> factor."""
        threads = max(self.options.threads)

        def both(batch):
            answer = self.torch[threads].measure(net=self.options.files[HEADLINE], batch=batch,
                                                 variant="eager", mode="train", seconds=1)
            return self.nnrun(HEADLINE, batch, threads)["step_ms"], answer["median_ms"]

        quiet = {batch: both(batch) for batch in self.options.batches}
        busy = [subprocess.Popen(BUSY_LOOP) for _ in os.sched_getaffinity(0)]
        try:
            for process, core in zip(busy, sorted(os.sched_getaffinity(0))):
                os.sched_setaffinity(process.pid, {core})
            loaded = {batch: both(batch) for batch in self.options.batches}
        finally:
            for process in busy:
                process.kill()
                process.wait()
        return {batch: [after / before for before, after in zip(quiet[batch], loaded[batch])]
                for batch in self.options.batches}

    def measure_memory(self):
        """Peak resident MB of a run at batch size 64 with 10,000 images loaded."""
        source = f'CIFAR10("{self.options.cifar}", train=False)' if self.options.cifar else "Shapes10()"
        words = [self.options.nnrun, "models/tudui.nn", "--steps", "100", "--no-run-dir", "--quiet", "--set",
                 f"data=DataLoader({source}, batch_size=64)"]
        process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return usage.ru_maxrss / 1024 if process.returncode == 0 else None

    def measure_check(self):
        """Milliseconds of `nnrun check`, the whole process."""
        times = []
        for _ in range(20):
            start = time.perf_counter()
            subprocess.run([self.options.nnrun, "check", "models/tudui.nn"], cwd=ROOT, check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            times.append((time.perf_counter() - start) * 1e3)
        return statistics.median(times)

    def compare_epoch(self):
        """The last lines of compare-pytorch-epoch."""
        run = subprocess.run([str(ROOT / "scripts" / "compare-pytorch-epoch"), self.options.cifar, "1"],
                             env=os.environ | {"PYTHON": sys.executable}, text=True, stdout=subprocess.PIPE)
        return [line for line in run.stdout.splitlines() if line.startswith("median")]

    def finish(self):
        for server in [*self.torch.values(), *self.jax.values()]:
            server.stop()

    # Reporting

    def value(self, *key):
        values = self.medians.get(key)
        return statistics.median(values) if values else None

    def rows(self):
        for mode in MODES:
            for net in self.options.files:
                for batch in self.options.batches:
                    for threads in self.options.threads:
                        cell = (net, batch, threads, mode)
                        compiled = [self.value(*cell, side) for side in ("compile", "compile_channels_last")]
                        torch = {"eager": self.value(*cell, "eager"),
                                 "channels_last": self.value(*cell, "channels_last"),
                                 "compile": min((time for time in compiled if time), default=None)}
                        ours = self.value(*cell, "nnrun")
                        best = min((time for time in torch.values() if time), default=None)
                        fastest = min((self.fastest.get((*cell, side), math.inf) for side in TORCH))
                        yield {"mode": mode, "net": net, "batch": batch, "threads": threads, "nnrun_ms": ours,
                               "nnrun_best_ms": self.fastest[(*cell, "nnrun")], "eager_ms": torch["eager"],
                               "channels_last_ms": torch["channels_last"], "compile_ms": torch["compile"],
                               "jax_ms": self.value(*cell, "jit"),
                               "ratio_to_eager": torch["eager"] / ours if torch["eager"] else None,
                               "ratio_to_best": best / ours if best else None,
                               "ratio_of_fastest": fastest / self.fastest[(*cell, "nnrun")]}


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return os.uname().machine


def cell_text(value):
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.3f}" if value < 10 else f"{value:.1f}"
    return str(value)


def print_table(rows, mode):
    rows = [row for row in rows if row["mode"] == mode]
    head = ["net", "batch", "threads", "nnrun", "fastest", "eager", "channels_last", "compile", "JAX",
            "eager/nnrun", "best/nnrun", "fastest calls"]
    if mode == "infer":  # of a forward pass nnrun bench gives the median alone
        head = [name for name in head if "fastest" not in name]
    lines = [head]
    for row in rows:
        values = [value for name, value in row.items() if name != "mode"]
        times, ratios = values[:-3], values[-3:]
        if mode == "infer":
            del times[4], ratios[-1]
        lines.append([cell_text(value) for value in times]
                     + [f"{value:.2f}" if value else "–" for value in ratios])
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    print(f"\n{MODES[mode]}, ms (medians)")
    for line in lines:
        print("  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]))


def percent(share):
    return "–" if share is None else f"{100 * share:.0f} %"


def main():
    options = parse_arguments()
    load = os.getloadavg()[0]
    comparison = Comparison(options)
    comparison.run_rounds()
    report = {"rows": list(comparison.rows()), "rounds": comparison.rounds, "load": load}
    if HEADLINE in options.files:
        comparison.note("shares of the peak")
        comparison.measure_shares()
        comparison.note("busy neighbours")
        report["busy_slowdown"] = comparison.measure_busy()
        report["peak_share"] = comparison.shares
    report["peak_memory_mb"] = comparison.measure_memory()
    report["check_ms"] = comparison.measure_check()
    comparison.finish()
    if options.cifar:
        comparison.note("the tutorial's epoch")
        report["epoch"] = comparison.compare_epoch()
    versions = comparison.versions
    report["absent"] = sorted(set(f"{key[4]}: {why}" for key, why in comparison.absent.items()))
    report |= {"date": datetime.date.today().isoformat(), "processor": processor(), "versions": versions}
    if options.json:
        print(json.dumps(report))
        return
    for mode in MODES:
        print_table(report["rows"], mode)
    print()
    for threads, (direct, effective) in report.get("peak_share", {}).items():
        print(f"{HEADLINE}, batch {max(options.batches)}, {threads} threads: {percent(direct)} of the peak "
              f"by direct arithmetic, {percent(effective)} effective")
    for batch, (ours, theirs) in report.get("busy_slowdown", {}).items():
        print(f"a busy process on each core, {HEADLINE}, batch {batch}, {max(options.threads)} threads: "
              f"nnrun {ours:.1f}× slower, PyTorch eager {theirs:.1f}×")
    for line in report.get("epoch", []):
        print(f"the tutorial's program, {line}")
    if report["peak_memory_mb"]:
        print(f"peak memory, batch 64, 10,000 images loaded: {report['peak_memory_mb']:.0f} MB")
    print(f"nnrun check models/tudui.nn, whole process: {report['check_ms']:.1f} ms")
    for line in report["absent"]:
        print(f"not measured: {line}")
    used = ", ".join(f"{name} {versions[name]}" for name in ("PyTorch", "JAX") if name in versions)
    print(f"{report['date']}, {report['processor']}, {used}, {versions['instruction set']}, "
          f"rounds: {report['rounds']}")
    if report["load"] > 0.5:
        print(f"other processes were running (load average {report['load']:.1f} at the start): repeat it on "
              "a quiet machine")


main()
