"""HTML of messages: what is made to hurt does not, what is made to be read can be."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communicate_email import mime
from communicate_email.cleaning import allowed, clean, height, origins, page, policy, step
from communicate_email.cleaning.growth import growth
from communicate_email.cleaning.styles import kept

from .attacks import COVERS, LINKS, LOADS, SCRIPTS
from .collection import FILES

ALL = [*SCRIPTS, *LOADS, *LINKS, *COVERS]


class Reader(HTMLParser):
    """The elements and attributes of HTML, as another parser reads them."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def is_clean(html):
    for tag, given_ in Reader(html).found:
        assert tag in allowed.TAGS
        names = allowed.ATTRIBUTES["*"] | allowed.ATTRIBUTES.get(tag, set())
        assert set(given_) <= (names | {"target", "rel", "class"}) - allowed.LOADING | {"src"}
        assert given_.get("class", "goes") == "goes"
        assert given_.get("src", "data:").startswith("data:")
        assert given_.get("href", "https://").startswith(
            ("http://", "https://", "mailto:", "tel:")
        )
        style = given_.get("style", "")
        assert not re.search(r"url|image|expression|\\|@|/\*|position|float|:\s*-", style)
    assert "<script" not in html.lower()
    assert "<!--" not in html


class TestAttacks:
    @pytest.mark.parametrize("attack", ALL)
    def test_nothing_of_it_is_left(self, attack):
        for html in (attack, f"<div><table><tr><td>{attack}", f"{attack}</p></table>{attack}"):
            cleaned = clean(html, inline=lambda _id: "data:image/png;base64,AA").html
            is_clean(cleaned)
            # Read once more, it stays what it is.
            is_clean(clean(cleaned).html)

    @pytest.mark.parametrize("attack", [*LOADS[:2], LOADS[4], LOADS[6], *LOADS[9:20]])
    def test_what_was_held_back_is_told(self, attack):
        assert clean(attack).held

    @settings(max_examples=300, deadline=None)
    @given(st.lists(st.sampled_from(ALL) | st.text("<>\"'/=&; a\0", max_size=8), max_size=6))
    def test_mixtures_are_clean_too(self, pieces):
        is_clean(clean("".join(pieces)).html)


class TestPictures:
    def test_those_of_the_message_are_shown_others_are_held_back(self):
        html = "<img src='cid:a@b' alt=A><img src='https://x.example/p.png'><img src='cid:no'>"
        seen = clean(html, inline={"a@b": "data:image/png;base64,AA"}.get)
        assert seen.html == '<img src="data:image/png;base64,AA" alt="A"><img><img>'
        assert (seen.remote, seen.held) == (("https://x.example/p.png",), True)

    def test_on_demand_they_are_loaded_from_where_is_said(self):
        html = "<img src='http://x.example/p.png'><p style='background:url(http://x.example/q)'>x"
        seen = clean(html, remote=lambda address: "https://proxy/?" + address)
        assert seen.html == '<img src="https://proxy/?http://x.example/p.png"><p>x</p>'
        assert not seen.held

    def test_data_of_other_kinds_is_no_picture(self):
        assert clean("<img src='data:image/svg+xml;base64,AA'>").html == "<img>"
        assert clean("<img src='data:text/html,x'>").html == "<img>"

    def test_a_message_that_loads_nothing_holds_nothing_back(self):
        assert not clean("<p style='color:red'>x <a href='https://x.example'>x</a></p>").held


class TestLinks:
    def test_they_tell_where_they_go(self):
        seen = clean("<a href='https://x.example/a?b=1&amp;c=\"'>here</a>")
        (link,) = seen.links
        assert (link.host, link.words, link.misleading) == ("x.example", "here", False)
        ((_, given_),) = Reader(seen.html).found
        assert given_["title"] == given_["href"] == link.address
        assert 'target="_blank"' in seen.html
        assert 'rel="noopener noreferrer nofollow"' in seen.html

    @pytest.mark.parametrize(
        ("words", "address", "misleading"),
        [
            ("www.bank.example", "https://evil.example/", True),
            ("https://bank.example/login", "https://evil.example/", True),
            ("<b>bank</b>.example", "https://evil.example/", True),
            ("go to bank.example now", "https://bank.example.evil.example/", True),
            ("www.bank.example", "https://bank.example/", False),
            ("bank.example", "https://www.bank.example/x", False),
            ("ines@example.org", "mailto:ines@example.org", False),
            ("ines@example.org", "mailto:ines@evil.example", True),
            ("Read rapport.pdf", "https://x.example", False),
            ("Read on…", "https://x.example", False),
            ("bänk.example", "https://xn--bnk-qla.example/", False),
            ("bank.example", "https://b\u0430nk.example/", True),  # a Cyrillic letter
            ("bank.example", "https://bank.example@evil.example/", True),
            ("Your account", "https://bank.example@evil.example/", True),
            ("bank.example", r"https://evil.example\@bank.example/", True),
            ("bank.example", "https:///evil.example/bank.example", True),
            ("evil.example", "https:///evil.example/", False),
            ("bank.example", "https://evil&#9;.example/", True),
            ("evil.example", "https://%65vil.example:8443/", False),
            ("bank\u200b.example", "https://evil.example/", True),
            ("bank\u3002example", "https://evil.example/", True),
            ("\uff42ank.example", "https://evil.example/", True),
            ("b&shy;ank.example", "https://evil.example/", True),
            ("bank.example <b>evil.example</b>", "https://evil.example/", True),
            ("b\u0430nk.example", "https://b\u0430nk.example/", True),
        ],
    )
    def test_those_whose_words_say_another_host_are_pointed_out(self, words, address, misleading):
        seen = clean(f'<a href="{address}">{words}</a>')
        assert seen.links[0].misleading is misleading
        assert ('class="goes"' in seen.html) is misleading

    def test_the_mark_names_the_host_in_letters_of_the_network(self):
        seen = clean('<a href="https://bänk.example">bank.example</a>', mark="leads to {}".format)
        assert "leads to xn--bnk-qla.example" in seen.html


