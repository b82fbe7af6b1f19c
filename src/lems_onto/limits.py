"""Limits of the system on this process, where it has them: memory, processor time, life without its parent."""

import os
import sys


def limit(memory, seconds):
    """Limit this process to so many megabytes of address space and to processor time for so many seconds."""
    try:
        import resource
    except ImportError:
        return
    die_with_parent()
    for what, most in (
        (resource.RLIMIT_AS, int(memory) * 1024 * 1024),
        # Should the parent be killed, nobody holds the clock any more.
        (resource.RLIMIT_CPU, int(seconds) * (os.cpu_count() or 1) + 5),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            _, hard = resource.getrlimit(what)
            resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
        except (ValueError, OSError):
            continue


def die_with_parent():
    """Let the system end this process when its parent ends, where it can (Linux)."""
    if sys.platform == "linux":
        import ctypes
        import signal

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
