//! The decision: may this one do that to this, today?

use std::collections::{BTreeSet, HashMap};
use std::str::FromStr;

use cedar_policy::{
    ActionConstraint, Authorizer, Context, Entities, Entity, EntityId, EntityTypeName, EntityUid,
    Policy, PolicySet, Request, Response, Schema,
};
use chrono::NaiveDate;
use domain::ids::{CompactId, GroupId};
use domain::{Reach, Visibility};

use crate::action::Action;
use crate::book::{BookError, FILES, PolicyFile, SCHEMA, read_book};
use crate::principal::{Principal, Token};
use crate::resource::{CompactLedger, Resource};
use crate::terms::{TellingError, Terms};

/// The policies, ready to be asked. Holds nothing about anybody: every answer is worked out from what is asked.
pub struct Access {
    authorizer: Authorizer,
    schema: Schema,
    actions: HashMap<Action, Known>,
    terms: Terms,
}

/// An action as the policies know it.
struct Known {
    /// The action, with the wider ones it is part of.
    action: Entity,
    /// The policies that are about it. The others have nothing to say of it, and are not asked.
    policies: PolicySet,
}

/// Why policies were not taken.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// They do not hold up by themselves.
    #[error(transparent)]
    Book(#[from] BookError),
    /// The schema cannot be spoken to.
    #[error("the schema's terms cannot be read")]
    Terms(#[from] Box<cedar_policy::ParseErrors>),
    /// The schema's actions make no hierarchy.
    #[error("the schema's actions cannot be read")]
    Hierarchy(#[from] Box<cedar_policy::entities_errors::EntitiesError>),
    /// The policies cannot be sorted by action.
    #[error("the policies cannot be sorted by what they are about")]
    Sorting(#[from] Box<cedar_policy::PolicySetError>),
    /// The schema has other actions than the program, or lacks some.
    #[error("the schema's actions are not the program's: {}", .0.join(", "))]
    Actions(Vec<String>),
}

/// An answer, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether it may be done.
    pub allowed: bool,
    /// The policies that say so, by name; none when nothing permits it.
    pub determined_by: BTreeSet<String>,
    /// What went wrong while it was decided. Then it is never allowed, whatever policies said; it belongs in
    /// the log.
    pub errors: Vec<String>,
}

impl Decision {
    fn of(response: &Response) -> Self {
        let diagnostics = response.diagnostics();
        let errors: Vec<String> = diagnostics.errors().map(ToString::to_string).collect();
        let allowed = response.decision() == cedar_policy::Decision::Allow && errors.is_empty();
        let determined_by = diagnostics.reason().map(ToString::to_string).collect();
        Self {
            allowed,
            determined_by,
            errors,
        }
    }

    fn failed(error: &Undecided) -> Self {
        Self {
            allowed: false,
            determined_by: BTreeSet::new(),
            errors: vec![error.to_string()],
        }
    }
}

/// Why policies could not even be asked.
#[derive(Debug, thiserror::Error)]
enum Undecided {
    #[error("who asks or what for cannot be told to the policies: {0}")]
    Telling(#[from] TellingError),
    #[error("the policies cannot take what they were told: {0}")]
    Entities(#[from] Box<cedar_policy::entities_errors::EntitiesError>),
    #[error("this is not something that is done to that: {0}")]
    Request(#[from] Box<cedar_policy::RequestValidationError>),
    #[error("the policies do not know the action {0}")]
    Action(&'static str),
}

impl Access {
    /// The program's own policies, read and checked.
    ///
    /// # Errors
    /// [`PolicyError`] when they do not hold up. The build has checked the same files, so a program that was
    /// built loads them.
    pub fn load() -> Result<Self, PolicyError> {
        Self::of(SCHEMA, FILES)
    }

    /// These policies, read and checked in the same way.
    ///
    /// # Errors
    /// [`PolicyError`] when they do not hold up, or when the schema does not have exactly the actions there are.
    pub fn of(schema: &str, files: &[PolicyFile<'_>]) -> Result<Self, PolicyError> {
        let (schema, policies) = read_book(schema, files)?;
        Ok(Self {
            authorizer: Authorizer::new(),
            actions: actions(&schema, &policies)?,
            schema,
            terms: Terms::new()?,
        })
    }

    /// Whether `principal` may do `action` to `resource` on the day `today`.
    ///
    /// Nobody may do what no policy permits, nor what a policy failed to decide, nor what makes no sense:
    /// to rename a theme of a commitment.
    pub fn decide(
        &self,
        principal: &Principal,
        action: Action,
        resource: &Resource,
        today: NaiveDate,
    ) -> Decision {
        self.asker(principal, today).decide(action, resource)
    }

    /// How low `principal` reads in a compact's ledger on the day `today`; none when nothing there is read.
    ///
    /// It is found by asking the policies, so it says what [`Access::decide`] says of [`Action::ReadList`].
    pub fn reach(
        &self,
        principal: &Principal,
        ledger: CompactLedger,
        today: NaiveDate,
    ) -> Option<Reach> {
        self.asker(principal, today).reach(ledger)
    }

    /// Someone who asks several things on one day. It is for one request, and forgotten after: it knows the
    /// roles they had when it was made.
    pub fn asker<'a>(&'a self, principal: &Principal, today: NaiveDate) -> Asker<'a> {
        let groups = principal.grants_on(today).filter_map(|grant| {
            let compact = grant.post.compact()?;
            Some((compact, grant.post.group()?))
        });
        let narrowed = principal
            .token()
            .map(|token| (token.clone(), self.told(&Principal::PUBLIC, today)));
        Asker {
            access: self,
            groups: groups.collect(),
            told: self.told(principal, today),
            narrowed,
        }
    }

    fn told(&self, principal: &Principal, today: NaiveDate) -> Result<Told, Undecided> {
        let principal = self.terms.principal(principal, today)?;
        let who = principal.uid();
        let entities = Entities::from_entities([principal], None).map_err(Box::new)?;
        Ok(Told { who, entities })
    }

    /// Whether the action is done to things of this kind at all.
    pub fn applies(&self, action: Action, resource: &Resource) -> bool {
        let kind = self.terms.kind(resource);
        let Some(known) = self.actions.get(&action) else {
            return false;
        };
        let kinds = self.schema.resources_for_action(&known.action.uid());
        kinds.is_some_and(|mut kinds| kinds.any(|known| known == kind))
    }
}

/// Someone who asks, as the policies were told of them.
pub struct Asker<'a> {
    access: &'a Access,
    groups: BTreeSet<(CompactId, GroupId)>,
    told: Result<Told, Undecided>,
    /// A token, and who asks for what it is not good for: anybody.
    narrowed: Option<(Token, Result<Told, Undecided>)>,
}

/// Who asks, in the policies' terms.
struct Told {
    who: EntityUid,
    entities: Entities,
}

impl Asker<'_> {
    /// As [`Access::decide`].
    pub fn decide(&self, action: Action, resource: &Resource) -> Decision {
        let told = match &self.narrowed {
            Some((token, anybody)) if !token.covers(action, resource) => anybody,
            _ => &self.told,
        };
        let told = match told {
            Ok(told) => told,
            Err(error) => return Decision::failed(error),
        };
        match self.ask(told, action, resource) {
            Ok(response) => Decision::of(&response),
            Err(error) => Decision::failed(&error),
        }
    }

    /// As [`Access::reach`].
    pub fn reach(&self, ledger: CompactLedger) -> Option<Reach> {
        let reads = |visibility, group: Option<GroupId>| {
            let mut matter = ledger.matter(visibility);
            matter.groups.extend(group);
            let decision = self.decide(Action::ReadList, &Resource::Matter(matter));
            decision.allowed
        };
        let lowest = Visibility::ALL
            .into_iter()
            .find(|visibility| reads(*visibility, None))?;
        let own = self.groups.iter().filter_map(|(compact, group)| {
            let here = *compact == ledger.compact;
            here.then_some(*group)
        });
        let drafts_of = own
            .filter(|group| lowest > Visibility::Draft && reads(Visibility::Draft, Some(*group)))
            .collect();
        Some(Reach { lowest, drafts_of })
    }

    fn ask(&self, told: &Told, action: Action, resource: &Resource) -> Result<Response, Undecided> {
        let access = self.access;
        let resource = access.terms.resource(resource)?;
        let known = access.actions.get(&action);
        let Known { action, policies } = known.ok_or(Undecided::Action(action.name()))?;
        let request = Request::new(
            told.who.clone(),
            action.uid(),
            resource.uid(),
            Context::empty(),
            Some(&access.schema),
        )
        .map_err(Box::new)?;
        let asked = [action.clone(), resource];
        let entities = told.entities.clone().add_entities(asked, None);
        let entities = entities.map_err(Box::new)?;
        Ok(access
            .authorizer
            .is_authorized(&request, policies, &entities))
    }
}

/// What is known of each of the program's actions.
fn actions(schema: &Schema, policies: &PolicySet) -> Result<HashMap<Action, Known>, PolicyError> {
    let kind = EntityTypeName::from_str("Action").map_err(Box::new)?;
    let written = schema.action_entities().map_err(Box::new)?;
    let uid = |action: Action| {
        EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(action.name()))
    };
    let known: BTreeSet<EntityUid> = Action::ALL.iter().map(|action| uid(*action)).collect();
    let done: BTreeSet<EntityUid> = schema
        .actions()
        .filter(|action| is_done_to_something(schema, action))
        .cloned()
        .collect();
    let differing = known.symmetric_difference(&done);
    let differing: Vec<String> = differing.map(ToString::to_string).collect();
    if !differing.is_empty() {
        return Err(PolicyError::Actions(differing));
    }
    let known = Action::ALL.iter().filter_map(|name| {
        let action = written.get(&uid(*name))?.clone();
        let about = policies.policies();
        let about = about.filter(|policy| is_about(policy, &action.uid(), &written));
        let policies = PolicySet::from_policies(about.cloned());
        Some(policies.map(|policies| (*name, Known { action, policies })))
    });
    Ok(known.collect::<Result<_, _>>().map_err(Box::new)?)
}

/// Whether a policy's scope lets it speak of this action.
fn is_about(policy: &Policy, action: &EntityUid, hierarchy: &Entities) -> bool {
    let is_part_of = |wider: &EntityUid| wider == action || hierarchy.is_ancestor_of(wider, action);
    match policy.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::Eq(only) => only == *action,
        ActionConstraint::In(some) => some.iter().any(is_part_of),
    }
}

/// Whether it is something that is done, and not only a name for several such things.
fn is_done_to_something(schema: &Schema, action: &EntityUid) -> bool {
    schema
        .resources_for_action(action)
        .is_some_and(|mut resources| resources.next().is_some())
}
