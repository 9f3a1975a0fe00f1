"""No word of a conversation lies in clear in any file, and none is left once it is destroyed."""

import base64

from communicate.catalog.text import fold
from communicate.erasure.jobs import go_on
from communicate.interfaces import IErasure
from communicate.storage.pack import pack
from communicate.stores import stores_of

BODY, TITLE, GONE = "Ultramarin sous le paillasson", "Quincaillerie nocturne", "Zinzolin périmé"


def traces(folder, *words):
    """Return the files below *folder* that hold one of *words* in any form."""
    forms = {
        form: word
        for word in words
        for form in (
            word.encode(),
            fold(word).encode(),
            base64.b64encode(word.encode())[:-4],
            word.encode().hex().encode(),
        )
    }
    return sorted(
        {
            (path.name, word)
            for path in folder.rglob("*")
            if path.is_file()
            for data in [path.read_bytes()]
            for form, word in forms.items()
            if form in data
        }
    )


def test_nothing_is_in_clear_and_what_is_destroyed_is_gone(fresh_place):
    place = fresh_place()
    folder = place.house.folder
    (folder / "marker").write_text(BODY, encoding="utf-8")
    assert traces(folder, BODY) == [("marker", BODY)]  # it would see it
    (folder / "marker").unlink()

    number, _ = place.start("ines", "paul", "zoe", body=BODY, title=TITLE)
    gone = place.say(number, "paul", GONE)
    assert (
        place.browser("zoe")
        .get("/messages/search", {"q": BODY.split()[0]})
        .html.select("main .rows .row-title")
    )
    assert traces(folder, BODY, TITLE, GONE) == []

    sealed = place.do(lambda _request, held: bytes(held.line(gone).body.envelope))
    assert any(sealed in path.read_bytes() for path in folder.rglob("*.fs"))
    place.remove(gone)
    place.later(seconds=11)
    pack(stores_of(place.house.registry))
    assert not any(sealed in path.read_bytes() for path in folder.rglob("*.fs"))

    uid = place.uids["ines"]
    place.house.work(lambda request: request.find_service(IErasure).start(uid))
    go_on(place.house.registry, uid)
    for login in ("paul", "zoe"):
        assert BODY not in place.read(login, number)
