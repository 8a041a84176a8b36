//! The views in their tables: projected, paged, parked, checked and rebuilt.

mod story;

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::time::Duration;

use domain::action_plan::ActionPlanRetitled;
use domain::ids::*;
use domain::stream::StreamId;
use domain::{ActionPlanEvent, Event, Reach};
use ledger::{Append, Ledger, NewEvent, Reader, RequestDigest, ServiceRole, StreamAppend};
use sqlx::PgPool;
use story::recorded::*;
use story::*;
use testkit::service::sign_in;
use tokio::time::Instant;
use uuid::Uuid;
use views::action_plan::ActionState;
use views::commitment::Detail;
use views::rebuild::Differs;
use views::{
    ActionFilter, ActionPlanView, CheckError, CommitmentFilter, CommitmentView, CompactOverview,
    Historian, HistoryFilter, HistoryOf, Leases, PageRequest, Place, Projected, ViewName,
    ViewReader, WaitError, Which, check, checkpoints, rebuild, rebuild::RebuildError,
};

async fn findings(pool: &PgPool) -> Vec<String> {
    let report = check(pool, go_on).await.expect("the check runs");
    report.findings.iter().map(ToString::to_string).collect()
}

async fn run(pool: &PgPool, statement: &'static str) {
    sqlx::query(statement).execute(pool).await.expect(statement);
}

/// The build rebuilds are made by.
const BUILD: &str = "this build";

