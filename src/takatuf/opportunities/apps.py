from takatuf.kernel.apps import ModuleConfig


class OpportunitiesConfig(ModuleConfig):
    name = "takatuf.opportunities"
