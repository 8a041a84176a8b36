//! Protection: what access control and sealing add to a command and to a page of reads.
//!
//! The plain side is the house without them: the same aggregate, its texts as they were typed, nobody asked. The protected side is
//! the recorder, for an account whose role it looks up and whose texts it seals; and a page read for that account, each
//! commitment put to the policies. Of a page those texts are opened that a list shows: the latest report of each commitment
//! and where each measure's figure came from; and, beside that, all of them.
//!
//! A list is read in brief, with protection and without. What it may cost is held against the way it was read before there was
//! protection: plain, and every commitment whole.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use access::{Access, Action, Asker, CompactLedger, Grant, Principal, Resource};
use anyhow::Context as _;
use domain::clock::{Clock, SystemClock};
use domain::commitment::Standing;
use domain::ids::{
    AccountId, AchievementId, CommandId, CommitmentId, CompactId, GrantId, LedgerId, RegionId,
};
use domain::region::{CompactParticulars, GrantTerms};
use domain::stream::StreamId;
use domain::{
    Command, Commitment, CommitmentCommand, Directed, Facts, Post, Reach, RegionCommand, Text,
    Texts, Visibility,
};
use futures::future::BoxFuture;
use ledger::pool::{Address, Pool, ServiceRole, connect};
use ledger::{Aggregates, Append, Ledger, Options, RequestDigest};
use recorder::{Actor, Installation, Recorder, Submission};
use vault::{Context, MasterKeyFile, SystemRandomness, Vault};
use views::commitment::Detail;
use views::page::PageRequest;
use views::queries::CommitmentFilter;
use views::{CommitmentView, ViewReader, Which};

use crate::cpu::{Meter, Spent};
use crate::diary::DAY;
use crate::history::{self, History, SAID};
use crate::ids::Ids;
use crate::measure::{Caller, Sample, drive};
use crate::ours::Ours;
use crate::report::{Aim, Case, Settings};
use crate::server::Server;

/// How many callers send commands at a time.
const CALLERS: [usize; 2] = [1, 64];

/// Commitments that commands go to.
const COMMITMENTS: usize = 512;

/// Commitments of the page, and events of each.
const PAGE: (usize, usize) = (50, 20);

/// What a command may cost, over the plain one.
const COMMAND_MAY_COST: f64 = 1.3;

/// What a page may cost, over the plain one.
const PAGE_MAY_COST: f64 = 1.5;

/// Connections of each service.
const CONNECTIONS: u32 = 4;

/// The side without.
const PLAIN: &str = "plain";

/// The side without, as a list was read before there was the other.
const PLAIN_WHOLE: &str = "plain, every commitment whole";

/// The side with.
const PROTECTED: &str = "access control and sealing";

/// Measures commands, then pages.
///
/// # Errors
/// When anything fails, and when a page does not hold what was put in.
pub async fn run(
    server: &Server,
    settings: Settings,
    tell: &mut impl FnMut(Case),
) -> anyhow::Result<()> {
    commands(server, settings, tell).await?;
    pages(server, settings, tell).await
}

/// A recorder with a region, one compact in it, and its secretariat.
struct House {
    recorder: Recorder,
    vault: Vault,
    access: Arc<Access>,
    region: RegionId,
    compact: CompactId,
    account: AccountId,
    ids: Ids,
}

impl House {
    async fn open(url: &str, ids: Ids) -> anyhow::Result<Self> {
        let address = Address::new(url, None)?;
        let pool = async |role| connect(&address, role, CONNECTIONS).await;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let folder = tempfile::tempdir()?;
        let randomness = Arc::new(SystemRandomness);
        let master = MasterKeyFile::open(&folder.path().join("master.key"), randomness.clone())?;
        let keys = pool(ServiceRole::Keys).await?;
        let vault = Vault::open(keys, Arc::new(master), randomness, clock.clone()).await?;
        let recording = pool(ServiceRole::Recorder).await?;
        let ledger = Ledger::start(recording, Options::default(), clock.clone());
        let access = Arc::new(Access::load()?);
        let house = Self {
            recorder: Recorder::new(
                ledger,
                Arc::clone(&access),
                vault.clone(),
                clock,
                COMMITMENTS as u64,
            ),
            vault,
            access,
            region: RegionId::new(ids.next()),
            compact: CompactId::new(ids.next()),
            account: AccountId::new(ids.next()),
            ids,
        };
        house.found().await?;
        Ok(house)
    }

