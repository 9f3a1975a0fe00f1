"""The net under all these tests holds: what goes wrong on a page is noticed."""


class TestWatch:
    def test_a_quiet_page_has_no_faults(self, visit):
        page = visit()
        page.goto("/login")
        assert page.watch.faults == []

    def test_everything_else_is_noticed(self, visit):
        page = visit()
        page.goto("/login")
        faults = page.watch.faults
        for script, word in {
            "console.error('oh')": "oh",
            "setTimeout(() => { throw new Error('ah') })": "ah",
            "fetch('/nowhere').then(() => 0)": "404: GET",
            "fetch('https://elsewhere.invalid/').catch(() => 0)": "connect-src",
            "document.body.innerHTML += '<p style=\"color: red\">'": "style-src",
        }.items():
            page.evaluate(script)
            page.wait_for_timeout(50)
            assert any(word in fault for fault in faults), (script, faults)
            faults.clear()

    def test_a_page_that_is_an_error_is_noticed_unless_it_is_expected(self, visit):
        page = visit()
        page.watch.allowed.add(404)
        page.goto("/nowhere")
        assert page.watch.faults == []
        page.watch.allowed.clear()
        page.goto("/nowhere")
        assert page.watch.faults == [f"404: GET {page.url}"]
        page.watch.faults.clear()
