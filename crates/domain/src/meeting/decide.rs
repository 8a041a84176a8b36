//! Which rule decides which command.

use chrono::{NaiveDate, NaiveTime};

use crate::dated::{Directed, TooEarly};
use crate::facts::{Facts, GroupFact};
use crate::ids::{GroupId, MeetingItemId};
use crate::redaction::TextRedacted;
use crate::refusal::Item;
use crate::text::Text;
use crate::visibility::{Visibility, VisibilityChanged};
use crate::words::{Blank, REASON};

use super::command::{
    AgendaItemInput, ArrangementInput, AttendanceInput, ItemWordsInput, MeetingCommand,
    MinutedItemInput,
};
use super::error::MeetingError;
use super::event::{
    AgendaItem, AgendaSet, Arrangement, Attendance, AttendanceTaken, ItemCorrected, ItemMinuted,
    ItemWords, MeetingCalled, MeetingCancelled, MeetingEvent, MeetingHeld, MeetingRearranged,
    MinutesAgreed, MinutesCirculated, NotedSince, RaisedAction, SaidUpdate,
};
use super::state::{Heading, Meeting, Minutes};

const WORDS: Blank = Blank::title("words", "when it will be");
pub(super) const VENUE: Blank = Blank::title("venue", "the venue");
const TIME: Blank = Blank::label("time", "the time");
pub(super) const TITLE: Blank = Blank::title("title", "a heading");
const AGENDA_NOTE: Blank = Blank::text("note", "the note");
const WHO: Blank = Blank::title("who", "who it was");
const DISCUSSION: Blank = Blank::text("discussion", "what was said");
const DECISION: Blank = Blank::text("decision", "what was decided");
const REF: Blank = Blank::label("ref", "a ref");
const NOTE: Blank = Blank::text("text", "what happened since the meeting");

/// The most items a meeting can have.
pub(super) const MAX_ITEMS: usize = 200;
/// The most people and organisations that can be said to have come.
pub(super) const MAX_ATTENDANCE: usize = 500;

pub(super) const CALLED: &str = "this meeting was called on";
const HELD: &str = "this meeting was held on";

impl Meeting {
    /// The events a command leads to, in order.
    pub(super) fn decide(
        &self,
        directed: &Directed<MeetingCommand>,
    ) -> Result<Vec<MeetingEvent>, MeetingError> {
        use MeetingCommand as C;
        let (on, facts) = (directed.occurred_on, &directed.facts);
        match &directed.command {
            C::CallMeeting { group, arrangement } => {
                only(self.call(on, facts, *group, arrangement))
            }
            C::RearrangeMeeting {
                arrangement,
                reason,
            } => only(self.rearrange(on, arrangement, reason.as_ref())),
            C::CancelMeeting { reason } => only(self.cancel(on, reason)),
            C::SetAgenda { items } => only(self.set_agenda(on, items)),
            C::RecordMeeting { .. } => self.record(directed),
            C::TakeAttendance { attendance, reason } => {
                only(self.take_attendance(on, attendance, reason.as_ref(), facts))
            }
            C::CorrectMeeting {
                time,
                venue,
                reason,
            } => only(self.correct(on, (time.as_deref(), venue.as_deref()), reason)),
            C::AddItem { item } => only(self.add_item(on, item, facts)),
            C::CorrectItem {
                item,
                words,
                reason,
            } => only(self.correct_item(on, *item, words, reason)),
            C::CirculateMinutes => only(self.circulate(on)),
            C::AgreeMinutes => only(self.agree(directed)),
            C::NoteSince { item, text } => only(self.note_since(on, *item, text)),
            C::AddPaper {
                paper,
                title,
                document,
            } => only(self.add_paper(on, *paper, (title, document), facts)),
            C::WithdrawPaper { paper, reason } => only(self.withdraw_paper(on, *paper, reason)),
            C::ReleaseMeeting { to, reason } => only(self.release(on, *to, reason.as_ref())),
            C::RedactText { text, reason } => {
                self.begun(on)?;
                only(TextRedacted::of(*text, reason).map_err(MeetingError::from))
            }
        }
    }

    fn call(
        &self,
        on: NaiveDate,
        facts: &Facts,
        group: GroupId,
        arrangement: &ArrangementInput,
    ) -> Result<MeetingCalled, MeetingError> {
        if self.heading.is_some() {
            return Err(MeetingError::AlreadyCalled);
        }
        let fact = facts.group(group)?;
        // What is called on the day a group was wound up would be held after it.
        at_work(facts, &fact, |wound_up| on < wound_up)?;
        let (group, arrangement) = (fact, arranged(arrangement)?);
        Ok(MeetingCalled { group, arrangement })
    }

