//! People who are erased and texts that are redacted: nobody reads them again, and no entry changes.

use std::fmt::Write;

use domain::commitment::CommitmentWords;
use domain::ids::{GrantId, LedgerId, PersonId, SubjectId};
use domain::person::PersonInput;
use domain::region::RoleEnding;
use domain::stream::StreamId;
use domain::{Command, CommitmentCommand, Event, PersonCommand, RegionCommand, Sealed, Texts};
use recorder::{Answer, RecordError, Recorder};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use testkit::proxy::{Cut, Proxy};
use uuid::Uuid;
use vault::{Context, Unsealed};

use crate::{COMPACT, REGION, code, day, on, open, own, propose, recorder, region, submission};

/// A name that stands nowhere else.
const CANARY: &str = "Quillon Featherstonehaugh";

/// More messages than an erasure sends.
const ENOUGH: usize = 200;

const LEDGER: LedgerId = COMPACT.ledger();

fn person(id: u128, command: PersonCommand) -> Command {
    Command::Person {
        id: PersonId::new(Uuid::from_u128(id)),
        command,
    }
}

fn terms() -> PersonInput {
    PersonInput {
        name: CANARY.into(),
        position: Some("Training manager".into()),
        organisation: None,
        email: Some("quillon.featherstonehaugh@example.org".into()),
        telephone: Some("01234 567890".into()),
    }
}

fn erase(id: u128) -> Command {
    let reason = "Asked for by the person".into();
    person(id, PersonCommand::ErasePerson { reason })
}

async fn enter(recorder: &Recorder, id: u128) -> Answer {
    let entered = person(id, PersonCommand::EnterPerson { terms: terms() });
    let entered = submission(LEDGER, 10_000 + id, vec![entered]);
    recorder.record(entered).await.expect("entered")
}

/// Every entry of the compact as it is stored.
async fn leaves(pool: &PgPool) -> Vec<Vec<u8>> {
    let leaves =
        sqlx::query_scalar("select leaf from ledger_entry where ledger_id = $1 order by position");
    let leaves = leaves.bind(LEDGER.uuid()).fetch_all(pool).await;
    leaves.expect("leaves")
}

/// The sealed texts of a stream, and the kinds of its entries.
async fn told(pool: &PgPool, stream: StreamId) -> (Vec<Sealed>, Vec<&'static str>) {
    let reader = ledger::Reader::new(pool.clone());
    let entries = reader.read_stream(LEDGER, stream, 0, 1000).await;
    let (mut sealed, mut kinds) = (Vec::new(), Vec::new());
    for raw in entries.expect("entries") {
        let mut event: Event = raw.decode().expect("an entry").event;
        event.texts(&mut |text| sealed.push(text.sealed().expect("a sealed text").clone()));
        kinds.push(event.kind());
    }
    (sealed, kinds)
}

async fn reads(pool: &PgPool, sealed: &Sealed) -> Option<String> {
    let vault = testkit::service::vault(pool).await;
    let opened = vault.unseal(sealed, &Context::text(LEDGER)).await;
    opened.map(Unsealed::into_plain).expect("opened, or erased")
}

