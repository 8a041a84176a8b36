//! What the database lets a service do here. Every other test runs with the gateway's rights; this one shows what those
//! are not.

use sqlx::PgPool;

use crate::support::House;

async fn tried(house: &House, role: &str, statement: &str) -> Result<(), String> {
    let mut transaction = house.owner().await;
    let set = format!("set local role {role}");
    sqlx::query(sqlx::AssertSqlSafe(set))
        .execute(&mut *transaction)
        .await
        .unwrap();
    let done = sqlx::query(sqlx::AssertSqlSafe(statement.to_owned()))
        .execute(&mut *transaction)
        .await;
    done.map(drop)
        .map_err(|error| error.as_database_error().unwrap().message().to_owned())
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn nobody_but_the_gateway_has_business_here(pool: PgPool) {
    let house = House::new(pool).await;
    for role in ["compacts_recorder", "compacts_projector"] {
        for table in [
            "account",
            "link",
            "web_session",
            "openid_attempt",
            "api_token",
            "security_log",
            "throttle",
        ] {
            let refused = tried(&house, role, &format!("select from account.{table}")).await;
            assert!(
                refused.unwrap_err().contains("permission denied"),
                "{role} {table}"
            );
        }
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_gateway_may_add_to_the_security_log_and_not_change_it(pool: PgPool) {
    let house = House::new(pool).await;
    house.member("r.alder@council.example").await;
    for statement in [
        "update account.security_log set event = 'nothing'",
        "delete from account.security_log",
        "truncate account.security_log",
        "truncate account.account cascade",
        "update account.account set account_id = gen_random_uuid()",
        "update account.web_session set account_id = gen_random_uuid()",
        "update account.api_token set compacts = null, writes = true",
        "update account.openid_link set account_id = gen_random_uuid()",
        "update account.openid_attempt set expires_at = 'infinity'",
        "drop table account.throttle",
        "create table account.own ()",
    ] {
        let refused = tried(&house, "compacts_gateway", statement).await;
        let refused = refused.expect_err(statement);
        assert!(
            refused.contains("permission denied") || refused.contains("must be owner"),
            "{refused}"
        );
    }
    assert_eq!(
        tried(
            &house,
            "compacts_gateway",
            "select from account.security_log"
        )
        .await,
        Ok(())
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_last_month_of_the_log_cannot_be_trimmed_by_a_service(pool: PgPool) {
    let house = House::new(pool).await;
    let mut owner = house.owner().await;
    for days in [0, 29, 31] {
        let written = "insert into account.security_log (entry_id, at, event)
            values (gen_random_uuid(), now() - make_interval(days => $1), 'test')";
        sqlx::query(written)
            .bind(days)
            .execute(&mut *owner)
            .await
            .unwrap();
    }
    sqlx::query("set local role compacts_gateway")
        .execute(&mut *owner)
        .await
        .unwrap();
    let gone: i64 = sqlx::query_scalar("select account.security_log_trim('infinity', 1000)")
        .fetch_one(&mut *owner)
        .await
        .unwrap();
    assert_eq!(gone, 1);
}
