# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What readers of seven languages write in files: days, numbers, whose customer it is.

What may mean two things is None, never a guess.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from functools import cache

from babel.dates import get_month_names

LANGUAGES = ("en", "de", "es", "fr", "ja", "pt_BR", "zh_CN")
#: years before the first one of an era
ERAS = {"令和": 2018, "平成": 1988}
#: what readers call a source besides its names in the catalogues
SOURCES = {
    "marketing": "marketing|marketing customer|marketing's customer|marketing lead|marketing-kunde|"
    "marketingkunde|kunde des marketings|client marketing|client du marketing|cliente de "
    "marketing|cliente do marketing|市场|市场部|市场部客户|市场客户|市场线索|マーケティング|"
    "マーケティング顧客|マーケ顧客",
    "own": "own|own client|own customer|eigene|eigener kunde|eigenkunde|propio|cliente "
    "propio|en propre|client propre|client en propre|próprio|cliente próprio|本人|自有|"
    "自有客户|自拓|自拓客户|销售自有客户|自己|自己開拓|自己開拓顧客|自社開拓",
    "referral": "referral|referred|referred customer|empfehlung|empfohlen|empfehlungskunde|"
    "recomendación|recomendado|cliente recomendado|recommandation|recommandé|parrainage|"
    "client recommandé|indicação|cliente indicado|转介绍|转介绍客户|介绍|推荐|推荐客户|紹介|"
    "紹介顧客",
}
SYNONYMS = {
    "commission_source": {
        name: code for code, names in SOURCES.items() for name in names.split("|")
    }
}

YEAR_FIRST = re.compile(
    r"(\d{4})(?:[-/. ](\d{1,2})[-/. ](\d{1,2})|(\d\d)(\d\d))(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?"
)
EASTERN_DAY = re.compile(
    r"(令和|平成)?\s*(\d{1,4}|元)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?"
)
DAY_AND_MONTH = re.compile(
    r"(\d{1,2})(?:er|st|nd|rd|th|\.|º|ª)?[\s/-]*(?:de |of )?\s*([^\W\d_]+)\.?,?[\s/-]*"
    r"(?:del? |of )?\s*(\d{4})"
)
MONTH_AND_DAY = re.compile(
    r"([^\W\d_]+)\.?[\s/-]*(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+|[/-])(\d{4})"
)
YEAR_LAST = re.compile(r"(\d{1,2})([-/.]|\. | )(\d{1,2})\2(\d{4}|\d\d)")
SHORT_DAY = re.compile(r"\d{1,2}([-/. ])\d{1,2}\1\d{1,2}")
#: the day of the week, before a day or after it
WEEKDAY = re.compile(
    r"^[^\W\d_]+\.?,\s*(?=\d|[^\W\d_]+\.?\s*\d)|^[^\W\d_]+\s+(?=\d{1,2}\s+[^\W\d_]+)"
    r"|\s*\(?(?:星期|周|週)?[一二三四五六日天月火水木金土](?:曜日?)?\)?$"
)
DOUBTFUL = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
#: in thousands, or as in India
WHOLE = re.compile(r"\d*|\d{1,3}(?:\.\d{2,3})*\.\d{3}|\d{1,3}(?:,\d{2,3})*,\d{3}")
BARE = re.compile(r"-?[0-9.,]*")
SCIENTIFIC = re.compile(r"\d+(?:\.\d+)?[eE][-+]?\d+")
SPACES = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?!\d))")


def plain(text):
    """Return a text without the differences that typing makes."""
    return unicodedata.normalize("NFKC", text).replace("−", "-").strip()


def row_text(values):
    """Return what a row says, whatever its spaces, width and capitals.

    :param values: of its cells
    :return: the cells with a NUL between them
    :rtype: str
    """
    text = unicodedata.normalize("NFKC", "\0".join(map(str, values))).casefold()
    return " ".join(text.split()).replace(" \0", "\0").replace("\0 ", "\0")


def read_choice(field, text):
    """Return the code of what a reader calls a choice of a field, else the text."""
    return SYNONYMS.get(field, {}).get(plain(text).casefold(), text)


# ----------------------------------------------------------------------
# Days
# ----------------------------------------------------------------------


def read_day(text, is_day_first):
    """Return the day that a text says.

    :param bool is_day_first: whether the reader's language puts the day before the month
    :rtype: date
    """
    text = WEEKDAY.sub("", plain(text))
    for pattern, find in (
        (YEAR_FIRST, _find_year_first),
        (EASTERN_DAY, _find_eastern),
        (DAY_AND_MONTH, lambda day, name, year: (year, _month(name), day)),
        (MONTH_AND_DAY, lambda name, day, year: (year, _month(name), day)),
        (YEAR_LAST, lambda *parts: _find_year_last(*parts, is_day_first)),
    ):
        found = pattern.fullmatch(text)
        if found:
            try:
                return date(*map(int, find(*found.groups())))
            except (TypeError, ValueError):
                return None  # no such day, or no such month
    return None


