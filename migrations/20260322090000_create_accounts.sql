-- Who may come in: accounts, how they prove who they are, and what keeps them signed in. What an account may do is
-- not here: roles are granted by events in the region's ledger.
--
-- Accounts belong to no compact (one person may work for two), so no key here begins with a ledger.
-- Nothing that lets somebody in is stored as it is: passwords are hashed slowly, random secrets quickly, and what can
-- be read again (names, addresses, the seeds of codes) is sealed by the vault.
create schema account;
comment on schema account is 'Accounts, sign-ins and sessions. Not derived from any ledger; not part of a rebuild.';

create table account.account (
    account_id uuid not null,
    email_index bytea not null,
    email_sealed bytea not null,
    name_sealed bytea not null,
    state text not null,
    password_hash text,
    epoch integer not null default 0,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    constraint account_pkey primary key (account_id),
    constraint account_email_key unique (email_index),
    constraint account_state_known check (state in ('invited', 'active', 'disabled')),
    constraint account_email_index_is_a_hash check (octet_length(email_index) = 32)
);
comment on table account.account is 'A person who can, or could, sign in.';
comment on column account.account.email_index is 'Keyed hash of the e-mail address, to find it by without reading it.';
comment on column account.account.password_hash is 'argon2id, as a PHC string; none for who only comes in by OpenID Connect.';
comment on column account.account.epoch is 'Raised when everything signed in must end: a session of an earlier epoch is none.';

-- Invitations and resets: whoever has the link may set the password, once, for a while.
create table account.link (
    account_id uuid not null,
    purpose text not null,
    token_hash bytea not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    constraint link_pkey primary key (account_id, purpose),
    constraint link_token_key unique (token_hash),
    constraint link_account_fkey foreign key (account_id) references account.account on delete cascade,
    constraint link_purpose_known check (purpose in ('invitation', 'reset')),
    constraint link_token_is_a_hash check (octet_length(token_hash) = 32)
);
comment on table account.link is 'Links that were sent and not used. A new one takes the place of the old.';
create index link_expiry on account.link (expires_at);

create table account.openid_link (
    issuer text collate "C" not null,
    subject_index bytea not null,
    account_id uuid not null,
    subject_sealed bytea not null,
    linked_at timestamptz not null,
    constraint openid_link_pkey primary key (issuer, subject_index),
    constraint openid_link_account_fkey foreign key (account_id) references account.account on delete cascade,
    constraint openid_link_subject_index_is_a_hash check (octet_length(subject_index) = 32)
);
comment on table account.openid_link is 'Which account somebody is whom an OpenID provider vouches for.';
create index openid_link_account on account.openid_link (account_id);

create table account.second_factor (
    account_id uuid not null,
    secret_sealed bytea not null,
    begun_at timestamptz not null,
    confirmed_at timestamptz,
    last_step bigint not null default 0,
    constraint second_factor_pkey primary key (account_id),
    constraint second_factor_account_fkey foreign key (account_id) references account.account on delete cascade
);
comment on table account.second_factor is 'The seed of the codes an authenticator app shows (RFC 6238).';
comment on column account.second_factor.confirmed_at is 'When the first code was given; before that it asks for none.';
comment on column account.second_factor.last_step is 'The time step of the last code that was taken. None of it or before is taken again.';

create table account.recovery_code (
    account_id uuid not null,
    code_hash bytea not null,
    constraint recovery_code_pkey primary key (account_id, code_hash),
    constraint recovery_code_account_fkey
        foreign key (account_id) references account.second_factor on delete cascade,
    constraint recovery_code_is_a_hash check (octet_length(code_hash) = 32)
);
comment on table account.recovery_code is 'What stands in for a lost app, each once: a code that was used is gone.';

-- "Session" alone is, in this house, the year a commitment belongs to.
create table account.web_session (
    session_id uuid not null,
    token_hash bytea not null,
    account_id uuid not null,
    epoch integer not null,
    way text not null,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    second_factor_at timestamptz,
    network text,
    agent text not null,
    constraint web_session_pkey primary key (session_id),
    constraint web_session_token_key unique (token_hash),
    constraint web_session_account_fkey foreign key (account_id) references account.account on delete cascade,
    constraint web_session_way_known check (way in ('password', 'openid')),
    constraint web_session_token_is_a_hash check (octet_length(token_hash) = 32)
) with (fillfactor = 80);
comment on table account.web_session is 'Who is signed in with a browser.';
comment on column account.web_session.network is 'Where from, the last part of the address left out; for the owner to recognise it by.';
comment on column account.web_session.agent is 'Which browser on which system, in a word each.';
create index web_session_account on account.web_session (account_id, created_at);
create index web_session_created on account.web_session (created_at);

