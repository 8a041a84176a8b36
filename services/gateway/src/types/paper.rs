//! The paper for a group's next meeting: matters arising, what was put off, minutes to agree, what changed, what is overdue.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{ActionPlanId, GroupId, LedgerId, MeetingId};
use views::paper::{self, Matter};
use views::{ActionPlanView, Cut, MeetingView};

use super::action::Action;
use super::group::Group;
use super::meeting::{Meeting, MeetingItem};
use super::plan_changes::{self, PlanChange, PlanChangeConnection, before};
use super::record::Origin;
use super::said::Said;
use super::scalars::Date;
use crate::error::ApiError;
use crate::node::{NodeId, NodeKind};
use crate::paging::{Listed, PageArguments, connections};
use crate::reads::{Reads, reads};

/// What comes up at a group's next meeting.
pub struct MeetingPaper {
    ledger: LedgerId,
    group: GroupId,
    /// The meeting it is for, where that is called.
    meeting: Option<MeetingId>,
    known_at: Option<DateTime<Utc>>,
    paper: paper::Paper,
    meetings: HashMap<MeetingId, Arc<MeetingView>>,
    plans: HashMap<ActionPlanId, Arc<ActionPlanView>>,
}

/// The next meeting of a group that is called and still to be held, the first by day.
pub(super) fn next_called(meetings: &[Arc<MeetingView>]) -> Option<&Arc<MeetingView>> {
    let called = meetings
        .iter()
        .filter(|meeting| meeting.held.is_none() && meeting.cancelled.is_none());
    called.min_by_key(|meeting| {
        let day = meeting.day().unwrap_or(NaiveDate::MAX);
        (day, meeting.begun.position)
    })
}

/// The paper of a group for a day: that of its next meeting where nothing else is asked, and tomorrow where no day is fixed.
pub(super) async fn of_group(
    ctx: &Context<'_>,
    ledger: LedgerId,
    group: GroupId,
    on: Option<NaiveDate>,
    known_at: Option<DateTime<Utc>>,
) -> Result<Option<MeetingPaper>, ApiError> {
    let reads = reads(ctx);
    let meetings = reads.meetings_of_group(ledger, group).await?;
    let next = next_called(&meetings).filter(|next| on.is_none() || next.day() == on);
    let meeting = next.map(|next| next.id);
    let tomorrow = reads.today().succ_opt().unwrap_or(reads.today());
    let day = on.or_else(|| next?.day().filter(|day| *day >= tomorrow));
    let on = day.unwrap_or(tomorrow);
    draw_up(&reads, (ledger, group), meeting, (on, known_at)).await
}

/// The paper for a meeting: for the day it was held or is to be held, and tomorrow where no day is fixed.
pub(super) async fn of_meeting(
    ctx: &Context<'_>,
    view: &MeetingView,
    known_at: Option<DateTime<Utc>>,
) -> Result<Option<MeetingPaper>, ApiError> {
    let reads = reads(ctx);
    let tomorrow = reads.today().succ_opt().unwrap_or(reads.today());
    let on = view.day().unwrap_or(tomorrow);
    let of = (view.ledger, view.group.id);
    draw_up(&reads, of, Some(view.id), (on, known_at)).await
}

async fn draw_up(
    reads: &Reads,
    (ledger, group): (LedgerId, GroupId),
    meeting: Option<MeetingId>,
    (on, known_at): (NaiveDate, Option<DateTime<Utc>>),
) -> Result<Option<MeetingPaper>, ApiError> {
    // What is on the table as the meeting begins: what it changes itself is not.
    let cut = Cut {
        known_at,
        ..before(on)
    };
    let meetings = reads.meetings_then(ledger, group, cut).await?;
    let plans = reads.plans_for(ledger, group, &meetings, cut).await?;
    let paper = paper::draw_up(group, on, &meetings, &plans);
    Ok(Some(MeetingPaper {
        ledger,
        group,
        meeting,
        known_at,
        paper,
        meetings: meetings.into_iter().map(|it| (it.id, it)).collect(),
        plans: plans.into_iter().map(|it| (it.id, it)).collect(),
    }))
}

