//! `docs/access.md`: role x action in words, worked out by asking the policies in every situation.

use std::fmt::Write;

use chrono::NaiveDate;
use domain::{Post, Visibility};

use crate::action::{Action, Area};
use crate::decision::Access;
use crate::principal::Principal;
use crate::situation::{Place, Situation, holder, is_given_by_secretariats, posts};

/// Why the page could not be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// The policies permit something that the page has no words for. It needs another phrase.
    #[error("there are no words for where {who} may {action}")]
    NoWords {
        /// The role.
        who: &'static str,
        /// The action.
        action: &'static str,
    },
    /// A question could not be decided.
    #[error("whether {who} may {action} could not be decided: {why}")]
    Undecided {
        /// The role.
        who: &'static str,
        /// The action.
        action: &'static str,
        /// What went wrong.
        why: String,
    },
}

/// A column: who asks.
struct Column {
    heading: &'static str,
    principal: Principal,
}

/// A phrase for the situations in which something may be done.
struct Phrase {
    words: &'static str,
    meaning: &'static str,
    covers: fn(&Situation) -> bool,
}

const HEAD: &str = "\
# Who may do what

<!-- Written by `scripts/access.sh write` from the policies in crates/access/policies. Edit those, not this page. -->

What each role may do, and where. Nobody may do what stands in no table here. Someone who has several roles may do what
each of them allows. A role counts from its first day to its last, both days included, and on no other day; who gave
which role to whom, for which days, is on record in the region's ledger.

Four steps say how far something in a compact has been released: **draft**, the **compact**, the **region**, the
**public**. What someone may not read answers exactly as what does not exist.

An auditor's role is held either over one compact or over the whole region; the tables have a column for each.

## How to read the tables
";

/// The phrases, the wider before the narrower.
const PHRASES: &[Phrase] = &[
    Phrase {
        words: "everywhere",
        meaning: "in every region.",
        covers: |it| matches!(it, Situation::Region { .. }),
    },
    Phrase {
        words: "its region",
        meaning: "in the region the role is held in: its register, its own ledger, its totals.",
        covers: |it| matches!(it, Situation::Region { own: true }),
    },
    Phrase {
        words: "every compact",
        meaning: "everything in every compact of that region, drafts included.",
        covers: |it| matter(it, |place, _| place != Place::Elsewhere),
    },
    Phrase {
        words: "its compact",
        meaning: "everything in the compact the role is held in, drafts included.",
        covers: |it| matter(it, |place, _| place == Place::Own),
    },
    Phrase {
        words: "its compact, not drafts",
        meaning: "the same, drafts excepted.",
        covers: |it| {
            matter(it, |place, seen| {
                place == Place::Own && seen > Visibility::Draft
            })
        },
    },
    Phrase {
        words: "its groups",
        meaning: "what belongs to a group that the role leads, drafts included.",
        covers: |it| {
            matter(it, |place, _| place == Place::Own)
                && matches!(
                    it,
                    Situation::Matter {
                        own_group: true,
                        ..
                    }
                )
        },
    },
    Phrase {
        words: "its organisation, not drafts",
        meaning: "the figures of the one organisation the role speaks for, in that compact, drafts excepted.",
        covers: |it| {
            matter(it, |place, seen| {
                place == Place::Own && seen > Visibility::Draft
            }) && matches!(
                it,
                Situation::Matter {
                    own_organisation: true,
                    ..
                }
            )
        },
    },
    Phrase {
        words: "what is released",
        meaning: "what any compact of that region has released to the region or to the public.",
        covers: |it| {
            matter(it, |place, seen| {
                place != Place::Elsewhere && seen >= Visibility::Region
            })
        },
    },
    Phrase {
        words: "its compact, once released",
        meaning: "what the compact the role is held in has released to the region or to the public.",
        covers: |it| {
            matter(it, |place, seen| {
                place == Place::Own && seen > Visibility::Compact
            })
        },
    },
    Phrase {
        words: "what others released, in its compact's name",
        meaning: "what another compact of that region has released to the region or to the public, as the compact the role is held in.",
        covers: |it| {
            matter(it, |place, seen| {
                place == Place::Beside && seen >= Visibility::Region
            }) && matches!(
                it,
                Situation::Matter {
                    own_asking: true,
                    ..
                }
            )
        },
    },
    Phrase {
        words: "what is published",
        meaning: "what any compact of any region has released to the public.",
        covers: |it| matter(it, |_, seen| seen == Visibility::Public),
    },
    Phrase {
        words: "every role",
        meaning: "every role in that region and in each of its compacts.",
        covers: |it| appointment(it, |place, _| place != Place::Elsewhere),
    },
    Phrase {
        words: "roles in its compact",
        meaning: "every role that is held in that one compact.",
        covers: |it| {
            appointment(it, |place, post| {
                place == Place::Own && post.compact().is_some()
            })
        },
    },
    Phrase {
        words: "leads and representatives in its compact",
        meaning: "the roles of group lead and member representative in that compact.",
        covers: |it| {
            appointment(it, |place, post| {
                place == Place::Own && is_given_by_secretariats(post.role())
            })
        },
    },
];

