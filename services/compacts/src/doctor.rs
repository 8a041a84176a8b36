//! `compacts doctor`: looks for what could stop this machine from serving, and says what to do.

use std::net::TcpListener;
use std::process::ExitCode;

use cluster::{MINIMUM_VERSION, Programs};
use ledger::ServiceRole;

use crate::database::{Database, nothing_yet};
use crate::settings::Settings;

/// What one look found.
struct Finding {
    what: &'static str,
    result: Result<String, String>,
}

/// Looks at everything that does not depend on something found broken before, prints it, and fails
/// when anything is broken.
pub async fn doctor(settings: &Settings) -> anyhow::Result<ExitCode> {
    let mut findings = vec![address(settings)];
    if settings.database_url.is_none() {
        findings.push(programs());
    }
    let sound = findings.iter().all(|finding| finding.result.is_ok());
    if let Some(folder) = nothing_yet(settings) {
        findings.push(Finding {
            what: "data",
            result: Ok(format!(
                "none yet; `compacts serve` begins it in {}",
                folder.display()
            )),
        });
    } else if sound {
        database(settings, &mut findings).await;
    }
    for Finding { what, result } in &findings {
        match result {
            Ok(found) => println!("  ok      {what}: {found}"),
            Err(problem) => println!("  BROKEN  {what}: {problem}"),
        }
    }
    let well = findings.iter().all(|finding| finding.result.is_ok());
    println!(
        "{}",
        if well {
            "Ready to serve."
        } else {
            "Mend what is broken, then run this again."
        }
    );
    Ok(if well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Whether the address can be listened on.
fn address(settings: &Settings) -> Finding {
    let result = match TcpListener::bind(settings.listen) {
        Ok(_) => Ok(format!("{} is free", settings.listen)),
        Err(error) => Err(format!(
            "{} cannot be used ({error}); is the server running already? If not, set `listen`",
            settings.listen
        )),
    };
    Finding {
        what: "address",
        result,
    }
}

fn programs() -> Finding {
    let result = match Programs::find(None, None) {
        Ok(programs) => Ok(format!(
            "version {} in {} (at least {MINIMUM_VERSION} is needed)",
            programs.major(),
            programs.bin_dir().display()
        )),
        Err(error) => Err(error.to_string()),
    };
    Finding {
        what: "PostgreSQL programs",
        result,
    }
}

async fn database(settings: &Settings, findings: &mut Vec<Finding>) {
    let opened = Database::open(settings).await;
    let what = "database";
    let database = match opened {
        Ok(database) => database,
        Err(error) => {
            return findings.push(Finding {
                what,
                result: Err(crate::told(&error)),
            });
        }
    };
    let kind = if database.is_private() {
        "private cluster"
    } else {
        "by URL"
    };
    findings.push(Finding {
        what,
        result: Ok(format!("{kind}, schema up to date")),
    });
    findings.push(durability(&database));
    findings.push(views(&database).await);
    if let Err(error) = database.close().await {
        findings.push(Finding {
            what: "stopping",
            result: Err(crate::told(&error)),
        });
    }
}

/// Whether what is recorded outlives a crash. A database that may lose it is opened only where that is
/// allowed, and is no news then.
fn durability(database: &Database) -> Finding {
    let found = match database.switched_off() {
        [] => "what is recorded is on disk".to_owned(),
        off => format!(
            "a crash may lose what is recorded, as `allow_unsafe_database` allows: {} switched off",
            off.join(" and ")
        ),
    };
    Finding {
        what: "durability",
        result: Ok(found),
    }
}

async fn views(database: &Database) -> Finding {
    let look = async {
        let pool = database.pool(ServiceRole::Gateway).await?;
        let parked = views::parked(&pool).await?;
        pool.close().await;
        anyhow::Ok(parked)
    };
    let result = match look.await {
        Ok(parked) if parked.is_empty() => Ok("none is parked".to_owned()),
        Ok(parked) => Err(parked
            .iter()
            .map(|(ledger, view, _)| format!("{view} of ledger {ledger} is parked"))
            .collect::<Vec<_>>()
            .join("; ")
            + "; mend the cause, then run `compacts rebuild`"),
        Err(error) => Err(crate::told(&error)),
    };
    Finding {
        what: "views",
        result,
    }
}
