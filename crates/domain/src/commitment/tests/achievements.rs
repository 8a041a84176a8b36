//! What may be asked of a report once it is made: to put it right, and to take it back.

use super::*;

const CHANGED: &str = "this achievement was last changed on";

fn terms(day: u32, standing: Standing, text: &str) -> AchievementTerms {
    AchievementTerms {
        reported_on: july(day),
        standing,
        text: text.into(),
    }
}

fn correct(n: u128, terms: AchievementTerms, reason: &str) -> CommitmentCommand {
    CommitmentCommand::CorrectAchievement {
        achievement: achievement(n),
        terms,
        reason: reason.into(),
    }
}

fn withdraw(n: u128, reason: &str) -> CommitmentCommand {
    CommitmentCommand::WithdrawAchievement {
        achievement: achievement(n),
        reason: reason.into(),
    }
}

/// What report 1 says, and what it should say.
fn was_said() -> AchievementTerms {
    terms(7, Standing::OnAgenda, "In place and working.")
}

fn is_said() -> AchievementTerms {
    terms(6, Standing::GoodProgress, "Nearly in place.")
}

fn corrected() -> AchievementCorrected {
    AchievementCorrected {
        achievement_id: achievement(1),
        from: was_said(),
        to: is_said(),
        reason: WHY.into(),
    }
}

fn withdrawn() -> AchievementWithdrawn {
    AchievementWithdrawn {
        achievement_id: achievement(1),
        reason: WHY.into(),
    }
}

/// A promise with report 1, made on 8 July of the day before.
fn told() -> Vec<Lived> {
    and(a_promise(), 8, reported(1, 7, Standing::OnAgenda))
}

#[test]
fn a_report_is_corrected_with_a_reason_and_keeps_what_it_said() {
    let asked = correct(
        1,
        terms(6, Standing::GoodProgress, " Nearly in place. "),
        WHY,
    );
    accepts(told(), on(9, asked.clone()), &[corrected().into()]);
    let once = and(told(), 9, corrected());
    let back = AchievementCorrected {
        from: is_said(),
        to: was_said(),
        ..corrected()
    };
    accepts(once, on(9, correct(1, was_said(), WHY)), &[back.into()]);
}

#[test]
fn a_correction_of_a_report_must_correct_something_for_a_reason() {
    let same = CommitmentError::Unchanged {
        field: "text",
        what: "this is what the report says",
    };
    refuses(told(), on(8, correct(1, was_said(), WHY)), same);
    refuses(told(), on(8, correct(1, is_said(), " ")), no_reason());
    let wordless = terms(6, Standing::OnAgenda, " ");
    let missing = missing("text", "what came of it");
    refuses(told(), on(8, correct(1, wordless, WHY)), missing);
    let ahead = CommitmentError::AfterTheFact {
        field: "reportedOn",
        day: july(9),
        occurred_on: july(8),
    };
    let asked = correct(1, terms(9, Standing::OnAgenda, "x"), WHY);
    refuses(told(), on(8, asked), ahead);
    refuses(
        told(),
        on(8, correct(2, is_said(), WHY)),
        CommitmentError::UnknownAchievement,
    );
}

#[test]
fn a_correction_moves_no_status_whatever_the_report_now_says() {
    let asked = correct(1, terms(7, Standing::Achieved, "Done."), WHY);
    let expected = AchievementCorrected {
        to: terms(7, Standing::Achieved, "Done."),
        ..corrected()
    };
    accepts(told(), on(9, asked), &[expected.into()]);
    let conclusion = Conclusion::Achieved;
    let concluded = and(told(), 8, CommitmentConcluded { conclusion });
    for (asked, expected) in [
        (
            correct(1, is_said(), WHY),
            CommitmentEvent::from(corrected()),
        ),
        (withdraw(1, WHY), withdrawn().into()),
    ] {
        accepts(concluded.clone(), on(9, asked), &[expected]);
    }
}

#[test]
fn a_withdrawn_report_takes_nothing_more() {
    accepts(told(), on(8, withdraw(1, WHY)), &[withdrawn().into()]);
    refuses(told(), on(8, withdraw(1, "")), no_reason());
    refuses(
        told(),
        on(8, withdraw(2, WHY)),
        CommitmentError::UnknownAchievement,
    );
    let lived = and(told(), 9, withdrawn());
    for asked in [withdraw(1, WHY), correct(1, is_said(), WHY)] {
        let refusal = CommitmentError::AchievementWithdrawn { on: july(9) };
        refuses(lived.clone(), on(10, asked), refusal);
    }
    let again = CommitmentError::IdTaken {
        field: "achievementId",
        thing: "an achievement",
    };
    refuses(lived, on(10, report(1, 7, Standing::OnAgenda)), again);
}

#[test]
fn a_report_is_not_put_right_or_taken_back_before_it_was_made_or_last_put_right() {
    for asked in [withdraw(1, WHY), correct(1, was_said(), WHY)] {
        refuses(told(), on(7, asked.clone()), too_early(CHANGED, 8));
        let once = and(told(), 10, corrected());
        refuses(once, on(9, asked), too_early(CHANGED, 10));
    }
}

#[test]
fn a_withdrawn_commitment_s_reports_stay_as_they_are_and_it_is_not_withdrawn_before_they_did() {
    let reason = WHY.to_owned();
    let taken_back = and(
        told(),
        9,
        CommitmentWithdrawn {
            reason: reason.into(),
        },
    );
    for asked in [withdraw(1, WHY), correct(1, is_said(), WHY)] {
        refuses(taken_back.clone(), on(9, asked), CommitmentError::TakenBack);
    }
    let asked = CommitmentCommand::WithdrawCommitment { reason: WHY.into() };
    let what = "this commitment was last reported on for";
    let lived = and(told(), 12, corrected());
    refuses(lived, on(11, asked.clone()), too_early(what, 12));
    let lived = and(told(), 12, withdrawn());
    refuses(lived, on(11, asked), too_early(what, 12));
}

#[test]
fn replaying_a_report_put_right_and_taken_back_gives_the_commitment_that_lived_it() {
    let mut live = Commitment::default();
    let mut lived = told();
    for event in lived.clone() {
        cqrs_es::Aggregate::apply(&mut live, event);
    }
    for asked in [correct(1, is_said(), WHY), withdraw(1, WHY)] {
        let sink = cqrs_es::event_sink::EventSink::default();
        let handled = cqrs_es::Aggregate::handle(&mut live, on(9, asked), &(), &sink);
        futures::executor::block_on(handled).expect("accepted");
        lived.extend(futures::executor::block_on(sink.collect()));
    }
    let mut replayed = Commitment::default();
    for event in lived {
        cqrs_es::Aggregate::apply(&mut replayed, event);
    }
    assert_eq!(replayed, live);
}
