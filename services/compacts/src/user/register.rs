//! The region as its ledger has it at this moment: what roles can be held over, and who holds which.
//!
//! It is read from the ledger and not from the views: those may be behind, and without a server nobody keeps them.

use anyhow::{Context, bail};
use chrono::NaiveDate;
use domain::ids::{AccountId, CompactId, GroupId, LedgerId, OrganisationId, RegionId};
use domain::names::folded;
use domain::region::RegionError;
use domain::role::{Post, Scope};
use domain::stream::StreamId;
use domain::{Event, Role};
use ledger::{Entry, Reader};
use views::{CompactOverview, Cut, RegionRegister, RoleGrantView, fold, fold_rows, stream_as_of};

use super::options::RoleGiven;

/// How many entries are read at once.
const PAGE: u32 = 500;

/// The region, and the roles that were given in it.
pub struct Register {
    /// The region.
    pub region: RegionRegister,
    /// Every role ever given, the oldest first.
    pub grants: Vec<RoleGrantView>,
    reader: Reader,
}

/// A role over what it is held over, found, and the days it was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The role and what it is held over.
    pub post: Post,
    /// The first day; none was named.
    pub from: Option<NaiveDate>,
    /// The last day; none has no end.
    pub until: Option<NaiveDate>,
}

impl Asked {
    /// Refuses days that are the wrong way round, the first being today where none was named.
    ///
    /// # Errors
    /// As the region's ledger would.
    pub fn check(&self, today: NaiveDate) -> anyhow::Result<()> {
        let from = self.from.unwrap_or(today);
        match self.until {
            Some(until) if until < from => bail!(RegionError::UntilBeforeFrom { from, until }),
            _ => Ok(()),
        }
    }
}

impl Register {
    /// Reads the one region of this installation.
    ///
    /// # Errors
    /// When the ledgers cannot be read, when no region has been established yet, and when there are several:
    /// accounts belong to one.
    pub async fn read(reader: Reader) -> anyhow::Result<Self> {
        let mut regions = Vec::new();
        for ledger in reader.ledgers().await? {
            if is_region(&reader, ledger).await? {
                regions.push(RegionId::new(ledger.uuid()));
            }
        }
        let region = match regions[..] {
            [region] => region,
            [] => bail!(
                "there is no region here yet, and every account belongs to one; begin with `compacts import \
                 reference`, or establish your own region"
            ),
            _ => bail!(
                "there are {} regions in this database, and accounts are kept for one; give each region a \
                 database of its own",
                regions.len()
            ),
        };
        let entries = read_stream(&reader, region.ledger(), StreamId::region(region)).await?;
        let mut grants: Vec<RoleGrantView> = fold_rows(&entries).into_values().collect();
        grants.sort_by_key(|grant| (grant.from, grant.given.position));
        Ok(Self {
            region: fold(&entries).context("the region's record does not begin as it must")?,
            grants,
            reader,
        })
    }

    /// The roles of an account, the oldest first.
    pub fn grants_of(&self, account: AccountId) -> impl Iterator<Item = &RoleGrantView> {
        let of_it = move |grant: &&RoleGrantView| grant.held.account_id == account;
        self.grants.iter().filter(of_it)
    }

    /// Finds what a role is to be held over.
    ///
    /// # Errors
    /// When something that was named is not there, or what is named and the role do not fit.
    pub async fn find(&self, role: Role, given: &RoleGiven) -> anyhow::Result<Asked> {
        let compact = given.compact.as_deref().map(|slug| self.compact(slug));
        let compact = compact.transpose()?;
        let group = match (compact, given.group.as_deref()) {
            (Some(compact), Some(code)) => Some(self.group(compact, code).await?),
            (None, Some(_)) => {
                bail!("a group is looked up in its compact; name that with --compact")
            }
            (_, None) => None,
        };
        let organisation = given.organisation.as_deref();
        let organisation = organisation.map(|named| self.organisation(named));
        let scope = Scope {
            compact,
            group,
            organisation: organisation.transpose()?,
        };
        Ok(Asked {
            post: Post::fit(role, scope)?,
            from: given.from,
            until: given.until,
        })
    }

