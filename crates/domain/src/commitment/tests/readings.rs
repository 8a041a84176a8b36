//! What may be asked of readings.

use super::*;
use crate::facts::UnknownFact;
use crate::refusal::{Item, Refusal};

const READ: &str = "this reading was last changed on";

fn says(day: u32, value: &str) -> ReadingInput {
    ReadingInput {
        taken_on: july(day),
        value: figure(value),
        source: " Members' returns ".into(),
        note: Some(" ".into()),
        by_organisation: vec![],
    }
}

fn said(day: u32, value: &str) -> ReadingTerms {
    ReadingTerms {
        taken_on: july(day),
        value: figure(value),
        source: "Members' returns".into(),
        note: None,
        by_organisation: vec![],
    }
}

fn part(n: u128, value: &str) -> OrganisationPart {
    OrganisationPart {
        organisation: organisation(n).id,
        value: figure(value),
    }
}

fn with_parts(value: &str, parts: &[OrganisationPart]) -> ReadingInput {
    ReadingInput {
        by_organisation: parts.to_vec(),
        ..says(6, value)
    }
}

fn record(n: u128, terms: ReadingInput) -> CommitmentCommand {
    CommitmentCommand::RecordReading {
        reading: reading(n),
        measure: measure(1),
        terms,
    }
}

fn correct(n: u128, terms: ReadingInput, reason: &str) -> CommitmentCommand {
    CommitmentCommand::CorrectReading {
        reading: reading(n),
        terms,
        reason: reason.into(),
    }
}

fn withdraw(n: u128, reason: &str) -> CommitmentCommand {
    CommitmentCommand::WithdrawReading {
        reading: reading(n),
        reason: reason.into(),
    }
}

fn recorded(n: u128, terms: ReadingTerms) -> ReadingRecorded {
    ReadingRecorded {
        reading_id: reading(n),
        measure_id: measure(1),
        terms,
    }
}

fn withdrawn(n: u128) -> ReadingWithdrawn {
    ReadingWithdrawn {
        reading_id: reading(n),
        measure_id: measure(1),
        reason: WHY.into(),
    }
}

/// One reading of 7, taken on 6 July and recorded for 8 July.
fn read() -> Vec<Lived> {
    and(measured(MeasureKind::Total), 8, recorded(1, said(6, "7")))
}

/// The refusal of one organisation's part of a reading.
fn in_part(at: usize, field: &'static str, refusal: impl Into<CommitmentError>) -> CommitmentError {
    CommitmentError::in_list(Item::of("byOrganisation", at).field(field), refusal)
}

#[test]
fn a_reading_is_recorded_with_its_source_and_leaves_the_status_alone() {
    accepts(
        measured(MeasureKind::Total),
        on(8, record(1, says(6, "7"))),
        &[recorded(1, said(6, "7")).into()],
    );
}

#[test]
fn readings_may_arrive_in_any_order() {
    accepts(
        read(),
        on(7, record(2, says(2, "3"))),
        &[recorded(2, said(2, "3")).into()],
    );
}

#[test]
fn a_reading_needs_a_source_and_a_new_id_and_cannot_be_taken_after_it_is_recorded() {
    let unsourced = ReadingInput {
        source: " ".into(),
        ..says(6, "7")
    };
    refuses(
        measured(MeasureKind::Total),
        on(8, record(1, unsourced)),
        missing("source", "where the figure came from"),
    );
    let lived = and(read(), 8, withdrawn(1));
    for lived in [read(), lived] {
        refuses(
            lived,
            on(9, record(1, says(6, "7"))),
            CommitmentError::IdTaken {
                field: "readingId",
                thing: "a reading",
            },
        );
    }
    refuses(
        measured(MeasureKind::Total),
        on(8, record(1, says(9, "7"))),
        CommitmentError::AfterTheFact {
            field: "takenOn",
            day: july(9),
            occurred_on: july(8),
        },
    );
}

#[test]
fn a_reading_fits_its_measure_s_kind() {
    let field = "value";
    let negative = figure("-1");
    refuses(
        measured(MeasureKind::Total),
        on(8, record(1, says(6, "-1"))),
        FigureError::Negative {
            field,
            figure: negative,
        },
    );
    refuses(
        measured(MeasureKind::Narrative),
        on(8, record(1, says(6, "1"))),
        FigureError::Narrative { field },
    );
    let two = figure("2");
    refuses(
        measured(MeasureKind::Milestone),
        on(8, record(1, says(6, "2"))),
        FigureError::Milestone { field, figure: two },
    );
    for reached in ["0", "1"] {
        accepts(
            measured(MeasureKind::Milestone),
            on(8, record(1, says(6, reached))),
            &[recorded(1, said(6, reached)).into()],
        );
    }
}