def is_short_day(text):
    """Whether a text is three numbers, any of which may be the year."""
    return bool(SHORT_DAY.fullmatch(plain(text)))


def _find_year_first(year, month, day, compact_month, compact_day):
    return year, month or compact_month, day or compact_day


def _find_eastern(era, year, month, day):
    number = 1 if year == "元" else int(year)
    if era:
        return ERAS[era] + number, month, day
    return number + 2000 if number < 100 else number, month, day


def _find_year_last(first, _separator, second, year, is_day_first):
    day, month = (first, second) if is_day_first else (second, first)
    return int(year) + 2000 if len(year) == 2 else year, month, day


def _month(name):
    return _month_numbers().get(_without_accents(name.casefold()))


def _without_accents(text):
    text = "".join(
        letter
        for letter in unicodedata.normalize("NFD", text)
        if not unicodedata.combining(letter)
    )
    return text.replace("maerz", "marz")


@cache
def _month_numbers():
    """The numbers of months by their names, long and short, in all languages."""
    return {
        _without_accents(name.casefold().rstrip(".")): number
        for language in LANGUAGES
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, language).items()
    }


# ----------------------------------------------------------------------
# Numbers
# ----------------------------------------------------------------------


def find_decimals(texts, currencies):
    """Return the decimal separators that numbers of a column show without doubt.

    :param texts: the whole column
    :param currencies: names and symbols that may stand beside a number
    :rtype: set[str]
    """
    return set(filter(None, map(_decimal_of, _strip_all(texts, currencies))))


def read_numbers(texts, decimals, decimal, thousands, currencies, is_money=True):
    """Return numbers as Python writes them; None for what is none, or may be two.

    A point or comma before three digits ends thousands or begins decimals. What the
    other numbers of the column use decides, then the reader's language; money has no
    three decimals, so that this is never guessed.

    :param texts: a part of a column
    :param decimals: what :func:`find_decimals` says of the column
    :param decimal, thousands: separators of the reader's language; None: any
    :param currencies: names and symbols that may stand beside a number
    :rtype: list[str | None]
    """
    if len(decimals) == 1:
        [decimal] = decimals
        thousands, is_money = _other(decimal), False
    return [
        text and _read_number(text, decimal, thousands, is_money)
        for text in _strip_all(texts, currencies)
    ]


def _strip_all(texts, currencies):
    marks = "|".join(map(re.escape, sorted(currencies, key=len, reverse=True)))
    beside = re.compile(rf"^(?:{marks})|(?:{marks})$")
    return [text if BARE.fullmatch(text) else _strip(text, beside) for text in texts]


def _strip(text, beside):
    """A number without money and spaces; with a minus before it where it is less."""
    text = plain(text)
    is_less = text.startswith("(") and text.endswith(")")
    text = _without(beside, text.strip("()"))
    if text[:1] in ("-", "+") or text[-1:] in ("-", "+"):
        is_less |= "-" in (text[0], text[-1])
        text = _without(beside, text[1:] if text[0] in "-+" else text[:-1])
    text = SPACES.sub("", text)
    return f"-{text}" if is_less else text


def _without(beside, text):
    return beside.sub("", text.strip()).strip()


def _decimal_of(text):
    """The decimal separator that a number shows without doubt."""
    text = text.lstrip("-")
    marks = re.findall("[.,]", text)
    if not marks or DOUBTFUL.fullmatch(text):
        return None
    is_grouped = len(marks) > 1 and len(set(marks)) == 1
    return _other(marks[0]) if is_grouped else marks[-1]


def _other(mark):
    return "," if mark == "." else "."


def _read_number(text, decimal, thousands, is_money):
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    if SCIENTIFIC.fullmatch(digits):
        return f"{Decimal(text):f}"
    mark = _decimal_of(digits)
    if DOUBTFUL.fullmatch(digits) and digits[-4] != thousands:
        if is_money or digits[-4] != decimal:
            return None
        mark = decimal
    whole, _mark, rest = digits.partition(mark) if mark else (digits, "", "")
    if not (WHOLE.fullmatch(whole) and rest.isdecimal() | (not rest)):
        return None
    whole = whole.replace(".", "").replace(",", "")
    return f"{sign}{whole or 0}.{rest or 0}"
