//! What readings and achievements rest on: attached, and taken back.

use super::*;
use crate::file::{Evidence, FileError, FileFact, FileHash, FileInput, FileRef};

const URL: &str = "https://example.org/returns";
const READ_ON: &str = "this reading was last changed on";

fn link(url: &str) -> EvidenceInput {
    let (url, note) = (url.into(), Some(" Table 2 ".into()));
    EvidenceInput::Link { url, note }
}

fn attach(n: u128, outcome: Outcome, what: EvidenceInput) -> CommitmentCommand {
    let evidence = evidence(n);
    CommitmentCommand::AttachEvidence {
        evidence,
        outcome,
        what,
    }
}

fn withdraw(n: u128, reason: &str) -> CommitmentCommand {
    CommitmentCommand::WithdrawEvidence {
        evidence: evidence(n),
        reason: reason.into(),
    }
}

fn attached(n: u128, outcome: Outcome) -> EvidenceAttached {
    EvidenceAttached {
        evidence_id: evidence(n),
        outcome,
        evidence: Evidence::Link {
            url: URL.into(),
            note: Some("Table 2".into()),
        },
    }
}

fn withdrawn(n: u128, outcome: Outcome) -> EvidenceWithdrawn {
    EvidenceWithdrawn {
        evidence_id: evidence(n),
        outcome,
        file: None,
        reason: WHY.into(),
    }
}

const fn of_reading(n: u128) -> Outcome {
    Outcome::Reading(ReadingId::new(Uuid::from_u128(n)))
}

const fn of_achievement(n: u128) -> Outcome {
    Outcome::Achievement(AchievementId::new(Uuid::from_u128(n)))
}

/// A promise with reading 1 and report 1, both of 8 July.
fn reported_on() -> Vec<Lived> {
    let read = ReadingRecorded {
        reading_id: reading(1),
        measure_id: measure(1),
        terms: ReadingTerms {
            taken_on: july(7),
            value: figure("4"),
            source: "Returns".into(),
            note: None,
            by_organisation: Vec::new(),
        },
    };
    let lived = and(measured(MeasureKind::Total), 8, read);
    and(lived, 8, reported(1, 7, Standing::OnAgenda))
}

#[test]
fn evidence_is_attached_to_a_reading_and_to_an_achievement() {
    for outcome in [of_reading(1), of_achievement(1)] {
        let asked = attach(1, outcome, link(" https://example.org/returns "));
        accepts(reported_on(), on(8, asked), &[attached(1, outcome).into()]);
    }
}

#[test]
fn a_file_is_evidence_once_it_was_uploaded() {
    let hash = FileHash::new([7; 32]);
    let name = Text::from("Returns.csv");
    let file = EvidenceInput::File(FileInput {
        hash,
        name: name.clone(),
    });
    let unknown = on(8, attach(1, of_reading(1), file));
    refuses(reported_on(), unknown.clone(), FileError::Unknown);
    let (media_type, bytes) = (String::from("text/csv"), 9);
    let content = SubjectId::new(Uuid::from_u128(70));
    let mut known = unknown;
    let fact = FileFact {
        media_type: media_type.clone(),
        bytes,
        content,
    };
    known.facts.files.insert(hash, fact);
    let evidence = Evidence::File(FileRef {
        hash,
        name,
        media_type,
        bytes,
        content,
    });
    let expected = EvidenceAttached {
        evidence,
        ..attached(1, of_reading(1))
    };
    let event = CommitmentEvent::from(expected.clone());
    assert_eq!(crate::Event::Commitment(event).files().len(), 1);
    accepts(reported_on(), known, &[expected.clone().into()]);
    let taken = EvidenceWithdrawn {
        file: Some(hash),
        ..withdrawn(1, of_reading(1))
    };
    let event = CommitmentEvent::from(taken.clone());
    assert_eq!(crate::Event::Commitment(event).files_withdrawn(), [hash]);
    let held = and(reported_on(), 8, expected);
    accepts(held, on(9, withdraw(1, WHY)), &[taken.into()]);
}

