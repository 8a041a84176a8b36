//! Somebody who may change what the tests change: the secretariat of every compact there is, with a second factor and a
//! token, made in the database as `compacts user` and the pages would.

use std::path::Path;
use std::sync::Arc;

use access::Access;
use accounts::{
    Accounts, Caller, EmailAddress, NewAccount, NewApiToken, Parts, Password, SystemRandomness,
    TokenAccess, TokenScope, VaultSealing,
};
use chrono::TimeDelta;
use domain::clock::{Clock, SystemClock};
use domain::ids::{
    AccountId, CommandId, CompactId, GrantId, IdSource, LedgerId, RandomIds, RegionId,
};
use domain::region::GrantTerms;
use domain::{Command, Event, Post, RegionCommand};
use ledger::{Address, Ledger, Options, Pool, Reader, ServiceRole};
use recorder::{Installation, Recorder, Submission};
use vault::{MasterKeyFile, Vault};

const PASSWORD: &str = "seven brass kettles humming";

/// Makes one in the database at `url`, whose master key is in this file, and gives their token.
pub async fn token(url: &str, master_key: &Path) -> String {
    let address = Address::new(url, None).expect("an address");
    let pool = async |role| ledger::connect(&address, role, 2).await.expect("let in");
    let (gateway, keys, recorder) = (
        pool(ServiceRole::Gateway).await,
        pool(ServiceRole::Keys).await,
        pool(ServiceRole::Recorder).await,
    );
    let (region, compacts) = ledgers(&Reader::new(gateway.clone())).await;
    let vault = open_vault(keys.clone(), master_key).await;
    let accounts = open(gateway.clone(), vault.clone(), region);
    let account = invite(&accounts).await;
    make_secretariat((recorder.clone(), vault), region, account, &compacts).await;
    let token = make_token(&accounts).await;
    for pool in [gateway, keys, recorder] {
        pool.close().await;
    }
    token
}

/// The region, and its compacts.
async fn ledgers(reader: &Reader) -> (RegionId, Vec<CompactId>) {
    let (mut region, mut compacts) = (None, Vec::new());
    for ledger in reader.ledgers().await.expect("ledgers") {
        let first = reader.read(ledger, 0, 1).await.expect("entries");
        let first = first[0].decode().expect("an entry");
        match first.event {
            Event::Region(_) => region = Some(RegionId::new(ledger.uuid())),
            _ => compacts.push(CompactId::new(ledger.uuid())),
        }
    }
    (region.expect("a region"), compacts)
}

async fn open_vault(keys: Pool, master_key: &Path) -> Vault {
    let randomness = Arc::new(SystemRandomness);
    let master = MasterKeyFile::open(master_key, randomness.clone()).expect("a master key");
    let vault = Vault::open(keys, Arc::new(master), randomness, Arc::new(SystemClock));
    vault.await.expect("a vault")
}

fn open(pool: Pool, vault: Vault, region: RegionId) -> Accounts {
    let ledger: LedgerId = region.ledger();
    let parts = Parts {
        pool,
        sealing: Arc::new(VaultSealing::new(vault, ledger)),
        clock: Arc::new(SystemClock),
        ids: Arc::new(RandomIds),
        randomness: Arc::new(SystemRandomness),
    };
    Accounts::new(parts, accounts::Settings::default()).expect("accounts")
}

fn email() -> EmailAddress {
    EmailAddress::read("insider@members.example").expect("an address")
}

async fn invite(accounts: &Accounts) -> AccountId {
    let new = NewAccount {
        name: "An insider".to_owned(),
        email: email(),
    };
    let (account, link) = accounts.invite(&new).await.expect("invited");
    let (password, local) = (Password::typed(PASSWORD), Caller::local());
    let set = accounts.set_password_by_link(&link, &password, &local);
    set.await.expect("a password");
    account
}

async fn make_secretariat(
    (pool, vault): (Pool, Vault),
    region: RegionId,
    account: AccountId,
    of: &[CompactId],
) {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let ledger = Ledger::start(pool, Options::default(), clock.clone());
    let access = Arc::new(Access::load().expect("the policies"));
    let recorder = Recorder::new(ledger.clone(), access, vault, clock.clone(), 10);
    let give = |compact_id: &CompactId| Command::Region {
        id: region,
        command: RegionCommand::GrantRole {
            grant: GrantId::new(RandomIds.next()),
            terms: GrantTerms {
                account,
                post: Post::Secretariat {
                    compact_id: *compact_id,
                },
                from: clock.today(),
                until: None,
            },
        },
    };
    let submission = Submission {
        ledger: region.ledger(),
        command_id: CommandId::new(RandomIds.next()),
        actor: Installation {
            id: "operator".to_owned(),
            role: "operator".to_owned(),
        },
        causation: None,
        occurred_on: None,
        meeting: None,
        expected_version: None,
        commands: of.iter().map(give).collect(),
    };
    recorder.record_own(submission).await.expect("recorded");
    drop(recorder);
    ledger.shutdown().await;
}

async fn make_token(accounts: &Accounts) -> String {
    let (local, password) = (Caller::local(), Password::typed(PASSWORD));
    let email = email();
    let come_in = accounts.sign_in(email.expose(), &password, &local, None);
    let session = come_in.await.expect("signed in").session;
    let enrolment = accounts.begin_second_factor(&session).await.expect("begun");
    let code = enrolment.code_at(SystemClock.now()).expect("a code");
    let confirmed = accounts
        .confirm_second_factor(&session, &code, &local)
        .await;
    let (signed_in, _) = confirmed.expect("confirmed");
    let new = NewApiToken {
        name: "a test's".to_owned(),
        scope: TokenScope::Everything,
        access: TokenAccess::Write,
        expires_at: SystemClock.now() + TimeDelta::days(1),
    };
    let made = accounts.make_token(&signed_in.session, &new, &local).await;
    let (_, token) = made.expect("a token");
    (*token.expose()).clone()
}
