//! What the pages ask: each question is a file in `documents/`, checked against the schema when this is compiled, with the types
//! of its variables and its answer made from it.
//!
//! ```text
//! document!(Home, "documents/home.graphql");          // the operation `Home`; `home::Variables`, `home::ResponseData`
//! let answer = ask::<Home>(&web.gateway, home::Variables, caller).await?;
//! ```
//!
//! The texts of all of them are the gateway's trusted documents ([`trusted`]).

pub mod scalars;
mod trusted;
pub mod words;

pub use trusted::trusted;

/// Makes the types of a document's operation. The module that uses it imports [`scalars`] and the [`words`] it needs. Where the
/// variables hold a choice of one thing (`AsOf`, `Since`), which has no default, it says `one_of`.
macro_rules! document {
    ($name:ident, $path:tt) => {
        $crate::documents::document!($name, $path, "Debug, Clone, Default");
    };
    ($name:ident, $path:tt, one_of) => {
        $crate::documents::document!($name, $path, "Debug, Clone");
    };
    ($name:ident, $path:tt, $variables:tt) => {
        #[derive(graphql_client::GraphQLQuery)]
        #[graphql(
            schema_path = "../../schema.graphql",
            query_path = $path,
            response_derives = "Debug, Clone",
            variables_derives = $variables,
            skip_serializing_none,
            extern_enums(
                "ActionChangeKind", "ActionState", "AdoptionState", "Attending", "Audience", "Backing", "Category", "CommitmentStatus",
                "Completion", "Conclusion", "Confidence",
                "GroupKind", "MeasureKind", "MinutesState", "ObjectiveStateKind", "PlanChangeKind", "PracticePart", "ReportNow", "Role", "Standing",
                "Visibility", "WordsStanding"
            )
        )]
        pub struct $name;
    };
}

pub(crate) use document;
