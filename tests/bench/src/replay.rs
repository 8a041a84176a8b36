//! Reading back: into a view, and a full rebuild, beside the peer's bare replay.
//!
//! Both hold the same commitments with the same events. The peer replays all of them through its replay into
//! a query that only counts, and loads every aggregate and folds it; the faster of the two is what ours
//! is held to. Ours reads the ledgers, checks that nothing is missing, decodes each leaf and folds the view that the
//! commitment pages are made of; the rebuild does that for every view, and writes and compares the tables.

use std::ops::ControlFlow;
use std::time::Instant;

use domain::ids::LedgerId;
use ledger::pool::{Address, Pool, ServiceRole, connect};
use views::{CommitmentView, Which};

use crate::history::{self, History};
use crate::ids::Ids;
use crate::ours::Ours;
use crate::peer::{self, PeerCommitments};
use crate::report::{Aim, Case, Settings};
use crate::server::Server;

/// As many ledgers as there are compacts.
const LEDGERS: usize = 5;

/// Commitments in all of them together.
const COMMITMENTS: usize = 2_000;

/// Events of each.
const EVENTS: usize = 100;

/// Connections of the database's owner, who rebuilds.
const OWNER: u32 = 10;

/// Who reads back.
const NAMES: [&str; 4] = [
    "postgres-es, replay of all events",
    "postgres-es, load of each aggregate",
    "ours, read and folded into a view",
    "ours, full rebuild",
];

/// What is promised over the peer's bare replay.
const OVER_PEER: f64 = 2.0;

/// Fills both sides and reads both in turn; only those with `contender` in their name, if one is named.
///
/// # Errors
/// When anything fails, and when either side comes back with other than what was put in.
pub async fn run(
    server: &Server,
    settings: Settings,
    contender: Option<&str>,
    tell: &mut impl FnMut(Case),
) -> anyhow::Result<()> {
    eprintln!("filling: commitments to read back");
    let ids = Ids::of("replay");
    let histories = history::write(&ids, settings.size(COMMITMENTS, 20), EVENTS);
    let entries = histories.iter().map(|history| history.events.len()).sum();
    let peer_at = server.fresh_database("peer").await?;
    let peer = fill_peer(&peer_at, &histories).await?;
    let url = server.fresh_ledger("replay").await?;
    let ours = Ours::start(&url, "replay").await?;
    let owner = connect(&Address::new(&url, None)?, ServiceRole::Owner, OWNER).await?;
    let ledgers: Vec<LedgerId> = (0..LEDGERS).map(|_| LedgerId::new(ids.next())).collect();
    for (ledger, share) in ledgers
        .iter()
        .zip(histories.chunks(histories.len().div_ceil(LEDGERS)))
    {
        ours.write_histories(*ledger, share).await?;
    }
    drop(histories);
    server.settle(&[&peer_at, &url]).await?;

    eprintln!("measuring: replay");
    let wanted = |name: &str| contender.is_none_or(|part| name.contains(part));
    let mut rounds: [Vec<f64>; 4] = Default::default();
    // The first round warms caches up and is not counted.
    for round in 0..=settings.rounds {
        for (index, _) in NAMES.iter().enumerate().filter(|(_, name)| wanted(name)) {
            let found = match index {
                0 => timed(entries, peer.replay_all()).await?,
                1 => timed(entries, peer.load_each()).await?,
                2 => timed(entries, fold(&ours, &ledgers)).await?,
                _ => timed(entries, Box::pin(rebuild(&owner))).await?,
            };
            if round > 0 {
                rounds[index].push(found);
            }
        }
    }
    let mut case = Case::new(format!(
        "replay: {LEDGERS} ledgers with {entries} entries together, events per second"
    ));
    for (name, rounds) in NAMES.iter().zip(rounds) {
        if !rounds.is_empty() {
            case.add_rounds(name, "events/s", rounds);
        }
    }
    if contender.is_none() {
        let bare = usize::from(case.figures[1].median > case.figures[0].median);
        case.compare(2, bare, Some(Aim::AtLeast(OVER_PEER)));
        case.compare(3, bare, Some(Aim::AtLeast(OVER_PEER)));
    }
    tell(case);
    Ok(())
}

/// Rebuilds every view of the ledgers, from their entries to the tables in use; from the second time on with
/// everything compared. Answers how many entries were folded.
async fn rebuild(owner: &Pool) -> anyhow::Result<usize> {
    let report = views::rebuild(owner, &Which::All, "bench", |_| ControlFlow::Continue(())).await?;
    anyhow::ensure!(
        report.differences.is_empty(),
        "a rebuild found rows that were not the fold of the ledger"
    );
    Ok(usize::try_from(report.entries)?)
}

async fn fill_peer(url: &str, histories: &[History]) -> anyhow::Result<PeerCommitments> {
    let pool = peer::connect(url).await?;
    peer::make_table(&pool).await?;
    PeerCommitments::write(pool, histories).await
}

/// Events per second of one pass, which must come back with all of them.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
async fn timed(
    entries: usize,
    pass: impl Future<Output = anyhow::Result<usize>>,
) -> anyhow::Result<f64> {
    let began = Instant::now();
    let found = pass.await?;
    let seconds = began.elapsed().as_secs_f64();
    anyhow::ensure!(
        found == entries,
        "{found} events came back, and not {entries}"
    );
    Ok(entries as f64 / seconds)
}

/// Reads each ledger from its beginning and folds every commitment's view. Answers how many entries the
/// views have seen.
async fn fold(ours: &Ours, ledgers: &[LedgerId]) -> anyhow::Result<usize> {
    let mut seen = 0;
    for ledger in ledgers {
        let rows = views::fold_ledger::<CommitmentView>(&ours.reader, *ledger).await?;
        seen += rows.values().map(|view| view.version).sum::<u64>();
    }
    Ok(usize::try_from(seen)?)
}
