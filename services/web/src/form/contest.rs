//! Sending a form whose thing somebody else may have changed meanwhile ([`Ground`]).

use std::future::Future;

use super::{Fields, Ground, Problems};
use crate::instead::Instead;

/// How often something is sent again that conflicts with nothing the form was shown.
const TRIES: usize = 5;

/// A form that changes a thing others may change at the same time.
pub trait Contested: Sync {
    /// The thing.
    type Thing: Send + Sync;

    /// The thing as it is now.
    fn find(&self) -> impl Future<Output = Result<Self::Thing, Instead>> + Send;

    /// What the form stands on.
    fn ground(&self, thing: &Self::Thing) -> Ground;

    /// Records what was typed, as seen at a version; what is wrong with it, where something is.
    fn record(
        &self,
        thing: &Self::Thing,
        version: Option<i64>,
    ) -> impl Future<Output = Result<Option<Problems>, Instead>> + Send;
}

/// What came of a form, with the thing as it was found last.
pub enum Settled<T> {
    /// It is recorded.
    Recorded(T),
    /// Something is to be mended first.
    ToMend(T, Problems),
    /// What the form was shown has been changed: both versions are to be shown.
    Contested(T, Problems),
}

/// Sends a form. Where somebody else changed the thing, but nothing of what the form was shown, it is sent again as seen now.
///
/// # Errors
/// When the thing is not there, or it cannot be sent.
pub async fn settle<C: Contested>(form: &C, fields: &Fields) -> Result<Settled<C::Thing>, Instead> {
    let mut thing = form.find().await?;
    let mut version = Ground::expected(fields);
    let mut problems = Problems::default();
    for _ in 0..TRIES {
        let Some(wrong) = form.record(&thing, version).await? else {
            return Ok(Settled::Recorded(thing));
        };
        problems = wrong;
        if !problems.has("CONFLICT") {
            break;
        }
        thing = form.find().await?;
        version = form.ground(&thing).again(fields);
        if version.is_none() {
            return Ok(Settled::Contested(thing, problems.of_conflict()));
        }
    }
    Ok(Settled::ToMend(thing, problems))
}
