//! What is released, what is taken back, and that nothing of what is kept can be told from what is shown.

mod story;

use std::collections::BTreeMap;

use domain::action_plan::{ActionCompleted, ActionPlanSet, ActionSet, ObjectiveAdded};
use domain::commitment::*;
use domain::facts::{CompactFact, GroupFact};
use domain::figure::MeasureKind;
use domain::ids::*;
use domain::stream::{StreamId, StreamKind};
use domain::visibility::{Reach, Visibility, VisibilityChanged};
use domain::{ActionPlanEvent, CommitmentEvent, Event};
use ledger::{Entry, Position, Reader, ServiceRole};
use proptest::prelude::*;
use proptest::sample::select;
use sqlx::PgPool;
use story::recorded::*;
use story::*;
use testkit::service::sign_in;
use views::commitment::{Detail, Freshness};
use views::regional_progress::CompactCommitments;
use views::undertakings::{self, Undertaking};
use views::{
    ActionFilter, ActionPlanView, CommitmentFilter, CommitmentView, CompactOverview, Historian,
    HistoryOf, ProgressFilter, RegionRegister, RegionalProgress, ViewReader, check, fold,
    fold_rows, regional_progress,
};

/// The compact's other group.
const RR: GroupId = GroupId::new(id(11));

fn group(number: u128) -> GroupFact {
    let (id, code) = if number == 0 { (LD, "LD") } else { (RR, "RR") };
    GroupFact {
        id,
        code: code.to_owned(),
        name: format!("Theme group {code}"),
    }
}

/// Something that happens to one of a few commitments or plans.
#[derive(Clone, Debug)]
enum Step {
    Release(Visibility),
    ReleasePlan(Visibility),
    Move(u128),
    Read(i64),
    Agree,
    Open,
    Complete(usize),
}

fn a_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => select(Visibility::ALL.to_vec()).prop_map(Step::Release),
        3 => select(Visibility::ALL.to_vec()).prop_map(Step::ReleasePlan),
        1 => (0..2_u128).prop_map(Step::Move),
        2 => (1..90_i64).prop_map(Step::Read),
        1 => Just(Step::Agree),
        2 => Just(Step::Open),
        1 => (0..4_usize).prop_map(Step::Complete),
    ]
}

/// How many commitments there are, and how many plans.
const EACH: u128 = 4;

/// A compact being lived in: what stands where, so that each event says truly what was before.
struct Life {
    story: Story,
    visibility: BTreeMap<StreamId, Visibility>,
    actions: BTreeMap<u128, Vec<ActionId>>,
}

impl Life {
    fn begun() -> Self {
        let mut story = Story::of(LEDGER);
        tell_compact(&mut story);
        let mut life = Self {
            story,
            visibility: BTreeMap::new(),
            actions: BTreeMap::new(),
        };
        for number in 0..EACH {
            life.begin_commitment(number);
            life.begin_plan(number);
        }
        life
    }

    fn commitment(number: u128) -> StreamId {
        StreamId::commitment(CommitmentId::new(id(1_000 + number)))
    }

    fn plan(number: u128) -> StreamId {
        StreamId::action_plan(ActionPlanId::new(id(2_000 + number)))
    }

    fn measure(number: u128) -> MeasureId {
        MeasureId::new(id(1_100 + number))
    }

    fn begin_commitment(&mut self, number: u128) {
        let stream = Self::commitment(number);
        let proposed = CommitmentProposed {
            session: "2008-09".parse().expect("a session"),
            label: number.to_string(),
            title: format!("Priority {number}"),
            comment: None,
            classification: classification(number % 2),
            due_on: None,
        };
        let added = MeasureAdded {
            measure_id: Self::measure(number),
            indicator: pledges(),
            kind: MeasureKind::Additional,
            baseline: None,
            target: Some(figure(10)),
            due_on: None,
        };
        let events: [CommitmentEvent; 2] = [proposed.into(), added.into()];
        for event in events {
            self.story.add(stream, Event::Commitment(event));
        }
    }

