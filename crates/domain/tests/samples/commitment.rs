//! Samples of a commitment's events.

use domain::commitment::{
    AchievementCorrected, AchievementReported, AchievementTerms, AchievementWithdrawn, Baseline,
    BaselineSet, Classification, CommitmentAgreed, CommitmentCarriedForward, CommitmentConcluded,
    CommitmentEvent, CommitmentProposed, CommitmentReclassified, CommitmentRenumbered,
    CommitmentReopened, CommitmentReworded, CommitmentStarted, CommitmentWithdrawn,
    CommitmentWords, Conclusion, DueDateChanged, EvidenceAttached, EvidenceWithdrawn, MeasureAdded,
    MeasureDueDateChanged, MeasureWithdrawn, OrganisationFigure, Outcome, ReadingCorrected,
    ReadingRecorded, ReadingTerms, ReadingWithdrawn, Standing, Status, TargetChanged,
};
use domain::figure::{IndicatorFact, MeasureKind};
use domain::file::{Evidence, FileHash, FileRef};
use domain::ids::{AchievementId, EvidenceId, IndicatorId, MeasureId, ReadingId, SubjectId};
use domain::visibility::{Visibility, VisibilityChanged};

use super::{college, commitment_fact, council, day, figure, group, redacted, uuid};

fn reason() -> String {
    "Agreed by the Steering Group".into()
}

fn measure_id() -> MeasureId {
    MeasureId::new(uuid(9))
}

fn classification(aim: &str) -> Classification {
    Classification {
        aims: vec![aim.into(), "2".into()],
        themes: vec!["apprenticeships".into()],
        groups: vec![group()],
    }
}

fn words(title: &str) -> CommitmentWords {
    CommitmentWords {
        title: title.into(),
        comment: Some("Builds on year one.".into()),
    }
}

fn baseline(value: &str) -> Baseline {
    Baseline {
        on: day("2009-03-31"),
        value: Some(figure(value)),
    }
}

fn terms(value: &str) -> ReadingTerms {
    let part = |organisation, value: &str| OrganisationFigure {
        organisation,
        value: figure(value),
    };
    ReadingTerms {
        taken_on: day("2009-12-31"),
        value: figure(value),
        source: "Members' returns".into(),
        note: Some("Two members have not replied.".into()),
        by_organisation: vec![part(college(), "12"), part(council(), "0.5")],
    }
}

pub fn commitment() -> Vec<CommitmentEvent> {
    let mut events = statement();
    events.extend(measures());
    events.extend(readings());
    events.extend(life());
    events.extend(put_right());
    events.extend(evidence());
    events.push(taken_back());
    events.push(redacted().into());
    events
}

fn statement() -> Vec<CommitmentEvent> {
    vec![
        CommitmentProposed {
            session: "2009-10".parse().expect("a session"),
            label: "2".into(),
            title: "Count the sector's apprentices and increase them".into(),
            comment: Some("A chance of real impact.".into()),
            classification: classification("1"),
            due_on: Some(day("2010-03-31")),
        }
        .into(),
        CommitmentReworded {
            from: words("More apprentices"),
            to: words("More apprentices, and more employees supported"),
            reason: reason().into(),
        }
        .into(),
        CommitmentRenumbered {
            from: "2".into(),
            to: "2a".into(),
            reason: reason().into(),
        }
        .into(),
        CommitmentReclassified {
            from: classification("1"),
            to: classification("4"),
            reason: reason().into(),
        }
        .into(),
        DueDateChanged {
            from: Some(day("2010-03-31")),
            to: None,
            reason: reason().into(),
        }
        .into(),
    ]
}

