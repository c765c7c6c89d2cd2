from takatuf.kernel.apps import ModuleConfig


class AccountsConfig(ModuleConfig):
    name = "takatuf.accounts"
