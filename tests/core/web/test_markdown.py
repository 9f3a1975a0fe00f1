from html.parser import HTMLParser
from time import thread_time

import pytest

from communicate.web.markdown import Markdown, plain


def seconds(action):
    begun = thread_time()
    action()
    return thread_time() - begun


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


class TestTime:
    def test_blanks_within_a_line_cost_what_they_are_long(self):
        texts = ["a" + " " * length + "b" for length in (20_000, 160_000)]
        short, long = (min(seconds(lambda t=t: plain(t)) for _ in range(3)) for t in texts)
        assert long < 24 * max(short, 0.0005)  # the square would be 64 times

    @pytest.mark.parametrize("make", [Markdown().render, Markdown().render_long])
    @pytest.mark.parametrize("text", ["[", "[a][", "[*a", "[^a", "[" * 15_000 + "]" * 15_000])
    def test_brackets_without_end_cost_no_more_than_links(self, make, text):
        texts = [piece * (30_000 // len(piece)) for piece in ("[a](b) ", text)]
        links, brackets = (min(seconds(lambda t=t: make(t)) for _ in range(2)) for t in texts)
        assert brackets < 5 * links

    def test_brackets_that_lead_nowhere_stay_and_links_among_them_lead(self):
        text = "[" * 2_000 + "[a](https://example.org/a)" + "[b [`]` c](https://example.org/b)"
        html = str(Markdown().render(text))
        assert html.startswith("<p>" + "[" * 2_000 + "<a ")
        assert html.count("<a ") == 2

    def test_a_long_text_of_links_keeps_each(self):
        text = "[un](https://example.org/a) et [[deux]](https://example.org/b)\n" * 2_000
        assert Markdown().render(text).count("<a ") == 4_000


class TestPlain:
    def test_line_ends_lose_the_blanks_before_them(self):
        assert plain("un \ndeux\n\ntrois") == "<p>un<br>\ndeux</p>\n<p>trois</p>\n"


class TestCleaned:
    @pytest.mark.parametrize(
        "text",
        [
            "<script>alert(1)</script>",
            '<img src="x" onerror="alert(1)">',
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt&colon;alert(1))",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "[x](vbscript:x)",
            "<javascript:alert(1)>",
            '[x](https://example.org "\\" onmouseover=alert(1) x=\\"")',
            "[x]: javascript:alert(1)\n\n[x]",
            '```"><script>alert(1)</script>\nx\n```',
            'https://example.org/"onmouseover=alert(1)',
            "| <svg onload=alert(1)> |\n|-|\n| <style>*{}</style> |",
            "![x](https://tracker.example/pixel.gif)",
        ],
    )
    def test_nothing_runs_and_nothing_is_fetched(self, text):
        reader = Reader()
        reader.feed(str(Markdown().render(text)))
        for tag, attributes in reader.seen:
            assert tag in {"p", "a", "pre", "code", "table", "thead", "tbody", "tr", "th", "td"}
            assert not any(
                name.startswith("on") or name in ("style", "src") for name in attributes
            )
            assert attributes.get("href", "https:").startswith(("https:", "http:"))


class TestVersion:
    def test_it_names_the_rules_and_both_libraries(self):
        rules, parser, cleaner = Markdown.version.split("-")
        assert int(rules) >= 1
        assert parser[0].isdigit()
        assert cleaner[0].isdigit()
