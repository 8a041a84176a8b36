//! What outsiders make of outcomes: what is kept of it, how it stands beside the report, and that the tables hold it.

mod story;

use domain::assessment::{
    About, AssessmentMade, AssessmentRevised, AssessmentWithdrawn, ChallengeAnswered, Completion,
    Confidence, Judgement, OutcomeChallenged,
};
use domain::commitment::{
    EvidenceAttached, EvidenceWithdrawn, Outcome, ReadingCorrected, ReadingTerms, ReadingWithdrawn,
};
use domain::ids::*;
use domain::stream::StreamId;
use domain::{AssessmentEvent, Event, Evidence, RegionEvent};
use ledger::{Position, ServiceRole};
use sqlx::PgPool;
use story::recorded::*;
use story::*;
use testkit::service::sign_in;
use views::assessment::{ReportNow, unassessed};
use views::commitment::Backing;
use views::{AssessmentView, CommitmentView, ViewReader, check, fold};

const ASSESSMENT: AssessmentId = AssessmentId::new(id(70_001));
const CHALLENGE: AssessmentId = AssessmentId::new(id(70_002));
const EVIDENCE: EvidenceId = EvidenceId::new(id(70_003));

/// The pledge's last reading that stands, with the entry it stands on.
fn last_reading(view: &CommitmentView) -> (MeasureId, ReadingId, ReadingTerms, Position) {
    let measure = view
        .measures
        .iter()
        .find(|it| it.latest_reading().is_some())
        .expect("a measure that was read");
    let reading = measure.latest_reading().expect("a reading");
    (
        measure.id,
        reading.id,
        reading.terms.current.clone(),
        reading.stands_since().position,
    )
}

fn pledge(story: &Story) -> CommitmentView {
    let stream = StreamId::commitment(PLEDGE);
    let entries = story.entries.iter();
    fold(entries.filter(|entry| entry.recorded.stream == stream)).expect("the commitment")
}

fn judgement(completion: Completion) -> Judgement {
    Judgement {
        completion,
        confidence: Confidence::High,
        comment: "As the returns have it".into(),
    }
}

fn about(view: &CommitmentView, outcome: Option<Outcome>, position: Position) -> About {
    About {
        compact_id: COMPACT,
        commitment_id: PLEDGE,
        session: view.session,
        label: view.label.current.clone(),
        outcome,
        position,
    }
}

/// The region's ledger with an assessment and a challenge of the pledge's last reading, both as of `position`.
fn judged(view: &CommitmentView, outcome: Option<Outcome>, position: Position) -> Story {
    let mut story = Story::of(REGION.ledger());
    story.on("2008-06-01");
    let established = domain::region::RegionEstablished {
        slug: "east-midlands".into(),
        name: "East Midlands".into(),
        funder: "Learning and Skills Council, East Midlands".into(),
        note: None,
        secretariat_cost_gbp_per_year: None,
    };
    let established = RegionEvent::Established(established);
    story.add(StreamId::region(REGION), Event::Region(established));
    let mut tell = |of: AssessmentId, event: AssessmentEvent| {
        story.add(StreamId::assessment(of), Event::Assessment(event));
    };
    let about = about(view, outcome, position);
    let made = AssessmentMade {
        about: about.clone(),
        judgement: judgement(Completion::CannotTell),
    };
    tell(ASSESSMENT, made.into());
    let challenged = OutcomeChallenged {
        about,
        found: None,
        comment: "Who says so?".into(),
    };
    tell(CHALLENGE, challenged.into());
    let revised = AssessmentRevised {
        from: judgement(Completion::CannotTell),
        to: judgement(Completion::Achieved),
        reason: "The returns came in".into(),
    };
    tell(ASSESSMENT, revised.into());
    let answered = ChallengeAnswered {
        text: "The returns do".into(),
    };
    tell(CHALLENGE, answered.into());
    let settled = AssessmentWithdrawn {
        reason: "Settled".into(),
    };
    tell(CHALLENGE, settled.into());
    story
}

fn of(story: &Story, assessment: AssessmentId) -> AssessmentView {
    let stream = StreamId::assessment(assessment);
    let entries = story.entries.iter();
    fold(entries.filter(|entry| entry.recorded.stream == stream)).expect("the assessment")
}

#[test]
fn every_view_and_every_answer_stays() {
    let view = pledge(&compact());
    let story = judged(&view, None, 9);
    let assessment = of(&story, ASSESSMENT);
    let said = assessment.judgement.expect("a judgement");
    assert_eq!(said.current, judgement(Completion::Achieved));
    assert_eq!(*said.original(), judgement(Completion::CannotTell));
    assert_eq!((assessment.version, assessment.withdrawn), (2, None));
    let challenge = of(&story, CHALLENGE);
    assert!(challenge.withdrawn.is_some());
    let doubt = challenge.challenge.expect("a challenge");
    assert_eq!(doubt.answers.len(), 1);
    assert_eq!(challenge.made_as, "secretariat", "as the entry says");
}

