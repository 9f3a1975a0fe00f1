"""Feeds: valid, for strangers what is public, for a member's key what the member may read."""

import re
from datetime import datetime
from xml.etree import ElementTree

import pytest

from communicate.audience import MEMBERS, PRIVATE, PUBLIC
from communicate.ids import decode, encode
from communicate.interfaces import IErasure, IMembers

from .test_pictures import attach

ATOM = "{http://www.w3.org/2005/Atom}"
TEXT = "Un *puits*. [Ici](/articles)[^1]\n\n[^1]: Une note."


@pytest.fixture(scope="module")
def town(place):
    """Three articles: for everybody, for members, for nobody else."""
    plan = {"Un <puits>\ufffe": PUBLIC, "Le portail": MEMBERS, "Mon carnet": PRIVATE}
    for title, audience in plan.items():
        place.article(audience, title=title, text=TEXT, tags=("eau",), language="fr")
    return place


def fetch(place, path, login=None, **more):
    return place.browser(login).get(path, **more)


def parsed(answer):
    return ElementTree.fromstring(answer.body)  # noqa: S314  # our own


def new_feed(place, login):
    page = place.browser(login).get("/account/articles")
    form = next(form for form in page.forms.values() if "feed" in form.fields)
    shown = form.submit("feed", value="new")
    return [code.text.removeprefix("http://localhost") for code in shown.html.select("code")]


class TestAtom:
    def test_is_valid_by_the_rules_of_rfc_4287(self, town):
        answer = fetch(town, "/articles/feed.atom")
        assert answer.content_type == "application/atom+xml"
        root = parsed(answer)
        (entry,) = root.iter(f"{ATOM}entry")
        for element in (root, entry):
            assert element.findtext(f"{ATOM}id").startswith("tag:localhost,20")
            assert element.findtext(f"{ATOM}title")
            assert re.fullmatch(r"[\d-]{10}T[\d:]{8}Z", element.findtext(f"{ATOM}updated"))
        assert entry.findtext(f"{ATOM}title") == "Un <puits>"
        assert entry.findtext(f"{ATOM}author/{ATOM}name") == "ines"
        assert entry.find(f"{ATOM}category").get("term") == "eau"
        assert entry.findtext(f"{ATOM}summary").startswith("Un puits")
        links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
        assert links == {
            "self": "http://localhost/articles/feed.atom",
            "alternate": "http://localhost/articles",
        }

    def test_its_links_lead_here_wherever_it_is_read(self, town):
        entry = parsed(fetch(town, "/articles/feed.atom")).find(f"{ATOM}entry")
        here = entry.find(f"{ATOM}link").get("href")
        html = entry.findtext(f"{ATOM}content")
        assert "<em>puits</em>" in html
        assert 'href="http://localhost/articles"' in html
        assert f'href="{here}#t--note-1"' in html
        assert fetch(town, here.removeprefix("http://localhost")).status_int == 200


class TestJson:
    def test_follows_version_1_1(self, town):
        answer = fetch(town, "/articles/feed.json")
        assert answer.content_type == "application/feed+json"
        feed = answer.json
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["feed_url"] == "http://localhost/articles/feed.json"
        assert feed["home_page_url"] == "http://localhost/articles"
        assert isinstance(feed["title"], str)
        (item,) = feed["items"]
        assert isinstance(item["id"], str)
        assert item["url"].startswith("http://localhost/members/ines/articles/")
        assert item["authors"] == [{"name": "ines"}]
        assert (item["tags"], item["language"]) == (["eau"], "fr")
        assert "<em>puits</em>" in item["content_html"]
        for name in ("date_published", "date_modified"):
            assert datetime.fromisoformat(item[name]).tzinfo is not None


