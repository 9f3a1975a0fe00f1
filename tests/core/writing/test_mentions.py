import pytest

from communicate.writing.mentions import MOST, link, named

KNOWN = {"paul", "ines.d"}


def linked(html):
    return named(link(html, KNOWN.__contains__))


class TestLinks:
    @pytest.mark.parametrize(
        ("html", "found"),
        [
            ("<p>@paul</p>", {"paul"}),
            ("<p>Merci (@Paul), à demain</p>", {"paul"}),
            ("<p>Voir @paul.</p>", {"paul"}),
            ("<p>@ines.d et @paul</p>", {"ines.d", "paul"}),
            ("<p>paul@example.org, x@paul, @paul@ailleurs.example</p>", set()),
            ("<p>@inconnu</p>", set()),
            ("<p><code>@paul</code></p>", set()),
            ("<pre><code>a\n@paul</code></pre>", set()),
            ('<p><a href="/x">@paul</a></p>', set()),
            ('<p><a href="/@paul" title="@paul">x</a></p>', set()),
        ],
    )
    def test_are_made_of_logins_outside_code_and_links(self, html, found):
        assert linked(html) == found

    def test_lead_to_the_member_and_keep_what_was_typed(self):
        html = link("<p>Voir @Paul.</p>", KNOWN.__contains__)
        assert html == '<p>Voir <a class="mention" href="/members/paul">@Paul</a>.</p>'

    def test_are_so_many_at_most(self):
        html = "<p>" + " ".join(f"@membre{n}" for n in range(3 * MOST)) + "</p>"
        asked = []
        link(html, lambda login: bool(asked.append(login)) or True)
        assert len(asked) == MOST
