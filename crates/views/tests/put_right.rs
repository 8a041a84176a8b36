//! What the folds and the sentences make of updates and reports that were put right or taken back.

mod story;

use std::collections::BTreeSet;

use domain::Text;
use domain::action_plan::{UpdateCorrected, UpdateTerms, UpdateWithdrawn};
use domain::commitment::{
    AchievementCorrected, AchievementReported, AchievementTerms, AchievementWithdrawn, Standing,
    Status,
};
use domain::ids::AchievementId;
use domain::stream::{StreamId, StreamKind};
use ledger::Entry;
use story::*;
use uuid::Uuid;
use views::action_plan::ActionState;
use views::{ActionPlanView, AsOf, CommitmentView, Cut, Fold, Names, fold, fold_rows, say};

fn achievement(n: u128) -> AchievementId {
    AchievementId::new(id(700 + n))
}

fn said() -> UpdateTerms {
    UpdateTerms {
        text: "The three objectives are taken together in one special event"
            .to_owned()
            .into(),
        objectives: vec![objective(1), objective(2), objective(3)],
    }
}

fn meant() -> UpdateTerms {
    UpdateTerms {
        text: "Two objectives are taken together in one event"
            .to_owned()
            .into(),
        objectives: vec![objective(3), objective(5)],
    }
}

fn reported(n: u128, on: &str, text: &str) -> AchievementReported {
    AchievementReported {
        achievement_id: achievement(n),
        reported_on: day(on),
        standing: Standing::GoodProgress,
        text: text.to_owned().into(),
    }
}

fn report(on: &str, standing: Standing, text: &str) -> AchievementTerms {
    AchievementTerms {
        reported_on: day(on),
        standing,
        text: text.to_owned().into(),
    }
}

/// The story, and how some of it was put right and taken back.
fn told() -> Story {
    let mut story = compact();
    story.on("2007-12-10").plan(UpdateCorrected {
        update_id: update(1),
        from: said(),
        to: meant(),
        reason: "as the minutes have it".to_owned().into(),
    });
    story.on("2008-01-10").plan(UpdateWithdrawn {
        update_id: update(2),
        reason: "it was recorded twice".to_owned().into(),
    });
    story
        .on("2009-02-01")
        .pledge(reported(1, "2009-02-01", "Seven have signed."))
        .pledge(reported(2, "2009-01-31", "Six have signed."));
    story.on("2009-03-01").pledge(AchievementCorrected {
        achievement_id: achievement(2),
        from: report("2009-01-31", Standing::GoodProgress, "Six have signed."),
        to: report("2009-02-20", Standing::InProgress, "Five have signed."),
        reason: "one had not signed".to_owned().into(),
    });
    story.on("2009-04-01").pledge(AchievementWithdrawn {
        achievement_id: achievement(2),
        reason: "it tells of another commitment".to_owned().into(),
    });
    story
}

fn of<V: Fold>(stream: StreamId, date: &str) -> V {
    let story = told();
    let cut = Cut {
        as_of: Some(AsOf::On(day(date))),
        known_at: None,
    };
    let entries = story.entries.iter();
    let entries = entries.filter(|entry| entry.recorded.stream == stream && cut.includes(entry));
    fold(entries).expect("a view")
}

fn plan_on(date: &str) -> ActionPlanView {
    of(StreamId::action_plan(PLAN), date)
}

fn pledge_on(date: &str) -> CommitmentView {
    of(StreamId::commitment(PLEDGE), date)
}

#[test]
fn a_corrected_update_is_corrected_for_all_it_speaks_for_and_shows_what_it_said_and_why() {
    let plan = plan_on("2007-12-10");
    let corrected = plan.update(update(1)).expect("the update");
    assert_eq!(
        (&corrected.text, &corrected.objectives),
        (&meant().text, &meant().objectives)
    );
    let [correction] = &corrected.corrections[..] else {
        panic!("one correction: {:?}", corrected.corrections);
    };
    assert_eq!((&correction.from, &correction.to), (&said(), &meant()));
    assert_eq!(
        correction.reason.as_ref().map(Text::shown),
        Some("as the minutes have it")
    );
    assert_eq!(correction.made.on, day("2007-12-10"));
    assert_eq!(corrected.made.on, day("2007-09-24"), "it was said then");
    let spoken = |n| plan.objective(objective(n)).map(|o| o.updates.clone());
    assert_eq!(spoken(1), Some(vec![]));
    assert_eq!(spoken(3), Some(vec![update(1)]));
    assert_eq!(spoken(5), Some(vec![update(1), update(2)]), "as recorded");
}

