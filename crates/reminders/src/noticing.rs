//! Noticing: what holds on a day, by the views alone. Pure: the same views and the same day give the same.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use domain::commitment::Status;
use domain::ids::{GroupId, LedgerId};
use domain::meeting::Minutes;
use uuid::Uuid;
use views::action_plan::ActionState;
use views::{ActionListRow, ActionPlanView, CommitmentView, MeetingView};

use crate::reminder::{Key, Kind};

/// After how long what is noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// How many days before its due date an action is due soon.
    pub due_soon_days: u16,
    /// After how many days without a word a plan or a commitment is stale.
    pub stale_days: u16,
    /// How many days the minutes of a meeting may take to be circulated.
    pub minutes_days: u16,
}

impl Default for Terms {
    /// A week; two quarters, as groups meet a few times a year; two weeks.
    fn default() -> Self {
        Self {
            due_soon_days: 7,
            stale_days: 180,
            minutes_days: 14,
        }
    }
}

/// Something that holds on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What it is known by.
    pub key: Key,
    /// What the subject is a part of; the subject itself where it is no part.
    pub whole: Uuid,
    /// The groups it belongs to.
    pub groups: Vec<GroupId>,
}

/// Of an action: overdue from the day after its due date, due soon in the days before it and on it.
pub fn of_action(action: &ActionListRow, today: NaiveDate, terms: &Terms) -> Option<Notice> {
    if action.state != ActionState::Open {
        return None;
    }
    let due_on = action.timescale.as_ref()?.due_on?;
    let kind = if due_on < today {
        Kind::ActionOverdue
    } else if due_on <= today + days(terms.due_soon_days) {
        Kind::ActionDueSoon
    } else {
        return None;
    };
    Some(Notice {
        key: key(action.ledger, kind, action.id.uuid(), due_on),
        whole: action.plan.uuid(),
        groups: vec![action.group.id],
    })
}

/// Of a plan that has open actions: stale when nobody said anything of it for long, in an update that stands or by a change to an
/// action.
pub fn of_plan(plan: &ActionPlanView, today: NaiveDate, terms: &Terms) -> Option<Notice> {
    let open = plan
        .actions()
        .any(|(_, action)| action.state == ActionState::Open);
    if !open {
        return None;
    }
    let updates = plan
        .updates
        .iter()
        .filter(|update| update.withdrawn.is_none());
    let updates = updates.map(|update| update.made.on);
    let changes = plan.actions().flat_map(|(_, action)| &action.changes);
    let changes = changes.map(|change| change.made.on);
    let last = updates.chain(changes).max().unwrap_or(plan.set.on);
    let stale = last + days(terms.stale_days) < today;
    stale.then(|| Notice {
        key: key(plan.ledger, Kind::PlanStale, plan.id.uuid(), last),
        whole: plan.id.uuid(),
        groups: vec![plan.group.id],
    })
}

/// Of a commitment that was agreed and has not ended: stale when there was no reading of any measure, no report of an achievement
/// and no move of its status for long.
pub fn of_commitment(
    commitment: &CommitmentView,
    today: NaiveDate,
    terms: &Terms,
) -> Option<Notice> {
    if !matches!(
        commitment.status.current,
        Status::Agreed | Status::InProgress
    ) {
        return None;
    }
    let readings = commitment
        .measures
        .iter()
        .flat_map(|measure| &measure.readings);
    let readings = readings.filter(|reading| reading.withdrawn.is_none());
    let readings = readings.map(|reading| reading.stands_since().on);
    let reports = commitment.achievements.iter();
    let reports = reports.filter(|report| report.withdrawn.is_none());
    let reports = reports.map(|report| report.made.on);
    let last = readings
        .chain(reports)
        .chain([commitment.status_since()])
        .max()?;
    let stale = last + days(terms.stale_days) < today;
    let groups = commitment.classification.current.groups.iter();
    stale.then(|| Notice {
        key: key(
            commitment.ledger,
            Kind::CommitmentStale,
            commitment.id.uuid(),
            last,
        ),
        whole: commitment.id.uuid(),
        groups: groups.map(|group| group.id).collect(),
    })
}

