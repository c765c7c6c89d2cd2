"""How a module of the house joins the process."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class ModuleConfig(AppConfig):
    """A floor: on start it adds its ``contributions`` and listens with its ``receivers``."""

    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        for room in ("contributions", "receivers"):
            if find_spec(f"{self.name}.{room}"):
                import_module(f"{self.name}.{room}")


class KernelConfig(ModuleConfig):
    name = "takatuf.kernel"
    default = True

    def ready(self):
        super().ready()
        import_module("takatuf.kernel.checks")