#[test]
fn as_of_a_day_before_its_correction_an_update_says_what_it_said_then() {
    let plan = plan_on("2007-12-09");
    let update = plan.update(update(1)).expect("the update");
    assert_eq!(update.text, said().text);
    assert_eq!(update.objectives, said().objectives);
    assert!(update.corrections.is_empty());
    let passport = plan.objective(objective(5)).expect("the passport");
    assert_eq!(passport.updates, [story::update(2)]);
}

#[test]
fn a_withdrawn_update_stays_with_its_reason_and_so_does_what_it_changed() {
    let before = plan_on("2008-01-09");
    assert_eq!(before.update(update(2)).expect("it").withdrawn, None);
    let plan = plan_on("2008-01-10");
    let update = plan.update(update(2)).expect("the update");
    assert_eq!(update.text, "Passport models were discussed.".into());
    let withdrawn = update.withdrawn.as_ref().expect("withdrawn");
    assert_eq!(withdrawn.reason, "it was recorded twice".into());
    assert_eq!(withdrawn.made.on, day("2008-01-10"));
    for number in [3, 5] {
        let standing = |plan: &ActionPlanView| plan.objective(objective(number)).cloned();
        let (before, after) = (standing(&before), standing(&plan));
        assert_eq!(after, before, "nothing it changed is undone");
    }
    let (_, seminar) = plan.action(action(3)).expect("the seminar");
    assert_eq!(seminar.state, ActionState::Completed);
}

#[test]
fn a_corrected_report_shows_what_it_said_and_why_and_before_that_day_says_it() {
    let before = pledge_on("2009-02-28");
    assert_eq!(
        before.latest_achievement().map(|told| told.id),
        Some(achievement(1))
    );
    let pledge = pledge_on("2009-03-01");
    let latest = pledge.latest_achievement().expect("a report");
    assert_eq!(latest.id, achievement(2), "by the day it now bears");
    assert_eq!(
        (latest.reported_on, latest.standing, latest.text.shown()),
        (day("2009-02-20"), Standing::InProgress, "Five have signed.")
    );
    let [correction] = &latest.corrections[..] else {
        panic!("one correction: {:?}", latest.corrections);
    };
    assert_eq!(correction.from.text, "Six have signed.".into());
    assert_eq!(
        correction.reason.as_ref().map(Text::shown),
        Some("one had not signed")
    );
    let then = before.achievement(achievement(2)).expect("it");
    assert_eq!(then.text, "Six have signed.".into());
    assert!(then.corrections.is_empty());
}

#[test]
fn a_withdrawn_report_stays_with_its_reason_is_no_longer_the_latest_and_moves_no_status() {
    let pledge = pledge_on("2009-04-01");
    assert_eq!(pledge.achievements.len(), 2);
    let withdrawn = pledge.achievement(achievement(2)).expect("it");
    let why = withdrawn
        .withdrawn
        .as_ref()
        .map(|ended| ended.reason.shown());
    assert_eq!(why, Some("it tells of another commitment"));
    let latest = pledge.latest_achievement().map(|told| told.id);
    assert_eq!(latest, Some(achievement(1)));
    assert_eq!(pledge.status.current, Status::CarriedForward);
}

