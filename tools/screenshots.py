"""screenshots.py [URL] [--docs] [NAME ...]   make the pictures of README, addons, docs

Takes them from a running demo (./dev demo in another terminal) with headless Chromium
and writes ADDON/static/description/NAME.png. With --docs it takes the most used pages
instead, on a desktop and on a telephone, in English and Chinese, and writes
docs/images/NAME[-phone][-zh].png. Run it with the Python of .local/venv, which has
websocket-client and Pillow. URL is http://127.0.0.1:8069 unless given.
"""

import base64
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import websocket
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
WIDTH, HEIGHT = 1440, 860
PHONE_WIDTH, PHONE_HEIGHT = 390, 844
LARGEST = 200_000
LARGEST_IN_DOCS = 100_000
LOADED = """
    !document.querySelector('.o_blockUI, .o_loading_indicator')
    && document.readyState === 'complete'
    && [...document.images].every((image) => image.complete)
    && !!document.querySelector(%s)
"""


class Picture:
    """What a picture shows.

    :param login: who looks
    :param path: address below /odoo
    :param wait: selector of what must be there
    :param steps: what to click then, in order: a selector, 'row with TEXT', or what to
        scroll to: 'show SELECTOR'
    :param companies: look at all companies of the user, not only at the first
    :param addon: whose page it is for
    :param is_main: the first picture of the addon, in the list of apps as well
    :param phone: on a telephone, sharp and narrow
    """

    def __init__(
        self,
        login,
        path,
        wait,
        steps=(),
        companies=False,
        height=None,
        addon="hr_sales_commission",
        phone=False,
        is_main=False,
    ):
        self.login = login
        self.path = path
        self.wait = wait
        self.steps = steps
        self.companies = companies
        self.addon = addon
        self.phone = phone
        self.is_main = is_main
        self.width = PHONE_WIDTH if phone else WIDTH
        self.height = height or (PHONE_HEIGHT if phone else HEIGHT)


ROW = ".o_list_view .o_data_row"
CELL = ".o_data_cell:not(.o_list_record_selector)"
CARD = ".o_kanban_view .o_kanban_record"
#: what a simulation and a scenario come to
TRIED, PLAYED = ".o_field_widget[name=comparison]", ".o_field_widget[name=result_ids]"
PICTURES = {
    "board": Picture(
        "ingrid", "commission-board", ".o_content table", companies=True, is_main=True
    ),
    "overview": Picture("sam", "commission-overview", ".o_action_manager canvas"),
    "pipeline": Picture("sam", "crm", ".o_commission_card_estimate"),
    "explanation": Picture(
        "lucia", "my-commissions", ROW, [f"{ROW} {CELL}"], height=1000
    ),
    "funnel": Picture(
        "ingrid",
        "commission-funnel",
        ".o_graph_canvas_container canvas",
        companies=True,
    ),
    "lead": Picture(
        "hanna",
        "commissions",
        ROW,
        [
            "row with synergy bonus",
            ".o_field_widget[name=lead_id] a",
            ".o_notebook a[name=commission]",
        ],
        companies=True,
        height=1180,
    ),
    "plan": Picture(
        "carla", "commission-plans", ROW, [f"{ROW}:has(.text-bg-success) {CELL}"]
    ),
    "simulation": Picture(
        "hanna",
        "commission-simulations",
        ROW,
        [f"{ROW} {CELL}", f"{TRIED} table"],
        height=1000,
    ),
    "scenario": Picture(
        "hanna", "commission-scenarios", ROW, [f"{ROW} {CELL}", f"{PLAYED} .o_data_row"]
    ),
    "phone_simulation": Picture(
        "hanna", "commission-simulations", CARD, [CARD, f"show {TRIED}"], phone=True
    ),
    "first_steps": Picture(
        "carla", "commission-first-steps", ".o_commission_try", height=560
    ),
    "phone_overview": Picture(
        "sam", "commission-overview", ".o_action_manager canvas", phone=True
    ),
    "phone_statement": Picture(
        "sam",
        "my-commission-statements",
        CARD,
        [f"{CARD}:nth-child(2)"],
        phone=True,
    ),
    "rule": Picture(
        "carla",
        "commission-plans",
        ROW,
        [
            f"{ROW}:has(.text-bg-success) {CELL}",
            f".o_field_x2many .o_data_row:nth-child(5) {CELL}",
            ".modal .o_notebook a[name=payout]",
        ],
        addon="hr_sales_commission_account",
        is_main=True,
    ),
    "payslips": Picture(
        "paul",
        "payslip-commissions",
        ROW,
        addon="hr_sales_commission_payroll",
        is_main=True,
    ),
}

