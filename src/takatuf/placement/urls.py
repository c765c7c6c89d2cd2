from django.urls import path

from takatuf.placement.views import (
    answering,
    applicants,
    asked,
    covenant,
    covering,
    mine,
    proof,
    round_approving,
    round_plan,
    round_trials,
    round_why,
    rounds,
    swapping,
    why_not_me,
)

app_name = "placement"
urlpatterns = [
    path("a/<str:token>/", answering.answer, name="answer"),
    path("s/<str:token>/", asked.asked, name="asked"),
    path("covenants/<str:token>/", covenant.guardian, name="guardian"),
    # one's own
    path("me/places/", mine.mine, name="mine"),
    path("me/for-you/", mine.for_you, name="for_you"),
    path("me/places/calendar.ics", mine.calendar_all, name="calendar_all"),
    path("me/places/<int:pk>/confirm/", mine.confirm, name="confirm"),
    path("me/places/<int:pk>/leave/", mine.leave, name="leave"),
    path("me/places/<int:pk>/cover/", covering.ask, name="cover_ask"),
    path("me/places/<int:pk>/cover/back/", covering.call_back, name="cover_call_back"),
    path("me/places/<int:pk>/swap/", swapping.swap, name="swap"),
    path("me/places/why/<int:role>/", why_not_me.why_not_me, name="why_not_me"),
    path("me/asks/<int:pk>/yes/", swapping.accept, name="ask_accept"),
    path("me/asks/<int:pk>/no/", swapping.decline, name="ask_decline"),
    path("me/for-you/covers/<int:pk>/", covering.take, name="cover_take"),
    path("me/places/<int:pk>/calendar.ics", mine.calendar, name="calendar"),
    path("opportunities/<slug:code>/joined/", mine.joined, name="joined"),
    path("opportunities/<slug:code>/covenant/", covenant.covenant, name="covenant"),
    path("me/skills/ask/", proof.ask_skill, name="ask_skill"),
    # the unit's
    path(
        "bodies/<str:code>/people/<uuid:ref>/skills/", proof.person_skills, name="person_skills"
    ),
    path("studio/<slug:code>/applicants/", applicants.applicants, name="applicants"),
    path(
        "studio/<slug:code>/applicants/accept/",
        applicants.accept_several,
        name="accept_several",
    ),
    path("studio/<slug:code>/applicants/<int:pk>/accept/", applicants.accept, name="accept"),
    path("studio/<slug:code>/applicants/<int:pk>/decline/", applicants.decline, name="decline"),
    path("studio/<slug:code>/invite/<int:pk>/", applicants.invite, name="invite"),
    # matching rounds: the desk's, and a unit manager's
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/new/", rounds.new, name="round_new"),
    path("rounds/<int:pk>/", rounds.one, name="round"),
    path("rounds/<int:pk>/bodies/<str:code>/", round_plan.body, name="round_body"),
    path("rounds/<int:pk>/places/<int:role>/", round_why.place, name="round_place"),
    path("rounds/<int:pk>/places/<int:role>/why/<uuid:ref>/", round_why.why, name="round_why"),
    path("rounds/<int:pk>/what-if/", round_trials.what_if, name="round_what_if"),
    path("rounds/<int:pk>/what-if/<int:trial>/", round_trials.take, name="round_take"),
    path("rounds/<int:pk>/approve/", round_approving.approve_all, name="round_approve"),
    path(
        "rounds/<int:pk>/proposals/<int:proposal>/approve/",
        round_approving.approve,
        name="proposal_approve",
    ),
    path(
        "rounds/<int:pk>/proposals/<int:proposal>/reject/",
        round_approving.reject,
        name="proposal_reject",
    ),
    path("rounds/<int:pk>/change/", rounds.change, name="round_change"),
    path("rounds/<int:pk>/start/", rounds.start, name="round_start"),
    path("rounds/<int:pk>/progress/", rounds.progress, name="round_progress"),
    path("rounds/<int:pk>/cancel/", rounds.cancel, name="round_cancel"),
    path("rounds/<int:pk>/close/", rounds.close, name="round_close"),
]
