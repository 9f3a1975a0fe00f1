"""Long texts: what is made of them, what hostile ones cannot do, and how long each takes."""

from html.parser import HTMLParser
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communicate.web.highlight import LANGUAGES, LONGEST, highlight, lexer_for
from communicate.web.longtext import PREFIX, count_words, first_words, plain_text
from communicate.web.markdown import Markdown

MARKDOWN = Markdown()


class Reader(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.seen = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def ids(self):
        return [attrs["id"] for _tag, attrs in self.seen if "id" in attrs]


HOSTILE = ["'", "(", "a ", "<!--", "\n", "a\n ", "a.b.", "0x", " ", "/*", '"""', "[["]


def filled(hostile):
    """Return *hostile* as often as one piece of code may have it."""
    return (hostile * LONGEST)[:LONGEST]


def seconds(action):
    """Return the processor's time that *action* takes."""
    begun = process_time()
    action()
    return process_time() - begun


def made(text):
    return MARKDOWN.render_long(text)


def tags(text):
    return Reader(str(made(text).html))


class TestHeadings:
    def test_the_highest_is_the_second_and_none_is_left_out_on_the_way_down(self):
        found = [tag for tag, _attrs in tags("### A\n\n###### B\n\n## C\n\n#### D").seen]
        assert [tag for tag in found if tag[0] == "h"] == ["h2", "h3", "h2", "h3"]
        assert [level for level, _anchor, _title in made("# A\n\n### B").contents] == [2, 3]

    def test_each_is_listed_under_an_id_of_its_own(self):
        text = "# L’été *là*\n\n# L’été là\n\n# `x`\n\n# !\n\n# !"
        contents = made(text).contents
        assert [title for _level, _anchor, title in contents] == [
            *("L’été là", "L’été là", "x", "!", "!"),
        ]
        anchors = [anchor for _level, anchor, _title in contents]
        assert anchors == tags(text).ids()
        assert len(set(anchors)) == len(anchors)
        assert all(anchor.startswith(PREFIX) for anchor in anchors)


class TestFootnotes:
    def test_they_are_numbered_and_lead_there_and_back(self):
        reader = tags("Un[^a], deux[^b], un[^a].\n\n[^a]: Oui.\n[^b]: Non.")
        links = [attrs["href"][1:] for tag, attrs in reader.seen if tag == "a"]
        assert len(links) == 6
        assert set(links) <= set(reader.ids())
        assert len(set(reader.ids())) == len(reader.ids())

    def test_what_refers_to_none_stays_as_it_is_typed(self):
        assert "[^1]" in str(made("Rien[^1].").html)


class TestCode:
    def test_it_is_in_colours_where_its_language_is_known(self):
        assert '<span class="c-k">def</span>' in made("```python\ndef f(): pass\n```").html
        assert "<span" not in made("```cobol\nMOVE A TO B\n```").html
        assert "<span" not in made("```\ndef f(): pass\n```").html

    @pytest.mark.parametrize("name", sorted(LANGUAGES))
    def test_every_language_is_read_and_nothing_is_lost(self, name):
        assert lexer_for(name) is not None
        code = "if (x < 1 && y > '<b>') { return \"é\"; } # x\n"
        assert Reader(highlight(code, name)).seen == [
            ("span", attrs) for _tag, attrs in Reader(highlight(code, name)).seen
        ]
        assert plain_code(highlight(code, name)) == code

    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_no_code_takes_long(self, hostile):
        assert seconds(lambda: highlight(filled(hostile), "csharp")) < 3

    @pytest.mark.slow
    @pytest.mark.parametrize("name", sorted(set(LANGUAGES.values())))
    def test_no_language_takes_long(self, name):
        for hostile in HOSTILE:
            assert seconds(lambda text=hostile: highlight(filled(text), name)) < 3

    def test_what_is_cut_into_pieces_is_all_there(self):
        code = "int f(int x) { return x; } // fin\n" * 200
        assert plain_code(highlight(code, "c")) == code
        assert plain_code(highlight("x" * 5_000, "c")) == "x" * 5_000

    def test_what_is_very_long_is_plain(self):
        assert "<span" not in highlight("def f(): pass\n" * LONGEST, "python")


def plain_code(html):
    found = []

    class Text(HTMLParser):
        def handle_data(self, data):
            found.append(data)

    Text().feed(html)
    return "".join(found)


class TestCleaned:
    @pytest.mark.parametrize(
        "text",
        [
            '<h2 id="content">x</h2>',
            '# x <img src=x onerror="alert(1)">',
            "[x](javascript:alert(1))",
            "[^<svg onload=alert(1)>]\n\n[^<svg onload=alert(1)>]: x",
            '```"><script>alert(1)</script>\nx\n```',
            "```html\n<script>alert(1)</script>\n```",
            '[x](# "\\" onmouseover=alert(1) x=\\"")',
            "![x](https://tracker.example/pixel.gif)",
            '<span class="btn">x</span>',
        ],
    )
    def test_nothing_runs_is_fetched_or_poses_as_the_page(self, text):
        for tag, attrs in tags(text).seen:
            assert tag not in {"script", "img", "svg", "style", "iframe", "form", "input"}
            assert not any(name.startswith("on") or name == "style" for name in attrs)
            assert attrs.get("id", PREFIX).startswith(PREFIX)
            assert attrs.get("class", "c-").startswith("c-")
            assert not attrs.get("href", "").startswith(("javascript:", "data:"))

    @given(st.text("#`*_[]()^:<>|-!~ \nabé\"'&=1", max_size=200))
    @settings(max_examples=150, deadline=None)
    def test_whatever_is_typed(self, text):
        reader = tags(text)
        assert len(set(reader.ids())) == len(reader.ids())
        for tag, attrs in reader.seen:
            assert tag not in {"script", "img", "style"}
            assert attrs.get("id", PREFIX).startswith(PREFIX)


class TestTime:
    @pytest.mark.slow
    @pytest.mark.parametrize(
        "text",
        [
            "[^1]" * 20_000 + "\n\n[^1]: x",
            "".join(f"[^{n}]: x\n\n" for n in range(6_000)),
            "# a\n\n" * 15_000,
            "```csharp\na\n a\n```\n" * 4_000,
            "[" * 50_000,
            "> " * 40_000,
        ],
    )
    def test_a_long_text_takes_a_moment(self, text):
        assert seconds(lambda: made(text)) < 5


class TestTables:
    def test_cells_say_how_they_are_aligned(self):
        html = str(MARKDOWN.render("| a | b |\n|---|--:|\n| 1 | 2 |"))
        assert '<td align="right">2</td>' in html
        assert "style" not in html


class TestWords:
    def test_plain_text_has_neither_code_nor_footnotes(self):
        text = made("Des *mots*[^1] &amp; d’autres.\n\n```\ncode\n```\n\n- un\n\n[^1]: note").text
        assert text == "Des mots & d’autres. un"
        assert count_words(text) == 5

    def test_the_first_words_end_with_a_whole_one(self):
        html = made("# Titre\n\nUn deux trois quatre.\n\nCinq six.").html
        assert first_words(html, 100) == "Un deux trois quatre. Cinq six."
        assert first_words(html, 14) == "Un deux trois…"
        assert first_words("", 10) == ""
        assert plain_text("<p>a</p><p>b</p>") == "a b"
