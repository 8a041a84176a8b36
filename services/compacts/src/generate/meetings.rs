//! A session's meetings: each group four times, recorded with what they led to, and agreed at the next.

use chrono::NaiveDate;
use domain::ids::MeetingId;
use domain::meeting::{AttendanceInput, Attending, ItemWordsInput, MinutedItemInput};
use domain::{Command, MeetingCommand, MeetingRef, Visibility};

use super::compact::{Compact, GROUPS};
use super::dice::Dice;
use super::plans::{Led, Plans};
use super::region::day;
use super::words::{said, undertaking};
use crate::reference::{Path, Scribe, Step, When};

/// How often a group meets in a session.
const MEETINGS: u32 = 4;

/// How many organisations come, send a deputy or send apologies.
const ATTENDANCE: u32 = 14;

/// How many things are spoken of.
const ITEMS: u32 = 6;

/// A meeting of a group.
struct Meeting<'a> {
    compact: &'a Compact<'a>,
    code: &'static str,
    /// Which of all the group's meetings.
    number: u32,
    path: Path,
    on: NaiveDate,
}

/// Everything that happens to meetings in one session.
pub(super) fn of(compact: &Compact<'_>, year: u32, plans: &Plans<'_>) -> Vec<Step> {
    let mut scribe = compact.scribe();
    for (group, (code, ..)) in GROUPS.iter().enumerate() {
        for nth in 0..MEETINGS {
            let number = year * MEETINGS + nth;
            let meeting = Meeting::of(compact, (group, code), number);
            let plan = plans.of_group(code);
            let led = plan.map(|plan| plan.heard(nth, meeting.on));
            meeting.record(&mut scribe, led);
            if let Some(before) = number.checked_sub(1) {
                let before = Meeting::of(compact, (group, code), before);
                before.agree(&mut scribe, &meeting);
            }
        }
    }
    scribe.steps
}

impl<'a> Meeting<'a> {
    fn of(compact: &'a Compact<'a>, (group, code): (usize, &'static str), number: u32) -> Self {
        let (year, nth) = (number / MEETINGS, number % MEETINGS);
        let days = 20 + 90 * u64::from(nth) + 7 * group as u64;
        Self {
            compact,
            code,
            number,
            path: compact.path.of("meeting", format_args!("{code}/{number}")),
            on: day(year, days),
        }
    }

    fn reference(&self) -> MeetingRef {
        MeetingRef {
            id: self.path.id(),
            group: self.compact.group(self.code),
            held_on: self.on,
        }
    }

    fn when(&self) -> When {
        When {
            on: self.on,
            meeting: Some(self.reference()),
        }
    }

    fn command(&self, command: MeetingCommand) -> Command {
        let id: MeetingId = self.path.id();
        Command::Meeting { id, command }
    }

    /// The meeting with all it led to, in one submission.
    fn record(&self, scribe: &mut Scribe, led: Option<Led>) {
        let (mut commands, updates, actions) = led.map_or_else(Default::default, |led| {
            (led.commands, led.updates, led.actions)
        });
        let mut items: Vec<MinutedItemInput> = (0..ITEMS).map(|nth| self.item(nth)).collect();
        if let Some(first) = items.first_mut() {
            first.updates = updates;
            first.actions = actions;
        }
        let record = self.command(MeetingCommand::RecordMeeting {
            group: self.compact.group(self.code),
            time: Some("10:30".to_owned()),
            venue: Some(format!("Room {}", Dice(&self.path).below("room", 9))),
            attendance: Some(self.attendance()),
            items,
        });
        commands.insert(0, record);
        scribe.write(&self.path, "record", self.when(), commands);
        let after = self.on + chrono::Days::new(5);
        let circulate = self.command(MeetingCommand::CirculateMinutes);
        scribe.write(&self.path, "circulate", after, vec![circulate]);
    }

    fn item(&self, nth: u32) -> MinutedItemInput {
        let path = self.path.of("item", nth);
        let dice = Dice(&path);
        MinutedItemInput {
            item: path.id(),
            words: ItemWordsInput {
                title: undertaking(&dice),
                discussion: Some(said(&dice).into()),
                decision: dice
                    .once_in("decision", 3)
                    .then(|| "To go on as proposed.".into()),
            },
            actions: Vec::new(),
            updates: Vec::new(),
            commitments: Vec::new(),
            carried_over: false,
        }
    }

    fn attendance(&self) -> Vec<AttendanceInput> {
        let each = (0..ATTENDANCE).map(|nth| {
            let organisation = self
                .compact
                .region
                .organisation(self.compact.nth, self.number * 3 + nth);
            let attending = match Dice(&self.path).below(&format!("seat {nth}"), 6) {
                0 => Attending::Apologies,
                1 => Attending::Deputy,
                _ => Attending::Present,
            };
            AttendanceInput {
                organisation: Some(organisation),
                who: None,
                attending,
            }
        });
        each.collect()
    }

    /// Its minutes agreed at the next meeting, and published.
    fn agree(&self, scribe: &mut Scribe, next: &Self) {
        let release = MeetingCommand::ReleaseMeeting {
            to: Visibility::Public,
            reason: None,
        };
        let commands = [MeetingCommand::AgreeMinutes, release];
        let commands = commands.map(|command| self.command(command));
        scribe.write(&self.path, "agree", next.when(), commands.into());
    }
}
