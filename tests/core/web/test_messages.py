from pathlib import Path

import pytest

from communicate.web import messages

TEMPLATE = """<html i18n:domain="sample"><p i18n:translate="">Hello
   <b i18n:name="login">${login}</b>, and <br> welcome</p>
<input aria-label="Search" i18n:attributes="aria-label" tal:condition="a &lt; b">
<p i18n:translate="long-id">The <i>whole</i> text</p><p>not this</p></html>
"""
PYTHON = """
_ = TranslationStringFactory("sample")
_n = PluralFactory("sample")
ONE = _("A sentence")
TWO = _("id", default="Something long")
MANY = _n("${n} post", "${n} posts")
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Return the folder of a package with one template and one module."""
    folder = tmp_path / "communicate_words"
    (folder / "templates").mkdir(parents=True)
    (folder / "__init__.py").write_text(PYTHON, encoding="utf-8")
    (folder / "templates" / "page.pt").write_text(TEMPLATE, encoding="utf-8")
    return folder


class TestSentences:
    def test_of_templates_are_found_as_they_are_translated(self, package):
        found = {f.message for f in messages.sentences(package) if f.path.endswith(".pt")}
        assert found == {"Hello ${login}, and welcome", "Search", "long-id"}

    def test_of_modules_are_found_with_their_plurals(self, package):
        found = {f.message for f in messages.sentences(package) if f.path.endswith(".py")}
        assert found == {"A sentence", "id", ("${n} post", "${n} posts")}


class TestUpdate:
    def test_new_ones_are_added_and_old_ones_leave(self, package):
        assert messages.update(package, "words", "fr") == 6
        path = messages.catalog_path(package, "words", "fr")
        said = path.read_text(encoding="utf-8").replace(
            'msgid "A sentence"\nmsgstr ""', 'msgid "A sentence"\nmsgstr "Une phrase"'
        )
        path.write_text(said, encoding="utf-8")
        assert messages.update(package, "words", "fr") == 5
        (package / "__init__.py").write_text('_("Another")\n_("A sentence")', encoding="utf-8")
        assert messages.update(package, "words", "fr") == 4
        text = path.read_text(encoding="utf-8")
        assert "Une phrase" in text
        assert "${n} post" not in text

    def test_writes_the_same_twice(self, package):
        messages.update(package, "words", "fr")
        path = messages.catalog_path(package, "words", "fr")
        first = path.read_bytes()
        messages.update(package, "words", "fr")
        assert path.read_bytes() == first

    def test_the_command_says_what_is_to_be_translated(self, package, capsys):
        assert messages.main(["words", str(package)]) == 1
        assert capsys.readouterr().out == "words fr: 6 to translate\n"


class TestFrench:
    def test_of_core_is_complete(self):
        assert messages.missing("communicate") == []

    def test_is_written_with_its_own_spaces_and_marks(self):
        import communicate

        folder = Path(communicate.__file__).parent
        catalog = messages.read_catalog(messages.catalog_path(folder, "communicate", "fr"), "fr")
        forms = [message.string for message in catalog if message.id]
        texts = [one for form in forms for one in ([form] if isinstance(form, str) else form)]
        texts += [path.read_text(encoding="utf-8") for path in folder.glob("pages/fr/*.md")]
        assert [text for text in texts if "'" in text.replace("`", "")] == []
        wrong = (" ;", " ?", " !", " :", "« ", " »")
        assert [text for text in texts if any(mark in text for mark in wrong)] == []

    def test_says_no_variable_that_english_does_not_have(self):
        import re

        import communicate

        folder = Path(communicate.__file__).parent
        catalog = messages.read_catalog(messages.catalog_path(folder, "communicate", "fr"), "fr")
        names = re.compile(r"\$\{(\w+)\}")
        for message in catalog:
            if isinstance(message.id, str) and " " in message.id:
                assert set(names.findall(str(message.string))) == set(names.findall(message.id))
