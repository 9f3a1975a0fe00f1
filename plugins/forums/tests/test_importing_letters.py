"""What is shown of a message, whatever its mailer did."""

import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communicate.testing.programs import CLIENTS
from communicate.web.markdown import Markdown
from communicate_forums.importing import files, letters, plain, text
from communicate_forums.importing.charsets import header, to_text

VARIABLE = "COMMUNICATE_MAILS"
MARKDOWN = Markdown()


def mails():
    """Return the files of real and broken mail that lie beside the checkout, or above it."""
    given = os.environ.get(VARIABLE)
    above = [parent / "shared" / "data" / "mail" for parent in Path(__file__).resolve().parents]
    folders = [Path(given)] if given else [folder for folder in above if folder.is_dir()]
    return files.files_in(folders[0]) if folders else []


def letter(body, *heads):
    """Return the letter that a message with those *heads* and that *body* is read as."""
    return letters.read("\n".join([*heads, "", body]).encode())


def absent():
    """Fail where real input is required, skip elsewhere."""
    missing = f"no real mail was found: name its folder in {VARIABLE}"
    pytest.fail(missing) if os.environ.get(CLIENTS) == "1" else pytest.skip(missing)


class TestRealMail:
    def test_every_file_survives_and_shows_no_address(self):
        found = mails()
        if not found:
            absent()
        reader = files.Reader(found)
        read = [letters.read(reader.message(place)) for place in files.places(found)]
        reader.close()
        assert len(read) >= len([path for path in found if path.stat().st_size])
        for one in read:
            assert MARKDOWN.render(one.body) == one.html
            shown = f"{one.name} {one.title} {one.body} {one.html}"
            assert not text._ADDRESS.search(shown), shown
            assert one.body.strip()
            assert one.title.strip()

    @pytest.mark.parametrize(
        ("name", "author", "title", "begins"),
        [
            ("japanese_iso_2022", "Mikel Lindsaar", "まみむめも", "すみません。"),
            ("ks_c_5601-1987", "fr…", "test", "스티해"),
            ("attachment_with_quoted_filename", "Jeffrey Hardy", "Eelanalüüsi päring", "…"),
            ("cant_parse_from", "Apple", "Meet the new MacBook Pro family.", "From one solid"),
            ("raw_email_with_partially_quoted_subject", "Jamis Buck", 'Test: "漢字" mid', "대부"),
        ],
    )
    def test_reads_as_its_writer_meant(self, name, author, title, begins):
        found = [path for path in mails() if path.stem == name]
        if not found:
            absent()
        one = letters.read(found[0].read_bytes())
        assert (one.name, one.title[: len(title)]) == (author, title)
        assert one.words.startswith(begins)


class TestHeaders:
    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            ("=?utf-8?q?caf=C3=A9?= =?utf-8?q?_cr=C3=A8me?=", "café crème"),
            ("=?utf-8?b?w6k=?= et =?iso-8859-1?q?=E0?=", "é et à"),
            ("=?utf-8?B?4oI=?= =?utf-8?B?rA==?=", "€"),  # one letter cut in two
            ("=?x-nowhere?q?=E9t=E9?=", "été"),
            ("=?utf-8?b?!!!?= reste", "reste"),
            ("=?rot13?q?abc?=", "abc"),
            ("un\r\n  deux\x00", "un deux"),
        ],
    )
    def test_encoded_words(self, value, shown):
        assert header(value) == shown

    @pytest.mark.parametrize(
        ("sender", "name", "address"),
        [
            ("Jeanne Doux <Jeanne@Example.org>", "Jeanne Doux", "jeanne@example.org"),
            ("jeanne@example.org", "jea…", "jeanne@example.org"),
            ('"jeanne@example.org" <jeanne@example.org>', "jea…", "jeanne@example.org"),
            ("jeanne at example.org (Jeanne Doux)", "Jeanne Doux", "jeanne@example.org"),
            ("Jeanne <jeanne@example.org", "Jeanne", "jeanne@example.org"),
            ("", "", ""),
            ("undisclosed-recipients:;", "", ""),
        ],
    )
    def test_an_author_is_a_name_and_the_address_tells_authors_apart(self, sender, name, address):
        assert letters.author_of(sender)[1] == address
        assert letters.author_of(sender)[0] in (name, "undisclosed-recipients")

    def test_a_title_is_no_reply(self):
        assert letter("x", "Subject: Re: [liste] RE: AW: Le toit").title == "[liste] Le toit"
        assert letter("x", "Subject: Re:").title == "x"
        assert letter("Deux\nTrois", "Subject: ").title == "Deux"

    def test_a_space_before_the_colon_is_no_obstacle(self):
        one = letter("x", "From   : Jean <j@example.org>", "Subject : Le toit")
        assert (one.name, one.title, one.words) == ("Jean", "Le toit", "x")


