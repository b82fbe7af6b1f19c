"""Runs a Java program that may hang, die, talk without end, or outlive its caller."""

import collections
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time

from .. import limits
from ..errors import LemsError

# What a program may print, in bytes; 300,000 classes print a tenth of it.
MOST = 1024**3

Done = collections.namedtuple("Done", "code output errors")
Done.__doc__ = """An ended program: its exit code and what it printed, as text."""


class JavaFailed(LemsError):
    """A Java program that did not do what it was started for."""


def run(command, timeout):
    """Run a program to its end.

    Args:
        command: the path of the program and its arguments.
        timeout: seconds after which it is stopped.

    Returns:
        A `Done`.

    Raises:
        JavaFailed: it cannot be started, does not end in time, or prints without end.
    """
    try:
        # A session of its own, so that whatever it starts is stopped with it.
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=os.name != "nt",
            preexec_fn=limits.die_with_parent if sys.platform == "linux" else None,
        )  # fmt: skip
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise JavaFailed(f"{command[0]}: cannot be run: {reason}; see lems-onto doctor") from problem
    said = [bytearray(), bytearray()]
    readers = [
        threading.Thread(target=_read, args=(stream, heard), daemon=True)
        for stream, heard in zip((process.stdout, process.stderr), said, strict=True)
    ]
    try:
        for reader in readers:
            reader.start()
        end = time.monotonic() + timeout
        while process.poll() is None:
            if max(map(len, said)) >= MOST:
                raise JavaFailed(f"{command[0]}: prints more than {MOST:,} bytes and was stopped; is it a Java?")
            if time.monotonic() > end:
                raise JavaFailed(
                    f"{command[0]}: the reasoner did not end within {timeout:g} s and was stopped; "
                    "name less, or raise --timeout"
                )
            readers[0].join(0.02)
            if not readers[0].is_alive():
                time.sleep(0.002)
    finally:
        _stop(process)
        for reader, stream in zip(readers, (process.stdout, process.stderr), strict=True):
            reader.join(1)
            # What holds a pipe beyond its program is left alone with it.
            if not reader.is_alive():
                stream.close()
    return Done(process.returncode, *(bytes(heard).decode("utf-8", "replace") for heard in said))


def _read(stream, heard):
    while len(heard) < MOST and (piece := stream.read1(65536)):
        heard += piece


def _stop(process):
    """End a program and whatever it started."""
    if os.name == "nt":
        process.kill()
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
