"""Addresses to be given away: nobody can tell whose they are, and each is turned off by itself."""

import secrets

CONSONANTS, VOWELS, DIGITS = "bdfgjklmnprstvz", "aeiou", "23456789"


def random_name() -> str:
    """Return a name of eight letters that can be spoken, and three digits: 16 thousand million."""
    letters = "".join(
        secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _syllable in range(4)
    )
    return letters + "".join(secrets.choice(DIGITS) for _digit in range(3))
