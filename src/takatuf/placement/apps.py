from takatuf.kernel.apps import ModuleConfig


class PlacementConfig(ModuleConfig):
    name = "takatuf.placement"