#[test]
fn a_report_that_moved_since_is_said_to_have_moved_and_is_to_be_assessed_again() {
    let mut story = compact();
    let view = pledge(&story);
    let (measure_id, reading_id, terms, position) = last_reading(&view);
    let outcome = Outcome::Reading(reading_id);
    let assessment = of(&judged(&view, Some(outcome), position), ASSESSMENT);
    assert_eq!(assessment.report_now(&view), ReportNow::Unchanged);
    assert!(unassessed(&view, &[]).contains(&outcome));
    assert!(!unassessed(&view, &[&assessment]).contains(&outcome));
    // An assessment of an earlier state does not cover what came after.
    let early = of(&judged(&view, None, position - 1), ASSESSMENT);
    assert_eq!(early.report_now(&view), ReportNow::Changed);
    assert!(unassessed(&view, &[&early]).contains(&outcome));
    let challenge = of(&judged(&view, None, Position::MAX), CHALLENGE);
    assert!(unassessed(&view, &[&challenge]).contains(&outcome));
    let to = ReadingTerms {
        source: "A later return".into(),
        ..terms.clone()
    };
    story.on("2010-04-01").pledge(ReadingCorrected {
        reading_id,
        measure_id,
        from: terms,
        to,
        reason: "A late return".into(),
    });
    let corrected = pledge(&story);
    assert_eq!(assessment.report_now(&corrected), ReportNow::Changed);
    assert!(unassessed(&corrected, &[&assessment]).contains(&outcome));
    story.pledge(ReadingWithdrawn {
        reading_id,
        measure_id,
        reason: "Of another year".into(),
    });
    let withdrawn = pledge(&story);
    assert_eq!(assessment.report_now(&withdrawn), ReportNow::Withdrawn);
}

#[test]
fn a_figure_ages_and_rests_on_what_was_attached_to_it_and_not_taken_back() {
    let mut story = compact();
    let (measure, reading_id, terms, _) = last_reading(&pledge(&story));
    let fresh = |story: &Story, on: &str| {
        let view = pledge(story);
        let measure = view.measure(measure).expect("the measure");
        measure.freshness(day(on))
    };
    let later = fresh(&story, "2010-04-30");
    assert_eq!(later.backing, Backing::NoEvidence);
    assert_eq!(later.read_on, Some(terms.taken_on));
    let days = (day("2010-04-30") - terms.taken_on).num_days();
    assert_eq!(i64::from(later.days), days);
    let before = fresh(&story, "2007-05-22");
    assert_eq!((before.read_on, before.backing), (None, Backing::NoReading));
    let outcome = Outcome::Reading(reading_id);
    story.on("2010-04-01").pledge(EvidenceAttached {
        evidence_id: EVIDENCE,
        outcome,
        evidence: Evidence::Link {
            url: "https://example.org/returns".into(),
            note: None,
        },
    });
    assert_eq!(fresh(&story, "2010-04-30").backing, Backing::Evidence);
    let (of, held) = {
        let view = pledge(&story);
        let (of, held) = view.evidence(EVIDENCE).expect("the evidence");
        (of, held.clone())
    };
    assert_eq!((of, held.withdrawn), (outcome, None));
    story.pledge(EvidenceWithdrawn {
        evidence_id: EVIDENCE,
        outcome,
        file: None,
        reason: "Of another year".into(),
    });
    assert_eq!(fresh(&story, "2010-04-30").backing, Backing::NoEvidence);
    let view = pledge(&story);
    let (_, held) = view.evidence(EVIDENCE).expect("it stays in view");
    assert!(held.withdrawn.is_some());
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_was_made_of_a_commitment_is_read_from_the_region_s_rows_and_the_check_knows_them(
    pool: PgPool,
) {
    let ledger = start(&pool);
    let view = pledge(&compact());
    let story = judged(&view, None, 9);
    record_all(&ledger, &story).await;
    let step = projection(&pool).step(REGION.ledger()).await;
    assert!(step.expect("a step").caught_up);
    let reader = ViewReader::new(sign_in(&pool, ServiceRole::Gateway));
    let made = reader.assessments(REGION.ledger(), &[PLEDGE]).await;
    let made = made.expect("they can be read");
    let said = |view: &AssessmentView| {
        let judgement = view.judgement.as_ref().map(|it| it.current.clone());
        (view.id, view.about.clone(), judgement, view.version)
    };
    let told = [of(&story, ASSESSMENT), of(&story, CHALLENGE)];
    assert_eq!(
        made.iter().map(said).collect::<Vec<_>>(),
        told.iter().map(said).collect::<Vec<_>>()
    );
    let elsewhere = reader.assessments(LEDGER, &[PLEDGE]).await;
    assert_eq!(elsewhere.expect("they can be read"), []);
    let other = [CommitmentId::new(id(1))];
    let none = reader.assessments(REGION.ledger(), &other).await;
    assert_eq!(none.expect("they can be read"), []);
    let report = check(&pool, |_| std::ops::ControlFlow::Continue(())).await;
    assert_eq!(report.expect("the check runs").findings, []);
    let planted = "update assessment_view set commitment_id = ledger_id";
    sqlx::query(planted).execute(&pool).await.expect("a fault");
    let report = check(&pool, |_| std::ops::ControlFlow::Continue(())).await;
    let findings = report.expect("the check runs").findings;
    assert_eq!(findings.len(), 2, "{findings:?}");
}
