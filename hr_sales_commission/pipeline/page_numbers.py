# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Page numbers on printed pages, where the PDF printer sets none itself."""

import io

from reportlab.pdfgen.canvas import Canvas

from odoo.tools.pdf import PdfFileReader, PdfFileWriter

FONT, SIZE = "Helvetica", 8
RIGHT, BOTTOM = 40, 28


def number_pages(stream):
    """Write “1 / 2” at the foot of each page; one page alone needs no number.

    :param io.BytesIO stream: a PDF
    :rtype: io.BytesIO
    """
    printed = PdfFileReader(stream, strict=False)
    count = printed.getNumPages()
    if count < 2:
        return stream
    numbers = PdfFileReader(_draw_numbers(printed, count))
    numbered = PdfFileWriter()
    for index in range(count):
        page = printed.getPage(index)
        page.mergePage(numbers.getPage(index))
        numbered.addPage(page)
    result = io.BytesIO()
    numbered.write(result)
    return result


def _draw_numbers(printed, count):
    """Return a PDF with nothing but the numbers, of the same size.

    :rtype: io.BytesIO
    """
    stream = io.BytesIO()
    canvas = Canvas(stream)
    for index in range(count):
        box = printed.getPage(index).mediaBox
        width, height = float(box.getWidth()), float(box.getHeight())
        canvas.setPageSize((width, height))
        canvas.setFont(FONT, SIZE)
        canvas.drawRightString(width - RIGHT, BOTTOM, f"{index + 1} / {count}")
        canvas.showPage()
    canvas.save()
    return stream
