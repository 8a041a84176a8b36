//! What may be asked of a commitment's measures.

use super::*;
use crate::facts::UnknownFact;

const MEASURED: &str = "this measure was last changed on";

fn add(n: u128, kind: MeasureKind) -> CommitmentCommand {
    let fact = added(n, kind);
    CommitmentCommand::AddMeasure {
        measure: fact.measure_id,
        indicator: fact.indicator.id,
        kind,
        baseline: None,
        target: None,
        due_on: None,
    }
}

fn add_with(kind: MeasureKind, start: Option<Baseline>, aim: Option<&str>) -> CommitmentCommand {
    CommitmentCommand::AddMeasure {
        measure: measure(1),
        indicator: added(1, kind).indicator.id,
        kind,
        baseline: start,
        target: aim.map(figure),
        due_on: Some(july(31)),
    }
}

fn baseline(day: u32, value: Option<&str>) -> Baseline {
    Baseline {
        on: july(day),
        value: value.map(figure),
    }
}

fn count(to: Baseline, reason: Option<&str>) -> CommitmentCommand {
    CommitmentCommand::SetBaseline {
        measure: measure(1),
        baseline: to,
        reason: reason.map(Into::into),
    }
}

fn aim_at(target: &str, reason: &str) -> CommitmentCommand {
    CommitmentCommand::ChangeTarget {
        measure: measure(1),
        target: figure(target),
        reason: reason.into(),
    }
}

fn due(day: Option<u32>, reason: &str) -> CommitmentCommand {
    CommitmentCommand::ChangeMeasureDueDate {
        measure: measure(1),
        due_on: day.map(july),
        reason: reason.into(),
    }
}

fn withdraw(n: u128, reason: &str) -> CommitmentCommand {
    CommitmentCommand::WithdrawMeasure {
        measure: measure(n),
        reason: reason.into(),
    }
}

fn target_changed(from: Option<&str>, to: &str) -> TargetChanged {
    TargetChanged {
        measure_id: measure(1),
        from: from.map(figure),
        to: figure(to),
        reason: WHY.into(),
    }
}

fn unchanged(field: &'static str, what: &'static str) -> CommitmentError {
    CommitmentError::Unchanged { field, what }
}

#[test]
fn a_measure_of_every_kind_is_added_to_a_draft_or_a_promise() {
    let counted = Some(baseline(1, Some("100")));
    for (kind, start, aim) in [
        (MeasureKind::Additional, None, Some("60")),
        (MeasureKind::Total, counted, Some("2.5")),
        (MeasureKind::IncreaseOnBaseline, counted, None),
        (MeasureKind::Milestone, None, Some("1")),
        (MeasureKind::Narrative, None, None),
    ] {
        let expected = MeasureAdded {
            baseline: start,
            target: aim.map(figure),
            due_on: Some(july(31)),
            ..added(1, kind)
        };
        for lived in [a_draft(), a_promise()] {
            accepts(
                lived,
                on(5, add_with(kind, start, aim)),
                &[expected.clone().into()],
            );
        }
    }
}

#[test]
fn a_baseline_s_date_may_lie_ahead_but_a_counted_figure_may_not() {
    let kind = MeasureKind::IncreaseOnBaseline;
    let ahead = Some(baseline(20, None));
    let expected = MeasureAdded {
        baseline: ahead,
        due_on: Some(july(31)),
        ..added(1, kind)
    };
    accepts(
        a_draft(),
        on(5, add_with(kind, ahead, None)),
        &[expected.into()],
    );
    let refusal = CommitmentError::AfterTheFact {
        field: "baseline",
        day: july(20),
        occurred_on: july(5),
    };
    let counted = baseline(20, Some("1"));
    refuses(
        a_draft(),
        on(5, add_with(kind, Some(counted), None)),
        refusal.clone(),
    );
    refuses(measured(kind), on(5, count(counted, None)), refusal);
}