#[test]
fn views_that_were_saved_before_anything_could_be_put_right_are_still_read() {
    fn fields(saved: &impl serde::Serialize) -> BTreeSet<String> {
        let saved = serde_json::to_value(saved).expect("it can be saved");
        saved
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect()
    }
    let set = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    let plan = plan_on("2007-12-09");
    let then: BTreeSet<String> = set(&["id", "made", "objectives", "text"]);
    assert_eq!(fields(&plan.updates[0]), then);
    let pledge = pledge_on("2009-02-28");
    let then: BTreeSet<String> = set(&["id", "made", "reported_on", "standing", "text"]);
    assert_eq!(fields(&pledge.achievements[0]), then);
}

#[test]
fn a_fold_carried_on_from_what_was_saved_is_the_fold_of_the_whole() {
    fn carried_on<V: Fold>(entries: &[Entry]) {
        let whole = fold_rows::<V>(entries);
        for at in 0..entries.len() {
            let mut rows = fold_rows::<V>(&entries[..at]);
            for view in rows.values_mut() {
                let saved = serde_json::to_string(view).expect("it can be saved");
                *view = serde_json::from_str(&saved).expect("it can be loaded");
            }
            for entry in &entries[at..] {
                views::fold_into(&mut rows, entry);
            }
            assert_eq!(rows, whole, "in two parts at {at}");
        }
    }
    carried_on::<ActionPlanView>(&told().entries);
    carried_on::<CommitmentView>(&told().entries);
}

/// The sentence of the last entry of a type, and what it concerns.
fn sentence(kind: &str) -> (String, Vec<Uuid>) {
    let entries = told().entries;
    let of = |kind| {
        entries
            .iter()
            .filter(move |entry| entry.recorded.stream.kind == kind)
    };
    let plan = fold::<ActionPlanView>(of(StreamKind::ActionPlan)).expect("the plan");
    let pledge = fold::<CommitmentView>(of(StreamKind::Commitment)).expect("the commitment");
    let entry = entries.iter().rfind(|entry| entry.event.kind() == kind);
    let entry = entry.expect("such an entry");
    let names = match entry.recorded.stream.kind {
        StreamKind::ActionPlan => Names::ActionPlan(&plan),
        _ => Names::Commitment(&pledge),
    };
    let line = say(entry, names);
    let subjects = line.subjects.iter().map(|subject| subject.id);
    (line.text, subjects.collect())
}

#[test]
fn putting_an_update_right_reads_from_to_and_why_and_concerns_every_objective_named() {
    let (text, subjects) = sentence("action_plan.update_corrected");
    assert_eq!(
        text,
        "The update on objectives 1, 2 and 3 was corrected from “The three objectives are taken \
         together in one special event” to “Two objectives are taken together in one event” and now \
         speaks for objectives 3 and 5: as the minutes have it."
    );
    for number in [1, 2, 3, 5] {
        assert!(subjects.contains(&objective(number).uuid()), "{number}");
    }
    assert!(subjects.contains(&update(1).uuid()));
    let (recorded, _) = sentence("action_plan.update_recorded");
    assert_eq!(
        recorded,
        "Update on objective 5: Passport models were discussed."
    );
}

#[test]
fn taking_an_update_back_reads_with_what_it_had_said() {
    let (text, subjects) = sentence("action_plan.update_withdrawn");
    assert_eq!(
        text,
        "The update on objective 5 (“Passport models were discussed.”) was withdrawn: it was recorded \
         twice."
    );
    assert!(subjects.contains(&objective(5).uuid()));
}

#[test]
fn putting_a_report_right_and_taking_it_back_read_with_what_it_had_said() {
    let (text, subjects) = sentence("commitment.achievement_corrected");
    assert_eq!(
        text,
        "The report on commitment 1 of 2008-09 was corrected from good progress on 31 January 2009, \
         “Six have signed.” to in progress on 20 February 2009, “Five have signed.”: one had not signed."
    );
    assert!(subjects.contains(&achievement(2).uuid()));
    let (text, subjects) = sentence("commitment.achievement_withdrawn");
    assert_eq!(
        text,
        "The report on commitment 1 of 2008-09 (in progress on 20 February 2009, “Five have signed.”) \
         was withdrawn: it tells of another commitment."
    );
    assert!(subjects.contains(&achievement(2).uuid()));
}
