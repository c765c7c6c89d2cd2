from takatuf.kernel.apps import ModuleConfig


class DemoConfig(ModuleConfig):
    name = "takatuf.demo"
