"""Words that a glossary rules out for its terms, found in translations.

The tables of docs/glossary.md (zh_CN) and docs/glossaries/LANGUAGE.md have a column
"Not": words, after commas, that must not translate the terms of their row. A term is
looked for in what longer terms leave of a text: "credit note" is no "credit".
"""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

DOCS = Path(__file__).resolve().parent.parent / "docs"
#: mark-up, placeholders and code: no words of the language
FOREIGN = re.compile(r"<[^>]*>|%\(\w+\)[^\W\d]|{{.*?}}")
EASTERN = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


class Term(NamedTuple):
    """A row: how it is translated, and how it is not."""

    chosen: re.Pattern
    ruled_out: re.Pattern | None


def split(cell, separator):
    words = re.sub(r"\s*[(（].*?[)）]", "", cell).split(separator)
    return [word.strip() for word in words if word.strip()]


def any_of(words, pattern):
    return re.compile("|".join(map(pattern, words)), re.IGNORECASE)


def inflected(phrase):
    """A pattern of a phrase whose words may end in another way."""
    if EASTERN.search(phrase):
        return re.escape(phrase)
    stems = (word[: max(4, len(word) - 3)] for word in phrase.split())
    return r"\b" + r"\s+".join(re.escape(stem) + r"\w*" for stem in stems)


def beginning(phrase):
    if EASTERN.search(phrase):
        return re.escape(phrase)
    return rf"\b{re.escape(phrase)}\w*"


def read(language):
    """Return the terms of a language by their English names."""
    path = DOCS / "glossaries" / f"{language}.md"
    path = path if path.exists() else DOCS / "glossary.md"
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    ]
    column = rows[0].index("Not")
    terms = {}
    for row in rows[2:]:
        ruled_out = split(row[column], ",")
        term = Term(
            any_of(split(row[1], " / "), inflected),
            any_of(ruled_out, beginning) if ruled_out else None,
        )
        terms.update((english.lower(), term) for english in split(row[0], " / "))
    return terms


@cache
def load(language):
    """Return the terms, and a pattern that finds their names, the longest first."""
    terms = read(language)
    names = "|".join(map(re.escape, sorted(terms, key=len, reverse=True)))
    return terms, re.compile(rf"\b({names})(?:e?s|e?d)?\b", re.IGNORECASE)


def find_ruled_out(language, english, translation):
    """Yield each term of a text whose translation has a word that is ruled out.

    :return: pairs of term and word
    """
    terms, names = load(language)
    found = {name.lower() for name in names.findall(FOREIGN.sub(" ", english))}
    text = FOREIGN.sub(" ", translation)
    for name in found:
        text = terms[name].chosen.sub(" ", text)
    for name in sorted(found):
        word = terms[name].ruled_out and terms[name].ruled_out.search(text)
        if word:
            yield name, word.group()
