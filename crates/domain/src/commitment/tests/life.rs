//! What may be asked of a commitment's life, from agreement to reopening.

use super::*;
use crate::facts::UnknownFact;
use crate::refusal::Refusal;

use CommitmentCommand as C;

fn conclude(conclusion: Conclusion) -> CommitmentCommand {
    C::ConcludeCommitment { conclusion }
}

fn carry(reason: &str) -> CommitmentCommand {
    C::CarryForward {
        into: later().id,
        reason: reason.into(),
    }
}

fn withdraw(reason: &str) -> CommitmentCommand {
    C::WithdrawCommitment {
        reason: reason.into(),
    }
}

fn reopen(reason: &str) -> CommitmentCommand {
    C::ReopenCommitment {
        reason: reason.into(),
    }
}

fn reopened(from: Status, to: Status) -> CommitmentReopened {
    CommitmentReopened {
        from,
        to,
        reason: WHY.into(),
    }
}

fn carried() -> CommitmentCarriedForward {
    CommitmentCarriedForward {
        into: later(),
        reason: WHY.into(),
    }
}

fn withdrawn() -> CommitmentWithdrawn {
    CommitmentWithdrawn { reason: WHY.into() }
}

fn in_progress() -> Vec<Lived> {
    and(a_promise(), 4, CommitmentStarted {})
}

/// A promise that ended on 9 July, in each way there is.
fn endings() -> Vec<(Status, Vec<Lived>)> {
    let concluded = |conclusion| CommitmentEvent::from(CommitmentConcluded { conclusion });
    [
        (Status::Achieved, concluded(Conclusion::Achieved)),
        (
            Status::PartlyAchieved,
            concluded(Conclusion::PartlyAchieved),
        ),
        (Status::NotAchieved, concluded(Conclusion::NotAchieved)),
        (Status::CarriedForward, carried().into()),
        (Status::Withdrawn, withdrawn().into()),
    ]
    .map(|(status, ending)| (status, and(a_promise(), 9, ending)))
    .into()
}

fn reason() -> String {
    WHY.to_owned()
}

fn about_the_statement() -> Vec<CommitmentCommand> {
    let words = CommitmentWords {
        title: "Other".into(),
        comment: None,
    };
    vec![
        C::RewordCommitment {
            words,
            reason: reason().into(),
        },
        C::RenumberCommitment {
            session: session("2008-09"),
            label: "3".into(),
            reason: reason().into(),
        },
        C::ReclassifyCommitment {
            classification: ClassificationInput::default(),
            reason: reason().into(),
        },
        C::ChangeDueDate {
            due_on: Some(july(31)),
            reason: reason().into(),
        },
    ]
}

fn about_measures() -> Vec<CommitmentCommand> {
    let measure = measure(1);
    let baseline = Baseline {
        on: july(1),
        value: None,
    };
    vec![
        C::AddMeasure {
            measure,
            indicator: indicator(1, "").id,
            kind: MeasureKind::Total,
            baseline: None,
            target: None,
            due_on: None,
        },
        C::SetBaseline {
            measure,
            baseline,
            reason: None,
        },
        C::ChangeTarget {
            measure,
            target: figure("1"),
            reason: reason().into(),
        },
        C::ChangeMeasureDueDate {
            measure,
            due_on: None,
            reason: reason().into(),
        },
        C::WithdrawMeasure {
            measure,
            reason: reason().into(),
        },
    ]
}

fn about_readings() -> Vec<CommitmentCommand> {
    let terms = ReadingInput {
        taken_on: july(1),
        value: figure("1"),
        source: "Returns".into(),
        note: None,
        by_organisation: vec![],
    };
    let (reading, measure, reason) = (reading(1), measure(1), reason());
    vec![
        C::RecordReading {
            reading,
            measure,
            terms: terms.clone(),
        },
        C::CorrectReading {
            reading,
            terms,
            reason: reason.clone().into(),
        },
        C::WithdrawReading {
            reading,
            reason: reason.into(),
        },
    ]
}

fn about_achievements() -> Vec<CommitmentCommand> {
    let terms = AchievementTerms {
        reported_on: july(1),
        standing: Standing::OnAgenda,
        text: "In hand".into(),
    };
    let (achievement, reason) = (achievement(1), reason());
    vec![
        report(1, 1, Standing::OnAgenda),
        C::CorrectAchievement {
            achievement,
            terms,
            reason: reason.clone().into(),
        },
        C::WithdrawAchievement {
            achievement,
            reason: reason.into(),
        },
    ]
}

fn about_its_life() -> Vec<CommitmentCommand> {
    vec![
        C::AgreeCommitment,
        C::StartCommitment,
        conclude(Conclusion::Achieved),
        carry(WHY),
        withdraw(WHY),
        reopen(WHY),
    ]
}