class TestOpenFeeds:
    @pytest.mark.parametrize(
        "path",
        [
            "/articles/feed.atom",
            "/articles/feed.json?tag=eau",
            "/articles/feed.json?author=ines&language=fr",
            "/members/ines/articles/feed.atom",
            "/members/ines/articles/feed.json?tag=eau",
        ],
    )
    def test_show_what_strangers_may_read_whoever_asks(self, town, path):
        for login in (None, "ines"):
            text = fetch(town, path, login).text
            assert "puits" in text
            assert "portail" not in text
            assert "carnet" not in text

    def test_hold_what_is_asked_for_only(self, town):
        for query in ("tag=feu", "author=paul", "language=en"):
            assert fetch(town, f"/articles/feed.json?{query}").json["items"] == []
        assert town.status(None, "/articles/feed.atom?language=xx") == 400

    def test_are_not_sent_again_to_who_has_them(self, town):
        first = fetch(town, "/articles/feed.atom")
        etag = first.headers["ETag"]
        again = fetch(town, "/articles/feed.atom", headers={"If-None-Match": etag})
        assert (again.status_int, again.body) == (304, b"")

    def test_are_sent_anew_once_something_is_gone(self, make_place):
        place = make_place()
        place.article(PUBLIC, title="Reste")
        gone = place.article(PUBLIC, title="Parti")
        first = fetch(place, "/articles/feed.atom")
        place.choose(gone, MEMBERS)
        known = {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
        for headers in (known, {"If-None-Match": first.headers["ETag"]}):
            again = fetch(place, "/articles/feed.atom", headers=headers)
            assert again.status_int == 200
            assert "Reste" in again.text
            assert "Parti" not in again.text

    def test_are_announced_with_the_filters_of_the_page(self, town):
        for path in ("/articles", "/articles?tag=eau", "/members/ines/articles"):
            page = fetch(town, path)
            links = page.html.select("link[rel=alternate]")
            assert [link["type"] for link in links] == [
                "application/atom+xml",
                "application/feed+json",
            ]
            for link in links:
                assert "puits" in fetch(town, link["href"]).text


class TestPrivateFeed:
    def test_shows_what_its_member_may_read_without_a_session(self, town):
        for path in new_feed(town, "paul"):
            for login in (None, "ines"):  # whoever's cookies come with it
                text = fetch(town, path, login).text
                assert "portail" in text
                assert "carnet" not in text
        assert "carnet" in fetch(town, new_feed(town, "ines")[0]).text

    def test_a_new_address_and_a_revocation_end_the_old_one(self, town):
        old, new = new_feed(town, "moira")[0], new_feed(town, "moira")[0]
        assert [town.status(None, path) for path in (old, new)] == [404, 200]
        town.click("moira", "/account/articles?feed=revoke", status=400)
        page = town.browser("moira").get("/account/articles")
        form = next(form for form in page.forms.values() if "feed" in form.fields)
        form.submit("feed", value="revoke", status=303)
        assert town.status(None, new) == 404

    def test_the_key_lies_nowhere(self, town):
        path = new_feed(town, "ines")[0]
        kept = town.do(lambda request, _: request.site["articles"].feeds[town.uids["ines"]])
        assert len(kept) == 32
        assert kept.hex() not in path
        assert path not in town.browser("ines").get("/account/articles").text

    @pytest.mark.parametrize("key", ["", "x", "0" * 13, "0" * 77, "../x", "%C3%A9" * 80, "a/b"])
    def test_what_is_no_key_answers_404(self, town, key):
        assert town.status(None, f"/articles/private/{key}.atom") == 404

    def test_who_is_suspended_or_erased_has_none(self, make_place):
        place = make_place()
        paths = [new_feed(place, login)[0] for login in ("paul", "ines")]

        def leave(request, _service):
            members = request.find_service(IMembers)
            members.suspend(members.by_login("paul"))
            request.find_service(IErasure).start(place.uids["ines"])

        place.do(leave)
        assert [place.status(None, path) for path in paths] == [404, 404]
        place.house.run_jobs()
        assert place.do(lambda r, _: list(r.site["articles"].feeds)) == [place.uids["paul"]]

    def test_guessing_and_fetching_too_often_end_soon(self, make_place):
        place = make_place(**{"articles.wrong_feeds": "2/hour", "articles.feeds": "2/hour"})
        path = new_feed(place, "paul")[0]
        assert [place.status(None, path) for _ in range(3)] == [200, 200, 429]
        wrong = path[:-10] + "0000.atom"
        assert [place.status(None, wrong) for _ in range(3)] == [404, 404, 429]


def illustrated(place, audience, title):
    """Return the address of the picture in an article that is out, with its cover."""
    number = place.begin(title=title, text="Avant.")
    file, cover = attach(place, number), attach(place, number, "couverture.png")
    text = f"![le pont](attachment:{encode(file)})"
    place.change(number, text, title=title, cover=cover, cover_text="La couverture")
    place.choose(number, audience)
    return f"/members/ines/articles/{encode(number)}/{encode(file)}"


class TestPictures:
    """A reader of feeds fetches them without session or key: only what is open shows any."""

    def pictures(self, text):
        return re.findall(r'<img src=\\?"([^"\\]*)', text)

    def test_what_is_open_shows_them_at_addresses_that_lead_here(self, make_place):
        place = make_place()
        path = illustrated(place, PUBLIC, "Ouvert")
        for feed in ("/articles/feed.json", new_feed(place, "paul")[0]):
            text = place.browser().get(feed).text.replace("&lt;", "<").replace("&quot;", '"')
            cover, picture = self.pictures(text)
            assert picture == f"http://localhost{path}"
            assert cover.startswith("http://localhost/members/ines/articles/")
            assert "La couverture" in text
        for address in (cover, picture):
            answer = fetch(place, address.removeprefix("http://localhost"))
            assert answer.content_type == "image/webp"
            assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"

    def test_what_is_not_leads_to_none_that_the_key_would_open(self, make_place):
        place = make_place()
        path = illustrated(place, MEMBERS, "Entre membres")
        (private, _json) = new_feed(place, "paul")
        answer = fetch(place, private)
        assert "Entre membres" in answer.text
        assert "img" not in answer.text
        assert path in answer.text  # a link: who follows it is asked who they are
        key = private.removeprefix("/articles/private/").removesuffix(".atom")
        for address in (path, f"{path}?key={key}", f"{private}/{path.rpartition('/')[2]}"):
            assert place.status(None, address) in (403, 404)
        shown = fetch(place, path, "paul")
        assert shown.headers["Cross-Origin-Resource-Policy"] == "same-origin"

    def test_what_is_narrowed_shows_none_any_more(self, make_place):
        place = make_place()
        path = illustrated(place, PUBLIC, "Ouvert")
        tag = fetch(place, path).headers["ETag"]
        place.choose(decode(path.split("/")[-2]), MEMBERS)
        assert "img" not in fetch(place, new_feed(place, "paul")[0]).text
        known = {"If-None-Match": tag}
        assert fetch(place, path, headers=known, expect_errors=True).status_int in (403, 404)


def test_a_walled_site_has_private_feeds_only(make_place):
    place = make_place(widest_audience="members")
    place.article(PUBLIC, title="Entre nous")
    assert place.status(None, "/articles/feed.atom") == 403
    assert place.status(None, "/members/ines/articles/feed.atom") in (403, 404)
    assert "Entre nous" not in fetch(place, "/articles/feed.atom", "paul").text
    assert "Entre nous" in fetch(place, new_feed(place, "paul")[0]).text