connections! {
    /// Matters arising, by due date; those without one last.
    MatterArisingConnection, MatterArisingEdge of MatterArising;
}

impl MeetingPaper {
    fn meeting_of(&self, id: MeetingId) -> Option<Meeting> {
        self.meetings.get(&id).cloned().map(Meeting::of)
    }

    fn matters(&self) -> impl Iterator<Item = MatterArising> {
        self.paper.matters_arising.iter().filter_map(|matter| {
            let raised = matter.raised.as_ref();
            Some(MatterArising {
                ledger: self.ledger,
                matter: matter.clone(),
                action: Action::of(self.plans.get(&matter.plan)?, matter.action)?,
                under: raised.and_then(|under| {
                    MeetingItem::of(self.meetings.get(&under.meeting)?, under.item)
                }),
            })
        })
    }

    /// Where the changes begin: before the last meeting; with the record, where there was none.
    fn since(&self) -> Cut {
        let previous = self.paper.previous.and_then(|id| self.meetings.get(&id));
        let held = previous.and_then(|meeting| meeting.held.as_ref());
        let beginning = Cut {
            as_of: Some(views::AsOf::Position(0)),
            known_at: None,
        };
        held.map_or(beginning, |held| before(held.made.on))
    }

    fn proposed(&self) -> Vec<ProposedItem> {
        let mut items = Vec::new();
        for meeting in &self.paper.minutes_to_agree {
            let held = self.meetings.get(meeting).and_then(|it| it.held.as_ref());
            let Some(held) = held else { continue };
            let day = domain::dated::in_words(held.made.on);
            items.push(ProposedItem::new(
                format!("Minutes of the meeting of {day}"),
                None,
            ));
        }
        let open = self.paper.matters_arising.len();
        if open > 0 {
            let overdue = self.paper.matters_arising.iter();
            let overdue = overdue.filter(|matter| matter.overdue).count();
            let actions = if open == 1 { "action" } else { "actions" };
            let note = format!("{open} open {actions}, {overdue} of them overdue");
            let note = Said::new(self.ledger, &note.into());
            items.push(ProposedItem::new("Matters arising".to_owned(), Some(note)));
        }
        let put_off = self.paper.carried_over.iter();
        items.extend(put_off.map(|item| {
            let note = Said::maybe(self.ledger, item.note.as_ref());
            ProposedItem::new(item.title.clone(), note)
        }));
        items
    }
}

/// What comes up at a group's next meeting, worked out from the record: nothing in it is stored. It is drawn up as the meeting
/// begins, from what was dated before its day; with `knownAt`, from what had been recorded by then.
#[Object]
impl MeetingPaper {
    /// The day it is for.
    async fn on(&self) -> Date {
        Date(self.paper.on)
    }

    /// The group that meets.
    async fn group(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Group>> {
        let compact = reads(ctx).compact(self.ledger).await?;
        Ok(compact.and_then(|compact| Group::of(&compact, self.group)))
    }

    /// The meeting it is for, where that was called.
    async fn meeting(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Meeting>> {
        let Some(id) = self.meeting else {
            return Ok(None);
        };
        let node = NodeId::new(NodeKind::Meeting, self.ledger, id.uuid());
        Ok(reads(ctx).meeting(&node).await?.map(Meeting::of))
    }

    /// The last meeting of the group before it.
    async fn previous(&self) -> Option<Meeting> {
        self.meeting_of(self.paper.previous?)
    }

    /// The meetings before it whose minutes were not agreed as a true record yet, oldest first.
    async fn minutes_to_agree(&self) -> Vec<Meeting> {
        let ids = self.paper.minutes_to_agree.iter();
        ids.filter_map(|id| self.meeting_of(*id)).collect()
    }

    /// What the last meeting did not come to or put off, and what was to be spoken of at meetings called off since.
    async fn carried_over(&self) -> Vec<CarriedOver> {
        let items = self.paper.carried_over.iter();
        let item = |item: &paper::CarriedOver| {
            Some(CarriedOver {
                meeting: self.meeting_of(item.meeting)?,
                title: item.title.clone(),
                note: Said::maybe(self.ledger, item.note.as_ref()),
                item: MeetingItem::of(self.meetings.get(&item.meeting)?, item.item),
            })
        };
        items.filter_map(item).collect()
    }

    /// Matters arising: every open action of the group, each once, whether it was raised at a meeting or in a plan.
    async fn matters_arising(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Only those that are overdue on the day of the paper, or only those that are not."
        )]
        overdue: Option<bool>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<MatterArisingConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let matters = self
            .matters()
            .filter(|matter| overdue.is_none_or(|overdue| matter.matter.overdue == overdue));
        let placed = matters.map(|matter| {
            let due = matter.matter.due_on.unwrap_or(NaiveDate::MAX);
            let place = (due, matter.matter.set.position, matter.matter.action.uuid());
            (place, matter)
        });
        Ok(Listed::of_whole(placed.collect(), &page, reads(ctx).limits())?.into())
    }

