import pytest

from communicate.audience import MEMBERS, Audience
from communicate.cli.run import start
from communicate.principals import MODERATORS, OPERATORS, member
from communicate.testing.house import House
from communicate_forums.permissions import OPEN_TOPIC, REPLY

INI = """[app:main]
use = egg:communicate
communicate.mode = testing
communicate.plugins = forums
communicate.url = http://localhost
"""


@pytest.fixture
def run(tmp_path, capsys):
    """Return what runs a command and returns its code, what it said, and its complaints."""
    (tmp_path / "site.ini").write_text(INI)

    def run(*words):
        code = start([*words, "--config", "site.ini", "--var", "data"], tmp_path)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def look(tmp_path):
    """Return what looks at the forum of that name once the command has ended."""

    def look(name):
        house = House(tmp_path, ["forums"], {"var": str(tmp_path / "data")})
        try:
            return house.work(
                lambda r: {
                    **vars(r.site["forums"][name]),
                    "grants": dict(r.site["forums"][name].grants),
                }
            )
        finally:
            house.close()

    return look


class TestForumAdd:
    def test_makes_a_forum_that_everyone_reads_and_members_write_in(self, run, look):
        assert run("forum", "add", "jardin", "--title", "Le jardin") == (0, "/forums/jardin\n", "")
        forum = look("jardin")
        assert (forum["title"], forum["audience"].level) == ("Le jardin", "public")
        assert set(forum["grants"].values()) == {MEMBERS}

    def test_takes_every_choice_after_its_last_word(self, run, look):
        words = (
            "--title",
            "Bureau",
            "--category",
            "Interne",
            "--weight",
            "7",
            "--description",
            "x",
        )
        who = ("--audience", "members", "--open", "operators", "--reply", "moderators")
        assert run("forum", "add", "bureau", *words, *who)[0] == 0
        forum = look("bureau")
        assert (forum["category"], forum["weight"], forum["description"]) == ("Interne", 7, "x")
        assert forum["audience"] == MEMBERS
        assert forum["grants"] == {
            OPEN_TOPIC: Audience("chosen", [OPERATORS]),
            REPLY: Audience("chosen", [MODERATORS, OPERATORS]),
        }

    @pytest.mark.parametrize(
        ("words", "cure"),
        [
            (["Le Jardin", "--title", "x"], "use a-z, 0-9 and single hyphens"),
            (["general", "--title", "x"], "choose another name"),
            (["manage", "--title", "x"], "choose another"),
            (["jardin"], "--title"),
            (["jardin", "--title", "x", "--audience", "inconnu"], "see `member list`"),
            (["jardin", "--title", "x", "--audience", ","], "name public, members,"),
            (["jardin", "--title", "x", "--weight", "-1"], "--weight"),
            (["jardin", "--title", "  "], "--title"),
            (["jardin", "--title", "x" * 81], "--title"),
        ],
    )
    def test_refuses_with_the_cure(self, run, words, cure):
        code, _said, complaint = run("forum", "add", *words)
        assert code != 0
        assert cure in complaint
        assert "Traceback" not in complaint

    def test_names_people_by_their_logins(self, run, look, tmp_path):
        house = House(tmp_path, ["forums"], {"var": str(tmp_path / "data")})
        uid = house.member("ines")
        house.close()
        run("forum", "add", "cave", "--title", "La cave", "--audience", "ines")
        assert look("cave")["audience"] == Audience("chosen", [member(uid)])