#[test]
fn figures_that_do_not_fit_the_kind_are_refused() {
    let negative = |field, text: &str| FigureError::Negative {
        field,
        figure: figure(text),
    };
    let some = Some(baseline(1, Some("4")));
    let below = Some(baseline(1, Some("-4")));
    for (kind, start, aim, refusal) in [
        (
            MeasureKind::Additional,
            None,
            Some("-1"),
            negative("target", "-1"),
        ),
        (MeasureKind::Total, below, None, negative("baseline", "-4")),
        (
            MeasureKind::IncreaseOnBaseline,
            None,
            Some("5"),
            FigureError::BaselineNeeded,
        ),
        (
            MeasureKind::Milestone,
            some,
            None,
            FigureError::MilestoneBaseline,
        ),
        (
            MeasureKind::Milestone,
            None,
            Some("0.5"),
            FigureError::Milestone {
                field: "target",
                figure: figure("0.5"),
            },
        ),
        (
            MeasureKind::Narrative,
            some,
            None,
            FigureError::Narrative { field: "baseline" },
        ),
        (
            MeasureKind::Narrative,
            None,
            Some("1"),
            FigureError::Narrative { field: "target" },
        ),
    ] {
        refuses(a_draft(), on(5, add_with(kind, start, aim)), refusal);
    }
}

#[test]
fn yes_or_no_is_a_milestone_and_a_milestone_is_yes_or_no() {
    let of = |n: u128, kind| CommitmentCommand::AddMeasure {
        measure: measure(1),
        indicator: indicator(n, "").id,
        kind,
        baseline: None,
        target: None,
        due_on: None,
    };
    for kind in [MeasureKind::Total, MeasureKind::Narrative] {
        let indicator = "indicator 2".to_owned();
        refuses(
            a_draft(),
            on(2, of(2, kind)),
            FigureError::YesNoIsMilestone { indicator },
        );
    }
    refuses(
        a_draft(),
        on(2, of(1, MeasureKind::Milestone)),
        FigureError::MilestoneIsYesNo {
            indicator: "indicator 1".into(),
            unit: "people".into(),
        },
    );
    let stranger = indicator(7, "").id;
    refuses(
        a_draft(),
        on(2, of(7, MeasureKind::Total)),
        UnknownFact::Indicator(stranger),
    );
}

#[test]
fn a_measure_s_id_is_used_once_even_after_it_is_withdrawn() {
    let reason = WHY.into();
    let withdrawn = MeasureWithdrawn {
        measure_id: measure(1),
        reason,
    };
    let lived = and(measured(MeasureKind::Total), 6, withdrawn);
    refuses(
        lived,
        on(7, add(1, MeasureKind::Total)),
        CommitmentError::IdTaken {
            field: "measureId",
            thing: "a measure",
        },
    );
}

#[test]
fn a_baseline_is_counted_without_a_reason_and_replaced_with_one() {
    let kind = MeasureKind::Additional;
    let set = |from, to, reason: Option<&str>| BaselineSet {
        measure_id: measure(1),
        from,
        to,
        reason: reason.map(Into::into),
    };
    let (dated, first, second) = (
        baseline(5, None),
        baseline(5, Some("10")),
        baseline(5, Some("12")),
    );
    accepts(
        measured(kind),
        on(5, count(dated, None)),
        &[set(None, dated, None).into()],
    );
    let lived = and(measured(kind), 5, set(None, dated, None));
    accepts(
        lived.clone(),
        on(6, count(first, Some(" "))),
        &[set(Some(dated), first, None).into()],
    );
    let lived = and(lived, 6, set(Some(dated), first, None));
    refuses(lived.clone(), on(6, count(second, None)), no_reason());
    refuses(
        lived.clone(),
        on(6, count(first, Some(WHY))),
        unchanged("baseline", "this is the measure's baseline"),
    );
    refuses(
        lived.clone(),
        on(5, count(second, Some(WHY))),
        too_early(MEASURED, 6),
    );
    accepts(
        lived,
        on(6, count(second, Some(WHY))),
        &[set(Some(first), second, Some(WHY)).into()],
    );
}

