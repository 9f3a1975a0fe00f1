"""Signatures that others can check: dkimpy, and opendkim as a verifier of another hand."""

import ctypes.util
import subprocess
import sys

import dkim
import pytest

from communicate.sealing import SITE, Sealed
from communicate.testing.programs import needed
from communicate_email.errors import Refused
from communicate_email.letters import Letter
from communicate_email.sending import signing

from .conftest import DOMAIN, make_office
from .outside import raw


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = make_office(tmp_path_factory.mktemp("signing"))
    yield made
    made.house.close()


def keys(office, name, *args):
    """Return what the keys of the site say."""
    return office.do(lambda request: getattr(signing.Keys(request), name)(*args))


def records(office):
    """Return the texts in the DNS, by name."""
    return {
        signing.name(DOMAIN, selector): signing.value(key)
        for selector, key in keys(office, "of", DOMAIN).items()
    }


@pytest.fixture(scope="module")
def selectors(office):
    return [keys(office, "make", DOMAIN, each) for each in signing.ALGORITHMS]


def checked(message, texts, index=0):
    """Tell whether dkimpy takes the signature number *index* of *message*."""

    def ask(name, timeout=5):
        return texts.get(name.decode().rstrip("."), "").encode()

    try:
        return dkim.DKIM(message).verify(idx=index, dnsfunc=ask)
    except dkim.DKIMException:
        return False


def test_both_signatures_hold_and_break_with_the_letter(office, selectors):
    signed = keys(office, "sign", Letter(raw(), author=office.uids["ines"])).raw
    assert signed.endswith(raw())
    assert signed.count(b"DKIM-Signature:") == 2
    for index in (0, 1):
        assert checked(signed, records(office), index)
        assert not checked(signed.replace(b"Il penche", b"Il tombe"), records(office), index)
        assert not checked(b"From: paul@x.example\r\n" + signed, records(office), index)
        assert not checked(signed, dict.fromkeys(records(office), "v=DKIM1; p="), index)


OPENDKIM = """
import ctypes, sys
library = ctypes.CDLL(sys.argv[1])
library.dkim_init.restype = library.dkim_verify.restype = ctypes.c_void_p
library.dkim_init.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
library.dkim_options.argtypes = [
    ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t
]
library.dkim_verify.argtypes = [
    ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_int)
]
library.dkim_chunk.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
library.dkim_eom.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
opened = library.dkim_init(None, None)
SET, METHOD, PLACE, FILE = 1, 6, 7, ctypes.c_int(1)  # of dkim.h
assert library.dkim_options(opened, SET, METHOD, ctypes.byref(FILE), 4) == 0
place = ctypes.create_string_buffer(sys.argv[2].encode())
assert library.dkim_options(opened, SET, PLACE, place, len(place.value) + 1) == 0
status, message = ctypes.c_int(), sys.stdin.buffer.read()
checking = library.dkim_verify(opened, b"test", None, ctypes.byref(status))
assert status.value == 0, status.value
assert library.dkim_chunk(checking, message, len(message)) == 0
assert library.dkim_chunk(checking, None, 0) == 0
print(library.dkim_eom(checking, None))
"""


def test_opendkim_takes_the_signature_too(office, selectors, tmp_path):
    """A verifier of another hand: libopendkim, told the keys by a file instead of the DNS."""
    needed("opendkim-testmsg")  # what the library comes with
    library = ctypes.util.find_library("opendkim") or "libopendkim.so.11"
    signed = keys(office, "sign", Letter(raw(), author=office.uids["ines"])).raw
    known = tmp_path / "keys"
    known.write_text("".join(f"{name} {text}\n" for name, text in records(office).items()))

    def said(message):
        done = subprocess.run(
            [sys.executable, "-c", OPENDKIM, library, str(known)],
            input=message,
            capture_output=True,
            timeout=60,
            check=True,
        )
        return int(done.stdout)

    good, bad = 0, 1  # DKIM_STAT_OK, DKIM_STAT_BADSIG
    assert said(signed) == good
    assert said(signed.replace(b"Le tilleul", b"Le banc")) == bad
    assert said(signed.replace(b"Il penche", b"Il tombe")) == bad


def test_letters_from_elsewhere_are_not_signed(office, selectors):
    letter = Letter(raw(sender="luce@elsewhere.example"))
    assert keys(office, "sign", letter) == letter


def test_private_keys_lie_sealed(office, selectors):
    for key in keys(office, "of", DOMAIN).values():
        assert isinstance(key.private, Sealed)
        assert key.private.uid == SITE


def test_a_new_key_signs_once_it_is_said_and_the_old_one_is_there_until_it_is_dropped(office):
    first = next(s for s in keys(office, "in_use", DOMAIN) if s.startswith("c"))
    second = keys(office, "make", DOMAIN, "rsa")
    assert second not in keys(office, "in_use", DOMAIN)
    keys(office, "use", DOMAIN, second)
    assert second in keys(office, "in_use", DOMAIN)
    assert first not in keys(office, "in_use", DOMAIN)
    assert signing.name(DOMAIN, first) in records(office)
    keys(office, "drop", DOMAIN, first)
    assert signing.name(DOMAIN, first) not in records(office)


def test_no_key_for_a_domain_that_is_not_ours(office):
    with pytest.raises(Refused):
        keys(office, "make", "elsewhere.example", "rsa")


def test_a_record_is_in_strings_that_fit(office, selectors):
    for selector, key in keys(office, "of", DOMAIN).items():
        line = signing.record(DOMAIN, selector, key)
        strings = line.split('"')[1::2]
        assert all(len(each) <= 255 for each in strings)
        assert "".join(strings) == signing.value(key)


def test_a_long_run_of_blanks_is_signed_as_quickly_as_words(office, selectors):
    """By the square of its length, this one would take days."""
    letter = Letter(raw(body=" " * 4_000_000 + "x"), author=office.uids["ines"])
    signed = keys(office, "sign", letter).raw
    assert signed.count(b"DKIM-Signature:") == 2