fn go_on(_: rebuild::Progressed) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_is_saved_is_the_fold_and_the_check_agrees(pool: PgPool) {
    told(&pool).await;
    let reader = ViewReader::new(sign_in(&pool, ServiceRole::Gateway));
    let plan: ActionPlanView = reader.one(LEDGER, PLAN.uuid()).await.unwrap().unwrap();
    assert_eq!(plan.updates.len(), 2);
    let overview: CompactOverview = reader.one(LEDGER, LEDGER.uuid()).await.unwrap().unwrap();
    assert_eq!(overview.open_actions_within(&Reach::EVERYTHING), 2);
    let report = check(&pool, go_on).await.unwrap();
    assert_eq!(report.findings, []);
    assert_eq!(report.entries, compact().entries.len() as u64);
    // One overview, one commitment, one plan with three actions, three streams that mention things.
    assert_eq!((report.ledgers, report.streams, report.rows), (1, 3, 9));
    assert_eq!(report.behind, []);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_check_lists_every_view_that_was_not_folded_to_its_ledgers_end(pool: PgPool) {
    let ledger = start(&pool);
    let story = compact();
    let (last, before) = story.entries.split_last().expect("entries");
    for entry in before {
        record(&ledger, entry).await;
    }
    let folded = before.len() as u64;
    let behind = async || -> Vec<(ViewName, u64, u64)> {
        let report = check(&pool, go_on).await.expect("the check runs");
        let behind = report.behind.into_iter();
        behind
            .map(|behind| (behind.view, behind.position, behind.head))
            .collect()
    };
    let all_at = |position, head| ViewName::ALL.map(|view| (view, position, head)).to_vec();
    assert_eq!(behind().await, all_at(0, folded), "never folded");
    project(&pool).await;
    assert_eq!(behind().await, []);
    record(&ledger, last).await;
    assert_eq!(behind().await, all_at(folded, folded + 1));
    run(&pool, "delete from view_checkpoint where view = 'mentions'").await;
    assert!(
        behind()
            .await
            .contains(&(ViewName::Mentions, 0, folded + 1))
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_check_tells_how_far_it_has_got_and_can_be_broken_off(pool: PgPool) {
    told(&pool).await;
    let all = compact().entries.len() as u64;
    let mut seen = Vec::new();
    let report = check(&pool, |progress| {
        seen.push((progress.ledger, progress.folded, progress.of));
        ControlFlow::Continue(())
    });
    report.await.expect("the check runs");
    // Once with the entries, then with the rows of each table.
    assert!(seen.len() > 1, "{seen:?}");
    assert!(seen.iter().all(|told| *told == (LEDGER, all, all)));
    for breaks_at in 0..seen.len() {
        let mut times = 0;
        let broken = check(&pool, |_| {
            times += 1;
            if times > breaks_at {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        assert!(matches!(broken.await, Err(CheckError::Interrupted)));
    }
}

/// Runs `work` in a thread of its own and comes back once it first tells how far it is; it goes on when the
/// sender is dropped.
async fn held<T: Send + 'static>(
    work: impl FnOnce(&mut (dyn FnMut() + Send)) -> T + Send + 'static,
) -> (std::sync::mpsc::Sender<()>, tokio::task::JoinHandle<T>) {
    let (go_on, wait) = std::sync::mpsc::channel::<()>();
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let working = tokio::task::spawn_blocking(move || {
        work(&mut move || {
            let _ = tell.send(());
            let _ = wait.recv();
        })
    });
    told.recv().await.expect("it tells how far it is");
    (go_on, working)
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_check_and_a_rebuild_do_not_run_beside_one_another_but_two_checks_do(pool: PgPool) {
    told(&pool).await;
    let runtime = tokio::runtime::Handle::current();
    let (checked, on) = (pool.clone(), runtime.clone());
    let (release, checking) = held(move |pause| {
        on.block_on(check(&checked, |_| {
            pause();
            ControlFlow::Continue(())
        }))
    })
    .await;
    let refused = rebuild(&pool, &Which::All, BUILD, go_on).await;
    assert!(matches!(refused, Err(RebuildError::Busy)), "{refused:?}");
    assert_eq!(findings(&pool).await, [""; 0]);
    drop(release);
    checking.await.expect("it ends").expect("the check runs");

    let (rebuilt, on) = (pool.clone(), runtime);
    let (release, rebuilding) = held(move |pause| {
        let told = |_| {
            pause();
            ControlFlow::Continue(())
        };
        on.block_on(rebuild(&rebuilt, &Which::All, BUILD, told))
    })
    .await;
    let refused = check(&pool, go_on).await;
    assert!(
        matches!(refused, Err(CheckError::Rebuilding)),
        "{refused:?}"
    );
    drop(release);
    rebuilding
        .await
        .expect("it ends")
        .expect("the rebuild runs");
    assert_eq!(findings(&pool).await, [""; 0]);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_check_finds_a_row_of_a_ledger_nothing_else_speaks_of(pool: PgPool) {
    told(&pool).await;
    run(
        &pool,
        "insert into mentions select gen_random_uuid(), stream_id, stream_kind, subjects
         from mentions limit 1",
    )
    .await;
    let found = findings(&pool).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].ends_with("this row should not be there"),
        "{found:?}"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn two_projectors_at_once_fold_every_entry_once(pool: PgPool) {
    let ledger = start(&pool);
    let (one, other) = (projection(&pool), projection(&pool));
    for entry in &compact().entries {
        record(&ledger, entry).await;
        let (a, b) = tokio::join!(one.step(LEDGER), other.step(LEDGER));
        let folded = a.expect("a step").folded + b.expect("a step").folded;
        assert!(folded <= 1, "one of the two finds the checkpoint moved");
    }
    project(&pool).await;
    assert_eq!(findings(&pool).await, [""; 0]);
}

fn each_once(seen: &[String], all: usize) {
    assert_eq!(
        seen.iter().collect::<BTreeSet<_>>().len(),
        seen.len(),
        "{seen:?}"
    );
    assert_eq!(seen.len(), all, "{seen:?}");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_commitment_in_brief_stands_where_the_whole_stands_and_leaves_out_what_was_superseded(
    pool: PgPool,
) {
    let ledger = start(&pool);
    record_all(&ledger, &compact()).await;
    project(&pool).await;
    let reader = &ViewReader::new(sign_in(&pool, ServiceRole::Gateway));
    let read = async |detail| {
        let request = PageRequest::first(10, None);
        let (all, reach) = (CommitmentFilter::default(), Reach::EVERYTHING);
        let page = reader.commitments(LEDGER, &all, &reach, (&request, detail));
        let mut found: Vec<CommitmentView> = page.await.expect("a page").into_nodes();
        assert_eq!(found.len(), 1);
        found.remove(0)
    };
    let (brief, whole) = (read(Detail::Brief).await, read(Detail::Whole).await);
    assert_eq!((brief.brief, whole.brief), (true, false));
    assert_eq!(brief, whole.brief());
    assert_eq!(brief.latest_achievement(), whole.latest_achievement());
    for (short, long) in brief.measures.iter().zip(&whole.measures) {
        assert_eq!(short.progress(), long.progress());
        assert_eq!((short.readings.len(), long.readings.len()), (1, 3));
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn every_list_walked_either_way_shows_each_row_once_in_one_order(pool: PgPool) {
    let ledger = start(&pool);
    let mut story = compact();
    for (number, label) in ["10", "2", "1"].into_iter().enumerate() {
        let stream = StreamId::commitment(CommitmentId::new(id(600 + number as u128)));
        story.add(stream, Event::Commitment(proposed(label).into()));
    }
    record_all(&ledger, &story).await;
    project(&pool).await;
    let reader = &ViewReader::new(sign_in(&pool, ServiceRole::Gateway));
    let (all, every) = (&CommitmentFilter::default(), &ActionFilter::default());
    let everything = &Reach::EVERYTHING;
    let refs = walk(
        async |page| {
            reader
                .commitments(LEDGER, all, everything, (&page, Detail::Brief))
                .await
        },
        |row: &CommitmentView| format!("{} {} {}", row.session, row.label.current, row.id),
    );
    let refs = refs.await;
    each_once(&refs, 4);
    let labels: Vec<&str> = refs.iter().map(|text| &text[..10]).collect();
    assert_eq!(
        labels,
        ["2008-09 1 ", "2008-09 1 ", "2008-09 2 ", "2008-09 10"]
    );
    let actions = async |page| reader.actions(LEDGER, every, everything, &page).await;
    each_once(
        &walk(actions, |row: &views::ActionListRow| row.id.to_string()).await,
        3,
    );
    let plans = async |page| reader.action_plans(LEDGER, None, everything, &page).await;
    each_once(
        &walk(plans, |row: &ActionPlanView| row.id.to_string()).await,
        1,
    );
    let compacts = async |page| reader.compacts(Some(REGION), &page).await;
    each_once(
        &walk(compacts, |ledger: &LedgerId| ledger.uuid().to_string()).await,
        1,
    );
    let ledger = Reader::new(pool.clone());
    let all = ledger.read(LEDGER, 0, 1_000).await.expect("the entries");
    let historian = &Historian::new(ledger, pool.clone());
    for (of, due) in [
        (HistoryOf::Ledger, all.len()),
        (HistoryOf::Stream(StreamId::action_plan(PLAN)), 15),
        (HistoryOf::Mentioned(COLLEGE.uuid()), 2),
        (HistoryOf::Meeting(MeetingId::new(id(7777))), 0),
    ] {
        let lines = async |page| {
            Ok(historian
                .page(LEDGER, &of, everything, &page)
                .await
                .expect("a page of history"))
        };
        let seen = walk(lines, |line: &views::HistoryLine| {
            line.recorded.position.to_string()
        });
        each_once(&seen.await, due);
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_history_narrows_by_when_it_was_recorded_whenever_it_was_true(pool: PgPool) {
    told(&pool).await;
    let historian = Historian::new(Reader::new(pool.clone()), pool.clone());
    let page = PageRequest::first(100, None);
    let told = async |filter: HistoryFilter| {
        let (of, reach) = (HistoryOf::Ledger, Reach::EVERYTHING);
        let found = historian.filtered(LEDGER, (&of, &filter), &reach, &page);
        found.await.expect("a page of history").into_nodes()
    };
    let lines = async |filter: HistoryFilter| -> Vec<u64> {
        let lines = told(filter).await.into_iter();
        lines.map(|line| line.recorded.position).collect()
    };
    let recorded = |from, until| HistoryFilter {
        recorded_from: from,
        recorded_until: until,
        ..HistoryFilter::default()
    };
    let all = lines(HistoryFilter::default()).await;
    let whole = told(HistoryFilter::default()).await;
    let last = whole
        .last()
        .expect("something is told")
        .recorded
        .recorded_at;
    let earlier = lines(recorded(None, Some(last))).await;
    let later = lines(recorded(Some(last), None)).await;
    assert!(
        !earlier.is_empty() && !later.is_empty(),
        "{earlier:?}, {later:?}"
    );
    assert_eq!(
        [earlier, later].concat(),
        all,
        "each once, the moment itself in the later"
    );
    assert_eq!(
        lines(recorded(Some(last), Some(last))).await,
        [] as [u64; 0]
    );
    let long_ago: chrono::NaiveDate = "2012-01-01".parse().expect("a day");
    let true_by_then = HistoryFilter {
        until: Some(long_ago),
        ..HistoryFilter::default()
    };
    assert_eq!(lines(true_by_then).await, all, "all of it was true by then");
    let moment = long_ago.and_time(chrono::NaiveTime::MIN).and_utc();
    assert_eq!(
        lines(recorded(None, Some(moment))).await,
        [] as [u64; 0],
        "and nothing of it was recorded by then"
    );
}

fn proposed(label: &str) -> domain::commitment::CommitmentProposed {
    domain::commitment::CommitmentProposed {
        session: "2008-09".parse().expect("a session"),
        label: label.to_owned(),
        title: "More apprentices".to_owned(),
        comment: None,
        classification: domain::commitment::Classification::default(),
        due_on: None,
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_action_list_narrows_by_owner_state_and_what_was_overdue(pool: PgPool) {
    told(&pool).await;
    let reader = ViewReader::new(sign_in(&pool, ServiceRole::Gateway));
    let page = PageRequest::first(50, None);
    let found = async |filter: ActionFilter| -> Vec<ActionId> {
        let page = reader
            .actions(LEDGER, &filter, &Reach::EVERYTHING, &page)
            .await
            .expect("a page");
        page.into_nodes().into_iter().map(|row| row.id).collect()
    };
    let owned = ActionFilter {
        owner: Some("rutland lsc".to_owned()),
        ..ActionFilter::default()
    };
    assert_eq!(found(owned).await, [action(3)]);
    let done = ActionFilter {
        state: Some(ActionState::Completed),
        ..ActionFilter::default()
    };
    assert_eq!(found(done).await, [action(3)]);
    for (date, due) in [
        ("2007-07-26", vec![]),
        ("2007-07-28", vec![action(2)]),
        ("2007-08-01", vec![action(2), action(1)]),
        ("2007-12-15", vec![action(2), action(1)]),
    ] {
        let overdue = ActionFilter {
            overdue_at: Some(day(date)),
            ..ActionFilter::default()
        };
        assert_eq!(found(overdue).await, due, "{date}");
    }
    let other_group = ActionFilter {
        group: Some(GroupId::new(id(11))),
        ..ActionFilter::default()
    };
    assert_eq!(found(other_group).await, []);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_action_list_narrows_by_the_theme_of_the_commitment_served(pool: PgPool) {
    let ledger = start(&pool);
    let mut story = compact();
    let served: CommitmentView = views::fold(
        story
            .entries
            .iter()
            .filter(|e| e.recorded.stream == StreamId::commitment(PLEDGE)),
    )
    .unwrap();
    story.plan(domain::action_plan::ObjectiveLinked {
        objective_id: objective(1),
        from: None,
        to: Some(served.fact()),
        reason: "it serves the pledge".to_owned().into(),
    });
    record_all(&ledger, &story).await;
    project(&pool).await;
    let filter = ActionFilter {
        theme: Some("skills-pledge".to_owned()),
        ..ActionFilter::default()
    };
    let page = ViewReader::new(sign_in(&pool, ServiceRole::Gateway))
        .actions(
            LEDGER,
            &filter,
            &Reach::EVERYTHING,
            &PageRequest::first(10, None),
        )
        .await
        .unwrap();
    let ids: Vec<ActionId> = page.into_nodes().into_iter().map(|row| row.id).collect();
    assert_eq!(ids, [action(1)]);
}

/// A title PostgreSQL cannot keep in a column: no text of its may hold a NUL.
fn poison() -> ActionPlanEvent {
    ActionPlanRetitled {
        from: "Learning and Development".to_owned(),
        to: "poison\u{0}".to_owned(),
        reason: "to see what becomes of it".to_owned().into(),
    }
    .into()
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn an_entry_that_cannot_be_kept_parks_its_view_and_no_other(pool: PgPool) {
    let ledger = start(&pool);
    let mut story = compact();
    story.plan(poison());
    let poisoned = story.entries.len() as u64;
    story.pledge(domain::commitment::CommitmentWithdrawn {
        reason: "the others go on".to_owned().into(),
    });
    record_all(&ledger, &story).await;
    project(&pool).await;
    let found = checkpoints(&pool, LEDGER).await.unwrap();
    let plans = &found[&ViewName::ActionPlan];
    assert_eq!(
        plans.position,
        poisoned - 1,
        "everything before it is there"
    );
    let parked = plans.parked.clone().expect("it is parked");
    assert_eq!(parked.position, Some(poisoned));
    assert!(parked.reason.contains("Unicode"), "{}", parked.reason);
    for (view, checkpoint) in found
        .iter()
        .filter(|(view, _)| **view != ViewName::ActionPlan)
    {
        assert_eq!(checkpoint.position, poisoned + 1, "{view}");
        assert_eq!(checkpoint.parked, None, "{view}");
    }
    project(&pool).await;
    let again = checkpoints(&pool, LEDGER).await.unwrap();
    assert_eq!(
        again[&ViewName::ActionPlan].position,
        poisoned - 1,
        "it is never skipped"
    );
}

/// Records an entry this build cannot read.
async fn sing(ledger: &Ledger) {
    let unknown = NewEvent::raw("commitment.sung", 1, day("2009-04-01"), None, &"la".into());
    let append = Append {
        ledger: LEDGER,
        command: CommandId::new(id(7_777)),
        digest: RequestDigest::of(b"sing"),
        actor: "principal-1".to_owned(),
        role: "secretariat".to_owned(),
        causation: None,
        streams: vec![StreamAppend {
            stream: StreamId::commitment(CommitmentId::new(id(33))),
            expected_version: 0,
            events: vec![unknown.expect("an event")],
        }],
    };
    ledger.append(append).await.expect("it is recorded");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn an_entry_that_does_not_decode_parks_all_views_before_it(pool: PgPool) {
    let ledger = told(&pool).await;
    let before = compact().entries.len() as u64;
    sing(&ledger).await;
    project(&pool).await;
    for (view, checkpoint) in checkpoints(&pool, LEDGER).await.unwrap() {
        assert_eq!(checkpoint.position, before, "{view}");
        let parked = checkpoint.parked.expect("it is parked");
        assert!(
            parked.reason.contains("commitment.sung"),
            "{}",
            parked.reason
        );
    }
    assert!(
        findings(&pool)
            .await
            .iter()
            .any(|found| found.contains("does not decode"))
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_ledger_whose_history_changed_is_stopped_and_says_so(pool: PgPool) {
    told(&pool).await;
    run(
        &pool,
        "update view_checkpoint set leaf_hash = decode(repeat('ab', 32), 'hex')",
    )
    .await;
    let step = projection(&pool).step(LEDGER).await.unwrap();
    assert_eq!(step.parked.len(), ViewName::ALL.len());
    for checkpoint in checkpoints(&pool, LEDGER).await.unwrap().into_values() {
        let parked = checkpoint.parked.expect("it is parked");
        assert!(
            parked.reason.starts_with("history changed"),
            "{}",
            parked.reason
        );
        assert_eq!(parked.position, None);
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_check_finds_a_doctored_a_missing_and_an_extra_row(pool: PgPool) {
    told(&pool).await;
    assert_eq!(findings(&pool).await, [""; 0]);
    run(
        &pool,
        "update commitment_view set document = jsonb_set(document::jsonb, '{version}', '99')::text",
    )
    .await;
    run(
        &pool,
        "update action_list set owner = 'nobody' where due_on = '2007-11-30'",
    )
    .await;
    run(&pool, "delete from mentions where stream_kind = 'compact'").await;
    run(
        &pool,
        "insert into action_plan_view (ledger_id, action_plan_id, group_id, title, document, visibility)
         select ledger_id, gen_random_uuid(), group_id, title, document, visibility from action_plan_view",
    )
    .await;
    let found = findings(&pool).await.join("\n");
    assert_eq!(found.lines().count(), 4, "{found}");
    for due in [
        "commitment_view 00000000-0000-0000-0000-00000000001e: differs from the fold: document",
        "differs from the fold: owner",
        "this row is missing",
        "this row should not be there",
    ] {
        assert!(found.contains(due), "{found}");
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_check_finds_columns_that_differ_from_the_leaf(pool: PgPool) {
    told(&pool).await;
    run(&pool, "alter table ledger_entry disable trigger user").await;
    for (column, value) in [
        ("occurred_on", "'1999-01-01'"),
        ("meeting_id", "gen_random_uuid()"),
        ("event_type", "'commitment.sung'"),
        ("schema_version", "7"),
        ("stream_kind", "'region'"),
    ] {
        let mut transaction = pool.begin().await.unwrap();
        let statement = format!("update ledger_entry set {column} = {value} where position = 5");
        sqlx::query(sqlx::AssertSqlSafe(statement))
            .execute(&mut *transaction)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        let found = findings(&pool).await.join("\n");
        assert!(
            found.contains(&format!("entry 5: the column {column} differs")),
            "{found}"
        );
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_check_finds_gaps_and_time_that_goes_back(pool: PgPool) {
    told(&pool).await;
    run(&pool, "alter table ledger_entry disable trigger user").await;
    run(&pool, "delete from ledger_entry where position = 4").await;
    run(
        &pool,
        "update ledger_entry set recorded_at = '1999-01-01' where position = 9",
    )
    .await;
    let found = findings(&pool).await.join("\n");
    assert!(
        found.contains("entry 5: position 4 must come next"),
        "{found}"
    );
    assert!(
        found.contains("entry 9: recorded before the entry in front of it"),
        "{found}"
    );
    assert!(found.contains("stream version"), "{found}");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_check_finds_a_leaf_that_is_not_canonical_or_not_the_one_folded(pool: PgPool) {
    told(&pool).await;
    run(&pool, "alter table ledger_entry disable trigger user").await;
    run(
        &pool,
        "update ledger_entry set leaf = leaf || ' '::bytea
         where position = (select max(position) from ledger_entry)",
    )
    .await;
    let found = findings(&pool).await.join("\n");
    assert!(found.contains("the leaf is not canonical"), "{found}");
    assert!(found.contains("checkpoint of commitment"), "{found}");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_rebuild_of_sound_views_finds_no_difference_and_changes_nothing(pool: PgPool) {
    told(&pool).await;
    let before = checkpoints(&pool, LEDGER).await.unwrap();
    let report = rebuild(&pool, &Which::All, BUILD, go_on).await.unwrap();
    assert_eq!(report.differences, []);
    assert_eq!(report.not_compared, []);
    assert_eq!(report.entries, compact().entries.len() as u64);
    assert_eq!(report.rows, 9);
    assert_eq!(checkpoints(&pool, LEDGER).await.unwrap(), before);
    assert_eq!(findings(&pool).await, [""; 0]);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_rebuild_names_what_differed_and_puts_it_right(pool: PgPool) {
    told(&pool).await;
    run(&pool, "update commitment_view set status = 'draft'").await;
    run(&pool, "delete from action_list where due_on = '2007-07-31'").await;
    let report = rebuild(&pool, &Which::All, BUILD, go_on).await.unwrap();
    let differs: Vec<Differs> = report
        .differences
        .iter()
        .map(|found| found.differs)
        .collect();
    assert_eq!(differs, [Differs::Doctored, Differs::Missing]);
    assert_eq!(findings(&pool).await, [""; 0]);
}

/// Everything about a table but its rows.
const LOOKS: &str = "select jsonb_build_object('acl', c.relacl::text, 'owner', c.relowner,
        'rls', c.relrowsecurity, 'forced', c.relforcerowsecurity,
        'comment', obj_description(c.oid),
        'policies', (select jsonb_agg(to_jsonb(p)) from pg_policies p where p.tablename = c.relname),
        'indexes', (select jsonb_agg(indexdef order by indexname) from pg_indexes i
            where i.tablename = c.relname and i.schemaname = 'public'))
    from pg_class c where c.oid = 'public.commitment_view'::regclass";

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_rebuilt_table_has_the_rights_indexes_and_row_security_of_the_old(pool: PgPool) {
    told(&pool).await;
    run(
        &pool,
        "alter table commitment_view enable row level security",
    )
    .await;
    run(
        &pool,
        "alter table commitment_view force row level security",
    )
    .await;
    run(
        &pool,
        "create policy own on commitment_view for select to compacts_gateway
         using (ledger_id::text = current_setting('compacts.ledger', true))",
    )
    .await;
    let before: serde_json::Value = sqlx::query_scalar(LOOKS).fetch_one(&pool).await.unwrap();
    rebuild(&pool, &Which::All, BUILD, go_on).await.unwrap();
    let after: serde_json::Value = sqlx::query_scalar(LOOKS).fetch_one(&pool).await.unwrap();
    assert_eq!(after, before);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_rebuild_of_one_view_leaves_the_others_alone_and_unparks_it(pool: PgPool) {
    told(&pool).await;
    run(
        &pool,
        "update view_checkpoint set parked_at = now(), parked_reason = 'a fold that is mended now'
         where view = 'commitment'",
    )
    .await;
    let views = Which::Views([ViewName::Commitment].into());
    let report = rebuild(&pool, &views, BUILD, go_on).await.unwrap();
    assert_eq!(report.rows, 1);
    let found = checkpoints(&pool, LEDGER).await.unwrap();
    assert_eq!(found[&ViewName::Commitment].parked, None);
    assert_eq!(findings(&pool).await, [""; 0]);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_rebuild_broken_off_leaves_the_views_as_they_were_and_the_next_one_works(pool: PgPool) {
    told(&pool).await;
    let broken = rebuild(&pool, &Which::All, BUILD, |_| ControlFlow::Break(())).await;
    assert!(matches!(broken, Err(RebuildError::Interrupted)));
    assert_eq!(findings(&pool).await, [""; 0]);
    let report = rebuild(&pool, &Which::All, BUILD, go_on).await.unwrap();
    assert_eq!(report.differences, []);
    assert_eq!(findings(&pool).await, [""; 0]);
}

/// Another ledger, that comes after [`LEDGER`], recorded and projected.
async fn another_ledger(pool: &PgPool, ledger: &Ledger) -> LedgerId {
    let other = LedgerId::new(Uuid::max());
    let mut story = Story::of(other);
    story.pledge(proposed("7"));
    record_all(ledger, &story).await;
    let step = projection(pool).step(other).await.expect("a step");
    assert_eq!(step.folded, 1);
    other
}

/// Breaks a rebuild off when it comes to `other`.
async fn break_off_at(pool: &PgPool, other: LedgerId, build: &str) {
    let broken = rebuild(pool, &Which::All, build, |progress| {
        if progress.ledger == other {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert!(matches!(broken.await, Err(RebuildError::Interrupted)));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_rebuild_broken_off_is_taken_up_where_it_was(pool: PgPool) {
    let ledger = told(&pool).await;
    let other = another_ledger(&pool, &ledger).await;
    break_off_at(&pool, other, BUILD).await;
    // What comes in meanwhile is in neither attempt's reading of the first ledger.
    let mut story = compact();
    let known = story.entries.len();
    story.pledge(domain::commitment::CommitmentWithdrawn {
        reason: "meanwhile".to_owned().into(),
    });
    record(&ledger, &story.entries[known]).await;
    project(&pool).await;

    let mut seen = Vec::new();
    let report = rebuild(&pool, &Which::All, BUILD, |progress| {
        seen.push((progress.ledger, progress.folded, progress.of));
        ControlFlow::Continue(())
    })
    .await
    .unwrap();
    let all = known as u64;
    assert_eq!(seen.first(), Some(&(other, all + 1, all + 2)));
    assert_eq!(seen.last(), Some(&(other, all + 2, all + 2)));
    assert_eq!((report.ledgers, report.taken_up), (2, 1));
    assert_eq!(
        report.entries, 2,
        "the other ledger's and what came meanwhile"
    );
    assert_eq!(report.differences, []);
    assert_eq!(report.not_compared, []);
    assert_eq!(findings(&pool).await, [""; 0]);

    let report = rebuild(&pool, &Which::All, BUILD, go_on).await.unwrap();
    assert_eq!(
        report.taken_up, 0,
        "what was swapped in is taken up no more"
    );
    assert_eq!(findings(&pool).await, [""; 0]);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_rebuild_can_be_broken_off_whenever_it_tells_how_far_it_is(pool: PgPool) {
    let ledger = told(&pool).await;
    let other = another_ledger(&pool, &ledger).await;
    let mut story = compact();
    let mut broken = 0;
    loop {
        // Each time there is something to catch up with, folded after the first ledger lay beside.
        let build = format!("build {broken}");
        break_off_at(&pool, other, &build).await;
        let known = story.entries.len();
        let stream = StreamId::commitment(CommitmentId::new(id(20_000 + known as u128)));
        story.add(stream, Event::Commitment(proposed("7").into()));
        record(&ledger, &story.entries[known]).await;
        project(&pool).await;
        let mut times = 0;
        let done = rebuild(&pool, &Which::All, &build, |_| {
            times += 1;
            if times > broken {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        let done = done.await;
        assert_eq!(findings(&pool).await, [""; 0]);
        match done {
            Ok(report) => {
                assert_eq!((report.taken_up, report.differences.len()), (1, 0));
                break;
            }
            Err(error) => assert!(matches!(error, RebuildError::Interrupted), "{error}"),
        }
        broken += 1;
    }
    // Folding, coming close, catching up while everything is held, comparing: more than one page each.
    assert!(broken > 6, "it could be broken off {broken} times only");
}

/// What a rebuild did that left [`LEDGER`] as it was, and had the doctored rows of both ledgers to mend.
async fn leaves_one_and_mends_the_other(pool: &PgPool, other: LedgerId, why: &str) {
    run(pool, "update commitment_view set status = 'doctored'").await;
    let before = checkpoints(pool, LEDGER).await.expect("checkpoints");
    let report = rebuild(pool, &Which::All, BUILD, go_on).await;
    let report = report.expect("the others are rebuilt");
    assert_eq!(report.left.len(), 1);
    assert_eq!(report.left[0].ledger, LEDGER);
    assert!(report.left[0].why.contains(why), "{}", report.left[0]);
    let mended: Vec<LedgerId> = report.differences.iter().map(|row| row.ledger).collect();
    assert_eq!(mended, [other]);
    assert_eq!(checkpoints(pool, LEDGER).await.expect("them"), before);
    let statuses: Vec<(Uuid, String)> =
        sqlx::query_as("select ledger_id, status from commitment_view order by 1")
            .fetch_all(pool)
            .await
            .expect("rows");
    let due = [
        (LEDGER.uuid(), "doctored".to_owned()),
        (other.uuid(), "draft".to_owned()),
    ];
    assert_eq!(statuses, due, "as it was, and as it must be");
    let report = check(pool, go_on).await.expect("the check runs");
    assert!(report.findings.iter().all(|found| found.ledger == LEDGER));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_ledger_with_an_entry_that_does_not_decode_is_left_and_the_others_are_rebuilt(
    pool: PgPool,
) {
    let ledger = told(&pool).await;
    let other = another_ledger(&pool, &ledger).await;
    sing(&ledger).await;
    project(&pool).await;
    leaves_one_and_mends_the_other(&pool, other, "commitment.sung").await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_ledger_with_rows_that_cannot_be_kept_is_left_and_the_others_are_rebuilt(pool: PgPool) {
    let ledger = told(&pool).await;
    let other = another_ledger(&pool, &ledger).await;
    let mut story = compact();
    story.plan(poison());
    record(&ledger, story.entries.last().expect("the poison")).await;
    project(&pool).await;
    leaves_one_and_mends_the_other(&pool, other, "Unicode").await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_ledger_that_breaks_when_a_rebuild_catches_up_is_left_with_all_its_rows(pool: PgPool) {
    let ledger = told(&pool).await;
    let other = another_ledger(&pool, &ledger).await;
    // Its rows lie beside by now, up to before what spoils it.
    break_off_at(&pool, other, BUILD).await;
    sing(&ledger).await;
    project(&pool).await;
    leaves_one_and_mends_the_other(&pool, other, "commitment.sung").await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_rebuild_takes_up_only_what_the_same_build_made_of_the_same_ledger(pool: PgPool) {
    let ledger = told(&pool).await;
    let other = another_ledger(&pool, &ledger).await;
    break_off_at(&pool, other, "an earlier build").await;
    let report = rebuild(&pool, &Which::All, BUILD, go_on).await.unwrap();
    assert_eq!((report.taken_up, report.differences.len()), (0, 0));

    break_off_at(&pool, other, BUILD).await;
    let views = Which::Views([ViewName::Commitment].into());
    let report = rebuild(&pool, &views, BUILD, go_on).await.unwrap();
    assert_eq!((report.taken_up, report.differences.len()), (0, 0));

    break_off_at(&pool, other, BUILD).await;
    run(
        &pool,
        "update view_rebuild.folded set leaf_hash = sha256('another history')",
    )
    .await;
    let report = rebuild(&pool, &Which::All, BUILD, go_on).await.unwrap();
    assert_eq!((report.taken_up, report.differences.len()), (0, 0));
    assert_eq!(findings(&pool).await, [""; 0]);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_rebuild_while_entries_arrive_loses_none_of_them(pool: PgPool) {
    let ledger = told(&pool).await;
    let mut story = compact();
    let known = story.entries.len();
    for number in 0..60_u128 {
        let stream = StreamId::commitment(CommitmentId::new(id(10_000 + number)));
        story.add(stream, Event::Commitment(proposed("7").into()));
    }
    let arriving = async {
        let projection = projection(&pool);
        for entry in &story.entries[known..] {
            record(&ledger, entry).await;
            projection.step(LEDGER).await.expect("a step");
        }
    };
    let rebuilding = async {
        for _ in 0..3 {
            let report = rebuild(&pool, &Which::All, BUILD, go_on)
                .await
                .expect("a rebuild");
            assert_eq!(report.differences, []);
        }
    };
    tokio::join!(arriving, rebuilding);
    project(&pool).await;
    let projected = views::projected(&pool, LEDGER).await.unwrap();
    assert_eq!(projected, story.entries.len() as u64);
    assert_eq!(findings(&pool).await, [""; 0]);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn waiting_for_a_position_ends_when_it_is_reached_or_the_deadline_passes(pool: PgPool) {
    told(&pool).await;
    let projected = Projected::new(pool.clone());
    let end = compact().entries.len() as u64;
    // This process has no projector: the checkpoints tell.
    let soon = Instant::now() + Duration::from_secs(10);
    assert_eq!(projected.wait(LEDGER, end, soon).await.unwrap(), end);
    let now = Instant::now() + Duration::from_millis(1);
    let late = projected.wait(LEDGER, end + 1, now).await;
    assert!(matches!(late, Err(WaitError::Late { wanted, reached })
        if wanted == end + 1 && reached == end));
    projected.tell(LEDGER, end + 1);
    assert_eq!(
        projected.wait(LEDGER, end + 1, soon).await.unwrap(),
        end + 1
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn nobody_waits_for_views_that_are_parked_and_is_told_which_they_are(pool: PgPool) {
    told(&pool).await;
    let end = compact().entries.len() as u64;
    let park = "update view_checkpoint set position = 2, parked_at = now(), parked_reason = 'x'
        where view = 'mentions'";
    run(&pool, park).await;
    let projected = Projected::new(pool.clone());
    let late = Instant::now() + Duration::from_mins(10);
    let told = tokio::time::timeout(Duration::from_secs(20), projected.wait(LEDGER, end, late));
    let told = told.await.expect("word at once");
    assert!(
        matches!(&told, Err(WaitError::Parked { wanted, reached: 2, parked })
            if *wanted == end && *parked == [ViewName::Mentions]),
        "{told:?}"
    );
    assert_eq!(projected.wait(LEDGER, 2, late).await.unwrap(), 2);
    // While others still move, they are waited for.
    let now = Instant::now() + Duration::from_millis(1);
    let told = projected.wait(LEDGER, end + 1, now).await;
    assert!(matches!(told, Err(WaitError::Late { .. })), "{told:?}");
    run(
        &pool,
        "update view_checkpoint set parked_at = now(), parked_reason = 'x'",
    )
    .await;
    let told = projected.wait(LEDGER, end + 1, late).await;
    assert!(
        matches!(&told, Err(WaitError::Parked { parked, .. }) if parked.len() == ViewName::ALL.len()),
        "{told:?}"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn waiting_for_ledgers_that_do_not_exist_leaves_no_trace(pool: PgPool) {
    told(&pool).await;
    let projected = Projected::new(pool.clone());
    for made_up in 1000..1020 {
        let now = Instant::now() + Duration::from_millis(1);
        let made_up = LedgerId::new(id(made_up));
        let late = projected.wait(made_up, 1, now).await;
        assert!(matches!(late, Err(WaitError::Late { reached: 0, .. })));
    }
    assert_eq!(projected.remembered(), 0);
    let soon = Instant::now() + Duration::from_secs(10);
    projected.wait(LEDGER, 1, soon).await.expect("it is there");
    assert_eq!(projected.remembered(), 1);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn ledgers_are_shared_out_evenly_and_taken_over_when_a_lease_runs_out(pool: PgPool) {
    run(
        &pool,
        "insert into ledger_head select gen_random_uuid(), 1, now() from generate_series(1, 6)",
    )
    .await;
    let term = Duration::from_mins(1);
    let one = Leases::new(pool.clone(), id(1), term);
    let two = Leases::new(pool.clone(), id(2), term);
    assert_eq!(one.renew().await.unwrap().len(), 6);
    assert_eq!(two.renew().await.unwrap().len(), 0);
    for _ in 0..6 {
        one.renew().await.unwrap();
        two.renew().await.unwrap();
    }
    let held = (one.renew().await.unwrap(), two.renew().await.unwrap());
    assert_eq!((held.0.len(), held.1.len()), (3, 3));
    assert!(held.0.iter().all(|ledger| !held.1.contains(ledger)));
    run(
        &pool,
        "update projector_lease set expires_at = now() - interval '1 second'
        where holder = '00000000-0000-0000-0000-000000000001'",
    )
    .await;
    assert_eq!(
        two.renew().await.unwrap().len(),
        6,
        "what ran out was taken over"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_check_names_a_checkpoint_beyond_the_end(pool: PgPool) {
    told(&pool).await;
    run(
        &pool,
        "update view_checkpoint set position = 1000 where view = 'mentions'",
    )
    .await;
    let report = check(&pool, go_on).await.unwrap();
    assert!(report.findings.iter().any(|found| {
        found.place == Place::Checkpoint(ViewName::Mentions) && found.what.contains("1000")
    }));
}
