"""How often a member may write."""

from communicate.testing.kit import form_with


class TestPosting:
    def test_a_change_counts_like_a_post_and_a_preview_does_not(self, make_house):
        house = make_house(["forums"], **{"communicate.limits.posting": "3/hour"})
        house.member("ines")
        browser = house.browser("ines")
        form = form_with(browser.get("/forums/general/new"), "title")
        form["title"], form["body"] = "Le canal", "Version 1"
        topic = form.submit("post", status=303).location
        number = topic.rpartition("/")[2].partition("-")[0]
        edit = f"/forums/general/{number}/{number}/edit"
        for version in (2, 3):
            form = form_with(browser.get(edit), "body")
            form["body"] = f"Version {version}"
            form.submit("preview", status=200)
            form.submit("post", status=303)
        form["body"] = "Version 4"
        form.submit("post", status=429)
        assert "Version 3" in browser.get(topic).text
