-- Who holds which role in a region and its compacts, and for which days: asked each time someone signs in or asks
-- for something, so it is a table of its own and not a part of the register.
create table role_grants (
    ledger_id uuid not null,
    grant_id uuid not null,
    account_id uuid not null,
    compact_id uuid,
    from_day date not null,
    until_day date,
    document text not null,
    primary key (ledger_id, grant_id)
);
comment on table role_grants is 'Roles given to accounts, one row each.';
comment on column role_grants.compact_id is 'The compact it is held in; none when it is the whole region''s.';
comment on column role_grants.until_day is 'The last day on which it is held; before the first for a role that was taken away before it began.';
create index on role_grants (account_id, ledger_id, grant_id);
create index on role_grants (compact_id, ledger_id, grant_id);

revoke all on role_grants from public;
grant select, insert, update, delete on role_grants to compacts_projector;
grant select on role_grants to compacts_gateway;
