"""plain_odoo_look.py URL DATABASE: log in as admin, open our pages as the web client does."""

import http.cookiejar
import json
import sys
import time
import urllib.request

#: actions of ours, and the method that gives a page its figures
BOARDS = ("get_my_board", "get_first_steps")
PAGES = ("hr.commission.plan", "hr.commission.line", "hr.commission.statement")


class Browser:
    """A session of the web client."""

    def __init__(self, url):
        cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(cookies)
        )
        self.url = url

    def call(self, path, **params):
        request = urllib.request.Request(
            self.url + path,
            json.dumps({"jsonrpc": "2.0", "params": params}).encode(),
            {"Content-Type": "application/json"},
        )
        answer = json.loads(self.opener.open(request, timeout=300).read())
        if "error" in answer:
            sys.exit(f"{path}: {answer['error']['data']['debug']}")
        return answer["result"]

    def ask(self, model, method, *args, **kwargs):
        return self.call(
            f"/web/dataset/call_kw/{model}/{method}",
            **{"model": model, "method": method, "args": args, "kwargs": kwargs},
        )


def main(url, database):
    browser = Browser(url)
    browser.opener.open(f"{url}/web/login?db={database}", timeout=300).read()
    login = {"db": database, "login": "admin", "password": "admin"}
    assert browser.call("/web/session/authenticate", **login)["uid"]
    page = browser.opener.open(f"{url}/odoo", timeout=300).read().decode()
    assert "o_web_client" in page
    menus = browser.opener.open(f"{url}/web/webclient/load_menus", timeout=300).read()
    assert b"hr_sales_commission.hr_commission_menu_root" in menus
    for model in PAGES:
        views = [[False, "list"], [False, "form"], [False, "search"]]
        browser.ask(model, "get_views", views)
        browser.ask(
            model, "web_search_read", domain=[], specification={"display_name": {}}
        )
    for method in BOARDS:
        args = ("2026-01-01", "2026-12-31") if method == "get_my_board" else ()
        browser.ask("hr.commission.board", method, *args)
    lead = browser.ask("crm.lead", "create", [{"name": "First deal"}])
    browser.ask("crm.lead", "action_set_won", lead)
    for _wait in range(30):  # what reads from a replica may lag behind
        won = browser.ask("crm.lead", "read", lead, fields=["date_won"])
        if won[0]["date_won"]:
            return
        time.sleep(1)
    sys.exit(f"the deal has no day of winning: {won}")


if __name__ == "__main__":
    main(*sys.argv[1:])
