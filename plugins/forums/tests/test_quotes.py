import pytest

from communicate.ids import encode
from communicate.interfaces import ISeals
from communicate.testing.freed import left_by
from communicate.writing import quotes
from communicate_forums.interfaces import IForums


def page(place, login, topic):
    return place.browser(login).get(topic.base).maybe_follow()


def quote(number, *span):
    return f"[quote:{encode(number)}{':' + '-'.join(map(str, span)) if span else ''}]"


def quoted(page):
    """Return the texts of the quotes on *page*."""
    return [block.get_text(" ", strip=True) for block in page.html.select("blockquote.quoted")]


class TestText:
    def test_is_what_a_browser_sees(self):
        html = '<p>a &amp; b<br>\n<a href="/x" title="1>0">c</a></p>\n'
        assert quotes.text_of(html) == "a & b\nc\n"

    def test_leaves_out_what_the_post_quotes_itself(self):
        line = f"[quote:{'0' * 13}]"
        assert quotes.text_of(f"<p>{line}</p>\n<p>oui</p>") == "\noui"
        assert quotes.without(f"{line}\noui\n{line}") == "oui\n"

    @pytest.mark.parametrize(
        ("start", "stop", "found"),
        [(None, None, "Un peu d'huile"), ("3", "6", "peu"), ("9", "2", ""), ("900", "999", "")],
    )
    def test_an_excerpt_is_never_longer_than_the_words(self, start, stop, found):
        assert quotes.excerpt("Un peu d'huile", start, stop) == found

    def test_what_is_long_is_cut(self):
        assert len(quotes.excerpt("a" * 5_000, None, None)) == quotes.LONGEST + 1


class TestQuoting:
    def test_shows_author_words_and_the_way_to_the_post(self, place):
        topic = place.topic(body="Un peu d'huile <fine>")
        place.reply(topic, f"{quote(topic.number, 3, 6)}\nLaquelle ?")
        block = page(place, None, topic).html.select_one("blockquote.quoted")
        assert block.p.get_text() == "peu"
        assert block.footer.get_text() == "ines"
        assert block.a["href"] == topic.post()

    def test_what_is_stored_holds_a_reference_and_no_words(self, place):
        topic = place.topic(body="Chèvrefeuille")
        number = place.reply(topic, quote(topic.number))

        def look(request, forums):
            post, text = forums.post(number), request.find_service(ISeals).text
            return text(post.html) + text(post.body)

        stored = place.do(look)
        assert "Chèvrefeuille" not in stored
        assert encode(topic.number) in stored
        assert place.found("paul", "chèvrefeuille") == {topic.number}
        assert place.found("paul", encode(topic.number)) == set()

    def test_words_are_escaped_and_lines_kept(self, place):
        topic = place.topic(body="<script>x</script>\n\nsuite")
        place.reply(topic, quote(topic.number))
        html = page(place, None, topic).text
        assert "&lt;script&gt;x&lt;/script&gt;<br>\nsuite" in html
        assert "<script>x" not in html

    def test_in_code_and_in_a_sentence_it_is_no_quote(self, place):
        topic = place.topic(body="Muguet")
        line = quote(topic.number)
        place.reply(topic, f"Écrivez {line} ici\n\n```\n{line}\n```\n")
        shown = page(place, None, topic)
        assert quoted(shown) == []
        assert shown.text.count(line) == 2

    def test_a_quote_of_a_quote_shows_only_what_the_post_says_itself(self, place):
        topic = place.topic(body="Muguet")
        number = place.reply(topic, f"{quote(topic.number)}\nLilas")
        place.reply(topic, quote(number))
        assert quoted(page(place, None, topic)) == ["ines Muguet", "paul Lilas"]

    def test_an_edit_of_the_quoted_post_is_seen_and_said(self, place):
        topic = place.topic(body="Muguet")
        place.reply(topic, quote(topic.number))
        place.later(seconds=1)
        place.do(
            lambda request, forums: request.find_service(IForums).edit(
                forums.post(topic.number), "Lilas"
            )
        )
        assert quoted(page(place, None, topic)) == ["ines · changed since Lilas"]

    def test_one_post_shows_no_more_than_twenty(self, make_place):
        place = make_place()
        topic = place.topic(body="Muguet")
        place.reply(topic, "\n".join([quote(topic.number)] * 30))
        assert len(quoted(page(place, None, topic))) == quotes.MOST

    @pytest.mark.parametrize("name", ["0" * 13, "z" * 13])
    def test_of_what_never_was_is_a_quote_of_nothing(self, place, name):
        topic = place.topic()
        place.reply(topic, f"[quote:{name}]")
        assert quoted(page(place, None, topic)) == ["Post deleted"]


