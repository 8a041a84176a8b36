//! Writing leaves: everything but the place and the moment is outlined by the caller, and the writer
//! only stamps those in.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use domain::MeetingRef;
use domain::ids::{CommandId, LedgerId};
use domain::stream::StreamId;

use super::ENCODING;
use crate::append::NewEvent;
use crate::canonical::write_string;
use crate::entry::Position;

/// What every entry of one command has in common.
pub(crate) struct Shared<'a> {
    pub ledger: LedgerId,
    pub command: CommandId,
    pub actor: &'a str,
    pub role: &'a str,
    pub causation: Option<CommandId>,
}

/// A leaf without its position, moment and stream version: the text on either side of them.
#[derive(Debug)]
pub(crate) struct Outline {
    before: String,
    after: String,
}

impl Outline {
    pub(crate) fn new(shared: &Shared<'_>, stream: StreamId, event: &NewEvent) -> Self {
        let payload = event.payload().as_str();
        let mut before = String::with_capacity(payload.len() + 384);
        before.push_str("{\"actor\":");
        write_string(&mut before, shared.actor);
        if let Some(causation) = shared.causation {
            push(&mut before, format_args!(",\"causation\":\"{causation}\""));
        }
        push(
            &mut before,
            format_args!(",\"command\":\"{}\",\"event_type\":", shared.command),
        );
        write_string(&mut before, event.kind());
        push(
            &mut before,
            format_args!(",\"ledger\":\"{}\"", shared.ledger),
        );
        if let Some(meeting) = event.meeting() {
            push_meeting(&mut before, meeting);
        }
        before.push_str(",\"occurred_on\":\"");
        push_date(&mut before, event.occurred_on());
        before.push_str("\",\"payload\":");
        before.push_str(payload);
        before.push_str(",\"position\":");

        let mut after = String::with_capacity(160);
        after.push_str("\",\"role\":");
        write_string(&mut after, shared.role);
        push(
            &mut after,
            format_args!(
                ",\"schema_version\":{},\"stream\":\"{stream}\",\"stream_version\":",
                event.schema_version()
            ),
        );
        Self { before, after }
    }

    /// How many bytes the leaf will have, give or take its numbers.
    pub(crate) fn size(&self) -> usize {
        self.before.len() + self.after.len() + 64
    }

    /// The leaf, now that its place and moment (as [`stamp`] writes it) are known.
    pub(crate) fn leaf(
        &self,
        position: Position,
        recorded_at: &str,
        stream_version: u64,
    ) -> Vec<u8> {
        let mut text = String::with_capacity(self.size() + 32);
        text.push(char::from(ENCODING));
        text.push_str(&self.before);
        push(&mut text, format_args!("{position},\"recorded_at\":\""));
        text.push_str(recorded_at);
        text.push_str(&self.after);
        push(&mut text, format_args!("{stream_version}}}"));
        text.into_bytes()
    }
}

/// A moment as leaves write it.
pub(crate) fn stamp(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Micros, true)
}

fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a `String` cannot fail.
    let _ = text.write_fmt(arguments);
}

fn push_date(text: &mut String, date: NaiveDate) {
    push(text, format_args!("{date}"));
}

fn push_meeting(text: &mut String, meeting: MeetingRef) {
    push(
        text,
        format_args!(
            ",\"meeting\":{{\"group\":\"{}\",\"held_on\":\"",
            meeting.group
        ),
    );
    push_date(text, meeting.held_on);
    push(text, format_args!("\",\"id\":\"{}\"}}", meeting.id));
}
