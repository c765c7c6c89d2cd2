from takatuf.kernel.apps import ModuleConfig


class ImportsConfig(ModuleConfig):
    name = "takatuf.imports"
