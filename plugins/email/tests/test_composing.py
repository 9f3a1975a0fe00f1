"""The bytes of a message: what was written, and nothing else; what is quoted of others."""

from datetime import UTC, datetime

import pytest

from communicate_email.composing import (
    Draft,
    File,
    as_bytes,
    quoted,
    speaks_of_file,
    unsigned,
)
from communicate_email.formatted import cleaned, document
from communicate_email.people import Person

MOMENT = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
INES = Person("", "ines@tilleuls.example")
LUCE = Person("Bernard, Éloïse", "luce@elsewhere.example")
TEXT = "Bonjour **Luce**,\n\n- un\n- deux\n\nhttps://a.example/?b&c\n"


def test_a_plain_message_has_these_bytes_and_no_other():
    draft = Draft(INES, [LUCE], subject="Échelle", text="Rendue samedi.\n\n\n")
    assert as_bytes(draft, "1@tilleuls.example", MOMENT) == (
        b"From: ines@tilleuls.example\r\n"
        b"To: =?utf-8?b?QmVybmFyZCwgw4lsb8Ovc2U=?= <luce@elsewhere.example>\r\n"
        b"Subject: =?utf-8?q?=C3=89chelle?=\r\n"
        b"Date: Mon, 30 Nov 2026 09:00:00 +0000\r\n"
        b"Message-ID: <1@tilleuls.example>\r\n"
        b'Content-Type: text/plain; charset="utf-8"\r\n'
        b"Content-Transfer-Encoding: 7bit\r\n"
        b"MIME-Version: 1.0\r\n"
        b"\r\n"
        b"Rendue samedi.\r\n"
    )


def test_a_formatted_message_has_these_bytes_and_no_other():
    draft = Draft(INES, [LUCE], subject="Liste", text=TEXT, html=document(TEXT))
    raw = as_bytes(draft, "1@tilleuls.example", MOMENT)
    mark = raw.partition(b'boundary="')[2].partition(b'"')[0]
    assert raw.partition(b"Message-ID: <1@tilleuls.example>\r\n")[2].replace(mark, b"B") == (
        b"MIME-Version: 1.0\r\n"
        b'Content-Type: multipart/alternative;\r\n boundary="B"\r\n'
        b"\r\n"
        b"--B\r\n"
        b'Content-Type: text/plain; charset="utf-8"\r\n'
        b"Content-Transfer-Encoding: 7bit\r\n"
        b"\r\n"
        b"Bonjour **Luce**,\r\n\r\n- un\r\n- deux\r\n\r\nhttps://a.example/?b&c\r\n"
        b"\r\n"
        b"--B\r\n"
        b'Content-Type: text/html; charset="utf-8"\r\n'
        b"Content-Transfer-Encoding: 7bit\r\n"
        b"MIME-Version: 1.0\r\n"
        b"\r\n"
        b"<!DOCTYPE html>\r\n"
        b"<html><body>\r\n"
        b"<p>Bonjour <strong>Luce</strong>,</p>\r\n"
        b"<ul>\r\n<li>un</li>\r\n<li>deux</li>\r\n</ul>\r\n"
        b'<p><a href="https://a.example/?b&amp;c">'
        b"https://a.example/?b&amp;c</a></p>\r\n"
        b"</body></html>\r\n"
        b"\r\n"
        b"--B--\r\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src="https://espion.example/p.gif">',
        "![suivi](https://espion.example/p.gif)",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        '<a onclick="x()" href="https://espion.example">x</a>',
        "<style>p { background: url(https://espion.example/p.png) }</style>",
        "-- \n<script>alert(1)</script><img src=x>",
    ],
)
def test_formatted_text_loads_nothing_and_runs_nothing(text):
    html = document(text).lower()
    for sign in ("<script", "<img", "<style", "<a onclick", 'href="javascript', 'href="data'):
        assert sign not in html


def test_a_signature_keeps_its_lines_and_what_follows_is_formatted():
    text = "*Oui.*\n-- \nInes *Roux*\n01 02\n\nLe 3, Luce a écrit :\n> **Non** ?\n"
    assert cleaned(text) == (
        "<p><em>Oui.</em></p>\n"
        "<p>-- <br>\nInes *Roux*<br>\n01 02</p>\n"
        "<p>Le 3, Luce a écrit :</p>\n"
        "<blockquote>\n<p><strong>Non</strong> ?</p>\n</blockquote>\n"
    )


def test_large_files_stay_as_they_are():
    data = bytes(range(256)) * 4000
    draft = Draft(INES, [LUCE], files=[File("photo d’été.jpg", data)])
    raw = as_bytes(draft, "1@tilleuls.example", MOMENT)
    assert len(raw) < len(data) * 78 / 57 + 2000  # what `attaching.largest` counts on


def test_a_quotation_has_no_signature_but_what_was_quoted_below_it():
    text = "Oui.\n\n-- \nLuce\nAu fond\n\nLe 3, Ines a écrit :\n> Non ?\n"
    assert quoted(text, 1000) == "> Oui.\n>\n> Le 3, Ines a écrit :\n>> Non ?"
    assert unsigned(["a", "-- ", "Luce"]) == ["a"]
    assert unsigned(["a", "-- ", "> b"]) == ["a", "> b"]
    assert unsigned(["a"]) == ["a"]


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("Vous trouverez ci-joint le plan.", True),
        ("Voici la pièce jointe", True),
        ("Please find attached the plan", True),
        ("I have attached it.", True),
        ("Le plan\n\n> ci-joint le devis", False),
        ("Bonjour\n-- \nci-joint", False),
        ("Bonjour\n\n---------- Message transféré ----------\nci-joint", False),
        ("Il est attaché à elle. We are attached to you.", False),
        ("Joignez-le, les mains jointes.", False),
    ],
)
def test_whether_a_file_is_spoken_of(text, speaks):
    assert speaks_of_file(text) is speaks
