import pytest
from markupsafe import Markup

from communicate.web.said import Said, Saying


@pytest.fixture
def show(request_of):
    """Return what shows something said to a reader of English."""
    request_of.locale_name = "en"
    return Saying(request_of).show


def words(html):
    """Return *html* with its line ends and indents taken together."""
    return " ".join(html.split())


class TestWhatIsSaid:
    def test_shows_who_when_and_the_words(self, show):
        html = show(Said("0123", Markup("<p>Oui</p>"), "paul", time="hier", path="/x/0123"))
        assert 'id="0123"' in html
        assert '<a class="when" href="/x/0123">hier</a>' in html
        assert "<p>Oui</p>" in html
        assert "paul" in html

    def test_what_is_no_markup_is_escaped(self, show):
        assert "&lt;b&gt;" in show(Said("1", Markup("x"), author="<b>"))

    def test_marks_what_was_edited_and_what_is_the_viewer_s(self, show):
        html = show(Said("1", Markup("x"), edited=True, mine=True))
        assert "edited</span>" in html
        assert "you</span>" in html
        plain = show(Said("1", Markup("x")))
        assert "edited</span>" not in plain
        assert "you</span>" not in plain


class TestWhatIsGone:
    def test_deleted_leaves_a_placeholder(self, show):
        html = words(show(Said("1", gone="deleted", time="hier")))
        assert "Deleted · hier" in html
        assert "post-body" not in html

    def test_hidden_tells_the_reason_to_whom_it_concerns(self, show):
        assert "Reason:" not in show(Said("1", gone="hidden"))
        assert "Reason: Trop long" in words(show(Said("1", gone="hidden", reason="Trop long")))

    def test_hidden_words_are_opened_by_those_who_may_read_them(self, show):
        assert "<details>" in show(Said("1", Markup("x"), gone="hidden"))
        assert "<details>" not in show(Said("1", gone="hidden"))
