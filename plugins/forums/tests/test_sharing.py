from communicate.ids import encode


def page(place, path, login=None):
    return place.browser(login).get(path).maybe_follow()


class TestPublicTopics:
    def test_may_be_kept_by_search_engines_under_one_address(self, place):
        topic = place.topic(title="Le volet", body="Un <b>peu</b> d'huile")
        shown = page(place, topic.base)
        assert "X-Robots-Tag" not in shown.headers
        assert shown.html.select("meta[name=robots]") == []
        url = f"http://localhost{topic.base}-le-volet"
        assert shown.html.select_one("link[rel=canonical]")["href"] == url
        head = {meta["property"]: meta["content"] for meta in shown.html.select("meta[property]")}
        assert head["og:url"] == url
        assert head["og:title"] == "Le volet"
        assert head["og:description"] == "Un <b>peu</b> d'huile"

    def test_each_page_that_begins_after_a_post_is_its_own(self, place):
        topic = place.topic()
        numbers = place.replies(topic, 9)
        shown = page(place, f"{topic.base}?after={encode(numbers[3])}")
        canonical = shown.html.select_one("link[rel=canonical]")["href"]
        assert canonical.endswith(f"?after={encode(numbers[3])}")
        assert "X-Robots-Tag" not in shown.headers
        before = page(place, f"{topic.base}?before={encode(numbers[3])}")
        assert before.headers["X-Robots-Tag"] == "noindex"

    def test_a_description_holds_no_words_that_are_quoted(self, place):
        topic = place.topic(body="Muguet")
        other = place.topic(body=f"[quote:{encode(topic.number)}]\nLilas")
        head = page(place, other.base).html.select_one("meta[name=description]")
        assert head["content"] == "Lilas"


class TestEverythingElse:
    def test_is_kept_by_nobody(self, place):
        narrow = place.topic(place.forum(audience=place.only("ines")), title="Secret")
        topic = place.topic()
        shown = page(place, narrow.base, "ines")
        assert shown.headers["X-Robots-Tag"] == "noindex"
        assert shown.html.select("link[rel=canonical], meta[property]") == []
        for path in ("/forums", "/forums/general", "/forums/feed.atom", f"{topic.base}/feed.atom"):
            assert page(place, path).headers["X-Robots-Tag"] == "noindex"
        assert page(place, topic.base, "paul").headers["X-Robots-Tag"] == "noindex"

    def test_a_walled_site_shows_search_engines_nothing(self, make_place):
        place = make_place(widest_audience="members")
        topic = place.topic()
        assert place.status(None, topic.base) == 403
        assert place.status(None, "/sitemap.xml") == 404
        assert page(place, "/robots.txt").text == "User-agent: *\nDisallow: /\n"


class TestSitemap:
    def test_lists_public_topics_alone_and_forgets_them_at_once(self, make_place):
        place = make_place()
        topic = place.topic(title="Ouvert")
        place.topic(place.forum(audience=place.only("ines")), title="Fermé")
        pages = page(place, "/sitemap.xml").xml.findall(".//{*}loc")
        assert len(pages) == 1
        path = pages[0].text.removeprefix("http://localhost")
        listed = [found.text for found in page(place, path).xml.findall(".//{*}loc")]
        assert listed == [f"http://localhost{topic.base}-ouvert"]
        assert "Sitemap: http://localhost/sitemap.xml" in page(place, "/robots.txt").text
        place.click("moira", f"{topic.base}/hide?reason=Non")
        assert place.browser("moira").get(path).xml.findall(".//{*}loc") == []
