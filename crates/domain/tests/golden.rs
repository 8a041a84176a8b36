//! Stored shapes never change: every type and version ever written has a golden file here, and
//! every build still reads each of them and writes it back as it was.
//!
//! `UPDATE_GOLDEN=1` adds the files of new types and versions. It never rewrites one: a golden
//! file that no longer fits means that stored events no longer fit either.

mod samples;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use domain::event::{Event, StoredEvent};
use domain::stream::StreamKind;
use domain::{
    ActionPlanEvent, AdoptionEvent, AssessmentEvent, CommitmentEvent, CompactEvent,
    GoodPracticeEvent, MeetingEvent, PersonEvent, RegionEvent, Sealed, Texts,
};

type Golden = BTreeMap<String, String>;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn on_disk() -> Golden {
    let files = std::fs::read_dir(folder()).expect("the golden folder");
    files
        .map(|file| {
            let file = file.expect("a golden file");
            let name = file.file_name().into_string().expect("a plain file name");
            let text = std::fs::read_to_string(file.path()).expect("a text");
            (name, text)
        })
        .collect()
}

fn name_of(kind: &str, version: u32) -> String {
    format!("{kind}.v{version}.json")
}

fn types() -> Vec<(StreamKind, &'static str, u32)> {
    let each = |stream, types: &'static [(&'static str, u32)]| {
        types
            .iter()
            .map(move |(kind, version)| (stream, *kind, *version))
    };
    each(StreamKind::Region, RegionEvent::TYPES)
        .chain(each(StreamKind::Compact, CompactEvent::TYPES))
        .chain(each(StreamKind::Commitment, CommitmentEvent::TYPES))
        .chain(each(StreamKind::ActionPlan, ActionPlanEvent::TYPES))
        .chain(each(StreamKind::Person, PersonEvent::TYPES))
        .chain(each(StreamKind::Meeting, MeetingEvent::TYPES))
        .chain(each(StreamKind::GoodPractice, GoodPracticeEvent::TYPES))
        .chain(each(StreamKind::Adoption, AdoptionEvent::TYPES))
        .chain(each(StreamKind::Assessment, AssessmentEvent::TYPES))
        .collect()
}

fn payload(event: &Event) -> Result<serde_json::Value, serde_json::Error> {
    match event {
        Event::Region(event) => event.payload(),
        Event::Compact(event) => event.payload(),
        Event::Commitment(event) => event.payload(),
        Event::ActionPlan(event) => event.payload(),
        Event::Person(event) => event.payload(),
        Event::Meeting(event) => event.payload(),
        Event::GoodPractice(event) => event.payload(),
        Event::Adoption(event) => event.payload(),
        Event::Assessment(event) => event.payload(),
    }
}

/// Which kind of stream a type belongs to, by what stands before its dot.
fn stream_of(kind: &str) -> Option<StreamKind> {
    let (aggregate, _) = kind.split_once('.')?;
    StreamKind::parse(&aggregate.replace('_', "-"))
}

/// What is wrong with one golden file. The current version must be written back as it was read;
/// an older one must still be read.
fn fault_of(name: &str, text: &str) -> Option<String> {
    let wrong = |what: String| Some(format!("{name}: {what}"));
    let Some((kind, version)) = name
        .strip_suffix(".json")
        .and_then(|name| name.rsplit_once(".v"))
    else {
        return wrong("not named <type>.v<version>.json".into());
    };
    let (Some(stream), Ok(version)) = (stream_of(kind), version.parse::<u32>()) else {
        return wrong("of no aggregate".into());
    };
    let event = match Event::decode(stream, kind, version, text) {
        Ok(event) => event,
        Err(error) => return wrong(format!("cannot be read: {error:?}")),
    };
    if event.kind() != kind {
        return wrong(format!("read as {}", event.kind()));
    }
    let stored: serde_json::Value = serde_json::from_str(text).expect("JSON, as it was read");
    if Sealed::all_in(&stored).is_err() {
        return wrong("has a field `sealed` that is not sealed text".into());
    }
    let written = payload(&event).expect("a payload");
    if event.schema_version() == version && written != stored {
        return wrong(format!("written back as {written}"));
    }
    None
}

