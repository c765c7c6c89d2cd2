"""A file of any kind, once, to lines of JSON; from there on everything streams.

The conversion runs in a child process with a bound on memory and time, because a crafted
workbook can bring the process that opens it down. What it leaves is read at constant memory
as often as the mapping, the preview, the run and its resumption need.
"""

import gzip
import json
import os
import resource
import signal
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from takatuf.imports.sheets import limits
from takatuf.imports.sheets.cells import decode, encode
from takatuf.imports.sheets.errors import SheetError
from takatuf.imports.sheets.reader import read
from takatuf.imports.sheets.shapes import Record, Sheet

ROOT = Path(__file__).resolve().parents[3]
CHILD = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from takatuf.imports.sheets import conversion; conversion.child(*sys.argv[2:])"
)
REFUSED = 3  # the child's exit code when it says why
TOO_MUCH = {-signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV}


class CutFile(ValueError):
    """The converted file is not whole."""


def convert(source: Path, target: Path) -> None:
    """Read ``source`` whatever it is and write ``target``.

    :raises SheetError: if it cannot be read; ``target`` is then not to be used.
    """
    size = source.stat().st_size
    if size > limits.MOST_BYTES:
        raise SheetError("too_large", megabytes=limits.MOST_BYTES // limits.MEGABYTE)
    command = [sys.executable, "-I", "-c", CHILD, str(ROOT), str(source), str(target)]
    try:
        done = subprocess.run(  # noqa: S603 — our own interpreter, no shell, paths as arguments
            command, capture_output=True, check=False, timeout=limits.READER_SECONDS * 2,
            env={"LANG": "C.UTF-8", "PATH": os.defpath}, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise SheetError("slow") from None
    if done.returncode == REFUSED:
        said = json.loads(done.stdout)
        raise SheetError(said["code"], **said["details"])
    if done.returncode == -signal.SIGXCPU:
        raise SheetError("slow")
    if done.returncode in TOO_MUCH:
        raise SheetError("too_large", megabytes=limits.MOST_BYTES // limits.MEGABYTE)
    if done.returncode:
        raise RuntimeError(f"The reader failed: {done.stderr.decode(errors='replace')[-2000:]}")


def child(source: str, target: str) -> None:
    """The child's main function."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.READER_MEMORY, limits.READER_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.READER_SECONDS, limits.READER_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with Path(source).open("rb") as file:
            write_lines(read(file), Path(target))
    except SheetError as problem:
        _refuse(problem)
    except MemoryError:
        _refuse(SheetError("too_large", megabytes=limits.MOST_BYTES // limits.MEGABYTE))
    except BaseException as crash:  # calamine's own panics are no Exception
        if type(crash).__name__ != "PanicException":
            raise
        _refuse(SheetError("broken"))


def _refuse(problem: SheetError) -> None:
    sys.stdout.write(json.dumps({"code": problem.code, "details": problem.details}))
    sys.stdout.flush()
    os._exit(REFUSED)


# ---------------------------------------------------------------- the lines
def write_lines(sheets: Iterator[Sheet], target: Path) -> None:
    rows = 0
    with gzip.open(target, "wt", encoding="utf-8", compresslevel=1) as lines:
        for sheet in sheets:
            header = {"sheet": sheet.name, "visible": sheet.visible}
            lines.write(json.dumps(header, ensure_ascii=False) + "\n")
            for record in sheet.records:
                rows += 1
                row = [record.line, [encode(cell) for cell in record.cells], record.banner]
                lines.write(json.dumps(row, ensure_ascii=False) + "\n")
        lines.write(json.dumps({"rows": rows}) + "\n")


def read_lines(written: BinaryIO) -> Iterator[Sheet]:
    """The sheets of a converted file, streaming. Consume each sheet before the next.

    :param written: what ``write_lines`` wrote; closed at the end.
    :raises CutFile: if it is not whole.
    """
    with written, gzip.open(written, "rt", encoding="utf-8") as file:
        lines = _Lines(file)
        while (header := lines.next()) and "sheet" in header:
            sheet = Sheet(header["sheet"], header["visible"], lines.records())
            yield sheet
            for _left in sheet.records:
                pass
        if not isinstance(header, dict) or "rows" not in header:
            raise CutFile


class _Lines:
    """JSON lines with one line pushed back."""

    def __init__(self, file):
        self.file = file
        self.pushed = None

    def next(self):
        if self.pushed is not None:
            line, self.pushed = self.pushed, None
            return line
        try:
            text = self.file.readline()
            return json.loads(text) if text else None
        except (EOFError, gzip.BadGzipFile, ValueError, zlib.error) as cut:
            raise CutFile from cut

    def records(self) -> Iterator[Record]:
        while isinstance(row := self.next(), list):
            line, cells, banner = row
            yield Record(line, [decode(cell) for cell in cells], banner)
        self.pushed = row
