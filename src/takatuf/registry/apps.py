from takatuf.kernel.apps import ModuleConfig


class RegistryConfig(ModuleConfig):
    name = "takatuf.registry"