    fn rearrange(
        &self,
        on: NaiveDate,
        asked: &ArrangementInput,
        reason: Option<&Text>,
    ) -> Result<MeetingRearranged, MeetingError> {
        let heading = self.coming(on)?;
        let what = "when this meeting is to be was last settled on";
        let from = heading.arrangement.before(on, what)?;
        let to = arranged(asked)?;
        if *from == to {
            return Err(MeetingError::Unchanged("on"));
        }
        Ok(MeetingRearranged {
            from: from.clone(),
            to,
            reason: REASON.accept_any(reason)?,
        })
    }

    fn cancel(&self, on: NaiveDate, reason: &Text) -> Result<MeetingCancelled, MeetingError> {
        let heading = self.coming(on)?;
        let what = "when this meeting is to be was last settled on";
        heading.arrangement.before(on, what)?;
        let reason = REASON.accept(reason)?;
        Ok(MeetingCancelled { reason })
    }

    fn set_agenda(
        &self,
        on: NaiveDate,
        items: &[AgendaItemInput],
    ) -> Result<AgendaSet, MeetingError> {
        self.coming(on)?;
        if items.is_empty() {
            return Err(MeetingError::NoItems);
        }
        few_enough("items", items.len(), MAX_ITEMS)?;
        let mut agenda: Vec<AgendaItem> = Vec::with_capacity(items.len());
        for (at, asked) in items.iter().enumerate() {
            let item = agenda_item(asked, &agenda);
            agenda.push(item.map_err(|refusal| in_list("items", at, refusal))?);
        }
        if agenda == self.agenda {
            return Err(MeetingError::Unchanged("items"));
        }
        Ok(AgendaSet { items: agenda })
    }

    fn record(
        &self,
        directed: &Directed<MeetingCommand>,
    ) -> Result<Vec<MeetingEvent>, MeetingError> {
        let MeetingCommand::RecordMeeting {
            group,
            time,
            venue,
            attendance,
            items,
        } = &directed.command
        else {
            return Ok(Vec::new());
        };
        let (on, facts) = (directed.occurred_on, &directed.facts);
        if directed
            .meeting
            .is_some_and(|at| at.held_on != on || at.group != *group)
        {
            return Err(MeetingError::OtherMeeting);
        }
        let held = MeetingHeld {
            time: time_of_day(time.as_deref())?,
            venue: any(VENUE, venue.as_deref())?,
            group: self.hold(on, *group, facts)?,
        };
        let mut events: Vec<MeetingEvent> = vec![held.into()];
        if let Some(attendance) = attendance {
            let attendance = attended(attendance, facts)?;
            let reason = None;
            events.push(AttendanceTaken { attendance, reason }.into());
        }
        let mut ahead = self.clone();
        for event in &events {
            ahead.take(directed.dated(event.clone()));
        }
        for (at, item) in items.iter().enumerate() {
            let minuted = ahead.add_item(on, item, facts);
            let minuted = minuted.map_err(|refusal| in_list("items", at, refusal))?;
            ahead.take(directed.dated(minuted.clone().into()));
            events.push(minuted.into());
        }
        Ok(events)
    }

    /// The group that met: whose meeting it was called to be, where it was called.
    fn hold(&self, on: NaiveDate, id: GroupId, facts: &Facts) -> Result<GroupFact, MeetingError> {
        if let Some(held_on) = self.held_on {
            return Err(MeetingError::AlreadyHeld { held_on });
        }
        let group = facts.group(id)?;
        at_work(facts, &group, |wound_up| on <= wound_up)?;
        let Some(called) = &self.heading else {
            return Ok(group);
        };
        if called.group.id != id {
            let group = called.group.name.clone();
            return Err(MeetingError::OtherGroup { group });
        }
        self.coming(on)?;
        Ok(group)
    }

    fn take_attendance(
        &self,
        on: NaiveDate,
        asked: &[AttendanceInput],
        reason: Option<&Text>,
        facts: &Facts,
    ) -> Result<AttendanceTaken, MeetingError> {
        self.was_held(on)?;
        let attendance = attended(asked, facts)?;
        let reason = match &self.attendance {
            None => REASON.accept_any(reason)?,
            Some(taken) => {
                let before = taken.before(on, "who came was last taken down on")?;
                if *before == attendance {
                    return Err(MeetingError::Unchanged("attendance"));
                }
                Some(REASON.insist(reason)?)
            }
        };
        Ok(AttendanceTaken { attendance, reason })
    }

