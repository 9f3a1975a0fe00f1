"""What the page of search shows, and to whom."""

import pytest

from communicate.interfaces import IErasure
from communicate.search.finding import PAGE
from communicate.testing.house import House

EVERYBODY = (None, "ines", "paul", "nora", "moira", "oscar")


@pytest.fixture(scope="module")
def topics(library):
    """Write a topic by Inès and a reply by Nora."""
    library.reply(library.topic("Girouette", "La girouette tourne"), "Quelle girouette ?", "nora")


@pytest.fixture(scope="module")
def many(library):
    """Write more than two pages about one word, for everyone and for few in turn."""
    for number in range(2 * PAGE + 5):
        library.topic(f"Perruche {number}", "perruche", "few" if number % 3 else "general")


class TestFinding:
    def test_finds_topics_and_posts_newest_first_with_the_words_marked(self, library):
        topic = library.topic("Le volet grince", "Un peu de **graisse** suffira.")
        library.reply(topic, "La graisse <i>tache</i>.")
        page = library.search("GRAISSE", "nora")
        rows = page.html.select(".finds > li")
        assert [row.select_one(".row-title").text for row in rows] == ["Le volet grince"] * 2
        assert [row.select_one("mark").text for row in rows] == ["graisse", "graisse"]
        assert "Un peu de graisse suffira." in rows[1].text
        assert "2 results" in page.text
        assert "<i>tache" not in page.text

    def test_each_leads_to_its_place(self, library):
        topic = library.topic("La cave sent", "Le moisi")
        library.reply(topic, "Elle sent le moisi, oui")
        browser = library.browser("nora")
        for link in library.search("moisi", "nora").html.select(".finds .row-title"):
            assert "moisi" in browser.get(link["href"]).maybe_follow().maybe_follow().text

    def test_marks_in_a_title(self, library):
        library.topic("Quetsches à donner", "Venez avec un panier.")
        assert "<mark>Quetsches</mark> à donner" in library.search("quetsche", "nora").text

    def test_what_is_deleted_or_hidden_is_not_found(self, library):
        topic = library.topic("Sujet", "Un mot : ornithorynque")
        number = library.reply(topic, "Encore un ornithorynque")
        assert len(library.titles("ornithorynque")) == 2
        library.remove(number, "delete")
        assert len(library.titles("ornithorynque")) == 1
        assert "1 result" in library.search("ornithorynque").text
        library.remove(topic, "set_hidden", True)
        assert library.titles("ornithorynque", "ines") == []

    def test_words_that_were_edited_away_are_not_found(self, library):
        topic = library.topic("Sujet", "Le mot salamandre")
        library.edit(topic, "Un autre mot")
        assert library.titles("salamandre", "ines") == library.titles("salamandre") == []


class TestRights:
    def test_what_is_for_members_is_not_for_strangers(self, library):
        library.topic("Barbecue", "Le glorieux barbecue", "members")
        for login in EVERYBODY:
            assert library.titles("glorieux", login) == (["Barbecue"] if login else []), login
        assert "1 result" not in library.search("glorieux").text

    def test_what_few_may_read_is_found_by_them_only(self, library):
        topic = library.topic("Proust", "Le zeugme caché", "few", by="ines")
        library.reply(topic, "Un autre zeugme", by="paul")
        for login in EVERYBODY:
            page = library.search("zeugme", login)
            few = login in ("ines", "paul")
            assert ("2 results" in page.text) == few, login
            assert ("0 results" in page.text) != few, login
            assert (">zeugme<" in page.text) == few, login

    def test_what_few_may_read_is_in_its_place_among_the_rest(self, library):
        library.topic("Un", "hippogriffe")
        library.topic("Deux", "hippogriffe", "few")
        library.topic("Trois", "hippogriffe")
        assert library.titles("hippogriffe", "paul") == ["Trois", "Deux", "Un"]
        assert library.titles("hippogriffe", "nora") == ["Trois", "Un"]

    def test_who_is_blocked_neither_finds_nor_is_found(self, library):
        library.topic("De Nora", "catoblépas", by="nora")
        library.topic("De Paul", "catoblépas", "few", by="paul")
        library.topic("D’Oscar", "catoblépas", by="oscar")
        with library.blocking(("ines", "nora"), ("paul", "ines")):
            assert library.titles("catoblépas", "ines") == ["D’Oscar"]
            assert library.titles("catoblépas", "nora") == ["D’Oscar", "De Nora"]
            assert "1 result" in library.search("catoblépas", "ines").text
        assert library.titles("catoblépas", "ines") == ["D’Oscar", "De Paul", "De Nora"]

    def test_a_narrowed_forum_is_found_no_more_at_once(self, library):
        library.work(library.forum_maker("narrowing"))
        library.topic("Ouvert", "basilic doré", "narrowing", by="ines")
        assert library.titles("basilic") == ["Ouvert"]
        library.narrow("narrowing", "ines")
        assert library.titles("basilic") == library.titles("basilic", "nora") == []
        assert library.titles("basilic", "ines") == ["Ouvert"]
        library.house.run_jobs()
        assert library.titles("basilic", "nora") == []
        assert library.titles("basilic", "ines") == ["Ouvert"]

    def test_a_walled_site_has_no_box_for_strangers(self, tmp_path):
        house = House(tmp_path, ["forums"], {"language": "en", "widest_audience": "members"})
        house.member("ines")
        assert 'action="/search"' not in house.browser().get("/login").text
        assert 'action="/search"' in house.browser("ines").get("/").text
        assert "0 results" in house.browser().get("/search?q=general").text
        house.close()

    def test_what_a_closed_account_wrote_is_gone_at_once(self, library):
        library.uids["rose"] = library.house.member("rose")
        library.topic("De Rose", "Un narval", by="rose")
        assert library.titles("narval", "nora") == ["De Rose"]
        library.work(lambda request: request.find_service(IErasure).start(library.uids["rose"]))
        assert "0 results" in library.search("narval", "nora").text
        library.house.run_jobs()
        assert "0 results" in library.search("narval", "nora").text


