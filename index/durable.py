"""Small files on disk that are wholly there or not at all, also after a power cut."""

import os
from pathlib import Path


def write_durably(file: Path, data: bytes) -> None:
    """Write under a temporary name, flush, rename, and flush the folder."""
    draft = file.with_suffix(".new")
    draft.write_bytes(data)
    sync(draft)
    draft.replace(file)
    sync(file.parent)


def sync(path: Path) -> None:
    """Flush a file or, where the system can, a folder to disk."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
