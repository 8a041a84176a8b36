//! Meetings: called, recorded with everything they changed, minuted and agreed.

use async_graphql::{Enum, ID, InputObject};
use domain::action_plan::{Change, ObjectiveWords};
use domain::ids::{
    ActionId, ActionPlanId, GroupId, IdSource, LedgerId, MeetingId, MeetingItemId, ObjectiveId,
};
use domain::meeting as model;
use domain::timescale::Timescale;
use domain::{ActionPlanCommand, Command, CommitmentCommand, MeetingCommand, MeetingRef};
use uuid::Uuid;

use super::action_plan::UpdateSaidInput;
use super::changes::TimescaleInput;
use super::draft::{new_id, registered};
use super::{Draft, Input, Place, Recording, UserError, mutations};
use crate::node::NodeKind;
use crate::types::meeting::{Meeting, MeetingItem};
use crate::types::scalars::Date;
use crate::types::words::{Attending, Visibility};

mutations! {
    /// Meetings and their minutes.
    MeetingMutations;

    /// Call a meeting of a group, for a day or in words such as "late September".
    call_meeting(CallMeetingInput) -> CallMeetingPayload {
        /// The new meeting.
        meeting: Meeting,
    }
    /// Fix or move a called meeting's day, time or place: what is left out is not settled any more.
    rearrange_meeting(RearrangeMeetingInput) -> RearrangeMeetingPayload {
        /// The meeting as it is now.
        meeting: Meeting,
    }
    /// Call a meeting off.
    cancel_meeting(CancelMeetingInput) -> CancelMeetingPayload {
        /// The meeting as it is now.
        meeting: Meeting,
    }
    /// Set a meeting's agenda, in the place of any before.
    set_agenda(SetAgendaInput) -> SetAgendaPayload {
        /// The meeting as it is now.
        meeting: Meeting,
    }
    /// Record that a meeting was held: who came, what was said, and with it the updates given, the actions raised and the
    /// commitments moved. All of it is recorded, in whatever it belongs to, or nothing is. `occurredOn` is the day it was held.
    record_meeting(RecordMeetingInput) -> RecordMeetingPayload {
        /// The meeting with its draft minutes.
        meeting: Meeting,
    }
    /// Take down who came, or put it right.
    take_attendance(TakeAttendanceInput) -> TakeAttendancePayload {
        /// The meeting as it is now.
        meeting: Meeting,
    }
    /// Add an item to the draft minutes, with what it led to.
    add_meeting_item(AddMeetingItemInput) -> AddMeetingItemPayload {
        /// The meeting as it is now.
        meeting: Meeting,
        /// The new item.
        item: MeetingItem,
    }
    /// Put an item of the minutes right. What it said stays in view.
    correct_meeting_item(CorrectMeetingItemInput) -> CorrectMeetingItemPayload {
        /// The meeting as it is now.
        meeting: Meeting,
        /// The item as it is now.
        item: MeetingItem,
    }
    /// Send the draft minutes round.
    circulate_minutes(CirculateMinutesInput) -> CirculateMinutesPayload {
        /// The meeting as it is now.
        meeting: Meeting,
    }
    /// Agree the minutes as a true record, at a later meeting of the group: `meeting` says which.
    agree_minutes(AgreeMinutesInput) -> AgreeMinutesPayload {
        /// The meeting as it is now.
        meeting: Meeting,
    }
    /// Note what happened since the meeting, beside the minutes.
    note_since_meeting(NoteSinceMeetingInput) -> NoteSinceMeetingPayload {
        /// The meeting as it is now.
        meeting: Meeting,
    }
    /// Release a meeting and its minutes to the compact, the region or the public; or take them back, which needs a reason.
    release_meeting(ReleaseMeetingInput) -> ReleaseMeetingPayload {
        /// The meeting as it is now.
        meeting: Meeting,
    }
}

