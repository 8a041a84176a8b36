//! Given a history, when something is asked, then these events or this refusal.

mod properties;

use chrono::NaiveDate;
use cqrs_es::test::TestFramework;
use uuid::Uuid;

use super::*;
use crate::commitment::Outcome;
use crate::facts::{CommitmentFact, ReportedFact};
use crate::ids::{AchievementId, CommitmentId, CompactId, ReadingId, SubjectId};
use crate::refusal::Refusal;
use crate::visibility::Visibility;
use crate::words::TextError;

type Lived = Dated<AssessmentEvent>;
type Asked = Directed<AssessmentCommand>;

const WHY: &str = "the returns came in";

fn july(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2009, 7, day).expect("a day of July")
}

const fn compact() -> CompactId {
    CompactId::new(Uuid::from_u128(1))
}

fn commitment() -> CommitmentFact {
    CommitmentFact {
        id: CommitmentId::new(Uuid::from_u128(2)),
        session: "2008-09".parse().expect("a session"),
        label: "2".into(),
        title: "More apprentices".into(),
    }
}

const fn reading(n: u128) -> Outcome {
    Outcome::Reading(ReadingId::new(Uuid::from_u128(n)))
}

const fn achievement(n: u128) -> Outcome {
    Outcome::Achievement(AchievementId::new(Uuid::from_u128(n)))
}

/// One released commitment with reading 3 and achievement 4, in a ledger that ends at 40.
fn facts() -> Facts {
    let mut facts = Facts::default();
    let fact = ReportedFact {
        commitment: commitment(),
        visibility: Visibility::Region,
        groups: [].into(),
        outcomes: [reading(3), achievement(4)].into(),
        head: 40,
    };
    facts.reported.insert((compact(), commitment().id), fact);
    facts
}

fn on(day: u32, command: AssessmentCommand) -> Asked {
    Directed {
        occurred_on: july(day),
        meeting: None,
        facts: facts(),
        command,
    }
}

fn was(day: u32, event: impl Into<AssessmentEvent>) -> Lived {
    Dated {
        occurred_on: july(day),
        meeting: None,
        event: event.into(),
    }
}

fn and(mut lived: Vec<Lived>, day: u32, event: impl Into<AssessmentEvent>) -> Vec<Lived> {
    lived.push(was(day, event));
    lived
}

const fn asked_of(outcome: Option<Outcome>, position: Option<u64>) -> AboutInput {
    AboutInput {
        compact: compact(),
        commitment: CommitmentId::new(Uuid::from_u128(2)),
        outcome,
        position,
    }
}

fn about(outcome: Option<Outcome>, position: u64) -> About {
    About {
        compact_id: compact(),
        commitment_id: commitment().id,
        session: commitment().session,
        label: commitment().label,
        outcome,
        position,
    }
}

fn judgement(completion: Completion, comment: &str) -> Judgement {
    Judgement {
        completion,
        confidence: Confidence::Medium,
        comment: comment.into(),
    }
}

fn partly() -> Judgement {
    judgement(Completion::PartlyAchieved, "Half of it is there.")
}

fn assess(outcome: Option<Outcome>, position: Option<u64>) -> C {
    C::Assess {
        about: asked_of(outcome, position),
        judgement: judgement(Completion::PartlyAchieved, " Half of it is there. "),
    }
}

fn doubt(outcome: Option<Outcome>, found: Option<i64>) -> C {
    C::ChallengeOutcome {
        about: asked_of(outcome, None),
        found: found.map(|found| found.to_string().parse().expect("a figure")),
        comment: "Counted twice.".into(),
    }
}

/// Assessed on 2 July.
fn assessed() -> Vec<Lived> {
    let made = AssessmentMade {
        about: about(Some(reading(3)), 40),
        judgement: partly(),
    };
    vec![was(2, made)]
}

fn challenged_with(outcome: Option<Outcome>, found: Option<Figure>) -> OutcomeChallenged {
    OutcomeChallenged {
        about: about(outcome, 40),
        found,
        comment: "Counted twice.".into(),
    }
}

/// Challenged on 2 July.
fn challenged() -> Vec<Lived> {
    vec![was(2, challenged_with(Some(reading(3)), Some(7.into())))]
}

fn given(lived: Vec<Lived>) -> cqrs_es::test::AggregateTestExecutor<Assessment> {
    TestFramework::<Assessment>::with(()).given(lived)
}

