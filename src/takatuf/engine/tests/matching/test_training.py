"""Courses that a plan's prices promise, and what they really add."""

import numpy as np
import pytest

from takatuf.engine.matching.planning import plan_region
from takatuf.engine.matching.region import NO_SKILL, Region
from takatuf.engine.matching.training import gain_of, promising_courses
from takatuf.engine.tests.matching.regions import fitting, scattered


def wanting(skill: int, level: int = 2):
    person, place, _grant = fitting(skill=skill, level=level)
    people, places = np.repeat(person, 5), np.repeat(place, 2)
    people["recent"] = [500, 400, 300, 200, 100]
    places["skill"][1], places["level"][1] = NO_SKILL, 0
    places["maximum"] = [2, 1]
    return Region(people=people, asked=places)


def test_the_skill_nobody_has_is_promised_and_its_gain_is_real():
    region = wanting(4)
    planned = plan_region(region, gap=0.0)
    (course,) = promising_courses(region, planned)
    assert (course.skill, course.level) == (4, 2)
    assert len(course.agents) == 2, "no more people than there are places"
    assert set(course.agents) == {2, 3}, "the longest rested of those who have no place"
    points, places = gain_of(region, planned, course, gap=0.0)
    assert places == 2
    assert points == course.points


def test_a_skill_that_is_had_or_not_asked_promises_nothing():
    region = wanting(NO_SKILL, 0)
    assert promising_courses(region, plan_region(region, gap=0.0)) == []


def test_a_course_takes_no_more_than_it_has_room_for():
    region = wanting(4)
    (course,) = promising_courses(region, plan_region(region, gap=0.0), people=1)
    assert course.agents.tolist() == [3]


@pytest.mark.parametrize("seed", range(5))
def test_a_course_never_makes_a_plan_worse(seed):
    region = scattered(seed, agents=60, roles=14)
    planned = plan_region(region, gap=0.0, seed=seed)
    courses = promising_courses(region, planned)
    assert [each.points for each in courses] == sorted(
        (each.points for each in courses), reverse=True
    )
    for course in courses[:3]:
        points, _places = gain_of(region, planned, course, gap=0.0, seed=seed)
        assert points >= -0.01 * abs(planned.plan.objective)