    fn add_item(
        &self,
        on: NaiveDate,
        asked: &MinutedItemInput,
        facts: &Facts,
    ) -> Result<ItemMinuted, MeetingError> {
        self.was_held(on)?;
        few_enough("items", self.items.len() + 1, MAX_ITEMS)?;
        if self.items.contains_key(&asked.item) {
            return Err(MeetingError::ItemTaken);
        }
        let sent = self.minutes.as_ref().map(|minutes| minutes.value);
        if let Some(state) = sent.filter(|state| *state != Minutes::Draft) {
            return Err(MeetingError::NoLongerDraft { state });
        }
        let raised = asked.actions.iter().map(|raised| {
            Ok(RaisedAction {
                label: any(REF, raised.label.as_deref())?,
                action_plan_id: raised.plan,
                action_id: raised.action,
            })
        });
        let said = asked.updates.iter().map(|said| SaidUpdate {
            action_plan_id: said.plan,
            update_id: said.update,
        });
        let commitments = asked.commitments.iter().map(|id| facts.commitment(*id));
        Ok(ItemMinuted {
            item_id: asked.item,
            words: worded(&asked.words)?,
            actions: raised.collect::<Result<_, MeetingError>>()?,
            updates: said.collect(),
            commitments: commitments.collect::<Result<_, _>>()?,
            carried_over: asked.carried_over,
        })
    }

    fn correct_item(
        &self,
        on: NaiveDate,
        id: MeetingItemId,
        asked: &ItemWordsInput,
        reason: &Text,
    ) -> Result<ItemCorrected, MeetingError> {
        self.was_held(on)?;
        let words = self.items.get(&id).ok_or(MeetingError::UnknownItem)?;
        let from = words.before(on, "this item was last written on")?;
        let to = worded(asked)?;
        let reason = REASON.accept(reason)?;
        if *from == to {
            return Err(MeetingError::Unchanged("title"));
        }
        let from = from.clone();
        Ok(ItemCorrected {
            item_id: id,
            from,
            to,
            reason,
        })
    }

    fn circulate(&self, on: NaiveDate) -> Result<MinutesCirculated, MeetingError> {
        self.was_held(on)?;
        if self.items.is_empty() {
            return Err(MeetingError::NothingMinuted);
        }
        let last = self.items.values().map(|words| words.on).max();
        TooEarly::check(on, "the minutes were last written on", last)?;
        match &self.minutes {
            Some(minutes) if minutes.value != Minutes::Draft => Err(MeetingError::NotDraft {
                state: minutes.value,
            }),
            _ => Ok(MinutesCirculated {}),
        }
    }

    /// Agreed at another meeting of the group: nobody agrees minutes while they are being taken.
    fn agree(&self, directed: &Directed<MeetingCommand>) -> Result<MinutesAgreed, MeetingError> {
        let on = directed.occurred_on;
        let held_on = self.was_held(on)?;
        let minutes = self.minutes.as_ref().ok_or(MeetingError::NothingMinuted)?;
        match minutes.value {
            Minutes::Draft => return Err(MeetingError::NotCirculated),
            Minutes::Agreed => {
                return Err(MeetingError::NotDraft {
                    state: minutes.value,
                });
            }
            Minutes::Circulated => {}
        }
        minutes.before(on, "the minutes were circulated on")?;
        let at = directed.meeting.ok_or(MeetingError::AtNoMeeting)?;
        if self.group() != Some(at.group) || at.held_on <= held_on {
            return Err(MeetingError::NotALaterMeeting { held_on });
        }
        Ok(MinutesAgreed {})
    }

    fn note_since(
        &self,
        on: NaiveDate,
        item: Option<MeetingItemId>,
        text: &Text,
    ) -> Result<NotedSince, MeetingError> {
        self.was_held(on)?;
        if item.is_some_and(|id| !self.items.contains_key(&id)) {
            return Err(MeetingError::UnknownItem);
        }
        let text = NOTE.accept(text)?;
        Ok(NotedSince {
            item_id: item,
            text,
        })
    }

    fn release(
        &self,
        on: NaiveDate,
        to: Visibility,
        reason: Option<&Text>,
    ) -> Result<VisibilityChanged, MeetingError> {
        let heading = self.heading.as_ref().ok_or(MeetingError::NotCalled)?;
        Ok(heading.release.release(on, to, reason)?)
    }

    /// It was called or held, and no later than `on`.
    fn begun(&self, on: NaiveDate) -> Result<&Heading, MeetingError> {
        let heading = self.heading.as_ref().ok_or(MeetingError::NotCalled)?;
        match self.held_on {
            Some(held_on) => TooEarly::check(on, HELD, Some(held_on))?,
            None => TooEarly::check(on, CALLED, Some(heading.arrangement.on))?,
        }
        Ok(heading)
    }

    /// A meeting that is still to be held.
    fn coming(&self, on: NaiveDate) -> Result<&Heading, MeetingError> {
        let heading = self.heading.as_ref().ok_or(MeetingError::NotCalled)?;
        if let Some(held_on) = self.held_on {
            return Err(MeetingError::AlreadyHeld { held_on });
        }
        if let Some(on) = self.cancelled_on {
            return Err(MeetingError::Cancelled { on });
        }
        TooEarly::check(
            on,
            CALLED,
            Some(heading.release.on.min(heading.arrangement.on)),
        )?;
        Ok(heading)
    }

