"""screenshots.py [URL] [NAME ...]   make the pictures of the README and the addon pages

Takes them from a running demo (./dev demo in another terminal) with headless Chromium
and writes ADDON/static/description/NAME.png. Run it with the Python of .local/venv,
which has websocket-client and Pillow. URL is http://127.0.0.1:8069 unless given.
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
    :param steps: what to click then, in order: a selector, or 'row with TEXT'
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
        """Click on what a selector finds, or on the first row with a text."""
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
        deviceScaleFactor=2 if picture.phone else 1,
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
    folder = ROOT / picture.addon / "static" / "description"
    file = "main_screenshot" if picture.is_main else name
    save(folder / f"{file}.png", base64.b64decode(shot["data"]))


def save(path, data):
    """Store a picture with as many colours as a small file allows."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    for colours in (256, 128, 64, 32):
        target = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(
            target, "PNG", optimize=True
        )
        if target.tell() < LARGEST:
            break
    path.write_bytes(target.getvalue())
    print(f"{path.relative_to(ROOT)}: {target.tell() // 1000} kB, {colours} colours")


def main(arguments):
    url = "http://127.0.0.1:8069"
    if arguments and arguments[0].startswith("http"):
        url = arguments.pop(0).rstrip("/")
    unknown = set(arguments) - set(PICTURES)
    if unknown:
        sys.exit(f"screenshots: no picture is called {', '.join(sorted(unknown))}")
    browser = Browser()
    try:
        for name in arguments or PICTURES:
            take(browser, url, name, PICTURES[name])
    finally:
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