/// Of all meetings of a compact: minutes that are still a draft so long after the meeting, and minutes that were circulated before
/// another meeting of the group that did not agree them.
pub fn of_meetings<'a>(
    meetings: impl IntoIterator<Item = &'a MeetingView> + Clone,
    today: NaiveDate,
    terms: &Terms,
) -> Vec<Notice> {
    let mut last_held: BTreeMap<GroupId, NaiveDate> = BTreeMap::new();
    for meeting in meetings.clone() {
        if let Some(held) = &meeting.held {
            let last = last_held.entry(meeting.group.id).or_insert(held.made.on);
            *last = held.made.on.max(*last);
        }
    }
    let one = |meeting: &MeetingView| {
        let held_on = meeting.held.as_ref()?.made.on;
        let (kind, occasion) = match meeting.minutes.current? {
            Minutes::Draft if held_on + days(terms.minutes_days) < today => {
                (Kind::MinutesToCirculate, held_on)
            }
            Minutes::Circulated => {
                let circulated_on = meeting.minutes.changes.last()?.made.on;
                let met = *last_held.get(&meeting.group.id)?;
                let met_since = met > held_on && met >= circulated_on && met <= today;
                met_since.then_some((Kind::MinutesToAgree, circulated_on))?
            }
            _ => return None,
        };
        let id = meeting.id.uuid();
        Some(Notice {
            key: key(meeting.ledger, kind, id, occasion),
            whole: id,
            groups: vec![meeting.group.id],
        })
    };
    meetings.into_iter().filter_map(one).collect()
}

const fn key(ledger: LedgerId, kind: Kind, subject: Uuid, occasion: NaiveDate) -> Key {
    Key {
        ledger,
        kind,
        subject,
        occasion,
    }
}

fn days(days: u16) -> TimeDelta {
    TimeDelta::days(days.into())
}

#[cfg(test)]
mod tests {
    use domain::facts::GroupFact;
    use domain::timescale::Timescale;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn action(due_on: Option<&str>, state: ActionState) -> ActionListRow {
        let id = |n| Uuid::from_u128(n);
        ActionListRow {
            ledger: id(1).into(),
            id: id(2).into(),
            text: "Ask every member".into(),
            owner: None,
            timescale: Some(Timescale {
                text: "End of September".into(),
                due_on: due_on.map(day),
                note: None,
            }),
            state,
            set_on: None,
            ended_on: None,
            periods: Vec::new(),
            plan: id(3).into(),
            plan_title: "Plan".into(),
            group: GroupFact {
                id: id(4).into(),
                code: "LD".into(),
                name: "Learning and development".into(),
            },
            visibility: domain::Visibility::Draft,
            objective: id(5).into(),
            objective_ref: "1".into(),
            objective_title: "Objective".into(),
            commitment: None,
        }
    }

    fn noticed(action: &ActionListRow, today: &str) -> Option<(Kind, NaiveDate)> {
        let notice = of_action(action, day(today), &Terms::default())?;
        Some((notice.key.kind, notice.key.occasion))
    }

    #[test]
    fn an_open_action_is_due_soon_for_a_week_and_overdue_from_the_day_after() {
        let open = action(Some("2007-09-30"), ActionState::Open);
        let due = day("2007-09-30");
        for (today, expected) in [
            ("2007-09-22", None),
            ("2007-09-23", Some((Kind::ActionDueSoon, due))),
            ("2007-09-30", Some((Kind::ActionDueSoon, due))),
            ("2007-10-01", Some((Kind::ActionOverdue, due))),
            ("2010-04-01", Some((Kind::ActionOverdue, due))),
        ] {
            assert_eq!(noticed(&open, today), expected, "{today}");
        }
        let notice = of_action(&open, day("2007-10-01"), &Terms::default()).expect("a notice");
        assert_eq!(notice.whole, open.plan.uuid());
        assert_eq!(notice.groups, [open.group.id]);
    }

    #[test]
    fn what_is_done_or_bears_no_date_is_not_due_and_another_date_is_another_occasion() {
        for ended in [
            ActionState::Completed,
            ActionState::Dropped,
            ActionState::Merged,
        ] {
            assert_eq!(
                noticed(&action(Some("2007-09-30"), ended), "2007-10-01"),
                None
            );
        }
        assert_eq!(
            noticed(&action(None, ActionState::Open), "2007-10-01"),
            None
        );
        let moved = action(Some("2007-11-30"), ActionState::Open);
        let occasion = Some((Kind::ActionOverdue, day("2007-11-30")));
        assert_eq!(noticed(&moved, "2007-12-01"), occasion);
    }
}
