"""Scripts read and refused, run within bounds, and led to a form and back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communicate_email import filters, mime
from communicate_email.filters import Condition, Deed, Facts, File, Rule, matching
from communicate_email.filters.limits import MAX_ACTIONS

RAW = b"From: Ines <ines@example.org>\r\nTo: paul@example.net\r\nSubject: Sale\r\n\r\ntext\r\n"


def facts(raw=RAW, sender="ines@example.org", recipient="paul@example.net", **more):
    return Facts(mime.read(raw), sender, recipient, **more)


def run(source, **more):
    return filters.run(filters.compiled(source), facts(**more))


WORDS = """
if elsif else { } ( ) [ ] ; , "a" "\\Seen" not allof anyof true false header :is :contains :matches
:count :over 1K size keep discard stop address exists addflag # /* */ text: . \\ require "fileinto"
fileinto "imap4flags" "
"""


class TestCompiled:
    @pytest.mark.parametrize(
        ("source", "said"),
        [
            ('require "variables";', "variables"),
            ('require "reject"; reject "no";', "reject"),
            ('require ["fileinto", "regex"];', "regex"),
            ('redirect "a@b.c";', "redirect"),
            ('redirect :copy "a@b.c";', "copy"),
            ('fileinto "A";', "fileinto"),
            ('if header :regex "subject" "a" { keep; }', "regex"),
            ('keep; require "fileinto";', "first"),
            ('if address "subject" "a" { keep; }', "subject"),
            ('require "envelope"; if envelope "auth" "a" { keep; }', "envelope"),
            ('require "body"; if body :content "text" "a" { keep; }', "body"),
            ('require "imap4flags"; addflag "v" "x";', "Variables"),
            ('require "vacation"; vacation :mime "x";', ":mime"),
            ("if true {", "Line 1"),
            ("keep\n;\nnonsense;", "Line 3"),
            ("else { keep; }", "Line 1"),
            ("if true { keep; } else { stop; } else { discard; }", "Line 1"),
            ("}", ""),
            (";", ""),
            ("if", ""),
            ("\0", ""),
            ("if " + "not " * 5000 + "true { keep; }", "within each other"),
            ("if allof (" * 500 + "true", "within each other"),
            ("if true { " * 500, "within each other"),
            ("keep;" * 20_000, "too long"),
            ("#" + "x" * 70_000, "too long"),
            (f'if header "subject" "{"x" * 1001}" {{ keep; }}', "1,000"),
        ],
    )
    def test_what_is_not_known_is_refused_in_a_sentence(self, source, said):
        with pytest.raises(filters.BadScript) as refused:
            filters.compiled(source)
        assert said in str(refused.value.reason.interpolate())

    @settings(max_examples=300, deadline=None)
    @given(st.lists(st.sampled_from([*WORDS.split(), "\n"]), max_size=25).map(" ".join))
    def test_junk_is_refused_or_run_and_raises_nothing_else(self, source):
        try:
            script = filters.compiled(source)
        except filters.BadScript:
            return
        assert filters.run(script, facts()).files is not None

    def test_a_text_over_several_lines_is_read(self):
        result = run('require "vacation"; vacation text:\r\nAway\r\n..soon\r\n.\r\n;')
        assert result.vacation.reason == "Away\r\n.soon\r\n"


class TestRun:
    def test_without_any_rule_a_message_is_kept(self):
        assert run("").files == (File("INBOX"),)

    def test_a_folder_is_made_where_asked_for(self):
        source = (
            'require ["fileinto", "mailbox"]; if mailboxexists "A" { stop; } fileinto :create "A";'
        )
        assert run(source).files == (File("A", create=True),)
        assert run(source, exists=lambda name: name == "A").files == (File("INBOX"),)

    def test_the_empty_return_path_is_found(self):
        source = 'require "envelope"; if envelope :all "from" "" { discard; }'
        assert run(source, sender="").files == ()
        assert run(source).files == (File("INBOX"),)

    def test_too_many_steps_keep_the_message_and_do_nothing_else(self):
        keys = ", ".join(['"x"'] * 500)
        source = (
            'require ["fileinto", "vacation", "body"]; fileinto "A"; vacation "away";\n'
            f"if body :contains [{keys}] {{ stop; }}\n"
        )
        raw = b"Subject: x\r\n\r\n" + b"a " * 100_000
        result = run(source, raw=raw)
        assert (result.files, result.vacation, result.failed) == ((File("INBOX"),), None, True)

    def test_too_many_folders_are_too_much(self):
        source = 'require "fileinto";' + "".join(
            f'fileinto "{number}";' for number in range(MAX_ACTIONS + 1)
        )
        assert run(source).failed

    def test_an_absence_is_answered_with_its_own_handle(self):
        one = run('require "vacation"; vacation :days 400 "away";').vacation
        other = run('require "vacation"; vacation :subject "x" "away";').vacation
        assert one.days == 90
        assert one.handle != other.handle
        assert run('require "vacation"; vacation :handle "h" "away";').vacation.handle == "h"


class TestGlob:
    @settings(max_examples=500, deadline=None)
    @given(st.text("ab", max_size=9), st.text("ab*?", max_size=7))
    def test_it_is_as_all_tries_have_it(self, value, pattern):
        assert matching.glob(value, pattern) == slowly(value, pattern)

    def test_stars_take_no_longer_than_their_length(self):
        value, pattern = "a" * 200_000, "*a" * 400 + "*b"
        assert not matching.glob(value, pattern)
        assert matching.glob(value + "b", pattern)

    def test_a_backslash_takes_the_meaning_away(self):
        assert matching.glob("a*b", r"a\*b")
        assert not matching.glob("axb", r"a\*b")


def slowly(value, pattern):
    if not pattern:
        return not value
    if pattern[0] == "*":
        return any(slowly(value[at:], pattern[1:]) for at in range(len(value) + 1))
    return bool(value) and pattern[0] in ("?", value[0]) and slowly(value[1:], pattern[1:])


class TestAnswering:
    MINE = ("paul@example.net",)

    def test_a_person_who_writes_to_one_is_answered(self):
        assert filters.may_answer(facts(), self.MINE)

    @pytest.mark.parametrize(
        "head",
        [
            b"Auto-Submitted: auto-replied\r\n",
            b"Precedence: bulk\r\n",
            b"List-Id: <a.example>\r\n",
            b"List-Unsubscribe: <mailto:x@y.z>\r\n",
            b"X-Auto-Response-Suppress: All\r\n",
        ],
    )
    def test_lists_and_robots_are_not(self, head):
        assert not filters.may_answer(facts(head + RAW), self.MINE)

    @pytest.mark.parametrize(
        "sender",
        ["", "MAILER-DAEMON@example.org", "noreply@x.org", "owner-a@x.org", "a-request@x.org",
         "Paul@Example.net"],
    )  # fmt: skip
    def test_notices_and_oneself_are_not(self, sender):
        assert not filters.may_answer(facts(sender=sender), self.MINE)

    def test_what_is_addressed_to_others_is_not(self):
        assert not filters.may_answer(facts(), ("zoe@example.net",))


TEXT = st.text(
    st.characters(blacklist_categories=("Cs",), blacklist_characters="\0\r"), max_size=20
)
WHERE = st.sampled_from(["from", "to", "subject", "list", "body", "detail", "header:X-Spam"])
BUT = st.booleans()
CONDITIONS = st.one_of(
    st.builds(Condition, WHERE, st.sampled_from(["contains", "is"]), TEXT, BUT),
    st.builds(Condition, WHERE, st.sampled_from(["begins", "ends"]), TEXT.filter(bool), BUT),
    st.builds(Condition, st.sampled_from(["from", "to"]), st.just("domain"), TEXT, BUT),
    st.builds(
        Condition,
        st.just("size"),
        st.sampled_from(["over", "under"]),
        st.integers(0, 10**6).map(str),
        BUT,
    ),
)
DEEDS = st.one_of(
    st.builds(Deed, st.sampled_from(["move", "copy", "answer"]), TEXT),
    st.builds(Deed, st.just("label"), st.text("abc$é", min_size=1, max_size=9)),
    st.builds(Deed, st.sampled_from(["flag", "read", "discard", "stop", "keep"])),
)
RULES = st.builds(
    Rule,
    TEXT,
    st.lists(CONDITIONS, max_size=4).map(tuple),
    st.lists(DEEDS, max_size=4).map(tuple),
    st.booleans(),
    st.booleans(),
)


class TestRules:
    @settings(max_examples=150, deadline=None)
    @given(st.lists(RULES, max_size=4))
    def test_a_form_comes_back_from_its_script(self, rules):
        assert filters.rules_in(filters.script_of(rules)) == rules

    def test_a_rule_does_what_the_form_says(self):
        rule = Rule(
            "Sales",
            (Condition("subject", "begins", "sal"), Condition("from", "domain", "example.org")),
            (Deed("move", "Ads"), Deed("read")),
        )
        assert run(filters.script_of([rule])).files == (File("Ads", ("\\Seen",)),)

    def test_a_rule_that_is_switched_off_does_nothing(self):
        rule = Rule("x", (), (Deed("discard"),), enabled=False)
        assert run(filters.script_of([rule])).files == (File("INBOX"),)

    @pytest.mark.parametrize(
        "source",
        [
            "keep;",
            "if true { keep; }",
            "if allof (true) { keep; } else { discard; }",
            "if allof (true) { if true { keep; } }",
            'if allof (header :is "subject" ["a", "b"]) { keep; }',
            'if allof (header :matches "subject" "a*b*") { keep; }',
            'if allof (address :localpart "from" "a") { keep; }',
            "if allof (size :over 1) { keep; }",
            "if allof (not not true) { keep; }",
            'require "fileinto"; if allof (exists "x") { fileinto "a"; }',
            'require ["fileinto", "mailbox"]; if allof (true) { fileinto :create "a"; }',
        ],
    )
    def test_a_script_that_says_more_is_no_form(self, source):
        filters.compiled(source)
        assert filters.rules_in(source) is None

    def test_a_rule_cannot_write_other_commands(self):
        rule = Rule(
            'a\ndiscard;\n"', (Condition("subject", "is", '" { discard; } #'),), (Deed("keep"),)
        )
        assert run(filters.script_of([rule])).files == (File("INBOX"),)