#[test]
fn evidence_is_for_what_stands_and_comes_no_earlier() {
    let asked = |n, outcome| attach(n, outcome, link(URL));
    refuses(
        reported_on(),
        on(9, asked(1, of_reading(2))),
        CommitmentError::UnknownReading,
    );
    refuses(
        reported_on(),
        on(9, asked(1, of_achievement(2))),
        CommitmentError::UnknownAchievement,
    );
    refuses(
        reported_on(),
        on(7, asked(1, of_reading(1))),
        too_early(READ_ON, 8),
    );
    let gone = AchievementWithdrawn {
        achievement_id: achievement(1),
        reason: WHY.into(),
    };
    refuses(
        and(reported_on(), 9, gone),
        on(9, asked(1, of_achievement(1))),
        CommitmentError::AchievementWithdrawn { on: july(9) },
    );
    let bad = attach(1, of_reading(1), link("example.org"));
    refuses(reported_on(), on(9, bad), FileError::NotALink);
}

#[test]
fn the_same_evidence_is_attached_once_unless_it_was_taken_back() {
    let held = and(reported_on(), 9, attached(1, of_reading(1)));
    let again = |n, outcome| on(10, attach(n, outcome, link(URL)));
    let there = CommitmentError::Unchanged {
        field: "link.url",
        what: "this is attached to it",
    };
    refuses(held.clone(), again(2, of_reading(1)), there);
    let taken = CommitmentError::IdTaken {
        field: "evidenceId",
        thing: "evidence",
    };
    refuses(held.clone(), again(1, of_achievement(1)), taken);
    let elsewhere = attached(2, of_achievement(1));
    accepts(
        held.clone(),
        again(2, of_achievement(1)),
        &[elsewhere.into()],
    );
    let back = and(held, 10, withdrawn(1, of_reading(1)));
    accepts(
        back,
        again(2, of_reading(1)),
        &[attached(2, of_reading(1)).into()],
    );
}

#[test]
fn evidence_is_taken_back_once_with_a_reason_and_no_earlier_than_it_came() {
    let held = and(reported_on(), 9, attached(1, of_reading(1)));
    refuses(held.clone(), on(9, withdraw(1, " ")), no_reason());
    let early = too_early("this evidence was attached on", 9);
    refuses(held.clone(), on(8, withdraw(1, WHY)), early);
    refuses(
        held.clone(),
        on(9, withdraw(2, WHY)),
        CommitmentError::UnknownEvidence,
    );
    let gone = withdrawn(1, of_reading(1));
    accepts(
        held.clone(),
        on(9, withdraw(1, WHY)),
        &[gone.clone().into()],
    );
    let gone = and(held, 9, gone);
    refuses(
        gone,
        on(9, withdraw(1, WHY)),
        CommitmentError::EvidenceWithdrawn { on: july(9) },
    );
}

#[test]
fn what_is_taken_back_takes_its_evidence_with_it() {
    let held = and(reported_on(), 9, attached(1, of_reading(1)));
    let held = and(held, 9, attached(2, of_achievement(1)));
    let asked = CommitmentCommand::WithdrawReading {
        reading: reading(1),
        reason: WHY.into(),
    };
    let gone = ReadingWithdrawn {
        reading_id: reading(1),
        measure_id: measure(1),
        reason: WHY.into(),
    };
    let expected = [gone.into(), withdrawn(1, of_reading(1)).into()];
    accepts(held.clone(), on(9, asked), &expected);
    let asked = CommitmentCommand::WithdrawAchievement {
        achievement: achievement(1),
        reason: WHY.into(),
    };
    let gone = AchievementWithdrawn {
        achievement_id: achievement(1),
        reason: WHY.into(),
    };
    let expected = [gone.into(), withdrawn(2, of_achievement(1)).into()];
    accepts(held, on(9, asked), &expected);
}
