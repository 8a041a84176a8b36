//! Nothing is lost on the way: the plan's counts against a plain walk over the files.

use std::collections::BTreeSet;

use domain::{
    ActionPlanCommand, Command, CommitmentCommand, CompactCommand, MeetingCommand, RegionCommand,
    Visibility,
};
use toml::{Table, Value};

use super::planned;
use crate::reference::data::embedded_texts;

/// The tables under `key`, in every file.
fn walk(key: &str) -> Vec<Table> {
    let texts = embedded_texts();
    let files = texts
        .values()
        .map(|text| text.parse::<Table>().expect("TOML"));
    files.flat_map(|file| under(&file, key)).collect()
}

fn under(table: &Table, key: &str) -> Vec<Table> {
    match table.get(key) {
        None => vec![],
        Some(Value::Table(one)) => vec![one.clone()],
        Some(Value::Array(many)) => many
            .iter()
            .map(|row| row.as_table().expect("a table").clone())
            .collect(),
        Some(other) => panic!("{key} is {other}"),
    }
}

fn having(tables: &[Table], key: &str) -> usize {
    tables
        .iter()
        .filter(|table| table.contains_key(key))
        .count()
}

fn distinct(tables: &[Table], key: &str) -> usize {
    let names = tables.iter().map(|table| table[key].to_string());
    names.collect::<BTreeSet<_>>().len()
}

/// How many planned commands are of a kind.
fn count(kind: impl Fn(&Command) -> bool) -> usize {
    let plan = planned();
    let commands = plan.submissions().flat_map(|sent| &sent.commands);
    commands.filter(|command| kind(command)).count()
}

macro_rules! count {
    ($aggregate:ident, $pattern:pat) => {
        count(|command| {
            matches!(
                command,
                Command::$aggregate {
                    command: $pattern,
                    ..
                }
            )
        })
    };
}

#[test]
fn everything_in_the_region_s_register_is_planned_once() {
    use RegionCommand as R;
    let region = walk("region").remove(0);
    assert_eq!(count!(Region, R::EstablishRegion { .. }), 1);
    assert_eq!(
        count!(Region, R::SetChallenge { .. }),
        under(&region, "challenge").len()
    );
    assert_eq!(count!(Region, R::AddTheme { .. }), walk("theme").len());
    assert_eq!(count!(Region, R::AddTheme { .. }), 11);
    assert_eq!(count!(Region, R::OpenCompact { .. }), 5);
    let organisations = walk("organisation");
    assert_eq!(
        count!(Region, R::RegisterOrganisation { .. }),
        distinct(&organisations, "name")
    );
    let measures: Vec<Table> = walk("priority")
        .iter()
        .flat_map(|row| under(row, "measure"))
        .collect();
    assert_eq!(
        count!(Region, R::DefineIndicator { .. }),
        distinct(&measures, "indicator")
    );
}

#[test]
fn every_group_and_chair_is_planned() {
    use CompactCommand as K;
    let groups = walk("group");
    assert_eq!(count!(Compact, K::FormGroup { .. }), groups.len());
    assert_eq!(
        count!(Compact, K::AppointChair { .. }),
        having(&groups, "chair_organisation")
    );
}

#[test]
fn fifty_one_commitments_of_three_sessions_are_planned_with_their_measures_and_achievements() {
    use CommitmentCommand as C;
    let priorities = walk("priority");
    assert_eq!(priorities.len(), 51);
    assert_eq!(distinct(&priorities, "session"), 3);
    assert_eq!(count!(Commitment, C::ProposeCommitment { .. }), 51);
    assert_eq!(count!(Commitment, C::AgreeCommitment), 51);
    let published = C::ReleaseCommitment {
        to: Visibility::Public,
        reason: None,
    };
    let says_so = |asked: &Command| matches!(asked, Command::Commitment { command, .. } if *command == published);
    assert_eq!(count(says_so), 51);
    assert_eq!(
        count!(Commitment, C::AddMeasure { .. }),
        having(&priorities, "measure")
    );
    assert_eq!(
        count!(Commitment, C::ReportAchievement { .. }),
        having(&priorities, "achievement")
    );
}