    async fn found(&self) -> anyhow::Result<()> {
        let compact_id = self.compact;
        let establish = RegionCommand::EstablishRegion {
            slug: "east".to_owned(),
            name: "East".to_owned(),
            funder: "The funder".to_owned(),
            note: None,
            secretariat_cost_gbp_per_year: None,
        };
        let open = RegionCommand::OpenCompact {
            compact: compact_id,
            particulars: CompactParticulars {
                slug: "rutland".to_owned(),
                name: "The Rutland compact".to_owned(),
                area: "Rutland".to_owned(),
                launched_on: DAY,
                pilot_from_year: None,
            },
        };
        let grant = RegionCommand::GrantRole {
            grant: GrantId::new(self.ids.next()),
            terms: GrantTerms {
                account: self.account,
                post: Post::Secretariat { compact_id },
                from: SystemClock.today(),
                until: None,
            },
        };
        for command in [establish, open, grant] {
            let actor = Installation {
                id: "bench".to_owned(),
                role: "operator".to_owned(),
            };
            let id = self.region;
            let command = Command::Region { id, command };
            let submission = self.submission(self.region.ledger(), actor, command);
            self.recorder.record_own(submission).await?;
        }
        Ok(())
    }

    fn submission<A>(&self, ledger: LedgerId, actor: A, command: Command) -> Submission<A> {
        Submission {
            ledger,
            command_id: CommandId::new(self.ids.next()),
            actor,
            causation: None,
            occurred_on: None,
            meeting: None,
            expected_version: None,
            commands: vec![command],
        }
    }

    /// Seals every text of these histories as the recorder would have.
    async fn seal(&self, histories: &mut [History]) -> anyhow::Result<()> {
        let context = Context::text(self.compact.ledger());
        for event in histories.iter_mut().flat_map(|history| &mut history.events) {
            let mut plain = Vec::new();
            event.event.texts(&mut |text: &mut Text| {
                plain.extend(text.plain().map(str::to_owned));
            });
            let said: Vec<&str> = plain.iter().map(String::as_str).collect();
            let mut sealed = self.vault.seal_new(&context, &said).await?.into_iter();
            event.event.texts(&mut |text: &mut Text| {
                if let Some(sealed) = sealed.next() {
                    text.seal(sealed);
                }
            });
        }
        Ok(())
    }
}

/// What answers commands.
trait Desk: Send + Sync + 'static {
    /// Records that something was achieved, and waits until it is.
    fn report(&self, commitment: CommitmentId, text: String) -> BoxFuture<'_, anyhow::Result<()>>;
}

fn achieved(ids: &Ids, text: String) -> CommitmentCommand {
    CommitmentCommand::ReportAchievement {
        achievement: AchievementId::new(ids.next()),
        reported_on: SystemClock.today(),
        standing: Standing::GoodProgress,
        text: text.into(),
    }
}

impl Desk for House {
    fn report(&self, id: CommitmentId, text: String) -> BoxFuture<'_, anyhow::Result<()>> {
        let command = achieved(&self.ids, text);
        let actor = Actor {
            account: self.account,
            token: None,
        };
        let command = Command::Commitment { id, command };
        let submission = self.submission(self.compact.ledger(), actor, command);
        Box::pin(async move {
            self.recorder.record(submission).await?;
            Ok(())
        })
    }
}

/// The recorder's way from a request to a receipt, without asking who it is and sealing what they say.
#[derive(Clone)]
struct Plain {
    ledger: Ledger,
    aggregates: Aggregates<Commitment>,
    place: LedgerId,
    account: AccountId,
    ids: Ids,
}

impl Plain {
    async fn record(self, id: CommitmentId, text: String) -> anyhow::Result<()> {
        let command = achieved(&self.ids, text);
        let written = serde_json::to_vec(&command)?;
        let stream = StreamId::commitment(id);
        let mut checkout = self.aggregates.checkout(self.place, stream).await?;
        let directed = Directed {
            occurred_on: SystemClock.today(),
            meeting: None,
            facts: Facts::default(),
            command,
        };
        checkout.decide(directed).await?;
        let part = checkout.take_append()?.context("a report says something")?;
        let append = Append {
            ledger: self.place,
            command: CommandId::new(self.ids.next()),
            digest: RequestDigest::of(&written),
            actor: self.account.to_string(),
            role: "secretariat".to_owned(),
            causation: None,
            streams: vec![part],
        };
        let receipt = self.ledger.append(append).await?;
        checkout.keep(receipt.streams[0].1);
        Ok(())
    }
}

