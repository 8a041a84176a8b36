//! Roles given and taken away, in words. An account has no name here: the ledger knows its id and nothing more.

use domain::Post;
use domain::ids::CompactId;
use domain::region::{Holding, RoleEnded, RoleGranted};
use ledger::Entry;

use super::phrase::{because, day};
use super::region::organisation_name;
use super::{Names, Said, Subject, SubjectKind};

pub(super) fn granted(
    event: &RoleGranted,
    region: Subject,
    names: Names<'_>,
    entry: &Entry,
) -> Said {
    let role = role(&event.held, names, entry);
    let from = day(event.from);
    let days = match event.until {
        Some(until) => format!("from {from} until {}", day(until)),
        None => format!("from {from} on"),
    };
    let said = Said::new(
        format!("An account was given the role of {role}, {days}."),
        region,
    );
    concerning(said, &event.held).and(SubjectKind::Grant, event.grant_id.uuid())
}

pub(super) fn ended(event: &RoleEnded, region: Subject, names: Names<'_>, entry: &Entry) -> Said {
    let role = role(&event.held, names, entry);
    let change = format!(
        "The role of {role} ends for an account from {}",
        day(event.from)
    );
    let said = Said::new(because(&change, event.reason.shown()), region);
    concerning(said, &event.held).and(SubjectKind::Grant, event.grant_id.uuid())
}

fn concerning(said: Said, held: &Holding) -> Said {
    let said = said.and(SubjectKind::Account, held.account_id.uuid());
    let said = held
        .post
        .compact()
        .into_iter()
        .fold(said, |said, id| said.and(SubjectKind::Compact, id.uuid()));
    let said = held
        .post
        .group()
        .into_iter()
        .fold(said, |said, id| said.and(SubjectKind::Group, id.uuid()));
    held.post.organisation().into_iter().fold(said, |said, id| {
        said.and(SubjectKind::Organisation, id.uuid())
    })
}

/// "group lead of Learning and Development in Derbyshire".
fn role(held: &Holding, names: Names<'_>, entry: &Entry) -> String {
    let role = held.post.role().words();
    let compact = |id| compact_name(names, id);
    match held.post {
        Post::RegionalAdministrator | Post::Funder => role.to_owned(),
        Post::Auditor { compact_id: None } => format!("{role} of the whole region"),
        Post::Auditor {
            compact_id: Some(id),
        }
        | Post::Secretariat { compact_id: id } => format!("{role} of {}", compact(id)),
        Post::GroupLead { compact_id, .. } => {
            let group = held.group.as_ref().map_or("a group", |group| &group.name);
            format!("{role} of {group} in {}", compact(compact_id))
        }
        Post::MemberRepresentative {
            compact_id,
            organisation_id,
        } => {
            let organisation = organisation_name(names, organisation_id, entry.recorded.position);
            format!("{role} of {organisation} in {}", compact(compact_id))
        }
    }
}

/// What the compact was called when it was opened.
fn compact_name(names: Names<'_>, id: CompactId) -> &str {
    let Names::Region(register) = names else {
        return "a compact";
    };
    let mut opened = register.compacts.iter();
    let opened = opened.find(|compact| compact.id == id);
    opened.map_or("a compact", |compact| &compact.name)
}