create table account.api_token (
    token_id uuid not null,
    token_hash bytea not null,
    account_id uuid not null,
    name_sealed bytea not null,
    compacts uuid[],
    writes boolean not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz,
    constraint api_token_pkey primary key (token_id),
    constraint api_token_hash_key unique (token_hash),
    constraint api_token_account_fkey foreign key (account_id) references account.account on delete cascade,
    constraint api_token_is_a_hash check (octet_length(token_hash) = 32),
    constraint api_token_at_most_a_year check (expires_at > created_at and expires_at <= created_at + interval '366 days')
) with (fillfactor = 80);
comment on table account.api_token is 'Keys that programs bring along for their owner.';
comment on column account.api_token.compacts is 'Which compacts it is good for; null is every one the account may work in.';
create index api_token_account on account.api_token (account_id, created_at, token_id);

-- How often something was tried that can be guessed at. What the row is about is only there as a keyed hash, so it
-- does not tell whether there is such an account.
create table account.throttle (
    subject bytea not null,
    attempts integer not null,
    last_at timestamptz not null,
    closed_until timestamptz not null,
    constraint throttle_pkey primary key (subject),
    constraint throttle_subject_is_a_hash check (octet_length(subject) = 32)
) with (fillfactor = 70);
comment on table account.throttle is 'Attempts at an account or from an address, and until when no more are taken.';
create index throttle_last on account.throttle (last_at);

create table account.security_log (
    entry_id uuid not null,
    at timestamptz not null,
    event text collate "C" not null,
    account_id uuid,
    claimed bytea,
    thing uuid,
    network text,
    constraint security_log_pkey primary key (at, entry_id),
    constraint security_log_account_fkey
        foreign key (account_id) references account.account on delete set null
);
comment on table account.security_log is 'Sign-ins, refusals and exports; no personal data in clear. Kept for a while.';
comment on column account.security_log.claimed is 'Who somebody said they were: keyed hash of the e-mail address.';
comment on column account.security_log.thing is 'The session, token or compact it is about.';
comment on column account.security_log.network is 'Where from: the first 24 bits of an IPv4 address, 48 of an IPv6 one.';
create index security_log_account on account.security_log (account_id, at, entry_id) where account_id is not null;
create index security_log_claimed on account.security_log (claimed) where claimed is not null;

-- Whoever is forgotten is forgotten here too: what happened stays, to whom does not. (The account's id is taken out
-- by the foreign key.) Runs with the owner's rights: the service may add to this log and not change it.
create function account.security_log_let_go() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update account.security_log set claimed = null where claimed = old.email_index;
    return null;
end
$$;
revoke all on function account.security_log_let_go() from public;
create trigger account_security_log_let_go
    after delete or update of email_index on account.account
    for each row execute function account.security_log_let_go();

-- What is old enough goes. The last 30 days cannot be taken out by a service, whatever it asks for.
create function account.security_log_trim(older_than timestamptz, at_most integer) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    gone bigint;
begin
    delete from account.security_log where (at, entry_id) in (
        select at, entry_id from account.security_log
        where at < least(older_than, now() - interval '30 days')
        order by at, entry_id limit at_most
    );
    get diagnostics gone = row_count;
    return gone;
end
$$;
revoke all on function account.security_log_trim(timestamptz, integer) from public;

-- The gateway signs people in; no other service has business here.
grant usage on schema account to compacts_gateway;
grant select, insert, delete on account.account to compacts_gateway;
grant update (email_index, email_sealed, name_sealed, state, password_hash, epoch, changed_at)
    on account.account to compacts_gateway;
grant select, insert, delete, update (token_hash, created_at, expires_at) on account.link to compacts_gateway;
grant select, insert, delete on account.openid_link, account.recovery_code to compacts_gateway;
grant select, insert, delete, update (secret_sealed, begun_at, confirmed_at, last_step)
    on account.second_factor to compacts_gateway;
grant select, insert, delete, update (token_hash, last_seen_at, second_factor_at)
    on account.web_session to compacts_gateway;
grant select, insert, delete, update (last_used_at, revoked_at) on account.api_token to compacts_gateway;
grant select, insert, delete, update (attempts, last_at, closed_until) on account.throttle to compacts_gateway;
grant select, insert on account.security_log to compacts_gateway;
grant execute on function account.security_log_trim(timestamptz, integer) to compacts_gateway;
