"""A program for index/apart.py that tells what it can see and do there; for tests/test_parsing.py."""

import json
import os
import sys
from pathlib import Path

_FOREIGN = ("index.archive", "qa", "web", "torch", "chromadb")


def main(file: str) -> None:
    """Try to write a file, and tell of that, the environment and what is loaded."""
    try:
        wrote = Path(file).write_bytes(b"canary") > 0
    except OSError:
        wrote = False
    modules = [name for name in _FOREIGN if name in sys.modules]
    seen = {"wrote": wrote, "environment": str(dict(os.environ)), "modules": modules}
    sys.stdout.write(json.dumps(seen))