    fn begin_plan(&mut self, number: u128) {
        let stream = Self::plan(number);
        let set = ActionPlanSet {
            group: group(number % 2),
            title: format!("Plan {number}"),
        };
        let added = ObjectiveAdded {
            objective_id: objective(number),
            label: "1".to_owned(),
            title: "Seminars".to_owned(),
            indicator: None,
            commitment: None,
        };
        let events: [ActionPlanEvent; 2] = [set.into(), added.into()];
        for event in events {
            self.story.add(stream, Event::ActionPlan(event));
        }
    }

    /// Does one step to a commitment or a plan: one entry, whatever it is.
    fn step(&mut self, number: u128, step: &Step) {
        match step {
            Step::Release(to) => self.release(Self::commitment(number), *to),
            Step::ReleasePlan(to) => self.release(Self::plan(number), *to),
            Step::Open => self.open(number),
            Step::Complete(which) => self.complete(number, *which),
            Step::Move(to) => {
                let event = CommitmentReclassified {
                    from: classification(0),
                    to: classification(*to),
                    reason: "it moved".to_owned().into(),
                };
                self.promise(number, event);
            }
            Step::Read(value) => {
                let at = self.story.entries.len() as u128;
                let day = format!("2009-03-{:02}", 1 + at % 28);
                let college = &[(COLLEGE, "New College Stamford")];
                let event = ReadingRecorded {
                    reading_id: ReadingId::new(id(5_000 + at)),
                    measure_id: Self::measure(number),
                    terms: counted(&day, *value, college),
                };
                self.promise(number, event);
            }
            Step::Agree => self.promise(number, CommitmentAgreed {}),
        }
    }

    fn promise(&mut self, number: u128, event: impl Into<CommitmentEvent>) {
        let stream = Self::commitment(number);
        self.story.add(stream, Event::Commitment(event.into()));
    }

    fn open(&mut self, number: u128) {
        let action_id = action(10_000 + self.story.entries.len() as u128);
        self.actions.entry(number).or_default().push(action_id);
        let set = ActionSet {
            action_id,
            objective_id: objective(number),
            text: "Stage a seminar".to_owned().into(),
            owner: None,
            timescale: None,
            update_id: None,
        };
        let stream = Self::plan(number);
        self.story.add(stream, Event::ActionPlan(set.into()));
    }

    /// Completes one of a plan's actions; where there is none, opens one.
    fn complete(&mut self, number: u128, which: usize) {
        let own = self.actions.get(&number).filter(|own| !own.is_empty());
        let Some(own) = own else {
            return self.open(number);
        };
        let done = ActionCompleted {
            action_id: own[which % own.len()],
            note: None,
            update_id: None,
        };
        let stream = Self::plan(number);
        self.story.add(stream, Event::ActionPlan(done.into()));
    }

    /// Releases a commitment or a plan, or takes it back.
    fn release(&mut self, stream: StreamId, to: Visibility) {
        let from = self.visibility.insert(stream, to).unwrap_or_default();
        let reason = Some("the steering group said so".to_owned());
        let change = VisibilityChanged {
            from,
            to,
            reason: reason.map(Into::into),
        };
        let event = match stream.kind {
            StreamKind::Commitment => Event::Commitment(change.into()),
            _ => Event::ActionPlan(change.into()),
        };
        self.story.add(stream, event);
    }
}

fn classification(of: u128) -> Classification {
    Classification {
        aims: Vec::new(),
        themes: vec!["skills-pledge".to_owned()],
        groups: vec![group(of)],
    }
}

fn commitments(entries: &[Entry]) -> Vec<CommitmentView> {
    fold_rows(entries).into_values().collect()
}

fn plans(entries: &[Entry]) -> Vec<ActionPlanView> {
    fold_rows(entries).into_values().collect()
}

