//! Anything that has an id.

use std::future::Future;

use async_graphql::{Context, Interface};
use domain::Reach;

use super::achievement::Achievement;
use super::action::Action;
use super::action_plan::{ActionPlan, Update};
use super::adoption::Adoption;
use super::assessment::Assessment;
use super::commitment::Commitment;
use super::compact::Compact;
use super::evidence::Evidence;
use super::good_practice::{GoodPractice, PracticeQuestion};
use super::group::Group;
use super::measure::Measure;
use super::meeting::{Meeting, MeetingItem};
use super::objective::Objective;
use super::person::Person;
use super::reading::Reading;
use super::region::{Indicator, Organisation, Region, Theme};
use crate::error::ApiError;
use crate::mutations::{Outcome, Shown};
use crate::node::{NodeId, NodeKey, NodeKind};
use crate::reads::{Reads, reads};

/// Anything that has an id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "async_graphql::ID", desc = "Its id."))]
pub enum Node {
    /// The region.
    Region(Region),
    /// A theme.
    Theme(Theme),
    /// An indicator.
    Indicator(Indicator),
    /// An organisation.
    Organisation(Organisation),
    /// A compact.
    Compact(Compact),
    /// A group.
    Group(Group),
    /// A commitment.
    Commitment(Commitment),
    /// An impact measure.
    Measure(Measure),
    /// A reading.
    Reading(Reading),
    /// An achievement.
    Achievement(Achievement),
    /// What a reading or an achievement rests on.
    Evidence(Evidence),
    /// An assessment or a challenge.
    Assessment(Assessment),
    /// An action plan.
    ActionPlan(ActionPlan),
    /// An objective.
    Objective(Objective),
    /// An action.
    Action(Action),
    /// An update.
    Update(Update),
    /// A meeting.
    Meeting(Meeting),
    /// A person.
    Person(Person),
    /// An item of a meeting's minutes.
    MeetingItem(MeetingItem),
    /// A piece of good practice.
    GoodPractice(GoodPractice),
    /// A question about a piece of good practice.
    PracticeQuestion(PracticeQuestion),
    /// That a piece of good practice was taken up.
    Adoption(Adoption),
}

/// What an id names, if it is there.
pub(crate) async fn find(ctx: &Context<'_>, id: &NodeId) -> Result<Option<Node>, ApiError> {
    let reads = reads(ctx);
    match id.kind {
        NodeKind::Region | NodeKind::Theme | NodeKind::Indicator | NodeKind::Organisation => {
            registered(&reads, id).await
        }
        NodeKind::Compact | NodeKind::Group => in_compact(&reads, id).await,
        NodeKind::Meeting | NodeKind::MeetingItem => in_meeting(&reads, id).await,
        NodeKind::Commitment
        | NodeKind::Measure
        | NodeKind::Reading
        | NodeKind::Achievement
        | NodeKind::Evidence => in_commitment(&reads, id).await,
        NodeKind::ActionPlan | NodeKind::Objective | NodeKind::Action | NodeKind::Update => {
            in_plan(&reads, id).await
        }
        NodeKind::GoodPractice | NodeKind::PracticeQuestion => in_practice(&reads, id).await,
        NodeKind::Adoption => Ok(reads
            .adoption(id)
            .await?
            .map(|adoption| Adoption::from(adoption).into())),
        NodeKind::Assessment => {
            let view = reads.assessment(id).await?;
            Ok(view.map(|view| Assessment::from(view).into()))
        }
        NodeKind::Person => Ok(reads
            .person(id)
            .await?
            .map(|person| Person::from(person).into())),
    }
}

async fn registered(reads: &Reads, id: &NodeId) -> Result<Option<Node>, ApiError> {
    let Some(region) = reads.region(id.ledger.uuid().into()).await? else {
        return Ok(None);
    };
    Ok(match (&id.key, id.kind) {
        (NodeKey::Code(code), _) => Theme::of(&region, code).map(Node::from),
        (_, NodeKind::Indicator) => Indicator::of(&region, id.uuid().into()).map(Node::from),
        (_, NodeKind::Organisation) => Organisation::of(&region, id.uuid().into()).map(Node::from),
        _ => (region.id.uuid() == id.uuid()).then(|| Region::from(region).into()),
    })
}

