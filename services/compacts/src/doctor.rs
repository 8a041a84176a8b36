//! `compacts doctor`: looks for what could stop this machine from serving, and says what to do. It changes nothing.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::process::ExitCode;

use cluster::{MINIMUM_VERSION, Programs};
use ledger::{Schema, ServiceRole};

use crate::database::{Database, nothing_yet, other_version};
use crate::neighbour::{self, Neighbour};
use crate::settings::Settings;

/// What one look found: that it is well, or what is broken and what to do.
struct Finding {
    what: &'static str,
    result: Result<String, String>,
}

/// Everything found, and whether a server is running on the data that was looked at.
#[derive(Default)]
struct Findings {
    all: Vec<Finding>,
    running: bool,
}

impl Findings {
    fn add(&mut self, what: &'static str, result: Result<String, String>) {
        self.all.push(Finding { what, result });
    }

    fn are_well(&self) -> bool {
        self.all.iter().all(|finding| finding.result.is_ok())
    }
}

/// Looks at everything that does not depend on something found broken before, prints it, and fails
/// when anything is broken.
pub async fn doctor(settings: &Settings) -> anyhow::Result<ExitCode> {
    let mut findings = Findings::default();
    if settings.database_url.is_none() {
        findings.add("PostgreSQL programs", programs());
    }
    let data = data(settings, &mut findings).await;
    address(settings, &data, &mut findings).await;
    for Finding { what, result } in &findings.all {
        match result {
            Ok(found) => println!("  ok      {what}: {found}"),
            Err(problem) => println!("  BROKEN  {what}: {problem}"),
        }
    }
    let (said, code) = match (findings.are_well(), findings.running) {
        (true, true) => ("Running, and nothing is broken.", ExitCode::SUCCESS),
        (true, false) => ("Ready to serve.", ExitCode::SUCCESS),
        (false, _) => (
            "Mend what is broken, then run this again.",
            ExitCode::FAILURE,
        ),
    };
    println!("{said}");
    Ok(code)
}

fn programs() -> Result<String, String> {
    let programs = Programs::find(None, None).map_err(|error| error.to_string())?;
    Ok(format!(
        "version {} in {} (at least {MINIMUM_VERSION} is needed)",
        programs.major(),
        programs.bin_dir().display()
    ))
}

/// The data a server here would serve.
enum Data {
    /// There is none yet.
    Absent,
    /// What stops us from seeing it is among the findings.
    Unseen,
    /// Seen, by the identity of its database.
    Seen(String),
}

impl Data {
    /// Whether a server of the database `identity` serves other data than this, as far as can be told.
    fn is_not_of(&self, identity: &str) -> bool {
        match self {
            Self::Absent => true,
            Self::Unseen => false,
            Self::Seen(seen) => seen != identity,
        }
    }
}

/// Looks at the data, if there is any and nothing stops it.
async fn data(settings: &Settings, findings: &mut Findings) -> Data {
    match nothing_yet(settings) {
        Ok(None) if findings.are_well() => database(settings, findings).await,
        Ok(None) => Data::Unseen,
        Ok(Some(folder)) => {
            let folder = folder.display();
            let begins = format!("none yet; `compacts serve` begins it in {folder}");
            findings.add("data", Ok(begins));
            Data::Absent
        }
        Err(error) => {
            findings.add("data", Err(crate::told(&error)));
            Data::Unseen
        }
    }
}

async fn database(settings: &Settings, findings: &mut Findings) -> Data {
    let database = match Database::reach(settings).await {
        Ok(database) => database,
        Err(error) => {
            findings.add("database", Err(crate::told(&error)));
            return Data::Unseen;
        }
    };
    findings.running = database.is_beside();
    findings.add("database", Ok(database.place()));
    findings.add("tables", tables(database.schema()));
    findings.add("durability", durability(settings, &database));
    if database.schema() == Schema::Current {
        findings.add("views", views(&database).await);
    }
    let identity = database.identity().to_owned();
    if let Err(error) = database.close().await {
        findings.add("stopping", Err(crate::told(&error)));
    }
    Data::Seen(identity)
}

/// Whether this program can work with the tables, or could once it has served.
fn tables(schema: Schema) -> Result<String, String> {
    match (schema, other_version(schema)) {
        (Schema::Absent, _) => Ok("none yet; `compacts serve` makes them".to_owned()),
        (Schema::Earlier, _) => Ok(format!(
            "older than this program (version {}); the next `compacts serve` of this version brings them up to date",
            env!("CARGO_PKG_VERSION")
        )),
        (_, Some(why)) => Err(why),
        (_, None) => Ok("up to date".to_owned()),
    }
}

/// Whether what is recorded outlives a crash.
fn durability(settings: &Settings, database: &Database) -> Result<String, String> {
    match database.may_lose_data() {
        None => Ok("what is recorded is on disk".to_owned()),
        Some(why) if !settings.allow_unsafe_database => Err(why),
        Some(_) => Ok(format!(
            "a crash may lose what is recorded, as `allow_unsafe_database` allows: {} switched off",
            database.switched_off().join(" and ")
        )),
    }
}

async fn views(database: &Database) -> Result<String, String> {
    let look = async {
        let pool = database.pool(ServiceRole::Gateway).await?;
        let parked = views::parked(&pool).await?;
        pool.close().await;
        anyhow::Ok(parked)
    };
    let parked = look
        .await
        .map_err(|error| crate::told(&database.explain(error)))?;
    if parked.is_empty() {
        return Ok("none is parked".to_owned());
    }
    let parked = parked.iter();
    let parked = parked.map(|(ledger, view, _)| format!("{view} of ledger {ledger} is parked"));
    let parked = parked.collect::<Vec<_>>().join("; ");
    Err(format!(
        "{parked}; mend the cause, then run `compacts rebuild`"
    ))
}

/// Whether the address can be listened on; if not, whether it is our own server that listens, and how it is.
async fn address(settings: &Settings, data: &Data, findings: &mut Findings) {
    let at = settings.listen;
    let Err(error) = TcpListener::bind(at) else {
        return findings.add("address", Ok(format!("{at} is free")));
    };
    if error.kind() != ErrorKind::AddrInUse {
        let broken = format!("{at} cannot be used ({error}); set `listen`");
        return findings.add("address", Err(broken));
    }
    let Some(Neighbour { signature, failing }) = neighbour::at(at).await else {
        let broken = format!("{at} is in use by another program; stop that one, or set `listen`");
        return findings.add("address", Err(broken));
    };
    let version = signature.version;
    if data.is_not_of(&signature.database) {
        let broken = format!(
            "{at} is in use by a Compacts (version {version}) that serves other data; stop that one, or set \
             `listen`"
        );
        return findings.add("address", Err(broken));
    }
    findings.running = true;
    findings.add(
        "address",
        Ok(format!("{at} is served by Compacts, version {version}")),
    );
    let health = match &failing[..] {
        [] => Ok("it says that it is ready".to_owned()),
        _ => Err(format!(
            "it says that it is not ready: {}",
            failing.join("; ")
        )),
    };
    findings.add("server", health);
}
