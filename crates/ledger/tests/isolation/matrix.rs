//! Every table x operation x role x what the transaction says it is about.

use std::fmt;

use ledger::isolation::GRANTS;
use ledger::{Pool, ServiceRole};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;

use crate::world::{FOREIGN, OWN, row, settle, sign_in, tenanted};

/// What the transaction says it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Nothing,
    Empty,
    NoLedger,
    Malformed,
    Foreign,
    Own,
}

impl Said {
    const ALL: [Self; 6] = [
        Self::Nothing,
        Self::Empty,
        Self::NoLedger,
        Self::Malformed,
        Self::Foreign,
        Self::Own,
    ];

    fn statement(self) -> String {
        let value = match self {
            Self::Nothing => return "select 1".to_owned(),
            Self::Empty => String::new(),
            Self::NoLedger => "{}".to_owned(),
            Self::Malformed => "everything".to_owned(),
            Self::Foreign => format!("{{{FOREIGN}}}"),
            Self::Own => format!("{{{OWN}}}"),
        };
        format!("set local compacts.ledgers = '{value}'")
    }
}

/// What is done to a table: to our own tenant's rows, whatever the transaction says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    Select,
    Insert,
    Update,
    Delete,
    Truncate,
}

impl Operation {
    const ALL: [Self; 5] = [
        Self::Select,
        Self::Insert,
        Self::Update,
        Self::Delete,
        Self::Truncate,
    ];

    /// The privilege it needs; an update here is of the column that may be updated, if only some may.
    const fn privilege(self) -> &'static str {
        match self {
            Self::Select => "SELECT",
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Truncate => "TRUNCATE",
        }
    }

    async fn statement(self, pool: &Pool, table: &str) -> String {
        match self {
            Self::Select => format!("select from {table} where ledger_id = '{OWN}'"),
            Self::Insert => {
                let (names, values): (Vec<_>, Vec<_>) =
                    row(pool, table, OWN).await.into_iter().unzip();
                let (names, values) = (names.join(", "), values.join(", "));
                // A head is there once only; that it is refused for being there shows that it was let in.
                format!("insert into {table} ({names}) values ({values}) on conflict do nothing")
            }
            Self::Update => {
                let (column, value) = match table {
                    "public.ledger_head" => ("position", "position + 1"),
                    "public.file_upload" => ("state", "state"),
                    "account.draft" => ("version", "version + 1"),
                    _ => ("ledger_id", "ledger_id"),
                };
                format!("update {table} set {column} = {value} where ledger_id = '{OWN}'")
            }
            Self::Delete => format!("delete from {table} where ledger_id = '{OWN}'"),
            Self::Truncate => format!("truncate {table}"),
        }
    }
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Came {
    /// The right is not there.
    Denied,
    /// It is, but there was no row to see, or the row was not let in.
    Nothing,
    /// What was said is not understood.
    Error,
    /// It was done.
    Done,
}

#[derive(Clone, Copy)]
struct Cell {
    table: &'static str,
    operation: Operation,
    role: ServiceRole,
    said: Said,
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            table,
            operation,
            role,
            said,
        } = self;
        write!(f, "{role:?} {operation:?} {table} having said {said:?}")
    }
}

impl Cell {
    /// What must come of it, by the rights written down and by nothing else.
    fn due(self) -> Came {
        let (_, granted) = GRANTS
            .iter()
            .find(|(table, _)| *table == self.table)
            .expect("every table is listed");
        let privileges = granted
            .iter()
            .find(|(role, _)| *role == self.role)
            .map_or(&[][..], |(_, privileges)| privileges);
        let wanted = self.operation.privilege();
        if !privileges
            .iter()
            .any(|privilege| privilege.starts_with(wanted))
        {
            return Came::Denied;
        }
        match self.said {
            Said::Own => Came::Done,
            Said::Malformed => Came::Error,
            Said::Nothing | Said::Empty | Said::NoLedger | Said::Foreign => Came::Nothing,
        }
    }