async fn in_compact(reads: &Reads, id: &NodeId) -> Result<Option<Node>, ApiError> {
    let Some(compact) = reads.compact(id.ledger).await? else {
        return Ok(None);
    };
    Ok(match id.kind {
        NodeKind::Group => Group::of(&compact, id.uuid().into()).map(Node::from),
        _ => (compact.id.uuid() == id.uuid()).then(|| Compact::from(compact).into()),
    })
}

/// A meeting that has a record of its own, or from which something was recorded.
async fn in_meeting(reads: &Reads, id: &NodeId) -> Result<Option<Node>, ApiError> {
    let recorded = reads.meeting(&id.whole()).await?;
    if id.kind == NodeKind::MeetingItem {
        let item = recorded.and_then(|meeting| MeetingItem::of(&meeting, id.uuid().into()));
        return Ok(item.map(Node::from));
    }
    if let Some(meeting) = recorded {
        return Ok(Some(Meeting::of(meeting).into()));
    }
    let compact = reads.compact(id.ledger).await?;
    let seen =
        compact.and_then(|compact| compact.meeting_within(id.uuid().into(), &Reach::EVERYTHING));
    Ok(seen.map(|seen| Meeting::new(id.ledger, seen.meeting).into()))
}

async fn in_practice(reads: &Reads, id: &NodeId) -> Result<Option<Node>, ApiError> {
    let Some(practice) = reads.practice(&id.whole()).await? else {
        return Ok(None);
    };
    Ok(match id.kind {
        NodeKind::PracticeQuestion => {
            PracticeQuestion::of(&practice, id.uuid().into()).map(Node::from)
        }
        _ => Some(GoodPractice::from(practice).into()),
    })
}

async fn in_commitment(reads: &Reads, id: &NodeId) -> Result<Option<Node>, ApiError> {
    let Some(commitment) = reads.commitment(&id.whole()).await? else {
        return Ok(None);
    };
    let part = id.uuid();
    Ok(match id.kind {
        NodeKind::Measure => Measure::of(&commitment, part.into()).map(Node::from),
        NodeKind::Reading => Reading::of(&commitment, part.into()).map(Node::from),
        NodeKind::Evidence => Evidence::of(&commitment, part.into()).map(Node::from),
        NodeKind::Achievement => Achievement::of(&commitment, part.into()).map(Node::from),
        _ => Some(Commitment::from(commitment).into()),
    })
}

async fn in_plan(reads: &Reads, id: &NodeId) -> Result<Option<Node>, ApiError> {
    let Some(plan) = reads.plan(&id.whole()).await? else {
        return Ok(None);
    };
    let part = id.uuid();
    Ok(match id.kind {
        NodeKind::Objective => Objective::of(&plan, part.into()).map(Node::from),
        NodeKind::Action => Action::of(&plan, part.into()).map(Node::from),
        NodeKind::Update => Update::of(&plan, part.into()).map(Node::from),
        _ => Some(ActionPlan::from(plan).into()),
    })
}

impl Shown for Node {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        match &outcome.whole {
            Some(whole) => find(ctx, whole).await,
            None => Ok(None),
        }
    }
}

/// What several ids name, in their order; read together.
pub(crate) fn find_all<'a>(
    ctx: &'a Context<'_>,
    ids: &'a [Option<NodeId>],
) -> impl Future<Output = Result<Vec<Option<Node>>, ApiError>> + 'a {
    let one = move |id: &'a Option<NodeId>| async move {
        match id {
            Some(id) => find(ctx, id).await,
            None => Ok(None),
        }
    };
    futures::future::try_join_all(ids.iter().map(one))
}
