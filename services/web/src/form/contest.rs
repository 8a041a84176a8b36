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

/// Sends a form. Where somebody else changed the thing, but nothing of what the form was shown, it is sent again as seen now. Where it is
/// to be mended and somebody else changed what it was shown, both versions are shown at once: the form that is mended stands on what is
/// there now, and would not tell of it any more.
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
            if form.ground(&thing).is_other_than(fields) {
                return Ok(Settled::Contested(thing, problems.of_conflict()));
            }
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

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// A title that somebody else may have changed, and every version that a form of it was sent at.
    struct Form {
        now: (i64, &'static str),
        missing: bool,
        sent: Mutex<Vec<Option<i64>>>,
    }

    impl Contested for Form {
        type Thing = (i64, &'static str);

        async fn find(&self) -> Result<Self::Thing, Instead> {
            Ok(self.now)
        }

        fn ground(&self, (version, title): &Self::Thing) -> Ground {
            Ground::new(*version).and("title", "Title", *title)
        }

        async fn record(
            &self,
            (now, _): &Self::Thing,
            version: Option<i64>,
        ) -> Result<Option<Problems>, Instead> {
            self.sent.lock().expect("no other").push(version);
            let mut problems = Problems::default();
            if self.missing {
                problems.add("reason", "say why");
            } else if version != Some(*now) {
                problems.add("expectedVersion", "somebody else changed it");
                problems.0[0].code = "CONFLICT".to_owned();
            }
            Ok((!problems.is_empty()).then_some(problems))
        }
    }

    /// What comes of a form that was shown “One” at version 3, and at which versions it was sent.
    async fn sent(now: (i64, &'static str), missing: bool) -> (&'static str, Vec<Option<i64>>) {
        let shown = Ground::new(3).and("title", "Title", "One").fields();
        let sent = Mutex::default();
        let form = Form { now, missing, sent };
        let came = match settle(&form, &shown.into_iter().collect()).await {
            Ok(Settled::Recorded(_)) => "recorded",
            Ok(Settled::ToMend(..)) => "to mend",
            Ok(Settled::Contested(_, problems)) => {
                assert!(problems.at("conflict").is_some(), "{problems:?}");
                assert_eq!(problems.at("reason").is_some(), missing, "{problems:?}");
                "contested"
            }
            Err(_) => "nothing",
        };
        (came, form.sent.into_inner().expect("no other"))
    }

    #[tokio::test]
    async fn what_others_changed_elsewhere_is_in_nobodys_way_and_the_same_is_shown_even_beside_a_mistake()
     {
        let once = vec![Some(3)];
        assert_eq!(sent((3, "One"), false).await, ("recorded", once.clone()));
        let twice = vec![Some(3), Some(4)];
        assert_eq!(sent((4, "One"), false).await, ("recorded", twice));
        assert_eq!(sent((4, "Two"), false).await, ("contested", once.clone()));
        assert_eq!(sent((4, "One"), true).await, ("to mend", once.clone()));
        assert_eq!(sent((4, "Two"), true).await, ("contested", once));
    }
}
