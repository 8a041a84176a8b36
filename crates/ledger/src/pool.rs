//! Pools whose connections come back clean.
//!
//! A future dropped while a transaction is being opened can leave the connection inside one that
//! sqlx does not know of (0.8.4 to 0.9.0). The next user's work would then be part of it, and be
//! lost with it. So every connection that comes back is asked whether it is inside a transaction.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, Executor, PgConnection, Row};
use tokio::time::{Instant, sleep_until, timeout_at};

/// How long work waits for a connection before it is told that there is none.
const ACQUIRE: Duration = Duration::from_secs(10);

/// How long to wait before knocking again at a database that is not there yet.
const KNOCK_AGAIN: Duration = Duration::from_millis(250);

/// How long a connection may have rested before it is asked whether it still works. One that came back a moment ago was asked
/// then.
const RESTED: Duration = Duration::from_secs(1);

/// Adds the check to a pool's options.
#[must_use]
pub fn checked(options: PgPoolOptions) -> PgPoolOptions {
    let options = options
        .test_before_acquire(false)
        .before_acquire(|connection, about| {
            Box::pin(async move {
                if about.idle_for > RESTED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        });
    options.after_release(|connection, _| {
        Box::pin(async move {
            // Nor may it still be about ledgers that the next user never named.
            // Outside a transaction a statement is its own, and both moments are its own start. Sent
            // as plain text: prepared, it would be parsed at one moment and run at another.
            let idle = sqlx::raw_sql(
                "select now() = statement_timestamp()
                     and coalesce(current_setting('compacts.ledgers', true), '') = ''",
            )
            .fetch_one(connection)
            .await?;
            idle.try_get(0)
        })
    })
}

/// What was acknowledged is on disk: a commit waits for it, whatever the server or the database says is
/// usual. Only waiting for a standby to show it as well is more.
const WAIT_FOR_THE_DISK: &str = "select set_config('synchronous_commit', 'on', false)
    where current_setting('synchronous_commit') <> 'remote_apply'";

/// A pool of connections to the database.
pub type Pool = sqlx::PgPool;

/// Why something could not be asked of a pool.
pub type PoolError = sqlx::Error;

/// Why no pool could be opened. The address is told without its password.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL cannot be read.
    #[error("the database's address cannot be read; write it like postgres://user@host/database")]
    Address(#[source] sqlx::Error),
    /// Nobody answers there.
    #[error("no PostgreSQL answers at {place} ({said}); start it, or mend the database's address")]
    Away {
        /// Host and port, or the socket's folder.
        place: String,
        /// What was found instead.
        said: String,
    },
    /// There is no such database.
    #[error(
        "the PostgreSQL at {place} has no database `{database}`; make it with: createdb {database}"
    )]
    NoDatabase {
        /// Host and port, or the socket's folder.
        place: String,
        /// The database's name.
        database: String,
    },
    /// The account is not let in.
    #[error(
        "the PostgreSQL at {place} does not let `{user}` in: {said}; mend user or password. Services sign in as \
         themselves: their accounts begin with `compacts_`, and `service_password` is their password"
    )]
    NotLetIn {
        /// Host and port, or the socket's folder.
        place: String,
        /// The account.
        user: String,
        /// What it said.
        said: String,
    },
    /// Something else.
    #[error("the database does not let us work in it")]
    Other(#[source] sqlx::Error),
}

/// Who connects: each service may do what its work needs and no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ServiceRole {
    /// Owns the tables: migrates, rebuilds and checks them.
    Owner,
    /// Appends to ledgers.
    Recorder,
    /// Reads ledgers, writes views.
    Projector,
    /// Reads.
    Gateway,
    /// Reads everything there is of the ledgers in scope, and changes nothing.
    Auditor,
    /// Keeps the keys of sealed data, and sees no ledger.
    Keys,
}

impl ServiceRole {
    /// Every role that a service works in.
    pub const SERVICES: [Self; 5] = [
        Self::Recorder,
        Self::Projector,
        Self::Gateway,
        Self::Auditor,
        Self::Keys,
    ];

    /// The database role it signs in as; none for the owner, who is whoever the address names.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Owner => None,
            Self::Recorder => Some("compacts_recorder"),
            Self::Projector => Some("compacts_projector"),
            Self::Gateway => Some("compacts_gateway"),
            Self::Auditor => Some("compacts_auditor"),
            Self::Keys => Some("compacts_keys"),
        }
    }

    /// How long a statement may take, how long it may wait for a lock, and how long a transaction may
    /// stand idle, as PostgreSQL writes it; 0 is for ever.
    ///
    /// A service answers somebody: what has taken this long is no use to them any more, and holds up
    /// others. The owner's work (a migration, a rebuild, a check) goes over everything there is and shows
    /// how far it is; its statements take what they take, and a check folds ledgers between two of them.
    /// It too does not queue for a lock for long: everyone who comes after would queue behind it.
    const fn patience(self) -> [(&'static str, &'static str); 3] {
        let [statement, lock, idle] = match self {
            Self::Owner => ["0", "60s", "10min"],
            _ => ["30s", "5s", "60s"],
        };
        [
            ("statement_timeout", statement),
            ("lock_timeout", lock),
            ("idle_in_transaction_session_timeout", idle),
        ]
    }
}