class TestText:
    def test_plain_text_comes_before_html(self):
        one = letter(
            "--b\nContent-Type: text/html\n\n<p>html</p>\n--b\nContent-Type: text/plain\n\nplain\n"
            "--b--",
            "Content-Type: multipart/alternative; boundary=b",
        )
        assert (one.words, one.attached) == ("plain", 0)

    def test_what_is_attached_is_counted_and_left_out(self):
        one = letter(
            "--b\n\ntexte\n--b\nContent-Type: text/plain\nContent-Disposition: attachment\n\nnon\n"
            "--b\nContent-Type: image/png\n\nnon\n--b--",
            "Content-Type: multipart/mixed; boundary=b",
        )
        assert (one.words, one.attached) == ("texte", 2)

    def test_html_alone_becomes_text(self):
        html = (
            "<style>p{}</style><script>alert(1)</script><p>Un <b>mot</b></p><ul><li>a<li>b</ul>"
            "<blockquote>cité<br>deux</blockquote><a href='https://x.org/y'>ici</a>"
        )
        assert plain.from_html(html) == (
            "Un mot\n\n- a\n- b\n\n> cité\n> deux\n>\nici (https://x.org/y)"
        )

    def test_flowed_lines_are_put_together(self):
        body = "Une ligne \nqui continue.\n> citée \n> aussi\n-- \nSignature"
        one = letter(body, "Content-Type: text/plain; format=flowed")
        assert one.words == ("Une ligne qui continue.\n> citée aussi\n-- \nSignature")

    def test_quotes_are_quotes_and_all_else_is_text(self):
        body = (
            "> un\n>> deux\n\n# pas un titre\n* ni *une* liste\n1. ni [un](lien)\n    ni du code"
        )
        html = letter(body).html
        assert html == (
            "<blockquote>\n<p>un</p>\n<blockquote>\n<p>deux</p>\n</blockquote>\n</blockquote>\n"
            "<p># pas un titre<br>\n* ni *une* liste<br>\n1. ni [un](lien)<br>\n"
            "&nbsp;&nbsp;&nbsp;&nbsp;ni du code</p>\n"
        )

    def test_nothing_of_it_is_markup(self):
        html = letter('<script>alert(1)</script> https://x.org/?a=1&b="<i>').html
        assert html == (
            '<p>&lt;script&gt;alert(1)&lt;/script&gt; <a href="https://x.org/?a=1&amp;b=" '
            'rel="nofollow noopener ugc">https://x.org/?a=1&amp;b=</a>"&lt;i&gt;</p>\n'
        )

    def test_addresses_are_masked(self):
        one = letter(
            "On Monday Jeanne <jeanne.doux@example.org> wrote:\nmailto:a@b.example\n"
            "From: jeanne at example.org (Jeanne)\nlook at example.org",
            "Subject: for jeanne@example.org",
        )
        assert one.title == "for …@…"
        assert one.words == (
            "On Monday Jeanne <…@…> wrote:\nmailto:…@…\nFrom: …@… (Jeanne)\nlook at example.org"
        )

    @pytest.mark.parametrize(
        "words",
        [
            "rené.doux@example.org",
            "jeanne@exämple.example",
            '"jeanne doux"@example.org',
            "http://lists.example/options/toit/jeanne%40example.org",
            "http://lists.example/options/toit/jeanne--at--example.org",
            "jeanne at example.org wrote:",
        ],
    )
    def test_however_they_are_written(self, words):
        shown = letter(f"{words}\n", f"Subject: {words}")
        for part in (shown.title, shown.body, shown.html, shown.words):
            assert "example.org" not in part
            assert "exämple" not in part

    def test_one_through_which_a_text_is_cut_is_masked(self):
        body = "mot " * (letters.LONGEST_TEXT // 4 - 2) + "jeanne@example.org"
        assert "jeanne" not in letter(body).words

    @pytest.mark.parametrize(
        "sender",
        [
            '"jeanne at example.org" <jeanne@example.org>',
            "jeanne at example.org (jeanne at example.org)",
            '"jeanne (at) example dot org" <jeanne@example.org>',
            '"jeanne[at]example.org" <jeanne@example.org>',
        ],
    )
    def test_a_name_that_is_one_is_shortened(self, sender):
        assert letter("x", f"From: {sender}").name == "jea…"

    def test_a_name_in_which_somebody_is_at_a_place_is_kept(self):
        assert letter("x", "From: Jeanne at St. Mary's <j@example.org>").name.endswith("Mary's")

    @pytest.mark.parametrize(
        "head",
        [f"From: {'(' * 100_000}", f"From: a at {'.' * 60_000} x", f"Subject: {'re:' * 100_000}"],
    )
    def test_a_header_made_to_last_does_not(self, head):
        start = time.monotonic()
        assert letter("au fond", head).words == "au fond"
        assert time.monotonic() - start < 5

    def test_a_quote_of_nothing_is_no_empty_post(self):
        assert letter(">").body == letters.NOTHING

    def test_a_text_without_end_is_cut(self):
        one = letter("mot " * letters.LONGEST_TEXT)
        assert one.cut
        assert len(one.words) <= letters.LONGEST_TEXT

    def test_parts_within_parts_without_end(self):
        deep = "".join(
            f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(60)
        )
        assert letters.read(deep.encode() + b"\nau fond").body
        many = "--b\n\nx\n" * 5000
        assert letter(many, "Content-Type: multipart/mixed; boundary=b").words.startswith("x")

    @settings(max_examples=200, deadline=None)
    @given(st.text(alphabet="ab1.)->#*_`[]()<&\\|~!=+ \t\xa0\n'\"é:/http", max_size=80))
    def test_the_html_is_what_the_markdown_gives(self, words):
        written = text.written(words)
        assert MARKDOWN.render(written.markdown) == written.html

    @settings(max_examples=60, deadline=None)
    @given(st.binary(max_size=300))
    def test_any_bytes_are_read(self, data):
        assert letters.read(data).body
        assert isinstance(to_text(data, "utf-7"), str)
