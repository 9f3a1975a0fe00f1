"""The page of addresses: further ones, and random ones to give away; turned off, over, removed."""

import pytest

from communicate import clock
from communicate.ids import encode
from communicate_email.interfaces import IAddresses
from communicate_email.likeness import MOST, lookalikes

from .conftest import DOMAIN, make_office

PATH = "/members/ines/mail/addresses"


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    settings = {"email.catch_all": "oscar", "email.aliases": 3, "email.disposables": 2}
    made = make_office(
        tmp_path_factory.mktemp("addresses"), **settings, **{"email.aliasing": "100/day"}
    )
    made.noon().deliver(made.letter("Premier"), "ines", "paul")
    made.deliver(made.letter("Premier"), f"tout@{DOMAIN}")
    yield made
    made.house.close()


@pytest.fixture
def ines(office):
    """Return the browser of Inès, who has no further addresses."""

    def clear(request, account):
        addresses = request.find_service(IAddresses)
        for alias, _name in addresses.aliases(office.uids["ines"]):
            addresses.remove(office.uids["ines"], alias.id)

    office.look("ines", clear)
    office.pass_time(minutes=3)
    office.run_all()
    return office.house.browser("ines")


def form_of(page, field):
    """Return the form that has that field."""
    return next(form for form in page.forms.values() if field in form.fields)


def add(browser, name, **more):
    """Ask for a further address; return the page."""
    form = form_of(browser.get(PATH), "name")
    form["name"] = name
    answer = form.submit(**more)
    return answer.follow() if answer.status_int == 303 else answer


def make(browser, note="", until=""):
    """Make an address to give away; return the page, and the address."""
    form = form_of(browser.get(PATH), "note")
    form["note"], form["until"] = note, until
    page = form.submit().follow()
    return page, page.html.select_one("[aria-labelledby=disposable] .mail-address").text


def pressed(page, verb, address):
    """Press a button beside an address; return the page."""
    row = next(one for one in page.html.select(".mail-book li") if address in one.text)
    sent = {one["name"]: one["value"] for one in row.select("input")}
    return page.test_app.post(PATH, {**sent, "act": verb}).follow()


def came(office, address):
    """Deliver a letter to *address*; return what became of it."""
    return next(iter(office.deliver(office.letter("Va"), address).values())).value


def test_a_further_address_comes_in_is_turned_off_and_removed_for_good(office, ines):
    page = add(ines, "Jardin.Haut")
    address = f"jardin.haut@{DOMAIN}"
    assert address in page
    assert "1 of 3" in page
    assert came(office, address) == "stored"
    page = pressed(page, "off", address)
    before = len(office.rows("oscar"))
    assert came(office, address) == "unknown"
    page = pressed(page, "on", address)
    assert came(office, address) == "stored"
    page = pressed(page, "remove", address)
    assert not page.html.select(".mail-book")
    assert came(office, address) == "unknown"
    back = next(form for form in page.forms.values() if ">Undo<" in form.text)
    page = back.submit().follow()
    assert came(office, address) == "stored"
    page = pressed(page, "remove", address)
    office.pass_time(minutes=3)
    office.run_all()
    assert not office.look("ines", lambda _request, account: list(account.aliases))
    assert not office.do(lambda request: list(request.site["mail"].aliases))
    assert "too late" in ines.post(PATH, _undo(page)).follow()
    for login in ("ines", "paul"):
        browser = office.house.browser(login)
        page = form_of(browser.get(PATH.replace("ines", login)), "name")
        page["name"] = "jardin.haut"
        assert "Somebody has or had this name." in page.submit(status=400)
    assert came(office, address) == "unknown"
    assert len(office.rows("oscar")) == before  # whoever reads the rest does not read this