class TestRights:
    """A quote is read by who may read the quoted post, whoever reads the one that quotes it."""

    @pytest.mark.parametrize("act", ["delete", "destroy", "hide"])
    def test_what_is_gone_is_gone_from_quotes(self, place, act):
        topic = place.topic()
        number = place.reply(topic, "Aubépine")
        place.reply(topic, quote(number, 0, 5), by="ines")
        if act == "hide":
            place.remove(number, "set_hidden", True)
        else:
            place.remove(number, act)
        for login in (None, "paul", "ines", "moira"):
            shown = page(place, login, topic)
            assert quoted(shown) == ["Post deleted"]
            assert login == "moira" or "Aubépine" not in shown.text

    def test_what_only_some_may_read_is_quoted_to_them_alone(self, place):
        narrow = place.topic(place.forum(audience=place.only("ines", "paul")), body="Le code")
        topic = place.topic()
        place.reply(topic, quote(narrow.number))
        assert quoted(page(place, "paul", topic)) == ["ines Le code"]
        for login in (None, "moira", "oscar"):
            shown = page(place, login, topic)
            assert quoted(shown) == ["Post deleted"]
            assert "Le code" not in shown.text
            assert narrow.base not in shown.text

    def test_a_hidden_topic_is_quoted_nowhere(self, place):
        hidden, topic = place.topic(body="Aubépine"), place.topic()
        place.reply(topic, quote(hidden.number))
        place.click("moira", f"{hidden.base}/hide?reason=Non")
        assert quoted(page(place, "ines", topic)) == ["Post deleted"]

    def test_a_preview_shows_what_its_writer_may_read(self, place):
        narrow = place.topic(place.forum(audience=place.only("ines")), body="Le code")
        topic = place.topic(body="Muguet")
        body = f"{quote(narrow.number)}\n{quote(topic.number)}"
        shown = place.write("paul", topic.base, "preview", 200, body=body)
        assert quoted(shown) == ["Post deleted", "ines Muguet"]


class TestWithoutScript:
    def test_a_link_puts_the_reference_into_the_reply(self, place):
        topic = place.topic()
        place.replies(topic, 7)
        later = page(place, "paul", topic).click("Next page")
        link = later.html.select_one("[data-quote]")
        shown = later.goto(link["href"])
        assert set(shown.request.GET) == {"after", "quote"}
        name = link.find_parent("article")["id"]
        assert f"[quote:{name}]" in shown.html.select_one("#reply textarea").text

    def test_strangers_are_offered_none(self, place):
        assert "data-quote" not in page(place, None, place.topic()).text

    @pytest.mark.parametrize("asked", ["?quote=0000000000000", "?quote=zzz", "?quote=a&quote=b"])
    def test_a_wrong_one_is_no_error(self, place, asked):
        answer = place.browser("paul").get(
            page(place, "paul", place.topic()).request.path + asked, expect_errors=True
        )
        assert answer.status_int in (200, 400)


def test_a_page_with_quotes_is_let_go_of_at_once(place):
    topic = place.topic(body="Muguet")
    place.reply(topic, quote(topic.number))
    assert left_by(place.house, lambda: page(place, "ines", topic)) == []
