//! Every entry reads as a sentence.

mod story;

use std::collections::BTreeSet;
use std::path::PathBuf;

use domain::stream::StreamKind;
use domain::{ActionPlanEvent, CommitmentEvent, CompactEvent, Event, PersonEvent, RegionEvent};
use ledger::Entry;
use story::*;
use uuid::Uuid;
use views::{ActionPlanView, CommitmentView, Names, SubjectKind, fold, say};

/// The story with the names its streams have in the end.
fn told() -> Vec<(Entry, String)> {
    let entries = compact().entries;
    let of = |kind| {
        entries
            .iter()
            .filter(move |entry| entry.recorded.stream.kind == kind)
    };
    let plan = fold::<ActionPlanView>(of(StreamKind::ActionPlan)).expect("the plan");
    let pledge = fold::<CommitmentView>(of(StreamKind::Commitment)).expect("the commitment");
    let names = |entry: &Entry| match entry.recorded.stream.kind {
        StreamKind::ActionPlan => Names::ActionPlan(&plan),
        StreamKind::Commitment => Names::Commitment(&pledge),
        _ => Names::Unknown,
    };
    let line = |entry: &Entry| say(entry, names(entry)).text;
    let lines: Vec<String> = entries.iter().map(line).collect();
    entries.into_iter().zip(lines).collect()
}

#[track_caller]
fn reads(kind: &str, sentence: &str) {
    let told = told();
    let found: Vec<&str> = told
        .iter()
        .filter(|(entry, _)| entry.event.kind() == kind)
        .map(|(_, text)| text.as_str())
        .collect();
    assert!(found.contains(&sentence), "{found:#?}");
}

#[test]
fn a_changed_target_reads_from_to_unit_and_reason() {
    reads(
        "commitment.target_changed",
        "Target for “organisations committed to the Skills Pledge” changed from 10 to 12 \
         organisations: two more organisations registered interest.",
    );
}

#[test]
fn a_reading_reads_with_its_date_and_source() {
    reads(
        "commitment.reading_recorded",
        "“organisations committed to the Skills Pledge”: 4 organisations on 1 October 2008, from \
         the secretariat's register.",
    );
}

#[test]
fn a_withdrawn_reading_says_what_it_had_said() {
    reads(
        "commitment.reading_withdrawn",
        "The reading for “organisations committed to the Skills Pledge” (60 organisations on \
         1 February 2009, from the secretariat's register) no longer counts: it belongs to \
         another measure.",
    );
}

#[test]
fn an_update_reads_with_every_objective_it_speaks_for() {
    reads(
        "action_plan.update_recorded",
        "Update on objectives 1, 2 and 3: The three objectives are taken together in one special \
         event.",
    );
}

#[test]
fn a_rescheduled_action_reads_from_to_and_why() {
    reads(
        "action_plan.action_rescheduled",
        "Objective 3: the action “Spread good practice in E&D training within the sector” was \
         rescheduled from “End of Sep 07” (30 September 2007) to “November 2007” (30 November \
         2007): the event moves from September to November.",
    );
}

#[test]
fn none_at_present_and_dropped_read_as_such() {
    reads(
        "action_plan.no_action_noted",
        "Objective 5 has no action at present: the group discussed a pilot.",
    );
    reads(
        "action_plan.objective_dropped",
        "Objective 5 (“A Skills Passport”) was dropped: not practical: organisations' requirements \
         differ.",
    );
}

#[test]
fn a_commitment_carried_forward_reads_into_which_and_why() {
    reads(
        "commitment.carried_forward",
        "Commitment 1 of 2008-09 was carried forward into commitment 1 of 2009-10, “Partner \
         organisations commit to the Skills Pledge”: the target was not reached.",
    );
}

