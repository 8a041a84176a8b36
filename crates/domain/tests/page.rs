//! `docs/domain.md` says what the code says: the same event types, the same status machine.

use std::path::PathBuf;

use domain::commitment::Status;
use domain::{
    ActionPlanEvent, AdoptionEvent, AssessmentEvent, CommitmentEvent, CompactEvent,
    GoodPracticeEvent, MeetingEvent, PersonEvent, RegionEvent,
};

fn page() -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/domain.md");
    std::fs::read_to_string(path).expect("docs/domain.md")
}

/// The list of types as the page should have it.
fn types() -> String {
    let section = |heading: &str, types: &[(&str, u32)]| {
        let lines: Vec<_> = types
            .iter()
            .map(|(kind, _)| format!("- `{kind}`\n"))
            .collect();
        let lines = lines.concat();
        format!("### {heading}\n\n{lines}")
    };
    [
        section("Region", RegionEvent::TYPES),
        section("Compact", CompactEvent::TYPES),
        section("Commitment", CommitmentEvent::TYPES),
        section("Action plan", ActionPlanEvent::TYPES),
        section("Person", PersonEvent::TYPES),
        section("Meeting", MeetingEvent::TYPES),
        section("Good practice", GoodPracticeEvent::TYPES),
        section("Adoption", AdoptionEvent::TYPES),
        section("Assessment", AssessmentEvent::TYPES),
    ]
    .join("\n")
}

/// The status machine as the page should have it.
fn machine() -> String {
    let row = |from: &Status| {
        let next: Vec<_> = from.next().iter().map(|to| to.words()).collect();
        format!("| {} | {} |\n", from.words(), next.join(", "))
    };
    let rows = Status::ALL.iter().map(row).collect::<Vec<_>>().concat();
    format!("| from | to |\n|---|---|\n{rows}\n")
}

fn lists_every_type(page: &str) -> bool {
    page.ends_with(&types())
}

fn draws_the_machine(page: &str) -> bool {
    page.contains(&machine())
}

#[test]
fn the_page_lists_every_event_type_and_no_other() {
    assert!(lists_every_type(&page()), "it should end:\n{}", types());
}

#[test]
fn the_page_draws_the_status_machine_as_it_is() {
    assert!(draws_the_machine(&page()), "it should have:\n{}", machine());
}

#[test]
fn a_page_that_forgets_a_type_or_invents_a_step_is_found() {
    let page = page();
    let forgetful = page.replace("- `compact.succeeded`\n", "");
    assert!(!lists_every_type(&forgetful));
    let inventive = format!("{page}- `action_plan.action_forgotten`\n");
    assert!(!lists_every_type(&inventive));
    let stepping = page.replace("| draft | agreed, withdrawn |", "| draft | agreed |");
    assert!(!draws_the_machine(&stepping));
}