/// Where the database is, and how services sign in to it.
#[derive(Clone)]
pub struct Address {
    owner: PgConnectOptions,
    service_password: Option<String>,
}

impl Address {
    /// The database at `url`, which names its owner. Services sign in there as themselves, with the password
    /// given here, or with the owner's if none is given.
    ///
    /// # Errors
    /// When the URL cannot be read.
    pub fn new(url: &str, service_password: Option<&str>) -> Result<Self, ConnectError> {
        Ok(Self {
            owner: url.parse().map_err(ConnectError::Address)?,
            service_password: service_password.map(str::to_owned),
        })
    }

    /// The database that `pool` is connected to, as whoever it is connected as.
    pub fn of_pool(pool: &Pool) -> Self {
        Self {
            owner: (*pool.connect_options()).clone(),
            service_password: None,
        }
    }

    fn of(&self, role: ServiceRole) -> PgConnectOptions {
        let to = self.owner.clone();
        let Some(name) = role.name() else { return to };
        match &self.service_password {
            Some(password) => to.username(name).password(password),
            None => to.username(name),
        }
    }
}

/// Opens a pool whose connections work as `role` and come back clean. A database that is just starting
/// is waited for a little.
///
/// # Errors
/// [`ConnectError`] when the database does not let a first connection in.
pub async fn connect(
    address: &Address,
    role: ServiceRole,
    connections: u32,
) -> Result<Pool, ConnectError> {
    let to = address.of(role);
    knock(&to, ACQUIRE).await?;
    let pool = options(role, connections).connect_with(to);
    pool.await.map_err(ConnectError::Other)
}

/// The same without looking whether anybody answers: the first to ask finds out.
pub fn connect_lazily(address: &Address, role: ServiceRole, connections: u32) -> Pool {
    options(role, connections).connect_lazy_with(address.of(role))
}

fn options(role: ServiceRole, connections: u32) -> PgPoolOptions {
    let options = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE)
        .after_connect(move |connection, _| {
            Box::pin(async move { prepare(connection, role).await })
        });
    checked(options)
}

/// Sets up a new connection for `role`, in one go.
async fn prepare(connection: &mut PgConnection, role: ServiceRole) -> Result<(), sqlx::Error> {
    let (names, values): (Vec<&str>, Vec<&str>) = role.patience().into_iter().unzip();
    sqlx::query(
        "select set_config(name, value, false)
         from unnest($1::text[], $2::text[]) as setting (name, value)",
    )
    .bind(names)
    .bind(values)
    .execute(&mut *connection)
    .await?;
    if role == ServiceRole::Recorder {
        connection.execute(WAIT_FOR_THE_DISK).await?;
    }
    Ok(())
}

/// Finds out whether the database lets us in, and if not, why: a pool only says that time ran out.
async fn knock(to: &PgConnectOptions, patience: Duration) -> Result<(), ConnectError> {
    let deadline = Instant::now() + patience;
    loop {
        let refused = match timeout_at(deadline, PgConnection::connect_with(to)).await {
            Ok(Ok(connection)) => {
                return connection.close().await.map_err(ConnectError::Other);
            }
            Ok(Err(error)) => refused(error, to),
            Err(_) => ConnectError::Away {
                place: place(to),
                said: format!("no answer within {patience:?}"),
            },
        };
        let again = Instant::now() + KNOCK_AGAIN;
        if !matches!(refused, ConnectError::Away { .. }) || again >= deadline {
            return Err(refused);
        }
        sleep_until(again).await;
    }
}

fn refused(error: sqlx::Error, to: &PgConnectOptions) -> ConnectError {
    let place = place(to);
    if let sqlx::Error::Io(error) = &error {
        let said = error.to_string();
        return ConnectError::Away { place, said };
    }
    let Some(database) = error.as_database_error() else {
        return ConnectError::Other(error);
    };
    let said = database.message().to_owned();
    match database.code().as_deref() {
        // Starting up, or shutting down to start again.
        Some("57P03") => ConnectError::Away { place, said },
        Some("3D000") => ConnectError::NoDatabase {
            place,
            database: to.get_database().unwrap_or(to.get_username()).to_owned(),
        },
        Some("28000" | "28P01") => ConnectError::NotLetIn {
            place,
            user: to.get_username().to_owned(),
            said,
        },
        _ => ConnectError::Other(error),
    }
}

fn place(to: &PgConnectOptions) -> String {
    match to.get_socket() {
        Some(folder) => folder.display().to_string(),
        None => format!("{}:{}", to.get_host(), to.get_port()),
    }
}

