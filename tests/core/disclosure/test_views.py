"""The page of what others received."""

import pytest


@pytest.fixture
def mine(house, ledger):
    return house.browser("ines")


def rows(page):
    return [row.get_text(" ", strip=True) for row in page.html.select("main .rows > li")]


class TestPage:
    def test_it_says_who_received_what_and_why_in_plain_words(self, ledger, mine):
        ledger.record(ledger.ines, fields=("address", "subject", "text"))
        (row,) = rows(mine.get("/account/privacy/received"))
        assert "Le serveur de courrier qui transporte les courriels de ce site" in row
        assert "votre adresse électronique, l’objet du courriel et le texte du courriel" in row
        assert "vous envoyer un courriel" in row
        mine.set_cookie("lang", "en")
        (row,) = rows(mine.get("/account/privacy/received"))
        assert "your e-mail address, the subject of the mail and the text of the mail" in row

    def test_whoever_is_no_longer_declared_is_named_all_the_same(self, ledger, mine):
        ledger.record(ledger.ines, "old carrier", "parcel", ("street",))
        (row,) = rows(mine.get("/account/privacy/received"))
        assert all(word in row for word in ("old carrier", "street", "parcel"))

    def test_it_shows_nobody_elses(self, ledger, mine):
        ledger.record(ledger.paul)
        page = mine.get("/account/privacy/received")
        assert rows(page) == []
        assert "Rien à votre sujet n’a quitté ce site." in page.html.get_text()

    def test_a_long_list_has_pages_that_stay_true_while_it_grows(self, ledger, mine):
        for number in range(32):
            ledger.record(ledger.ines, purpose=f"purpose {number}")
        first = mine.get("/account/privacy/received")
        older = first.html.select_one("a[rel=next]")["href"]
        assert len(rows(first)) == 30
        ledger.record(ledger.ines, purpose="newer")
        assert ["purpose 1" in row or "purpose 0" in row for row in rows(mine.get(older))] == [
            True,
            True,
        ]

    def test_an_address_that_names_no_page_is_refused(self, mine):
        mine.get("/account/privacy/received?after=nonsense", status=400)

    def test_a_stranger_is_asked_to_sign_in(self, house):
        answer = house.browser().get("/account/privacy/received", status=403)
        assert answer.html.select_one("main .rows") is None