fn matter(situation: &Situation, covers: impl Fn(Place, Visibility) -> bool) -> bool {
    matches!(situation, Situation::Matter { place, visibility, .. } if covers(*place, *visibility))
}

fn appointment(situation: &Situation, covers: impl Fn(Place, Post) -> bool) -> bool {
    matches!(situation, Situation::Appointment { place, post } if covers(*place, *post))
}

/// The page.
///
/// # Errors
/// [`PageError`] when the policies permit something that no phrase says exactly, or fail to decide.
pub fn page(access: &Access) -> Result<String, PageError> {
    let columns = columns();
    let mut page = HEAD.to_owned();
    page.push('\n');
    for Phrase { words, meaning, .. } in PHRASES {
        let _ = writeln!(page, "- **{words}**: {meaning}");
    }
    page.push_str("- **–**: nowhere.\n");
    for area in Area::ALL {
        let headings = columns.iter().map(|column| column.heading);
        let headings: Vec<_> = headings.collect();
        let rule = "---|".repeat(columns.len());
        let _ = write!(page, "\n## {}\n\n", area.title());
        let _ = writeln!(page, "| may … | {} |\n|---|{rule}", headings.join(" | "));
        for action in Action::ALL.iter().filter(|action| action.area() == area) {
            let cells = columns.iter().map(|column| cell(access, column, *action));
            let cells = cells.collect::<Result<Vec<_>, _>>()?;
            let _ = writeln!(page, "| {} | {} |", action.words(), cells.join(" | "));
        }
    }
    Ok(page)
}

fn columns() -> Vec<Column> {
    let everyone = Column {
        heading: "everyone",
        principal: Principal::PUBLIC,
    };
    let held = posts().map(|post| Column {
        heading: match post {
            Post::Auditor { compact_id: None } => "auditor of the region",
            Post::Auditor { .. } => "auditor of a compact",
            _ => post.role().words(),
        },
        principal: holder(post),
    });
    std::iter::once(everyone).chain(held).collect()
}

/// Where one may do something, in words that say exactly that.
fn cell(access: &Access, column: &Column, action: Action) -> Result<String, PageError> {
    let who = column.heading;
    let mut permitted = Vec::new();
    for situation in Situation::all() {
        let resource = situation.resource();
        if access.applies(action, &resource) {
            let decision = access.decide(&column.principal, action, &resource, NaiveDate::MIN);
            if let Some(why) = decision.errors.into_iter().next() {
                let action = action.words();
                return Err(PageError::Undecided { who, action, why });
            }
            permitted.push((situation, decision.allowed));
        }
    }
    let mut said = Vec::new();
    let mut unsaid: Vec<Situation> = permitted
        .iter()
        .filter_map(|(situation, allowed)| allowed.then_some(*situation))
        .collect();
    for phrase in PHRASES {
        let mut covered = permitted.iter().filter(|(it, _)| (phrase.covers)(it));
        let says_more = unsaid.iter().any(phrase.covers);
        if says_more && covered.all(|(_, allowed)| *allowed) {
            said.push(phrase.words);
            unsaid.retain(|it| !(phrase.covers)(it));
        }
    }
    match (unsaid.is_empty(), said.is_empty()) {
        (true, true) => Ok("–".to_owned()),
        (true, false) => Ok(said.join("; ")),
        (false, _) => Err(PageError::NoWords {
            who,
            action: action.words(),
        }),
    }
}
