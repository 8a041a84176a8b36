//! What changed in a plan between two points, and the paper for a group's next meeting, under any history.
//!
//! Histories are lived by the aggregates themselves: what is asked at random is decided by them, so that whatever can happen does.

mod story;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use domain::action_plan::{Change, ObjectiveWords, UpdateTerms};
use domain::facts::{CommitmentFact, Facts, GroupFact};
use domain::ids::*;
use domain::meeting::{ItemWordsInput, MinutedItemInput, RaisedInput};
use domain::stream::StreamId;
use domain::timescale::Timescale;
use domain::{
    ActionPlan, ActionPlanCommand, ActionPlanEvent, Dated, Directed, Event, Meeting,
    MeetingCommand, MeetingEvent, MeetingRef, Text, Visibility,
};
use futures::executor::block_on;
use ledger::Entry;
use proptest::prelude::*;
use proptest::sample::select;
use story::*;
use views::action_plan::difference::{Difference, apply, changes_since, diff};
use views::action_plan::standing::PlanStanding;
use views::paper::{Matter, draw_up};
use views::{ActionPlanView, AsOf, Cut, MeetingView, fold, fold_rows};

const RR: GroupId = GroupId::new(id(11));

/// Whose each plan is: two of one group, one of the other, and the plan of the first group's meetings.
const PLANS: [(ActionPlanId, GroupId); 4] = [
    (ActionPlanId::new(id(21)), LD),
    (ActionPlanId::new(id(22)), RR),
    (ActionPlanId::new(id(23)), LD),
    (ActionPlanId::of_meetings(LD), LD),
];

fn group(of: GroupId) -> GroupFact {
    let (code, name) = if of == LD {
        ("LD", "Learning and Development")
    } else {
        ("RR", "Recruitment and Retention")
    };
    GroupFact {
        id: of,
        code: code.into(),
        name: name.into(),
    }
}

fn facts() -> Facts {
    let mut facts = Facts::default();
    for of in [LD, RR] {
        facts.groups.insert(of, group(of));
    }
    for n in 0..3 {
        let fact = CommitmentFact {
            id: CommitmentId::new(id(30 + n)),
            session: "2007-08".parse().expect("a session"),
            label: n.to_string(),
            title: format!("Promise {n}"),
        };
        facts.commitments.insert(fact.id, fact);
    }
    facts
}

/// What is asked of one plan, by numbers of its objectives, actions and updates.
#[derive(Clone, Debug)]
enum Asked {
    Plan(usize, ActionPlanCommand),
    /// A meeting of a group, with actions raised under its one item: each in a plan, under an objective.
    Meeting(GroupId, Vec<(usize, u128, u128)>),
    Agree,
    Cancelled(GroupId),
}

fn of_plan(plan: usize, number: u128) -> u128 {
    1_000 * (plan as u128 + 1) + number
}

fn objective_of(plan: usize, number: u128) -> ObjectiveId {
    ObjectiveId::new(id(100_000 + of_plan(plan, number)))
}

fn action_of(plan: usize, number: u128) -> ActionId {
    ActionId::new(id(200_000 + of_plan(plan, number)))
}

fn words() -> impl Strategy<Value = String> {
    select(vec!["a", "b", "c", "d"]).prop_map(Into::into)
}

fn text() -> impl Strategy<Value = Text> {
    words().prop_map(Into::into)
}

fn timescale() -> impl Strategy<Value = Timescale> {
    (words(), proptest::option::of(1..28_u32)).prop_map(|(text, due)| Timescale {
        text,
        due_on: due.map(|due| day(&format!("2007-09-{due:02}"))),
        note: None,
    })
}

fn change(plan: usize) -> impl Strategy<Value = Change> {
    use Change as C;
    let objective = move || (0..3_u128).prop_map(move |n| objective_of(plan, n));
    let action = move || (0..5_u128).prop_map(move |n| action_of(plan, n));
    prop_oneof![
        6 => (action(), objective(), text(), proptest::option::of(text()), proptest::option::of(timescale())).prop_map(
            |(action, objective, text, owner, timescale)| C::SetAction { action, objective, text, owner, timescale }),
        1 => (objective(), text()).prop_map(|(objective, note)| C::NoteNoAction { objective, note, timescale: None }),
        1 => (action(), text()).prop_map(|(action, note)| C::ProgressAction { action, note: Some(note) }),
        2 => (action(), timescale(), text()).prop_map(|(action, timescale, reason)| C::RescheduleAction { action, timescale, reason }),
        1 => (action(), text()).prop_map(|(action, owner)| C::ReassignAction { action, owner, reason: None }),
        1 => (action(), text(), text()).prop_map(|(action, text, reason)| C::RewordAction { action, text, reason }),
        2 => action().prop_map(|action| C::CompleteAction { action, note: None }),
        1 => (action(), text()).prop_map(|(action, reason)| C::DropAction { action, reason }),
        3 => (action(), text()).prop_map(|(action, reason)| C::ReopenAction { action, reason }),
        2 => (action(), action(), text()).prop_map(|(action, into, reason)| C::MergeAction { action, into, reason }),
        1 => (objective(), text()).prop_map(|(objective, reason)| C::DropObjective { objective, reason }),
        1 => (objective(), text()).prop_map(|(objective, reason)| C::ReinstateObjective { objective, reason }),
    ]
}

