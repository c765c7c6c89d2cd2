from takatuf.kernel.apps import ModuleConfig


class NeedsConfig(ModuleConfig):
    name = "takatuf.needs"