fn accepts(lived: Vec<Lived>, asked: Asked, expected: impl Into<AssessmentEvent>) {
    let expected = asked.dated(expected.into());
    TestFramework::<Assessment>::with(())
        .given(lived)
        .when(asked)
        .then_expect_events(vec![expected]);
}

fn refuses(lived: Vec<Lived>, asked: Asked, expected: impl Into<AssessmentError>) {
    TestFramework::<Assessment>::with(())
        .given(lived)
        .when(asked)
        .then_expect_error(expected.into());
}

fn missing(field: &'static str, what: &'static str) -> AssessmentError {
    TextError::Missing { field, what }.into()
}

#[test]
fn an_assessment_names_the_place_it_was_made_from() {
    for (outcome, position, from) in [
        (None, None, 40),
        (Some(reading(3)), Some(31), 31),
        (Some(achievement(4)), Some(40), 40),
    ] {
        let made = AssessmentMade {
            about: about(outcome, from),
            judgement: partly(),
        };
        accepts(vec![], on(2, assess(outcome, position)), made);
    }
    let ahead = AssessmentError::Ahead {
        position: 41,
        head: 40,
    };
    refuses(vec![], on(2, assess(None, Some(41))), ahead);
}

#[test]
fn only_what_stands_and_is_there_is_judged() {
    let outcome = reading(4);
    let unknown = AssessmentError::UnknownOutcome { outcome };
    refuses(vec![], on(2, assess(Some(outcome), None)), unknown.clone());
    refuses(vec![], on(2, doubt(Some(outcome), None)), unknown);
    let mut nowhere = on(2, assess(None, None));
    nowhere.facts = Facts::default();
    refuses(vec![], nowhere, AssessmentError::UnknownCommitment);
}

#[test]
fn it_is_made_once_and_says_why() {
    let again = on(3, assess(None, None));
    refuses(assessed(), again, AssessmentError::AlreadyMade);
    let doubted = on(3, doubt(None, None));
    refuses(assessed(), doubted, AssessmentError::AlreadyMade);
    let wordless = C::Assess {
        about: asked_of(None, None),
        judgement: judgement(Completion::Achieved, " "),
    };
    let comment = missing("comment", "what you make of it");
    refuses(vec![], on(2, wordless), comment);
}

#[test]
fn another_view_keeps_the_one_before_and_has_a_reason() {
    let revise = |judgement, reason: &str| C::ReviseAssessment {
        judgement,
        reason: reason.into(),
    };
    let to = judgement(Completion::Achieved, "All of it is there.");
    let revised = AssessmentRevised {
        from: partly(),
        to: to.clone(),
        reason: WHY.into(),
    };
    accepts(assessed(), on(3, revise(to.clone(), WHY)), revised);
    let same = on(3, revise(partly(), WHY));
    refuses(assessed(), same, AssessmentError::Unchanged);
    let reason = missing("reason", "the reason");
    refuses(assessed(), on(3, revise(to.clone(), " ")), reason);
    let early = TooEarly {
        what: "this was last changed on",
        on: july(2),
    };
    refuses(assessed(), on(1, revise(to.clone(), WHY)), early);
    refuses(vec![], on(3, revise(to, WHY)), AssessmentError::NotMade);
}

#[test]
fn a_challenge_says_what_was_found_and_is_answered() {
    let found = challenged_with(Some(reading(3)), Some(7.into()));
    accepts(vec![], on(2, doubt(Some(reading(3)), Some(7))), found);
    accepts(
        vec![],
        on(2, doubt(None, None)),
        challenged_with(None, None),
    );
    for outcome in [None, Some(achievement(4))] {
        let asked = on(2, doubt(outcome, Some(7)));
        refuses(vec![], asked, AssessmentError::FoundWithoutReading);
    }
    let below = AssessmentError::Negative { found: (-1).into() };
    refuses(vec![], on(2, doubt(Some(reading(3)), Some(-1))), below);
    let answer = |text: &str| C::AnswerChallenge { text: text.into() };
    let answered = ChallengeAnswered {
        text: "It is two employers.".into(),
    };
    accepts(
        challenged(),
        on(2, answer(" It is two employers. ")),
        answered.clone(),
    );
    let twice = and(challenged(), 3, answered.clone());
    accepts(twice, on(3, answer("It is two employers.")), answered);
    refuses(
        challenged(),
        on(2, answer("")),
        missing("text", "the answer"),
    );
}