#[test]
fn four_action_plans_are_planned_with_every_objective_and_update() {
    use ActionPlanCommand as A;
    let plans = walk("action_plan");
    let rows =
        |key: &str| -> Vec<Table> { plans.iter().flat_map(|plan| under(plan, key)).collect() };
    assert_eq!(plans.len(), 4);
    // One more holds what the minutes of a group raise themselves.
    let meetings = walk("meeting");
    let items: Vec<Table> = meetings.iter().flat_map(|row| under(row, "item")).collect();
    let next: Vec<Table> = meetings.iter().flat_map(|row| under(row, "next")).collect();
    let raising = having(&items, "action") + having(&next, "action");
    let raised: usize = items.iter().map(|row| under(row, "action").len()).sum();
    let raised = raised + having(&next, "action");
    assert_eq!(count!(ActionPlan, A::SetActionPlan { .. }), 5);
    let published = A::ReleaseActionPlan {
        to: Visibility::Public,
        reason: None,
    };
    let says_so = |asked: &Command| matches!(asked, Command::ActionPlan { command, .. } if *command == published);
    assert_eq!(count(says_so), 5);
    assert_eq!(
        count!(ActionPlan, A::AddObjective { .. }),
        rows("objective").len() + raising
    );
    assert_eq!(
        count!(ActionPlan, A::MakeChange { .. }),
        rows("objective").len() + raised
    );
    assert_eq!(
        count!(ActionPlan, A::RecordUpdate { .. }),
        rows("update").len()
    );
}

#[test]
fn every_meeting_is_planned_with_its_minutes_its_actions_and_what_came_since() {
    use MeetingCommand as M;
    let meetings = walk("meeting");
    let below =
        |key: &str| -> Vec<Table> { meetings.iter().flat_map(|row| under(row, key)).collect() };
    let (items, next) = (below("item"), below("next"));
    assert_eq!(count!(Meeting, M::RecordMeeting { .. }), meetings.len());
    assert_eq!(count!(Meeting, M::CallMeeting { .. }), next.len());
    assert_eq!(
        count!(Meeting, M::RearrangeMeeting { .. }),
        having(&next, "since_the_meeting")
    );
    assert_eq!(
        count!(Meeting, M::NoteSince { .. }),
        having(&items, "since_the_meeting")
    );
    let plan = planned();
    let recorded = plan.submissions().flat_map(|sent| &sent.commands);
    let minuted = recorded.filter_map(|command| match command {
        Command::Meeting {
            command: M::RecordMeeting { items, .. },
            ..
        } => Some(items),
        _ => None,
    });
    let minuted: Vec<_> = minuted.flatten().collect();
    let notes = having(&meetings, "note");
    assert_eq!(minuted.len(), items.len() + next.len() + notes);
    let raised: usize = minuted.iter().map(|item| item.actions.len()).sum();
    let actions: usize = items.iter().map(|row| under(row, "action").len()).sum();
    assert_eq!(raised, actions + having(&next, "action"));
    // What was said of the plans at a meeting is named by its minutes.
    let said: usize = minuted.iter().map(|item| item.updates.len()).sum();
    assert_eq!(said, 8);
}

#[test]
fn every_piece_of_good_practice_is_planned_and_every_compact_that_took_one_up() {
    use domain::{AdoptionCommand as D, GoodPracticeCommand as P};
    let rows = walk("good_practice");
    assert_eq!(rows.len(), 13);
    assert_eq!(count!(GoodPractice, P::WritePractice { .. }), rows.len());
    assert_eq!(count!(GoodPractice, P::ReleasePractice { .. }), rows.len());
    let taken_up = rows.iter().filter_map(|row| row.get("adopted_by"));
    let taken_up: usize = taken_up
        .map(|list| list.as_array().map_or(0, Vec::len))
        .sum();
    assert_eq!(taken_up, 4);
    assert_eq!(count!(Adoption, D::AdoptPractice { .. }), taken_up);
    assert_eq!(count!(Adoption, D::ReleaseAdoption { .. }), taken_up);
    // Those that no organisation is named for stay without one.
    let of_an_organisation = planned()
        .submissions()
        .flat_map(|sent| &sent.commands)
        .filter(|command| {
            matches!(command, Command::GoodPractice { command: P::WritePractice { terms }, .. }
                if terms.organisation.is_some())
        })
        .count();
    assert_eq!(of_an_organisation, having(&rows, "organisation"));
}

#[test]
fn what_is_left_for_later_is_counted() {
    let left = planned().left;
    let counted = |one: &str| {
        let mut left = left.iter();
        left.find(|left| left.what[0] == one)
            .map_or(0, |left| left.count)
    };
    for (key, what) in [
        ("charter", "charter"),
        ("seminar", "seminar"),
        ("bid", "bid"),
        ("survey", "survey"),
        ("linked_group", "linked group"),
    ] {
        assert!(counted(what) > 0, "{what}");
        assert_eq!(counted(what), walk(key).len(), "{what}");
    }
    let bid = left
        .iter()
        .find(|left| left.what[0] == "bid")
        .expect("a bid");
    assert_eq!(bid.to_string(), "1 bid");
}
