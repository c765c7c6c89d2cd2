"""The welcome and one's own profile."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from takatuf.accounts import queries as accounts
from takatuf.kernel.asked import page_of_ours
from takatuf.kernel.refusals import status_of, tried
from takatuf.registry import commands, queries
from takatuf.registry.enums import WEEKDAYS, Basis, PartOfDay
from takatuf.registry.forms import AvailabilityForm, PreferencesForm, SkillsForm, WelcomeForm
from takatuf.registry.views.helpers import now, today

# The three steps of joining; the first two are accounts'.
JOINING = [
    {"label": gettext_lazy("Mobile or e-mail"), "state": "done"},
    {"label": gettext_lazy("Name and birth date"), "state": "done"},
    {"label": gettext_lazy("Place and interests"), "state": "now"},
]

NEAR_KM = 5  # from a town's centre
LONGEST_WORDS = 60  # of a skill looked for


@login_required
def welcome(request: HttpRequest) -> HttpResponse:
    """The third step of joining: governorate, interests, the charter."""
    profile = queries.profile_of(request.user)
    charter = accounts.charter_in_force(now())
    if profile and accounts.has_accepted_current(request.user, now()):
        return redirect(_next(request, settings.LOGIN_REDIRECT_URL))
    initial = {"governorate": profile.governorate} if profile else {}
    form = WelcomeForm(request.POST or None, charter=charter, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = tried(
            form,
            lambda: commands.complete_welcome(
                person=request.user, governorate=form.cleaned_data["governorate"],
                interests=form.cleaned_data["interests"], charter=charter, by=request.user,
                at=now(),
            ),
        )  # fmt: skip
        if made:
            return redirect(_next(request, settings.LOGIN_REDIRECT_URL))
    lines = charter.lines if charter else []
    context = {"form": form, "charter_lines": lines, "steps": JOINING,
               "next": request.GET.get("next", "")}  # fmt: skip
    return render(request, "registry/welcome.html", context, status=status_of(form))


@login_required
@require_GET
def profile(request: HttpRequest) -> HttpResponse:
    """The passport: everything the region knows of a volunteer, as they see it."""
    found = queries.profile_of(request.user)
    if found is None:
        return redirect("registry:welcome")
    grants = list(queries.active_grants(request.user, today()))
    free = queries.availability_of([found.person_id]).get(found.person_id, set())
    return render(
        request,
        "registry/profile.html",
        {
            "profile": found,
            "home": _home(found),
            "grants": grants,
            "interests": queries.interest_names(found),
            "languages": queries.language_names(found),
            "week": _week(free),
            "has_times": bool(free),
            "hints": _hints(found, grants, free),
            "teams": queries.teams_of(request.user, today()),
            "is_minor": request.user.is_minor(on=today()),
        },
    )


@login_required
def profile_edit(request: HttpRequest) -> HttpResponse:
    found = queries.profile_of(request.user)
    if found is None:
        return redirect("registry:welcome")
    form = PreferencesForm(request.POST or None, initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        saved = tried(
            form,
            lambda: commands.save_profile(
                profile=found, preferences=form.preferences(),
                interests=form.cleaned_data["interests"], by=request.user, at=now(),
            ),
        )  # fmt: skip
        if saved:
            messages.success(request, _("Your profile has been saved."))
            return redirect(_next(request, "registry:profile"))
    context = {"form": form, "profile": found}
    return render(request, "registry/profile_edit.html", context, status=status_of(form))


@login_required
def profile_skills(request: HttpRequest) -> HttpResponse:
    found = queries.profile_of(request.user)
    if found is None:
        return redirect("registry:welcome")
    grants = list(queries.active_grants(request.user, today()))
    held = {grant.skill_id: grant.level for grant in grants if grant.basis == Basis.DECLARED}
    spoken = queries.languages_of([found.person_id]).get(found.person_id, set())
    form = SkillsForm(
        request.POST or None, skills=queries.skills(), held=held,
        initial={"languages": sorted(spoken)},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        commands.declare_skills(
            profile=found, levels=form.levels(), languages=form.cleaned_data["languages"],
            by=request.user, at=now(),
        )  # fmt: skip
        messages.success(request, _("Your skills have been saved."))
        return redirect(_next(request, "registry:profile"))
    confirmed = [grant for grant in grants if grant.basis != Basis.DECLARED]
    words = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_WORDS]
    groups = form.groups(words)
    context = {
        "form": form, "confirmed": confirmed, "note": found.import_note, "q": words,
        "groups": groups, "nothing": words and not any(found for *_group, found in groups),
    }  # fmt: skip
    return render(request, "registry/profile_skills.html", context, status=status_of(form))


@login_required
def profile_availability(request: HttpRequest) -> HttpResponse:
    found = queries.profile_of(request.user)
    if found is None:
        return redirect("registry:welcome")
    free = queries.availability_of([found.person_id]).get(found.person_id, set())
    form = AvailabilityForm(
        request.POST or None, initial={"free": [f"{day}-{part}" for day, part in free]}
    )
    if request.method == "POST" and form.is_valid():
        commands.save_availability(profile=found, grid=form.grid(), by=request.user, at=now())
        messages.success(request, _("Your times have been saved."))
        return redirect(_next(request, "registry:profile"))
    context = {"form": form, "days": WEEKDAYS, "parts": PartOfDay.choices}
    return render(
        request, "registry/profile_availability.html", context, status=status_of(form)
    )


@login_required
@require_POST
def proposals(request: HttpRequest) -> HttpResponse:
    """May matching rounds propose me? Asked and answered on the profile itself."""
    found = queries.profile_of(request.user)
    if found is None:
        return redirect("registry:welcome")
    agreed = request.POST.get("agreed") == "yes"
    commands.save_proposals(profile=found, agreed=agreed, by=request.user, at=now())
    said = (
        _("You may be proposed for places.") if agreed else _("You are not proposed any more.")
    )
    messages.success(request, said)
    return redirect("registry:profile")


@login_required
@require_POST
def import_note_clear(request: HttpRequest) -> HttpResponse:
    found = queries.profile_of(request.user)
    if found is not None:
        commands.clear_import_note(profile=found, by=request.user, at=now())
    return redirect("registry:profile_skills")


def _initial(profile) -> dict:
    return {
        "governorate": profile.governorate, "reach_km": profile.reach_km,
        "weekly_hours": profile.weekly_minutes // 60, "about": profile.about,
        "suggestions_a_week": profile.suggestions_a_week,
        "latitude": profile.home_latitude, "longitude": profile.home_longitude,
        "interests": queries.interests_of([profile.person_id]).get(profile.person_id, set()),
    }  # fmt: skip


def _home(profile) -> str:
    """Roughly where, by a place everybody knows."""
    if profile.home_latitude is None:
        return ""
    near = queries.nearest_governorate(profile.home_latitude, profile.home_longitude)
    if near is None:
        return ""
    place, km = near
    if km < NEAR_KM:
        return _("near %(place)s") % {"place": place.name}
    return _("about %(n)s km from %(place)s") % {"n": km, "place": place.name}


def _week(free: set[tuple[int, str]]) -> list:
    return [
        (name, [str(label) for part, label in PartOfDay.choices if (day, part) in free])
        for day, name in WEEKDAYS
        if any(day == free_day for free_day, _part in free)
    ]


def _hints(profile, grants, free) -> list[tuple[str, str]]:
    """At most two things that would help most to be offered something fitting."""
    hints = []
    if not grants:
        hints.append((_("Add a skill or two: some opportunities ask for them."),
                      "registry:profile_skills"))  # fmt: skip
    if not free:
        hints.append((_("Say when you are usually free."), "registry:profile_availability"))
    if profile.home_latitude is None:
        hints.append((_("Add a rough point of home, to see what is near."),
                      "registry:profile_edit"))  # fmt: skip
    return hints[:2]


def _next(request: HttpRequest, otherwise: str) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    return page_of_ours(wanted) or otherwise