#[test]
fn an_assessment_is_not_a_challenge_nor_the_other_way_round() {
    let reason = || Text::from(WHY);
    let answer = C::AnswerChallenge { text: reason() };
    let settle = C::WithdrawChallenge { reason: reason() };
    for asked in [answer, settle] {
        refuses(assessed(), on(3, asked), AssessmentError::IsAnAssessment);
    }
    let revise = C::ReviseAssessment {
        judgement: partly(),
        reason: reason(),
    };
    let withdraw = C::WithdrawAssessment { reason: reason() };
    for asked in [revise, withdraw] {
        refuses(challenged(), on(3, asked), AssessmentError::IsAChallenge);
    }
}

#[test]
fn what_was_taken_back_takes_nothing_more_but_redaction() {
    let reason = || Text::from(WHY);
    let withdrawn = AssessmentWithdrawn { reason: reason() };
    for (lived, withdraw) in [
        (assessed(), C::WithdrawAssessment { reason: reason() }),
        (challenged(), C::WithdrawChallenge { reason: reason() }),
    ] {
        accepts(lived.clone(), on(3, withdraw.clone()), withdrawn.clone());
        let over = and(lived, 3, withdrawn.clone());
        let gone = AssessmentError::Withdrawn { on: july(3) };
        refuses(over.clone(), on(4, withdraw), gone);
        let text = SubjectId::new(Uuid::from_u128(9));
        let redact = C::RedactText {
            text,
            reason: reason(),
        };
        let redacted = TextRedacted {
            text,
            reason: reason(),
        };
        accepts(over, on(4, redact.clone()), redacted);
        refuses(vec![], on(4, redact), AssessmentError::NotMade);
    }
}

#[test]
fn refusals_point_at_the_field_and_read_as_sentences() {
    let unknown = AssessmentError::UnknownOutcome {
        outcome: achievement(4),
    };
    assert_eq!(
        (unknown.code(), unknown.field()),
        ("UNKNOWN_OUTCOME", Some("achievementId"))
    );
    let ahead = AssessmentError::Ahead {
        position: 41,
        head: 40,
    };
    assert_eq!(
        ahead.to_string(),
        "the compact's record ends at 40, so 41 cannot have been looked at; look at it again, then judge"
    );
}

fn released(from: Visibility, to: Visibility, reason: Option<&str>) -> VisibilityChanged {
    VisibilityChanged {
        from,
        to,
        reason: reason.map(Into::into),
    }
}

#[test]
fn it_is_released_as_its_kind_taken_back_with_a_reason_and_also_once_it_was_withdrawn() {
    use Visibility::{Draft, Public, Region};
    let release = |to, reason: Option<&str>| C::ReleaseAssessment {
        to,
        reason: reason.map(Into::into),
    };
    let made = assessed();
    let public = released(Draft, Public, None);
    accepts(made.clone(), on(3, release(Public, None)), public.clone());
    let out = and(made.clone(), 3, public);
    let unsaid = given(out.clone()).when(on(4, release(Region, None)));
    let unsaid = unsaid.inspect_result().expect_err("no reason");
    assert_eq!((unsaid.code(), unsaid.field()), ("MISSING", Some("reason")));
    let back = released(Public, Region, Some(WHY));
    accepts(out.clone(), on(4, release(Region, Some(WHY))), back.clone());
    let over = AssessmentWithdrawn { reason: WHY.into() };
    accepts(
        and(out.clone(), 5, over),
        on(4, release(Region, Some(WHY))),
        back,
    );
    let early = given(out).when(on(2, release(Draft, Some(WHY))));
    let early = early.inspect_result().expect_err("too early");
    assert_eq!(early.code(), "DATED_TOO_EARLY");
    let challenge = C::ReleaseChallenge {
        to: Public,
        reason: None,
    };
    refuses(
        made,
        on(3, challenge.clone()),
        AssessmentError::IsAnAssessment,
    );
    refuses(vec![], on(3, challenge), AssessmentError::NotMade);
}

#[test]
fn what_is_let_out_does_not_settle_what_is_said_and_the_other_way_round() {
    use Visibility::{Draft, Public};
    let out = and(assessed(), 6, released(Draft, Public, None));
    let withdraw = C::WithdrawAssessment { reason: WHY.into() };
    let over = AssessmentWithdrawn { reason: WHY.into() };
    accepts(out, on(4, withdraw), over);
}