/// Asks the database whether it is there.
///
/// # Errors
/// When no connection is to be had, or the database does not answer on it.
pub async fn answers(pool: &Pool) -> Result<(), PoolError> {
    sqlx::raw_sql("select 1").execute(pool).await.map(drop)
}

/// The server's settings by which a crash may ruin what it called committed; none on a sound server. No
/// connection can change them.
///
/// # Errors
/// When no connection is to be had, or the database does not answer on it.
pub async fn unsafe_settings(pool: &Pool) -> Result<Vec<String>, PoolError> {
    sqlx::query_scalar(
        "select name from pg_settings
         where name in ('fsync', 'full_page_writes') and setting = 'off' order by name",
    )
    .fetch_all(pool)
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn said(url: &str) -> String {
        let address = match Address::new(url, None) {
            Ok(address) => address,
            Err(error) => return error.to_string(),
        };
        let refused = connect(&address, ServiceRole::Owner, 2).await;
        refused.expect_err("refused").to_string()
    }

    #[sqlx::test(migrations = false)]
    async fn a_database_that_cannot_be_used_is_told_apart_from_one_that_is_not_there(pool: Pool) {
        use sqlx::ConnectOptions;
        let there = pool.connect_options();
        let url = |options: PgConnectOptions| options.to_url_lossy().to_string();
        let missing = said(&url((*there).clone().database("no_such_database"))).await;
        assert!(
            missing.contains("has no database `no_such_database`"),
            "{missing}"
        );
        let nobody = said(&url((*there).clone().username("no_such_account"))).await;
        assert!(
            nobody.contains("does not let `no_such_account` in"),
            "{nobody}"
        );
        let unreadable = said("postgres://:secret@:x/").await;
        assert!(!unreadable.contains("secret"), "{unreadable}");
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn nothing_a_service_asks_of_the_database_takes_for_ever(pool: Pool) {
        for (role, name, statement, lock, idle) in [
            (ServiceRole::Owner, None, "0", "1min", "10min"),
            (
                ServiceRole::Recorder,
                Some("compacts_recorder"),
                "30s",
                "5s",
                "1min",
            ),
            (
                ServiceRole::Projector,
                Some("compacts_projector"),
                "30s",
                "5s",
                "1min",
            ),
            (
                ServiceRole::Gateway,
                Some("compacts_gateway"),
                "30s",
                "5s",
                "1min",
            ),
        ] {
            let own = connect(&Address::of_pool(&pool), role, 2)
                .await
                .expect("a pool");
            let found: (String, String, String, String) = sqlx::query_as(
                "select current_user::text, current_setting('statement_timeout'),
                    current_setting('lock_timeout'),
                    current_setting('idle_in_transaction_session_timeout')",
            )
            .fetch_one(&own)
            .await
            .expect("settings");
            let name = name
                .unwrap_or(pool.connect_options().get_username())
                .to_owned();
            let wanted = (name, statement.to_owned(), lock.to_owned(), idle.to_owned());
            assert_eq!(found, wanted, "{role:?}");
            own.close().await;
        }
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_recorder_waits_for_the_disk_though_the_database_says_it_need_not(pool: Pool) {
        let database = pool.connect_options().get_database().map(str::to_owned);
        let database = database.expect("a database");
        for (usual, role, found) in [
            ("off", ServiceRole::Gateway, "off"),
            ("off", ServiceRole::Recorder, "on"),
            ("local", ServiceRole::Recorder, "on"),
            ("remote_apply", ServiceRole::Recorder, "remote_apply"),
        ] {
            let set = format!("alter database \"{database}\" set synchronous_commit = {usual}");
            let set = sqlx::raw_sql(sqlx::AssertSqlSafe(set));
            set.execute(&pool).await.expect("set");
            let own = connect(&Address::of_pool(&pool), role, 2)
                .await
                .expect("a pool");
            let waits: String = sqlx::query_scalar("select current_setting('synchronous_commit')")
                .fetch_one(&own)
                .await
                .expect("a setting");
            assert_eq!(waits, found, "{role:?} where {usual} is usual");
            own.close().await;
        }
    }

    #[tokio::test]
    async fn a_database_that_is_not_there_is_waited_for_and_then_named() {
        let to = "postgres://somebody:secret@127.0.0.1:1/nothing";
        let began = Instant::now();
        let patience = KNOCK_AGAIN * 2;
        let refused = knock(&to.parse().expect("an address"), patience).await;
        let away = refused.expect_err("nobody").to_string();
        assert!(began.elapsed() >= KNOCK_AGAIN, "it knocked once only");
        assert!(
            away.starts_with("no PostgreSQL answers at 127.0.0.1:1 ("),
            "{away}"
        );
        assert!(!away.contains("secret"), "{away}");
    }
}