/// When and where a meeting is to be. A day or words are needed.
#[derive(InputObject)]
pub struct ArrangementInput {
    /// The day.
    on: Option<Date>,
    /// The time, as HH:MM.
    time: Option<String>,
    /// When, in the words as agreed.
    words: Option<String>,
    /// The place.
    venue: Option<String>,
}

impl From<ArrangementInput> for model::ArrangementInput {
    fn from(input: ArrangementInput) -> Self {
        Self {
            on: input.on.map(|date| date.0),
            time: input.time,
            words: input.words,
            venue: input.venue,
        }
    }
}

/// A meeting that is to be.
#[derive(InputObject)]
pub struct CallMeetingInput {
    /// Whose meeting.
    group_id: ID,
    /// The id of the new meeting; made when left out.
    new_id: Option<Uuid>,
    #[graphql(flatten)]
    arrangement: ArrangementInput,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for CallMeetingInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let at = Place::read(NodeKind::Group, "groupId", &self.group_id)?;
        let id: MeetingId = new_id(self.new_id, ids);
        let meeting = Place::fresh(NodeKind::Meeting, at.ledger(), id.uuid(), "groupId");
        let command = MeetingCommand::CallMeeting {
            group: at.id(),
            arrangement: self.arrangement.into(),
        };
        Ok(ask(&meeting, command).making())
    }
}

/// When and where a called meeting is to be from now on.
#[derive(InputObject)]
pub struct RearrangeMeetingInput {
    /// The meeting.
    meeting_id: ID,
    #[graphql(flatten)]
    arrangement: ArrangementInput,
    /// Why, where it was said.
    reason: Option<String>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for RearrangeMeetingInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let meeting = place(&self.meeting_id)?;
        let command = MeetingCommand::RearrangeMeeting {
            arrangement: self.arrangement.into(),
            reason: self.reason.map(Into::into),
        };
        Ok(ask(&meeting, command))
    }
}

/// Why a meeting is called off.
#[derive(InputObject)]
pub struct CancelMeetingInput {
    /// The meeting.
    meeting_id: ID,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for CancelMeetingInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let meeting = place(&self.meeting_id)?;
        let reason = self.reason.into();
        Ok(ask(&meeting, MeetingCommand::CancelMeeting { reason }))
    }
}

/// Something that is to be spoken of.
#[derive(InputObject)]
pub struct AgendaItemInput {
    /// The item, where it is on the agenda already.
    item_id: Option<ID>,
    /// The id of a new item; made when left out.
    new_id: Option<Uuid>,
    /// Its heading.
    title: String,
    /// What is to be known beforehand.
    note: Option<String>,
}

/// A meeting's agenda.
#[derive(InputObject)]
pub struct SetAgendaInput {
    /// The meeting.
    meeting_id: ID,
    /// The items, in order: all of them.
    items: Vec<AgendaItemInput>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for SetAgendaInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let meeting = place(&self.meeting_id)?;
        let items = self.items.into_iter().enumerate().map(|(at, item)| {
            let id = item_id(&meeting, item.item_id.as_ref(), item.new_id, ids);
            Ok(model::AgendaItemInput {
                item: id.map_err(|error| error.inside(&format!("items.{at}")))?,
                title: item.title,
                note: item.note.map(Into::into),
            })
        });
        let items = items.collect::<Result<_, UserError>>()?;
        Ok(ask(&meeting, MeetingCommand::SetAgenda { items }))
    }
}

/// Somebody who came, sent a deputy, or sent apologies: named by an organisation, by words, or by both.
#[derive(InputObject)]
pub struct AttendanceInput {
    /// The organisation; none of somebody who came for none.
    organisation_id: Option<ID>,
    /// Who; needed where there is no organisation. A person is mentioned by their `mention`.
    who: Option<String>,
    /// How.
    attending: Attending,
}

fn attendance(inputs: Vec<AttendanceInput>) -> Result<Vec<model::AttendanceInput>, UserError> {
    let each = inputs.into_iter().enumerate().map(|(at, input)| {
        let organisation = input.organisation_id.as_ref();
        let organisation =
            organisation.map(|id| registered(NodeKind::Organisation, "organisationId", id));
        let organisation = organisation.transpose();
        Ok(model::AttendanceInput {
            organisation: organisation
                .map_err(|error| error.inside(&format!("attendance.{at}")))?,
            who: input.who.map(Into::into),
            attending: input.attending.into(),
        })
    });
    each.collect()
}

