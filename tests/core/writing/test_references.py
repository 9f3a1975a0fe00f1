"""References in Markdown: filled in for each reader, never fetched."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communicate.ids import encode
from communicate.web.markdown import Markdown
from communicate.writing.references import Filling, renumbered, without

NUMBER = 2**50
ID = encode(NUMBER)


def attachment(number=NUMBER, *, picture=False, draft=False):
    """Return something attached."""
    return SimpleNamespace(
        id=number, is_picture=picture, in_draft=draft, width=4, height=3, size=10
    )


def fill(markdown, *attached, pictures=True):
    """Return the HTML of *markdown*, filled."""
    page = SimpleNamespace(size=lambda count: f"{count} o", say=lambda message: str(message))
    service = SimpleNamespace(
        request=SimpleNamespace(page=page), name=lambda each: f"<{each.id % 7}>.pdf"
    )
    html = Markdown().render(markdown)
    return str(Filling(service, attached, "/x/1", pictures=pictures).fill(html))


class TestFilling:
    def test_a_picture_stands_in_the_place_of_its_reference(self):
        html = fill(f"Vu : ![la *serre*](attachment:{ID})", attachment(picture=True))
        assert f'<img src="/x/1/{ID}" alt="la serre" width="4" height="3"' in html
        assert "attachment:" not in html
        assert "!<" not in html

    def test_a_file_is_a_link_and_so_is_a_picture_where_none_can_be_shown(self):
        assert f'class="file-link" href="/x/1/{ID}"' in fill(
            f"[plan](attachment:{ID})", attachment()
        )
        html = fill(f"![serre](attachment:{ID})", attachment(picture=True), pictures=False)
        assert "<img" not in html
        assert f'href="/x/1/{ID}"' in html

    def test_without_words_the_name_of_the_file_says_what_it_is(self):
        html = fill(f"![](attachment:{ID})", attachment(picture=True))
        assert 'alt="&lt;' in html

    def test_no_title_breaks_out_of_its_quotes(self):
        """Whether the cleaner escapes what is in them or not."""
        html = f'<a href="attachment:{ID}" title="><img src=x>">plan</a>'
        page = SimpleNamespace(say=lambda message: str(message))
        service = SimpleNamespace(request=SimpleNamespace(page=page))
        shown = Filling(service, [], "/x/1", pictures=True).fill(html)
        assert shown == '<span class="file-link quiet">plan (file deleted)</span>'

    def test_what_is_gone_is_said_and_leads_nowhere(self):
        html = fill(f"[plan](attachment:{ID})")
        assert "file deleted" in html
        assert "href" not in html

    def test_what_is_not_referred_to_stands_below_once(self):
        html = fill("Rien.", attachment(), attachment(NUMBER + 1, picture=True))
        assert html.index("Rien.") < html.index('class="attached"')
        assert html.count("<li>") == 2
        assert "attached" not in fill(f"[a](attachment:{ID})", attachment())

    def test_before_it_is_sent_it_is_read_in_the_draft(self):
        assert f"/account/drafts/files/{ID}" in fill("x", attachment(draft=True))

    def test_a_picture_of_elsewhere_is_never_fetched(self):
        html = fill("![x](https://evil.example/p.png) ![x](attachment:https://evil.example/)")
        assert "<img" not in html

    @pytest.mark.parametrize("mark", ["", "!"])
    @pytest.mark.parametrize("attached", [(), (attachment(),), (attachment(picture=True),)])
    def test_a_title_cannot_end_the_tag_it_stands_in(self, mark, attached):
        title = f"><script>x</script><a href='attachment:{ID}'>"
        html = fill(f'{mark}[plan](attachment:{ID} "{title}")', *attached)
        assert "script" not in html
        assert "plan" in html

    @given(st.text(max_size=60), st.text(max_size=60))
    def test_nothing_that_is_written_breaks_out(self, before, words):
        html = fill(f"{before}![{words}](attachment:{ID}){before}", attachment(picture=True))
        assert "<script" not in html.lower()
        assert html.count("<img") <= 1


class TestWithout:
    def test_pieces_of_text_have_nothing_of_it(self):
        html = Markdown().render(f"a ![b](attachment:{ID}) c [d](attachment:{ID}) [e](/f)")
        assert "b" not in without(str(html)).replace("noopener", "").replace("ugc", "")
        assert ">e</a>" in without(str(html))


class TestRenumbered:
    @pytest.mark.parametrize("mark", ["", "!"])
    def test_references_have_their_new_ids(self, mark):
        other = encode(NUMBER + 5)
        text = f"{mark}[a](attachment:{ID}) et (attachment:x)"
        assert renumbered(text, {ID: other}) == f"{mark}[a](attachment:{other}) et (attachment:x)"
        assert renumbered(text, {}) == text