    /// What changed in the group's plans since they were last laid before it: what the last meeting changed itself, and what
    /// changed after it. Each step says which meeting it comes from.
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<PlanChangeConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let reads = reads(ctx);
        let until = Cut {
            known_at: self.known_at,
            ..plan_changes::before(self.paper.on)
        };
        let mut own: Vec<&Arc<ActionPlanView>> = self.plans.values().collect();
        own.retain(|plan| plan.group.id == self.group);
        own.sort_by_key(|plan| plan.set.position);
        let mut changes = Vec::new();
        for plan in own {
            let node = NodeId::new(NodeKind::ActionPlan, self.ledger, plan.id.uuid());
            let found = reads.plan_between(&node, self.since(), until).await?;
            changes.extend(PlanChange::all(found));
        }
        Ok(plan_changes::of(&reads, changes, &page)?)
    }

    /// An agenda of all this, to be sent as the `items` of `setAgenda` once it is as it should be.
    async fn agenda(&self) -> Vec<ProposedItem> {
        self.proposed()
    }
}

/// An item that the agenda of the next meeting could have.
#[derive(SimpleObject)]
pub struct ProposedItem {
    /// Its heading.
    title: String,
    /// What is to be known beforehand.
    note: Option<Said>,
}

impl ProposedItem {
    const fn new(title: String, note: Option<Said>) -> Self {
        Self { title, note }
    }
}

/// Something that was to be spoken of, or was said to be carried over.
#[derive(SimpleObject)]
pub struct CarriedOver {
    /// The meeting whose agenda or minutes it is in.
    meeting: Meeting,
    /// Its heading.
    title: String,
    /// What was to be known beforehand.
    note: Option<Said>,
    /// The item of the minutes that says it is carried over; none of an item that was not come to.
    item: Option<MeetingItem>,
}

/// An open action that comes up at the next meeting.
#[derive(Clone)]
pub struct MatterArising {
    ledger: LedgerId,
    matter: Matter,
    action: Action,
    under: Option<MeetingItem>,
}

/// An open action that comes up at the next meeting.
#[Object]
impl MatterArising {
    /// The action as it stands.
    async fn action(&self) -> Action {
        self.action.clone()
    }

    /// The minutes' own label of the action, such as ii.
    #[graphql(name = "ref")]
    async fn label(&self) -> Option<&str> {
        self.matter.raised.as_ref()?.label.as_deref()
    }

    /// The item of the minutes under which it was raised, where it was raised at a meeting of the group.
    async fn raised_under(&self) -> Option<MeetingItem> {
        self.under.clone()
    }

    /// Where in the record it was set, and at which meeting.
    async fn set(&self) -> Origin {
        Origin::new(self.ledger, self.matter.set)
    }

    /// The day it is due, where its timescale names one.
    async fn due_on(&self) -> Option<Date> {
        self.matter.due_on.map(Date)
    }

    /// Whether that day is past on the day of the paper.
    async fn overdue(&self) -> bool {
        self.matter.overdue
    }
}