/// Everyone there is, by how far down they read.
fn reaches() -> Vec<Reach> {
    let lead = Reach {
        drafts_of: [RR].into(),
        ..Reach::from_up(Visibility::Compact)
    };
    let stranger = Reach {
        drafts_of: [LD].into(),
        ..Reach::from_up(Visibility::Public)
    };
    let plain = Visibility::ALL.map(Reach::from_up);
    plain.into_iter().chain([lead, stranger]).collect()
}

/// What someone sees of all there is: each thing whole, or not at all.
fn seen(entries: &[Entry], reach: &Reach) -> (Vec<CommitmentView>, Vec<ActionPlanView>) {
    let (mut commitments, mut plans) = (commitments(entries), plans(entries));
    commitments.retain(|view| reach.covers(view.visibility.current, view.groups()));
    plans.retain(|view| reach.covers(view.visibility.current, [&view.group.id]));
    (commitments, plans)
}

/// The last entry that changed what `look` sees, by looking after every one.
fn last_change<T: PartialEq>(entries: &[Entry], look: impl Fn(&[Entry]) -> T) -> Option<Position> {
    let mut before = look(&[]);
    let mut last = None;
    for upto in 1..=entries.len() {
        let now = look(&entries[..upto]);
        if now != before {
            last = Some(upto as Position);
            before = now;
        }
    }
    last
}

fn progress_of(commitments: Vec<CommitmentView>) -> RegionalProgress {
    let compact = [of_compact(commitments)];
    regional_progress(&register(), &compact, &ProgressFilter::default())
}

fn of_compact(commitments: Vec<CommitmentView>) -> CompactCommitments {
    let made_from = commitments
        .iter()
        .filter_map(|view| view.last_outside)
        .max();
    CompactCommitments {
        compact: CompactFact {
            id: COMPACT,
            slug: "lincolnshire-rutland".to_owned(),
            name: "Lincolnshire and Rutland Public Sector Compact".to_owned(),
        },
        made_from,
        commitments,
    }
}

/// What the regional paper's section 4 and the funder's overview are made of.
type ToldAcross = (
    Vec<Undertaking>,
    Vec<(Option<String>, Vec<usize>)>,
    Vec<(Vec<Freshness>, Vec<Outcome>, Option<chrono::NaiveDate>)>,
);

/// Who undertakes what, and how old, well founded and assessed it is.
fn told_across(commitments: Vec<CommitmentView>) -> ToldAcross {
    let released = undertakings::released(&[of_compact(commitments)]);
    let views = || released.iter().map(|it| &it.commitment);
    let under = undertakings::under_each_theme(&register(), views());
    let judged = views().map(|view| {
        let on = day("2009-03-31");
        let fresh = view.measures.iter().map(|it| it.freshness(on)).collect();
        (
            fresh,
            views::assessment::unassessed(view, &[]),
            view.last_report(),
        )
    });
    let judged = judged.collect();
    (released, under, judged)
}

fn established() -> domain::region::RegionEstablished {
    domain::region::RegionEstablished {
        slug: "east-midlands".to_owned(),
        name: "East Midlands".to_owned(),
        funder: "Learning and Skills Council, East Midlands".to_owned(),
        note: None,
        secretariat_cost_gbp_per_year: None,
    }
}

fn register() -> RegionRegister {
    let mut story = Story::of(REGION.ledger());
    let established = established();
    let established = domain::RegionEvent::Established(established);
    story.add(StreamId::region(REGION), Event::Region(established));
    fold(&story.entries).expect("the register")
}

fn a_life() -> impl Strategy<Value = Vec<(u128, Step)>> {
    proptest::collection::vec((0..EACH, a_step()), 1..30)
}