/// Where an action stands that belongs to no objective the plan has yet.
#[derive(InputObject)]
pub struct NewObjectiveInput {
    /// The plan.
    action_plan_id: ID,
    /// The ref of the objective, which is titled as the item is. Several actions of an item can name one.
    #[graphql(name = "ref")]
    label: String,
}

/// An action raised under an item of the minutes: an action of a plan like any other.
#[derive(InputObject)]
pub struct ItemActionInput {
    /// The minutes' own label, such as ii.
    #[graphql(name = "ref")]
    label: Option<String>,
    /// The objective it serves; or else `newObjective`.
    objective_id: Option<ID>,
    /// A new objective for it.
    new_objective: Option<NewObjectiveInput>,
    /// The id of the new action; made when left out.
    new_id: Option<Uuid>,
    /// What will be done.
    text: String,
    /// Who will do it.
    owner: Option<String>,
    /// When.
    timescale: Option<TimescaleInput>,
}

/// Where a commitment is moved to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CommitmentMove {
    /// Agreed.
    Agreed,
    /// Work on it began.
    InProgress,
    /// Done.
    Achieved,
    /// Done in part.
    PartlyAchieved,
    /// Not done.
    NotAchieved,
}

/// A commitment whose status is moved under an item of the minutes.
#[derive(InputObject)]
pub struct ItemCommitmentInput {
    /// The commitment.
    commitment_id: ID,
    /// Where to.
    to: CommitmentMove,
}

/// An item of the minutes, and what it led to.
#[derive(InputObject)]
pub struct MeetingItemInput {
    /// The item of the agenda, where it was on it.
    item_id: Option<ID>,
    /// The id of a new item; made when left out.
    new_id: Option<Uuid>,
    /// Its heading.
    title: String,
    /// What was said.
    discussion: Option<String>,
    /// What was decided.
    decision: Option<String>,
    /// The updates given: each speaks for one or several objectives of a plan, and may carry changes.
    #[graphql(default)]
    updates: Vec<UpdateSaidInput>,
    /// The actions raised.
    #[graphql(default)]
    actions: Vec<ItemActionInput>,
    /// The commitments moved.
    #[graphql(default)]
    commitments: Vec<ItemCommitmentInput>,
}

/// What an item leads to, each with the input's name of it.
type Led = Vec<(String, Command)>;

impl MeetingItemInput {
    /// The item, and what it leads to elsewhere. `at` is the input's name of it.
    fn read(
        self,
        meeting: &Place,
        at: &str,
        ids: &dyn IdSource,
    ) -> Result<(model::MinutedItemInput, Led), UserError> {
        let inside = |error: UserError| error.inside(at);
        let item = item_id(meeting, self.item_id.as_ref(), self.new_id, ids).map_err(inside)?;
        let mut led = Led::new();
        let mut updates = Vec::with_capacity(self.updates.len());
        for (nth, update) in self.updates.into_iter().enumerate() {
            let name = format!("{at}.updates.{nth}");
            let drafted = update.draft(ids).map_err(|error| error.inside(&name))?;
            let within = meeting.same_ledger(&drafted, "actionPlanId", NodeKind::ActionPlan);
            within.map_err(|error| error.inside(&name))?;
            let part = drafted
                .part
                .as_ref()
                .map_or_else(Uuid::nil, crate::node::NodeId::uuid);
            updates.push(model::SaidInput {
                plan: drafted.whole.uuid().into(),
                update: part.into(),
            });
            led.push((name, drafted.command));
        }
        let mut raised = Raised::new(meeting.ledger(), self.title.clone());
        for (nth, action) in self.actions.into_iter().enumerate() {
            let name = format!("{at}.actions.{nth}");
            let read = raised.read(action, &name, ids);
            read.map_err(|error| error.inside(&name))?;
        }
        led.extend(raised.led);
        let mut commitments = Vec::with_capacity(self.commitments.len());
        for (nth, moved) in self.commitments.into_iter().enumerate() {
            let name = format!("{at}.commitments.{nth}");
            let id = meeting.beside(NodeKind::Commitment, "commitmentId", &moved.commitment_id);
            let id = id.map_err(|error| error.inside(&name))?;
            commitments.push(id);
            let command = moved.to.into();
            led.push((name, Command::Commitment { id, command }));
        }
        let words = model::ItemWordsInput {
            title: self.title,
            discussion: self.discussion.map(Into::into),
            decision: self.decision.map(Into::into),
        };
        let minuted = model::MinutedItemInput {
            item,
            words,
            actions: raised.actions,
            updates,
            commitments,
        };
        Ok((minuted, led))
    }
}

