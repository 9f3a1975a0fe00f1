"""Whatever signs members put into a message, it is one message, and no page breaks."""

import pytest
from webtest import Upload

from .conftest import make_office
from .test_webmail_writing import last, leave, to_write, written


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = make_office(tmp_path_factory.mktemp("odd"))
    for login in ("ines", "paul"):
        made.deliver(made.letter("Bienvenue"), login)
    yield made
    made.house.close()


@pytest.fixture(scope="module")
def browser(office):
    return office.house.browser("ines")


ODD = ["a\u2028Bcc: zoe", "a\x0bBcc: zoe", "a\x1cBcc: zoe", "a\x85Bcc: zoe", "a\x00Bcc: zoe"]


@pytest.mark.parametrize(
    ("where", "sign"),
    [*(("subject", sign) for sign in ODD), ("file", ODD[0]), ("file", ODD[4]), ("to", ODD[1])],
)
def test_signs_that_end_lines_elsewhere_make_no_field(office, browser, where, sign):
    before = len(office.rows("paul"))
    values = {"to": "paul", "subject": "Le volet", "body": "Il grince."}
    if where == "file":
        values["attached.files"] = [Upload(f"{sign}.txt", b"bytes", "text/plain")]
    else:
        values[where] = f"{sign} <paul@tilleuls.example>" if where == "to" else sign
    page = written(to_write(browser), status="*", **values)
    assert page.status_int in (200, 303, 400)
    leave(office)
    if page.status_int == 303:
        assert len(office.rows("paul")) == before + 1
        message = last(office, "paul")
        assert message["Bcc"] is None
        assert office.rows("zoe") == []
