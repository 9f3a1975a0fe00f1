"""The answer of who is away: from day to day, once to each, to contacts or to all, to no robot."""

from datetime import timedelta

import pytest

from communicate.interfaces import IContacts
from communicate_email.interfaces import IMailStore
from communicate_email.letters import Letter
from communicate_email.store.away import Absence

from .conftest import DOMAIN, make_office

PATH = "/members/ines/mail/away"


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = make_office(tmp_path_factory.mktemp("away"))
    made.noon().deliver(made.letter("Premier"))
    yield made
    made.house.close()


@pytest.fixture
def ines(office):
    """Return the browser of Inès, signed in now: days pass in these tests."""
    return office.house.browser("ines")


@pytest.fixture(autouse=True)
def _fresh(office):
    """Nobody has been answered yet, and Paul has no mail."""

    def clear(request):
        store = request.find_service(IMailStore)
        account = store.opened(office.uids["ines"])
        account.answered = account.away = None
        paul = store.opened(office.uids["paul"])
        for box in paul.boxes.values():
            store.expunge(box, range(1, box.uid_next))

    office.do(clear)


def turn_on(browser, **more):
    """Fill in the form and send it; return the page."""
    page = browser.get(PATH)
    form = next(form for form in page.forms.values() if "text" in form.fields)
    for name, value in {"text": "Je rentre lundi.", **more}.items():
        form[name] = value
    answer = form.submit("save", expect_errors=True)
    return answer.follow() if answer.status_int == 303 else answer


def today(office, days=0):
    """Return the day that it is, or so many days later, as a form has it."""

    def tell(request, account):
        return (Absence(request, account).today + timedelta(days=days)).isoformat()

    return office.look("ines", tell)


def written(office, subject="Où es-tu ?", login="paul", author=False, **more):
    """Have a member write to Inès; return what came back."""
    letter = office.letter(subject, From=f"{login}@{DOMAIN}", **more)
    uid = office.uids[login] if author else None
    office.deliver(Letter(letter.raw, sender=f"{login}@{DOMAIN}", author=uid))

    def answers(request, account):
        reading = request.find_service(IMailStore).reading(account)
        return [reading.raw(one.row.id) for one in reading.page(account.box("inbox"))]

    return office.look(login, answers)


def test_who_writes_is_told_once_until_it_is_turned_off(office, ines):
    page = turn_on(ines, end=today(office, 3), subject="Absente")
    assert "Your away answer is saved." in page
    assert "Your away answer is on until" in page
    (answer,) = written(office)
    for line in (b"Subject: Absente", b"Je rentre lundi.", b"Auto-Submitted: auto-replied"):
        assert line in answer
    assert len(written(office)) == 1
    inbox = ines.get("/mail").follow().follow()
    banner = next(form for form in inbox.forms.values() if "Turn it off" in form.text)
    page = banner.submit("act", value="off").follow()
    assert "Your away answer is off." in page
    assert "It is off: nobody gets it." in page
    assert "is on until" not in ines.get("/mail").follow().follow()
    assert len(written(office)) == 1
    form = next(form for form in page.forms.values() if "text" in form.fields)
    assert form["text"].value == "Je rentre lundi."


def test_it_begins_and_ends_by_the_days_of_its_member(office, ines):
    page = turn_on(ines, begin=today(office, 2), end=today(office, 4), days="1")
    assert "It begins on" in page
    assert written(office) == []
    office.pass_time(days=2)
    assert len(written(office)) == 1
    office.pass_time(days=2)
    assert len(written(office)) == 2
    office.pass_time(days=1)
    assert len(written(office)) == 2


def test_it_goes_to_contacts_only_where_that_is_wanted(office, ines):
    turn_on(ines, who="contacts")
    assert written(office, author=True) == []
    uids = office.uids

    def know(request):
        contacts = request.find_service(IContacts)
        contacts.request(uids["ines"], uids["paul"])
        contacts.accept(uids["paul"], uids["ines"])

    office.do(know)
    assert written(office) == []  # nobody signed in: the name of a member says nothing
    assert len(written(office, author=True)) == 1
    office.do(lambda request: request.find_service(IContacts).remove(uids["ines"], uids["paul"]))


def test_a_changed_answer_reaches_everybody_again(office, ines):
    turn_on(ines)
    assert len(written(office)) == 1
    turn_on(ines, text="Je rentre mardi.")
    assert len(written(office)) == 2


@pytest.mark.parametrize(
    "more",
    [{"List_Id": "<l.x>"}, {"Auto_Submitted": "auto-generated"}, {"Precedence": "bulk"},
     {"To": "liste@elsewhere.example"}],
)  # fmt: skip
def test_no_list_no_robot_and_nobody_in_blind_copy_is_answered(office, ines, more):
    turn_on(ines)
    assert written(office, **more) == []


@pytest.mark.parametrize(
    ("more", "cure"),
    [
        ({"text": ""}, "This is needed."),
        ({"begin": "hier"}, "Write a date"),
        ({"end": "2020-01-01"}, "The last day is before the first one."),
        ({"begin": "2020-01-01", "end": "2020-02-01"}, "This day is over"),
        ({"begin": "9000-01-01"}, "more than ten years away"),
        ({"days": "0"}, "at least 1"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(office, ines, more, cure):
    page = turn_on(ines, **more)
    assert page.status_int == 400
    assert cure in page.html.select_one(".invalid-feedback").text
    assert office.look("ines", lambda request, account: Absence(request, account).read()) is None


def test_it_is_deleted_and_nobody_elses(office, ines):
    page = turn_on(ines)
    office.house.browser("paul").get(PATH, status=404)
    form = next(form for form in page.forms.values() if ">Delete it<" in form.text)
    page = form.submit("act", value="delete").follow()
    assert office.look("ines", lambda _request, account: account.away) is None
    assert "Delete it" not in page
