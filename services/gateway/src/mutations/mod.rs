//! Mutations: one for every command, each with its own input and payload.
//!
//! An input says how it becomes a command ([`Draft`]); [`submit`](submission::submit) sends it to the
//! recorder and turns the answer into an [`Outcome`](outcome::Outcome), which the payload shows. One
//! file per family of inputs; the [`mutations!`] macro writes only what is the same for all of them:
//! the field of the root and the payload's type.

mod action_plan;
mod adoption;
mod assessments;
mod changes;
mod commitment;
mod compact;
mod draft;
mod drafts;
mod evidence;
mod files;
mod good_practice;
mod measures;
mod meetings;
mod objectives;
mod outcome;
mod outcomes;
mod papers;
mod people;
mod readings;
mod recording;
mod region;
mod release;
mod roles;
mod submission;
mod user_error;

use async_graphql::MergedObject;

pub use draft::{Draft, Input, Place};
pub use outcome::{Outcome, Receipt, Shown};
pub use recording::Recording;
pub use user_error::UserError;

/// Every change there is. Each field is one command: it takes an `input` and answers with what changed,
/// its position in the ledger, and `userErrors` for what the person can mend. Nothing is recorded when
/// there are `userErrors`. Sending the same `commandId` again has no second effect.
#[derive(MergedObject, Default)]
pub struct Mutation(
    region::RegionMutations,
    roles::RoleMutations,
    compact::CompactMutations,
    commitment::CommitmentMutations,
    measures::MeasureMutations,
    readings::ReadingMutations,
    outcomes::OutcomeMutations,
    evidence::EvidenceMutations,
    assessments::AssessmentMutations,
    action_plan::ActionPlanMutations,
    objectives::ObjectiveMutations,
    changes::ChangeMutations,
    release::ReleaseMutations,
    people::PeopleMutations,
    people::ExportMutations,
    meetings::MeetingMutations,
    good_practice::GoodPracticeMutations,
    adoption::AdoptionMutations,
    papers::PaperMutations,
    drafts::DraftMutations,
);

/// Writes a family of mutations: a root's fields, and for each the payload's type with what it shows.
macro_rules! mutations {
    (
        $(#[$root_doc:meta])*
        $root:ident;
        $(
            $(#[$doc:meta])*
            $field:ident($input:ty) -> $payload:ident {
                $($(#[$shown_doc:meta])* $shown:ident: $ty:ty,)+
            }
        )+
    ) => {
        $(#[$root_doc])*
        #[derive(Default)]
        pub struct $root;

        #[async_graphql::Object]
        impl $root {
            $(
                $(#[$doc])*
                async fn $field(
                    &self,
                    ctx: &async_graphql::Context<'_>,
                    #[graphql(desc = "What is asked.")] input: $input,
                ) -> async_graphql::Result<Option<$payload>> {
                    let outcome = $crate::mutations::submission::submit(ctx, input).await?;
                    Ok(Some($payload(std::sync::Arc::new(outcome))))
                }
            )+
        }

        $(
            #[doc = concat!("The answer to `", stringify!($input), "`.")]
            pub struct $payload(std::sync::Arc<$crate::mutations::Outcome>);

            #[doc = concat!("What came of a `", stringify!($input), "`.")]
            #[async_graphql::Object]
            impl $payload {
                $(
                    $(#[$shown_doc])*
                    async fn $shown(
                        &self,
                        ctx: &async_graphql::Context<'_>,
                    ) -> async_graphql::Result<Option<$ty>> {
                        Ok(self.0.shown::<$ty>(ctx).await?)
                    }
                )+

                #[graphql(flatten)]
                async fn receipt(&self) -> $crate::mutations::Receipt {
                    $crate::mutations::Receipt::new(&self.0)
                }
            }
        )+
    };
}
pub(crate) use mutations;
