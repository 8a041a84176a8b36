//! The schema's types, one family per file. Each wraps a view as folded and adds the edges.
#![expect(
    clippy::too_many_arguments,
    reason = "a field's arguments are the schema's: paging alone takes four of them"
)]
#![expect(
    clippy::unused_async,
    reason = "what is flattened into an object is awaited by it, whether it waits for anything or not"
)]

pub mod achievement;
pub mod action;
pub mod action_change;
pub mod action_filter;
pub mod action_plan;
pub mod adoption;
pub mod adoption_graph;
pub mod annual_report;
pub mod assessment;
pub mod changes;
pub mod commitment;
pub mod compact;
pub mod difference;
pub mod draft;
pub mod entry;
pub mod evidence;
pub mod file;
pub mod good_practice;
pub mod group;
pub mod held;
pub mod history;
pub mod measure;
pub mod meeting;
pub mod node;
pub mod objective;
pub mod overview;
pub mod paper;
pub mod person;
pub mod plan_changes;
pub mod practice_search;
pub mod progress;
pub mod reading;
pub mod record;
pub mod region;
pub mod reminder;
pub mod roles;
pub mod said;
pub mod scalars;
pub mod succession;
pub mod suggestion;
pub mod time;
pub mod undertakings;
pub mod words;
