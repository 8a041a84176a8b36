//! Everything held about somebody: their account, and what compacts have written down of people with their e-mail address.

use accounts::{Caller, SecurityEvent};
use anyhow::{Context, bail};
use domain::ids::{AccountId, LedgerId, PersonId};
use serde_json::{Value, json};
use views::{PersonView, RoleGrantView, fold_into};

use super::office::{Office, email};

/// How many entries are read at once.
const PAGE: u32 = 500;

/// Everything held about somebody, by their e-mail address or their account.
///
/// # Errors
/// When nothing is held, or it cannot be read or written down that it was taken out.
pub async fn everything(office: &Office, who: &str) -> anyhow::Result<Value> {
    let account = match who.trim().parse::<AccountId>() {
        Ok(id) => Some(id),
        Err(_) => office.accounts.account_of(&email(who)?).await?,
    };
    let held = match account {
        Some(account) => office.accounts.everything_about(account).await?,
        None => None,
    };
    let address = match &held {
        Some(held) => held.account.email.clone(),
        None if who.contains('@') => email(who)?.expose().to_owned(),
        None => bail!("there is no such account; `compacts user list` shows those there are"),
    };
    let mut people = Vec::new();
    for compact in &office.register.region.compacts {
        for person in with_address(office, compact.id.ledger(), &address).await? {
            let held = office.historian.held(compact.id.ledger(), person).await?;
            let held = held.context("a person who was there is gone")?;
            people.push((
                person,
                json!({ "compact": compact.slug, "held": gateway::held(&held) }),
            ));
        }
    }
    if held.is_none() && people.is_empty() {
        bail!("nothing is held here about anybody with this e-mail address");
    }
    // What cannot be written down is not given out.
    let about = account.map(AccountId::uuid).into_iter();
    for thing in about.chain(people.iter().map(|(person, _)| person.uuid())) {
        let exported = SecurityEvent::PersonalDataExported;
        let by = Caller::local();
        let written = office.accounts.record(exported, account, Some(thing), &by);
        written.await?;
    }
    let people: Vec<Value> = people.into_iter().map(|(_, held)| held).collect();
    Ok(json!({ "account": held, "roles": roles(office, account), "people": people }))
}

/// Every role the account holds, held or is to hold.
fn roles(office: &Office, account: Option<AccountId>) -> Vec<Value> {
    let register = &office.register;
    let grants = account
        .into_iter()
        .flat_map(|account| register.grants_of(account));
    let role = |grant: &RoleGrantView| json!({ "role": register.words(grant), "from": grant.from, "until": grant.until.current });
    grants.map(role).collect()
}

/// The compacts that have written somebody down with the address of this account.
///
/// # Errors
/// When they cannot be read.
pub async fn where_written_down(office: &Office, account: AccountId) -> anyhow::Result<Vec<&str>> {
    let mut slugs = Vec::new();
    let found = office.accounts.account(account).await?;
    let Some(found) = found.filter(|found| !found.email.is_empty()) else {
        return Ok(slugs);
    };
    for compact in &office.register.region.compacts {
        let people = with_address(office, compact.id.ledger(), &found.email);
        if !people.await?.is_empty() {
            slugs.push(compact.slug.as_str());
        }
    }
    Ok(slugs)
}

/// The people of a compact who have this address now, or had it.
async fn with_address(
    office: &Office,
    ledger: LedgerId,
    address: &str,
) -> anyhow::Result<Vec<PersonId>> {
    let mut people = std::collections::BTreeMap::new();
    let mut after = 0;
    loop {
        let page = office.reader.read(ledger, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.position;
        for raw in &page {
            fold_into::<PersonView>(&mut people, &raw.decode()?);
        }
    }
    office.vault.open_texts(ledger, people.values_mut()).await?;
    let address = address.to_lowercase();
    let had = |person: &&PersonView| {
        let terms = person.terms.iter();
        let mut all = terms.flat_map(|terms| {
            let changes = terms.changes.iter().map(|change| &change.from);
            changes.chain([&terms.current])
        });
        all.any(|terms| {
            let email = terms.email.as_ref().and_then(domain::Text::plain);
            email.is_some_and(|email| email.to_lowercase() == address)
        })
    };
    Ok(people
        .values()
        .filter(had)
        .map(|person| person.id)
        .collect())
}
