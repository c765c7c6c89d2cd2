"""Settings of the test runs: the product's own, on throw-away data.

Django reads this file before anything else of ours, in the process that leads a run and in
each of its workers. The leader makes the folder and, with TAKATUF_TEST_ENGINE=postgres, the
database cluster; the workers (and the processes a race test starts) find both in the environment.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests import postgres
from tools import messages

FOLDER = "TAKATUF_TEST_FOLDER"
ENGINE = os.environ.get("TAKATUF_TEST_ENGINE") or "sqlite"
KEPT = {FOLDER, "TAKATUF_TEST_ENGINE"}


def _throw_away_folder() -> Path:
    if FOLDER not in os.environ:
        made = Path(tempfile.mkdtemp(prefix="takatuf-tests-"))
        os.environ[FOLDER] = str(made)
        leader = os.getpid()
        atexit.register(
            lambda: os.getpid() == leader and shutil.rmtree(made, ignore_errors=True)
        )
    own = Path(os.environ[FOLDER]) / os.environ.get("PYTEST_XDIST_WORKER", "leader")
    (own / "static").mkdir(parents=True, exist_ok=True)
    return own


# Django keeps a language's texts from the moment an app asks for one, which some do as they
# load: later than here the first run after a change would still say the old words.
if "PYTEST_XDIST_WORKER" not in os.environ:
    messages.compile_stale()

# An operator's settings in the shell must not change what the tests find.
for name in [key for key in os.environ if key.startswith("TAKATUF_") and key not in KEPT]:
    del os.environ[name]

folder = _throw_away_folder()
os.environ["TAKATUF_DATA_DIR"] = str(folder)
os.environ["TAKATUF_SECRET_KEY"] = "tests-only-" + "k" * 40
if ENGINE == "postgres" and "DATABASE_URL" not in os.environ:
    os.environ["DATABASE_URL"] = postgres.start(Path(os.environ[FOLDER]))

from takatuf.config.settings import *  # noqa: E402, F403
from takatuf.config.settings import DATABASES, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in life: threads and processes of the race tests meet in it. Power cuts are
    # the crash kit's business, so no test waits for the disk.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(os.environ[FOLDER]) / "test.sqlite3")}
    options = DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace(
        "synchronous=FULL", "synchronous=OFF"
    )
else:
    DATABASES["default"]["TEST"] = {"NAME": f"test_{DATABASES['default']['NAME']}"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
