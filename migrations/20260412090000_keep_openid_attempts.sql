-- People on their way to an OpenID provider and back. What their browser must show when it comes back is not here, and
-- nothing the protocol calls a secret: all of it is made of the browser's ticket, of which a hash is kept.
create table account.openid_attempt (
    token_hash bytea not null,
    issuer text collate "C" not null,
    session_id uuid,
    link_hash bytea,
    prove_anew boolean not null,
    next text not null,
    begun_at timestamptz not null,
    expires_at timestamptz not null,
    constraint openid_attempt_pkey primary key (token_hash),
    constraint openid_attempt_session_fkey
        foreign key (session_id) references account.web_session on delete cascade,
    constraint openid_attempt_token_is_a_hash check (octet_length(token_hash) = 32),
    constraint openid_attempt_link_is_a_hash check (octet_length(link_hash) = 32),
    constraint openid_attempt_is_for_one_thing check (session_id is null or link_hash is null)
);
comment on table account.openid_attempt is 'Who went to a provider and has not come back. Taken out for the first answer.';
comment on column account.openid_attempt.session_id is 'Whose account its word is to be taken for; ends with the session.';
comment on column account.openid_attempt.link_hash is 'The invitation that is to be taken up.';
create index openid_attempt_expiry on account.openid_attempt (expires_at);
create index openid_attempt_session on account.openid_attempt (session_id) where session_id is not null;

grant select, insert, delete on account.openid_attempt to compacts_gateway;

-- A provider may keep people signed in for days: when they came here is not when they last proved who they are.
alter table account.web_session add column proved_at timestamptz;
comment on column account.web_session.proved_at is 'When its owner proved who they are; not set is when it began.';
