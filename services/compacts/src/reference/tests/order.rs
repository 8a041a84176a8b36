//! The order of the plan, and that it is the same every time.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::action_plan::Change;
use domain::{ActionPlanCommand, Command, CommitmentCommand, RegionCommand};

use super::planned;
use crate::reference::data::embedded_texts;
use crate::reference::{Path, Plan, ReferenceData, plan};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// What stands at `path`, with the day and the meeting it is dated by.
fn dated(plan: &Plan, path: &str) -> (NaiveDate, Option<NaiveDate>) {
    let mut steps = plan.steps.iter();
    let step = steps
        .find(|step| step.path.to_string() == path)
        .unwrap_or_else(|| panic!("nothing stands at {path}"));
    (
        step.on,
        step.submission.meeting.map(|meeting| meeting.held_on),
    )
}

#[test]
fn planning_twice_gives_the_same_submissions() {
    assert_eq!(planned(), planned());
}

#[test]
fn a_directory_with_the_same_files_gives_the_same_plan() {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/east-midlands");
    let read = ReferenceData::from_dir(dir.as_ref()).expect("the directory can be read");
    assert_eq!(plan(&read).expect("it can be planned"), planned());
    let files = std::fs::read_dir(dir).expect("a directory").count();
    assert_eq!(files, embedded_texts().len(), "every file is embedded");
}

#[test]
fn submissions_are_sorted_by_date_and_dated_as_they_say() {
    let plan = planned();
    assert!(plan.steps.is_sorted_by_key(|step| step.on));
    for step in &plan.steps {
        assert_eq!(step.submission.occurred_on, Some(step.on), "{}", step.path);
        if let Some(meeting) = step.submission.meeting {
            assert_eq!(meeting.held_on, step.on, "{}", step.path);
        }
    }
}

