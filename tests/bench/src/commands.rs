//! Commands: load, decide, append one event of 400 bytes.
//!
//! A closed loop of callers; each has diaries of its own and takes them in turn, so nobody waits for
//! anybody else's stream. There are more diaries than callers where histories are short, so that they stay short
//! while they are measured.

use crate::cpu::Meter;
use crate::floor::Floor;
use crate::measure::{Contender, Sample, metered};
use crate::ours::{self, Ours};
use crate::peer::{self, PeerDiaries};
use crate::report::{Aim, Case, Settings, ledgers};
use crate::server::Server;

/// How many callers at a time.
pub const CALLERS: [usize; 3] = [1, 16, 64];

/// What commands are measured with.
pub struct Load {
    /// How many callers at a time, case by case.
    pub callers: Vec<usize>,
    /// A part of the names of the contenders to measure; all of them without.
    pub contender: Option<String>,
}

/// As many ledgers as there are compacts, for the judged figures; and a single one beside it.
const LEDGERS: [usize; 2] = [5, 1];

/// How many notes a diary has when measuring begins, and how many diaries there are.
#[derive(Clone, Copy)]
struct Histories {
    notes: u64,
    diaries: usize,
    /// What is promised over the peer at the most callers.
    over_peer: f64,
}

const SHORT: Histories = Histories {
    notes: 10,
    diaries: 4096,
    over_peer: 7.0,
};
const LONG: Histories = Histories {
    notes: 1000,
    diaries: 64,
    over_peer: 60.0,
};

/// What is promised of the floor at the most callers.
const OF_FLOOR: f64 = 0.8;

/// Measures every number of callers with short and with long histories.
///
/// # Errors
/// When anything fails: a benchmark that only half ran says nothing.
pub async fn run(
    server: &Server,
    settings: Settings,
    load: &Load,
    tell: &mut impl FnMut(Case),
) -> anyhow::Result<()> {
    let meter = Meter::of(server.url()).await?;
    for histories in [SHORT, LONG] {
        eprintln!("filling: histories of {} events", histories.notes);
        let mut contenders = contenders(server, settings, histories).await?;
        if let Some(wanted) = &load.contender {
            contenders.retain(|contender| contender.name().contains(wanted));
        }
        for callers in &load.callers {
            tell(measure(&contenders, settings, histories, *callers, &meter).await?);
        }
    }
    Ok(())
}

/// The peer, then floor and ours with each number of ledgers.
async fn contenders(
    server: &Server,
    settings: Settings,
    histories: Histories,
) -> anyhow::Result<Vec<Box<dyn Contender>>> {
    let Histories { notes, diaries, .. } = histories;
    let diaries = settings.size(diaries, 64);
    let peer_at = server.fresh_database("peer").await?;
    let pool = peer::connect(&peer_at).await?;
    peer::make_table(&pool).await?;
    let mut contenders: Vec<Box<dyn Contender>> = vec![Box::new(
        PeerDiaries::begin(pool, "diary", diaries, notes).await?,
    )];
    let mut filled = vec![peer_at];
    for count in LEDGERS {
        let floor_at = server.fresh_ledger(&format!("floor_{count}")).await?;
        let ours_at = server.fresh_ledger(&format!("ours_{count}")).await?;
        let ours = Ours::start(&ours_at, "ours").await?;
        let begun = ours.begin(count, diaries, notes).await?;
        let leaf = begun.leaf_bytes().await?;
        contenders.push(Box::new(
            Floor::start(&floor_at, ours::writers(), count, diaries, leaf).await?,
        ));
        contenders.push(Box::new(begun));
        filled.push(ours_at);
    }
    let filled: Vec<&str> = filled.iter().map(String::as_str).collect();
    server.settle(&filled).await?;
    Ok(contenders)
}

async fn measure(
    contenders: &[Box<dyn Contender>],
    settings: Settings,
    histories: Histories,
    callers: usize,
    meter: &Meter,
) -> anyhow::Result<Case> {
    eprintln!("measuring: {callers} callers");
    let mut samples: Vec<Vec<Sample>> = vec![Vec::new(); contenders.len()];
    for contender in contenders {
        contender.sample(callers, settings.time() / 2).await?;
    }
    for round in 0..settings.rounds {
        // Each round begins with another contender, so that none always follows the same one.
        for turn in 0..contenders.len() {
            let index = (round + turn) % contenders.len();
            let sample = metered(&*contenders[index], callers, settings.time(), meter).await?;
            samples[index].push(sample);
        }
    }
    let notes = histories.notes;
    let plural = if callers == 1 { "caller" } else { "callers" };
    let mut case = Case::new(format!(
        "commands: histories of {notes} events, {callers} {plural}"
    ));
    for (contender, samples) in contenders.iter().zip(&samples) {
        case.add_samples(contender.name(), samples);
    }
    compare(&mut case, histories, callers);
    Ok(case)
}

/// Ours over the peer and over the floor; promised with as many ledgers as there are compacts.
fn compare(case: &mut Case, histories: Histories, callers: usize) {
    for count in LEDGERS {
        let ledgers = ledgers(count);
        let promised = count == LEDGERS[0];
        let (over_peer, of_floor) = match callers {
            1 if promised => (Some(Aim::AtLeast(1.0)), None),
            64 if promised => (
                Some(Aim::AtLeast(histories.over_peer)),
                Some(Aim::AtLeast(OF_FLOOR)),
            ),
            _ => (None, None),
        };
        let ours = format!("ours, {ledgers}");
        case.compare_named(&ours, "postgres-es", over_peer);
        case.compare_named(&ours, &format!("floor, {ledgers}"), of_floor);
    }
}
