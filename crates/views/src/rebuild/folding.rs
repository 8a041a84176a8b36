//! Folding one ledger after the other in memory, while what was folded is written.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use domain::ids::LedgerId;
use ledger::{Position, Reader};
use tokio::sync::mpsc;

use super::left::fault_of_the_ledger;
use super::writing::Outcome;
use super::{Progressed, RebuildError};
use crate::replay::{Replayed, replay};
use crate::view::ViewName;

/// A ledger to fold.
pub(super) struct Work {
    pub(super) ledger: LedgerId,
    pub(super) target: Position,
    /// Up to where an earlier attempt folded it.
    pub(super) done: Option<Position>,
}

/// Folds one ledger after the other and hands each on, until all are folded, `told` breaks it off, or nobody
/// takes any more.
pub(super) async fn fold_each(
    reader: Reader,
    views: &BTreeSet<ViewName>,
    work: Vec<Work>,
    told: &mut (impl FnMut(Progressed) -> ControlFlow<()> + Send),
    folded: mpsc::Sender<(LedgerId, Outcome<Replayed>)>,
) -> Result<(), RebuildError> {
    let of = work.iter().map(|work| work.target).sum();
    let mut before = 0;
    for Work {
        ledger,
        target,
        done,
    } in work
    {
        if let Some(done) = done {
            before += done;
            continue;
        }
        let (mut now, mut stop) = (before, false);
        let replayed = replay(&reader, ledger, (views, Some(target)), |entries| {
            now += entries;
            let go_on = told(Progressed {
                folded: now,
                of,
                ledger,
            });
            stop |= go_on.is_break();
            go_on
        })
        .await;
        if stop {
            return Err(RebuildError::Interrupted);
        }
        let outcome = match replayed {
            Ok(replayed) => Outcome::Done(replayed),
            Err(error) => Outcome::Left(fault_of_the_ledger(error.into())?),
        };
        before += target;
        if folded.send((ledger, outcome)).await.is_err() {
            break;
        }
    }
    Ok(())
}
