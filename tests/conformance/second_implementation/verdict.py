"""How the other modules say no."""

import hashlib


class Refused(Exception):
    """The name of the refusal, as in the vectors."""


def expect(published, computed, name):
    if published != computed:
        raise AssertionError(f"{name}: the vector says {published}, this program {computed}")


def sha256(data):
    return hashlib.sha256(data).digest()
