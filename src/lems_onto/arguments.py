"""Kinds of arguments that commands share."""

import argparse


def positive(text):
    """A number above 0 and up to 1,000,000 from its text; an argparse error for anything else."""
    try:
        number = float(text)
    except ValueError:
        number = 0
    if not 0 < number <= 10**6:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number above 0 and up to 1,000,000")
    return number
