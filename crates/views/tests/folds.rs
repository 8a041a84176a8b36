//! What the folds make of the story, whole and as of a day.

mod story;

use domain::Text;
use domain::commitment::Status;
use domain::compact::{CompactBeginnings, CompactCorrected};
use domain::figure::MeasureKind;
use domain::stream::StreamId;
use domain::{CommitmentEvent, Event, Reach};
use ledger::Entry;
use proptest::prelude::*;
use story::*;
use views::action_plan::{ActionState, Happened, ObjectiveState};
use views::{
    ActionListRow, ActionPlanView, AsOf, CommitmentView, CompactOverview, Cut, Fold, Mentions,
    RegionRegister, fold, fold_rows, step,
};

fn of<V: Fold>(story: &Story, stream: StreamId, cut: Cut) -> Option<V> {
    let entries = story.entries.iter();
    fold(entries.filter(|entry| entry.recorded.stream == stream && cut.includes(entry)))
}

fn plan_on(date: &str) -> ActionPlanView {
    let cut = Cut {
        as_of: Some(AsOf::On(day(date))),
        known_at: None,
    };
    of(&compact(), StreamId::action_plan(PLAN), cut).expect("the plan")
}

fn pledge() -> CommitmentView {
    of(&compact(), StreamId::commitment(PLEDGE), Cut::default()).expect("the commitment")
}

#[test]
fn on_1_august_the_plan_is_as_it_was_set() {
    let plan = plan_on("2007-08-01");
    assert_eq!(plan.objectives.len(), 4);
    assert!(plan.updates.is_empty());
    let (_, seminar) = plan.action(action(3)).unwrap();
    assert_eq!(seminar.due_on(), Some(day("2007-09-30")));
    let passport = plan.objective(objective(5)).unwrap();
    assert!(matches!(
        passport.state.current,
        ObjectiveState::NoneAtPresent { .. }
    ));
}

#[test]
fn on_1_october_one_update_speaks_for_three_objectives_and_is_one_update() {
    let plan = plan_on("2007-10-01");
    let spoken_for = plan
        .objectives
        .iter()
        .filter(|o| o.updates == [update(1)])
        .count();
    assert_eq!(spoken_for, 3);
    assert_eq!(plan.updates.iter().filter(|u| u.id == update(1)).count(), 1);
    assert_eq!(plan.update(update(1)).unwrap().objectives.len(), 3);
}

#[test]
fn on_1_october_september_has_become_november_and_both_are_visible_with_the_reason() {
    let plan = plan_on("2007-10-01");
    let (_, seminar) = plan.action(action(3)).unwrap();
    assert_eq!(
        seminar.original_timescale,
        Some(until("End of Sep 07", "2007-09-30"))
    );
    assert_eq!(seminar.due_on(), Some(day("2007-11-30")));
    let moved = seminar
        .changes
        .iter()
        .find(|change| matches!(change.happened, Happened::Rescheduled { .. }))
        .unwrap();
    assert_eq!(
        moved.reason.as_ref().map(Text::shown),
        Some("the event moves from September to November")
    );
    assert_eq!(moved.update, Some(update(1)));
    assert_eq!(
        moved.made.meeting.map(|meeting| meeting.held_on),
        Some(day("2007-09-24"))
    );
}

#[test]
fn on_1_october_the_passport_is_dropped_with_its_reason_and_its_former_note() {
    let plan = plan_on("2007-10-01");
    let passport = plan.objective(objective(5)).unwrap();
    let reason = "not practical: organisations' requirements differ".to_owned();
    assert_eq!(
        passport.state.current,
        ObjectiveState::Dropped {
            reason: reason.into()
        }
    );
    assert!(passport.state.changes.iter().any(|change| {
        matches!(&change.from, ObjectiveState::NoneAtPresent { note, .. } if note.shown().contains("pilot"))
    }));
}

#[test]
fn an_action_is_overdue_at_a_date_by_the_due_date_it_had_then() {
    let story = compact();
    let plan: ActionPlanView =
        of(&story, StreamId::action_plan(PLAN), Cut::default()).expect("the plan");
    let row = |number| {
        let (objective, found) = plan.action(action(number)).unwrap();
        ActionListRow::new(&plan, objective, found)
    };
    // Set on 27 July with a due date already past, and never done.
    assert!(row(2).overdue_at(day("2007-07-27")));
    assert!(row(2).overdue_at(day("2010-01-01")));
    assert!(!row(1).overdue_at(day("2007-07-31")));
    assert!(row(1).overdue_at(day("2007-08-01")));
    // Rescheduled before it was due, done before the new date.
    assert!(!row(3).overdue_at(day("2007-10-01")));
    assert!(!row(3).overdue_at(day("2008-01-01")));
    assert_eq!(row(3).state, ActionState::Completed);
    assert_eq!(row(3).ended_on, Some(day("2007-11-28")));
}

