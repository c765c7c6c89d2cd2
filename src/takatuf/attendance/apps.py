from takatuf.kernel.apps import ModuleConfig


class AttendanceConfig(ModuleConfig):
    name = "takatuf.attendance"
