from takatuf.kernel.apps import ModuleConfig


class SiteConfig(ModuleConfig):
    name = "takatuf.site"
