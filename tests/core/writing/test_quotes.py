"""The text of what was written, as lists and the page of search show it."""

import html as entities
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from communicate.interfaces import IKeyRing, ISeals
from communicate.sealing.services import SHORT
from communicate.writing.quotes import line_in, on_a_line, plain

TAGS = st.sampled_from(
    ["<p>", "</p>", "<br>", "<strong>", "</strong>", '<a title="a > b">', "</a>", "<td>", "<pre>"]
)


def by_hand(html):
    """Return what `plain` returns, one character after the other."""
    found, tag, quoted = [], "", False
    for one in html:
        if tag:
            tag += one
            quoted ^= one == '"'
            if one == ">" and not quoted:
                blocks = r"</?(p|br|hr|h\d|pre|blockquote|ul|ol|li|t[a-z]+)\b"
                found.append(" " if re.match(blocks, tag) else "")
                tag = ""
        elif one == "<":
            tag = one
        else:
            found.append(one)
    return entities.unescape("".join(found))


@settings(max_examples=200, deadline=None)
@given(st.lists(TAGS | st.text(alphabet='ab é\n"&;', max_size=6)).map("".join))
def test_text_has_no_tags_and_blocks_are_apart(html):
    assert plain(html) == by_hand(html)


def test_what_it_quotes_and_its_files_are_no_words_of_its_own():
    number = "0123456789abc"
    file = f'<a href="attachment:{number}">plan</a>'
    html = f"<p>[quote:{number}]</p><p>Oui {file} !</p>\n<p>À deux</p>"
    assert on_a_line(html) == "Oui ! À deux"
    assert on_a_line("<p>1 &lt; 2&nbsp;!</p>") == "1 < 2\xa0!"


def test_a_line_of_what_is_short_is_kept_no_longer_than_the_key(site):
    def see(request):
        seals, ring, uid = (
            request.find_service(ISeals),
            request.find_service(IKeyRing),
            site.uids["paul"],
        )
        short, long = (
            seals.seal(uid, "x", f"<p>Un {words}</p>") for words in ("mot", "b " * SHORT)
        )
        for _ in range(2):
            assert line_in(seals, short) == "Un mot"
            assert len(line_in(seals, long)) == 2 * SHORT + 2
        assert list(ring.member_key(uid).made.values()).count("Un mot") == 1
        assert all(len(str(made)) < SHORT for made in ring.member_key(uid).made.values())
        ring.destroy(uid)
        assert line_in(seals, short) is line_in(seals, long) is None

    site.work(see)