impl Desk for Plain {
    fn report(&self, id: CommitmentId, text: String) -> BoxFuture<'_, anyhow::Result<()>> {
        // In a task of its own, as the recorder does it.
        let work = tokio::spawn(self.clone().record(id, text));
        Box::pin(async move { work.await? })
    }
}

/// A desk and the commitments that reports are sent on.
struct Reported {
    desk: Arc<dyn Desk>,
    commitments: Vec<CommitmentId>,
    count: Arc<AtomicU64>,
}

impl Reported {
    async fn sample(&self, callers: usize, time: Duration) -> anyhow::Result<Sample> {
        let callers = (0..callers)
            .map(|caller| Reporter {
                desk: Arc::clone(&self.desk),
                share: self
                    .commitments
                    .iter()
                    .skip(caller)
                    .step_by(callers)
                    .copied()
                    .collect(),
                count: Arc::clone(&self.count),
                turn: 0,
            })
            .collect();
        drive::<Reporter>(callers, time).await
    }
}

/// One caller with its share of the commitments, taken in turn.
struct Reporter {
    desk: Arc<dyn Desk>,
    share: Vec<CommitmentId>,
    count: Arc<AtomicU64>,
    turn: usize,
}

impl Caller for Reporter {
    async fn call(&mut self) -> anyhow::Result<()> {
        self.turn = (self.turn + 1) % self.share.len();
        let (desk, commitment) = (Arc::clone(&self.desk), self.share[self.turn]);
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let text = format!("{count}: {SAID}");
        desk.report(commitment, text).await
    }
}

async fn commands(
    server: &Server,
    settings: Settings,
    tell: &mut impl FnMut(Case),
) -> anyhow::Result<()> {
    eprintln!("filling: commitments to report on");
    let ids = Ids::of("protection");
    let histories = history::write(&ids, settings.size(COMMITMENTS, 64), 3);
    let commitments: Vec<CommitmentId> = histories.iter().map(|history| history.id).collect();
    let plain_at = server.fresh_ledger("protection_plain").await?;
    let plain = Ours::start(&plain_at, "plain").await?;
    let place = LedgerId::new(ids.next());
    plain.write_histories(place, &histories).await?;
    let guarded_at = server.fresh_ledger("protection_guarded").await?;
    let house = House::open(&guarded_at, ids.clone()).await?;
    let writing = Ours::start(&guarded_at, "guarded").await?;
    writing
        .write_histories(house.compact.ledger(), &histories)
        .await?;
    server.settle(&[&plain_at, &guarded_at]).await?;
    let account = house.account;
    let plain: Arc<dyn Desk> = Arc::new(Plain {
        ledger: plain.ledger.clone(),
        aggregates: Aggregates::new(plain.reader.clone(), COMMITMENTS as u64),
        place,
        account,
        ids,
    });
    let guarded: Arc<dyn Desk> = Arc::new(house);
    let sides = [plain, guarded].map(|desk| Reported {
        desk,
        commitments: commitments.clone(),
        count: Arc::default(),
    });
    let meter = Meter::of(server.url()).await?;
    for callers in CALLERS {
        let rounds = measure_commands(&sides, settings, callers, &meter).await?;
        let plural = if callers == 1 { "caller" } else { "callers" };
        let title = format!("per command, {callers} {plural}");
        rounds.tell(&title, "us/command", Some(COMMAND_MAY_COST), tell);
    }
    Ok(())
}

async fn measure_commands(
    sides: &[Reported; 2],
    settings: Settings,
    callers: usize,
    meter: &Meter,
) -> anyhow::Result<Rounds> {
    eprintln!("measuring: protection, {callers} callers");
    let mut rounds = Rounds::of(&[PLAIN, PROTECTED]);
    for side in sides {
        side.sample(callers, settings.time() / 2).await?;
    }
    for round in 0..settings.rounds {
        for turn in 0..2 {
            let index = (round + turn) % 2;
            let before = meter.read();
            let sample = sides[index].sample(callers, settings.time()).await?;
            let spent = meter.read().since(before);
            rounds.add(index, 1e6 / sample.per_second(), spent, sample.done);
        }
    }
    Ok(rounds)
}