class TestTerms:
    @pytest.mark.usefixtures("topics")
    def test_kinds(self, library):
        assert len(library.titles("girouette", kind="forums.post")) == 1
        assert len(library.titles("girouette", kind=["forums.post", "forums.topic"])) == 2

    @pytest.mark.usefixtures("topics")
    def test_authors(self, library):
        assert len(library.titles("girouette", author="NORA")) == 1
        assert library.titles("girouette", author="paul") == []
        assert len(library.titles("girouette", author="nora, ines;paul")) == 2

    @pytest.mark.usefixtures("topics")
    def test_nobody_learns_who_has_an_account(self, library):
        pages = [library.search("girouette", author=login) for login in ("paul", "zoe")]
        assert pages[0].text.replace("paul", "zoe") == pages[1].text

    @pytest.mark.usefixtures("topics")
    def test_days(self, library):
        assert len(library.titles("girouette", since="2020-01-01", until="2099-01-01")) == 2
        assert library.titles("girouette", until="2020-01-01") == []
        assert library.titles("girouette", since="2099-01-01") == []

    @pytest.mark.usefixtures("topics")
    def test_the_form_keeps_what_was_asked(self, library):
        terms = {"kind": "forums.post", "author": "nora", "since": "2020-01-01"}
        page = library.search("girouette", **terms)
        form = next(form for form in page.forms.values() if "author" in form.fields)
        assert form["q"].value == "girouette"
        assert {name: form[name].value for name in ("author", "since")} == {
            "author": "nora",
            "since": "2020-01-01",
        }
        assert [box._value for box in form.fields["kind"] if box.checked] == ["forums.post"]


class TestPages:
    @pytest.mark.usefixtures("many")
    def test_lead_through_everything_and_back(self, library):
        expected = [f"Perruche {number}" for number in reversed(range(2 * PAGE + 5))]
        browser, page, seen, pages = (
            library.browser("paul"),
            library.search("perruche", "paul"),
            [],
            [],
        )
        while page is not None:
            found = [link.text for link in page.html.select(".finds .row-title")]
            seen += found
            pages.append(found)
            following = page.html.select_one("a[rel=next]")
            page = browser.get(following["href"]) if following else None
        assert seen == expected
        page = browser.get(library.last_page(browser, "perruche"))
        back = [link.text for link in page.html.select(".finds .row-title")]
        assert back == pages[-1]
        page = browser.get(page.html.select_one("a[rel=prev]")["href"])
        assert [link.text for link in page.html.select(".finds .row-title")] == pages[1]
        page = browser.get(page.html.select_one("a[rel=prev]")["href"])
        assert [link.text for link in page.html.select(".finds .row-title")] == pages[0]
        assert page.html.select_one("a[rel=prev]") is None

    @pytest.mark.usefixtures("many")
    def test_an_address_stays_true_while_things_arrive(self, library):
        browser = library.browser("paul")
        address = library.search("perruche", "paul").html.select_one("a[rel=next]")["href"]
        before = [link.text for link in browser.get(address).html.select(".finds .row-title")]
        library.topic("Une autre perruche", "perruche")
        after = [link.text for link in browser.get(address).html.select(".finds .row-title")]
        assert before == after

    def test_more_than_five_hundred_are_not_counted(self, library):
        topic = library.topic("Longtemps", "kangourou")
        library.replies(topic, "kangourou", 500)
        assert "more than 500 results" in library.search("kangourou").text


class TestQueries:
    @pytest.mark.parametrize("words", ["", "   ", "?!…", "\N{ZERO WIDTH SPACE}", "🦊", "%_'\""])
    def test_without_a_word_nothing_is_looked_for(self, library, words):
        page = library.search(words)
        assert page.html.select(".finds") == []
        assert page.html.select_one("main .empty")

    def test_marks_alone_are_said_to_be_no_word(self, library):
        assert "There is no word in this" in library.search("?!").text

    def test_too_many_characters(self, library):
        assert "at most 200 characters" in library.search("mot " * 100, status=400).text

    @pytest.mark.parametrize(
        "terms",
        [
            {"since": "hier"},
            {"since": "2026-13-01"},
            {"until": "9999-12-31"},
            {"until": "-999-01-01"},
            {"since": "2026-02-01", "until": "2026-01-01"},
            {"kind": "communicate.session"},
            {"before": "zzzzzzzzzzzzz"},
            {"after": "é"},
            {"author": "a" * 201},
            {"author": "a " * 11},
        ],
    )
    def test_what_cannot_be_used_is_said(self, library, terms):
        page = library.search("mot", status=400, **terms)
        assert page.html.select_one("main [role=alert]").text.strip()

    @pytest.mark.parametrize("words", ["a\x00b", "\ud800".encode("utf-8", "surrogatepass")])
    def test_what_is_no_text_is_refused(self, library, words):
        library.browser().get("/search", {"q": words}, status=400)

    @pytest.mark.parametrize("words", ['"', "a OR b", "a* NEAR(b)", "-a", "ⓟ", "ⓐ1", "ⓚforums"])
    def test_syntax_is_text(self, library, words):
        assert library.search(words, "ines").status_int == 200

    def test_too_many_searches(self, make_house):
        house = make_house(["forums"], **{"communicate.limits.search_address": "2/minute"})
        for status in (200, 200, 429):
            house.browser().get("/search?q=mot", status=status)
        house.browser().get("/search", status=200)
