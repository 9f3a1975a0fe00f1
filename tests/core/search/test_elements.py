"""What members say of themselves is found by those whom they show it to, and by nobody else."""

import pytest

from communicate.audience import CONTACTS, MEMBERS, PRIVATE, PUBLIC, Audience
from communicate.interfaces import IContacts, IMembers
from communicate.principals import member
from communicate.profile.interfaces import IProfiles

VIEWERS = (None, "nora", "paul", "moira", "oscar", "ines")
SEEN_BY = {
    "private": ["ines"],
    "contacts": ["paul", "ines"],
    "chosen": ["nora", "ines"],
    "members": ["nora", "paul", "moira", "oscar", "ines"],
    "public": list(VIEWERS),
}


@pytest.fixture(scope="module")
def shown(library):
    """Have Inès, whose contact Paul is, say one thing to each audience."""

    def show(request):
        profiles = request.find_service(IProfiles)
        owner = request.find_service(IMembers).by_login("ines")
        contacts = request.find_service(IContacts)
        contacts.request(library.uids["paul"], library.uids["ines"])
        contacts.accept(library.uids["ines"], library.uids["paul"])
        audiences = [PRIVATE, CONTACTS, MEMBERS, PUBLIC]
        audiences.append(Audience("chosen", [member(library.uids["nora"])]))
        for audience in audiences:
            element = profiles.add(owner, "text", {"value": f"palimpseste {audience.level}x"})
            profiles.limit(element, audience)

    library.work(show)


@pytest.mark.usefixtures("shown")
@pytest.mark.parametrize("level", SEEN_BY)
def test_each_is_found_by_exactly_those_who_may_see_it(library, level):
    found = {login: library.search(f"palimpseste {level}x", login) for login in VIEWERS}
    assert [login for login, page in found.items() if "1 result" in page.text] == [
        login for login in VIEWERS if login in SEEN_BY[level]
    ]
    for login, page in found.items():
        marked = page.html.select(".finds mark")
        assert bool(marked) == (login in SEEN_BY[level]), login


@pytest.mark.usefixtures("shown")
def test_counts_tell_nobody_more(library):
    counts = {
        login: library.search("palimpseste", login).html.select_one("[role=status]").text
        for login in VIEWERS
    }
    assert counts == {
        None: "1 result",
        "nora": "3 results",
        "paul": "3 results",
        "moira": "2 results",
        "oscar": "2 results",
        "ines": "5 results",
    }


@pytest.mark.usefixtures("shown")
def test_who_is_no_contact_any_more_finds_it_no_more(library):
    library.work(
        lambda request: request.find_service(IContacts).remove(
            library.uids["ines"], library.uids["paul"]
        )
    )
    assert "0 results" in library.search("palimpseste contactsx", "paul").text