#[test]
fn nothing_can_be_asked_of_a_commitment_that_was_never_proposed() {
    let anything = [
        about_the_statement(),
        about_measures(),
        about_readings(),
        about_achievements(),
        about_its_life(),
    ];
    for asked in anything.concat() {
        refuses(vec![], on(1, asked), CommitmentError::NotProposed);
    }
}

#[test]
fn a_draft_is_agreed_and_an_agreed_commitment_started_each_once() {
    accepts(
        a_draft(),
        on(1, C::AgreeCommitment),
        &[CommitmentAgreed {}.into()],
    );
    accepts(
        a_promise(),
        on(3, C::StartCommitment),
        &[CommitmentStarted {}.into()],
    );
    let past = |from, to| CommitmentError::AlreadyPast { from, to };
    for (lived, asked, from, to) in [
        (
            a_promise(),
            C::AgreeCommitment,
            Status::Agreed,
            Status::Agreed,
        ),
        (
            in_progress(),
            C::AgreeCommitment,
            Status::InProgress,
            Status::Agreed,
        ),
        (
            in_progress(),
            C::StartCommitment,
            Status::InProgress,
            Status::InProgress,
        ),
    ] {
        refuses(lived, on(9, asked), past(from, to));
    }
    refuses(
        a_promise(),
        on(2, C::StartCommitment),
        too_early(CHANGED, 3),
    );
}

#[test]
fn a_draft_is_not_started_reported_on_concluded_or_carried_forward() {
    for asked in [
        C::StartCommitment,
        report(1, 1, Standing::Achieved),
        conclude(Conclusion::Achieved),
        carry(WHY),
    ] {
        refuses(a_draft(), on(9, asked), CommitmentError::StillDraft);
    }
}

#[test]
fn a_report_of_progress_starts_what_was_agreed() {
    for standing in [Standing::InProgress, Standing::GoodProgress] {
        accepts(
            a_promise(),
            on(9, report(1, 8, standing)),
            &[reported(1, 8, standing).into(), CommitmentStarted {}.into()],
        );
        accepts(
            in_progress(),
            on(9, report(1, 8, standing)),
            &[reported(1, 8, standing).into()],
        );
    }
    let standing = Standing::OnAgenda;
    accepts(
        a_promise(),
        on(9, report(1, 8, standing)),
        &[reported(1, 8, standing).into()],
    );
}

#[test]
fn a_report_of_the_outcome_concludes_what_was_agreed_or_begun() {
    for (standing, conclusion) in [
        (Standing::Achieved, Conclusion::Achieved),
        (Standing::PartlyAchieved, Conclusion::PartlyAchieved),
        (Standing::NotAchieved, Conclusion::NotAchieved),
    ] {
        for lived in [a_promise(), in_progress()] {
            accepts(
                lived,
                on(9, report(1, 9, standing)),
                &[
                    reported(1, 9, standing).into(),
                    CommitmentConcluded { conclusion }.into(),
                ],
            );
        }
    }
}

#[test]
fn a_late_report_is_kept_and_moves_nothing_except_that_the_withdrawn_take_none() {
    for (status, lived) in endings() {
        let asked = on(12, report(1, 2, Standing::NotAchieved));
        if status == Status::Withdrawn {
            refuses(lived, asked, CommitmentError::TakenBack);
        } else {
            accepts(
                lived,
                asked,
                &[reported(1, 2, Standing::NotAchieved).into()],
            );
        }
    }
}

#[test]
fn a_report_needs_words_a_new_id_and_a_day_that_has_come() {
    let wordless = C::ReportAchievement {
        achievement: achievement(1),
        reported_on: july(8),
        standing: Standing::OnAgenda,
        text: " ".into(),
    };
    refuses(
        a_promise(),
        on(9, wordless),
        missing("text", "what came of it"),
    );
    let lived = and(a_promise(), 5, reported(1, 5, Standing::OnAgenda));
    refuses(
        lived.clone(),
        on(9, report(1, 8, Standing::OnAgenda)),
        CommitmentError::IdTaken {
            field: "achievementId",
            thing: "an achievement",
        },
    );
    refuses(
        lived.clone(),
        on(9, report(2, 10, Standing::OnAgenda)),
        CommitmentError::AfterTheFact {
            field: "reportedOn",
            day: july(10),
            occurred_on: july(9),
        },
    );
    accepts(
        lived,
        on(4, report(2, 4, Standing::OnAgenda)),
        &[reported(2, 4, Standing::OnAgenda).into()],
    );
}

#[test]
fn a_report_that_moves_the_status_is_dated_in_order_with_the_status() {
    let lived = and(
        a_promise(),
        7,
        CommitmentRenumbered {
            from: "2".into(),
            to: "3".into(),
            reason: WHY.into(),
        },
    );
    refuses(
        lived.clone(),
        on(6, report(1, 6, Standing::GoodProgress)),
        too_early(CHANGED, 7),
    );
    refuses(
        and(lived, 9, added(1, MeasureKind::Total)),
        on(8, report(1, 8, Standing::Achieved)),
        too_early("a measure of this commitment was last changed on", 9),
    );
    refuses(
        a_promise(),
        on(2, report(1, 2, Standing::OnAgenda)),
        too_early("this commitment has taken readings and reports since", 3),
    );
}

