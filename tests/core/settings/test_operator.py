"""What the operator states, in a section of the ini file of its own."""

import pytest

from communicate import settings
from communicate.settings.operator import Provider, stated

INI = """
[app:main]
communicate.mode = testing

[communicate:operator]
identity = Les Tilleuls
identity_en = The Lindens, 100 % ours
providers =
    Ondine | FR | loue le serveur
    Klarnet | DE | garde les sauvegardes
backup_days = 30
"""


def load(tmp_path, text):
    """Return the settings of a site with that ini file."""
    path = tmp_path / "site.ini"
    path.write_text(text, encoding="utf-8")
    known = {"here": str(tmp_path), "__file__": str(path)}
    ini = {"communicate.mode": "testing"}
    return settings.load(known, ini, environ={}, extra_nodes={}, enabled=[])


def test_each_text_is_for_all_languages_or_for_one(tmp_path):
    values = load(tmp_path, INI)
    assert stated(values, "identity", "fr") == "Les Tilleuls"
    assert stated(values, "identity", "en") == "The Lindens, 100 % ours"
    assert stated(values, "measures", "fr") == []
    assert stated(values, "providers", "fr")[1] == Provider(
        "Klarnet", "DE", "garde les sauvegardes"
    )
    assert values["communicate.operator.backup_days"] == 30


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("identitty = Nous", "Meant communicate.operator.identity"),
        ("providers = Ondine, FR", "name | country | purpose"),
        ("contact = nous", "neither an e-mail address nor an https address"),
        ("backup_days = 0", "from 1 to 3650"),
    ],
)
def test_a_mistake_is_told_with_its_cure(tmp_path, line, fault):
    with pytest.raises(settings.BadSettings) as told:
        load(tmp_path, f"[app:main]\n[communicate:operator]\n{line}\n")
    assert fault in str(told.value)


def test_a_file_without_the_section_states_nothing(tmp_path):
    assert stated(load(tmp_path, "[app:main]\n"), "identity", "fr") == ""
