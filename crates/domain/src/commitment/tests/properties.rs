//! What holds whatever is asked, in whatever order, dated whenever.

use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

use super::witness::Witness;
use super::*;
use crate::lives;

fn a_text() -> impl Strategy<Value = String> {
    select(vec!["a", "b", "c", "d", "e", "f", " "]).prop_map(Into::into)
}

fn a_day() -> impl Strategy<Value = NaiveDate> {
    (1..=20_u32).prop_map(july)
}

/// A day that has come by the time most of a script is asked.
fn an_early_day() -> impl Strategy<Value = NaiveDate> {
    (1..=6_u32).prop_map(july)
}

fn a_figure() -> impl Strategy<Value = Figure> {
    select(vec!["0", "1", "1", "2", "7", "2.5", "-1"]).prop_map(figure)
}

fn a_measure() -> impl Strategy<Value = MeasureId> {
    (1..=3_u128).prop_map(measure)
}

fn a_reading() -> impl Strategy<Value = ReadingId> {
    (1..=4_u128).prop_map(reading)
}

fn a_baseline() -> impl Strategy<Value = Baseline> {
    (an_early_day(), of(a_figure())).prop_map(|(on, value)| Baseline { on, value })
}

fn a_session() -> impl Strategy<Value = Session> {
    select(vec!["2008-09", "2008-09", "2008-09", "2009-10"]).prop_map(session)
}

fn some_words() -> impl Strategy<Value = CommitmentWords> {
    (a_text(), of(a_text())).prop_map(|(title, comment)| CommitmentWords {
        title,
        comment: comment.map(Into::into),
    })
}

fn a_classification() -> impl Strategy<Value = ClassificationInput> {
    let themes = proptest::collection::vec(select(vec!["skills-pledge", "apprenticeships"]), 0..3);
    let groups = proptest::collection::vec(1..=2_u128, 0..3);
    (proptest::collection::vec(a_text(), 0..2), themes, groups).prop_map(
        |(aims, themes, groups)| ClassificationInput {
            aims,
            themes: themes.into_iter().map(Into::into).collect(),
            groups: groups.into_iter().map(|n| group(n).id).collect(),
        },
    )
}

fn some_terms() -> impl Strategy<Value = ReadingInput> {
    let part = (1..=2_u128, a_figure()).prop_map(|(n, value)| OrganisationPart {
        organisation: organisation(n).id,
        value,
    });
    let parts = proptest::collection::vec(part, 0..3);
    (an_early_day(), a_figure(), a_text(), of(a_text()), parts).prop_map(
        |(taken_on, value, source, note, by_organisation)| ReadingInput {
            taken_on,
            value,
            source: source.into(),
            note: note.map(Into::into),
            by_organisation,
        },
    )
}

fn a_kind() -> impl Strategy<Value = MeasureKind> {
    select(vec![
        MeasureKind::Additional,
        MeasureKind::Total,
        MeasureKind::IncreaseOnBaseline,
        MeasureKind::Milestone,
        MeasureKind::Narrative,
    ])
}

fn of_the_statement() -> impl Strategy<Value = CommitmentCommand> {
    use CommitmentCommand as C;
    let proposal = (
        a_session(),
        a_text(),
        some_words(),
        a_classification(),
        of(a_day()),
    );
    prop_oneof![
        2 => proposal.prop_map(|(session, label, words, classification, due_on)| {
            C::ProposeCommitment { session, label, words, classification, due_on }
        }),
        1 => (some_words(), a_text())
            .prop_map(|(words, reason)| C::RewordCommitment { words, reason: reason.into() }),
        1 => (a_session(), a_text(), a_text())
            .prop_map(|(session, label, reason)| C::RenumberCommitment { session, label, reason: reason.into() }),
        1 => (a_classification(), a_text()).prop_map(|(classification, reason)| {
            C::ReclassifyCommitment { classification, reason: reason.into() }
        }),
        1 => (of(a_day()), a_text()).prop_map(|(due_on, reason)| C::ChangeDueDate { due_on, reason: reason.into() }),
    ]
}

