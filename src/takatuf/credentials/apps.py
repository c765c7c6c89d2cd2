from takatuf.kernel.apps import ModuleConfig


class CredentialsConfig(ModuleConfig):
    name = "takatuf.credentials"