#[test]
fn the_parts_name_each_known_organisation_once_and_come_to_at_most_the_figure() {
    let terms = ReadingTerms {
        by_organisation: [(1, "3"), (2, "4")]
            .map(|(n, value)| OrganisationFigure {
                organisation: organisation(n),
                value: figure(value),
            })
            .into(),
        ..said(6, "7")
    };
    let lived = measured(MeasureKind::Total);
    let parts = [part(1, "3"), part(2, "4")];
    accepts(
        lived.clone(),
        on(8, record(1, with_parts("7", &parts))),
        &[recorded(1, terms).into()],
    );
    let value = figure("6.5");
    refuses(
        lived.clone(),
        on(8, record(1, with_parts("6.5", &parts))),
        FigureError::PartsExceed { value },
    );
    refuses(
        lived.clone(),
        on(8, record(1, with_parts("7", &[part(1, "3"), part(1, "4")]))),
        in_part(
            1,
            "organisationId",
            FigureError::OrganisationTwice {
                organisation: "College 1".into(),
            },
        ),
    );
    refuses(
        lived.clone(),
        on(8, record(1, with_parts("7", &[part(1, "-3")]))),
        in_part(
            0,
            "value",
            FigureError::Negative {
                field: "byOrganisation",
                figure: figure("-3"),
            },
        ),
    );
    let unknown = UnknownFact::Organisation(organisation(9).id);
    let unknown = in_part(0, "organisationId", unknown);
    assert_eq!(
        unknown.path().as_deref(),
        Some("byOrganisation.0.organisationId")
    );
    assert_eq!(unknown.code(), "UNKNOWN");
    refuses(
        lived,
        on(8, record(1, with_parts("7", &[part(9, "1")]))),
        unknown,
    );
}

#[test]
fn a_reading_is_corrected_with_a_reason_and_keeps_what_it_said() {
    let expected = ReadingCorrected {
        reading_id: reading(1),
        measure_id: measure(1),
        from: said(6, "7"),
        to: said(5, "8"),
        reason: WHY.into(),
    };
    accepts(
        read(),
        on(8, correct(1, says(5, "8"), WHY)),
        &[expected.clone().into()],
    );
    refuses(
        and(read(), 9, expected),
        on(8, correct(1, says(5, "9"), WHY)),
        too_early(READ, 9),
    );
}

#[test]
fn a_correction_must_correct_something_for_a_reason() {
    refuses(
        read(),
        on(8, correct(1, says(6, "7.0"), WHY)),
        CommitmentError::Unchanged {
            field: "value",
            what: "this is what the reading says",
        },
    );
    refuses(read(), on(8, correct(1, says(6, "8"), "")), no_reason());
    refuses(
        read(),
        on(8, correct(2, says(6, "8"), WHY)),
        CommitmentError::UnknownReading,
    );
    refuses(
        read(),
        on(8, correct(1, says(6, "-8"), WHY)),
        FigureError::Negative {
            field: "value",
            figure: figure("-8"),
        },
    );
}

#[test]
fn a_withdrawn_reading_takes_nothing_more() {
    accepts(read(), on(8, withdraw(1, WHY)), &[withdrawn(1).into()]);
    refuses(read(), on(8, withdraw(1, "")), no_reason());
    refuses(read(), on(7, withdraw(1, WHY)), too_early(READ, 8));
    refuses(
        read(),
        on(8, withdraw(2, WHY)),
        CommitmentError::UnknownReading,
    );
    let lived = and(read(), 9, withdrawn(1));
    for asked in [withdraw(1, WHY), correct(1, says(6, "8"), WHY)] {
        refuses(
            lived.clone(),
            on(10, asked),
            CommitmentError::ReadingWithdrawn { on: july(9) },
        );
    }
}

#[test]
fn a_reading_needs_a_measure_that_was_there_and_counts() {
    let asked = || record(2, says(1, "1"));
    refuses(a_promise(), on(8, asked()), CommitmentError::UnknownMeasure);
    refuses(
        measured(MeasureKind::Total),
        on(4, asked()),
        too_early("this measure was added on", 5),
    );
    let gone = MeasureWithdrawn {
        measure_id: measure(1),
        reason: WHY.into(),
    };
    let lived = and(read(), 9, gone);
    for asked in [asked(), correct(1, says(6, "8"), WHY), withdraw(1, WHY)] {
        refuses(
            lived.clone(),
            on(9, asked),
            CommitmentError::MeasureWithdrawn { on: july(9) },
        );
    }
}

#[test]
fn a_measure_cannot_be_withdrawn_before_its_last_reading() {
    let asked = CommitmentCommand::WithdrawMeasure {
        measure: measure(1),
        reason: WHY.into(),
    };
    refuses(
        read(),
        on(7, asked),
        too_early("a reading of this measure was last recorded for", 8),
    );
}

#[test]
fn a_draft_and_a_withdrawn_commitment_take_no_readings() {
    let asked = || record(1, says(1, "1"));
    let draft = and(a_draft(), 2, added(1, MeasureKind::Total));
    refuses(draft, on(8, asked()), CommitmentError::StillDraft);
    let reason = WHY.to_owned();
    let taken_back = and(
        measured(MeasureKind::Total),
        9,
        CommitmentWithdrawn {
            reason: reason.into(),
        },
    );
    refuses(
        taken_back.clone(),
        on(9, asked()),
        CommitmentError::TakenBack,
    );
    let reopened = CommitmentReopened {
        from: Status::Withdrawn,
        to: Status::InProgress,
        reason: WHY.into(),
    };
    refuses(
        and(taken_back, 12, reopened),
        on(10, asked()),
        too_early("this commitment has taken readings and reports since", 12),
    );
}

#[test]
fn late_readings_are_taken_after_any_other_end() {
    let conclusion = Conclusion::PartlyAchieved;
    let carried = CommitmentCarriedForward {
        into: later(),
        reason: WHY.into(),
    };
    for ending in [
        CommitmentEvent::from(CommitmentConcluded { conclusion }),
        carried.into(),
    ] {
        accepts(
            and(measured(MeasureKind::Total), 9, ending),
            on(12, record(1, says(8, "7"))),
            &[recorded(1, said(8, "7")).into()],
        );
    }
}
