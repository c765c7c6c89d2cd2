"""The proxy of docs/operate/running.md lets in what the product takes, and whole."""

import re

from django.utils import translation

from takatuf.imports.forms import UploadForm
from takatuf.imports.sheets import limits
from tests.architecture.source import ROOT

GUIDE = (ROOT / "docs" / "operate" / "running.md").read_text()
MEGABYTES = limits.MOST_BYTES // limits.MEGABYTE


def test_the_largest_list_passes_the_proxy():
    (let_in,) = re.findall(r"client_max_body_size (\d+)m;", GUIDE)

    assert int(let_in) > MEGABYTES  # the form around the file needs some, too


def test_the_form_names_the_same_size():
    with translation.override("en"):
        assert f"up to {MEGABYTES} MB" in str(UploadForm.base_fields["file"].help_text)


def test_a_request_is_whole_before_a_thread_waits_for_it():
    (server,) = re.findall(r"ExecStart=\S+granian (.*)", GUIDE)

    assert "proxy_request_buffering on;" in GUIDE
    assert "--host 127.0.0.1" in server
