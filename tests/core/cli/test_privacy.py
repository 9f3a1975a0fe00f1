"""``communicate privacy inventory``."""

import json

from click.testing import CliRunner

from communicate.cli.console import Console
from communicate.cli.privacy import privacy


def run(house, *words):
    """Return what the command prints for *house*."""
    console = Console(None, house.folder, house.registry)
    answer = CliRunner().invoke(privacy, ["inventory", *words], obj=console)
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_lists_each_kind_with_whose_it_is_and_where_it_is_kept(sample, make_house):
    house = make_house(["sample"])
    table = run(house)
    for said in (
        "Guest book  [sample]",
        "Lines in the guest book",
        "stored     communicate_sample.content:Note",
        "to sample-counter",
        "cookie communicate_session",
        "consent sample.contest",
    ):
        assert said in table, said
    assert "Lignes du livre d’or" in run(house, "--language", "fr")
    told = json.loads(run(house, "--json"))["services"]
    mine = next(one for one in told if one["plugin"] == "sample")
    assert mine["data"][0]["stored"] == ["communicate_sample.content:Note"]
    assert mine["recipients"][0]["fields"] == ["count"]
    assert {one["plugin"] for one in told} == {"communicate", "sample"}