impl From<CommitmentMove> for CommitmentCommand {
    fn from(to: CommitmentMove) -> Self {
        use domain::commitment::Conclusion as C;
        let conclusion = match to {
            CommitmentMove::Agreed => return Self::AgreeCommitment,
            CommitmentMove::InProgress => return Self::StartCommitment,
            CommitmentMove::Achieved => C::Achieved,
            CommitmentMove::PartlyAchieved => C::PartlyAchieved,
            CommitmentMove::NotAchieved => C::NotAchieved,
        };
        Self::ConcludeCommitment { conclusion }
    }
}

/// The actions raised under one item, and the objectives made for them.
struct Raised {
    ledger: LedgerId,
    title: String,
    objectives: Vec<(ActionPlanId, String, ObjectiveId)>,
    actions: Vec<model::RaisedInput>,
    led: Led,
}

impl Raised {
    const fn new(ledger: LedgerId, title: String) -> Self {
        Self {
            ledger,
            title,
            objectives: Vec::new(),
            actions: Vec::new(),
            led: Vec::new(),
        }
    }

    fn read(
        &mut self,
        input: ItemActionInput,
        name: &str,
        ids: &dyn IdSource,
    ) -> Result<(), UserError> {
        let (plan, objective) = match (&input.objective_id, &input.new_objective) {
            (Some(id), None) => {
                let (plan, objective) = super::objectives::objective(id)?;
                if plan.ledger() != self.ledger {
                    let compact = NodeKind::Compact;
                    return Err(UserError::elsewhere(
                        "objectiveId",
                        NodeKind::Objective,
                        compact,
                    ));
                }
                (plan.id(), objective)
            }
            (None, Some(new)) => self.objective(new, name, ids)?,
            _ => {
                let message = "say either the objective it serves or a new objective for it";
                return Err(UserError::new("objectiveId", "MISSING", message));
            }
        };
        let action: ActionId = new_id(input.new_id, ids);
        self.actions.push(model::RaisedInput {
            label: input.label,
            plan,
            action,
        });
        let change = Change::SetAction {
            action,
            objective,
            text: input.text.into(),
            owner: input.owner.map(Into::into),
            timescale: input.timescale.map(Timescale::from),
        };
        let command = ActionPlanCommand::MakeChange { change };
        self.led
            .push((name.to_owned(), Command::ActionPlan { id: plan, command }));
        Ok(())
    }

