"""pytest plugin: imports one file of ours changed, as MUTANT=PATH:NUMBER tells."""

import os
from importlib.machinery import SourceFileLoader
from pathlib import Path

from mutants import mutate

if wanted := os.environ.get("MUTANT"):
    path, number = wanted.rsplit(":", 1)
    path = str(Path(path).resolve())
    original = SourceFileLoader.get_code

    def get_code(self, fullname):
        if str(Path(self.path).resolve()) != path:
            return original(self, fullname)
        tree, _said = mutate(Path(path).read_text(), int(number))
        return compile(tree, self.path, "exec")

    SourceFileLoader.get_code = get_code
