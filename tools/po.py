"""po.py check|update FOLDER ADDON...   compare or refresh i18n/ with FOLDER/ADDON.pot

check fails when an addon's .pot is not what the sources hold now, when a term is missing
from a catalogue, fuzzy, or no longer used, and when one of zh_CN is empty. In the other
languages a term that reads as in English (Bonus) stays empty, as OCA's checks want it.
Every translation fills in the values that the term does and has no word that its glossary
rules out, and a button or field that a text names in quotes has the name it has on the page.
"""

import re
import sys
from copy import copy
from pathlib import Path

import polib
from glossary import FOREIGN, find_ruled_out

#: the catalogues, with how each language counts; the first has no empty term
PLURALS = {
    "zh_CN": "nplurals=1; plural=0;",
    "de": "nplurals=2; plural=(n != 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "ja": "nplurals=1; plural=0;",
    "pt_BR": "nplurals=2; plural=(n > 1);",
}
COMPLETE = "zh_CN"
QUOTED = re.compile(r"“([^”%]+)”")
#: what is filled in: a text that misses a part of it cannot be shown
FILLED = re.compile(r"%\(\w+\)[sd]|%[sd]")
ROOT = Path(__file__).resolve().parent.parent
# Dates differ at every export.
CHANGING = ("POT-Creation-Date", "PO-Revision-Date")


def load(path):
    return polib.pofile(str(path)) if path.exists() else polib.POFile()


def key(entry):
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def terms(catalogue):
    return {key(entry): entry for entry in catalogue if not entry.obsolete}


def places(entry):
    return entry.comment, sorted(entry.occurrences)


def pot_problems(addon, fresh, kept):
    for entry in sorted(fresh.keys() - kept.keys(), key=str):
        yield f"{addon}.pot lacks {entry[1]!r}"
    for entry in sorted(kept.keys() - fresh.keys(), key=str):
        yield f"{addon}.pot has {entry[1]!r}, which is gone from the sources"
    if fresh.keys() == kept.keys():
        moved = [
            entry for entry in fresh if places(fresh[entry]) != places(kept[entry])
        ]
        if moved:
            yield f"{addon}.pot names other places for {moved[0][1]!r}"


def has_words(text):
    """Whether there is something to translate besides mark-up and placeholders."""
    return bool(re.search(r"[^\W\d_]", FOREIGN.sub("", text)))


def po_problems(addon, language, fresh, translated):
    for entry in sorted(fresh.keys() - translated.keys(), key=str):
        yield f"{addon} {language} misses {entry[1]!r}"
    for entry in sorted(translated.keys() - fresh.keys(), key=str):
        yield f"{addon} {language} translates {entry[1]!r}, which is gone from the sources"
    for entry, translation in translated.items():
        if translation.fuzzy:
            yield f"{addon} {language} is fuzzy: {entry[1]!r}"
        elif (
            language == COMPLETE
            and has_words(translation.msgid)
            and not (translation.msgstr or translation.msgstr_plural)
        ):
            yield f"{addon} {language} is empty: {entry[1]!r}"
        for text in (translation.msgstr, *translation.msgstr_plural.values()):
            if text and {*FILLED.findall(text)} != {*FILLED.findall(translation.msgid)}:
                yield f"{addon} {language} fills in other values: {entry[1]!r}"
            for term, word in find_ruled_out(language, translation.msgid, text):
                yield f"{addon} {language} has {word!r} for {term}: {entry[1]!r}"


def name_problems(addon, language, translated):
    names = {entry.msgid: entry.msgstr or entry.msgid for entry in translated.values()}
    for text, translation in names.items():
        for name in set(QUOTED.findall(text)) & names.keys():
            if names[name].lower() not in translation.lower():
                yield f"{addon} {language} does not say {names[name]!r} in {text!r}"


def check(addon, pot):
    folder = ROOT / addon / "i18n"
    fresh = terms(pot)
    yield from pot_problems(addon, fresh, terms(load(folder / f"{addon}.pot")))
    for language in PLURALS:
        translated = terms(load(folder / f"{language}.po"))
        yield from po_problems(addon, language, fresh, translated)
        yield from name_problems(addon, language, translated)


def save(path, catalogue):
    """Write it, unless only the dates would change."""
    old = load(path)
    same = [(key(e), places(e), e.msgstr, e.flags) for e in old] == [
        (key(e), places(e), e.msgstr, e.flags) for e in catalogue
    ]
    if same and path.exists():
        return
    path.parent.mkdir(exist_ok=True)
    catalogue.save(str(path))
    print(f"written: {path.relative_to(ROOT)}")


def update(addon, pot):
    folder = ROOT / addon / "i18n"
    save(folder / f"{addon}.pot", pot)
    for language, plural in PLURALS.items():
        update_catalogue(folder / f"{language}.po", language, plural, pot)


def update_catalogue(path, language, plural, pot):
    """Take over what was translated before."""
    old = terms(load(path))
    new = polib.POFile()
    new.metadata = {**pot.metadata, "Language": language, "Plural-Forms": plural}
    for entry in map(copy, pot):
        known = old.get(key(entry))
        entry.msgstr = known.msgstr if known else ""
        entry.flags = sorted({*entry.flags, *(known.flags if known else ())})
        new.append(entry)
    save(path, new)


def main(command, folder, *addons):
    problems = []
    for addon in addons:
        pot = load(Path(folder, f"{addon}.pot"))
        if command == "update":
            update(addon, pot)
        problems += check(addon, pot)
    print(*problems[:40], sep="\n", end="\n" if problems else "")
    if problems:
        print(f"{len(problems)} translation problems; ./dev i18n refreshes the files")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