    pub(super) fn was_held(&self, on: NaiveDate) -> Result<NaiveDate, MeetingError> {
        self.heading.as_ref().ok_or(MeetingError::NotCalled)?;
        let held_on = self.held_on.ok_or(MeetingError::NotHeld)?;
        TooEarly::check(on, HELD, Some(held_on))?;
        Ok(held_on)
    }
}

/// Refuses what a group that was wound up can do no more.
fn at_work(
    facts: &Facts,
    group: &GroupFact,
    in_time: impl FnOnce(NaiveDate) -> bool,
) -> Result<(), MeetingError> {
    match facts.wound_up.get(&group.id) {
        Some(on) if !in_time(*on) => Err(MeetingError::GroupWoundUp {
            group: group.name.clone(),
            on: *on,
        }),
        _ => Ok(()),
    }
}

fn only<E: Into<MeetingEvent>>(
    decided: Result<E, MeetingError>,
) -> Result<Vec<MeetingEvent>, MeetingError> {
    decided.map(|event| vec![event.into()])
}

fn in_list(list: &'static str, at: usize, refusal: MeetingError) -> MeetingError {
    MeetingError::InList {
        item: Item::of(list, at),
        refusal: Box::new(refusal),
    }
}

/// What was typed, where anything was.
pub(super) fn any(blank: Blank, typed: Option<&str>) -> Result<Option<String>, MeetingError> {
    let typed = typed.filter(|typed| !typed.trim().is_empty());
    Ok(typed.map(|typed| blank.require(typed)).transpose()?)
}

/// A time of day, written alike by everybody.
pub(super) fn time_of_day(typed: Option<&str>) -> Result<Option<String>, MeetingError> {
    let Some(typed) = any(TIME, typed)? else {
        return Ok(None);
    };
    let time = NaiveTime::parse_from_str(&typed, "%H:%M");
    let time = time.map_err(|_| MeetingError::NotATime)?;
    Ok(Some(time.format("%H:%M").to_string()))
}

fn arranged(asked: &ArrangementInput) -> Result<Arrangement, MeetingError> {
    let arrangement = Arrangement {
        on: asked.on,
        time: time_of_day(asked.time.as_deref())?,
        words: any(WORDS, asked.words.as_deref())?,
        venue: any(VENUE, asked.venue.as_deref())?,
    };
    if arrangement.on.is_none() && arrangement.words.is_none() {
        return Err(MeetingError::NoDay);
    }
    Ok(arrangement)
}

fn agenda_item(asked: &AgendaItemInput, before: &[AgendaItem]) -> Result<AgendaItem, MeetingError> {
    if before.iter().any(|item| item.item_id == asked.item) {
        return Err(MeetingError::ItemTaken);
    }
    Ok(AgendaItem {
        item_id: asked.item,
        title: TITLE.require(&asked.title)?,
        note: AGENDA_NOTE.accept_any(asked.note.as_ref())?,
    })
}

/// Everyone who came; somebody is named by an organisation, by words, or by both.
fn attended(asked: &[AttendanceInput], facts: &Facts) -> Result<Vec<Attendance>, MeetingError> {
    if asked.is_empty() {
        return Err(MeetingError::NobodyCame);
    }
    few_enough("attendance", asked.len(), MAX_ATTENDANCE)?;
    let one = |(at, one): (usize, &AttendanceInput)| {
        let organisation = one
            .organisation
            .map(|id| facts.organisation(id))
            .transpose();
        let attendance = organisation.map_err(MeetingError::from).and_then(|it| {
            let who = match it {
                Some(_) => WHO.accept_any(one.who.as_ref())?,
                None => Some(WHO.insist(one.who.as_ref())?),
            };
            Ok(Attendance {
                organisation: it,
                who,
                attending: one.attending,
            })
        });
        attendance.map_err(|refusal| in_list("attendance", at, refusal))
    };
    asked.iter().enumerate().map(one).collect()
}

fn worded(asked: &ItemWordsInput) -> Result<ItemWords, MeetingError> {
    Ok(ItemWords {
        title: TITLE.require(&asked.title)?,
        discussion: DISCUSSION.accept_any(asked.discussion.as_ref())?,
        decision: DECISION.accept_any(asked.decision.as_ref())?,
    })
}

pub(super) fn few_enough(
    field: &'static str,
    count: usize,
    limit: usize,
) -> Result<(), MeetingError> {
    if count > limit {
        return Err(MeetingError::TooMany {
            field,
            limit,
            count,
        });
    }
    Ok(())
}