class TestStyles:
    def test_looks_are_kept(self):
        style = "color: #1c1c1c; FONT-SIZE:12px !important; border:1px solid rgb(1, 2, 3)"
        assert kept(style) == "color:#1c1c1c;font-size:12px;border:1px solid rgb(1, 2, 3)"

    @pytest.mark.parametrize("style", ["color:re\\64", "width:-1px", "margin:0 -1px", "font:'x"])
    def test_what_cannot_be_told_is_left_out(self, style):
        assert kept(style) == ""


DISORDER = [
    "<p>x", "</p>", "<font color=red>", "<font color=tan size=7>", "</font>", "<b lang=fr>",
    "</b>",
    "<i>", "</i>", "<div>", "</div>", "<table>", "<td>", "</table>", "<!--", "-->", "<select>",
    "</select>", '<p title="', '">', "<a href=https://x.example/>", "</a>", "<svg>", "</svg>",
    "<b>x</b>", "<p><font color=red>x</font></p>", "<h1>", "<caption>", "<button>", "<li>", "x",
]  # fmt: skip
OPEN = "".join(map("<font color=c{}>".format, range(190)))
ENDS = "</font>" * 190


class TestBounds:
    @pytest.mark.parametrize(
        "html",
        [
            "<div>" * 20_000,
            "<b><i><u>" * 10_000,
            "<p>" * 100_000,
            "<table><tr><td>" * 5_000,
            "<div><table><td></div></table>" * 30_000,
            "x" * 3_000_000,
            "<p " + " ".join(map("a{}".format, range(200_000))) + ">",
            # What has not ended begins anew in each paragraph, with its attributes.
            f"<p>{OPEN}" + "<p>x" * 12_000,
            f"<p>{OPEN}<!--{ENDS}-->" + "<p>x" * 12_000,
            f"<p>{OPEN}<select>{ENDS}</select>" + "<p>x" * 12_000,
            f'<p>{OPEN}<p title="{ENDS}">' + "<p>x" * 12_000,
            f"<a href=https://x.example title={'x' * 100_000}>" + "<p>x" * 12_000,
            f"<b title={'x' * 200_000}>" + "<div>" * 100 + "</b>" * 12_000,
        ],
    )
    def test_what_is_out_of_measure_is_shown_as_text(self, html):
        seen = clean(html + "&lt;script&gt;words")
        assert seen.plain
        is_clean(seen.html)
        assert seen.html.endswith("&lt;script&gt;words</div>")

    def test_mail_of_every_day_is_within(self):
        row = "<tr><td><p>a<br>b<p>c<td><font color=red><b>d</b></font></tr>"
        assert not clean("<html><body><table>" + row * 1_000 + "</table>").plain

    @given(st.lists(st.sampled_from(DISORDER), max_size=12), st.integers(1, 60))
    def test_no_more_is_made_than_was_said(self, pieces, times):
        html = "".join(pieces) * times
        assert len(clean(html).html) <= growth(html) + 60 * len(html) + 100

    @pytest.mark.parametrize("name", FILES)
    def test_all_mails_we_have_are_cleaned(self, name):
        html = mime.shown(mime.read(FILES[name].read_bytes())).html
        seen = clean(html)
        assert not seen.plain
        is_clean(seen.html)


class TestFrame:
    def test_its_policy_lets_nothing_in(self):
        rules = policy()
        assert rules.startswith("default-src 'none'; img-src data:; ")
        assert "script" not in rules.replace("allow-scripts", "script")
        assert "allow-same-origin" not in rules
        assert "sandbox allow-popups" in rules

    def test_it_lets_in_what_is_asked_for_and_nobody_else(self):
        addresses = [
            "https://a.example/p.gif?x=1",
            "https://A.example/q.gif",
            "http://b.example:8080/",
            "https://x@c.example/",
            "https://b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher.example/p",
            "https://evil.example; script-src *",
            "https://*/",
            "https:/p.gif",
        ]
        found = origins(addresses)
        assert found == (
            "https://a.example",
            "http://b.example:8080",
            "https://xn--bcher-kva.example",
        )
        rules = policy(remote=found)
        assert f"img-src data: {' '.join(found)}; style-src" in rules
        assert len(origins(f"https://h{n}.example/" for n in range(500))) == 50

    def test_its_height_is_about_that_of_what_it_shows(self):
        assert step("") == step("<p>Bonjour</p>") == 0
        lines = [step("<p>Une ligne.</p>" * count) for count in (1, 5, 12, 20, 200)]
        assert lines == sorted(lines)
        assert lines[-1] == len(height.STEPS) - 1
        assert step('<img src="data:," height="600">') > step('<img src="data:," height="60">')
        assert step('<img alt="held back" height="600">') == 0
        assert step("mot " * 2000) == len(height.STEPS) - 1

    def test_its_page_speaks_the_language_it_is_told(self):
        assert '<html lang="fr">' in page("x", "fr")
        assert "<html>" in page("x", 'fr" onload="x')
