"""The door of the command: every error becomes one line and an exit code."""

import os
import sys


def main():
    """Run the command with the arguments of the process, and exit with its code."""
    # A stream that the caller closed is None, for which print takes standard output; what would go there goes nowhere.
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    _leave(coded(_run))


def _run():
    from . import cli

    sys.stdout.reconfigure(errors="backslashreplace")
    return cli.run([argument for argument in sys.argv[1:] if argument != "--debug"])


def coded(deed):
    """The exit code of a deed, which returns its own; an error is told in one line."""
    try:
        code = deed()
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # What is still buffered has no reader: let it go where nobody looks.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except SystemExit as end:
        try:
            sys.stdout.flush()
        except OSError:
            return 2
        return end.code
    except MemoryError:
        raise
    except BaseException as problem:
        # A panic of a library in Rust is no Exception.
        if "--debug" in sys.argv[1:]:
            raise
        return _tell(problem)
    return code


def _tell(problem):
    """Write an error as one line, and return its exit code."""
    from .errors import LemsError, printable

    code = problem.exit_code if isinstance(problem, LemsError) else 2
    if isinstance(problem, LemsError):
        what = str(problem)
    elif isinstance(problem, OSError) and problem.filename is None:
        what = f"cannot write: {problem.strerror or problem}; make room, or write elsewhere"
    else:
        what = f"{type(problem).__name__}: {problem}; run again with --debug and report it"
    try:  # noqa: SIM105, importing contextlib would take as long as reading the graph
        print(f"lems-onto: {printable(what)}", file=sys.stderr, flush=True)
    except (OSError, ValueError, AttributeError):
        pass
    return code


def _leave(code):
    """End with the code, whatever a stream still has to say."""
    for name in ("stdout", "stderr"):
        try:
            getattr(sys, name).flush()
        except (AttributeError, OSError, ValueError):
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115
    sys.exit(code)


if __name__ == "__main__":
    main()
