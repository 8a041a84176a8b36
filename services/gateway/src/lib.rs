//! GraphQL over the views; mutations go to the recorder.
//!
//! The gateway writes nothing itself. Queries read the views (and, for the past, fold a ledger with the
//! views' own fold); a mutation becomes one command to the recorder; a subscription follows a ledger.
//! `docs/api.md` tells clients how to speak to it, `schema.graphql` what there is to say.

mod answers;
pub mod caller;
mod decisions;
mod directory;
pub mod error;
pub mod gateway;
mod grants;
mod http;
pub mod identity;
pub mod limits;
mod mutations;
mod node;
mod paging;
mod query;
mod reads;
mod registers;
mod rows;
mod seen;
pub mod services;
mod shown_now;
mod sight;
mod subscription;
mod taking;
pub mod throttle;
mod trusted;
mod types;
mod witnessed;

/// What a caller's token is good for.
pub use access::Token;
pub use caller::{Caller, Identify, NotIdentified, Shown, Through, Who};
pub use decisions::Decisions;
/// What is said of a file before it comes, and what was found of it.
pub use files::{Hint, Offered, Received, Refused};
pub use gateway::Gateway;
pub use grants::Grants;
pub use http::{CameFrom, Door, Nonce, UPLOADS, guarded, router, throttled};
pub use limits::Limits;
pub use node::{NodeId, NodeKey, NodeKind};
pub use services::{SecurityLog, Services};
pub use shown_now::ShownNow;
pub use taking::NotTaken;
pub use throttle::{Hops, Pace, Paces, ProxyHeader, Throttle};
pub use trusted::{TrustedDocuments, document_id};
/// What is held about a person, as one document.
pub use types::held::document as held;
/// How far every ledger is shown.
pub use views::Folded;

/// The schema as text, as it is committed at the repository's root.
pub fn schema_sdl() -> String {
    let options = async_graphql::SDLExportOptions::new().sorted_fields();
    gateway::schema_builder().finish().sdl_with_options(options)
}
