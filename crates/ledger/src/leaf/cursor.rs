//! A quick way through an envelope that lies exactly as this build writes it.
//!
//! A rebuild reads every leaf there is, and a general JSON parser spends most of that time on field
//! names whose order is known. This one goes through them in order and gives up at the first
//! surprise; the general parser then has the last word on what the leaf says.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use domain::MeetingRef;
use domain::ids::{CommandId, GroupId, LedgerId, MeetingId};
use domain::stream::{StreamId, StreamKind};
use memchr::memchr2;
use uuid::Uuid;

use super::decode::Envelope;

/// Reads an envelope in canonical form; nothing if it is not, or holds an escape outside its payload.
pub(super) fn read(text: &str) -> Option<Envelope<'_>> {
    let mut cursor = Cursor { rest: text };
    cursor.literal("{\"actor\":")?;
    let actor = cursor.plain()?;
    let causation = if cursor.comes(",\"causation\":") {
        Some(cursor.uuid()?)
    } else {
        None
    };
    cursor.literal(",\"command\":")?;
    let command = cursor.uuid()?;
    cursor.literal(",\"event_type\":")?;
    let event_type = cursor.plain()?;
    cursor.literal(",\"ledger\":")?;
    let ledger = cursor.uuid()?;
    let meeting = if cursor.comes(",\"meeting\":") {
        Some(cursor.meeting()?)
    } else {
        None
    };
    cursor.literal(",\"occurred_on\":\"")?;
    let occurred_on = cursor.date()?;
    cursor.literal("\",\"payload\":")?;
    let payload = cursor.object()?;
    cursor.literal(",\"position\":")?;
    let position = cursor.number()?;
    cursor.literal(",\"recorded_at\":\"")?;
    let recorded_at = cursor.moment()?;
    cursor.literal("\",\"role\":")?;
    let role = cursor.plain()?;
    cursor.literal(",\"schema_version\":")?;
    let schema_version = cursor.number()?;
    cursor.literal(",\"stream\":")?;
    let stream = cursor.stream()?;
    cursor.literal(",\"stream_version\":")?;
    let stream_version = cursor.number()?;
    (cursor.rest == "}").then_some(())?;
    Some(Envelope {
        actor: Cow::Borrowed(actor),
        causation: causation.map(CommandId::new),
        command: CommandId::new(command),
        event_type: Cow::Borrowed(event_type),
        ledger: LedgerId::new(ledger),
        meeting,
        occurred_on,
        payload,
        position,
        recorded_at,
        role: Cow::Borrowed(role),
        schema_version: u32::try_from(schema_version).ok()?,
        stream,
        stream_version,
    })
}

struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    /// Exactly this.
    fn literal(&mut self, expected: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(expected)?;
        Some(())
    }

    /// Whether this comes next; if so it is passed over.
    fn comes(&mut self, optional: &str) -> bool {
        self.literal(optional).is_some()
    }

    fn take(&mut self, bytes: usize) -> Option<&'a str> {
        let (taken, rest) = self.rest.split_at_checked(bytes)?;
        self.rest = rest;
        Some(taken)
    }

    /// A string without escapes, in quotes.
    fn plain(&mut self) -> Option<&'a str> {
        self.literal("\"")?;
        let end = self
            .rest
            .bytes()
            .position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))?;
        let text = self.take(end)?;
        self.literal("\"")?;
        Some(text)
    }

    fn uuid(&mut self) -> Option<Uuid> {
        self.literal("\"")?;
        let id = self.bare_uuid()?;
        self.literal("\"")?;
        Some(id)
    }

    fn bare_uuid(&mut self) -> Option<Uuid> {
        Uuid::try_parse(self.take(36)?).ok()
    }

    /// Digits of a number below 2^53, which is all a leaf's places are written with.
    fn number(&mut self) -> Option<u64> {
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let leading_zero = digits > 1 && self.rest.starts_with('0');
        (1..=16).contains(&digits).then_some(())?;
        (!leading_zero).then_some(())?;
        decimal(self.take(digits)?)
    }

    fn date(&mut self) -> Option<NaiveDate> {
        let text = self.take(10)?;
        let bytes = text.as_bytes();
        (bytes[4] == b'-' && bytes[7] == b'-').then_some(())?;
        let year = i32::try_from(decimal(text.get(..4)?)?).ok()?;
        let month = u32::try_from(decimal(text.get(5..7)?)?).ok()?;
        let day = u32::try_from(decimal(text.get(8..)?)?).ok()?;
        NaiveDate::from_ymd_opt(year, month, day)
    }

    fn moment(&mut self) -> Option<DateTime<Utc>> {
        let date = self.date()?;
        let text = self.take(17)?;
        let bytes = text.as_bytes();
        let marks = [bytes[0], bytes[3], bytes[6], bytes[9], bytes[16]];
        (&marks == b"T::.Z").then_some(())?;
        let part = |range| u32::try_from(decimal(text.get(range)?)?).ok();
        let (hour, minute) = (part(1..3)?, part(4..6)?);
        let (second, micros) = (part(7..9)?, part(10..16)?);
        Some(
            date.and_hms_micro_opt(hour, minute, second, micros)?
                .and_utc(),
        )
    }

    fn meeting(&mut self) -> Option<MeetingRef> {
        self.literal("{\"group\":")?;
        let group = GroupId::new(self.uuid()?);
        self.literal(",\"held_on\":\"")?;
        let held_on = self.date()?;
        self.literal("\",\"id\":")?;
        let id = MeetingId::new(self.uuid()?);
        self.literal("}")?;
        Some(MeetingRef { id, group, held_on })
    }

    fn stream(&mut self) -> Option<StreamId> {
        self.literal("\"")?;
        let kind = self.rest.split('/').next()?;
        self.take(kind.len() + 1)?;
        let kind = StreamKind::parse(kind)?;
        let id = self.bare_uuid()?;
        self.literal("\"")?;
        Some(StreamId { kind, id })
    }

    /// The text of an object, up to the brace that closes it; what is in it is read later.
    fn object(&mut self) -> Option<&'a str> {
        let bytes = self.rest.as_bytes();
        (bytes.first() == Some(&b'{')).then_some(())?;
        let (mut at, mut depth) = (0, 0usize);
        loop {
            match bytes.get(at)? {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.checked_sub(1)?,
                b'"' => at = closing_quote(bytes, at + 1)?,
                _ => {}
            }
            at += 1;
            if depth == 0 {
                return self.take(at);
            }
        }
    }
}

/// Where the string that begins at `at` ends.
fn closing_quote(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            return Some(at);
        }
        at += 2;
    }
}

/// The number written with these digits, and nothing else.
fn decimal(digits: &str) -> Option<u64> {
    digits.bytes().try_fold(0, |number, byte| {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        Some(number * 10 + digit)
    })
}
