"""How an article is kept: as written, and as shown."""

from hypothesis import given
from hypothesis import strategies as st

from communicate.web.slugs import slug
from communicate_articles.words import Heading, Page, Written, heading_in

TEXT = st.text(max_size=40)
TAGS = st.lists(TEXT, max_size=3)


class TestKept:
    @given(TEXT, TEXT, TEXT, TAGS)
    def test_what_is_shown_comes_back(self, title, html, summary, tags):
        contents = [(2, "s", title), (3, "t", html)]
        page = Page(title, html, summary, minutes=3, contents=contents, tags=tags)
        assert Page.load(page.dump()) == page

    @given(TEXT, TEXT)
    def test_its_heading_is_read_without_the_rest(self, title, html):
        assert heading_in(Page(title, html, "").dump()) == Heading(title, slug(title))

    @given(TEXT, TEXT, TAGS)
    def test_what_was_written_comes_back(self, title, text, tags):
        written = Written(title, text, tags=tuple(tags), language="fr", cover=7)
        assert Written.load(written.dump()) == written