fn command(plan: usize) -> impl Strategy<Value = ActionPlanCommand> {
    use ActionPlanCommand as C;
    let objective = move || (0..3_u128).prop_map(move |n| objective_of(plan, n));
    let update =
        move || (0..3_u128).prop_map(move |n| UpdateId::new(id(300_000 + of_plan(plan, n))));
    let objectives = move || {
        let some = proptest::sample::subsequence(vec![0, 1, 2_u128], 1..=3);
        some.prop_map(move |some| {
            some.into_iter()
                .map(|n| objective_of(plan, n))
                .collect::<Vec<_>>()
        })
    };
    let commitment =
        || proptest::option::of((0..3_u128).prop_map(|n| CommitmentId::new(id(30 + n))));
    prop_oneof![
        4 => (objective(), 1..9_u8, words(), commitment()).prop_map(|(objective, label, title, commitment)| C::AddObjective {
            objective, label: label.to_string(), words: ObjectiveWords { title, indicator: None }, commitment }),
        1 => (words(), text()).prop_map(|(title, reason)| C::RetitleActionPlan { title, reason }),
        1 => (objective(), words(), text()).prop_map(|(objective, title, reason)| C::RewordObjective {
            objective, words: ObjectiveWords { title, indicator: None }, reason }),
        1 => (objective(), 1..9_u8, text()).prop_map(|(objective, label, reason)| C::RenumberObjective {
            objective, label: label.to_string(), reason }),
        1 => (objective(), commitment(), text()).prop_map(|(objective, commitment, reason)| C::LinkObjective {
            objective, commitment, reason }),
        3 => (update(), text(), objectives(), proptest::collection::vec(change(plan), 0..2)).prop_map(
            |(update, text, objectives, changes)| C::RecordUpdate { update, text, objectives, changes }),
        1 => (update(), text(), objectives(), text()).prop_map(|(update, text, objectives, reason)| C::CorrectUpdate {
            update, terms: UpdateTerms { text, objectives }, reason }),
        1 => (update(), text()).prop_map(|(update, reason)| C::WithdrawUpdate { update, reason }),
        1 => (select(Visibility::ALL.to_vec()), text()).prop_map(|(to, reason)| C::ReleaseActionPlan { to, reason: Some(reason) }),
        12 => change(plan).prop_map(|change| C::MakeChange { change }),
    ]
}

fn asked() -> impl Strategy<Value = Asked> {
    let a_plan = (0..PLANS.len())
        .prop_flat_map(|plan| command(plan).prop_map(move |command| Asked::Plan(plan, command)));
    let raised = proptest::collection::vec((0..PLANS.len(), 0..3_u128, 0..5_u128), 0..3);
    prop_oneof![
        12 => a_plan,
        3 => (select(vec![LD, RR]), raised).prop_map(|(of, raised)| Asked::Meeting(of, raised)),
        1 => Just(Asked::Agree),
        1 => select(vec![LD, RR]).prop_map(Asked::Cancelled),
    ]
}

/// What is asked, and how many days after what was asked before.
fn a_script() -> impl Strategy<Value = Vec<(u64, Asked)>> {
    proptest::collection::vec((0..3_u64, asked()), 10..90)
}

/// A compact being lived in.
struct Life {
    story: Story,
    plans: BTreeMap<ActionPlanId, ActionPlan>,
    meetings: BTreeMap<MeetingId, Meeting>,
    on: chrono::NaiveDate,
}

fn decide<A: Aggregate<Services = ()> + Clone>(
    aggregate: &mut A,
    command: A::Command,
) -> Vec<A::Event> {
    let mut ahead = aggregate.clone();
    let sink = EventSink::default();
    if block_on(ahead.handle(command, &(), &sink)).is_err() {
        return Vec::new();
    }
    *aggregate = ahead;
    block_on(sink.collect())
}