#: a record of a list, or of the cards that a telephone shows instead
RECORD = f"{ROW}, {CARD}"
FIRST = f"{ROW} {CELL}, {CARD}"
BOARD = ".o_commission_board .o_commission_cards"
FORM = ".o_form_view .o_form_sheet"
#: the most used pages: who looks, the address, what must be there, what to click
DOCS = {
    "overview": ("sam", "commission-overview", BOARD, []),
    "my-commissions": ("sam", "my-commissions", RECORD, []),
    "commission": ("sam", "my-commissions", RECORD, [FIRST, FORM]),
    "my-statements": ("sam", "my-commission-statements", RECORD, []),
    "statement": ("sam", "my-commission-statements", RECORD, [FIRST, FORM]),
    "pipeline": ("sam", "crm", CARD, []),
    "deal": (
        "hanna",
        "sources-to-verify",
        RECORD,
        [FIRST, ".o_notebook a[name=commission]"],
    ),
    "board": ("ingrid", "commission-board", BOARD, []),
    "funnel": ("ingrid", "commission-funnel", ".o_content", []),
    "targets": ("ingrid", "commission-targets", RECORD, []),
    "sources-to-verify": ("hanna", "sources-to-verify", RECORD, []),
    "to-approve": ("hanna", "commissions-to-approve", ".o_content", []),
    "statements": ("hanna", "commission-statements", RECORD, []),
    "disputes": ("hanna", "commission-disputes", RECORD, []),
    "dispute": ("hanna", "commission-disputes", RECORD, [FIRST, FORM]),
    "first-steps": ("carla", "commission-first-steps", ".o_commission_try", []),
    "plans": ("carla", "commission-plans", RECORD, []),
    "plan": ("carla", "commission-plans", RECORD, [FIRST, FORM]),
    "close-month": (
        "carla",
        "action-hr_sales_commission.hr_commission_closing_action",
        FORM,
        [],
    ),
    "payslips": ("paul", "payslip-commissions", RECORD, []),
}


class Browser:
    """Headless Chromium, driven by its own protocol."""

    def __init__(self):
        binary = shutil.which("chromium") or shutil.which("google-chrome")
        if not binary:
            sys.exit("screenshots: Chromium is missing: apt-get install chromium")
        self.profile = tempfile.mkdtemp(prefix="screenshots-")
        self.process = subprocess.Popen(
            [
                binary,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--lang=en-US",
                "--remote-debugging-port=0",
                "--remote-allow-origins=*",
                f"--user-data-dir={self.profile}",
                f"--window-size={WIDTH},{HEIGHT}",
                "about:blank",
            ],
            stderr=subprocess.DEVNULL,
        )
        self.socket = websocket.create_connection(self._get_page_address(), timeout=60)
        self.number = 0
        self.call("Page.enable")

    def _get_page_address(self):
        port_file = Path(self.profile, "DevToolsActivePort")
        for _ in range(150):
            if port_file.exists() and port_file.read_text().strip():
                port = port_file.read_text().split()[0]
                pages = read_json(f"http://127.0.0.1:{port}/json")
                for page in pages:
                    if page["type"] == "page":
                        return page["webSocketDebuggerUrl"]
            time.sleep(0.1)
        sys.exit("screenshots: Chromium does not start")

    def call(self, method, **params):
        self.number += 1
        self.socket.send(
            json.dumps({"id": self.number, "method": method, "params": params})
        )
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit(f"screenshots: {method}: {answer['error']['message']}")
                return answer["result"]

    def evaluate(self, expression):
        result = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True
        )
        return result["result"].get("value")

    def wait_for(self, selector):
        condition = LOADED % json.dumps(selector)
        for _ in range(200):
            if self.evaluate(condition):
                return
            time.sleep(0.15)
        sys.exit(f"screenshots: nothing matches {selector!r} after 30 s")

    def click(self, step):
        """Click on what a selector finds, on the first row with a text, or only show it."""
        if step.startswith("show "):
            selector = step.removeprefix("show ")
            self.wait_for(selector)
            found = f"document.querySelector({json.dumps(selector)})"
            self.evaluate(f"{found}.scrollIntoView({{block: 'start'}})")
            return
        text = step.removeprefix("row with ")
        selector = step if text == step else f"{ROW} {CELL}"
        self.wait_for(selector)
        self.evaluate(
            f"[...document.querySelectorAll({json.dumps(selector)})].find((cell) =>"
            f" {json.dumps(text == step)} ||"
            f" cell.parentElement.innerText.includes({json.dumps(text)})).click()"
        )
        time.sleep(1.5)

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)


def read_json(url, opener=urllib.request.urlopen, data=None):
    body = json.dumps(data).encode() if data else None
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with opener(request) as answer:
        return json.load(answer)