    /// The new objective, made once for all actions of the item that name it.
    fn objective(
        &mut self,
        new: &NewObjectiveInput,
        name: &str,
        ids: &dyn IdSource,
    ) -> Result<(ActionPlanId, ObjectiveId), UserError> {
        let inside = |error: UserError| error.inside("newObjective");
        let place = Place::read(NodeKind::ActionPlan, "actionPlanId", &new.action_plan_id);
        let place = place.map_err(inside)?;
        if place.ledger() != self.ledger {
            let compact = NodeKind::Compact;
            let error = UserError::elsewhere("actionPlanId", NodeKind::ActionPlan, compact);
            return Err(inside(error));
        }
        let plan: ActionPlanId = place.id();
        let label = new.label.trim().to_owned();
        let known = self.objectives.iter();
        let mut known = known.filter(|(of, known, _)| *of == plan && *known == label);
        if let Some((_, _, objective)) = known.next() {
            return Ok((plan, *objective));
        }
        let objective: ObjectiveId = new_id(None, ids);
        let command = ActionPlanCommand::AddObjective {
            objective,
            label: label.clone(),
            words: ObjectiveWords {
                title: self.title.clone(),
                indicator: None,
            },
            commitment: None,
        };
        let name = format!("{name}.newObjective");
        self.led
            .push((name, Command::ActionPlan { id: plan, command }));
        self.objectives.push((plan, label, objective));
        Ok((plan, objective))
    }
}

/// The next meeting, as far as it was arranged.
#[derive(InputObject)]
pub struct NextMeetingInput {
    /// The id of the new meeting; made when left out.
    new_id: Option<Uuid>,
    #[graphql(flatten)]
    arrangement: ArrangementInput,
}

/// A meeting that was held.
#[derive(InputObject)]
pub struct RecordMeetingInput {
    /// The group that met.
    group_id: ID,
    /// The meeting, where it was called.
    meeting_id: Option<ID>,
    /// The id of a meeting that nobody called; made when left out.
    new_id: Option<Uuid>,
    /// When it began, as HH:MM.
    time: Option<String>,
    /// Where it was held.
    venue: Option<String>,
    /// Who came; left out where the papers do not say.
    attendance: Option<Vec<AttendanceInput>>,
    /// The minutes, in order.
    #[graphql(default)]
    items: Vec<MeetingItemInput>,
    /// The next meeting of the group, which is called with it.
    next: Option<NextMeetingInput>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for RecordMeetingInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let at = Place::read(NodeKind::Group, "groupId", &self.group_id)?;
        let group: GroupId = at.id();
        let Some(held_on) = self.recording.occurred_on else {
            let message = "enter the day the meeting was held";
            return Err(UserError::new("occurredOn", "MISSING", message));
        };
        let (meeting, called) = match &self.meeting_id {
            Some(id) => {
                let id: MeetingId = at.beside(NodeKind::Meeting, "meetingId", id)?;
                (id, true)
            }
            None => (new_id(self.new_id, ids), false),
        };
        let place = Place::fresh(NodeKind::Meeting, at.ledger(), meeting.uuid(), "groupId");
        let mut items = Vec::with_capacity(self.items.len());
        let mut led = Led::new();
        for (nth, item) in self.items.into_iter().enumerate() {
            let (item, leads_to) = item.read(&place, &format!("items.{nth}"), ids)?;
            items.push(item);
            led.extend(leads_to);
        }
        if let Some(next) = self.next {
            let id = new_id(next.new_id, ids);
            let arrangement = next.arrangement.into();
            let command = MeetingCommand::CallMeeting { group, arrangement };
            led.push(("next".to_owned(), Command::Meeting { id, command }));
        }
        let command = MeetingCommand::RecordMeeting {
            group,
            time: self.time,
            venue: self.venue,
            attendance: self.attendance.map(attendance).transpose()?,
            items,
        };
        let draft = ask(&place, command);
        let draft = if called { draft } else { draft.making() };
        Ok(draft.leading_to(led).at(MeetingRef {
            id: meeting,
            group,
            held_on: held_on.0,
        }))
    }
}

/// Who came to a meeting.
#[derive(InputObject)]
pub struct TakeAttendanceInput {
    /// The meeting.
    meeting_id: ID,
    /// Everybody who came or sent apologies: all of them.
    attendance: Vec<AttendanceInput>,
    /// Why; needed when it was taken down before.
    reason: Option<String>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for TakeAttendanceInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let meeting = place(&self.meeting_id)?;
        let command = MeetingCommand::TakeAttendance {
            attendance: attendance(self.attendance)?,
            reason: self.reason.map(Into::into),
        };
        Ok(ask(&meeting, command))
    }
}

