//! The tools beside `serve`: import, generate, rebuild and check.

use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, UNIX_EPOCH};

use access::Access;
use anyhow::Context;
use domain::clock::SystemClock;
use domain::ids::RandomIds;
use files::{Examined, Files, Parts, Store, Uploads};
use indicatif::{ProgressBar, ProgressStyle};
use ledger::{Ledger, Options, Pool, ServiceRole};
use recorder::Recorder;
use tokio::task::JoinHandle;
use vault::SystemRandomness;
use views::CheckReport;
use views::rebuild::{Progressed, RebuildReport, Which};

use crate::database::Database;
use crate::generate::{self, Generated, Size};
use crate::keys;
use crate::reference::{self, ReferenceData};
use crate::settings::Settings;

/// `compacts import reference`
pub async fn import_reference(
    settings: &Settings,
    from: Option<&Path>,
) -> anyhow::Result<ExitCode> {
    recording(settings, async |recorder, _| {
        import_into(recorder, from).await
    })
    .await
}

/// `compacts generate`: only into a database that holds nothing else. What was broken off is carried on by asking again.
pub async fn generate(settings: &Settings, size: Size) -> anyhow::Result<ExitCode> {
    recording(settings, async |recorder, ledger| {
        let own = generate::ledgers(size);
        let there = ledger.reader().ledgers().await?;
        anyhow::ensure!(
            there.iter().all(|ledger| own.contains(ledger)),
            "this database has data that was not generated, and generated data must never stand beside it; \
             say --data-dir with a folder of its own"
        );
        let bar = progress_bar("generating", generate::submissions(size));
        let record = async |submission| recorder.record_own(submission).await;
        let began = Instant::now();
        let generated = generate::generate(record, size, |step| {
            bar.inc(1);
            bar.set_message(step.on.format("%B %Y").to_string());
        })
        .await;
        bar.finish_and_clear();
        let (generated, took) = (generated?, began.elapsed());
        let Generated {
            submissions,
            repeated,
            entries,
        } = generated;
        println!(
            "{} ledgers with {entries} entries: {submissions} submissions in {took:.1?}, {repeated} of which were there before",
            own.len()
        );
        if repeated == 0 {
            #[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
            let rate = entries as f64 / took.as_secs_f64();
            println!("{rate:.0} entries a second");
        }
        Ok(())
    })
    .await
}

/// Opens the database with a recorder on it for `work`, and closes both.
async fn recording(
    settings: &Settings,
    work: impl AsyncFnOnce(&Recorder, &Ledger) -> anyhow::Result<()>,
) -> anyhow::Result<ExitCode> {
    let database = Database::open(settings).await?;
    let pool = database.pool(ServiceRole::Recorder).await?;
    let clock = Arc::new(SystemClock);
    let access = Arc::new(Access::load()?);
    let ledger = Ledger::start(pool, Options::default(), clock.clone());
    let keys = database.pool(ServiceRole::Keys).await?;
    let vault = keys::open_vault(settings, keys, clock.clone()).await?;
    let recorder = Recorder::new(
        ledger.clone(),
        access,
        vault,
        clock,
        settings.cached_aggregates,
    );
    let done = work(&recorder, &ledger).await;
    drop(recorder);
    ledger.shutdown().await;
    database.close().await?;
    done.map(|()| ExitCode::SUCCESS)
}

/// Imports through a recorder that is running already, and prints what that did.
pub async fn import_into(recorder: &Recorder, from: Option<&Path>) -> anyhow::Result<()> {
    let data = match from {
        Some(folder) => ReferenceData::from_dir(folder)?,
        None => ReferenceData::embedded()?,
    };
    let plan = reference::plan(&data)?;
    let bar = progress_bar("importing", plan.steps.len() as u64);
    let record = async |submission| recorder.record_own(submission).await;
    let report = reference::import(record, &plan, |progress| {
        bar.set_position(progress.done as u64);
        bar.set_message(progress.on.format("%-d %B %Y").to_string());
    })
    .await?;
    bar.finish_and_clear();
    println!("{report}");
    if report.entries() == 0 {
        println!("Everything was there already; nothing was added.");
    }
    Ok(())
}

