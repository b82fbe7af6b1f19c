"""The door of the command: every error becomes one line and an exit code."""

import os
import sys


def main():
    """Run the command with the arguments of the process, and exit with its code."""
    debug = "--debug" in sys.argv[1:]
    try:
        from . import cli

        sys.stdout.reconfigure(errors="backslashreplace")
        code = cli.run([argument for argument in sys.argv[1:] if argument != "--debug"])
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        # What is still buffered has no reader: let it go where nobody looks.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 141
    except SystemExit:
        raise
    except Exception as problem:
        if debug:
            raise
        from .errors import LemsError

        known = isinstance(problem, LemsError)
        code = problem.exit_code if known else 2
        what = str(problem) if known else f"{type(problem).__name__}: {problem}; run again with --debug and report it"
        print(f"lems-onto: {what}", file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