fn live(steps: &[(u128, Step)]) -> Life {
    let mut life = Life::begun();
    for (number, step) in steps {
        life.step(*number, step);
    }
    life
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn what_is_counted_for_someone_is_what_they_can_count_themselves(steps in a_life()) {
        let entries = live(&steps).story.entries;
        let overview: CompactOverview = fold(&entries).expect("the overview");
        for reach in reaches() {
            let (commitments, plans) = seen(&entries, &reach);
            let mut by_status: BTreeMap<Status, usize> = BTreeMap::new();
            for view in &commitments {
                *by_status.entry(view.status.current).or_default() += 1;
            }
            let sessions = overview.sessions_within(&reach);
            let counted = sessions.first().map(|count| count.by_status.clone());
            prop_assert_eq!(counted.unwrap_or_default(), by_status);
            let open = plans.iter().flat_map(ActionPlanView::actions);
            let open = open.filter(|(_, action)| action.state == views::action_plan::ActionState::Open);
            prop_assert_eq!(overview.open_actions_within(&reach), open.count());
        }
    }

    #[test]
    fn the_last_change_someone_sees_is_the_last_that_changed_what_they_see(steps in a_life()) {
        let entries = live(&steps).story.entries;
        let overview: CompactOverview = fold(&entries).expect("the overview");
        for reach in reaches() {
            // The compact's own three entries come first, and everyone sees them.
            let last = last_change(&entries, |entries| seen(entries, &reach));
            let last = last.unwrap_or_default().max(3);
            prop_assert_eq!(overview.last_within(&reach).position, last, "{:?}", reach);
        }
        let region = Reach::from_up(Visibility::Region);
        let last = last_change(&entries, |entries| seen(entries, &region).0);
        let outside = commitments(&entries).iter().filter_map(|view| view.last_outside).max();
        prop_assert_eq!(outside, last);
    }

    #[test]
    fn two_worlds_that_differ_in_what_is_kept_look_the_same_from_outside(
        steps in proptest::collection::vec((0..EACH, a_step(), a_step()), 1..40),
    ) {
        // The first two of each are shown and taken back at will; what becomes of the others, which are never let out
        // further than the compact, is one thing here and another there.
        let world = |here: bool| {
            let mut life = Life::begun();
            for (number, one, other) in &steps {
                let kept = *number >= EACH / 2;
                let step = if kept && !here { other } else { one };
                let inside = |to: &Visibility| (*to).min(Visibility::Compact);
                let step = match step {
                    Step::Release(to) if kept => &Step::Release(inside(to)),
                    Step::ReleasePlan(to) if kept => &Step::ReleasePlan(inside(to)),
                    other => other,
                };
                life.step(*number, step);
            }
            life.story.entries
        };
        let (here, there) = (world(true), world(false));
        let region = Reach::from_up(Visibility::Region);
        prop_assert_eq!(
            progress_of(commitments(&here)),
            progress_of(commitments(&there))
        );
        prop_assert_eq!(told_across(commitments(&here)), told_across(commitments(&there)));
        prop_assert_eq!(seen(&here, &region), seen(&there, &region));
        let overview = |entries: &[Entry]| fold::<CompactOverview>(entries).expect("the overview");
        let (here, there) = (overview(&here), overview(&there));
        prop_assert_eq!(here.sessions_within(&region), there.sessions_within(&region));
        prop_assert_eq!(here.open_actions_within(&region), there.open_actions_within(&region));
        prop_assert_eq!(here.meetings_within(&region), there.meetings_within(&region));
        prop_assert_eq!(here.last_within(&region), there.last_within(&region));
    }
}

#[test]
fn undertakings_with_the_same_commitments_all_released_would_tell_the_two_worlds_apart() {
    let told = |kept: i64, released: u128| {
        let mut life = Life::begun();
        for number in 0..2 {
            life.step(number, &Step::Agree);
            life.step(number, &Step::Read(if number == 0 { 5 } else { kept }));
        }
        for number in 0..released {
            life.step(number, &Step::Release(Visibility::Region));
        }
        told_across(commitments(&life.story.entries))
    };
    assert_eq!(told(7, 1), told(8, 1));
    assert_ne!(told(7, 2), told(8, 2));
    let (released, under, judged) = told(7, 1);
    assert_eq!((released.len(), under.len()), (1, 1));
    assert_eq!(
        under[0],
        (None, vec![0]),
        "a theme the register does not have is none"
    );
    assert_eq!(judged[0].1.len(), 1, "a reading that nobody assessed");
}

