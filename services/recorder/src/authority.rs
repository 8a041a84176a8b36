//! Authority: whether an account may do what it asks, and in which of its roles.
//!
//! Roles are read from the region's own ledger and not from a view, and what is appended because of them holds only if that
//! ledger says so still: one that was taken away counts for nothing from the next command on, whichever process recorded
//! that. They are counted on today's date by this house's clock,
//! never on the day a command says it is about.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use access::{Access, Action, Asker, Grant, Principal, Resource};
use chrono::NaiveDate;
use domain::Facts;
use domain::ids::{AccountId, GrantId, LedgerId, RegionId};
use domain::{AssessmentCommand, Command, Post, Region, RegionCommand, Role};

use crate::aggregates::Loaded;
use crate::submission::{Actor, FORBIDDEN, RecordError};
use crate::target::{Target, posts_over};

/// How many answers are remembered of one state of a region's record.
const ANSWERS: usize = 4096;

/// Who holds which roles in a region, as far as its ledger went when it was read.
#[derive(Default)]
pub(crate) struct Holders {
    established: bool,
    of: HashMap<AccountId, Vec<Grant>>,
    posts: HashMap<GrantId, Post>,
    /// What was allowed on this state of the record, in which roles. The policies answer by what is asked and nothing
    /// else, so who asks the same again is given the same answer.
    allowed: Mutex<HashMap<Asked, Arc<BTreeSet<Role>>>>,
}

/// What an answer depends on, beside the roles there are.
#[derive(PartialEq, Eq, Hash)]
struct Asked {
    actor: Actor,
    today: NaiveDate,
    action: Action,
    resource: Resource,
}

impl Holders {
    /// Those a region's record names.
    pub(crate) fn read(id: RegionId, region: &Region) -> Self {
        let mut holders = Self {
            established: region.is_established(),
            ..Self::default()
        };
        for (grant, account, post, days) in region.grants() {
            holders.posts.insert(grant, post);
            holders.of.entry(account).or_default().push(Grant {
                id: grant,
                account,
                region: id,
                post,
                from: days.from,
                until: days.last,
            });
        }
        holders
    }

    fn allowed(&self, asked: &Asked) -> Option<Arc<BTreeSet<Role>>> {
        let allowed = self.allowed.lock().unwrap_or_else(PoisonError::into_inner);
        allowed.get(asked).cloned()
    }

    fn remember(&self, asked: Asked, roles: &Arc<BTreeSet<Role>>) {
        let mut allowed = self.allowed.lock().unwrap_or_else(PoisonError::into_inner);
        if allowed.len() >= ANSWERS {
            allowed.clear();
        }
        allowed.insert(asked, Arc::clone(roles));
    }

    fn principal(&self, actor: &Actor) -> Principal {
        let grants = self.of.get(&actor.account).into_iter().flatten().copied();
        let principal = Principal::account(actor.account, grants);
        match &actor.token {
            Some(token) => principal.with(token.clone()),
            None => principal,
        }
    }
}

/// What was read of each region, with how far its ledger went then.
#[derive(Default)]
pub(crate) struct Remembered(Mutex<HashMap<RegionId, (u64, Arc<Holders>)>>);

impl Remembered {
    /// What was read of a region when its ledger went at least this far, and how far it went.
    pub(crate) fn since(&self, region: RegionId, version: u64) -> Option<(u64, Arc<Holders>)> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (read_at, holders) = known.get(&region)?;
        (*read_at >= version).then(|| (*read_at, Arc::clone(holders)))
    }

    /// Remembers it; not for a region that is none, of which there are as many as anybody cares to name.
    pub(crate) fn keep(&self, region: RegionId, version: u64, holders: &Arc<Holders>) {
        if !holders.established {
            return;
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let newest = known
            .entry(region)
            .or_insert_with(|| (version, Arc::clone(holders)));
        if newest.0 < version {
            *newest = (version, Arc::clone(holders));
        }
    }
}

/// An account at work on one ledger, today.
pub(crate) struct Authority<'a> {
    access: &'a Access,
    actor: &'a Actor,
    /// Who asks, as the policies are told; made when they are first asked.
    told: OnceLock<(Principal, Asker<'a>)>,
    holders: Arc<Holders>,
    region: RegionId,
    today: NaiveDate,
}

/// The role to sign with: the most specific of those in which everything asked for may be done; where none allows all
/// of it, of those that allow the first.
pub(crate) fn signing(allowed: &[Arc<BTreeSet<Role>>]) -> Option<Role> {
    let (first, rest) = allowed.split_first()?;
    // Roles are in the order of how much they are held over, the widest first.
    let for_all = |role: &&Role| rest.iter().all(|other| other.contains(role));
    let most_specific = first.iter().rev().find(for_all);
    most_specific.or(first.last()).copied()
}

/// Why something may not be done.
enum Denied {
    /// It may not even be read: it is as if it were not there.
    Unseen,
    /// It may be read, and not be done.
    Forbidden,
}

