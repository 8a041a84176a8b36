//! The aggregates a submission concerns, checked out together and decided in order.

use std::collections::BTreeMap;

use domain::facts::{Facts, Mentions};
use domain::ids::{
    ActionPlanId, AdoptionId, AssessmentId, CommitmentId, GoodPracticeId, LedgerId, MeetingId,
    PersonId,
};
use domain::refusal::DomainError;
use domain::stream::{StreamId, StreamKind};
use domain::{
    ActionPlan, Adoption, Assessment, Command, Commitment, Compact, Dated, Directed, GoodPractice,
    Meeting, Person, Region, StoredEvent, Text, Visibility,
};
use ledger::{Checkout, Ledger, ReadError, Receipt, StreamAppend};

use crate::recorder::{Failed, internal, unread};
use crate::submission::{RecordError, Sender, Submission};

/// One cache of aggregates per kind.
#[derive(Clone)]
pub(crate) struct Aggregates {
    pub(crate) regions: ledger::Aggregates<Region>,
    pub(crate) compacts: ledger::Aggregates<Compact>,
    pub(crate) commitments: ledger::Aggregates<Commitment>,
    action_plans: ledger::Aggregates<ActionPlan>,
    pub(crate) people: ledger::Aggregates<Person>,
    meetings: ledger::Aggregates<Meeting>,
    pub(crate) practices: ledger::Aggregates<GoodPractice>,
    adoptions: ledger::Aggregates<Adoption>,
    pub(crate) assessments: ledger::Aggregates<Assessment>,
}

impl Aggregates {
    pub(crate) fn new(ledger: &Ledger, capacity: u64) -> Self {
        let reader = ledger.reader();
        Self {
            regions: ledger::Aggregates::new(reader.clone(), capacity),
            compacts: ledger::Aggregates::new(reader.clone(), capacity),
            commitments: ledger::Aggregates::new(reader.clone(), capacity),
            action_plans: ledger::Aggregates::new(reader.clone(), capacity),
            people: ledger::Aggregates::new(reader.clone(), capacity),
            meetings: ledger::Aggregates::new(reader.clone(), capacity),
            practices: ledger::Aggregates::new(reader.clone(), capacity),
            adoptions: ledger::Aggregates::new(reader.clone(), capacity),
            assessments: ledger::Aggregates::new(reader.clone(), capacity),
        }
    }

    async fn checkout(&self, ledger: LedgerId, stream: StreamId) -> Result<AnyCheckout, ReadError> {
        Ok(match stream.kind {
            StreamKind::Region => AnyCheckout::Region(self.regions.checkout(ledger, stream).await?),
            StreamKind::Compact => {
                AnyCheckout::Compact(self.compacts.checkout(ledger, stream).await?)
            }
            StreamKind::Commitment => {
                AnyCheckout::Commitment(self.commitments.checkout(ledger, stream).await?)
            }
            StreamKind::ActionPlan => {
                AnyCheckout::ActionPlan(self.action_plans.checkout(ledger, stream).await?)
            }
            StreamKind::Person => AnyCheckout::Person(self.people.checkout(ledger, stream).await?),
            StreamKind::Meeting => {
                AnyCheckout::Meeting(self.meetings.checkout(ledger, stream).await?)
            }
            StreamKind::GoodPractice => {
                AnyCheckout::GoodPractice(self.practices.checkout(ledger, stream).await?)
            }
            StreamKind::Adoption => {
                AnyCheckout::Adoption(self.adoptions.checkout(ledger, stream).await?)
            }
            StreamKind::Assessment => {
                AnyCheckout::Assessment(self.assessments.checkout(ledger, stream).await?)
            }
        })
    }
}

/// A checked-out aggregate of any kind.
enum AnyCheckout {
    Region(Checkout<Region>),
    Compact(Checkout<Compact>),
    Commitment(Checkout<Commitment>),
    ActionPlan(Checkout<ActionPlan>),
    Person(Checkout<Person>),
    Meeting(Checkout<Meeting>),
    GoodPractice(Checkout<GoodPractice>),
    Adoption(Checkout<Adoption>),
    Assessment(Checkout<Assessment>),
}

macro_rules! each {
    ($checkout:expr, $inner:ident => $body:expr) => {
        match $checkout {
            AnyCheckout::Region($inner) => $body,
            AnyCheckout::Compact($inner) => $body,
            AnyCheckout::Commitment($inner) => $body,
            AnyCheckout::ActionPlan($inner) => $body,
            AnyCheckout::Person($inner) => $body,
            AnyCheckout::Meeting($inner) => $body,
            AnyCheckout::GoodPractice($inner) => $body,
            AnyCheckout::Adoption($inner) => $body,
            AnyCheckout::Assessment($inner) => $body,
        }
    };
}

/// Everything one submission concerns. While it is held, other submissions to the same aggregates
/// wait; dropped without [`Loaded::keep`], what was decided is forgotten.
pub(crate) struct Loaded {
    checkouts: BTreeMap<StreamId, AnyCheckout>,
}

