"""The policy has versions: what is different can be read, and what matters is asked to be read."""

import pytest

from communicate.interfaces import IMembers
from communicate.privacy import versions
from communicate.privacy.content import ROOT
from communicate.privacy.differences import differences
from communicate.testing.kit import form_with

CHANGES = "/privacy/changes"
BANNER = "Le site change ce qu’il fait de vos données"


def numbers(house):
    """Return the number of each version, with whether members were asked to read it."""
    return house.work(
        lambda request: [(n, one.asks) for n, one in request.root_map[ROOT].versions.items()]
    )


@pytest.fixture
def house(sample, make_house):
    """Return a site with a member, before the guest book is switched on."""
    house = make_house()
    house.member("ines")
    return house


class TestNumbers:
    def test_the_first_is_one_and_a_start_that_changes_nothing_makes_none(self, house):
        assert numbers(house) == [(1, False)]
        house.reboot([])
        assert numbers(house) == [(1, False)]

    def test_what_comes_asks_and_what_only_goes_does_not(self, house):
        house.reboot(["sample"])
        house.reboot([])
        assert numbers(house) == [(1, False), (2, True), (3, False)]

    @pytest.mark.parametrize(
        ("setting", "value", "asks"),
        [
            ("pack_days", 3, False),
            ("communicate.operator.contact", "nous@example.org", False),
            ("communicate.operator.providers", "Ondine | FR | loue le serveur", True),
            ("communicate.operator.identity", "une autre association", True),
        ],
    )
    def test_a_statement_of_the_operator_makes_one(self, house, setting, value, asks):
        house.reboot([], **{setting: value})
        assert numbers(house)[1:] == [(2, asks)]

    def test_a_better_translation_makes_none(self, house):
        old = house.work(lambda request: dict(request.root_map[ROOT].versions[1].pieces))
        new = {
            **old,
            "data:account": {
                **old["data:account"],
                "words": {**old["data:account"]["words"], "fr": {}},
            },
        }
        assert list(differences(old, new)) == []


class TestAsking:
    @pytest.fixture(autouse=True)
    def change(self, house):
        """Switch the guest book on."""
        house.reboot(["sample"])

    def test_a_line_on_each_page_leads_to_what_is_different_and_blocks_nothing(self, house):
        browser = house.browser("ines")
        page = browser.get("/")
        assert BANNER in page
        assert page.html.select(f".alert a[href='{CHANGES}']")
        browser.get("/account", status=200)
        assert BANNER not in house.browser().get("/")  # strangers agreed to nothing

    def test_a_notice_tells_each_member_once(self, house):
        house.member("neuf")  # joins when it is so already
        house.run_jobs()
        house.reboot(["sample"])
        house.run_jobs()
        page = house.browser("ines").get("/notices")
        (row,) = page.html.select(".rows a[href^='/notices/']")
        assert "merci de lire ce qui est différent" in row.get_text()
        assert page.click(href=row["href"]).location.endswith(CHANGES)
        assert "merci de lire" not in house.browser("neuf").get("/notices")

    def test_whoever_has_read_it_is_asked_no_more(self, house):
        browser = house.browser("ines")
        page = browser.get(CHANGES)
        assert "Livre d’or" in page or "livre d’or" in page
        form = next(f for f in page.forms.values() if "read" in f.fields)
        assert BANNER not in form.submit("read").follow().html.main.get_text()
        assert BANNER not in browser.get("/")
        record = house.work(lambda r: r.find_service(IMembers).by_login("ines").consents[-1])
        assert (record["policy"], record["how"]) == (2, "read")
        assert record["at"] > 0

    def test_the_next_change_asks_again(self, house):
        member = lambda request: request.find_service(IMembers).by_login("ines")  # noqa: E731
        house.work(lambda request: versions.acknowledge(request, member(request)))
        house.reboot(["sample", "forums"])
        assert BANNER in house.browser("ines").get("/")

    def test_a_stranger_can_read_it_and_agrees_to_nothing(self, house):
        browser = house.browser()
        page = browser.get(CHANGES)
        assert not [f for f in page.forms.values() if "read" in f.fields]
        token = form_with(page, "lang")["csrf_token"].value
        browser.post(CHANGES, {"read": "yes", "csrf_token": token}, status=403)


class TestChanges:
    def test_say_what_came_went_and_changed_in_the_language_of_the_reader(self, house):
        house.reboot(["sample"], pack_days=2)
        house.reboot([])
        browser = house.browser()
        page = browser.get(CHANGES).html
        second, third = page.select_one("#version-2"), page.select_one("#version-3")
        assert "Nouveau – Donnée – Lignes du livre d’or" in " ".join(second.get_text(" ").split())
        assert "Retiré – Donnée – Lignes du livre d’or" in " ".join(third.get_text(" ").split())
        assert "reste dans les fichiers" in second.get_text()
        browser.set_cookie("lang", "en")
        english = browser.get(CHANGES).html.select_one("#version-2").get_text(" ")
        assert "Lines in the guest book" in english
        assert [dd.get_text(" ", strip=True) for dd in page.select("#version-2 del")] == [
            "1\xa0jour"
        ]
