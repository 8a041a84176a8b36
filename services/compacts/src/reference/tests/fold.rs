//! The domain's own word on the plan: every command is decided by the real aggregates, with only
//! the facts that earlier events gave, and every one is accepted.

use std::collections::{BTreeMap, HashMap};

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use domain::facts::{CommitmentFact, CompactFact, Mentions};
use domain::figure::{IndicatorFact, OrganisationFact};
use domain::ids::{
    ActionPlanId, AdoptionId, CommitmentId, CompactId, GoodPracticeId, LedgerId, MeetingId,
};
use domain::{
    ActionPlan, Adoption, Command, Commitment, CommitmentEvent, Compact, CompactCommand,
    CompactEvent, Dated, Directed, Facts, GoodPractice, Meeting, Region, RegionCommand,
    RegionEvent, Visibility,
};
use recorder::{Installation, Submission};

use super::planned;

/// The region and its compacts, in memory.
#[derive(Default)]
struct World {
    region: Region,
    register: Facts,
    compacts: HashMap<LedgerId, Tenant>,
    events: usize,
}

/// One compact's ledger, in memory.
#[derive(Default)]
struct Tenant {
    compact: Compact,
    commitments: HashMap<CommitmentId, Commitment>,
    plans: HashMap<ActionPlanId, ActionPlan>,
    meetings: HashMap<MeetingId, Meeting>,
    practices: HashMap<GoodPracticeId, GoodPractice>,
    adoptions: HashMap<AdoptionId, Adoption>,
    known: Facts,
}

impl World {
    async fn record(&mut self, sent: &Submission<Installation>) -> Result<(), String> {
        let compact = CompactId::new(sent.ledger.uuid());
        let commands = sent
            .commands
            .iter()
            .flat_map(|command| std::iter::once(command.clone()).chain(command.companion(compact)));
        for command in &commands.collect::<Vec<_>>() {
            let facts = self.facts(sent.ledger, &command.mentions());
            let before = self.events;
            match command {
                Command::Region { command, .. } => self.region(sent, facts, command).await?,
                _ => self.tenant(sent, facts, command).await?,
            }
            if self.events == before {
                return Err("nothing happened".to_owned());
            }
        }
        Ok(())
    }

    /// Only what is mentioned, and of that only what is there.
    fn facts(&self, ledger: LedgerId, mentions: &Mentions) -> Facts {
        fn some<K: Ord + Clone, V: Clone>(
            all: &BTreeMap<K, V>,
            keys: impl IntoIterator<Item = K>,
        ) -> BTreeMap<K, V> {
            let found = keys
                .into_iter()
                .filter_map(|key| Some((key.clone(), all.get(&key)?.clone())));
            found.collect()
        }
        let mentions = mentions.clone();
        let mut facts = Facts {
            themes: some(&self.register.themes, mentions.themes),
            indicators: some(&self.register.indicators, mentions.indicators),
            organisations: some(&self.register.organisations, mentions.organisations),
            compacts: some(&self.register.compacts, mentions.compacts),
            ..Facts::default()
        };
        if let Some(tenant) = self.compacts.get(&ledger) {
            facts.groups = some(&tenant.known.groups, mentions.groups);
            facts.commitments = some(&tenant.known.commitments, mentions.commitments);
        }
        for mention in mentions.practices {
            let source = self.compacts.get(&mention.compact.ledger());
            if let Some(practice) = source.and_then(|it| it.practices.get(&mention.practice)) {
                facts.add_practice(mention, practice, Visibility::Region);
            }
        }
        facts
    }

    async fn region(
        &mut self,
        sent: &Submission<Installation>,
        facts: Facts,
        command: &RegionCommand,
    ) -> Result<(), String> {
        let events = decide(&mut self.region, sent, facts, command.clone()).await?;
        self.events += events.len();
        for event in events {
            self.learn(event.event);
        }
        if let RegionCommand::OpenCompact {
            compact,
            particulars,
        } = command
        {
            let Some(Command::Region { id, .. }) = sent.commands.first() else {
                return Err("opened by no region".to_owned());
            };
            let establish = CompactCommand::EstablishCompact {
                compact: *compact,
                region: *id,
                particulars: particulars.clone(),
            };
            let mut tenant = Tenant::default();
            decide(&mut tenant.compact, sent, Facts::default(), establish).await?;
            self.compacts.insert(compact.ledger(), tenant);
        }
        Ok(())
    }

