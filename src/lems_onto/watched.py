"""Carries out a deed in a process that can be stopped: it gets a time and a memory, and may crash.

Where the system can fork, that costs a millisecond. Elsewhere (Windows) the
deed runs in this process: there is no limit then but Ctrl-C.
"""

import os
import re
import sys

from . import limits
from .errors import LemsError

# What a Java takes beside its heap, in megabytes of address space.
BESIDE_HEAP = 8192


class OutOfBounds(LemsError):
    """A deed that takes more time or memory than it may, or that crashes."""


def run(deed, timeout, memory):
    """Carry out a deed and return its exit code.

    Args:
        deed: a function without arguments that returns an exit code.
        timeout: seconds after which it is stopped.
        memory: megabytes of address space that it may take.

    Raises:
        OutOfBounds: it was stopped, or crashed.
    """
    if not hasattr(os, "fork") or sys.platform == "darwin":
        return deed()
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.flush()
    # What a library cries out when it breaks down is not for the user; what we say is kept until the child ends.
    # A pipe holds it, which no limit of the size of files cuts.
    heard, mouth = os.pipe()
    os.set_blocking(heard, False)
    said = []
    # Some libraries end the process by themselves, with a code of their own: the deed's code comes by this pipe.
    answer, done = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(mouth, 2)
        _child(deed, timeout, memory, done)
    os.close(mouth)
    os.close(done)
    # Who is told to end lets the child remove the files that it has not finished.
    before = _on_end(lambda *_: sys.exit(143))
    try:
        status = _wait(child, timeout, lambda: said.extend(_read(heard)))
        answered = status is not None and os.read(answer, 1)
    except (KeyboardInterrupt, SystemExit):
        _stop(child)
        raise
    finally:
        _on_end(before)
        os.close(heard)
        os.close(answer)
    if status is None:
        _stop(child)
        raise OutOfBounds(f"did not end within {timeout:g} s and was stopped; name less, or raise --timeout")
    code = os.waitstatus_to_exitcode(status)
    if code >= 0 and not answered:
        raise OutOfBounds(
            "a library ended the process without an answer: a Java that does not start? change --memory, or see "
            "lems-onto doctor"
        )
    if code == 77:
        raise OutOfBounds(f"needs more than {memory:,.0f} MB and was stopped; name less, or raise --memory")
    if code < 0:
        import signal

        if code in (-signal.SIGABRT, -signal.SIGKILL):
            raise OutOfBounds(f"ran out of memory ({memory:,.0f} MB) and was stopped; name less, or raise --memory")
        raise OutOfBounds(f"crashed ({signal.Signals(-code).name}): an input breaks a library; name less to find it")
    try:
        sys.stderr.buffer.write(b"".join(said))
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        # Nobody hears it; the exit code says the rest.
        pass
    return code


def _on_end(deeds):
    """Let functions answer the signals to end: one for all, or a list as given back; returns those before.

    Only the main thread may. What is ignored stays ignored: nohup asks for that.
    """
    import signal
    import threading

    if threading.current_thread() is not threading.main_thread():
        return None
    signs = [signal.SIGTERM, signal.SIGHUP]
    deeds = deeds if isinstance(deeds, list) else [deeds] * len(signs)
    before = [signal.getsignal(sign) for sign in signs]
    for sign, was, deed in zip(signs, before, deeds, strict=True):
        if was is not signal.SIG_IGN:
            signal.signal(sign, deed or signal.SIG_DFL)
    return before


def _read(pipe):
    """What a pipe holds now, in pieces."""
    try:
        while piece := os.read(pipe, 65536):
            yield piece
    except BlockingIOError:
        return


def _wait(child, timeout, meanwhile=lambda: None):
    """The status with which a child ended, None when it did not within so many seconds."""
    import time

    end, pause = time.monotonic() + timeout, 0.0005
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        meanwhile()
        if done:
            return status
        left = end - time.monotonic()
        if left <= 0:
            return None
        # Short deeds are noticed at once, long ones cost no processor.
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, 0.05)


def _stop(child):
    """End a child: with a second to remove the files that it has not finished, then at once."""
    import signal

    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(child, sign)
            if _wait(child, 1) is not None:
                return
        except (ProcessLookupError, ChildProcessError):
            return


def _child(deed, timeout, memory, done):
    """Carry out the deed under its limits and end the process, whatever happens."""
    import signal

    from . import __main__ as door

    limits.limit(memory, timeout)

    def end(number, _frame):
        # What is told to end still removes the files that it has not finished: to be told again must not stop that.
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, signal.SIG_IGN)
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        sys.exit(143)

    for sign in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(sign) is not signal.SIG_IGN:
            signal.signal(sign, end)
    if signal.getsignal(signal.SIGINT) == signal.default_int_handler:
        signal.signal(signal.SIGINT, end)

    def bounded():
        try:
            return deed()
        except ImportError as problem:
            # A library that does not fit is a lack of memory, and no bug.
            if re.search("map segment|allocate memory", str(problem)):
                raise MemoryError from problem
            raise

    try:
        code = door.coded(bounded)
    except MemoryError:
        code = 77
    os.write(done, b"!")
    os._exit(code)
