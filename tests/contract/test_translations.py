"""French is complete, keeps what English fills in, and is set as French is printed."""

import ast
import re
from importlib import import_module
from importlib.resources import files
from pathlib import Path

import pytest

from communicate.cli.skeleton import write_plugin
from communicate.interfaces import IPlugins
from communicate.web.i18n import SOURCE
from communicate.web.messages import (
    catalog_path,
    missing,
    read_catalog,
    sentences,
)

ROOT = Path(__file__).parents[2]
OURS = ["communicate", *sorted(path.name for path in ROOT.glob("plugins/*/communicate_*"))]
NAMES = re.compile(r"\$\{(\w+)\}")
THIN, WIDE = "\u202f", "\u00a0"  # before ; ? ! and before : »
FAULTS = {
    "a straight apostrophe": r"\w'\w",
    "a straight quotation mark": r'"',
    "an ordinary space before a mark": r" [:;?!»]",
    "an ordinary space after «": r"« ",
    "no space after «": rf"«[^{THIN}{WIDE}]",
    "no space before ? ! ;": rf"[^\s{THIN}{WIDE}?!(][?!;](?=\s|$)",
    "no space before : or »": rf"[^{THIN}{WIDE}](?:»|:(?=\s|$))",
    "three dots": r"\.\.\.",
    "two spaces": r"\S  \S",
}
#: What in Markdown and HTML is no prose.
CODE = re.compile(
    r"`[^`]*`|^    .*$|\]\([^)]*\)|<[^>]*>|https?://\S+|^---$|^\[.*?\]: .*$", re.MULTILINE
)


def faults(text):
    """Return what is wrong with the French *text*."""
    prose = CODE.sub("x", text)
    return [name for name, pattern in FAULTS.items() if re.search(pattern, prose)]


def folder_of(package):
    return Path(str(files(import_module(package))))


def translations(folder, package):
    """Yield each sentence of the French catalog, and its French, form by form."""
    catalog = read_catalog(catalog_path(folder, package, "fr"), "fr")
    for message in catalog:
        if message.id:
            forms = message.string if isinstance(message.string, tuple) else (message.string,)
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            yield ids, forms


def defaults(folder):
    """Return the English behind each id that is no English itself."""
    found = {}
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_" and node.args:
                given = {word.arg: word.value for word in node.keywords}
                if isinstance(given.get("default"), ast.Constant):
                    found[ast.literal_eval(node.args[0])] = given["default"].value
    return found


@pytest.fixture(params=[*OURS, "communicate_sample"])
def package(request):
    """Return the name of each package that people read."""
    if request.param == "communicate_sample":
        request.getfixturevalue("sample")
    return request.param


class TestScanner:
    """It would see what it looks for."""

    @pytest.mark.parametrize(
        "text",
        [
            "l'été", "dit \"oui\"", "Quoi ?", "« oui »", "«oui»", "Quoi?", "Voici: un",
            "Attendez...", "Voici :", "deux  mots", "oui»",
        ],
    )  # fmt: skip
    def test_it_sees_each_fault(self, text):
        assert faults(text)

    def test_it_lets_good_french_pass(self):
        good = f"L’été{THIN}! «{WIDE}Oui{WIDE}»{WIDE}: à 12:30, `l'x : y`, [ici](a?b=c;d)…"
        assert faults(good) == []


class TestFrench:
    def test_nothing_is_missing(self, package):
        assert missing(package) == []

    def test_nothing_is_left_over(self, package):
        """A sentence that nobody says any more would be translated for nothing."""
        folder = folder_of(package)
        said = {one for found in sentences(folder) for one in as_tuple(found.message)}
        kept = {one for ids, _forms in translations(folder, package) for one in ids}
        assert kept - said == set()

    def test_every_form_is_there_for_what_is_counted(self, package):
        short = [
            ids
            for ids, forms in translations(folder_of(package), package)
            if len(forms) != len(ids)
        ]
        assert short == []

    def test_what_english_fills_in_french_fills_in(self, package):
        folder = folder_of(package)
        english = defaults(folder)
        wrong = []
        for ids, forms in translations(folder, package):
            wanted = set(NAMES.findall(" ".join(english.get(one, one) for one in ids)))
            wrong += [form for form in forms if set(NAMES.findall(form)) - wanted]
            if wanted - set(NAMES.findall(" ".join(forms))):
                wrong.append(f"{ids}: {forms}")
        assert wrong == []

    def test_it_is_set_as_french_is_printed(self, package):
        wrong = [
            (form, found)
            for _ids, forms in translations(folder_of(package), package)
            for form in forms
            if (found := faults(form))
        ]
        assert wrong == []


class TestPages:
    @pytest.mark.parametrize("path", sorted(ROOT.glob("core/communicate/pages/fr/*.md")), ids=str)
    def test_a_page_is_there_in_both_languages_and_well_set(self, path):
        english = path.parents[1] / SOURCE / path.name
        assert english.is_file()
        assert faults(path.read_text(encoding="utf-8")) == []

    def test_pages_of_help_are_too(self, sample, make_house):
        house = make_house(["forums", "sample"])
        pages = house.registry.getUtility(IPlugins).gather("communicate_help")
        assert len(pages) > 1
        for page in pages:
            assert set(page.text) == {"en", "fr"}, page.name
            assert faults(page.text["fr"]) == [], page.name


class TestSkeleton:
    def test_a_new_plugin_speaks_french_from_the_start(self, tmp_path, monkeypatch):
        folder = write_plugin("meteo", tmp_path)
        monkeypatch.syspath_prepend(str(folder))
        assert missing("communicate_meteo") == []
        found = translations(folder / "communicate_meteo", "communicate_meteo")
        assert [form for _ids, forms in found for form in forms if faults(form)] == []


def as_tuple(message):
    return message if isinstance(message, tuple) else (message,)