#[test]
fn names_are_those_of_the_time() {
    let mut story = compact();
    story
        .on("2009-04-01")
        .pledge(domain::commitment::CommitmentRenumbered {
            from: "1".to_owned(),
            to: "4".to_owned(),
            reason: "the statement was reordered".to_owned().into(),
        });
    story.pledge(domain::commitment::CommitmentWithdrawn {
        reason: "it is no longer needed".to_owned().into(),
    });
    let of_pledge: Vec<&Entry> = story
        .entries
        .iter()
        .filter(|entry| entry.recorded.stream.kind == StreamKind::Commitment)
        .collect();
    let view = fold::<CommitmentView>(of_pledge.iter().copied()).expect("the commitment");
    let say = |entry: &Entry| say(entry, Names::Commitment(&view)).text;
    assert_eq!(say(of_pledge[2]), "Commitment 1 of 2008-09 was agreed.");
    let last = say(of_pledge[of_pledge.len() - 1]);
    assert_eq!(
        last,
        "Commitment 4 of 2008-09 was withdrawn: it is no longer needed."
    );
}

#[test]
fn a_line_names_everything_it_concerns() {
    let told = told();
    let (entry, _) = told
        .iter()
        .find(|(entry, _)| entry.event.kind() == "action_plan.action_rescheduled")
        .expect("the move");
    let plan = fold::<ActionPlanView>(
        told.iter()
            .map(|(entry, _)| entry)
            .filter(|entry| entry.recorded.stream.kind == StreamKind::ActionPlan),
    );
    let plan = plan.expect("the plan");
    let subjects: BTreeSet<Uuid> = say(entry, Names::ActionPlan(&plan))
        .subjects
        .iter()
        .map(|subject| subject.id)
        .collect();
    let due = [
        PLAN.uuid(),
        objective(3).uuid(),
        action(3).uuid(),
        update(1).uuid(),
    ];
    assert_eq!(subjects, due.into());
}

/// A stored event of the region, said with no names at hand.
fn region_line(kind: &str) -> views::HistoryLine {
    let golden = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../domain/tests/golden");
    let payload = std::fs::read_to_string(golden.join(format!("{kind}.v1.json")));
    let event = Event::decode(
        StreamKind::Region,
        kind,
        1,
        &payload.expect("a golden file"),
    );
    let model = compact().entries.remove(0);
    let event = event.expect("an event");
    say(&Entry { event, ..model }, Names::Unknown)
}

#[test]
fn a_role_given_and_taken_away_reads_with_what_it_is_held_over_and_its_days() {
    let given = region_line("region.role_granted");
    assert_eq!(
        given.text,
        "An account was given the role of group lead of Learning and Development Theme Group in a \
         compact, from 1 May 2007 until 31 March 2008."
    );
    let ended = region_line("region.role_ended");
    assert_eq!(
        ended.text,
        "The role of group lead of Learning and Development Theme Group in a compact ends for an \
         account from 24 September 2007: The chair passed to another."
    );
    let kinds: BTreeSet<SubjectKind> = given.subjects.iter().map(|it| it.kind).collect();
    let concerned = [
        SubjectKind::Region,
        SubjectKind::Account,
        SubjectKind::Compact,
        SubjectKind::Group,
        SubjectKind::Grant,
    ];
    assert_eq!(kinds, concerned.into());
    assert_eq!(given.subjects, ended.subjects);
}

/// Every type of event there is, as it is stored.
fn stored() -> Vec<(StreamKind, &'static str, u32)> {
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
        .chain(each(StreamKind::Meeting, domain::MeetingEvent::TYPES))
        .chain(each(
            StreamKind::GoodPractice,
            domain::GoodPracticeEvent::TYPES,
        ))
        .chain(each(StreamKind::Adoption, domain::AdoptionEvent::TYPES))
        .chain(each(StreamKind::Assessment, domain::AssessmentEvent::TYPES))
        .collect()
}

#[test]
fn every_type_of_event_reads_as_a_sentence_even_with_no_names_at_hand() {
    let golden = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../domain/tests/golden");
    let model = compact().entries.remove(0);
    for (stream, kind, version) in stored() {
        let path = golden.join(format!("{kind}.v{version}.json"));
        let payload = std::fs::read_to_string(path).expect("a golden file");
        let event = Event::decode(stream, kind, version, &payload).expect("an event");
        let entry = Entry {
            event,
            ..model.clone()
        };
        let line = say(&entry, Names::Unknown);
        assert!(
            line.text.ends_with(['.', '!', '?', '…']),
            "{kind}: {}",
            line.text
        );
        assert!(
            line.text
                .starts_with(|c: char| c.is_uppercase() || c == '“'),
            "{kind}: {}",
            line.text
        );
        assert!(!line.subjects.is_empty(), "{kind}");
    }
}
