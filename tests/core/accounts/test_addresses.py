import pytest

from communicate.accounts import addresses


class TestClean:
    @pytest.mark.parametrize(
        ("typed", "clean"),
        [
            (" Claire@Tilleuls.Example ", "Claire@tilleuls.example"),
            ("a+b@x.org", "a+b@x.org"),
            ("marie@été.fr", "marie@xn--t-9fab.fr"),
            ("root@localhost", "root@localhost"),
        ],
    )
    def test_the_domain_becomes_ascii_and_small(self, typed: str, clean: str) -> None:
        assert addresses.clean(typed) == clean

    @pytest.mark.parametrize(
        "typed",
        [
            "",
            "a",
            "@b.org",
            "a@",
            "a@b",
            "a b@c.org",
            "a@b..org",
            "a@-b.org",
            "a\n@b.org",
            "a@b.org\nBcc: c@d.org",
            "<a@b.org>",
            "a,b@c.org",
            "..a@b.org",
            "a@" + "b" * 64 + ".org",
            "a" * 65 + "@b.org",
            "a@" + "b." * 130 + "org",
            "\x00@b.org",
        ],
    )
    def test_what_is_no_address_is_refused(self, typed: str) -> None:
        with pytest.raises(addresses.BadAddress):
            addresses.clean(typed)


class TestNormal:
    def test_case_makes_no_difference(self) -> None:
        assert addresses.normal("Claire@X.org") == addresses.normal("claire@x.ORG")

    def test_composed_and_decomposed_letters_are_one(self) -> None:
        assert addresses.normal("é@x.org") == addresses.normal("é@x.org")
