"""What counts as dangerous in a page: what a browser would run, or be led by."""

import pytest

from communicate.testing.hostile import dangers, dangers_in, is_boxed
from communicate.testing.wire import Reply

BOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups"


def reply(policy):
    return Reply(200, (("content-security-policy", policy),), b"")


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<iframe src="/a" sandbox="allow-popups">', []),
        ('<iframe src="/a" sandbox>', []),
        ('<iframe src="/a">', ["<iframe>"]),
        ('<iframe src="/a" sandbox="allow-scripts">', ["<iframe>"]),
        ('<iframe src="/a" sandbox="allow-same-origin">', ["<iframe>"]),
        ('<iframe src="//evil.example" sandbox>', ["<iframe>"]),
        ('<iframe srcdoc="x" src="/a" sandbox>', ["<iframe>"]),
        ("<style>a{}</style>", ["<style>"]),
        ('<p style="x">', ["style="]),
    ],
)
def test_a_frame_is_none_while_it_runs_nothing(html, found):
    assert dangers(html) == found


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<style>a{}</style><p style="x"><img src="data:image/png;base64,AA">', []),
        ('<p onclick="x">', ["onclick="]),
        ("<script>x</script>", ["<script>"]),
        ('<a href="javascript:x">', ["href=javascript:x"]),
        ('<a href="data:image/png;base64,AA">', ["href=data:image/png;base64,AA"]),
    ],
)
def test_in_a_box_styles_and_pictures_do_no_harm(html, found):
    assert dangers(html, boxed=True) == found


@pytest.mark.parametrize(
    ("policy", "boxed"),
    [
        (BOX, True),
        ("", False),
        ("default-src 'none'", False),
        ("sandbox", False),
        (BOX + " allow-scripts", False),
        (BOX + " allow-same-origin", False),
        (BOX.replace("'none'", "'self'"), False),
    ],
)
def test_a_box_is_an_origin_of_its_own_that_runs_nothing(policy, boxed):
    assert is_boxed(reply(policy)) is boxed


def test_what_is_handed_out_to_be_kept_is_no_page():
    page = (("content-type", "text/html"), ("content-disposition", "inline"))
    kept = (("content-type", "text/html"), ("content-disposition", "attachment; filename=a"))
    assert dangers_in(Reply(200, page, b"<script>x</script>")) == ["<script>"]
    assert dangers_in(Reply(200, kept, b"<script>x</script>")) == []
