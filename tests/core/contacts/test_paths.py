"""What ends is over at the next request on every path, whoever ended it and however."""

import pytest

from communicate.audience import CONTACTS, MEMBERS, Audience
from communicate.interfaces import IAudiences, IMembers
from communicate.principals import circle, member
from communicate.profile.interfaces import IProfiles

WORDS = "Kerbihan"


class Shared:
    """What Inès shows to an audience, and where Paul looks for it."""

    def __init__(self, people, audience):
        self.people = people
        self.paul = people.browser("paul")
        self.ines = people.login("ines")
        people.house.work(lambda request: self.show(request, audience))
        people.house.run_jobs()

    def show(self, request, audience):
        """Say something, have a picture of the number of contacts, stand in the directory."""
        profiles = request.find_service(IProfiles)
        owner = request.find_service(IMembers).by_uid(self.people["ines"])
        found = {"value": WORDS, "audience": audience}
        self.path = request.resource_path(profiles.add(owner, "place", found))
        for kind in ("directory", "counts", "contacts"):
            place = profiles.stand(owner, kind)
            request.find_service(IAudiences).choose(place, audience)

    def seen(self):
        """Return the paths on which Paul sees it."""
        space = self.paul.get(f"/members/{self.ines}").text
        looks = {
            "space": WORDS in space,
            "count": "contact" in space.partition("<main")[2].partition("contact-bar")[0],
            "list": self.status(f"/members/{self.ines}/contacts") == 200,
            "search": self.ines
            in self.paul.get("/search", {"q": WORDS}).text.partition("<main")[2],
            "directory": f'row-title" href="/members/{self.ines}"'
            in self.paul.get("/members", {"q": self.ines}).text,
            "completion": self.ines in self.paul.get("/people", {"q": self.ines}).text,
        }
        return {name for name, there in looks.items() if there}

    def status(self, path):
        return self.paul.get(path, expect_errors=True).status_int


@pytest.fixture
def met(people):
    """Have Paul and Inès know each other, and be in a circle of hers."""
    from communicate.catalog.kinds import KEY

    people.house.registry.pop(KEY, None)  # the kinds of the site itself
    people.meet("ines", "paul")
    people.number_of_circle = people.circle("ines", "Potager", "paul")
    return people


AUDIENCES = {
    "contacts": lambda _people: CONTACTS,
    "circle": lambda people: Audience("chosen", [circle(people.number_of_circle)]),
    "person": lambda people: Audience("chosen", [member(people["paul"])]),
    "members": lambda _people: MEMBERS,
}
#: What ends it, and the audiences that this leaves open.
ENDS = {
    "removed by who shows": (("remove", "ines", "paul"), {"person", "members"}),
    "removed by who sees": (("remove", "paul", "ines"), {"person", "members"}),
    "blocked": (("block", "ines", "paul"), set()),
}


class TestEveryPath:
    @pytest.mark.parametrize("end", ENDS)
    @pytest.mark.parametrize("audience", AUDIENCES)
    def test_what_ends_is_over(self, met, audience, end):
        shared = Shared(met, AUDIENCES[audience](met))
        before = shared.seen()
        assert before >= {"space", "count", "list", "completion"}, before
        if audience in ("contacts", "members"):
            assert "search" in before
        if audience == "members":
            assert "directory" in before
        act, open_still = ENDS[end]
        met.do(*act)
        left = shared.seen()
        assert bool(left & {"space", "count", "list", "search", "directory"}) == (
            audience in open_still
        ), left
        if end == "blocked":
            assert left == set()

    def test_a_circle_that_is_left_or_deleted_opens_nothing(self, met):
        shared = Shared(met, AUDIENCES["circle"](met))
        assert "space" in shared.seen()
        met.do("take", "ines", met.number_of_circle, "paul")
        assert shared.seen() == {"completion"}  # still a contact
        met.do("put", "ines", met.number_of_circle, "paul")
        assert "space" in shared.seen()
        met.do("drop_circle", "ines", met.number_of_circle)
        assert shared.seen() == {"completion"}


class TestBlocked:
    def test_sees_what_an_empty_space_shows(self, met):
        shared = Shared(met, MEMBERS)
        met.do("block", "ines", "paul")
        assert met["empty"]

        def main(login):
            page = shared.paul.get(f"/members/{login}").text
            inside = page.partition("<main")[2].partition("</main>")[0]
            plain = [
                line for line in inside.split("\n") if "once" not in line and "hue-" not in line
            ]
            return "\n".join(plain).replace(login, "LOGIN")

        assert main(shared.ines) == main(met.login("empty"))
