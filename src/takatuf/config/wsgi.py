"""The door the web server opens."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "takatuf.config.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