#[test]
fn a_commitment_is_concluded_carried_forward_or_withdrawn() {
    let conclusion = Conclusion::PartlyAchieved;
    for lived in [a_promise(), in_progress()] {
        for (asked, event) in [
            (
                conclude(conclusion),
                CommitmentConcluded { conclusion }.into(),
            ),
            (carry(WHY), CommitmentEvent::from(carried())),
            (withdraw(WHY), withdrawn().into()),
        ] {
            accepts(lived.clone(), on(9, asked), &[event]);
        }
    }
    accepts(a_draft(), on(9, withdraw(WHY)), &[withdrawn().into()]);
}

#[test]
fn carrying_forward_and_withdrawing_need_a_reason() {
    refuses(a_promise(), on(9, carry(" ")), no_reason());
    refuses(a_promise(), on(9, withdraw(" ")), no_reason());
}

#[test]
fn a_commitment_is_carried_forward_into_a_known_one_of_a_later_session() {
    let stranger = C::CarryForward {
        into: Uuid::from_u128(77).into(),
        reason: WHY.into(),
    };
    let unknown = UnknownFact::Commitment(Uuid::from_u128(77).into());
    refuses(a_promise(), on(9, stranger), unknown);
    for into in ["2008-09", "2007-08"] {
        let mut asked = on(9, carry(WHY));
        let fact = asked.facts.commitments.get_mut(&later().id);
        fact.expect("the later commitment").session = session(into);
        refuses(
            a_promise(),
            asked,
            CommitmentError::NotLater {
                into: session(into),
                session: session("2008-09"),
            },
        );
    }
}

#[test]
fn a_commitment_is_not_carried_forward_into_one_that_was_withdrawn() {
    let mut asked = on(9, carry(WHY));
    asked.facts.withdrawn.insert(later().id);
    let refusal = CommitmentError::from(UnknownFact::Withdrawn(later().id));
    assert_eq!(
        (refusal.code(), refusal.field()),
        ("COMMITMENT_WITHDRAWN", Some("intoId"))
    );
    refuses(a_promise(), asked, refusal);
}

#[test]
fn a_commitment_is_not_withdrawn_before_what_was_last_reported_on_it() {
    let lived = and(a_promise(), 8, reported(1, 8, Standing::OnAgenda));
    refuses(
        lived,
        on(7, withdraw(WHY)),
        too_early("this commitment was last reported on for", 8),
    );
}

#[test]
fn what_has_ended_does_not_end_again_and_is_not_agreed_or_started() {
    for (status, lived) in endings() {
        for asked in [
            C::AgreeCommitment,
            C::StartCommitment,
            conclude(Conclusion::Achieved),
            carry(WHY),
            withdraw(WHY),
        ] {
            refuses(
                lived.clone(),
                on(10, asked),
                CommitmentError::Ended { status },
            );
        }
    }
}

#[test]
fn what_has_ended_is_reopened_with_a_reason_and_is_in_progress() {
    for (status, lived) in endings() {
        accepts(
            lived.clone(),
            on(9, reopen(WHY)),
            &[reopened(status, Status::InProgress).into()],
        );
        refuses(lived.clone(), on(9, reopen("")), no_reason());
        refuses(lived, on(8, reopen(WHY)), too_early(CHANGED, 9));
    }
}

#[test]
fn a_draft_that_was_withdrawn_is_reopened_as_a_draft() {
    let lived = and(a_draft(), 2, withdrawn());
    let again = reopened(Status::Withdrawn, Status::Draft);
    accepts(lived.clone(), on(3, reopen(WHY)), &[again.clone().into()]);
    accepts(
        and(lived, 3, again),
        on(4, C::AgreeCommitment),
        &[CommitmentAgreed {}.into()],
    );
}

#[test]
fn what_has_not_ended_cannot_be_reopened() {
    for (status, lived) in [
        (Status::Draft, a_draft()),
        (Status::Agreed, a_promise()),
        (Status::InProgress, in_progress()),
    ] {
        refuses(
            lived,
            on(9, reopen(WHY)),
            CommitmentError::NotEnded { status },
        );
    }
}

#[test]
fn a_commitment_is_known_to_others_by_its_session_ref_and_title() {
    let mut commitment = Commitment::default();
    let id = CommitmentId::new(Uuid::from_u128(5));
    assert_eq!(commitment.fact(id), None);
    cqrs_es::Aggregate::apply(&mut commitment, was(1, proposed()));
    let fact = commitment.fact(id).expect("a fact");
    assert_eq!((fact.id, fact.session), (id, session("2008-09")));
    assert_eq!(
        (fact.label.as_str(), fact.title.as_str()),
        ("2", "More apprentices")
    );
}