#[test]
fn a_total_with_the_same_commitments_all_released_would_tell_the_two_worlds_apart() {
    let value = |kept: i64| {
        let mut life = Life::begun();
        for number in 0..2 {
            life.step(number, &Step::Agree);
            life.step(number, &Step::Read(if number == 0 { 5 } else { kept }));
            life.step(number, &Step::Release(Visibility::Region));
        }
        progress_of(commitments(&life.story.entries))
    };
    assert_ne!(value(60), value(61));
}

#[test]
fn a_meeting_from_which_only_something_kept_was_recorded_is_no_meeting_to_others() {
    let mut story = compact();
    let overview = |story: &Story| fold::<CompactOverview>(&story.entries).expect("the overview");
    let compacts = Reach::from_up(Visibility::Compact);
    assert_eq!(overview(&story).meetings_within(&compacts), []);
    assert_eq!(overview(&story).meeting_within(MEETING, &compacts), None);
    let change = VisibilityChanged {
        from: Visibility::Draft,
        to: Visibility::Compact,
        reason: None,
    };
    story.on("2007-12-01").plan(change);
    let met = overview(&story).meetings_within(&compacts);
    assert_eq!(met.len(), 1);
    assert_eq!((met[0].meeting.id, met[0].entries), (MEETING, 5));
}

#[test]
fn what_was_saved_before_anything_could_be_released_is_read_as_the_draft_it_is() {
    let story = compact();
    let fields = |saved: serde_json::Value| saved.as_object().expect("an object").clone();
    for view in commitments(&story.entries) {
        let saved = fields(serde_json::to_value(&view).expect("it can be saved"));
        assert!(!saved.contains_key("visibility") && !saved.contains_key("last_outside"));
        let read: CommitmentView = serde_json::from_value(saved.into()).expect("it can be read");
        assert_eq!(read.visibility.current, Visibility::Draft);
        assert_eq!(read, view);
    }
    for view in plans(&story.entries) {
        let saved = fields(serde_json::to_value(&view).expect("it can be saved"));
        assert!(!saved.contains_key("visibility"));
        let read: ActionPlanView = serde_json::from_value(saved.into()).expect("it can be read");
        assert_eq!(read, view);
    }
}

#[test]
fn a_release_and_a_taking_back_are_said_in_plain_words() {
    use Visibility::{Compact, Draft, Public, Region};
    let mut story = compact();
    let mut told = Vec::new();
    for (from, to, reason) in [
        (Draft, Compact, None),
        (Compact, Public, Some("it is in the charter")),
        (Public, Region, Some("a name is in it")),
        (Region, Draft, Some("it is being written anew")),
    ] {
        let reason = reason.map(str::to_owned);
        story.pledge(VisibilityChanged {
            from,
            to,
            reason: reason.map(Into::into),
        });
        let pledge: Vec<&Entry> = story.entries.iter().collect();
        let stream = StreamId::commitment(PLEDGE);
        let own = pledge
            .iter()
            .filter(|entry| entry.recorded.stream == stream);
        let view: CommitmentView = fold(own.copied()).expect("the commitment");
        let last = story.entries.last().expect("the release");
        told.push(views::say(last, views::Names::Commitment(&view)).text);
    }
    assert_eq!(
        told,
        [
            "Commitment 1 of 2008-09 was released to the compact.",
            "Commitment 1 of 2008-09 was released to the public: it is in the charter.",
            "Commitment 1 of 2008-09 was taken back from the public; the region can still read it: a name is in it.",
            "Commitment 1 of 2008-09 was taken back from the region: it is being written anew.",
        ]
    );
}

