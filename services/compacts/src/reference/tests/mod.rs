//! What the plan must be: the papers, whole, in order, and acceptable to the domain.

mod counts;
mod faults;
mod fold;
mod order;
mod recording;
mod reminders;
mod sending;

use super::{Plan, ReferenceData, plan};

/// The embedded data.
fn data() -> ReferenceData {
    ReferenceData::embedded().expect("the embedded data can be read")
}

/// The plan of the embedded data.
fn planned() -> Plan {
    plan(&data()).expect("the embedded data can be planned")
}
