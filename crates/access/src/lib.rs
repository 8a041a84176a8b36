//! Who may do what.
//!
//! What each role may do is written once, in Cedar policies that an auditor can read (`policies/`, one file per
//! area), and decided here for a principal, an action, a resource and a day. Everything is an argument:
//! roles are read from the region's ledger by whoever asks, and nothing is remembered between two questions.
//! `docs/access.md` says the same in a table per area, and is written from these policies.
//!
//! ```
//! use access::{Access, Action, CompactLedger, Grant, Principal, Resource};
//! use domain::{Post, Visibility};
//! # use uuid::Uuid;
//! # let id = |n| Uuid::from_u128(n);
//! # let (account, region, derbyshire) = (id(1).into(), id(2).into(), id(3).into());
//! # let (day, another_day) = ("2007-09-24".parse()?, "2008-09-24".parse()?);
//! let access = Access::load()?;
//! let secretariat = Principal::account(account, [Grant {
//!     id: id(4).into(),
//!     account,
//!     region,
//!     post: Post::Secretariat { compact_id: derbyshire },
//!     from: day,
//!     until: Some(day),
//! }]);
//! let ledger = CompactLedger { compact: derbyshire, region };
//! let draft = Resource::Matter(ledger.matter(Visibility::Draft));
//!
//! let decision = access.decide(&secretariat, Action::AgreeCommitment, &draft, day);
//! assert!(decision.allowed);
//! assert!(decision.determined_by.contains("secretariat-runs-its-compact"));
//!
//! assert!(!access.decide(&secretariat, Action::AgreeCommitment, &draft, another_day).allowed);
//! assert!(!access.decide(&Principal::PUBLIC, Action::ReadRecord, &draft, day).allowed);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod action;
mod book;
mod decision;
mod page;
mod principal;
mod resource;
mod situation;
mod terms;

pub use action::{Action, Area};
pub use book::{BookError, FILES, PolicyFile, SCHEMA};
pub use decision::{Access, Asker, Decision, PolicyError};
pub use domain::Reach;
pub use page::{PageError, page};
pub use principal::{Grant, Principal, Token};
pub use resource::{CompactLedger, Matter, Resource};
