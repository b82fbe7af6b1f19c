"""Writes texts to files: each whole or not at all, and never over what was read."""

import contextlib
import os
import stat

from . import resources
from .errors import LemsError, shorten


def write(text, path):
    """Write a text to a file; where that fails, the file that was there stays as it was.

    What is no file, such as /dev/stderr or a pipe, is written to as it is.

    Raises:
        LemsError: it cannot be written.
    """
    write_all({path: text})


def write_all(texts):
    """Write several texts, each to its file; where one does not fit or may not be there, every file stays as it was.

    All the texts are written to temporary files first, and take their names
    one after the other when the last of them is on the disk.

    Args:
        texts: a dict from path to text, or pairs of them.

    Raises:
        LemsError: a path is named twice, or one cannot be written.
    """
    pairs = [(os.fspath(path), text) for path, text in (texts.items() if hasattr(texts, "items") else texts)]
    seen = set()
    for path, _ in pairs:
        real = _real(path)
        if real in seen:
            raise LemsError(f"{shorten(path, 200)}: two outputs go to this file; give each a file of its own")
        seen.add(real)
    staged = []
    try:
        for path, text in pairs:
            staged.append((path, *_stage(path, text.encode("utf-8", "backslashreplace"))))
        # Devices and pipes first: they may fail late, files only take their names.
        staged.sort(key=lambda one: one[1] is not None)
        while staged:
            path, temporary, content = staged[0]
            try:
                _settle(path, temporary, content)
            except OSError as problem:
                raise _unwritten(path, problem) from problem
            del staged[0]
    finally:
        for _, temporary, _ in staged:
            if temporary:
                _remove(temporary)


def keep(read, written):
    """Refuse to write where something is read.

    Args:
        read: paths of the files that are read; the shipped ones are among them in any case.
        written: paths of the files that shall be written.

    Raises:
        LemsError: a file is among both, whatever it is called.
    """
    known = [path for path in [*read, resources.ontology_path(), *resources.shape_paths()] if os.path.exists(path)]
    for path in written:
        if os.path.isfile(path) and any(os.path.samefile(path, one) for one in known):
            raise LemsError(f"{shorten(path, 200)}: is read, and would be overwritten; write to another file")


def _real(path):
    """The file that a path leads to, so that a link is followed and not replaced."""
    try:
        return os.path.realpath(path)
    except ValueError as problem:
        raise _unwritten(path, problem) from problem


def _stage(path, content):
    """The temporary file that holds a content, and None; for what is no file None and the content itself."""
    try:
        mode = os.stat(path).st_mode if os.path.exists(path) else None
        if mode is not None and stat.S_ISDIR(mode):
            raise IsADirectoryError(21, "is a folder")
        if mode is not None and not stat.S_ISREG(mode):
            # To give a device or a pipe a new name would destroy it.
            return None, content
        folder, name = os.path.split(_real(path))
        if not path or not name:
            raise FileNotFoundError(2, "is no name of a file")
        # The name may take all the bytes that a folder allows for one.
        short = os.fsdecode(os.fsencode(name)[:200])
        temporary = os.path.join(folder, f".{short}.{os.getpid()}.tmp")
        _fill(temporary, content, mode)
    except (OSError, ValueError) as problem:
        raise _unwritten(path, problem) from problem
    return temporary, None


def _fill(temporary, content, mode):
    """Make a temporary file and bring it to the disk; no file is left where that fails."""
    # One that an ended process of the same number left is of no use to anybody.
    _remove(temporary)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            os.chmod(temporary, stat.S_IMODE(mode))
    except BaseException:
        _remove(temporary)
        raise


def _settle(path, temporary, content):
    if temporary:
        os.replace(temporary, _real(path))
        return
    with open(path, "wb") as file:
        file.write(content)


def _remove(path):
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def _unwritten(path, problem):
    """The error for a path that cannot be written, with the mend that fits the reason."""
    import errno

    mends = {
        errno.ENOSPC: "make room or name another disk",
        errno.EDQUOT: "make room or name another disk",
        errno.EFBIG: "make room or name another disk",
        errno.ENOENT: "make the folder first, or check the name",
        errno.ENOTDIR: "check the folders in the name",
        errno.EISDIR: "name a file in it",
        errno.ENAMETOOLONG: "give it a shorter name",
    }
    reason = getattr(problem, "strerror", None) or str(problem)
    mend = mends.get(getattr(problem, "errno", None), "check the name and your rights")
    return LemsError(f"{shorten(path, 200)}: cannot be written: {reason[:1].lower() + reason[1:]}; {mend}")
