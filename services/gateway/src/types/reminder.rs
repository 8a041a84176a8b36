//! Reminders: what is overdue, due soon, stale or waiting, and how far each has come.

use async_graphql::{Context, Enum, Object};
use chrono::{DateTime, Utc};

use super::group::Group;
use super::node::{self, Node};
use super::scalars::Date;
use crate::node::{NodeId, NodeKind};
use crate::paging::connections;
use crate::reads::reads;

connections! {
    /// Reminders of a compact, by the date that makes them due.
    ReminderConnection, ReminderEdge of Reminder;
}

/// What a reminder is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "reminders::Kind")]
pub enum ReminderKind {
    /// An open action's due date has passed.
    ActionOverdue,
    /// An open action's due date is near.
    ActionDueSoon,
    /// A plan with open actions has had no update for long.
    PlanStale,
    /// A commitment that is being worked on has had no reading and no report for long.
    CommitmentStale,
    /// A meeting was held a while ago, and its minutes have not been circulated.
    MinutesToCirculate,
    /// Minutes were circulated, and the group has met since without agreeing them.
    MinutesToAgree,
}

/// How far a reminder has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "reminders::State")]
pub enum ReminderState {
    /// It is to be sent.
    Due,
    /// It is being sent.
    Sending,
    /// It was sent.
    Delivered,
    /// It could not be sent; it is tried again after a while, so many times.
    Failed,
    /// It did not hold any more before it was sent.
    Cancelled,
}

/// Something that is to be seen to, noticed as days went by.
#[derive(Clone)]
pub struct Reminder(pub reminders::Reminder);

/// Something that is to be seen to, noticed as days went by: there once for each date that makes it due.
#[Object]
impl Reminder {
    /// What it is about.
    async fn kind(&self) -> ReminderKind {
        self.0.key.kind.into()
    }

    /// How far it has come.
    async fn state(&self) -> ReminderState {
        self.0.state.into()
    }

    /// The date that makes it due: an action's due date, the day of the last word on a plan or commitment, of the meeting, or of the
    /// circulation of its minutes.
    async fn occasion(&self) -> Date {
        Date(self.0.key.occasion)
    }

    /// The action, plan, commitment or meeting.
    async fn about(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Node>> {
        let reminders::Key {
            ledger,
            kind,
            subject,
            ..
        } = self.0.key;
        let id = match kind {
            reminders::Kind::ActionOverdue | reminders::Kind::ActionDueSoon => {
                NodeId::part(NodeKind::Action, ledger, self.0.whole, subject)
            }
            reminders::Kind::PlanStale => NodeId::new(NodeKind::ActionPlan, ledger, subject),
            reminders::Kind::CommitmentStale => NodeId::new(NodeKind::Commitment, ledger, subject),
            reminders::Kind::MinutesToCirculate | reminders::Kind::MinutesToAgree => {
                NodeId::new(NodeKind::Meeting, ledger, subject)
            }
        };
        Ok(node::find(ctx, &id).await?)
    }

    /// The groups it belongs to.
    async fn groups(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Group>> {
        let Some(compact) = reads(ctx).compact(self.0.key.ledger).await? else {
            return Ok(Vec::new());
        };
        let groups = self.0.groups.iter();
        Ok(groups.filter_map(|id| Group::of(&compact, *id)).collect())
    }

    /// When it was noticed first.
    async fn noticed_at(&self) -> DateTime<Utc> {
        self.0.noticed_at
    }

    /// How often it was tried to send it.
    async fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// When it is tried again, where it could not be sent.
    async fn next_try_at(&self) -> Option<DateTime<Utc>> {
        self.0.next_try_at
    }

    /// When it was sent.
    async fn delivered_at(&self) -> Option<DateTime<Utc>> {
        self.0.delivered_at
    }
}
