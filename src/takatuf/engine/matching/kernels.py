"""What compiles kernels, and where they are kept. Read before numba is told of any function.

numba looks at the file of a function alone: it would go on with what it compiled although a
function or a number from another file has changed. So each state of these sources has a folder
of its own.
"""

import hashlib
import os
from pathlib import Path
from typing import Any

import numba

HERE = Path(__file__).parent
CONFIG: Any = numba.config  # its names are made at import
njit = numba.njit


def keep_apart() -> None:
    """Point numba to the folder of these sources, below ``NUMBA_CACHE_DIR`` where that is set.

    Where nothing can be written beside the sources, numba finds a place itself.
    """
    base = CONFIG.CACHE_DIR or (HERE / "__pycache__" if os.access(HERE, os.W_OK) else None)
    if base:
        CONFIG.CACHE_DIR = str(Path(base) / f"kernels-{digest()}")


def folder() -> Path | None:
    """Where kernels of these sources are kept; None where numba chooses."""
    return Path(CONFIG.CACHE_DIR) if CONFIG.CACHE_DIR else None


def digest() -> str:
    """What tells one state of the sources from another."""
    sources = b"".join(path.read_bytes() for path in sorted(HERE.glob("*.py")))
    return hashlib.sha256(sources).hexdigest()[:16]


keep_apart()