fn of_measures() -> impl Strategy<Value = CommitmentCommand> {
    use CommitmentCommand as C;
    let new = (
        a_measure(),
        1..=2_u128,
        a_kind(),
        of(a_baseline()),
        of(a_figure()),
        of(a_day()),
    );
    prop_oneof![
        3 => new.prop_map(|(measure, of, kind, baseline, target, due_on)| C::AddMeasure {
            measure,
            indicator: indicator(of, "").id,
            kind,
            baseline,
            target,
            due_on,
        }),
        1 => (a_measure(), a_baseline(), of(a_text()))
            .prop_map(|(measure, baseline, reason)| C::SetBaseline { measure, baseline, reason: reason.map(Into::into) }),
        2 => (a_measure(), a_figure(), a_text())
            .prop_map(|(measure, target, reason)| C::ChangeTarget { measure, target, reason: reason.into() }),
        1 => (a_measure(), of(a_day()), a_text()).prop_map(|(measure, due_on, reason)| {
            C::ChangeMeasureDueDate { measure, due_on, reason: reason.into() }
        }),
        1 => (a_measure(), a_text())
            .prop_map(|(measure, reason)| C::WithdrawMeasure { measure, reason: reason.into() }),
    ]
}

fn of_readings() -> impl Strategy<Value = CommitmentCommand> {
    use CommitmentCommand as C;
    prop_oneof![
        3 => (a_reading(), a_measure(), some_terms())
            .prop_map(|(reading, measure, terms)| C::RecordReading { reading, measure, terms }),
        2 => (a_reading(), some_terms(), a_text())
            .prop_map(|(reading, terms, reason)| C::CorrectReading { reading, terms, reason: reason.into() }),
        1 => (a_reading(), a_text())
            .prop_map(|(reading, reason)| C::WithdrawReading { reading, reason: reason.into() }),
    ]
}

fn an_achievement() -> impl Strategy<Value = AchievementId> {
    (1..=3_u128).prop_map(achievement)
}

fn a_report() -> impl Strategy<Value = AchievementTerms> {
    let standing = select(Standing::ALL.to_vec());
    (an_early_day(), standing, a_text()).prop_map(|(reported_on, standing, text)| {
        AchievementTerms {
            reported_on,
            standing,
            text: text.into(),
        }
    })
}

fn of_achievements() -> impl Strategy<Value = CommitmentCommand> {
    use CommitmentCommand as C;
    prop_oneof![
        3 => (an_achievement(), a_report()).prop_map(|(achievement, report)| C::ReportAchievement {
            achievement,
            reported_on: report.reported_on,
            standing: report.standing,
            text: report.text,
        }),
        2 => (an_achievement(), a_report(), a_text())
            .prop_map(|(achievement, terms, reason)| C::CorrectAchievement { achievement, terms, reason: reason.into() }),
        1 => (an_achievement(), a_text())
            .prop_map(|(achievement, reason)| C::WithdrawAchievement { achievement, reason: reason.into() }),
    ]
}

fn of_evidence() -> impl Strategy<Value = CommitmentCommand> {
    use CommitmentCommand as C;
    let outcome = prop_oneof![
        a_reading().prop_map(Outcome::Reading),
        an_achievement().prop_map(Outcome::Achievement),
    ];
    let url = select(vec![
        "https://one.example",
        "http://two.example/a",
        "two.example",
    ]);
    let note = of(a_text());
    prop_oneof![
        3 => (1..=3_u128, outcome, url, note).prop_map(|(n, outcome, url, note)| C::AttachEvidence {
            evidence: evidence(n),
            outcome,
            what: EvidenceInput::Link { url: url.into(), note: note.map(Into::into) },
        }),
        1 => (1..=3_u128, a_text())
            .prop_map(|(n, reason)| C::WithdrawEvidence { evidence: evidence(n), reason: reason.into() }),
    ]
}

