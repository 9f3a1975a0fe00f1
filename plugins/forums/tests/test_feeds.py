import re
from xml.etree import ElementTree

import pytest

from communicate.ids import encode
from communicate.interfaces import IErasure
from communicate_forums.feeds import ENTRIES

ATOM = "{http://www.w3.org/2005/Atom}"


def feed(place, path, login=None, **more):
    return place.browser(login).get(path, **more)


def contents(answer):
    root = ElementTree.fromstring(answer.body)  # noqa: S314  # our own
    return [entry.findtext(f"{ATOM}content") for entry in root.iter(f"{ATOM}entry")]


def make(place, login):
    """Make the private feed of *login*; return the path of its address."""
    page = place.browser(login).get("/account/forums")
    form = next(form for form in page.forms.values() if "feed" in form.fields)
    shown = form.submit("feed", value="new").html.select_one("code").text
    return shown.removeprefix("http://localhost")


class TestOpenFeeds:
    def test_are_valid_by_the_rules_of_rfc_4287(self, place):
        topic = place.topic(title="Le <volet>", body="Un *peu* d'huile & c'est fini")
        answer = feed(place, "/forums/general/feed.atom")
        assert answer.content_type == "application/atom+xml"
        root = ElementTree.fromstring(answer.body)  # noqa: S314
        assert root.tag == f"{ATOM}feed"
        for element in (root, *root.iter(f"{ATOM}entry")):
            assert len(element.findall(f"{ATOM}id")) == 1
            assert element.findtext(f"{ATOM}id").startswith("tag:localhost,20")
            assert element.findtext(f"{ATOM}title")
            assert re.fullmatch(r"[\d-]{10}T[\d:]{8}Z", element.findtext(f"{ATOM}updated"))
        assert {link.get("rel") for link in root.findall(f"{ATOM}link")} == {"self", "alternate"}
        entries = list(root.iter(f"{ATOM}entry"))
        assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)
        first = entries[0]
        assert first.findtext(f"{ATOM}title") == "Le <volet>"
        assert first.findtext(f"{ATOM}author/{ATOM}name") == "ines"
        assert first.find(f"{ATOM}link").get("href") == f"http://localhost{topic.post()}"
        assert first.find(f"{ATOM}content").get("type") == "html"
        assert "<em>peu</em> d'huile &amp; c'est" in first.findtext(f"{ATOM}content")

    def test_hold_the_newest_posts_first_and_no_more_than_some(self, place):
        forum = place.forum()
        topics = [place.topic(forum) for _ in range(4)]
        for topic in topics:
            place.replies(topic, 9)
        found = contents(feed(place, f"/forums/{forum}/feed.atom"))
        assert len(found) == ENTRIES
        assert "Réponse 8" in found[0]
        topic = contents(feed(place, f"{topics[0].base}/feed.atom"))
        assert len(topic) == 10

    def test_show_what_strangers_may_read_whoever_asks(self, place):
        narrow = place.forum(audience=place.only("ines"))
        place.topic(narrow, body="Le code du portail")
        members = place.forum(audience=place.only("ines", "paul", "moira", "oscar"))
        for login in (None, "ines", "oscar"):
            assert "portail" not in feed(place, "/forums/feed.atom", login).text
            assert place.status(login, f"/forums/{narrow}/feed.atom") in (403, 404)
        assert place.status("ines", f"/forums/{members}/feed.atom") == 404

    def test_hold_nothing_deleted_or_hidden_and_no_quote_of_it(self, place):
        topic = place.topic(place.forum(), body="Muguet")
        gone = place.reply(topic, "Aubépine")
        place.reply(topic, f"[quote:{encode(gone)}]\nAh", by="ines")
        place.remove(gone, "set_hidden", True)
        text = feed(place, f"{topic.base}/feed.atom").text
        assert "Muguet" in text
        assert "Aubépine" not in text

    def test_are_not_sent_again_to_who_has_them(self, place):
        topic = place.topic(place.forum())
        path = f"{topic.base}/feed.atom"
        first = feed(place, path)
        again = feed(place, path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_int, again.body) == (304, b"")
        place.reply(topic, "Du neuf")
        changed = feed(place, path, headers={"If-None-Match": first.headers["ETag"]})
        assert changed.status_int == 200

    def test_are_announced_where_everyone_reads(self, place):
        topic = place.topic()
        for path in ("/forums", "/forums/general", topic.base):
            page = place.browser().get(path).maybe_follow()
            link = page.html.select_one("link[rel=alternate][type='application/atom+xml']")
            assert feed(place, link["href"]).status_int == 200
        narrow = place.forum(audience=place.only("ines"))
        page = place.browser("ines").get(f"/forums/{narrow}")
        assert page.html.select("link[rel=alternate]") == []

    def test_what_xml_cannot_hold_is_left_out(self, place):
        topic = place.topic(title="Le volet\ufffe", body="a\ufffeb")
        text = feed(place, f"{topic.base}/feed.atom").text
        assert "\ufffe" not in text
        assert "ab" in text