#[test]
fn what_was_recorded_later_is_not_in_what_was_known_then() {
    let mut story = compact();
    story.recorded("2008-10-02", "2009-06-01T10:00:00Z").pledge(
        domain::commitment::TargetChanged {
            measure_id: MEASURE,
            from: Some(figure(12)),
            to: figure(15),
            reason: "found in the minutes".to_owned().into(),
        },
    );
    let as_of = Some(AsOf::On(day("2008-12-31")));
    let target = |known_at: Option<&str>| {
        let known_at = known_at.map(|at| at.parse().expect("a moment"));
        let cut = Cut { as_of, known_at };
        let view: CommitmentView = of(&story, StreamId::commitment(PLEDGE), cut).expect("it");
        view.measures[0].target.current
    };
    assert_eq!(target(None), Some(figure(15)));
    assert_eq!(target(Some("2008-12-31T00:00:00Z")), Some(figure(12)));
}

#[test]
fn a_changed_target_keeps_the_original_in_view_with_the_reason() {
    let pledge = pledge();
    let target = &pledge.measures[0].target;
    assert_eq!(*target.original(), Some(figure(10)));
    assert_eq!(target.current, Some(figure(12)));
    assert_eq!(
        target.changes[0].reason.as_ref().map(Text::shown),
        Some("two more organisations registered interest")
    );
}

#[test]
fn the_latest_reading_is_the_corrected_one_and_not_the_withdrawn_one() {
    let pledge = pledge();
    let measure = &pledge.measures[0];
    assert_eq!(measure.readings.len(), 3);
    let latest = measure.latest_reading().unwrap();
    assert_eq!(
        (latest.id, latest.terms.current.value),
        (reading(2), figure(6))
    );
    assert_eq!(latest.terms.original().value, figure(7));
    assert!(measure.reading(reading(3)).unwrap().withdrawn.is_some());
    let progress = measure.progress();
    assert_eq!(progress.value, Some(figure(6)));
    assert_eq!(progress.fraction, Some("0.5".parse().unwrap()));
    assert_eq!(progress.reached, Some(false));
    assert_eq!(progress.unit, "organisations");
}

#[test]
fn a_carried_forward_commitment_says_into_which_and_why() {
    let pledge = pledge();
    assert_eq!(pledge.status.current, Status::CarriedForward);
    assert_eq!(pledge.status_since(), day("2009-03-31"));
    let carried = pledge.carried_forward.unwrap();
    assert_eq!(carried.into.session.to_string(), "2009-10");
    assert_eq!(carried.reason, "the target was not reached".into());
}

#[test]
fn progress_is_a_share_only_where_the_kind_has_one() {
    let mut measure = pledge().measures.remove(0);
    measure.kind = MeasureKind::IncreaseOnBaseline;
    assert_eq!(
        measure.progress().value,
        None,
        "the baseline has not been counted"
    );
    let baseline = domain::commitment::Baseline {
        on: day("2008-03-31"),
        value: Some(figure(2)),
    };
    measure.baseline.current = Some(baseline);
    assert_eq!(measure.progress().value, Some(figure(4)));
    measure.target.current = None;
    assert_eq!(
        measure.progress().fraction,
        None,
        "no share without a target"
    );
    measure.kind = MeasureKind::Milestone;
    assert_eq!(measure.progress().fraction, None);
    assert_eq!(measure.progress().reached, Some(true));
    measure.kind = MeasureKind::Narrative;
    assert_eq!(
        (measure.progress().value, measure.progress().reached),
        (None, None)
    );
}

#[test]
fn the_overview_shows_what_was_put_right_and_keeps_what_was_wrong() {
    let said = |area: &str, launched: &str| CompactBeginnings {
        area: area.to_owned(),
        launched_on: day(launched),
        pilot_from_year: None,
    };
    let wrong = said("Lincolnshire and Rutland", "2007-05-21");
    let right = said("Lincolnshire", "2007-05-22");
    let mut story = compact();
    story.compact(CompactCorrected {
        from: wrong.clone(),
        to: right.clone(),
        reason: "as the minutes have it".to_owned().into(),
    });
    let overview = fold::<CompactOverview>(&story.entries).expect("the overview");
    assert_eq!(
        (overview.area, overview.launched_on),
        (right.area.clone(), right.launched_on)
    );
    let [correction] = &overview.corrections[..] else {
        panic!("one correction: {:?}", overview.corrections);
    };
    assert_eq!((&correction.from, &correction.to), (&wrong, &right));
    let entry = story.entries.last().expect("the correction");
    assert_eq!(
        views::say(entry, views::Names::Unknown).text,
        "The record now says that the area is Lincolnshire, not Lincolnshire and Rutland and that it was \
         launched on 22 May 2007, not on 21 May 2007: as the minutes have it."
    );
}

