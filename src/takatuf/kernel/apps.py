"""How a module of the house joins the process."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class ModuleConfig(AppConfig):
    """A floor: on start it adds its ``contributions`` and listens with its ``receivers``."""

    default_auto_field = "django.db.models.BigAutoField"
    default = False  # every apps.py imports this class; Django must not pick it as the config

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.default = True

    def ready(self):
        for room in ("contributions", "receivers"):
            if find_spec(f"{self.name}.{room}"):
                import_module(f"{self.name}.{room}")


class KernelConfig(ModuleConfig):
    name = "takatuf.kernel"

    def ready(self):
        super().ready()
        import_module("takatuf.kernel.checks")
