"""curl, with which scripts read mail by IMAP."""

from communicate.testing.programs import needed

from .client_site import ways
from .reading_site import letter


@ways("imap")
def test_a_script_lists_reads_searches_puts_and_marks(served, place, way):
    curl = needed("curl")
    place.put(letter("Un", "Le tilleul penche."), letter("Deux"))
    url = f"{way}://localhost:{served.port(way)}/"
    settings = place.write("curlrc", 'user = "{login}:{secret}"\ncacert = "{certificate}"\n')

    def ask(path, *words):
        return place.run(curl, "-sS", "-K", settings, "--ssl-reqd", *words, url + path)

    ask("", "-X", "CREATE &AMk-t&AOk-/Plage")
    listed = ask("")
    assert '* LIST (\\HasNoChildren) "/" INBOX' in listed
    assert "&AMk-t&AOk-/Plage" in listed
    assert "Le tilleul penche." in ask("INBOX;UID=1")
    assert "Subject: Deux" in ask("INBOX;UID=2;SECTION=HEADER.FIELDS%20(SUBJECT)")
    assert ask("INBOX;MAILINDEX=1").startswith("From: Luce")
    assert ask("INBOX?SUBJECT%20deux") == "* SEARCH 2\n"
    draft = place.write("draft", "Subject: De la part d’un script\n\nVoilà.\n")
    ask("Drafts", "-T", draft)
    ask("INBOX", "-X", "STORE 1 +FLAGS (\\Flagged)")
    ask("INBOX", "-X", "MOVE 2 &AMk-t&AOk-/Plage")
    webmail = place.webmail()
    assert webmail.marks("Un") == {"starred"}
    assert webmail.subjects("Plage") == ["Deux"]
    assert webmail.subjects("Brouillons") == ["De la part d’un script"]