#[test]
fn no_command_id_and_no_new_id_is_given_out_twice() {
    let plan = planned();
    let commands: BTreeSet<_> = plan.submissions().map(|sent| sent.command_id).collect();
    assert_eq!(commands.len(), plan.steps.len());
    let mut made: BTreeMap<String, usize> = BTreeMap::new();
    for id in plan
        .submissions()
        .flat_map(|sent| &sent.commands)
        .flat_map(new_ids)
    {
        *made.entry(id).or_default() += 1;
    }
    assert!(made.len() > 100, "ids were looked at: {}", made.len());
    let twice: Vec<_> = made.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

/// The ids of what a command brings into being.
fn new_ids(command: &Command) -> Vec<String> {
    use domain::{AdoptionCommand as D, GoodPracticeCommand as P};
    use domain::{CommitmentCommand as C, CompactCommand as K, MeetingCommand as G};
    match command {
        Command::Region { command, .. } => match command {
            RegionCommand::RegisterOrganisation { organisation, .. } => {
                vec![organisation.to_string()]
            }
            RegionCommand::DefineIndicator { indicator, .. } => vec![indicator.to_string()],
            RegionCommand::OpenCompact { compact, .. } => vec![compact.to_string()],
            _ => vec![],
        },
        Command::Compact { command, .. } => match command {
            K::FormGroup { group, .. } => vec![group.to_string()],
            _ => vec![],
        },
        Command::Commitment { id, command } => match command {
            C::ProposeCommitment { .. } => vec![id.to_string()],
            C::AddMeasure { measure, .. } => vec![measure.to_string()],
            C::ReportAchievement { achievement, .. } => vec![achievement.to_string()],
            _ => vec![],
        },
        Command::ActionPlan { id, command } => match command {
            ActionPlanCommand::SetActionPlan { .. } => vec![id.to_string()],
            ActionPlanCommand::AddObjective { objective, .. } => vec![objective.to_string()],
            ActionPlanCommand::RecordUpdate {
                update, changes, ..
            } => std::iter::once(update.to_string())
                .chain(changes.iter().filter_map(new_action))
                .collect(),
            ActionPlanCommand::MakeChange { change } => new_action(change).into_iter().collect(),
            _ => vec![],
        },
        Command::Person { id, .. } => vec![id.to_string()],
        Command::Assessment { id, .. } => vec![id.to_string()],
        Command::Meeting { id, command } => match command {
            G::CallMeeting { .. } => vec![id.to_string()],
            G::RecordMeeting { items, .. } => std::iter::once(id.to_string())
                .chain(items.iter().map(|item| item.item.to_string()))
                .collect(),
            _ => vec![],
        },
        Command::GoodPractice { id, command } => match command {
            P::WritePractice { .. } => vec![id.to_string()],
            _ => vec![],
        },
        Command::Adoption { id, command } => match command {
            D::AdoptPractice { .. } => vec![id.to_string()],
            _ => vec![],
        },
    }
}

fn new_action(change: &Change) -> Option<String> {
    match change {
        Change::SetAction { action, .. } => Some(action.to_string()),
        _ => None,
    }
}

/// One of each kind of entry: its path, its day, and the day of its meeting.
const DATED: [(&str, &str, Option<&str>); 22] = [
    ("east-midlands", "2006-05-01", None),
    ("east-midlands/theme/procurement", "2006-05-01", None),
    ("east-midlands/challenge/4", "2009-04-01", None),
    (
        "east-midlands/organisation/lincolnshire-pct",
        "2007-05-21",
        None,
    ),
    (
        "east-midlands/indicator/apprentices-employed-in-the-sector",
        "2009-04-01",
        None,
    ),
    (
        "east-midlands/indicator/good-practice-events-delivered",
        "2008-05-01",
        None,
    ),
    ("derbyshire", "2007-04-01", None),
    ("lincolnshire-rutland/group/RR", "2007-05-21", None),
    (
        "lincolnshire-rutland/group/GM",
        "2007-07-27",
        Some("2007-07-27"),
    ),
    ("leicestershire/group/ATG", "2009-04-01", None),
    (
        "lincolnshire-rutland/commitment/2007-08/1",
        "2007-05-21",
        None,
    ),
    (
        "lincolnshire-rutland/commitment/2008-09/1",
        "2008-05-01",
        None,
    ),
    (
        "lincolnshire-rutland/commitment/2009-10/1",
        "2009-04-01",
        None,
    ),
    (
        "lincolnshire-rutland/commitment/2007-08/3/achievement/2008-05-01",
        "2008-05-01",
        None,
    ),
    (
        "lincolnshire-rutland/action-plan/RR/2007-07-27",
        "2007-07-27",
        Some("2007-07-27"),
    ),
    (
        "lincolnshire-rutland/meeting/LD/2007-09-24",
        "2007-09-24",
        Some("2007-09-24"),
    ),
    (
        "lincolnshire-rutland/meeting/SG/2007-07-27",
        "2007-07-27",
        Some("2007-07-27"),
    ),
    (
        "leicestershire/action-plan/LD/2007-05-09/update/2007-05-09/1",
        "2007-05-09",
        None,
    ),
    (
        "lincolnshire-rutland/good-practice/corporate-e-d-training-at-two-levels",
        "2007-06-21",
        Some("2007-06-21"),
    ),
    (
        "leicestershire/good-practice/shadowing-website",
        "2007-05-09",
        None,
    ),
    (
        "leicestershire/good-practice/the-compact-approach-itself",
        "2006-05-01",
        None,
    ),
    (
        "lincolnshire-rutland/adoption/leicestershire/good-practice/the-compact-approach-itself",
        "2007-05-21",
        None,
    ),
];

#[test]
fn every_kind_of_entry_is_dated_as_the_papers_allow() {
    let plan = planned();
    for (path, on, meeting) in DATED {
        assert_eq!(dated(&plan, path), (day(on), meeting.map(day)), "{path}");
    }
}

#[test]
fn what_the_papers_show_is_published_on_the_day_it_was_agreed_or_set() {
    use domain::{AdoptionCommand as D, GoodPracticeCommand as P, MeetingCommand as G};
    let plan = planned();
    let begins = |command: &Command| match command {
        Command::Commitment { id, command } => {
            matches!(command, CommitmentCommand::ProposeCommitment { .. }).then(|| id.uuid())
        }
        Command::ActionPlan { id, command } => {
            matches!(command, ActionPlanCommand::SetActionPlan { .. }).then(|| id.uuid())
        }
        Command::Meeting { id, command } => {
            matches!(command, G::CallMeeting { .. } | G::RecordMeeting { .. }).then(|| id.uuid())
        }
        Command::GoodPractice { id, command } => {
            matches!(command, P::WritePractice { .. }).then(|| id.uuid())
        }
        Command::Adoption { id, command } => {
            matches!(command, D::AdoptPractice { .. }).then(|| id.uuid())
        }
        _ => None,
    };
    let publishes = |command: &Command| match command {
        Command::Commitment { id, command } => {
            matches!(command, CommitmentCommand::ReleaseCommitment { .. }).then(|| id.uuid())
        }
        Command::ActionPlan { id, command } => {
            matches!(command, ActionPlanCommand::ReleaseActionPlan { .. }).then(|| id.uuid())
        }
        Command::Meeting { id, command } => {
            matches!(command, G::ReleaseMeeting { .. }).then(|| id.uuid())
        }
        Command::GoodPractice { id, command } => {
            matches!(command, P::ReleasePractice { .. }).then(|| id.uuid())
        }
        Command::Adoption { id, command } => {
            matches!(command, D::ReleaseAdoption { .. }).then(|| id.uuid())
        }
        _ => None,
    };
    let days = |picks: &dyn Fn(&Command) -> Option<uuid::Uuid>| -> BTreeMap<_, NaiveDate> {
        let picked = plan.steps.iter().flat_map(|step| {
            let commands = step.submission.commands.iter();
            commands.filter_map(move |command| Some((picks(command)?, step.on)))
        });
        picked.collect()
    };
    let begun = days(&begins);
    // Commitments; plans, with the one that holds what meetings raised; meetings, with the one that was called; good practice, and
    // where one was taken up.
    assert_eq!(begun.len(), 51 + 5 + 4 + 13 + 4);
    assert_eq!(days(&publishes), begun);
}

#[test]
fn chairs_are_appointed_where_the_minutes_first_name_them() {
    let plan = planned();
    let appointed: Vec<_> = plan
        .steps
        .iter()
        .filter(|step| {
            let command = &step.submission.commands[0];
            matches!(
                command,
                Command::Compact { command, .. }
                    if matches!(command, domain::CompactCommand::AppointChair { .. })
            )
        })
        .map(|step| (step.path.to_string(), step.on))
        .collect();
    let july = day("2007-07-27");
    let expected = ["SG", "LD"].map(|code| (format!("lincolnshire-rutland/group/{code}"), july));
    assert_eq!(appointed, expected);
}

#[test]
fn an_objective_serves_the_commitment_of_the_same_title_and_session_or_none() {
    let plan = planned();
    let (mut linked, mut titles) = (0, BTreeMap::new());
    for command in plan.submissions().flat_map(|sent| &sent.commands) {
        if let Command::ActionPlan { command, .. } = command
            && let ActionPlanCommand::AddObjective {
                words, commitment, ..
            } = command
        {
            linked += usize::from(commitment.is_some());
            titles.insert(words.title.as_str(), *commitment);
        }
    }
    let path = Path::root("lincolnshire-rutland");
    let seventh = path.of("commitment", "2007-08/7").id();
    assert_eq!(titles["Collaborative workforce planning"], Some(seventh));
    assert_eq!(
        titles["Sector-based equality and diversity programmes"],
        None
    );
    assert_eq!(titles["Shadowing website"], None);
    assert_eq!(linked, 7);
}

#[test]
fn the_meeting_of_24_september_2007_is_one_submission_with_its_four_updates() {
    let plan = planned();
    let mut steps = plan.steps.iter();
    let path = "lincolnshire-rutland/meeting/LD/2007-09-24";
    let step = steps.find(|step| step.path.to_string() == path);
    let commands = &step.expect("the meeting").submission.commands;
    let Command::Meeting { command, .. } = &commands[0] else {
        panic!("the meeting comes first: {commands:?}");
    };
    let domain::MeetingCommand::RecordMeeting {
        attendance, items, ..
    } = command
    else {
        panic!("it is recorded: {command:?}");
    };
    assert_eq!(attendance, &None, "the papers do not say who came");
    let named: Vec<_> = items.iter().flat_map(|item| &item.updates).collect();
    let given = commands[1..].iter().map(|command| match command {
        Command::ActionPlan {
            id,
            command: ActionPlanCommand::RecordUpdate { update, .. },
        } => (*id, *update),
        other => panic!("an update: {other:?}"),
    });
    let given: Vec<_> = given.collect();
    assert_eq!(given.len(), 4);
    let named: Vec<_> = named.iter().map(|said| (said.plan, said.update)).collect();
    assert_eq!(named, given);
}

#[test]
fn the_shared_update_moves_one_action_and_hands_it_over() {
    let plan = planned();
    let mut steps = plan.steps.iter();
    let path = "lincolnshire-rutland/meeting/LD/2007-09-24";
    let step = steps.find(|step| step.path.to_string() == path);
    let Command::ActionPlan { command, .. } = &step.expect("the meeting").submission.commands[1]
    else {
        panic!("the update comes first: {step:?}");
    };
    let ActionPlanCommand::RecordUpdate {
        objectives,
        changes,
        text,
        ..
    } = command
    else {
        panic!("an update: {command:?}");
    };
    assert_eq!(objectives.len(), 3);
    let [
        Change::RescheduleAction {
            timescale, reason, ..
        },
        Change::ReassignAction { owner, .. },
    ] = &changes[..]
    else {
        panic!("moved and handed over: {changes:?}");
    };
    assert_eq!(timescale.text, "November 2007");
    assert_eq!(timescale.due_on, Some(day("2007-11-30")));
    assert_eq!(reason, text, "the update's own words are the reason");
    assert_eq!(owner.plain(), Some("Lincolnshire and Rutland LSC (host)"));
}