fn measures() -> [CommitmentEvent; 5] {
    [
        MeasureAdded {
            measure_id: measure_id(),
            indicator: IndicatorFact {
                id: IndicatorId::new(uuid(10)),
                name: "apprentices employed in the sector".into(),
                unit: "people".into(),
                additive: true,
            },
            kind: MeasureKind::IncreaseOnBaseline,
            baseline: Some(baseline("100")),
            target: Some(figure("60")),
            due_on: Some(day("2010-03-31")),
        }
        .into(),
        BaselineSet {
            measure_id: measure_id(),
            from: Some(baseline("100")),
            to: baseline("104.5"),
            reason: Some("Part-time apprentices were left out".into()),
        }
        .into(),
        TargetChanged {
            measure_id: measure_id(),
            from: None,
            to: figure("40"),
            reason: reason().into(),
        }
        .into(),
        MeasureDueDateChanged {
            measure_id: measure_id(),
            from: None,
            to: Some(day("2010-06-30")),
            reason: reason().into(),
        }
        .into(),
        MeasureWithdrawn {
            measure_id: measure_id(),
            reason: reason().into(),
        }
        .into(),
    ]
}

fn readings() -> [CommitmentEvent; 3] {
    let (reading_id, measure_id) = (ReadingId::new(uuid(11)), measure_id());
    [
        ReadingRecorded {
            reading_id,
            measure_id,
            terms: terms("118"),
        }
        .into(),
        ReadingCorrected {
            reading_id,
            measure_id,
            from: terms("118"),
            to: terms("119"),
            reason: "A late return".into(),
        }
        .into(),
        ReadingWithdrawn {
            reading_id,
            measure_id,
            reason: "Counted twice".into(),
        }
        .into(),
    ]
}

fn report(standing: Standing) -> AchievementTerms {
    AchievementTerms {
        reported_on: day("2008-05-01"),
        standing,
        text: "The profile of the pledge was raised.".into(),
    }
}

fn put_right() -> [CommitmentEvent; 2] {
    let achievement_id = AchievementId::new(uuid(12));
    [
        AchievementCorrected {
            achievement_id,
            from: report(Standing::GoodProgress),
            to: report(Standing::InProgress),
            reason: "As the minutes have it".into(),
        }
        .into(),
        AchievementWithdrawn {
            achievement_id,
            reason: "It tells of another commitment".into(),
        }
        .into(),
    ]
}

fn evidence() -> [CommitmentEvent; 2] {
    let evidence_id = EvidenceId::new(uuid(13));
    let hash = FileHash::new([7; 32]);
    [
        EvidenceAttached {
            evidence_id,
            outcome: Outcome::Reading(ReadingId::new(uuid(11))),
            evidence: Evidence::File(FileRef {
                hash,
                name: "Members' returns.csv".into(),
                media_type: "text/csv".into(),
                bytes: 1_200,
                content: SubjectId::new(uuid(14)),
            }),
        }
        .into(),
        EvidenceWithdrawn {
            evidence_id,
            outcome: Outcome::Reading(ReadingId::new(uuid(11))),
            file: Some(hash),
            reason: "It is of another year".into(),
        }
        .into(),
    ]
}

fn life() -> [CommitmentEvent; 7] {
    [
        CommitmentAgreed {}.into(),
        CommitmentStarted {}.into(),
        AchievementReported {
            achievement_id: AchievementId::new(uuid(12)),
            reported_on: day("2008-05-01"),
            standing: Standing::GoodProgress,
            text: "The profile of the pledge was raised.".into(),
        }
        .into(),
        CommitmentConcluded {
            conclusion: Conclusion::PartlyAchieved,
        }
        .into(),
        CommitmentCarriedForward {
            into: commitment_fact(),
            reason: reason().into(),
        }
        .into(),
        CommitmentWithdrawn {
            reason: reason().into(),
        }
        .into(),
        CommitmentReopened {
            from: Status::NotAchieved,
            to: Status::InProgress,
            reason: reason().into(),
        }
        .into(),
    ]
}

fn taken_back() -> CommitmentEvent {
    VisibilityChanged {
        from: Visibility::Public,
        to: Visibility::Compact,
        reason: Some("A figure in it was not ours to publish".into()),
    }
    .into()
}
