"""How long a certificate takes to print.

Prints a batch of different certificates with one compiler, as the worker does, and says what
each took, the first apart. The goal stands in docs/performance.md: 20 ms each in a batch of 300.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "takatuf.config.settings")
os.environ.setdefault("TAKATUF_DATA_DIR", tempfile.mkdtemp(prefix="takatuf-bench-"))

import django  # noqa: E402

django.setup()

from takatuf.credentials.models import Certificate  # noqa: E402
from takatuf.credentials.printing import certificate_pdf  # noqa: E402
from tools import messages  # noqa: E402

GOAL_MS = 20
NAMES = ("نورة سالم العطوي", "عَبْدُ الرَّحْمٰنِ بْنُ مُحَمَّدٍ", "Maria Smith", "فهد Al-Harbi")
START = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)


def certificate(number: int) -> Certificate:
    """One of many that differ in name, dates, hours and tasks."""
    day = START + timedelta(days=number % 300)
    scanned, led = 60 + number % 500, 30 * (number % 7)
    said = {
        "work": f"تجهيز السلال الغذائية وتوزيعها، الدفعة {number}",
        "class": ("general", "skilled", "professional")[number % 3],
        "field_ar": "الخدمات الاجتماعية", "field_en": "Social services",
        "place": "مستودع الجمعية", "governorate_ar": "تبوك", "governorate_en": "Tabuk",
        "tasks": [f"فرز المواد {number}", "تعبئة السلال", "إدخال البيانات في Excel"],
        "experience": "العمل ضمن فريق وتنظيم المستودع",
        "first_day": day.date().isoformat(), "last_day": (day + timedelta(days=9)).date().isoformat(),
        "times": 1 + number % 9, "minutes": scanned + led,
        "minutes_by_evidence": {"scanned": scanned, "leader": led},
        "body_ar": "جمعية تجريبية", "body_en": "A demo society", "team": "فريق تجريبي",
    }  # fmt: skip
    return Certificate(
        serial=f"TK-2026-{number:06d}", code=f"{number:010d}", snapshot=said, issued_at=day,
        printed_name=f"{NAMES[number % len(NAMES)]} {number}", is_demo=True,
    )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("how_many", type=int, nargs="?", default=300)
    how_many = parser.parse_args().how_many
    messages.compile_stale()
    batch = [certificate(number) for number in range(how_many)]
    worked = time.process_time()
    taken, size = [], 0
    for one in batch:
        began = time.perf_counter()
        size += len(certificate_pdf(one))
        taken.append((time.perf_counter() - began) * 1000)
    each = sum(taken) / how_many
    computing = (time.process_time() - worked) * 1000 / how_many
    slowest = quantiles(taken, n=20)[-1] if how_many > 1 else taken[0]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"certificates       {how_many}")
    print(f"first              {taken[0]:.1f} ms")
    print(
        f"each, on average   {each:.1f} ms, median {median(taken):.1f}, 95 % under {slowest:.1f}"
    )
    print(f"of it computing    {computing:.1f} ms; the rest waited for a processor")
    print(
        f"ratio to the goal  {each / GOAL_MS:.2f} of {GOAL_MS} ms ({computing / GOAL_MS:.2f} computing)"
    )
    print(f"size, memory       {size / how_many / 1024:.0f} KB each, {memory:.0f} MB at most")
    return 0 if each <= GOAL_MS else 1


if __name__ == "__main__":
    sys.exit(main())