/// A life with something of every visibility and group in it.
fn varied() -> Life {
    let mut life = Life::begun();
    for number in 0..EACH {
        life.step(number, &Step::Open);
        life.step(number, &Step::Open);
        life.step(number, &Step::Agree);
        life.step(number, &Step::Read(7));
        let to = Visibility::ALL[usize::try_from(number).expect("a place")];
        if to > Visibility::Draft {
            life.release(Life::commitment(number), to);
            life.release(Life::plan(EACH - 1 - number), to);
        }
    }
    life
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn lists_have_what_is_within_reach_on_their_pages_and_nothing_else(pool: PgPool) {
    let ledger = start(&pool);
    let story = varied().story;
    record_all(&ledger, &story).await;
    project(&pool).await;
    let reader = &ViewReader::new(sign_in(&pool, ServiceRole::Gateway));
    let (all, every) = (&CommitmentFilter::default(), &ActionFilter::default());
    for reach in &reaches() {
        let (mut commitments, mut plans) = seen(&story.entries, reach);
        commitments.sort_by_key(|view| (view.label.current.clone(), view.id));
        plans.sort_by_key(|view| (view.title.current.clone(), view.id));
        let pages = async |page| {
            reader
                .commitments(LEDGER, all, reach, (&page, Detail::Brief))
                .await
        };
        let ids = walk(pages, |row: &CommitmentView| row.id.to_string()).await;
        let due = commitments.iter().map(|view| view.id.to_string());
        assert_eq!(ids, due.collect::<Vec<_>>());
        let pages = async |page| reader.action_plans(LEDGER, None, reach, &page).await;
        let ids = walk(pages, |row: &ActionPlanView| row.id.to_string()).await;
        for group in [LD, RR] {
            let own = plans.iter().filter(|plan| plan.group.id == group);
            let own: Vec<String> = own.map(|plan| plan.id.to_string()).collect();
            let pages = async |page| {
                let asked = &[group];
                let pages = reader.action_plans_of(LEDGER, asked, reach, &page);
                let none = views::Page::of(&page, std::iter::empty::<((), _)>());
                Ok(pages.await?.remove(&group).unwrap_or(none))
            };
            let ids = walk(pages, |row: &ActionPlanView| row.id.to_string()).await;
            assert_eq!(ids, own);
        }
        let pages = async |page| reader.actions(LEDGER, every, reach, &page).await;
        let mut actions = walk(pages, |row: &views::ActionListRow| row.id.to_string()).await;
        let mut due: Vec<String> = plans
            .iter()
            .flat_map(ActionPlanView::actions)
            .map(|(_, action)| action.id.to_string())
            .collect();
        actions.sort();
        due.sort();
        assert_eq!(actions, due);
        let due = plans.iter().map(|view| view.id.to_string());
        assert_eq!(ids, due.collect::<Vec<_>>());
    }
    let report = check(&pool, |_| std::ops::ControlFlow::Continue(())).await;
    assert_eq!(report.expect("the check runs").findings, []);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_commitment_out_of_reach_narrows_the_action_list_to_nothing(pool: PgPool) {
    let ledger = start(&pool);
    let mut story = compact();
    let pledge: Vec<CommitmentView> = commitments(&story.entries);
    story.plan(domain::action_plan::ObjectiveLinked {
        objective_id: objective(1),
        from: None,
        to: Some(pledge[0].fact()),
        reason: "it serves the pledge".to_owned().into(),
    });
    story.plan(VisibilityChanged {
        from: Visibility::Draft,
        to: Visibility::Public,
        reason: None,
    });
    record_all(&ledger, &story).await;
    project(&pool).await;
    let reader = ViewReader::new(sign_in(&pool, ServiceRole::Gateway));
    let page = views::PageRequest::first(10, None);
    let by_commitment = ActionFilter {
        commitment: Some(PLEDGE),
        ..ActionFilter::default()
    };
    let by_theme = ActionFilter {
        theme: Some("skills-pledge".to_owned()),
        ..ActionFilter::default()
    };
    for filter in [by_commitment, by_theme] {
        let found = async |reach: &Reach| {
            let rows = reader.actions(LEDGER, &filter, reach, &page).await;
            rows.expect("a page").into_nodes().len()
        };
        assert_eq!(found(&Reach::PUBLIC).await, 0, "{filter:?}");
        assert_eq!(found(&Reach::EVERYTHING).await, 1, "{filter:?}");
        let lead = Reach {
            drafts_of: [LD].into(),
            ..Reach::PUBLIC
        };
        assert_eq!(found(&lead).await, 1, "{filter:?}");
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn histories_leave_out_what_is_kept_and_what_the_compact_entered_of_it(pool: PgPool) {
    let ledger = start(&pool);
    let mut life = varied();
    // Each was read once as a draft, before it was released as far as it is; and now once more.
    for number in 0..EACH {
        life.step(number, &Step::Read(7));
    }
    let mut story = life.story;
    for number in 0..EACH {
        let stream = Life::commitment(number);
        story.compact(domain::compact::CommitmentEntered {
            commitment_id: stream.id.into(),
            session: "2008-09".parse().expect("a session"),
            label: number.to_string(),
            groups: vec![group(number % 2)],
        });
    }
    record_all(&ledger, &story).await;
    project(&pool).await;
    let reading = sign_in(&pool, ServiceRole::Gateway);
    let historian = &Historian::new(Reader::new(reading.clone()), reading);
    let lines = async |of: &HistoryOf, reach: &Reach| {
        let pages = async |page| {
            let page = historian.page(LEDGER, of, reach, &page).await;
            Ok(page.expect("a page of history"))
        };
        let position = |line: &views::HistoryLine| line.recorded.position.to_string();
        walk(pages, position).await.len()
    };
    let own = HistoryOf::Stream(StreamId::compact(COMPACT));
    let mentioned = HistoryOf::Mentioned(COLLEGE.uuid());
    for (reach, entered, read) in [
        (Reach::EVERYTHING, 4, 8),
        (Reach::from_up(Visibility::Compact), 3, 3),
        (Reach::from_up(Visibility::Region), 2, 2),
        (Reach::PUBLIC, 1, 1),
    ] {
        // The compact's own three, one of them about the college; what it entered; and the readings
        // that were made while they could be seen.
        assert_eq!(lines(&own, &reach).await, 3 + entered, "{reach:?}");
        assert_eq!(lines(&mentioned, &reach).await, 1 + read, "{reach:?}");
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn regional_progress_from_the_tables_is_the_one_folded(pool: PgPool) {
    let ledger = start(&pool);
    let story = varied().story;
    let mut region = Story::of(REGION.ledger());
    let established = established();
    let opened = domain::region::CompactOpened {
        compact_id: COMPACT,
        slug: "lincolnshire-rutland".to_owned(),
        name: "Lincolnshire and Rutland Public Sector Compact".to_owned(),
        area: "Lincolnshire and Rutland".to_owned(),
        launched_on: day("2007-05-21"),
        pilot_from_year: None,
    };
    let stream = StreamId::region(REGION);
    let established = domain::RegionEvent::Established(established);
    region.add(stream, Event::Region(established));
    region.add(stream, Event::Region(opened.into()));
    record_all(&ledger, &story).await;
    record_all(&ledger, &region).await;
    let step = projection(&pool).step(REGION.ledger()).await;
    assert!(step.expect("a step").caught_up);
    project(&pool).await;
    let reader = ViewReader::new(sign_in(&pool, ServiceRole::Gateway));
    let filter = ProgressFilter::default();
    let found = reader.regional_progress(REGION.ledger(), &filter).await;
    let found = found.expect("it can be read").expect("a region");
    let folded = progress_of(commitments(&story.entries));
    assert_eq!(found.made_from, folded.made_from);
    let values = |progress: &RegionalProgress| {
        let totals = progress.totals.iter();
        totals.map(|total| total.value).collect::<Vec<_>>()
    };
    assert_eq!(values(&found), values(&folded));
    let counted = |progress: &RegionalProgress| {
        let cells = progress.cells.iter();
        cells.map(|cell| cell.by_status.clone()).collect::<Vec<_>>()
    };
    assert_eq!(counted(&found), counted(&folded));
    assert_eq!(
        counted(&found)[0].values().sum::<usize>(),
        2,
        "region and public"
    );
}
