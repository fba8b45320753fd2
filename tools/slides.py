"""MkDocs hook: a page whose front matter says `slides: true` can be shown as slides.

Each heading of the second level begins a slide; arrow keys turn them, and printed there is
one a page. The slides lie beside the page, as slides.html.
"""

import re
from pathlib import Path

LINK = '<p><a class="md-button" href="slides.html">{text}</a></p>'
TEXTS = {"en": "Show as slides", "zh": "以幻灯片显示"}
PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ margin: 0; font: 3.2vmin/1.4 system-ui, sans-serif; color: #222; }}
section {{ box-sizing: border-box; min-height: 100vh; padding: 6vmin 9vmin; }}
section:not(:target) {{ display: none; }}
body:not(:has(section:target)) section:first-of-type {{ display: block; }}
h1, h2 {{ font-size: 5.5vmin; color: #71639e; margin: 0 0 4vmin; }}
img {{ max-width: 100%; max-height: 62vh; border: 1px solid #ddd; }}
table {{ border-collapse: collapse; }}
td, th {{ border-bottom: 1px solid #ccc; padding: 1vmin 2vmin; text-align: left; }}
.headerlink, .md-button {{ display: none; }}
@media print {{
  section {{ display: block !important; break-after: page; }}
  @page {{ size: landscape; margin: 0; }}
}}
</style>
</head>
<body>
{slides}
<script>
const last = document.querySelectorAll("section").length - 1;
addEventListener("keydown", ({{ key }}) => {{
    const step = {{ ArrowRight: 1, PageDown: 1, " ": 1, ArrowLeft: -1, PageUp: -1 }}[key];
    const now = Number(location.hash.slice(2)) || 0;
    if (step) location.hash = "s" + Math.max(0, Math.min(last, now + step));
}});
</script>
</body>
</html>
"""


def on_page_markdown(markdown, page, **_others):
    """Put the link to the slides below the title."""
    if not page.meta.get("slides"):
        return markdown
    title, _blank, rest = markdown.partition("\n\n")
    link = LINK.format(text=TEXTS[_language(page)])
    return f"{title}\n\n{link}\n\n{rest}"


def on_post_page(output, page, config):
    """Write the slides beside the page."""
    if page.meta.get("slides"):
        parts = re.split(r"(?=<h2)", page.content)
        slides = "\n".join(
            f'<section id="s{number}">{part}</section>'
            for number, part in enumerate(parts)
        )
        path = Path(config["site_dir"], page.file.dest_uri).with_name("slides.html")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            PAGE.format(lang=_language(page), title=page.title, slides=slides)
        )
    return output


def _language(page):
    return "zh" if page.file.src_uri.startswith("zh/") else "en"
