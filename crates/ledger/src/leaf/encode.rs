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

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate, Utc};
    use domain::MeetingRef;
    use domain::ids::{CommandId, GroupId, LedgerId, MeetingId};
    use domain::stream::{StreamId, StreamKind};
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::{Outline, Shared, stamp};
    use crate::append::NewEvent;
    use crate::leaf::{ENCODING, Envelope, LeafError, cursor};

    fn any_uuid() -> impl Strategy<Value = Uuid> {
        any::<u128>().prop_map(Uuid::from_u128)
    }

    fn any_date() -> impl Strategy<Value = NaiveDate> {
        (1900..2200, 1..=366u32).prop_filter_map("a day of that year", |(year, day)| {
            NaiveDate::from_yo_opt(year, day)
        })
    }

    fn any_moment() -> impl Strategy<Value = DateTime<Utc>> {
        (0..7_000_000_000_000_000i64)
            .prop_filter_map("a moment", DateTime::<Utc>::from_timestamp_micros)
    }

    fn any_meeting() -> impl Strategy<Value = Option<MeetingRef>> {
        let meeting = (any_uuid(), any_uuid(), any_date()).prop_map(|(id, group, held_on)| {
            let (id, group) = (MeetingId::new(id), GroupId::new(group));
            MeetingRef { id, group, held_on }
        });
        prop::option::of(meeting)
    }

    fn any_payload() -> impl Strategy<Value = Value> {
        (any::<String>(), any::<f64>(), any::<i32>(), prop::option::of(any::<String>())).prop_map(
            |(text, number, whole, absent)| json!({"z": text, "a": [number, whole], "é": absent}),
        )
    }

    prop_compose! {
        fn any_event()(
            kind in "[a-z_.\"\\\\]{1,20}", version in 0..=u32::MAX, on in any_date(),
            meeting in any_meeting(), payload in any_payload(),
        ) -> NewEvent {
            NewEvent::raw(kind, version, on, meeting, &payload).unwrap()
        }
    }

    fn any_stream() -> impl Strategy<Value = StreamId> {
        (prop::sample::select(StreamKind::ALL.to_vec()), any_uuid())
            .prop_map(|(kind, id)| StreamId { kind, id })
    }

    proptest! {
        #[test]
        fn a_leaf_is_its_encoding_and_canonical_json_and_reads_back(
            ids in (any_uuid(), any_uuid(), prop::option::of(any_uuid())),
            (actor, role) in (any::<String>(), any::<String>()),
            (stream, event) in (any_stream(), any_event()),
            (position, version, at) in (1..1u64 << 53, 1..1u64 << 53, any_moment()),
        ) {
            let shared = Shared {
                ledger: LedgerId::new(ids.0),
                command: CommandId::new(ids.1),
                actor: &actor,
                role: &role,
                causation: ids.2.map(CommandId::new),
            };
            let leaf = Outline::new(&shared, stream, &event).leaf(position, &stamp(at), version);

            prop_assert_eq!(leaf[0], ENCODING);
            let whole: Value = serde_json::from_slice(&leaf[1..])?;
            let canonical = serde_json_canonicalizer::to_vec(&whole)?;
            prop_assert_eq!(&leaf[1..], canonical.as_slice());

            let envelope = Envelope::read(&leaf)?;
            prop_assert_eq!(&envelope, &Envelope::read_with_care(&leaf[1..])?);
            prop_assert_eq!(envelope.event_type(), event.kind());
            prop_assert_eq!(envelope.schema_version(), event.schema_version());
            prop_assert_eq!(envelope.payload(), event.payload().as_str());
            let recorded = envelope.into_recorded();
            prop_assert_eq!((recorded.position, recorded.stream_version), (position, version));
            prop_assert_eq!((recorded.recorded_at, recorded.occurred_on), (at, event.occurred_on()));
            prop_assert_eq!((recorded.ledger, recorded.stream), (shared.ledger, stream));
            prop_assert_eq!((recorded.command, recorded.causation), (shared.command, shared.causation));
            prop_assert_eq!((recorded.actor, recorded.role), (actor, role));
            prop_assert_eq!(recorded.meeting, event.meeting());
        }
    }

    #[test]
    fn what_is_no_leaf_is_refused_and_said_why() {
        assert!(matches!(Envelope::read(b""), Err(LeafError::Empty)));
        assert!(matches!(
            Envelope::read(b"\x02{}"),
            Err(LeafError::Encoding(2))
        ));
        assert!(matches!(
            Envelope::read(b"\x01{}"),
            Err(LeafError::Envelope(_))
        ));
        assert!(matches!(
            Envelope::read(b"\x01"),
            Err(LeafError::Envelope(_))
        ));
    }

    /// One changed byte anywhere is read the same both ways, or refused.
    #[test]
    fn the_quick_way_never_reads_what_the_careful_way_reads_otherwise() {
        let shared = Shared {
            ledger: LedgerId::new(Uuid::from_u128(1)),
            command: CommandId::new(Uuid::from_u128(2)),
            actor: "principal-1",
            role: "secretariat",
            causation: Some(CommandId::new(Uuid::from_u128(3))),
        };
        let stream = StreamId {
            kind: StreamKind::ActionPlan,
            id: Uuid::from_u128(4),
        };
        let meeting = MeetingRef {
            id: MeetingId::new(Uuid::from_u128(5)),
            group: GroupId::new(Uuid::from_u128(6)),
            held_on: NaiveDate::default(),
        };
        let payload = json!({"a": [1, {"b": "}\"]"}], "c": "\\"});
        let event = NewEvent::raw(
            "test.noted",
            1,
            NaiveDate::default(),
            Some(meeting),
            &payload,
        );
        let outline = Outline::new(&shared, stream, &event.unwrap());
        let leaf = outline.leaf(1_234, &stamp(DateTime::UNIX_EPOCH), 56);
        assert!(cursor::read(std::str::from_utf8(&leaf[1..]).unwrap()).is_some());
        for at in 1..leaf.len() {
            for byte in [
                b'"', b'\\', b'{', b'}', b',', b'0', b'9', b'Z', b'-', b' ', b'x', 0,
            ] {
                let mut changed = leaf[1..].to_vec();
                changed[at - 1] = byte;
                let Some(quick) = std::str::from_utf8(&changed).ok().and_then(cursor::read) else {
                    continue;
                };
                if let Ok(careful) = Envelope::read_with_care(&changed) {
                    assert_eq!(quick, careful, "byte {at} as {}", char::from(byte));
                } else {
                    // Only what is inside the payload is left unread.
                    let payload: Result<Value, _> = serde_json::from_str(quick.payload());
                    assert!(payload.is_err(), "byte {at} as {}", char::from(byte));
                }
            }
        }
    }
}