def _undo(page):
    form = next(form for form in page.forms.values() if ">Undo<" in form.text)
    return {name: fields[0].value for name, fields in form.fields.items() if name}


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("paul", "Somebody has or had this name."),
        ("postmaster", "belongs to the site"),
        ("abuse", "belongs to the site"),
        ("pau1", "looks like that of somebody else"),
        ("p-aul", "looks like that of somebody else"),
        ("rnoira", "looks like that of somebody else"),
        ("p0stmaster", "looks like that of somebody else"),
        ("é" * 5, "small letters, digits"),
        ("a+b", "small letters, digits"),
        ("x", "small letters, digits"),
    ],
)
def test_names_of_others_and_of_the_site_are_nobodys(office, ines, name, cure):
    page = add(ines, name, status=400)
    assert cure in page.html.select_one(".invalid-feedback").text
    assert not office.look("ines", lambda _request, account: list(account.aliases))


def test_a_name_like_ones_own_is_ones_own(ines):
    assert f"i.nes@{DOMAIN}" in add(ines, "i.nes")


def test_there_is_an_end_to_them(office, ines):
    for name in ("haie", "verger", "potager"):
        add(ines, name)
    assert "as many further addresses" in add(ines, "tonnelle", status=400)
    for _ in range(2):
        make(ines)
    page = form_of(ines.get(PATH), "note").submit(status=400)
    assert "as many further addresses" in page


def test_one_is_given_away_counted_turned_off_and_tells_nothing(office, ines):
    page, address = make(ines, note="boutique Dupré")
    assert "boutique Dupré" in page
    assert "ines" not in address
    for _ in range(2):
        assert came(office, address) == "stored"
    page = ines.get(PATH)
    assert "2 messages came" in page
    assert office.do(lambda r: r.find_service(IAddresses).may_send(office.uids["ines"], address))
    assert address in office.do(lambda r: r.find_service(IAddresses).of(office.uids["ines"]))
    page = pressed(page, "off", address)
    assert came(office, address) == "unknown"
    assert address not in office.do(lambda r: r.find_service(IAddresses).of(office.uids["ines"]))
    page = page.click("Change", index=0)
    form = form_of(page, "note")
    assert form["note"].value == "boutique Dupré"
    form["note"] = "autre"
    assert "autre" in form.submit().follow()


def test_its_time_ends_with_its_last_day(office, ines):
    form = form_of(ines.get(PATH), "note")
    form["until"] = "2001-01-01"
    assert "This day is over" in form.submit(status=400)
    today = office.do(_today)
    _page, address = make(ines, until=today)
    assert came(office, address) == "stored"
    office.pass_time(days=1)
    assert came(office, address) == "unknown"
    ines = office.house.browser("ines")
    page = ines.get(PATH)
    assert "its time is over" in page
    page = pressed(page, "on", address)
    assert came(office, address) == "stored"
    assert "its time is over" not in page


def _today(request):
    return clock.now(request).date().isoformat()


def test_trying_names_out_has_an_end(tmp_path):
    office = make_office(tmp_path, **{"email.aliasing": "3/day"})
    office.deliver(office.letter("Premier"))
    browser = office.house.browser("ines")
    for name in ("paul", "zoe", "oscar"):
        assert "Somebody has" in add(browser, name, status=400)
    add(browser, "moira", status=429)
    office.house.close()


def test_they_are_their_owners_alone(office, ines):
    _page, address = make(ines)
    code = office.look("ines", lambda _request, account: account.aliases.maxKey())
    paul = office.house.browser("paul")
    paul.get(PATH, status=404)
    paul.get(f"/members/paul/mail/address/{encode(code)}", status=404)
    token = paul.get("/members/paul/mail/addresses").html.select_one("[name=csrf_token]")["value"]
    sent = {"csrf_token": token, "address": encode(code), "act": "off"}
    paul.post("/members/paul/mail/addresses", sent, status=404)
    assert came(office, address) == "stored"
    for tail in ("x", "", encode(7), f"{encode(code)}/x"):
        ines.get(f"/members/ines/mail/address/{tail}", status=404)


def test_looks_are_many_and_bounded():
    assert {"paul", "moira", "p.aul"} <= {
        other for name in ("pau1", "rnoira", "p-aul") for other in lookalikes(name)
    }
    assert "ines" not in set(lookalikes("ines"))
    assert len(set(lookalikes("il1o0s5rnvv" * 3))) <= MOST