#[test]
fn the_overview_counts_commitments_actions_and_meetings() {
    let overview = fold::<CompactOverview>(&compact().entries).expect("the overview");
    let sessions = overview.sessions_within(&Reach::EVERYTHING);
    assert_eq!(sessions.len(), 1);
    assert_eq!(sessions[0].by_status.get(&Status::CarriedForward), Some(&1));
    assert_eq!(overview.plans.len(), 1);
    let open = overview.open_actions_within(&Reach::EVERYTHING);
    assert_eq!(open, 2, "one of three was completed");
    let meeting = overview.meeting_within(MEETING, &Reach::EVERYTHING);
    let meeting = meeting.expect("the meeting was seen");
    assert_eq!(
        (meeting.meeting.held_on, meeting.entries),
        (day("2007-09-24"), 5)
    );
    assert_eq!(
        AsOf::meeting(&overview, MEETING),
        Some(AsOf::On(day("2007-09-24")))
    );
    let chair = overview
        .group(LD)
        .and_then(|group| group.chair.current.clone());
    assert_eq!(chair.map(|chair| chair.id), Some(COLLEGE));
}

#[test]
fn mentions_lead_from_an_organisation_to_every_stream_that_speaks_of_it() {
    let rows = fold_rows::<Mentions>(&compact().entries);
    let mentioning: Vec<_> = rows
        .values()
        .filter(|row| row.subjects.contains(&COLLEGE.uuid()))
        .map(|row| row.stream)
        .collect();
    assert_eq!(
        mentioning,
        [StreamId::compact(COMPACT), StreamId::commitment(PLEDGE)]
    );
}

#[test]
fn what_speaks_of_a_measure_not_yet_there_is_passed_over() {
    let story = compact();
    let begun = |entry: &&Entry| {
        !matches!(
            &entry.event,
            Event::Commitment(CommitmentEvent::MeasureAdded(_))
        )
    };
    let view = fold::<CommitmentView>(
        story
            .entries
            .iter()
            .filter(|entry| entry.recorded.stream == StreamId::commitment(PLEDGE))
            .filter(begun),
    )
    .expect("the commitment");
    assert!(view.measures.is_empty());
}

/// Folding `entries` in two parts, saved and loaded in between, gives what folding them at once does.
fn in_two_parts<V: Fold>(entries: &[Entry], at: usize) -> Result<(), TestCaseError> {
    let mut rows = fold_rows::<V>(&entries[..at]);
    for view in rows.values_mut() {
        let saved = serde_json::to_string(view).expect("it can be saved");
        *view = serde_json::from_str(&saved).expect("it can be loaded");
    }
    for entry in &entries[at..] {
        views::fold_into(&mut rows, entry);
    }
    prop_assert_eq!(rows, fold_rows::<V>(entries));
    Ok(())
}

proptest! {
    #[test]
    fn a_fold_carried_on_from_what_was_saved_is_the_fold_of_the_whole(
        keep in prop::collection::vec(prop::bool::weighted(0.9), 64),
        at in 0_usize..64,
    ) {
        let entries: Vec<Entry> = compact()
            .entries
            .into_iter()
            .zip(keep.into_iter().chain(std::iter::repeat(true)))
            .filter_map(|(entry, keep)| keep.then_some(entry))
            .collect();
        let at = at.min(entries.len());
        in_two_parts::<CompactOverview>(&entries, at)?;
        in_two_parts::<CommitmentView>(&entries, at)?;
        in_two_parts::<ActionPlanView>(&entries, at)?;
        in_two_parts::<Mentions>(&entries, at)?;
        in_two_parts::<RegionRegister>(&entries, at)?;
    }
}

#[test]
fn a_view_does_not_begin_with_an_entry_that_only_changes_it() {
    let story = compact();
    let mut view: Option<CommitmentView> = None;
    for entry in story.entries.iter().rev() {
        if view.is_none() {
            step(&mut view, entry);
            let begins = matches!(
                &entry.event,
                Event::Commitment(CommitmentEvent::Proposed(_))
            );
            assert_eq!(view.is_some(), begins);
        }
    }
    assert!(view.is_some());
}