impl Life {
    fn begun() -> Self {
        let mut life = Self {
            story: Story::of(LEDGER),
            plans: BTreeMap::new(),
            meetings: BTreeMap::new(),
            on: day("2007-08-01"),
        };
        tell_compact(&mut life.story);
        for (at, (_, group)) in PLANS.iter().enumerate() {
            let set = ActionPlanCommand::SetActionPlan {
                group: *group,
                title: format!("Plan {at}"),
            };
            life.ask_plan(at, set, None);
        }
        life
    }

    fn directed<C>(&self, meeting: Option<MeetingRef>, command: C) -> Directed<C> {
        Directed {
            occurred_on: self.on,
            meeting,
            facts: facts(),
            command,
        }
    }

    fn tell(&mut self, stream: StreamId, meeting: Option<MeetingRef>, event: Event) {
        self.story.on(&self.on.to_string());
        self.story.add(stream, event);
        let last = self.story.entries.last_mut().expect("the entry");
        last.recorded.meeting = meeting;
    }

    fn ask_plan(
        &mut self,
        at: usize,
        command: ActionPlanCommand,
        meeting: Option<MeetingRef>,
    ) -> bool {
        let (plan_id, _) = PLANS[at];
        let directed = self.directed(meeting, command);
        let plan = self.plans.entry(plan_id).or_default();
        let events: Vec<Dated<ActionPlanEvent>> = decide(plan, directed);
        let accepted = !events.is_empty();
        for event in events {
            let stream = StreamId::action_plan(plan_id);
            self.tell(stream, meeting, Event::ActionPlan(event.event));
        }
        accepted
    }

    fn ask_meeting(
        &mut self,
        of: MeetingId,
        command: MeetingCommand,
        meeting: Option<MeetingRef>,
    ) -> bool {
        let directed = self.directed(meeting, command);
        let events: Vec<Dated<MeetingEvent>> =
            decide(self.meetings.entry(of).or_default(), directed);
        let accepted = !events.is_empty();
        for event in events {
            self.tell(StreamId::meeting(of), meeting, Event::Meeting(event.event));
        }
        accepted
    }

    fn hold(&mut self, of: GroupId, raised: &[(usize, u128, u128)]) {
        let number = 700 + self.meetings.len() as u128;
        let at = MeetingRef {
            id: MeetingId::new(id(number)),
            group: of,
            held_on: self.on,
        };
        let mut named = Vec::new();
        for (plan, objective, action) in raised {
            let change = Change::SetAction {
                action: action_of(*plan, *action),
                objective: objective_of(*plan, *objective),
                text: "Ask round".into(),
                owner: None,
                timescale: None,
            };
            let set = ActionPlanCommand::MakeChange { change };
            if self.ask_plan(*plan, set, Some(at)) {
                named.push(RaisedInput {
                    label: None,
                    plan: PLANS[*plan].0,
                    action: action_of(*plan, *action),
                });
            }
        }
        let item = MinutedItemInput {
            item: MeetingItemId::new(id(number * 10)),
            words: ItemWordsInput {
                title: "Item".into(),
                discussion: None,
                decision: None,
            },
            actions: named,
            updates: Vec::new(),
            commitments: Vec::new(),
            carried_over: number.is_multiple_of(2),
        };
        let record = MeetingCommand::RecordMeeting {
            group: of,
            time: None,
            venue: None,
            attendance: None,
            items: vec![item],
        };
        self.ask_meeting(at.id, record, Some(at));
        self.ask_meeting(at.id, MeetingCommand::CirculateMinutes, None);
    }

    fn live(script: &[(u64, Asked)]) -> Self {
        let mut life = Self::begun();
        for (days, asked) in script {
            life.on = life.on + chrono::Days::new(*days);
            match asked {
                Asked::Plan(at, command) => {
                    life.ask_plan(*at, command.clone(), None);
                }
                Asked::Meeting(of, raised) => life.hold(*of, raised),
                Asked::Cancelled(of) => {
                    let meeting = MeetingId::new(id(700 + life.meetings.len() as u128));
                    let call = MeetingCommand::CallMeeting {
                        group: *of,
                        arrangement: domain::meeting::ArrangementInput {
                            words: Some("soon".into()),
                            ..Default::default()
                        },
                    };
                    life.ask_meeting(meeting, call, None);
                }
                Asked::Agree => {
                    let newest = life.meetings.keys().next_back().copied();
                    let ids: Vec<MeetingId> = life.meetings.keys().copied().collect();
                    for meeting in ids {
                        let at = newest.map(|id| MeetingRef {
                            id,
                            group: life.meetings[&meeting].group().unwrap_or(LD),
                            held_on: life.on,
                        });
                        life.ask_meeting(meeting, MeetingCommand::AgreeMinutes, at);
                    }
                }
            }
        }
        life
    }