/// The tables in which these words stand, as text or as bytes.
async fn tables_with(pool: &PgPool, words: &str) -> Vec<String> {
    let tables = sqlx::query_scalar::<_, String>(
        "select format('%I.%I', schemaname, tablename) from pg_tables
         where schemaname not in ('pg_catalog', 'information_schema') order by 1",
    );
    let mut found = Vec::new();
    for table in tables.fetch_all(pool).await.expect("tables") {
        let rows = format!("select coalesce(string_agg(t::text, ' '), '') from {table} t");
        let rows: String = sqlx::query_scalar(sqlx::AssertSqlSafe(rows))
            .fetch_one(pool)
            .await
            .expect("rows");
        let hex = words.bytes().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").expect("written");
            hex
        });
        if rows.contains(words) || rows.contains(&hex) {
            found.push(table);
        }
    }
    found
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn nobody_is_erased_by_whose_role_another_process_ended(pool: PgPool) {
    let here = open(&pool).await;
    enter(&here, 40).await;
    let beside = recorder(&pool).await;
    let ended = RegionCommand::EndRole {
        grant: GrantId::new(Uuid::from_u128(2)),
        ending: RoleEnding {
            from: day("2008-06-02"),
            reason: "Left".into(),
        },
    };
    let ended = submission(REGION.ledger(), 9_001, vec![region(ended)]);
    beside.record_own(own(ended)).await.expect("ended");
    let asked = submission(LEDGER, 9_002, vec![erase(40)]);
    assert_eq!(here.record(asked).await, Err(RecordError::UnknownLedger));
    let (sealed, kinds) = told(&pool, StreamId::person(PersonId::new(Uuid::from_u128(40)))).await;
    assert_eq!(kinds, ["person.entered"]);
    assert_eq!(reads(&pool, &sealed[0]).await.as_deref(), Some(CANARY));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn nobody_reads_who_was_erased_and_no_entry_changes(pool: PgPool) {
    let recorder = open(&pool).await;
    enter(&recorder, 70).await;
    let before = leaves(&pool).await;
    let stream = StreamId::person(PersonId::new(Uuid::from_u128(70)));
    let (sealed, _) = told(&pool, stream).await;
    assert_eq!(sealed.len(), 4);
    assert_eq!(reads(&pool, &sealed[0]).await.as_deref(), Some(CANARY));
    // All of it is under the person's one key.
    assert!(
        sealed
            .iter()
            .all(|it| it.subject() == SubjectId::new(Uuid::from_u128(70)))
    );

    let asked = submission(LEDGER, 71, vec![erase(70)]);
    let answer = recorder.record(asked.clone()).await.expect("erased");
    assert!(!answer.repeated);
    for text in &sealed {
        assert_eq!(reads(&pool, text).await, None);
    }
    let (_, kinds) = told(&pool, stream).await;
    assert_eq!(kinds, ["person.entered", "person.erased"]);
    assert_eq!(leaves(&pool).await[..before.len()], before[..]);

    let again = recorder.record(asked).await.expect("the first answer");
    assert_eq!((again.position, again.repeated), (answer.position, true));
    let twice = recorder.record(submission(LEDGER, 72, vec![erase(70)]));
    assert!(matches!(twice.await, Err(RecordError::Refused { .. })));
    let back = person(70, PersonCommand::EnterPerson { terms: terms() });
    let back = recorder.record(submission(LEDGER, 73, vec![back])).await;
    assert!(matches!(back, Err(RecordError::Refused { .. })), "{back:?}");
    let (_, kinds) = told(&pool, stream).await;
    assert_eq!(kinds.len(), 2);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_is_sealed_stands_in_no_table(pool: PgPool) {
    let recorder = open(&pool).await;
    enter(&recorder, 70).await;
    propose(&recorder, 1, 10).await;
    let reworded = CommitmentCommand::RewordCommitment {
        words: CommitmentWords {
            title: "Ask every employer".to_owned(),
            comment: Some(CANARY.into()),
        },
        reason: format!("{CANARY} asked for it").into(),
    };
    let reworded = submission(LEDGER, 2, vec![on(10, reworded)]);
    recorder.record(reworded).await.expect("reworded");
    assert_eq!(tables_with(&pool, CANARY).await, Vec::<String>::new());
    // The search finds what stands in the clear.
    let found = tables_with(&pool, "Ask every employer").await;
    assert_eq!(found, ["public.ledger_entry"]);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_redacted_text_is_gone_and_the_others_stay(pool: PgPool) {
    let recorder = open(&pool).await;
    propose(&recorder, 1, 10).await;
    let withdrawn = CommitmentCommand::WithdrawCommitment {
        reason: format!("{CANARY} fell ill").into(),
    };
    let withdrawn = submission(LEDGER, 2, vec![on(10, withdrawn)]);
    recorder.record(withdrawn).await.expect("withdrawn");
    let stream = StreamId::commitment(Uuid::from_u128(10).into());
    let (sealed, _) = told(&pool, stream).await;
    let [text] = &sealed[..] else {
        panic!("one text: {sealed:?}");
    };
    let redact = |text: SubjectId, stream: StreamId| {
        Command::redact_text(stream, text, "It tells of an illness".into())
    };
    let elsewhere = StreamId::compact(COMPACT);
    for (command, to, subject) in [
        (3, elsewhere, text.subject()),
        (4, stream, SubjectId::new(Uuid::from_u128(99))),
    ] {
        let refused = recorder.record(submission(LEDGER, command, vec![redact(subject, to)]));
        assert_eq!(code(&refused.await.expect_err("refused")), "UNKNOWN_TEXT");
    }
    let both = vec![
        redact(text.subject(), stream),
        redact(text.subject(), stream),
    ];
    let both = recorder.record(submission(LEDGER, 5, both)).await;
    assert_eq!(code(&both.expect_err("refused")), "BY_ITSELF");
    assert!(reads(&pool, text).await.is_some());

    let before = leaves(&pool).await;
    let asked = submission(LEDGER, 6, vec![redact(text.subject(), stream)]);
    recorder.record(asked).await.expect("redacted");
    assert_eq!(reads(&pool, text).await, None);
    assert_eq!(leaves(&pool).await[..before.len()], before[..]);
    let (sealed, kinds) = told(&pool, stream).await;
    assert_eq!(kinds.last(), Some(&"commitment.text_redacted"));
    let why = sealed.last().expect("a reason");
    assert_eq!(
        reads(&pool, why).await.as_deref(),
        Some("It tells of an illness")
    );
    let again = recorder.record(submission(LEDGER, 7, vec![redact(text.subject(), stream)]));
    assert_eq!(code(&again.await.expect_err("refused")), "ALREADY_ERASED");
}

/// Carries on what is left of the erasure of `id` as the next process does, and looks at how it ended.
async fn is_carried_on(pool: &PgPool, id: u128) {
    let next = recorder(pool).await;
    assert_eq!(next.finish_all_erasures().await, Ok(0));
    let asked = submission(LEDGER, 20_000 + id, vec![erase(id)]);
    next.record(asked).await.expect("erased in the end");
    let stream = StreamId::person(PersonId::new(Uuid::from_u128(id)));
    let (sealed, kinds) = told(pool, stream).await;
    assert_eq!(kinds, ["person.entered", "person.erased"], "person {id}");
    assert_eq!(reads(pool, &sealed[0]).await, None);
}

/// How far the erasure of `id` has come; none when it has not begun.
async fn step_of(pool: &PgPool, id: u128) -> Option<String> {
    let step = "select step::text from vault.erasure where subject_id = $1";
    let step = sqlx::query_scalar(step).bind(Uuid::from_u128(id));
    step.fetch_optional(pool).await.expect("a step")
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn an_erasure_that_breaks_off_after_any_step_is_carried_on(pool: PgPool) {
    let recorder = open(&pool).await;
    sqlx::raw_sql(
        "create table stop (at vault.erasure_step not null);
         grant select on stop to compacts_keys;
         create function stop() returns trigger language plpgsql as
         $$begin if new.step in (select at from stop) then raise exception 'stop'; end if; return new; end$$;
         create trigger stop before insert or update on vault.erasure for each row execute function stop()",
    )
    .execute(&pool)
    .await
    .expect("a trigger");
    let steps = [
        "intended",
        "fenced",
        "destroyed",
        "purged",
        "tombstoned",
        "done",
    ];
    for (id, step) in (500..).zip(steps) {
        enter(&recorder, id).await;
        let stop = "insert into stop values ($1::vault.erasure_step)";
        let stop = sqlx::query(stop).bind(step).execute(&pool).await;
        stop.expect("set");
        let asked = submission(LEDGER, 20_000 + id, vec![erase(id)]);
        recorder.record(asked).await.expect_err("stopped");
        let before = steps.iter().take_while(|it| **it != step).last();
        assert_eq!(step_of(&pool, id).await.as_deref(), before.copied());
        sqlx::query("delete from stop")
            .execute(&pool)
            .await
            .expect("gone");
        is_carried_on(&pool, id).await;
    }
}

/// Breaks an erasure off at this message, whoever sends it; whether it was sent at all.
async fn is_broken_off(pool: &PgPool, id: u128, cut: Cut, message: usize) -> bool {
    let (proxy, through) = Proxy::before(pool).await.expect("a proxy");
    let through = PgPoolOptions::new()
        .connect_lazy(&through)
        .expect("an address");
    let broken = recorder(&through).await;
    enter(&broken, id).await;
    proxy.cut_after(cut, message);
    let asked = submission(LEDGER, 20_000 + id, vec![erase(id)]);
    let answer = broken.record(asked).await;
    let cut = proxy.has_cut();
    assert!(answer.is_ok() || cut, "{answer:?}");
    is_carried_on(pool, id).await;
    cut
}

async fn broken_off_everywhere(pool: &PgPool, cut: Cut) {
    open(pool).await;
    for message in 0..ENOUGH {
        let id = 1000 + u128::try_from(message).expect("a number");
        if !is_broken_off(pool, id, cut, message).await {
            assert!(
                message > 10,
                "an erasure takes more than {message} messages"
            );
            return;
        }
    }
    panic!("an erasure takes more than {ENOUGH} messages");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn an_erasure_that_breaks_off_before_any_message_ends_the_same(pool: PgPool) {
    broken_off_everywhere(&pool, Cut::BeforeForwarding).await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn an_erasure_that_breaks_off_before_any_answer_ends_the_same(pool: PgPool) {
    broken_off_everywhere(&pool, Cut::BeforeTheAnswer).await;
}