#[test]
fn a_target_changes_with_a_reason_and_the_first_stays_the_original() {
    let lived = measured(MeasureKind::Additional);
    accepts(
        lived.clone(),
        on(6, aim_at("60", WHY)),
        &[target_changed(None, "60").into()],
    );
    let lived = and(lived, 6, target_changed(None, "60"));
    let lived = and(lived, 9, target_changed(Some("60"), "40"));
    accepts(
        lived.clone(),
        on(9, aim_at("45.0", WHY)),
        &[target_changed(Some("40"), "45").into()],
    );
    let commitment = folded(&lived);
    let kept = commitment.measure(measure(1)).expect("the measure");
    assert_eq!(kept.original_target(), Some(figure("60")));
    assert_eq!(kept.target(), Some(figure("40")));
}

fn folded(lived: &[Lived]) -> Commitment {
    let mut commitment = Commitment::default();
    for dated in lived {
        cqrs_es::Aggregate::apply(&mut commitment, dated.clone());
    }
    commitment
}

#[test]
fn a_target_change_needs_another_target_a_reason_and_a_date_in_order() {
    let lived = and(
        measured(MeasureKind::Additional),
        24,
        target_changed(None, "60"),
    );
    refuses(
        lived.clone(),
        on(25, aim_at("60.0", WHY)),
        unchanged("target", "this is the measure's target"),
    );
    refuses(lived.clone(), on(25, aim_at("40", " ")), no_reason());
    refuses(lived, on(23, aim_at("40", WHY)), too_early(MEASURED, 24));
    refuses(
        measured(MeasureKind::Narrative),
        on(6, aim_at("40", WHY)),
        FigureError::Narrative { field: "target" },
    );
    refuses(
        a_promise(),
        on(6, aim_at("40", WHY)),
        CommitmentError::UnknownMeasure,
    );
}

#[test]
fn a_measure_s_due_date_changes_with_a_reason() {
    let changed = |from: Option<u32>, to: Option<u32>| MeasureDueDateChanged {
        measure_id: measure(1),
        from: from.map(july),
        to: to.map(july),
        reason: WHY.into(),
    };
    let lived = measured(MeasureKind::Narrative);
    accepts(
        lived.clone(),
        on(6, due(Some(30), WHY)),
        &[changed(None, Some(30)).into()],
    );
    refuses(
        lived.clone(),
        on(6, due(None, WHY)),
        unchanged("dueOn", "this is the measure's due date"),
    );
    refuses(lived.clone(), on(6, due(Some(30), "")), no_reason());
    refuses(lived, on(4, due(Some(30), WHY)), too_early(MEASURED, 5));
}

#[test]
fn a_withdrawn_measure_takes_nothing_more() {
    let kind = MeasureKind::Additional;
    let withdrawn = MeasureWithdrawn {
        measure_id: measure(1),
        reason: WHY.into(),
    };
    accepts(
        measured(kind),
        on(6, withdraw(1, WHY)),
        &[withdrawn.clone().into()],
    );
    refuses(measured(kind), on(6, withdraw(1, " ")), no_reason());
    let lived = and(measured(kind), 6, withdrawn);
    for asked in [
        withdraw(1, WHY),
        aim_at("4", WHY),
        due(Some(30), WHY),
        count(baseline(5, Some("1")), Some(WHY)),
    ] {
        refuses(
            lived.clone(),
            on(7, asked),
            CommitmentError::MeasureWithdrawn { on: july(6) },
        );
    }
}

#[test]
fn a_measure_changes_neither_after_the_end_nor_before_the_reopening() {
    let conclusion = Conclusion::Achieved;
    let lived = and(
        measured(MeasureKind::Additional),
        9,
        CommitmentConcluded { conclusion },
    );
    let status = Status::Achieved;
    for asked in [
        add(2, MeasureKind::Total),
        aim_at("4", WHY),
        due(Some(30), WHY),
        withdraw(1, WHY),
    ] {
        refuses(
            lived.clone(),
            on(10, asked),
            CommitmentError::Ended { status },
        );
    }
    let reopened = CommitmentReopened {
        from: status,
        to: Status::InProgress,
        reason: WHY.into(),
    };
    refuses(
        and(lived, 12, reopened),
        on(11, aim_at("4", WHY)),
        too_early("this commitment has been open to changes since", 12),
    );
}
