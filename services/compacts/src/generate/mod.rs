//! A synthetic region: as large as one likes, and the same every time.
//!
//! It is there to be measured: how fast a region of many compacts goes in, is rebuilt and is read. Everything goes through the recorder as
//! the commands of a secretariat, in the order in which it would have happened, so what stands in the ledgers is a history like any other.
//! No person and no organisation in it exists.
//!
//! Every choice hangs on the path of what it is about and on the seed ([`Dice`]), and so does every id. The same size and seed give
//! the same submissions wherever they are begun, so what was broken off is carried on by asking again.

mod commitments;
mod compact;
mod dice;
mod meetings;
mod plans;
mod practices;
mod region;
mod words;

#[cfg(test)]
mod tests;

use domain::ids::{CompactId, LedgerId, RegionId};
use futures::{StreamExt as _, TryStreamExt as _};
use recorder::RecordError;

use crate::reference::{Path, Record, Step, send};
use compact::Compact;
use region::Region;

/// The actor every generated entry is recorded under.
const ACTOR: &str = "generator";

/// How many compacts are written at a time. Within one, everything has its order.
const AT_A_TIME: usize = 16;

/// How large a region to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// How many compacts.
    pub compacts: u32,
    /// How many organisations each of them has.
    pub organisations: u32,
    /// How many sessions, from 2007-08 on.
    pub years: u32,
    /// What makes this region another than the next of its size.
    pub seed: u64,
}

/// Why a region was not generated in full. What was recorded stays; asking again carries on.
#[derive(Debug, thiserror::Error)]
#[error("{path} was not recorded; the same command carries on from there")]
pub struct GenerateError {
    path: Path,
    #[source]
    source: RecordError,
}

/// What generating a region did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Generated {
    /// Submissions answered.
    pub submissions: u64,
    /// Those that had been recorded before.
    pub repeated: u64,
    /// The positions of all ledgers, added up: every entry there is.
    pub entries: u64,
}

/// Has a region of this size recorded by `record`, and tells `told` of every answer.
///
/// # Errors
/// [`GenerateError`] at the first submission that is not recorded. A busy recorder is waited for, a bounded number of times.
pub async fn generate(
    record: impl Record,
    size: Size,
    told: impl Fn(&Step),
) -> Result<Generated, GenerateError> {
    let region = Region::of(size);
    let mut done = write(&record, region.steps(), &told).await?;
    let compacts = (0..size.compacts).map(|nth| Compact::of(&region, nth));
    let each = futures::stream::iter(compacts)
        .map(|compact| {
            let (record, told) = (&record, &told);
            async move {
                let mut done = write(record, compact.beginning(), told).await?;
                for year in 0..size.years {
                    // What is in a ledger grows from year to year, so its last position is its length.
                    let year = write(record, compact.session(year), told).await?;
                    done = done.then(year);
                }
                Ok::<_, GenerateError>(done)
            }
        })
        .buffered(AT_A_TIME)
        .try_collect::<Vec<Generated>>()
        .await?;
    // What one takes up another must have written down, so this comes when all have.
    for (nth, written) in (0..).zip(each) {
        let adoptions = practices::adoptions(&Compact::of(&region, nth));
        let taken_up = write(&record, adoptions, &told).await?;
        done = done.beside(written.then(taken_up));
    }
    Ok(done)
}

/// The ledgers of a region of this size: its own, and one for each compact.
pub fn ledgers(size: Size) -> Vec<LedgerId> {
    let region = Region::of(size);
    let own: RegionId = region.path.id();
    let compacts = (0..size.compacts).map(|nth| region.compact(nth).id::<CompactId>().ledger());
    std::iter::once(own.ledger()).chain(compacts).collect()
}

/// How many submissions make a region of this size.
pub fn submissions(size: Size) -> u64 {
    let region = Region::of(size);
    let first = Compact::of(&region, 0);
    let beginning = region.steps().len() + first.beginning().len() * size.compacts as usize;
    // Compacts differ in what is said and in what becomes of it, and so a little in number.
    let year = first.session(size.years.saturating_sub(1)).len();
    let taken_up = practices::adoptions(&first).len();
    let each = year * size.years as usize + taken_up;
    (beginning + each * size.compacts as usize) as u64
}

/// Sends the steps of one ledger, one after the other.
async fn write(
    record: &impl Record,
    steps: Vec<Step>,
    told: &impl Fn(&Step),
) -> Result<Generated, GenerateError> {
    let mut done = Generated::default();
    for step in steps {
        let answer = send(record, &step).await.map_err(|source| GenerateError {
            path: step.path.clone(),
            source,
        })?;
        done.submissions += 1;
        done.repeated += u64::from(answer.repeated);
        done.entries = done.entries.max(answer.position);
        told(&step);
    }
    Ok(done)
}

impl Generated {
    /// This, and what came after it in the same ledger.
    fn then(self, later: Self) -> Self {
        Self {
            submissions: self.submissions + later.submissions,
            repeated: self.repeated + later.repeated,
            entries: self.entries.max(later.entries),
        }
    }

    /// This, and what is in another ledger.
    const fn beside(self, other: Self) -> Self {
        Self {
            submissions: self.submissions + other.submissions,
            repeated: self.repeated + other.repeated,
            entries: self.entries + other.entries,
        }
    }
}