def log_in(url, login):
    """Return the session cookie and the ids of the companies of the user."""
    cookies = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    database = os.environ.get("DEMO_DB", "demo")
    answer = read_json(
        f"{url}/web/session/authenticate",
        opener.open,
        {"params": {"db": database, "login": login, "password": login}},
    )
    if "error" in answer:
        sys.exit(f"screenshots: {login} cannot log in: is {url} the demo?")
    companies = answer["result"]["user_companies"]
    first = companies["current_company"]
    others = [int(key) for key in companies["allowed_companies"] if int(key) != first]
    session = next(cookie.value for cookie in cookies if cookie.name == "session_id")
    return session, [first, *others]


def take(browser, url, name, picture):
    folder = ROOT / picture.addon / "static" / "description"
    file = "main_screenshot" if picture.is_main else name
    save(folder / f"{file}.png", look(browser, url, picture))


def look(browser, url, picture, scale=2):
    """Return what somebody sees, as a PNG.

    :param scale: dots of a telephone's pixel
    """
    session, companies = log_in(url, picture.login)
    chosen = companies if picture.companies else companies[:1]
    browser.call("Network.clearBrowserCookies")
    for cookie, value in (
        ("session_id", session),
        ("cids", "-".join(map(str, chosen))),
    ):
        browser.call("Network.setCookie", url=url, name=cookie, value=value, path="/")
    browser.call(
        "Emulation.setDeviceMetricsOverride",
        width=picture.width,
        height=picture.height,
        deviceScaleFactor=scale if picture.phone else 1,
        mobile=picture.phone,
    )
    browser.call("Emulation.setTouchEmulationEnabled", enabled=picture.phone)
    browser.call("Page.navigate", url=f"{url}/odoo/{picture.path}")
    time.sleep(1)
    browser.wait_for(picture.wait)
    for step in picture.steps:
        browser.click(step)
    time.sleep(1.5)
    browser.wait_for("body")
    shot = browser.call("Page.captureScreenshot", format="png")
    return base64.b64decode(shot["data"])


def take_docs(browser, url, names):
    """Take pages on a desktop and on a telephone, in English and Chinese."""
    install_chinese(url)
    for lang, suffix in (("zh_CN", "-zh"), ("en_US", "")):
        for name in names:
            login, path, wait, steps = DOCS[name]
            speak(url, login, lang)
            for phone in (False, True):
                picture = Picture(login, path, wait, steps, companies=True, phone=phone)
                file = f"{name}{'-phone' if phone else ''}{suffix}.png"
                data = look(browser, url, picture, scale=1)
                save(ROOT / "docs" / "images" / file, data, LARGEST_IN_DOCS)


def call(url, login, model, method, *args):
    """Call a method of Odoo as somebody; return its result."""
    session, _companies = log_in(url, login)
    opener = urllib.request.build_opener()
    opener.addheaders = [("Cookie", f"session_id={session}")]
    params = {"model": model, "method": method, "args": args, "kwargs": {}}
    address = f"{url}/web/dataset/call_kw"
    answer = read_json(address, opener.open, {"params": params})
    if "error" in answer:
        sys.exit(f"screenshots: {answer['error']['data']['message']}")
    return answer["result"]


def install_chinese(url):
    wizard = "base.language.install"
    domain = [["code", "=", "zh_CN"], ["active", "in", [True, False]]]
    found = call(url, "admin", "res.lang", "search", domain)
    values = {"lang_ids": [[6, 0, found]], "overwrite": True}
    created = call(url, "admin", wizard, "create", values)
    call(url, "admin", wizard, "lang_install", [created])


def speak(url, login, lang):
    """Give somebody a language, as they would in their preferences."""
    [user] = call(url, login, "res.users", "search", [["login", "=", login]])
    call(url, login, "res.users", "write", [user], {"lang": lang})


def save(path, data, largest=LARGEST):
    """Store a picture with as many colours as a small file allows."""
    path.parent.mkdir(exist_ok=True)
    image = Image.open(io.BytesIO(data)).convert("RGB")
    for colours in (256, 128, 64, 32, 16, 8):
        target = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(
            target, "PNG", optimize=True
        )
        if target.tell() < largest:
            break
    path.write_bytes(target.getvalue())
    print(f"{path.relative_to(ROOT)}: {target.tell() // 1000} kB, {colours} colours")


def main(arguments):
    url = "http://127.0.0.1:8069"
    if arguments and arguments[0].startswith("http"):
        url = arguments.pop(0).rstrip("/")
    docs = "--docs" in arguments
    arguments = [name for name in arguments if name != "--docs"]
    unknown = set(arguments) - set(DOCS if docs else PICTURES)
    if unknown:
        sys.exit(f"screenshots: no picture is called {', '.join(sorted(unknown))}")
    browser = Browser()
    try:
        if docs:
            take_docs(browser, url, arguments or list(DOCS))
            return
        for name in arguments or PICTURES:
            take(browser, url, name, PICTURES[name])
    finally:
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
