//! Growth: what an append costs with a million entries in the table, beside ten thousand.
//!
//! Two databases on the same cluster, filled through real leaves so that everything can be read back, then
//! commands to both in turn.

use anyhow::Context;

use crate::measure::{Contender, Sample};
use crate::ours::{OurDiaries, Ours};
use crate::report::{Aim, Case, Settings};
use crate::server::Server;

/// Callers, as many as the commands are judged with.
const CALLERS: usize = 64;

/// Ledgers the entries are shared among.
const LEDGERS: usize = 5;

/// Entries of the small table.
const FEW: usize = 10_000;

/// Entries of the large one.
const MANY: usize = 1_000_000;

/// Streams of the diaries that commands go to, in both; the rest of the large table is other diaries.
const DIARIES: usize = 512;

/// What an append may cost in the large table, over what it costs in the small one.
const MAY_COST: f64 = 1.25;

/// Fills both tables and appends to both in turn.
///
/// # Errors
/// When anything fails, and when the large table does not hold what was put in.
pub async fn run(
    server: &Server,
    settings: Settings,
    tell: &mut impl FnMut(Case),
) -> anyhow::Result<()> {
    let few = fill(server, "few", settings.size(FEW, 1000), settings).await?;
    eprintln!("filling: a million entries");
    let many = fill(server, "many", settings.size(MANY, 10_000), settings).await?;
    eprintln!("measuring: growth");
    let mut samples: [Vec<Sample>; 2] = [Vec::new(), Vec::new()];
    for diaries in [&few, &many] {
        diaries.sample(CALLERS, settings.time()).await?;
    }
    for round in 0..settings.rounds {
        for turn in 0..2 {
            let index = (round + turn) % 2;
            let diaries = [&few, &many][index];
            samples[index].push(diaries.sample(CALLERS, settings.time()).await?);
        }
    }
    let mut case = Case::new(format!(
        "growth: time per append, {CALLERS} callers, {LEDGERS} ledgers"
    ));
    for (name, samples) in ["10 k entries in the table", "1 M entries in the table"]
        .iter()
        .zip(&samples)
    {
        let micros = samples
            .iter()
            .map(|sample| 1e6 / sample.per_second())
            .collect();
        case.add_rounds(name, "us/command", micros);
    }
    case.compare(1, 0, Some(Aim::AtMost(MAY_COST)));
    tell(case);
    Ok(())
}

/// A database with `entries` entries, [`DIARIES`] streams of them for commands.
async fn fill(
    server: &Server,
    name: &str,
    entries: usize,
    settings: Settings,
) -> anyhow::Result<OurDiaries> {
    let url = server.fresh_ledger(name).await?;
    let ours = Ours::start(&url, name).await?;
    let diaries = settings.size(DIARIES, 64);
    let rest = entries.saturating_sub(diaries * 10);
    if rest > 0 {
        // Long-finished diaries of a thousand notes each.
        let streams = rest.div_ceil(1000);
        ours.begin(LEDGERS, streams, u64::try_from(rest / streams)?)
            .await?;
    }
    let begun = ours.begin(LEDGERS, diaries, 10).await?;
    let found = ours.entries().await.context("counting")?;
    anyhow::ensure!(
        found * 10 >= entries * 9,
        "{found} entries went in, and not {entries}"
    );
    Ok(begun)
}
