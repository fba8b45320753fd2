"""Keeps what tools/bench/growth.py measured, and draws it: the last run over all former.

A row of the history is (run, commit, size, what, value); ``what`` is "panel" or "panel:
curve".
"""

import csv
import math
import time
from collections import defaultdict
from html import escape

RUN = time.strftime("%Y-%m-%d %H:%M")
COLOURS = ("#1b6ca8", "#c2571a")
WIDTH, HEIGHT, MARGIN, TITLE = 360, 230, 48, 34


def keep(path, figures, commit):
    """Add figures (size, what, value) of this run to a history."""
    with open(path, "a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            (RUN, commit, size, what, f"{value:.1f}") for size, what, value in figures
        )


def read(path):
    """Return the runs and their curves: {panel: {curve: {run: [(size, value)]}}}."""
    runs, panels = [], defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    with open(path, encoding="utf-8", newline="") as file:
        for run, commit, size, what, value in csv.reader(file):
            panel, _colon, curve = what.partition(": ")
            panels[panel][curve][run].append((int(size), float(value)))
            if (run, commit) not in runs:
                runs.append((run, commit))
    return runs, panels


def draw(path, picture):
    """Draw the curves of a history as an SVG.

    :param path: of the history
    :param Path picture: to write
    """
    runs, panels = read(path)
    day, commit = runs[-1]
    rows = math.ceil(len(panels) / 2)
    width, height = 2 * WIDTH, rows * HEIGHT + TITLE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        write(12, 22, f"CPU by deals held; {day}, {commit}. Grey: runs before."),
    ]
    for number, (panel, curves) in enumerate(panels.items()):
        x, y = number % 2 * WIDTH, number // 2 * HEIGHT + TITLE
        parts.append(f'<g transform="translate({x} {y})">')
        parts += draw_panel(panel, curves, day)
        parts.append("</g>")
    picture.write_text("\n".join([*parts, "</svg>\n"]), encoding="utf-8")


def draw_panel(title, curves, last_run):
    """Return the parts of one panel: sizes by their logarithm, values from zero."""
    points = [each for runs in curves.values() for run in runs.values() for each in run]
    sizes = sorted({size for size, _value in points})
    top = round_up(max(value for _size, value in points))
    left, low = math.log(sizes[0]), MARGIN
    reach = math.log(sizes[-1]) - left or 1

    def place(size, value):
        x = low + (math.log(size) - left) / reach * (WIDTH - 2 * MARGIN)
        return x, HEIGHT - MARGIN - value / top * (HEIGHT - 2 * MARGIN)

    yield write(low, 20, title)
    for value in (0, top / 2, top):
        x, y = place(sizes[0], value)
        yield f'<path d="M{x} {y}H{WIDTH - MARGIN}" stroke="#ddd"/>'
        yield write(x - 6, y + 4, f"{value:g}", "end")
    for size in sizes[:: max(1, len(sizes) // 4)]:
        yield write(
            place(size, 0)[0], HEIGHT - MARGIN + 16, f"{size / 1000:g}k", "middle"
        )
    for number, (name, runs) in enumerate(curves.items()):
        for run in sorted(runs):
            colour = COLOURS[number % 2] if run == last_run else "#ccc"
            places = [place(*point) for point in sorted(runs[run])]
            path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
            yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        if name:
            yield write(
                low + 8 + 130 * number, 36, f"— {name}", fill=COLOURS[number % 2]
            )


def round_up(value):
    """Return the next of 1, 2, 5, 10 … above a value."""
    unit = 10 ** math.floor(math.log10(value))
    return next(unit * step for step in (1, 2, 5, 10) if unit * step >= value)


def write(x, y, text, anchor="start", fill="#333"):
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" '
        f'style="font: 12px sans-serif; fill: {fill}">{escape(text)}</text>'
    )
