class TestPreview:
    def test_shows_clean_html_as_a_piece_of_the_page(self, claire, post):
        answer = post(claire, "/preview", words="**vu** <script>x</script>")
        shown = answer.html.find(id="preview")
        assert shown.strong.get_text() == "vu"
        assert shown.script is None
        assert answer.html.find("html") is None
        assert "no-store" in answer.headers["Cache-Control"]

    def test_needs_words_a_token_and_a_member(self, site, claire, post):
        post(claire, "/preview", status=400)
        claire.post("/preview", {"words": "x"}, status=400)
        post(site.browser("paul"), "/preview", status=200, words="")
        stranger = site.browser()
        token = stranger.get("/login").html.find(attrs={"name": "csrf_token"})["value"]
        stranger.post("/preview", {"words": "x", "csrf_token": token}, status=403)

    def test_is_not_for_flooding(self, make_house):
        house = make_house(**{"communicate.limits.previews": "1/hour"})
        house.member("claire")
        browser = house.browser("claire")
        token = browser.get("/account").html.find(attrs={"name": "csrf_token"})["value"]
        browser.post("/preview", {"words": "x", "csrf_token": token})
        browser.post("/preview", {"words": "x", "csrf_token": token}, status=429)

    def test_a_long_text_counts_as_several(self, make_house):
        house = make_house(**{"communicate.limits.previews": "4/hour"})
        house.member("claire")
        browser = house.browser("claire")
        token = browser.get("/account").html.find(attrs={"name": "csrf_token"})["value"]
        browser.post("/preview", {"words": "x" * 60_000, "csrf_token": token})
        browser.post("/preview", {"words": "x", "csrf_token": token}, status=429)
