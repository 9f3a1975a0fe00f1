"""Pages that are put together from pieces: the same as when they are rendered."""

import re

import pytest
from markupsafe import Markup
from pyramid.renderers import render

import communicate
from communicate.interfaces import IMembers
from communicate.web.notices import Notice
from communicate.web.page import Page
from communicate.web.skeletons import OPENS
from communicate.web.whole import whole

TEMPLATE = """<html metal:use-macro="layout">
<metal:head fill-slot="head"><link rel="next" href="${feed}" tal:condition="feed"></metal:head>
<metal:content fill-slot="content"><h1>${title}</h1>${content}
<p tal:condition="asks">asks</p><i tal:repeat="one more">${one}</i></metal:content>
</html>
"""
VALUES = {"title": "<Toits>", "content": Markup("<p>bleus</p>"), "feed": None, "asks": True}


@pytest.fixture
def template(tmp_path):
    """Return the name of a template, of which nothing is kept."""
    path = tmp_path / "page.pt"
    path.write_text(TEMPLATE)
    return str(path)


@pytest.fixture
def ask(request_of):
    """Return what makes the page for somebody, by pieces and by rendering."""

    def ask(template, login=None, language="fr", theme=None, indexed=False, told=(), **values):
        request_of.locale_name = language
        request_of.__dict__.pop("page", None)
        member = request_of.find_service(IMembers).by_login(login) if login else None
        request_of.member = member
        for known in ("viewer", "session_secret"):
            request_of.__dict__.pop(known, None)
        request_of.session_secret = login and f"secret of {login}"
        page, given = request_of.page, {"more": None, **VALUES, **values}
        page.theme, page.indexed, page.notices = theme, indexed, list(told)
        made = whole(request_of, template, given).text
        return made, render(template, given, request_of, package=communicate)

    return ask


@pytest.mark.parametrize("login", [None, "claire.morvan", "odile"])
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("changed", [False, True])
def test_are_the_same_as_when_rendered(ask, template, login, language, changed, monkeypatch):
    monkeypatch.setattr(Page, "policy_changed", changed)
    for more in ({}, {"theme": "dark"}, {"indexed": True}, {"feed": "/a?b&c", "asks": False}):
        for title in ("<Toits>", "Autre", ""):
            made, rendered = ask(template, login, language, title=title, **more)
            assert made == rendered
            assert OPENS not in made
            assert (
                "/privacy/changes" in made.partition("<main")[2].partition("<h1")[0]
            ) == changed


def test_hold_nothing_of_who_asked_before(ask, template, request_of):
    first, _ = ask(template, "claire.morvan", title="Un secret")
    known = str(request_of.registry.communicate_skeletons)
    token = re.search('name="csrf_token" value="([^"]*)"', first)[1]
    for private in ("claire.morvan", "Un secret", "bleus", token):
        assert private in first
        assert private not in known
    second, _ = ask(template, "odile")
    assert "claire.morvan" not in second


def test_of_a_kind_are_rendered_once(ask, template, request_of):
    ask(template, title="Un")
    known = len(request_of.registry.communicate_skeletons)
    ask(template, title="Deux", content="trois")
    assert len(request_of.registry.communicate_skeletons) == known


@pytest.mark.parametrize("more", [(), ("a", "b"), [1], 0, 1, 2.5])
def test_with_anything_but_texts_are_rendered(ask, template, request_of, more):
    ask(template, asks=True, more=None)
    before = len(request_of.registry.communicate_skeletons)
    made, rendered = ask(template, asks=more, more=more if isinstance(more, list | tuple) else ())
    assert made == rendered
    assert len(request_of.registry.communicate_skeletons) == before


def test_with_something_to_say_on_top_are_rendered(ask, template):
    made, rendered = ask(template, "odile", told=[Notice("good", "C’est <fait>.")])
    assert made == rendered
    assert "C’est &lt;fait&gt;." in made
    assert "fait" not in ask(template, "odile")[0]