    fn then(&self, cut: Cut) -> impl Iterator<Item = &Entry> {
        let entries = self.story.entries.iter();
        entries.filter(move |entry| cut.includes(entry))
    }

    fn paper(&self, of: GroupId, on: chrono::NaiveDate) -> Vec<Matter> {
        let cut = on_day(on);
        let meetings = fold_rows::<MeetingView>(self.then(cut)).into_values();
        let plans = fold_rows::<ActionPlanView>(self.then(cut)).into_values();
        let meetings: Vec<_> = meetings.map(Arc::new).collect();
        let plans: Vec<_> = plans.map(Arc::new).collect();
        draw_up(of, on, &meetings, &plans).matters_arising
    }
}

const fn on_day(on: chrono::NaiveDate) -> Cut {
    Cut {
        as_of: Some(AsOf::On(on)),
        known_at: None,
    }
}

/// What is open of a group on a day, by the entries alone: nothing is folded that the paper is drawn up from.
fn open_by_the_record(life: &Life, of: GroupId, cut: Cut) -> BTreeSet<ActionId> {
    use ActionPlanEvent as E;
    let (mut open, mut plans) = (BTreeMap::new(), BTreeMap::new());
    let (mut groups, mut raised) = (BTreeMap::new(), BTreeSet::new());
    for entry in life.then(cut) {
        let stream = entry.recorded.stream.id;
        match &entry.event {
            Event::ActionPlan(E::Set(e)) => {
                plans.insert(stream, e.group.id);
            }
            Event::ActionPlan(E::ActionSet(e)) => {
                open.insert(e.action_id, stream);
            }
            Event::ActionPlan(E::ActionReopened(e)) => {
                open.insert(e.action_id, stream);
            }
            Event::ActionPlan(E::ActionCompleted(e)) => {
                open.remove(&e.action_id);
            }
            Event::ActionPlan(E::ActionDropped(e)) => {
                open.remove(&e.action_id);
            }
            Event::ActionPlan(E::ActionMerged(e)) => {
                open.remove(&e.action_id);
            }
            Event::Meeting(MeetingEvent::Held(e)) => {
                groups.insert(stream, e.group.id);
            }
            Event::Meeting(MeetingEvent::ItemMinuted(e)) if groups.get(&stream) == Some(&of) => {
                raised.extend(e.actions.iter().map(|raised| raised.action_id));
            }
            _ => {}
        }
    }
    let own = open.into_iter();
    let own = own.filter(|(action, plan)| plans.get(plan) == Some(&of) || raised.contains(action));
    own.map(|(action, _)| action).collect()
}

fn a_point(life: &Life, by_day: bool, at: usize) -> Cut {
    let entry = &life.story.entries[at % life.story.entries.len()];
    let as_of = if by_day {
        AsOf::On(entry.recorded.occurred_on)
    } else {
        AsOf::Position(entry.recorded.position)
    };
    Cut {
        as_of: Some(as_of),
        known_at: None,
    }
}