    fn compact(&self, slug: &str) -> anyhow::Result<CompactId> {
        let compacts = &self.region.compacts;
        let found = compacts.iter().find(|compact| compact.slug == slug.trim());
        found.map(|compact| compact.id).with_context(|| {
            let there: Vec<&str> = compacts.iter().map(|one| one.slug.as_str()).collect();
            format!(
                "there is no compact “{slug}” in {}; {}",
                self.region.name,
                there_are(&there)
            )
        })
    }

    async fn group(&self, compact: CompactId, code: &str) -> anyhow::Result<GroupId> {
        let stream = StreamId::compact(compact);
        let overview =
            stream_as_of::<CompactOverview>(&self.reader, compact.ledger(), stream, Cut::default());
        let overview = overview.await?.context(
            "the compact's own record has not begun; start the server, which begins it, and run this again",
        )?;
        let mut at_work = overview.groups.iter().filter(|one| one.wound_up.is_none());
        let found = at_work
            .clone()
            .find(|one| folded(&one.code) == folded(code));
        match found {
            Some(group) => Ok(group.id),
            None => bail!(
                "there is no group “{code}” at work in {}; {}",
                overview.name.current,
                there_are(
                    &at_work
                        .by_ref()
                        .map(|one| one.code.as_str())
                        .collect::<Vec<_>>()
                )
            ),
        }
    }

    fn organisation(&self, named: &str) -> anyhow::Result<OrganisationId> {
        let organisations = &self.region.organisations;
        if let Ok(id) = named.trim().parse()
            && organisations.contains_key(&id)
        {
            return Ok(id);
        }
        let called = |name: &str| folded(name) == folded(named);
        let mut found = organisations
            .values()
            .filter(|one| called(&one.name.current));
        found.next().map(|one| one.id).with_context(|| {
            let alike = organisations.values().map(|one| one.name.current.as_str());
            let alike: Vec<&str> = alike
                .filter(|name| folded(name).contains(&folded(named)))
                .take(5)
                .collect();
            let hint = match alike[..] {
                [] => "give its name as it stands in the region's register, or its id".to_owned(),
                _ => format!("did you mean {}?", alike.join(", or ")),
            };
            format!(
                "there is no organisation “{named}” in {}; {hint}",
                self.region.name
            )
        })
    }

    /// A role and what it is held over, in words.
    pub fn words(&self, grant: &RoleGrantView) -> String {
        let post = grant.held.post;
        let role = post.role().words();
        let compact = post.compact().map(|id| {
            let mut compacts = self.region.compacts.iter();
            let found = compacts.find(|compact| compact.id == id);
            found.map_or_else(|| id.to_string(), |compact| compact.slug.clone())
        });
        let over = match (post.group(), post.organisation(), compact) {
            (Some(_), _, Some(compact)) => {
                let code = grant.held.group.as_ref().map_or("?", |group| &group.code);
                format!("{code} in {compact}")
            }
            (_, Some(organisation), Some(compact)) => {
                let found = self.region.organisations.get(&organisation);
                let name = found.map_or("?", |one| &one.name.current);
                format!("{name} in {compact}")
            }
            (_, _, Some(compact)) => compact,
            _ => self.region.name.clone(),
        };
        format!("{role}, {over}")
    }
}

fn there_are(names: &[&str]) -> String {
    match names {
        [] => "there is none yet".to_owned(),
        [one] => format!("there is only {one}"),
        _ => format!("there are {}", names.join(", ")),
    }
}

async fn is_region(reader: &Reader, ledger: LedgerId) -> anyhow::Result<bool> {
    let first = reader.read(ledger, 0, 1).await?;
    let Some(first) = first.first() else {
        return Ok(false);
    };
    Ok(matches!(first.decode()?.event, Event::Region(_)))
}

async fn read_stream(
    reader: &Reader,
    ledger: LedgerId,
    stream: StreamId,
) -> anyhow::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut version = 0;
    loop {
        let page = reader.read_stream(ledger, stream, version, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(entries);
        };
        version = last.stream_version;
        for raw in &page {
            entries.push(raw.decode()?);
        }
    }
}