fn of_its_life() -> impl Strategy<Value = CommitmentCommand> {
    use CommitmentCommand as C;
    let conclusions = [
        Conclusion::Achieved,
        Conclusion::PartlyAchieved,
        Conclusion::NotAchieved,
    ];
    prop_oneof![
        4 => Just(C::AgreeCommitment),
        1 => Just(C::StartCommitment),
        1 => select(conclusions.to_vec()).prop_map(|conclusion| C::ConcludeCommitment { conclusion }),
        1 => a_text().prop_map(|reason| C::CarryForward { into: later().id, reason: reason.into() }),
        1 => a_text().prop_map(|reason| C::WithdrawCommitment { reason: reason.into() }),
        4 => a_text().prop_map(|reason| C::ReopenCommitment { reason: reason.into() }),
    ]
}

fn a_release() -> impl Strategy<Value = CommitmentCommand> {
    let to = select(Visibility::ALL.to_vec());
    (to, of(a_text())).prop_map(|(to, reason)| CommitmentCommand::ReleaseCommitment {
        to,
        reason: reason.map(Into::into),
    })
}

/// A proposal first; then anything, on days that drift forward but often step back.
fn a_script() -> impl Strategy<Value = Vec<Asked>> {
    let anything = prop_oneof![
        1 => of_the_statement(),
        3 => of_measures(),
        4 => of_readings(),
        2 => of_achievements(),
        2 => of_evidence(),
        2 => of_its_life(),
        1 => a_release(),
        1 => a_text().prop_map(redact),
    ];
    let steps = proptest::collection::vec((anything, 0..8_u32), 1..80);
    steps.prop_map(|steps| {
        let first = CommitmentCommand::ProposeCommitment {
            session: session("2008-09"),
            label: "1".into(),
            words: CommitmentWords {
                title: "a".into(),
                comment: None,
            },
            classification: ClassificationInput::default(),
            due_on: None,
        };
        let dated = |(step, (command, jitter)): (u32, _)| on(1 + step / 5 + jitter, command);
        let first = std::iter::once(on(2, first));
        first.chain((0..).zip(steps).map(dated)).collect()
    })
}

fn first_targets(lived: &[Lived]) -> BTreeMap<MeasureId, Figure> {
    let mut first = BTreeMap::new();
    for dated in lived {
        let target = match &dated.event {
            CommitmentEvent::MeasureAdded(e) => e.target.map(|target| (e.measure_id, target)),
            CommitmentEvent::TargetChanged(e) => Some((e.measure_id, e.to)),
            _ => None,
        };
        if let Some((measure, target)) = target {
            first.entry(measure).or_insert(target);
        }
    }
    first
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn replaying_the_events_gives_the_state_that_living_them_gave(script in a_script()) {
        let (commitment, lived) = lives::live::<Commitment>(script);
        prop_assert_eq!(lives::replayed::<Commitment>(&lived), commitment);
    }

    #[test]
    fn the_events_up_to_any_day_and_in_order_of_days_are_a_history_that_could_have_been(script in a_script()) {
        let (_, lived) = lives::live::<Commitment>(script);
        prop_assert_eq!(lives::could_have_been(&lived, |lived| Witness::hears(lived)), Ok(()));
    }

    #[test]
    fn the_first_target_stays_the_original(script in a_script()) {
        let (commitment, lived) = lives::live::<Commitment>(script);
        for (measure, first) in first_targets(&lived) {
            let kept = commitment.measure(measure).and_then(Measure::original_target);
            prop_assert_eq!(kept, Some(first));
        }
    }

    #[test]
    fn applying_events_in_any_order_never_panics(script in a_script(), seed in any::<prop::sample::Index>()) {
        let (_, mut lived) = lives::live::<Commitment>(script);
        let turn = seed.index(lived.len());
        lived.rotate_left(turn);
        lives::replayed::<Commitment>(&lived);
        lived.reverse();
        lives::replayed::<Commitment>(&lived);
        lives::replayed::<Commitment>(lived.iter().step_by(2));
    }
}

#[test]
fn the_scripts_bring_about_every_type_of_event() {
    lives::bring_about_every_event::<Commitment, _, _>(&a_script(), 400, CommitmentEvent::TYPES);
}
