//! What a refusal says to the person, to a program, and which field it points at.

use super::*;
use crate::refusal::Refusal;

fn check(refusal: impl Into<CommitmentError>, code: &str, field: Option<&str>, sentence: &str) {
    let refusal = refusal.into();
    assert_eq!(refusal.to_string(), sentence);
    assert_eq!((refusal.code(), refusal.field()), (code, field));
}

#[test]
fn refusals_about_the_commitment_say_what_to_do() {
    use CommitmentError as E;
    check(
        E::NotProposed,
        "COMMITMENT_NOT_PROPOSED",
        None,
        "this commitment does not exist yet; propose it first",
    );
    check(
        E::Ended {
            status: Status::PartlyAchieved,
        },
        "COMMITMENT_ENDED",
        None,
        "this commitment has ended as partly achieved and cannot be changed; reopen it first",
    );
    check(
        E::AlreadyPast {
            from: Status::InProgress,
            to: Status::Agreed,
        },
        "STATUS_ALREADY_PAST",
        None,
        "this commitment is in progress already, so it cannot become agreed; leave it as it is",
    );
    check(
        E::NotLater {
            into: session("2008-09"),
            session: session("2008-09"),
        },
        "SESSION_NOT_LATER",
        Some("intoId"),
        "that commitment belongs to 2008-09, which is not later than 2008-09; choose one of a later session, or propose it there first",
    );
    check(
        E::Unchanged {
            field: "target",
            what: "this is the measure's target",
        },
        "UNCHANGED",
        Some("target"),
        "nothing would change: this is the measure's target already; enter another, or leave it as it is",
    );
}

#[test]
fn refusals_about_dates_write_them_as_people_do() {
    check(
        too_early("this measure was last changed on", 24),
        "DATED_TOO_EARLY",
        Some("occurredOn"),
        "this measure was last changed on 24 July 2008, so this cannot be dated earlier; enter that day or a later one",
    );
    check(
        CommitmentError::AfterTheFact {
            field: "takenOn",
            day: july(9),
            occurred_on: july(8),
        },
        "DATED_AFTER_THE_FACT",
        Some("takenOn"),
        "9 July 2008 lies after 8 July 2008, the date this is recorded for; correct whichever of the two is wrong",
    );
    check(
        CommitmentError::MeasureWithdrawn { on: july(6) },
        "MEASURE_WITHDRAWN",
        Some("measureId"),
        "that measure was withdrawn on 6 July 2008 and takes nothing more; add a new measure instead",
    );
}

#[test]
fn refusals_about_a_report_say_which_and_what_to_do() {
    check(
        CommitmentError::UnknownAchievement,
        "UNKNOWN_ACHIEVEMENT",
        Some("achievementId"),
        "that achievement is not one of this commitment's; choose one that is",
    );
    check(
        CommitmentError::AchievementWithdrawn { on: july(6) },
        "ACHIEVEMENT_WITHDRAWN",
        Some("achievementId"),
        "that achievement was withdrawn on 6 July 2008; report it again instead",
    );
}

#[test]
fn refusals_about_figures_say_which_figures_fit() {
    check(
        FigureError::Milestone {
            field: "value",
            figure: figure("2.0"),
        },
        "MILESTONE_IS_0_OR_1",
        Some("value"),
        "this measure is a milestone, so 2 does not fit; enter 1 for reached or 0 for not yet",
    );
    check(
        FigureError::PartsExceed {
            value: figure("6.5"),
        },
        "PARTS_EXCEED_VALUE",
        Some("byOrganisation"),
        "the organisations' figures come to more than 6.5, the figure they are part of; correct the figure or its parts",
    );
    check(
        FigureError::MilestoneIsYesNo {
            indicator: "events".into(),
            unit: "people".into(),
        },
        "MILESTONE_IS_YES_NO",
        Some("kind"),
        "“events” is counted in people, so its measure cannot be a milestone; choose another kind, or an indicator in yes-no",
    );
}
