//! Whether an entry's leaf says what its columns do, and is written as it must be.

use domain::StoredEvent;
use domain::ids::LedgerId;
use ledger::Entry;
use ledger::canonical::CanonicalJson;
use serde_json::Value;

use super::entries::EntryRow;

/// Which columns say something else than the leaf.
pub(super) fn differences(row: &EntryRow, entry: &Entry, ledger: LedgerId) -> Vec<String> {
    let recorded = &entry.recorded;
    let same = [
        ("ledger_id", recorded.ledger == ledger),
        (
            "position",
            recorded.position == row.position.cast_unsigned(),
        ),
        (
            "stream_version",
            recorded.stream_version == row.stream_version.cast_unsigned(),
        ),
        ("stream_id", recorded.stream.id == row.stream_id),
        (
            "stream_kind",
            recorded.stream.kind.as_str() == row.stream_kind,
        ),
        ("command_id", recorded.command.uuid() == row.command_id),
        ("recorded_at", recorded.recorded_at == row.recorded_at),
        (
            "meeting_id",
            recorded.meeting.map(|meeting| meeting.id.uuid()) == row.meeting_id,
        ),
        ("occurred_on", recorded.occurred_on == row.occurred_on),
        ("event_type", entry.event.kind() == row.event_type),
        (
            "schema_version",
            schema_version(&row.leaf) == Some(i64::from(row.schema_version)),
        ),
    ];
    let differ = same.into_iter().filter(|(_, same)| !same);
    differ
        .map(|(column, _)| format!("the column {column} differs from the leaf"))
        .collect()
}

/// The schema version a leaf was written with; the decoded event is already of the latest.
fn schema_version(leaf: &[u8]) -> Option<i64> {
    let envelope: Value = serde_json::from_slice(leaf.get(1..)?).ok()?;
    envelope.get("schema_version")?.as_i64()
}

/// Why a leaf is not what writing it again would give, if it is not.
pub(super) fn not_canonical(leaf: &[u8]) -> Option<String> {
    let text = leaf.get(1..).unwrap_or_default();
    let again = serde_json::from_slice(text).and_then(|value: Value| CanonicalJson::of(&value));
    match again {
        Ok(again) if again.as_str().as_bytes() == text => payload_differs(leaf),
        Ok(_) => Some("the leaf is not canonical".to_owned()),
        Err(error) => Some(format!("the leaf cannot be written again: {error}")),
    }
}

/// Whether the event, written again, has another payload than the leaf. Leaves of an older version are
/// read as the latest and need not come out the same.
fn payload_differs(leaf: &[u8]) -> Option<String> {
    let entry = ledger::leaf::decode(leaf).ok()?;
    let envelope: Value = serde_json::from_slice(leaf.get(1..)?).ok()?;
    if envelope.get("schema_version")?.as_u64() != Some(entry.event.schema_version().into()) {
        return None;
    }
    let payload = match &entry.event {
        domain::Event::Region(event) => event.payload(),
        domain::Event::Compact(event) => event.payload(),
        domain::Event::Commitment(event) => event.payload(),
        domain::Event::ActionPlan(event) => event.payload(),
        domain::Event::Person(event) => event.payload(),
        domain::Event::Meeting(event) => event.payload(),
        domain::Event::GoodPractice(event) => event.payload(),
        domain::Event::Adoption(event) => event.payload(),
        domain::Event::Assessment(event) => event.payload(),
    };
    let same = payload.is_ok_and(|payload| envelope.get("payload") == Some(&payload));
    (!same).then(|| "the event, written again, has another payload".to_owned())
}