/// `compacts rebuild`: fails when a ledger could not be folded, though all others were. Ctrl-C breaks it off;
/// the views in use are then as they were, and the next one goes on from there.
pub async fn rebuild(settings: &Settings, view: Option<&str>) -> anyhow::Result<ExitCode> {
    let which = match view {
        Some(name) => Which::Views([name.parse().context("`--view`")?].into()),
        None => Which::All,
    };
    let database = Database::open_existing(settings).await?;
    let report = watched(database, "folding", async |pool, told| {
        views::rebuild(pool, &which, &build(), told).await
    })
    .await?;
    print_rebuild(&report);
    Ok(if report.left.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What tells this program from one built otherwise, whose folds may come to something else.
fn build() -> String {
    let file = std::env::current_exe().and_then(std::fs::metadata);
    let (bytes, made) = file.map_or((0, None), |file| (file.len(), file.modified().ok()));
    let made = made.and_then(|made| made.duration_since(UNIX_EPOCH).ok());
    let nanos = made.map_or(0, |since| since.as_nanos());
    format!("{} {bytes} {nanos}", env!("CARGO_PKG_VERSION"))
}

fn print_rebuild(report: &RebuildReport) {
    let RebuildReport {
        ledgers,
        taken_up,
        entries,
        rows,
        folding,
        took,
        ..
    } = report;
    if *taken_up > 0 {
        println!("{taken_up} ledgers had been folded by a rebuild that was broken off");
    }
    println!(
        "{ledgers} ledgers, {entries} entries folded in {folding:.1?} ({:.0} a second)",
        report.entries_per_second()
    );
    println!("{rows} rows written beside the old ones and swapped in; {took:.1?} in all");
    for (ledger, view) in &report.not_compared {
        println!("not compared: {view} of ledger {ledger}, which stood elsewhere");
    }
    for difference in &report.differences {
        println!("replaced: {difference}");
    }
    if report.differences.is_empty() {
        println!("nothing differed from what was in use");
    }
    for left in &report.left {
        println!("LEFT AS IT WAS  {left}");
    }
    if !report.left.is_empty() {
        println!(
            "{} ledgers could not be folded; mend the cause, or use a version of Compacts that can read them, \
             then rebuild again",
            report.left.len()
        );
    }
}

/// `compacts check`: fails when anything is not as it must be. Ctrl-C breaks it off.
pub async fn check(settings: &Settings) -> anyhow::Result<ExitCode> {
    let database = Database::look_into(settings).await?;
    let keys = database.pool(ServiceRole::Keys).await;
    let keys = keys.map_err(|error| database.explain(error))?;
    let (report, files, took) = watched(database, "checking", async |pool, told| {
        let started = Instant::now();
        let report = views::check(pool, told).await?;
        let files = examine_files(settings, pool, keys).await?;
        Ok::<_, anyhow::Error>((report, files, started.elapsed()))
    })
    .await?;
    for fault in &files.faults {
        println!("WRONG   {fault}");
    }
    for finding in &report.findings {
        println!("WRONG   {finding}");
    }
    for behind in &report.behind {
        println!("BEHIND  {behind}");
    }
    let CheckReport {
        ledgers,
        entries,
        streams,
        rows,
        behind,
        findings,
    } = &report;
    println!("{ledgers} ledgers, {entries} entries in {streams} streams: read and checked");
    println!("{rows} view rows compared with the fold of their ledger");
    if behind.is_empty() {
        println!("every view stands at the end of its ledger");
    } else {
        println!(
            "{} views are behind their ledger; only what they have folded was compared",
            behind.len()
        );
    }
    let wrong = findings.len() + files.faults.len();
    println!(
        "{} files are referred to, {} of them removed for good: the others read whole and hashed",
        files.referred_to, files.removed
    );
    println!("{wrong} found wrong, in {took:.1?}");
    Ok(if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Reads every file that something refers to. Where nothing does, neither the store nor a key is needed.
async fn examine_files(settings: &Settings, pool: &Pool, keys: Pool) -> anyhow::Result<Examined> {
    let clock = Arc::new(SystemClock);
    let ledgers = Uploads::new(pool.clone(), clock.clone())
        .ledgers_with_files()
        .await?;
    let mut examined = Examined::default();
    if ledgers.is_empty() {
        return Ok(examined);
    }
    let files = Files::new(Parts {
        store: Store::open(&settings.files()?)?,
        pool: pool.clone(),
        vault: keys::open_vault(settings, keys, clock.clone()).await?,
        clock,
        ids: Arc::new(RandomIds),
        randomness: Arc::new(SystemRandomness),
        room: settings.room(),
    });
    for ledger in ledgers {
        let found = files.examine(ledger).await?;
        examined.referred_to += found.referred_to;
        examined.removed += found.removed;
        examined.faults.extend(found.faults);
    }
    Ok(examined)
}

/// What long work tells how far it is, and asks whether to go on.
type Told<'a> = dyn FnMut(Progressed) -> ControlFlow<()> + Send + 'a;

/// Does long work over the views, with a bar that shows how far it is, until it has ended or Ctrl-C breaks it off.
async fn watched<T, E: Into<anyhow::Error>>(
    database: Database,
    what: &'static str,
    work: impl AsyncFnOnce(&Pool, &mut Told<'_>) -> Result<T, E>,
) -> anyhow::Result<T> {
    let pool = database.pool(ServiceRole::Owner).await?;
    let bar = progress_bar(what, 0);
    let ctrl_c = CtrlC::listen();
    let done = work(&pool, &mut |progress| {
        show(&bar, progress);
        ctrl_c.go_on()
    })
    .await;
    bar.finish_and_clear();
    pool.close().await;
    let done = done.map_err(|error| database.explain(error.into()));
    database.close().await?;
    done
}

/// Ctrl-C, heard from when this is made until it is dropped: long work ends at its next page, in order.
struct CtrlC {
    heard: Arc<AtomicBool>,
    listener: JoinHandle<()>,
}

impl CtrlC {
    fn listen() -> Self {
        let heard = Arc::new(AtomicBool::new(false));
        let listener = tokio::spawn({
            let heard = Arc::clone(&heard);
            async move {
                if tokio::signal::ctrl_c().await.is_ok() {
                    heard.store(true, Ordering::Relaxed);
                }
            }
        });
        Self { heard, listener }
    }

    /// Whether to go on.
    fn go_on(&self) -> ControlFlow<()> {
        if self.heard.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}

impl Drop for CtrlC {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

fn show(bar: &ProgressBar, progress: Progressed) {
    bar.set_length(progress.of);
    bar.set_position(progress.folded);
}

/// A bar at a terminal; nothing where there is nobody to see it.
fn progress_bar(what: &'static str, total: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(total);
    let style = ProgressStyle::with_template("{prefix} {wide_bar} {human_pos}/{human_len} {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_prefix(what);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