fn of_the_plan<'a>(
    life: &'a Life,
    plan: ActionPlanId,
    counts: impl Fn(&Entry) -> bool + 'a,
) -> Option<ActionPlanView> {
    let stream = StreamId::action_plan(plan);
    let entries = life.story.entries.iter();
    let entries = entries.filter(move |entry| entry.recorded.stream == stream && counts(entry));
    fold(entries)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn matters_arising_list_every_open_action_of_a_group_exactly_once(
        script in a_script(), at in 0..1_000_usize,
    ) {
        let life = Life::live(&script);
        let end = life.on;
        let then = life.story.entries[at % life.story.entries.len()].recorded.occurred_on;
        for on in [then, end] {
            for of in [LD, RR] {
                let matters = life.paper(of, on);
                let listed: BTreeSet<ActionId> = matters.iter().map(|matter| matter.action).collect();
                prop_assert_eq!(listed.len(), matters.len(), "listed twice");
                prop_assert_eq!(listed, open_by_the_record(&life, of, on_day(on)));
            }
        }
    }

    #[test]
    fn the_difference_between_two_points_applied_to_the_earlier_gives_the_later(
        script in a_script(), (by_day, from) in (any::<bool>(), 0..1_000_usize),
        (until_day, to) in (any::<bool>(), 0..1_000_usize),
    ) {
        let life = Life::live(&script);
        let (since, until) = (a_point(&life, by_day, from), a_point(&life, until_day, to));
        for (plan, _) in PLANS {
            let earlier = of_the_plan(&life, plan, |entry| until.includes(entry) && since.includes(entry));
            let later = of_the_plan(&life, plan, |entry| until.includes(entry));
            let Some(later) = later else { continue };
            let a = earlier.as_ref().map(PlanStanding::from).unwrap_or_default();
            let b = PlanStanding::from(&later);
            let differences = diff(&a, &b);
            let mut made = a.clone();
            for difference in &differences {
                apply(&mut made, difference);
            }
            prop_assert_eq!(&made, &b);
            for left_out in 0..differences.len() {
                let mut made = a.clone();
                let some = differences.iter().enumerate();
                some.filter(|(at, _)| *at != left_out).for_each(|(_, it)| apply(&mut made, it));
                prop_assert_ne!(&made, &b, "nothing is said twice: {:?}", differences[left_out]);
            }
            for change in changes_since(earlier.as_ref(), Some(&later), &since) {
                prop_assert!(!change.steps.is_empty(), "{:?} comes from nowhere", change.what);
                for step in &change.steps {
                    prop_assert!(until.counts(&step.made) && !since.counts(&step.made));
                }
            }
        }
    }
}

#[test]
fn what_is_tried_brings_about_every_difference() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..400 {
        let script = a_script()
            .new_tree(&mut runner)
            .expect("a script")
            .current();
        let life = Life::live(&script);
        let since = a_point(&life, false, life.story.entries.len() / 3);
        for (plan, _) in PLANS {
            let a = of_the_plan(&life, plan, |entry| since.includes(entry));
            let a = a.as_ref().map(PlanStanding::from).unwrap_or_default();
            let b = of_the_plan(&life, plan, |_| true).expect("the plan");
            let differences = diff(&a, &PlanStanding::from(&b));
            seen.extend(
                differences
                    .iter()
                    .map(std::mem::discriminant)
                    .map(|it| format!("{it:?}")),
            );
        }
    }
    let set = diff(
        &PlanStanding::default(),
        &PlanStanding::from(
            &fold::<ActionPlanView>(
                Life::begun()
                    .story
                    .entries
                    .iter()
                    .filter(|entry| entry.recorded.stream == StreamId::action_plan(PLANS[0].0)),
            )
            .expect("the plan"),
        ),
    );
    assert!(matches!(set[..], [Difference::Set(_)]));
    seen.extend(
        set.iter()
            .map(std::mem::discriminant)
            .map(|it| format!("{it:?}")),
    );
    assert_eq!(seen.len(), 17, "{seen:?}");
}

#[test]
fn the_story_of_september_is_told_with_old_and_new_and_the_words_that_were_said() {
    let story = compact();
    let cut = |date: &str| on_day(day(date));
    let since = cut("2007-09-23");
    let stream = StreamId::action_plan(PLAN);
    let folded = |cut: Cut| {
        let entries = story.entries.iter();
        let entries =
            entries.filter(|entry| entry.recorded.stream == stream && cut.includes(entry));
        fold::<ActionPlanView>(entries)
    };
    let (before, after) = (folded(since), folded(cut("2007-10-01")));
    let changes = changes_since(before.as_ref(), after.as_ref(), &since);
    let rescheduled = changes.iter().find_map(|change| match &change.what {
        Difference::ActionRescheduled(of, it) if *of == action(3) => Some((it, &change.steps)),
        _ => None,
    });
    let (moved, steps) = rescheduled.expect("September became November");
    assert_eq!(
        moved.from.as_ref().and_then(|it| it.due_on),
        Some(day("2007-09-30"))
    );
    assert_eq!(
        moved.to.as_ref().and_then(|it| it.due_on),
        Some(day("2007-11-30"))
    );
    let [step] = &steps[..] else {
        panic!("one step: {steps:?}")
    };
    assert_eq!(
        step.reason.as_ref().map(Text::shown),
        Some("the event moves from September to November")
    );
    assert_eq!(step.update, Some(update(1)));
    assert_eq!(step.made.meeting.map(|meeting| meeting.id), Some(MEETING));
    assert_eq!(changes.len(), 5, "{changes:#?}");
    assert_eq!(
        changes_since(after.as_ref(), after.as_ref(), &cut("2007-10-01")),
        []
    );
}
