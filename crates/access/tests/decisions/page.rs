//! `docs/access.md` says what the policies say and what the table says.

use std::path::PathBuf;

use access::{Access, Action, Resource};
use domain::{Post, Role, Visibility};

use super::table;
use super::world::{
    COMPACTS, GROUPS, NOW, ORGANISATIONS, REGIONS, grant, own_posts, resources, today,
};

fn on_disk() -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/access.md");
    std::fs::read_to_string(path).expect("docs/access.md")
}

/// What a phrase means for the holder of one's own roles, told without the program that writes the page.
fn means(phrase: &str, resource: &Resource) -> bool {
    let own_region = match resource {
        Resource::Region(region) | Resource::Appointment { region, .. } => *region == REGIONS[0],
        Resource::Matter(matter) => matter.region == REGIONS[0],
    };
    let own = COMPACTS[0];
    match (phrase, resource) {
        ("everywhere", Resource::Region(_)) => true,
        ("its region", Resource::Region(_))
        | ("every compact", Resource::Matter(_))
        | ("every role", Resource::Appointment { .. }) => own_region,
        ("its compact", Resource::Matter(it)) => own_region && it.compact == own,
        ("its compact, not drafts", Resource::Matter(it)) => {
            own_region && it.compact == own && it.visibility != Visibility::Draft
        }
        ("its groups", Resource::Matter(it)) => {
            own_region && it.compact == own && it.groups.contains(&GROUPS[0])
        }
        ("its organisation, not drafts", Resource::Matter(it)) => {
            own_region
                && it.compact == own
                && it.organisation == Some(ORGANISATIONS[0])
                && it.visibility != Visibility::Draft
        }
        ("what is released", Resource::Matter(it)) => {
            own_region && it.visibility >= Visibility::Region
        }
        ("its compact, once released", Resource::Matter(it)) => {
            own_region && it.compact == own && it.visibility >= Visibility::Region
        }
        ("what others released, in its compact's name", Resource::Matter(it)) => {
            own_region
                && it.compact != own
                && it.asking == Some(own)
                && it.visibility >= Visibility::Region
        }
        ("what is published", Resource::Matter(it)) => it.visibility == Visibility::Public,
        ("roles in its compact", Resource::Appointment { post, .. }) => {
            own_region && post.compact() == Some(own)
        }
        ("leads and representatives in its compact", Resource::Appointment { post, .. }) => {
            own_region
                && post.compact() == Some(own)
                && matches!(post.role(), Role::GroupLead | Role::MemberRepresentative)
        }
        _ => false,
    }
}

/// Who a column is about.
fn post_of(heading: &str) -> Option<Post> {
    let is_named = |post: &Post| match post {
        Post::Auditor { compact_id: None } => heading == "auditor of the region",
        Post::Auditor { .. } => heading == "auditor of a compact",
        post => heading == post.role().words(),
    };
    own_posts().into_iter().find(is_named)
}

fn cells(row: &str) -> Vec<&str> {
    let row = row.trim_start_matches("| ").trim_end_matches(" |");
    row.split(" | ").collect()
}

/// What the page says that the table does not, or the other way round; and which actions it tells of.
fn faults(page: &str) -> (Vec<String>, usize) {
    let resources = resources();
    let (mut faults, mut told) = (Vec::new(), 0);
    let mut columns = Vec::new();
    for line in page.lines().filter(|line| line.starts_with("| ")) {
        if line.starts_with("| may") {
            columns = cells(line);
            continue;
        }
        let row = cells(line);
        let Some(action) = Action::ALL.iter().find(|action| action.words() == row[0]) else {
            faults.push(format!("no such action: {line}"));
            continue;
        };
        told += 1;
        if row.len() != columns.len() {
            faults.push(format!("a column too few or too many: {line}"));
        }
        for (heading, cell) in columns.iter().zip(&row).skip(1) {
            let grants: Vec<_> = post_of(heading)
                .map(|post| grant(post, NOW))
                .into_iter()
                .collect();
            let disagrees = resources.iter().find(|resource| {
                let said = cell.split("; ").any(|phrase| means(phrase, resource));
                // A phrase may be wider than the kinds of thing the action is done to.
                let said = said && table::makes_sense(*action, resource);
                said != table::may(&grants, today(), *action, resource)
            });
            if let Some(resource) = disagrees {
                faults.push(format!("{heading} may {}: {cell}: {resource:?}", row[0]));
            }
        }
    }
    (faults, told)
}

#[test]
fn the_page_is_what_the_policies_say() {
    let access = Access::load().expect("the policies");
    let page = access::page(&access).expect("a page");
    assert!(
        page == on_disk(),
        "docs/access.md is not up to date: run make access"
    );
}

#[test]
fn the_page_is_what_the_table_says_of_every_action() {
    assert_eq!(faults(&on_disk()), (Vec::new(), Action::ALL.len()));
}

#[test]
fn a_page_that_says_too_much_too_little_or_forgets_is_found() {
    let page = on_disk();
    let planted = [
        ("| – | its groups |", "| – | its compact |"),
        ("| – | its organisation, not drafts |", "| – | – |"),
        (
            "| what is released; what is published |",
            "| what is published |",
        ),
        ("| every role |\n", "| roles in its compact |\n"),
        ("| erase a person |", "| erase people |"),
    ];
    for (text, instead) in planted {
        assert!(page.contains(text), "{text}");
        let (found, _) = faults(&page.replacen(text, instead, 1));
        assert!(!found.is_empty(), "{text} -> {instead}");
    }
    let shorter: Vec<&str> = page
        .lines()
        .filter(|line| !line.starts_with("| conclude"))
        .collect();
    assert_eq!(faults(&shorter.join("\n")).1, Action::ALL.len() - 1);
}