    fn learn(&mut self, event: RegionEvent) {
        let known = &mut self.register;
        match event {
            RegionEvent::ThemeAdded(theme) => {
                known.themes.insert(theme.code, theme.name);
            }
            RegionEvent::IndicatorDefined(indicator) => {
                let id = indicator.indicator_id;
                let fact = IndicatorFact {
                    id,
                    name: indicator.terms.name,
                    unit: indicator.terms.unit,
                    additive: indicator.terms.additive,
                };
                known.indicators.insert(id, fact);
            }
            RegionEvent::OrganisationRegistered(organisation) => {
                let id = organisation.organisation_id;
                let name = organisation.name;
                known
                    .organisations
                    .insert(id, OrganisationFact { id, name });
            }
            RegionEvent::CompactOpened(compact) => {
                let fact = CompactFact {
                    id: compact.compact_id,
                    slug: compact.slug,
                    name: compact.name,
                };
                known.compacts.insert(fact.id, fact);
            }
            _ => {}
        }
    }

    async fn tenant(
        &mut self,
        sent: &Submission<Installation>,
        facts: Facts,
        command: &Command,
    ) -> Result<(), String> {
        let tenant = self
            .compacts
            .get_mut(&sent.ledger)
            .ok_or("no such compact has been opened")?;
        self.events += tenant.record(sent, facts, command).await?;
        Ok(())
    }
}

impl Tenant {
    async fn record(
        &mut self,
        sent: &Submission<Installation>,
        facts: Facts,
        command: &Command,
    ) -> Result<usize, String> {
        match command {
            Command::Region { .. } => Err("the region's command in a compact's ledger".to_owned()),
            Command::Compact { command, .. } => {
                let (compact, command) = (&mut self.compact, command.clone());
                let events = decide(compact, sent, facts, command).await?;
                for event in &events {
                    self.learn_group(&event.event);
                }
                Ok(events.len())
            }
            Command::Commitment { id, command } => {
                let commitment = self.commitments.entry(*id).or_default();
                let events = decide(commitment, sent, facts, command.clone()).await?;
                for event in &events {
                    self.learn_commitment(*id, event);
                }
                Ok(events.len())
            }
            Command::ActionPlan { id, command } => {
                let plan = self.plans.entry(*id).or_default();
                let events = decide(plan, sent, facts, command.clone()).await?;
                Ok(events.len())
            }
            Command::Meeting { id, command } => {
                let meeting = self.meetings.entry(*id).or_default();
                let events = decide(meeting, sent, facts, command.clone()).await?;
                Ok(events.len())
            }
            Command::GoodPractice { id, command } => {
                let practice = self.practices.entry(*id).or_default();
                let events = decide(practice, sent, facts, command.clone()).await?;
                Ok(events.len())
            }
            Command::Adoption { id, command } => {
                let adoption = self.adoptions.entry(*id).or_default();
                let events = decide(adoption, sent, facts, command.clone()).await?;
                Ok(events.len())
            }
            Command::Person { .. } => Err("a person, of whom the papers name none".to_owned()),
            Command::Assessment { .. } => {
                Err("an assessment, of which the papers have none".to_owned())
            }
        }
    }

    fn learn_group(&mut self, event: &CompactEvent) {
        if let CompactEvent::GroupFormed(group) = event {
            let fact = group.group.clone();
            self.known.groups.insert(fact.id, fact);
        }
    }

    fn learn_commitment(&mut self, id: CommitmentId, event: &Dated<CommitmentEvent>) {
        if let CommitmentEvent::Proposed(proposed) = &event.event {
            let fact = CommitmentFact {
                id,
                session: proposed.session,
                label: proposed.label.clone(),
                title: proposed.title.clone(),
            };
            self.known.commitments.insert(id, fact);
        }
    }
}

/// Has the aggregate decide, and answers with what happened.
async fn decide<A, C, E>(
    aggregate: &mut A,
    sent: &Submission<Installation>,
    facts: Facts,
    command: C,
) -> Result<Vec<Dated<E>>, String>
where
    A: Aggregate<Command = Directed<C>, Event = Dated<E>, Services = ()>,
{
    let directed = Directed {
        occurred_on: sent.occurred_on.ok_or("no date")?,
        meeting: sent.meeting,
        facts,
        command,
    };
    let sink = EventSink::default();
    let decided = aggregate.handle(directed, &(), &sink).await;
    decided.map_err(|error| error.to_string())?;
    Ok(sink.collect().await)
}

#[tokio::test]
async fn the_domain_accepts_every_command_of_the_plan() {
    let mut world = World::default();
    let plan = planned();
    for step in &plan.steps {
        let recorded = world.record(&step.submission).await;
        assert_eq!(recorded, Ok(()), "{} on {}", step.path, step.on);
    }
    let commands: usize = plan.submissions().map(|sent| sent.commands.len()).sum();
    assert!(
        world.events >= commands,
        "{} events of {commands} commands",
        world.events
    );
    assert_eq!(world.compacts.len(), 5);
}

#[tokio::test]
async fn the_domain_refuses_the_plan_out_of_order() {
    let mut world = World::default();
    let mut refused = 0;
    for step in planned().steps.iter().rev() {
        refused += usize::from(world.record(&step.submission).await.is_err());
    }
    assert!(refused > 100, "only {refused} were refused backwards");
}