impl Loaded {
    /// Checks out every aggregate that commands to `ledger` concern, in one order for all submissions
    /// so that two of them never wait for each other.
    pub(crate) async fn checkout(
        aggregates: &Aggregates,
        ledger: LedgerId,
        commands: &[Command],
    ) -> Result<Self, RecordError> {
        let mut streams: Vec<StreamId> = commands.iter().map(Command::stream).collect();
        streams.sort_unstable();
        streams.dedup();
        let mut checkouts = BTreeMap::new();
        for stream in streams {
            let checkout = aggregates.checkout(ledger, stream).await;
            checkouts.insert(stream, checkout.map_err(|error| unread(&error))?);
        }
        Ok(Self { checkouts })
    }

    /// Brings every aggregate to what is recorded now, reading only what it has not seen.
    pub(crate) async fn refresh(&mut self) -> Result<(), RecordError> {
        for checkout in self.checkouts.values_mut() {
            let refreshed = each!(checkout, inner => inner.refresh().await);
            refreshed.map_err(|error| unread(&error))?;
        }
        Ok(())
    }

    /// Refuses when the first command's aggregate is not at the version the sender saw.
    pub(crate) fn expect_version(&self, submission: &Submission<Sender>) -> Result<(), Failed> {
        let first = submission.commands.first().map(Command::stream);
        let checkout = first.and_then(|stream| self.checkouts.get(&stream));
        let (Some(expected), Some(checkout)) = (submission.expected_version, checkout) else {
            return Ok(());
        };
        let actual = each!(checkout, inner => inner.version());
        if actual == expected {
            return Ok(());
        }
        Err(Failed::Refused(RecordError::Conflict { expected, actual }))
    }

    /// A commitment that is concerned.
    pub(crate) fn commitment(&self, id: CommitmentId) -> Option<&Commitment> {
        match self.checkouts.get(&StreamId::commitment(id))? {
            AnyCheckout::Commitment(checkout) => Some(checkout.aggregate()),
            _ => None,
        }
    }

    /// An action plan that is concerned.
    pub(crate) fn action_plan(&self, id: ActionPlanId) -> Option<&ActionPlan> {
        match self.checkouts.get(&StreamId::action_plan(id))? {
            AnyCheckout::ActionPlan(checkout) => Some(checkout.aggregate()),
            _ => None,
        }
    }

    /// Whether a command sets what may be there already, and is.
    pub(crate) fn has_set(&self, command: &Command) -> bool {
        let Command::ActionPlan { id, .. } = command else {
            return false;
        };
        let plan = self.action_plan(*id);
        command.sets_if_missing() && plan.and_then(ActionPlan::group).is_some()
    }

    /// A meeting that is concerned.
    pub(crate) fn meeting(&self, id: MeetingId) -> Option<&Meeting> {
        match self.checkouts.get(&StreamId::meeting(id))? {
            AnyCheckout::Meeting(checkout) => Some(checkout.aggregate()),
            _ => None,
        }
    }

    /// A piece of good practice that is concerned.
    pub(crate) fn good_practice(&self, id: GoodPracticeId) -> Option<&GoodPractice> {
        match self.checkouts.get(&StreamId::good_practice(id))? {
            AnyCheckout::GoodPractice(checkout) => Some(checkout.aggregate()),
            _ => None,
        }
    }

    /// An adoption that is concerned.
    pub(crate) fn adoption(&self, id: AdoptionId) -> Option<&Adoption> {
        match self.checkouts.get(&StreamId::adoption(id))? {
            AnyCheckout::Adoption(checkout) => Some(checkout.aggregate()),
            _ => None,
        }
    }
    /// An assessment that is concerned.
    pub(crate) fn assessment(&self, id: AssessmentId) -> Option<&Assessment> {
        match self.checkouts.get(&StreamId::assessment(id))? {
            AnyCheckout::Assessment(checkout) => Some(checkout.aggregate()),
            _ => None,
        }
    }

    /// Adds what earlier commands of the same submission have brought about, which no look-up can
    /// have found yet.
    pub(crate) fn add_facts(&self, mentions: &Mentions, facts: &mut Facts) {
        for (stream, checkout) in &self.checkouts {
            match checkout {
                AnyCheckout::Compact(compact) => {
                    for id in &mentions.groups {
                        facts.add_group(*id, compact.aggregate());
                    }
                }
                AnyCheckout::Commitment(commitment) => {
                    let id = CommitmentId::new(stream.id);
                    if mentions.commitments.contains(&id) {
                        facts.add_commitment(id, commitment.aggregate());
                    }
                }
                AnyCheckout::Person(person) => {
                    let id = PersonId::new(stream.id);
                    if mentions.people.contains(&id) && person.aggregate().is_entered() {
                        facts.people.insert(id);
                    }
                }
                // What is concerned is of the submission's own ledger, where its compact sees everything.
                AnyCheckout::GoodPractice(practice) => {
                    let own = mentions.practices.iter();
                    for mention in own.filter(|it| it.practice.uuid() == stream.id) {
                        facts.add_practice(*mention, practice.aggregate(), Visibility::Draft);
                    }
                }
                AnyCheckout::Region(_)
                | AnyCheckout::ActionPlan(_)
                | AnyCheckout::Meeting(_)
                | AnyCheckout::Adoption(_)
                | AnyCheckout::Assessment(_) => {}
            }
        }
    }