class TestPrivateFeed:
    def test_shows_what_its_member_may_read_right_now_without_a_session(self, place):
        narrow = place.forum(audience=place.only("ines", "paul"))
        place.topic(narrow, body="Le code du portail")
        path = make(place, "paul")
        for login in (None, "oscar"):  # whoever's cookies come with it
            assert "portail" in feed(place, path, login).text
        place.words(
            lambda words: words.change_forum(
                words.request.site["forums"][narrow], {"audience": place.only("ines")}
            )
        )
        assert "portail" not in feed(place, path).text

    def test_a_new_address_and_a_revocation_end_the_old_one(self, place):
        old = make(place, "moira")
        new = make(place, "moira")
        assert new != old
        assert [place.status(None, path) for path in (old, new)] == [404, 200]
        place.click("moira", "/account/forums?feed=revoke")
        assert place.status(None, new) == 404

    def test_the_key_lies_nowhere(self, place):
        path = make(place, "ines")
        kept = place.do(lambda _, forums: forums.readers[place.uids["ines"]].feed)
        assert len(kept) == 32
        assert kept.hex() not in path
        assert path not in place.browser("ines").get("/account/forums").text

    def test_a_suspended_member_has_none(self, make_place):
        from communicate.interfaces import IMembers

        place = make_place()
        path = make(place, "paul")
        place.house.work(
            lambda r: r.find_service(IMembers).suspend(r.find_service(IMembers).by_login("paul"))
        )
        assert place.status(None, path) == 404

    def test_an_erasure_forgets_it(self, make_place):
        place = make_place()
        path = make(place, "paul")
        place.house.work(lambda r: r.find_service(IErasure).start(place.uids["paul"]) and None)
        assert place.status(None, path) == 404

    @pytest.mark.parametrize("key", ["", "x", "0" * 13, "0" * 77, "../x", "%C3%A9" * 80, "a/b"])
    def test_what_is_no_key_answers_404(self, place, key):
        assert place.status(None, f"/forums/private/{key}.atom") == 404

    def test_guessing_ends_soon(self, make_place):
        place = make_place(**{"forums.wrong_feeds": "3/hour"})
        path = make(place, "paul")
        wrong = path[:-10] + "0000.atom"
        found = [place.status(None, wrong) for _ in range(4)]
        assert found == [404, 404, 404, 429]

    def test_fetching_too_often_is_refused_for_a_while(self, make_place):
        place = make_place(**{"forums.feeds": "2/hour"})
        path = make(place, "paul")
        assert [place.status(None, path) for _ in range(3)] == [200, 200, 429]

    def test_a_walled_site_has_private_feeds_only(self, make_place):
        place = make_place(widest_audience="members")
        place.topic(body="Entre nous")
        assert place.status(None, "/forums/feed.atom") == 403
        assert "Entre nous" not in feed(place, "/forums/feed.atom", "paul").text
        assert "Entre nous" in feed(place, make(place, "paul")).text
