"""What a model file says, as nnrun reads it: the two sides of a comparison cannot differ."""

import json
import pathlib
import re
import subprocess


class NetFile:
    """The layers are lines of PyTorch's constructor text, as `nnrun summary --json` gives them."""

    def __init__(self, nnrun, path):
        summary = json.loads(
            subprocess.run([nnrun, "summary", path, "--json"], check=True, stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL).stdout)
        self.input = summary["input"][1:]
        self.layers = [layer["text"] for layer in summary["layers"]]
        self.classes = summary["layers"][-1]["output"][-1]
        source = pathlib.Path(path).read_text()
        self.loss = self._call(source, "loss")
        self.optimizer = self._call(source, "optimizer")

    @staticmethod
    def _call(source, statement):
        """The right side of `loss = CrossEntropyLoss()`, written on one line."""
        found = re.search(rf"^{statement} = (\w+\(.*\))$", source, re.MULTILINE)
        if not found:
            raise SystemExit(f"the file has no line `{statement} = NAME(…)`")
        return found[1]