/// An item that the draft minutes do not have yet.
#[derive(InputObject)]
pub struct AddMeetingItemInput {
    /// The meeting.
    meeting_id: ID,
    /// The item.
    item: MeetingItemInput,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for AddMeetingItemInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let meeting = place(&self.meeting_id)?;
        let (item, led) = self.item.read(&meeting, "item", ids)?;
        let id = item.item;
        let draft = ask(&meeting, MeetingCommand::AddItem { item });
        let draft = draft.about(NodeKind::MeetingItem, id.uuid());
        Ok(draft.making().leading_to(led))
    }
}

/// What an item of the minutes should say.
#[derive(InputObject)]
pub struct CorrectMeetingItemInput {
    /// The item.
    item_id: ID,
    /// Its heading.
    title: String,
    /// What was said.
    discussion: Option<String>,
    /// What was decided.
    decision: Option<String>,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for CorrectMeetingItemInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let (meeting, item) =
            Place::of_part::<MeetingItemId>(NodeKind::MeetingItem, "itemId", &self.item_id)?;
        let command = MeetingCommand::CorrectItem {
            item,
            words: model::ItemWordsInput {
                title: self.title,
                discussion: self.discussion.map(Into::into),
                decision: self.decision.map(Into::into),
            },
            reason: self.reason.into(),
        };
        Ok(ask(&meeting, command).about(NodeKind::MeetingItem, item.uuid()))
    }
}

/// Minutes that are sent round.
#[derive(InputObject)]
pub struct CirculateMinutesInput {
    /// The meeting.
    meeting_id: ID,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for CirculateMinutesInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        Ok(ask(
            &place(&self.meeting_id)?,
            MeetingCommand::CirculateMinutes,
        ))
    }
}

/// Minutes that are agreed.
#[derive(InputObject)]
pub struct AgreeMinutesInput {
    /// The meeting whose minutes they are.
    meeting_id: ID,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for AgreeMinutesInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        Ok(ask(&place(&self.meeting_id)?, MeetingCommand::AgreeMinutes))
    }
}

/// What happened since a meeting.
#[derive(InputObject)]
pub struct NoteSinceMeetingInput {
    /// The meeting.
    meeting_id: ID,
    /// The item it is about; none for the meeting as a whole.
    item_id: Option<ID>,
    /// The note.
    text: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for NoteSinceMeetingInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let meeting = place(&self.meeting_id)?;
        let item = self.item_id.as_ref();
        let item = item.map(|id| meeting.own(NodeKind::MeetingItem, "itemId", id));
        let command = MeetingCommand::NoteSince {
            item: item.transpose()?,
            text: self.text.into(),
        };
        Ok(ask(&meeting, command))
    }
}

/// How far a meeting is let out from now on.
#[derive(InputObject)]
pub struct ReleaseMeetingInput {
    /// The meeting.
    meeting_id: ID,
    /// How far it is let out from now on.
    to: Visibility,
    /// Why; needed when fewer people can read it than before.
    reason: Option<String>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for ReleaseMeetingInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let meeting = place(&self.meeting_id)?;
        let command = MeetingCommand::ReleaseMeeting {
            to: self.to.into(),
            reason: self.reason.map(Into::into),
        };
        Ok(ask(&meeting, command))
    }
}

/// An item that is there already, or a new one.
fn item_id(
    meeting: &Place,
    known: Option<&ID>,
    chosen: Option<Uuid>,
    ids: &dyn IdSource,
) -> Result<MeetingItemId, UserError> {
    match known {
        Some(id) => meeting.own(NodeKind::MeetingItem, "itemId", id),
        None => Ok(new_id(chosen, ids)),
    }
}

fn place(id: &ID) -> Result<Place, UserError> {
    Place::read(NodeKind::Meeting, "meetingId", id)
}

fn ask(meeting: &Place, command: MeetingCommand) -> Draft {
    let id = meeting.id();
    Draft::new(meeting, Command::Meeting { id, command })
}
