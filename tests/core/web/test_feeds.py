"""How feeds are written, whatever they hold, and the keys of private ones."""

import json
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from communicate.web.feeds import (
    ATOM,
    JSON,
    SECRET,
    Item,
    Source,
    Writer,
    digest,
    new_key,
    uid_in,
    updated_of,
)

SOURCE = Source("things", 1_000_000, "Things", "/things", "/things/feed.atom", "fr")
WRITER = Writer("https://tilleuls.example")


def item(**given):
    values = {
        "name": "things/1",
        "created": 0,
        "published": 2_000_000,
        "updated": 3_000_000,
        "title": "Un",
        "path": "/things/1",
        "author": "ines",
        "html": "<p>Mots</p>",
    }
    return Item(**{**values, **given})


class TestWriting:
    @given(st.text(), st.text())
    def test_whatever_words_hold_is_well_formed(self, title, html):
        if any("\ud800" <= char <= "\udfff" for char in title + html):
            return
        made = item(title=title, html=html, tags=(title,), summary=html)
        ElementTree.fromstring(WRITER.write(ATOM, SOURCE, [made]))  # noqa: S314
        assert json.loads(WRITER.write(JSON, SOURCE, [made]))["version"].endswith("/1.1")

    def test_addresses_are_whole_and_those_of_others_stay(self):
        html = '<a href="/a">a</a><img src="/b"><a href="#n">n</a><a href="//x/y">y</a> href="/c"'
        assert WRITER.absolute(item(html=html)) == (
            '<a href="https://tilleuls.example/a">a</a><img src="https://tilleuls.example/b">'
            '<a href="https://tilleuls.example/things/1#n">n</a><a href="//x/y">y</a> href="/c"'
        )

    def test_an_id_is_that_of_the_day_and_never_changes(self):
        assert WRITER.tag(0, "things/1") == "tag:tilleuls.example,1970-01-01:things/1"

    def test_it_is_as_new_as_its_newest(self):
        assert updated_of(SOURCE, [item(), item(updated=9)]) == 3_000_000
        assert updated_of(SOURCE, []) == SOURCE.created

    def test_what_is_empty_is_left_out_of_json(self):
        (made,) = json.loads(WRITER.write(JSON, SOURCE, [item(html="")]))["items"]
        assert made["content_html"] == ""
        assert not {"summary", "tags", "language"} & set(made)


class TestKeys:
    def test_name_their_member_and_are_kept_as_a_digest(self):
        key, kept = new_key(77)
        assert uid_in(key) == 77
        assert digest(key[13:]) == kept
        assert len(kept) == SECRET
        assert new_key(77)[0] != key

    def test_what_is_none_names_nobody(self):
        assert uid_in("é") is None
        assert uid_in("") is None
