//! The proof holds for what the migrations made, and for nothing that was done to it since.

use ledger::isolation::{Broken, prove};
use ledger::{Pool, ServiceRole};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::world::sign_in;

async fn holes(connection: &mut PgConnection, role: ServiceRole) -> Vec<String> {
    match prove(connection, role).await {
        Ok(()) => Vec::new(),
        Err(Broken::Holes(holes)) => holes,
        Err(error) => panic!("{error}"),
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn every_service_can_prove_that_it_is_kept_apart(pool: Pool) {
    for role in ServiceRole::SERVICES {
        let service = sign_in(&pool, role).await;
        let mut connection = service.acquire().await.expect("a connection");
        assert_eq!(
            holes(&mut connection, role).await,
            Vec::<String>::new(),
            "{role:?}"
        );
        drop(connection);
        service.close().await;
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn who_is_signed_in_as_the_owner_proves_nothing(pool: Pool) {
    let mut owner = pool.acquire().await.expect("a connection");
    let said = prove(&mut owner, ServiceRole::Gateway)
        .await
        .expect_err("refused");
    assert!(
        said.to_string()
            .contains("must sign in as compacts_gateway"),
        "{said}"
    );
    let said = prove(&mut owner, ServiceRole::Owner)
        .await
        .expect_err("refused");
    assert!(said.to_string().contains("is no service"), "{said}");
}

/// What somebody might do to the database, and what the proof says then.
const MUTANTS: &[(&str, &str)] = &[
    (
        "set local compacts.ledgers = '{}'",
        "is about ledgers before it has named any",
    ),
    (
        "alter role compacts_gateway superuser",
        "compacts_gateway is a superuser",
    ),
    (
        "alter role compacts_gateway bypassrls",
        "may bypass row security",
    ),
    ("alter role compacts_gateway createrole", "may make roles"),
    ("alter role compacts_gateway createdb", "may make databases"),
    ("alter role compacts_gateway replication", "may replicate"),
    (
        "grant compacts_projector to compacts_gateway",
        "is a member of another role",
    ),
    (
        "drop policy of_its_ledger on mentions",
        "mentions has no policy of_its_ledger",
    ),
    (
        "alter table mentions disable row level security",
        "mentions has no row security",
    ),
    (
        "alter table mentions no force row level security",
        "mentions lets its owner past",
    ),
    (
        "alter policy of_its_ledger on mentions using (true)",
        "mentions has another policy",
    ),
    (
        "alter policy of_its_ledger on mentions with check (true)",
        "mentions has another policy",
    ),
    (
        "alter policy of_its_ledger on mentions to compacts_gateway",
        "mentions has another policy",
    ),
    (
        "create policy friendly on mentions using (true)",
        "mentions has a policy of its own, friendly",
    ),
    (
        "create policy listed_by_owner on mentions for select using (true)",
        "a policy of its own",
    ),
    (
        "alter policy listed_by_owner on ledger_head to public",
        "a policy of its own, listed_by_owner",
    ),
    (
        "create unique index on mentions (stream_id, ledger_id)",
        "a key that does not begin with the ledger",
    ),
    (
        "create table notes (ledger_id uuid primary key)",
        "notes has no row security",
    ),
    (
        "create table notes (note text)",
        "who may do what with public.notes",
    ),
    (
        "create sequence numbers",
        "who may do what with public.numbers",
    ),
    (
        "grant select on mentions to public",
        "everyone must not have SELECT on public.mentions",
    ),
    (
        "grant delete on mentions to compacts_gateway",
        "compacts_gateway must not have DELETE on public.mentions",
    ),
    (
        "grant update (leaf) on ledger_entry to compacts_recorder",
        "must not have UPDATE (leaf)",
    ),
    (
        "grant truncate on ledger_entry to compacts_recorder",
        "must not have TRUNCATE",
    ),
    (
        "revoke select on mentions from compacts_gateway",
        "compacts_gateway lacks SELECT on public.mentions",
    ),
    (
        "grant create on schema public to compacts_gateway",
        "compacts_gateway may make tables",
    ),
    (
        "grant usage on schema view_rebuild to compacts_gateway",
        "may look at what is being rebuilt",
    ),
    (
        "alter table mentions owner to compacts_gateway",
        "compacts_gateway owns something",
    ),
    (
        "create view all_mentions as select * from mentions",
        "all_mentions reads with its owner's rights",
    ),
    (
        "create function all_mentions() returns setof mentions language sql security definer
         as 'select * from mentions'",
        "all_mentions() runs with its owner's rights",
    ),
];

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn whatever_is_done_to_the_wall_is_noticed_and_said(pool: Pool) {
    let mut connection = pool.acquire().await.expect("a connection");
    for (done, said) in MUTANTS {
        let mut work = connection.begin().await.expect("begun");
        for statement in [done, &"set local session authorization compacts_gateway"] {
            let statement = AssertSqlSafe((*statement).to_owned());
            sqlx::raw_sql(statement)
                .execute(&mut *work)
                .await
                .expect(done);
        }
        let holes = holes(&mut work, ServiceRole::Gateway).await;
        assert!(
            holes.iter().any(|hole| hole.contains(said)),
            "{done}: {holes:?}"
        );
        work.rollback().await.expect("undone");
    }
    assert_eq!(MUTANTS.len(), 30);
}
