"""What tests do on the pages of an import."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from takatuf.imports.tests.sheets import workbook


def send(browser, rows, name="كشف.xlsx", **data):
    content = rows if isinstance(rows, bytes) else workbook({"ورقة": rows})
    address = reverse("imports:upload", args=["guests"])
    return browser.post(address, {"file": SimpleUploadedFile(name, content), **data})


def confirm(browser, run, **changes):
    page = browser.get(reverse("imports:columns", args=[run.pk]))
    form = page.context["form"]
    data = {bound.html_name: bound.value() for bound in form if bound.value()}
    return browser.post(reverse("imports:columns", args=[run.pk]), data | changes)