    /// Decides one command on the aggregate it is for.
    ///
    /// # Errors
    /// When there is no such aggregate here; within, what it refused the command for.
    pub(crate) async fn decide(
        &mut self,
        directed: Directed<Command>,
    ) -> Result<Result<(), DomainError>, RecordError> {
        let Directed {
            occurred_on,
            meeting,
            facts,
            command,
        } = directed;
        let Some(checkout) = self.checkouts.get_mut(&command.stream()) else {
            return Err(RecordError::UnknownLedger);
        };
        macro_rules! decide {
            ($checkout:expr, $command:expr) => {
                decide(
                    $checkout,
                    Directed {
                        occurred_on,
                        meeting,
                        facts,
                        command: $command,
                    },
                )
                .await
            };
        }
        let decided = match (checkout, command) {
            (AnyCheckout::Region(checkout), Command::Region { command, .. }) => {
                decide!(checkout, command)
            }
            (AnyCheckout::Compact(checkout), Command::Compact { command, .. }) => {
                decide!(checkout, command)
            }
            (AnyCheckout::Commitment(checkout), Command::Commitment { command, .. }) => {
                decide!(checkout, command)
            }
            (AnyCheckout::ActionPlan(checkout), Command::ActionPlan { command, .. }) => {
                decide!(checkout, command)
            }
            (AnyCheckout::Person(checkout), Command::Person { command, .. }) => {
                decide!(checkout, command)
            }
            (AnyCheckout::Meeting(checkout), Command::Meeting { command, .. }) => {
                decide!(checkout, command)
            }
            (AnyCheckout::GoodPractice(checkout), Command::GoodPractice { command, .. }) => {
                decide!(checkout, command)
            }
            (AnyCheckout::Adoption(checkout), Command::Adoption { command, .. }) => {
                decide!(checkout, command)
            }
            (AnyCheckout::Assessment(checkout), Command::Assessment { command, .. }) => {
                decide!(checkout, command)
            }
            _ => return Err(RecordError::UnknownLedger),
        };
        Ok(decided)
    }

    /// The texts that stand where a command writes.
    pub(crate) fn standing(&self, command: &Command) -> Vec<&Text> {
        match (self.checkouts.get(&command.stream()), command) {
            (Some(AnyCheckout::Commitment(checkout)), Command::Commitment { command, .. }) => {
                checkout.aggregate().standing(command)
            }
            (Some(AnyCheckout::ActionPlan(checkout)), Command::ActionPlan { command, .. }) => {
                checkout.aggregate().standing(command)
            }
            (Some(AnyCheckout::Person(checkout)), Command::Person { command, .. }) => {
                checkout.aggregate().standing(command)
            }
            (Some(AnyCheckout::Meeting(checkout)), Command::Meeting { command, .. }) => {
                checkout.aggregate().standing(command)
            }
            (Some(AnyCheckout::GoodPractice(checkout)), Command::GoodPractice { command, .. }) => {
                checkout.aggregate().standing(command)
            }
            (Some(AnyCheckout::Assessment(checkout)), Command::Assessment { command, .. }) => {
                checkout.aggregate().standing(command)
            }
            _ => Vec::new(),
        }
    }

    /// What was decided, stream by stream; streams nothing happened to are left out.
    pub(crate) fn take_appends(&mut self) -> Result<Vec<StreamAppend>, RecordError> {
        let mut appends = Vec::with_capacity(self.checkouts.len());
        for checkout in self.checkouts.values_mut() {
            let append = each!(checkout, inner => inner.take_append());
            appends.extend(append.map_err(|error| internal(&error))?);
        }
        Ok(appends)
    }

    /// Gives the aggregates back to the caches at the versions the append brought them to.
    pub(crate) fn keep(self, receipt: &Receipt) {
        for (stream, checkout) in self.checkouts {
            let version = receipt
                .streams
                .iter()
                .find(|(written, _)| *written == stream);
            if let Some((_, version)) = version {
                each!(checkout, inner => inner.keep(*version));
            }
        }
    }
}

async fn decide<A, C, E>(
    checkout: &mut Checkout<A>,
    directed: Directed<C>,
) -> Result<(), DomainError>
where
    A: cqrs_es::Aggregate<Command = Directed<C>, Event = Dated<E>, Services = ()> + 'static,
    A::Error: Into<DomainError>,
    E: StoredEvent,
{
    checkout.decide(directed).await.map_err(Into::into)
}