impl<'a> Authority<'a> {
    /// The account as the region's record knows it.
    pub(crate) fn new(
        access: &'a Access,
        actor: &'a Actor,
        region: (RegionId, Arc<Holders>),
        today: NaiveDate,
    ) -> Self {
        let (region, holders) = region;
        Self {
            access,
            actor,
            told: OnceLock::new(),
            holders,
            region,
            today,
        }
    }

    /// The roles in which the account may do this, to what has been decided so far.
    ///
    /// # Errors
    /// What to answer when it may not: the same as if the thing were not there, unless it may be read.
    pub(crate) fn allow(
        &self,
        ledger: LedgerId,
        command: &Command,
        loaded: &Loaded,
        facts: &Facts,
    ) -> Result<Arc<BTreeSet<Role>>, RecordError> {
        let action = Action::from(command);
        let target = Target {
            region: self.region,
            ledger,
            loaded,
            facts,
        };
        let resource = target.of(command, |grant| self.holders.posts.get(&grant).copied());
        let asked = Asked {
            actor: self.actor.clone(),
            today: self.today,
            action,
            resource,
        };
        if let Some(roles) = self.holders.allowed(&asked) {
            return Ok(roles);
        }
        let resource = &asked.resource;
        let decision = self.asker().decide(action, resource);
        if decision.allowed {
            let roles = Arc::new(self.roles(action, resource));
            if !roles.is_empty() {
                self.holders.remember(asked, &roles);
                return Ok(roles);
            }
        }
        for error in &decision.errors {
            tracing::error!(
                error,
                action = action.name(),
                "the policies could not decide"
            );
        }
        Err(match self.denied(command, resource) {
            Denied::Unseen => RecordError::UnknownLedger,
            Denied::Forbidden => self.forbidden(action, resource),
        })
    }

    fn told(&self) -> &(Principal, Asker<'a>) {
        self.told.get_or_init(|| {
            let principal = self.holders.principal(self.actor);
            let asker = self.access.asker(&principal, self.today);
            (principal, asker)
        })
    }

    fn principal(&self) -> &Principal {
        &self.told().0
    }

    fn asker(&self) -> &Asker<'a> {
        &self.told().1
    }

    /// Those of the account's roles that by themselves allow it.
    fn roles(&self, action: Action, resource: &Resource) -> BTreeSet<Role> {
        let mut current = self.principal().grants_on(self.today);
        if let (Some(only), None) = (current.next(), current.next()) {
            return BTreeSet::from([only.post.role()]);
        }
        let alone = |grant: &&Grant| {
            let alone = Principal::account(self.actor.account, [**grant]);
            self.access
                .decide(&alone, action, resource, self.today)
                .allowed
        };
        let current = self.principal().grants_on(self.today);
        current
            .filter(alone)
            .map(|grant| grant.post.role())
            .collect()
    }

    fn denied(&self, command: &Command, resource: &Resource) -> Denied {
        let seen = |action, resource: &Resource| self.asker().decide(action, resource).allowed;
        let seen = match command {
            Command::Region {
                command: RegionCommand::EndRole { grant, .. },
                ..
            } => self.holders.posts.contains_key(grant) && seen(Action::ReadRoles, resource),
            Command::Region { .. } => {
                let register = Resource::Region(self.region);
                self.holders.established && seen(Action::ReadRegister, &register)
            }
            Command::Assessment {
                command: AssessmentCommand::RedactText { .. },
                ..
            } => seen(Action::ReadHistory, resource),
            _ => seen(Action::ReadRecord, resource),
        };
        if seen {
            Denied::Forbidden
        } else {
            Denied::Unseen
        }
    }

    /// Says who may do it.
    fn forbidden(&self, action: Action, resource: &Resource) -> RecordError {
        let may: Vec<String> = self
            .who_may(action, resource)
            .into_iter()
            .map(|role| format!("the {}", role.words()))
            .collect();
        let through_token =
            self.actor.token.is_some() && self.untokened().decide(action, resource).allowed;
        let message = match (through_token, &may[..]) {
            (true, _) => {
                "the token this came with is not good for that; sign in, or use one that is good for changing this"
                    .to_owned()
            }
            (false, []) => "nobody may do that here".to_owned(),
            (false, may) => {
                let may = may.join(" or ");
                format!("you may read this, and it is for {may} to {}; ask them", action.words())
            }
        };
        crate::recorder::refused(FORBIDDEN, "", &message)
    }

    /// The same account without its token.
    fn untokened(&self) -> Asker<'a> {
        let actor = Actor {
            token: None,
            ..self.actor.clone()
        };
        self.access
            .asker(&self.holders.principal(&actor), self.today)
    }

    /// The roles whose holders may do it, held over what it belongs to.
    fn who_may(&self, action: Action, resource: &Resource) -> BTreeSet<Role> {
        let account = self.actor.account;
        let may = |post: &Post| {
            let grant = Grant {
                id: GrantId::new(account.uuid()),
                account,
                region: self.region,
                post: *post,
                from: self.today,
                until: None,
            };
            let holder = Principal::account(account, [grant]);
            self.access
                .decide(&holder, action, resource, self.today)
                .allowed
        };
        let posts = posts_over(resource).into_iter();
        posts.filter(may).map(Post::role).collect()
    }
}
