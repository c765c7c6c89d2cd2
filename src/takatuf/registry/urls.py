from django.urls import path

from takatuf.registry.views import (
    bodies,
    concerns,
    directory,
    licences,
    merges,
    teams,
    volunteers,
)

app_name = "registry"
urlpatterns = [
    # the directory
    path("bodies/", directory.bodies, name="bodies"),
    path("teams/", directory.teams, name="teams"),
    # bodies
    path("bodies/new/", bodies.body_new, name="body_new"),
    path("bodies/<str:code>/", directory.body, name="body"),
    path("bodies/<str:code>/edit/", bodies.body_edit, name="body_edit"),
    path("bodies/<str:code>/decision/", bodies.body_decide, name="body_decide"),
    path("bodies/<str:code>/evidence/<int:pk>/", bodies.body_evidence, name="body_evidence"),
    path("bodies/<str:code>/licence/", bodies.body_licence, name="body_licence"),
    path("bodies/<str:code>/staff/", bodies.body_staff, name="body_staff"),
    path("bodies/<str:code>/staff/<int:pk>/end/", bodies.office_end, name="office_end"),
    path("bodies/<str:code>/units/", bodies.unit_add, name="unit_add"),
    path(
        "bodies/<str:code>/invitations/<int:pk>/revoke/",
        bodies.invitation_revoke,
        name="invitation_revoke",
    ),
    path("bodies/<str:code>/teams/new/", teams.team_new, name="team_new"),
    path("invitations/<str:token>/", bodies.invitation, name="invitation"),
    # teams
    path("teams/join/<str:token>/", teams.team_join, name="team_join"),
    path("teams/<str:code>/", directory.team, name="team"),
    path("teams/<str:code>/edit/", teams.team_edit, name="team_edit"),
    path("teams/<str:code>/members/", teams.team_roster, name="team_roster"),
    path(
        "teams/<str:code>/members/<int:pk>/remove/", teams.member_remove, name="member_remove"
    ),
    path(
        "teams/<str:code>/requests/<int:pk>/answer/",
        teams.request_answer,
        name="request_answer",
    ),
    path("teams/<str:code>/ask/", teams.team_ask, name="team_ask"),
    path("teams/<str:code>/leave/", teams.team_leave, name="team_leave"),
    path("teams/<str:code>/name/", teams.team_name, name="team_name"),
    path("teams/<str:code>/decision/", teams.team_decide, name="team_decide"),
    # volunteers
    path("welcome/", volunteers.welcome, name="welcome"),
    path("me/profile/", volunteers.profile, name="profile"),
    path("me/profile/edit/", volunteers.profile_edit, name="profile_edit"),
    path("me/profile/skills/", volunteers.profile_skills, name="profile_skills"),
    path("me/profile/times/", volunteers.profile_availability, name="profile_availability"),
    path("me/profile/proposals/", volunteers.proposals, name="profile_proposals"),
    path("me/profile/import-note/", volunteers.import_note_clear, name="import_note_clear"),
    # concerns
    path("concerns/", concerns.concerns, name="concerns"),
    path("concerns/new/", concerns.concern_new, name="concern_new"),
    path("concerns/received/", concerns.concern_received, name="concern_received"),
    path("concerns/follow/", concerns.concern_follow, name="concern_follow"),
    path("concerns/mine/<str:number>/", concerns.concern_own, name="concern_own"),
    path("concerns/<int:pk>/", concerns.concern, name="concern"),
    # the desk
    path("desk/bodies/", bodies.bodies_waiting, name="bodies_waiting"),
    path("desk/licences/", licences.licences, name="licences"),
    path("desk/licences/<int:pk>/end/", licences.licence_end, name="licence_end"),
    path("desk/duplicates/", merges.duplicates, name="duplicates"),
    path("desk/duplicates/propose/", merges.merge_propose, name="merge_propose"),
    path("desk/duplicates/<int:pk>/", merges.merge_decide, name="merge_decide"),
]