/// What is wrong with the golden files as a whole.
fn faults(golden: &Golden) -> Vec<String> {
    let wanted: BTreeSet<_> = types()
        .iter()
        .map(|(_, kind, version)| name_of(kind, *version))
        .collect();
    let missing = wanted.iter().filter(|name| !golden.contains_key(*name));
    missing
        .map(|name| format!("{name}: missing; run with UPDATE_GOLDEN=1 and commit it"))
        .chain(
            golden
                .iter()
                .filter_map(|(name, text)| fault_of(name, text)),
        )
        .collect()
}

/// Writes the files of types and versions that have none.
fn add_missing() {
    for event in samples::all() {
        let path = folder().join(name_of(event.kind(), event.schema_version()));
        if !path.exists() {
            let payload = payload(&event).expect("a payload");
            let text = serde_json::to_string_pretty(&payload).expect("JSON");
            std::fs::write(path, text + "\n").expect("a golden file written");
        }
    }
}

#[test]
fn every_event_ever_stored_can_be_read_and_is_written_back_as_it_was() {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        add_missing();
    }
    assert_eq!(faults(&on_disk()), Vec::<String>::new());
}

#[test]
fn every_type_begins_with_its_stream_s_kind() {
    for (stream, kind, _) in types() {
        assert_eq!(stream_of(kind), Some(stream), "{kind}");
    }
}

#[test]
fn every_type_has_a_sample_that_survives_being_stored() {
    let samples = samples::all();
    let shown: BTreeSet<_> = samples.iter().map(Event::kind).collect();
    let written: BTreeSet<_> = types().iter().map(|(_, kind, _)| *kind).collect();
    assert_eq!(shown, written);
    assert_eq!(samples.len(), shown.len(), "one sample for each type");
    for event in samples {
        let text = payload(&event).expect("a payload").to_string();
        let stream = stream_of(event.kind()).expect("a stream");
        let read = Event::decode(stream, event.kind(), event.schema_version(), &text);
        assert_eq!(read.expect("an event"), event);
    }
}

#[test]
fn a_missing_a_changed_and_a_stray_file_are_each_found() {
    let golden = on_disk();
    let name = name_of("commitment.target_changed", 2);
    let with = |change: &dyn Fn(&mut Golden)| {
        let mut golden = golden.clone();
        change(&mut golden);
        faults(&golden)
    };
    let missing = with(&|golden| drop(golden.remove(&name)));
    assert!(missing[0].contains("missing"), "{missing:?}");
    let renamed = with(&|golden| {
        let text = golden[&name].replace("\"reason\"", "\"why\"");
        golden.insert(name.clone(), text);
    });
    assert!(renamed[0].contains("cannot be read"), "{renamed:?}");
    let dropped = with(&|golden| {
        let text = golden[&name].replacen('{', "{\"forgotten\": 1,", 1);
        golden.insert(name.clone(), text);
    });
    assert!(dropped[0].contains("written back as"), "{dropped:?}");
    let stray = with(&|golden| drop(golden.insert("notes.txt".into(), String::new())));
    assert!(stray[0].contains("not named"), "{stray:?}");
    let taken = with(&|golden| {
        let text = golden[&name].replacen('{', "{\"sealed\": true,", 1);
        golden.insert(name.clone(), text);
    });
    assert!(taken[0].contains("field `sealed`"), "{taken:?}");
    let foreign = with(&|golden| drop(golden.insert("weather.held.v1.json".into(), "{}".into())));
    assert!(foreign[0].contains("of no aggregate"), "{foreign:?}");
}

#[test]
fn every_text_of_every_event_is_shown_to_whoever_seals_it() {
    let typed = |event: &Event| format!("{event:?}").matches("Clear(").count();
    let mut texts = 0;
    for mut event in samples::typed() {
        texts += typed(&event);
        event.texts(&mut samples::seal);
        assert_eq!(typed(&event), 0, "{event:?}");
    }
    assert!(texts > 50, "only {texts} texts in all samples");
}