    async fn came(self, connection: &mut PgConnection, statement: &str) -> Came {
        let mut work = connection.begin().await.expect("begun");
        let said = sqlx::raw_sql(AssertSqlSafe(self.said.statement()))
            .execute(&mut *work)
            .await;
        said.expect("said");
        let done = sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
            .execute(&mut *work)
            .await;
        work.rollback().await.expect("undone");
        match done {
            Ok(done) if done.rows_affected() > 0 => Came::Done,
            Ok(_) if self.operation == Operation::Insert => Came::Done,
            Ok(_) => Came::Nothing,
            Err(error) => {
                let error = error.as_database_error().expect("the database's own");
                match error.code().as_deref() {
                    Some("42501") if error.message().contains("row-level security") => {
                        Came::Nothing
                    }
                    Some("42501") => Came::Denied,
                    Some("22P02") => Came::Error,
                    other => panic!("{self}: {other:?} {error}"),
                }
            }
        }
    }
}

/// Looks at every cell of these tables; gives how many there were, and those that came out otherwise than they must.
async fn look(pool: &Pool, tables: &[&'static str]) -> (usize, Vec<String>) {
    let (mut looked_at, mut wrong) = (0, Vec::new());
    for role in ServiceRole::SERVICES {
        let service = sign_in(pool, role).await;
        let mut connection = service.acquire().await.expect("a connection").detach();
        for table in tables.iter().copied() {
            for operation in Operation::ALL {
                let statement = operation.statement(pool, table).await;
                for said in Said::ALL {
                    let cell = Cell {
                        table,
                        operation,
                        role,
                        said,
                    };
                    let came = cell.came(&mut connection, &statement).await;
                    looked_at += 1;
                    if came != cell.due() {
                        wrong.push(format!("{cell}: {came:?}, and not {:?}", cell.due()));
                    }
                }
            }
        }
        connection.close().await.expect("closed");
        service.close().await;
    }
    (looked_at, wrong)
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn nobody_sees_or_touches_a_row_of_a_ledger_they_did_not_name(pool: Pool) {
    settle(&pool).await;
    let (looked_at, wrong) = look(&pool, &tenanted(&pool).await).await;
    assert!(
        wrong.is_empty(),
        "{} of {looked_at}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    let tables = tenanted(&pool).await.len();
    assert_eq!(looked_at, tables * 5 * 5 * 6, "{tables} tables");
    println!("{looked_at} cells: {tables} tables x 5 operations x 5 roles x 6 settings");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_matrix_notices_every_single_policy_that_is_dropped_or_widened(pool: Pool) {
    settle(&pool).await;
    for table in tenanted(&pool).await {
        // Where no service may do anything there is nothing to see; the proof looks at those.
        if !GRANTS
            .iter()
            .any(|(listed, granted)| *listed == table && !granted.is_empty())
        {
            continue;
        }
        let widened =
            format!("alter policy of_its_ledger on {table} using (true) with check (true)");
        let put_back = "(ledger_id = any ((select ledgers_in_scope())::uuid[]))";
        let put_back =
            format!("alter policy of_its_ledger on {table} using {put_back} with check {put_back}");
        let dropped = format!("alter table {table} disable row level security");
        let enabled = format!("alter table {table} enable row level security");
        for (undo, redo) in [(widened, put_back), (dropped, enabled)] {
            sqlx::raw_sql(AssertSqlSafe(undo.clone()))
                .execute(&pool)
                .await
                .expect("undone");
            let (_, wrong) = look(&pool, &[table]).await;
            assert!(
                wrong.iter().any(|wrong| wrong.contains(table)),
                "not noticed: {undo}"
            );
            sqlx::raw_sql(AssertSqlSafe(redo))
                .execute(&pool)
                .await
                .expect("redone");
        }
    }
    let (_, wrong) = look(&pool, &tenanted(&pool).await).await;
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
#[should_panic(expected = "public.notes is not listed")]
async fn a_new_table_that_nobody_listed_is_not_passed_over(pool: Pool) {
    let made = sqlx::query("create table notes (ledger_id uuid primary key)");
    made.execute(&pool).await.expect("made");
    tenanted(&pool).await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_row_cannot_be_moved_into_another_ledger(pool: Pool) {
    settle(&pool).await;
    let projector = sign_in(&pool, ServiceRole::Projector).await;
    let mut work = ledger::Scope::from(domain::ids::LedgerId::new(OWN))
        .begin(&projector)
        .await
        .expect("begun");
    let moved = sqlx::query("update commitment_view set ledger_id = $1")
        .bind(Uuid::from_u128(0xc))
        .execute(&mut *work)
        .await;
    let said = moved.expect_err("refused").to_string();
    assert!(said.contains("row-level security"), "{said}");
}
