-- What somebody is still typing: minutes during a meeting, say. It is theirs alone, no event and no view: it goes with
-- its account, by being discarded, or a month after it was last saved. It is sealed under its owner's key.
--
-- It is about something of one compact, so it stands behind the same wall as that compact's rows.
create table account.draft (
    ledger_id uuid not null,
    account_id uuid not null,
    kind text not null,
    about uuid not null,
    version integer not null,
    content_sealed bytea not null,
    saved_at timestamptz not null,
    expires_at timestamptz not null,
    constraint draft_pkey primary key (ledger_id, account_id, kind, about),
    constraint draft_account_fkey foreign key (account_id) references account.account on delete cascade,
    constraint draft_kind_is_a_word check (kind ~ '^[a-z][a-z-]{1,39}$'),
    constraint draft_version_counts check (version > 0),
    constraint draft_is_not_too_long check (octet_length(content_sealed) <= 500000)
);
comment on table account.draft is 'What people are still typing, sealed, for nobody but them.';
comment on column account.draft.kind is 'What it is about: a kind of thing in the compact.';
comment on column account.draft.version is 'Counts how often it was saved, so that two windows notice one another.';
create index draft_account on account.draft (account_id);
create index draft_expiry on account.draft (expires_at);
select isolate_by_ledger('account.draft');
grant select, insert, delete, update (version, content_sealed, saved_at, expires_at) on account.draft to compacts_gateway;