/// What each side took, round by round, each for one of what it does.
struct Rounds {
    names: Vec<&'static str>,
    /// Microseconds.
    took: Vec<Vec<f64>>,
    /// Microseconds of processor time, of this process and the server together.
    spent: Vec<Vec<f64>>,
}

impl Rounds {
    fn of(names: &[&'static str]) -> Self {
        Self {
            names: names.to_vec(),
            took: vec![Vec::new(); names.len()],
            spent: vec![Vec::new(); names.len()],
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    fn add(&mut self, index: usize, took: f64, spent: Spent, done: u64) {
        self.took[index].push(took);
        self.spent[index].push((spent.client + spent.server) * 1e6 / done as f64);
    }

    /// Tells what was taken, and the processor time of it. The last side is held against each of the others; it may cost so
    /// much over the first.
    fn tell(
        self,
        what: &str,
        unit: &'static str,
        may_cost: Option<f64>,
        tell: &mut impl FnMut(Case),
    ) {
        let aim = may_cost.map(Aim::AtMost);
        let last = self.names.len() - 1;
        for (title, rounds, aim) in [
            ("time", self.took, aim),
            ("processor time", self.spent, None),
        ] {
            let mut case = Case::new(format!("protection: {title} {what}"));
            for (name, rounds) in self.names.iter().zip(rounds) {
                case.add_rounds(name, unit, rounds);
            }
            case.compare(last, 0, aim);
            for other in 1..last {
                case.compare(last, other, None);
            }
            tell(case);
        }
    }
}

async fn pages(
    server: &Server,
    settings: Settings,
    tell: &mut impl FnMut(Case),
) -> anyhow::Result<()> {
    eprintln!("filling: a page of commitments");
    let ids = Ids::of("pages");
    let mut histories = history::write(&ids, PAGE.0, PAGE.1);
    let plain_at = server.fresh_ledger("page_plain").await?;
    let place = LedgerId::new(ids.next());
    let ours = Ours::start(&plain_at, "page plain").await?;
    ours.write_histories(place, &histories).await?;
    let guarded_at = server.fresh_ledger("page_guarded").await?;
    let house = House::open(&guarded_at, ids).await?;
    house.seal(&mut histories).await?;
    let ours = Ours::start(&guarded_at, "page guarded").await?;
    ours.write_histories(house.compact.ledger(), &histories)
        .await?;
    let plain = ViewReader::new(projected(&plain_at).await?);
    let guarded = ViewReader::new(projected(&guarded_at).await?).opening(house.vault.clone());
    server.settle(&[&plain_at, &guarded_at]).await?;

    eprintln!("measuring: pages");
    let meter = Meter::of(server.url()).await?;
    let (shown, whole) = (Shows::AList, Detail::Whole);
    for (shows, sides, may_cost) in [
        (
            shown,
            &[
                (PLAIN_WHOLE, whole),
                (PLAIN, Detail::Brief),
                (PROTECTED, Detail::Brief),
            ][..],
            Some(PAGE_MAY_COST),
        ),
        (
            Shows::Everything,
            &[(PLAIN, whole), (PROTECTED, whole)],
            None,
        ),
    ] {
        let names: Vec<&str> = sides.iter().map(|(name, _)| *name).collect();
        let mut rounds = Rounds::of(&names);
        for round in 0..=settings.rounds {
            for turn in 0..sides.len() {
                let index = (round + turn) % sides.len();
                let (name, detail) = sides[index];
                let everything = Reach::EVERYTHING;
                let asked = (shows, detail);
                let before = meter.read();
                let (took, pages) = if name == PROTECTED {
                    timed(settings, || read_for(&house, &guarded, asked)).await?
                } else {
                    timed(settings, || read(&plain, place, &everything, asked)).await?
                };
                // The first round warms caches up and is not counted.
                if round > 0 {
                    rounds.add(index, took, meter.read().since(before), pages);
                }
            }
        }
        let title = format!(
            "per page of {} commitments with {} entries each, {}",
            PAGE.0,
            PAGE.1,
            shows.words()
        );
        rounds.tell(&title, "us/page", may_cost, tell);
    }
    Ok(())
}

/// What of a page is shown.
#[derive(Clone, Copy)]
enum Shows {
    /// What a list of commitments asks the gateway for: ref, title, status, each measure's progress, the latest report.
    AList,
    /// Every text there is.
    Everything,
}

impl Shows {
    const fn words(self) -> &'static str {
        match self {
            Self::AList => "as a list shows them",
            Self::Everything => "with every text",
        }
    }
}

/// Everything in the ledgers at `url` put into the views; connections that read those.
async fn projected(url: &str) -> anyhow::Result<Pool> {
    let address = Address::new(url, None)?;
    let owner = connect(&address, ServiceRole::Owner, CONNECTIONS).await?;
    let on = |_| std::ops::ControlFlow::Continue(());
    Box::pin(views::rebuild(&owner, &Which::All, "bench", on)).await?;
    owner.close().await;
    Ok(connect(&address, ServiceRole::Gateway, CONNECTIONS).await?)
}

/// Microseconds that one of these takes, one after the other, and how many there were.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
async fn timed<F: Future<Output = anyhow::Result<()>>>(
    settings: Settings,
    mut page: impl FnMut() -> F,
) -> anyhow::Result<(f64, u64)> {
    let began = Instant::now();
    let mut pages = 0_u64;
    while pages == 0 || began.elapsed() < settings.time() {
        page().await?;
        pages += 1;
    }
    Ok((began.elapsed().as_secs_f64() * 1e6 / pages as f64, pages))
}

/// Reads the page, with those texts open that are shown.
async fn read(
    views: &ViewReader,
    ledger: LedgerId,
    reach: &Reach,
    (shows, detail): (Shows, Detail),
) -> anyhow::Result<()> {
    let (filter, page) = (CommitmentFilter::default(), PageRequest::first(100, None));
    let page = views.commitments(ledger, &filter, reach, (&page, detail));
    let page = page.await?;
    let mut commitments: Vec<CommitmentView> = page.into_nodes();
    let (mut said, mut unread) = (0, 0);
    let mut count = |text: &mut Text| match text.plain() {
        Some(SAID) => said += 1,
        Some(_) => {}
        None => unread += 1,
    };
    match shows {
        Shows::AList => {
            let mut texts: Vec<Text> = commitments.iter().flat_map(listed).collect();
            views.open(ledger, &mut texts).await?;
            texts.texts(&mut count);
        }
        Shows::Everything => {
            views.open(ledger, &mut commitments).await?;
            commitments.texts(&mut count);
        }
    }
    anyhow::ensure!(
        said >= PAGE.0 && unread == 0,
        "the page is not what was put in"
    );
    Ok(())
}

/// The texts of what a list shows of a commitment.
fn listed(commitment: &CommitmentView) -> impl Iterator<Item = Text> {
    let latest = commitment.latest_achievement();
    let latest = latest.map(|achievement| achievement.text.clone());
    let measures = commitment.measures.iter();
    let sources = measures.filter_map(|measure| measure.progress().source);
    latest.into_iter().chain(sources)
}

/// The same for the secretariat, asking the policies as the gateway does: once for things alike.
async fn read_for(house: &House, views: &ViewReader, asked: (Shows, Detail)) -> anyhow::Result<()> {
    let given = views.grants_of(house.account).await?;
    let grants = given.iter().map(|grant| Grant {
        id: grant.id,
        account: grant.held.account_id,
        region: grant.region(),
        post: grant.held.post,
        from: grant.from,
        until: grant.until.current,
    });
    let principal = Principal::account(house.account, grants);
    let asker = house.access.asker(&principal, SystemClock.today());
    let compact = CompactLedger {
        compact: house.compact,
        region: house.region,
    };
    let reach = asker.reach(compact).context("the secretariat reads")?;
    read(views, house.compact.ledger(), &reach, asked).await?;
    let mut known = HashMap::new();
    for _ in 0..PAGE.0 {
        for action in [Action::ReadRecord, Action::ReadHistory] {
            let matter = compact.matter(Visibility::Draft).into();
            anyhow::ensure!(may(&asker, &mut known, action, matter), "it is refused");
        }
    }
    Ok(())
}

fn may(
    asker: &Asker<'_>,
    known: &mut HashMap<(Action, Resource), bool>,
    action: Action,
    resource: Resource,
) -> bool {
    let answer = known.entry((action, resource.clone()));
    *answer.or_insert_with(|| asker.decide(action, &resource).allowed)
}
