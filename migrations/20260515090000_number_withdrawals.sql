-- What is taken from a subject (its leave to be sealed for, its key) is numbered in the order in which others come to see it.
-- So who keeps keys in memory asks only what was taken since they last asked, and need not ask about every key they use.
alter table vault.subject add column withdrawn_as bigint;
comment on column vault.subject.withdrawn_as is
    'The number of the last withdrawal from it: its fence, or its key. What is committed later has a higher one.';
create index subject_by_withdrawal on vault.subject (withdrawn_as) where withdrawn_as is not null;

-- One at a time until the transaction ends: no number becomes visible before one below it.
create function vault.number_withdrawal() returns trigger
language plpgsql as $$
begin
    perform pg_advisory_xact_lock('vault.subject'::regclass::integer, 1);
    new.withdrawn_as := (select coalesce(max(withdrawn_as), 0) + 1 from vault.subject);
    return new;
end
$$;
revoke all on function vault.number_withdrawal() from public;

create trigger subject_begins_withdrawn
    before insert on vault.subject
    for each row
    when (new.fenced_at is not null or new.withdrawn_as is not null)
    execute function vault.number_withdrawal();
alter table vault.subject enable always trigger subject_begins_withdrawn;

create trigger subject_is_withdrawn
    before update on vault.subject
    for each row
    when (
        new.fenced_at is distinct from old.fenced_at
        or new.destroyed_at is distinct from old.destroyed_at
        or (new.wrapped_key is null) <> (old.wrapped_key is null)
        or new.withdrawn_as is distinct from old.withdrawn_as
    )
    execute function vault.number_withdrawal();
alter table vault.subject enable always trigger subject_is_withdrawn;

-- How many entries streams have, in one call without a transaction around it; it looks at the ledgers it is asked about.
create function stream_versions(ledgers uuid[], streams uuid[])
returns table (of_ledger uuid, of_stream uuid, stands_at bigint)
language plpgsql as $$
begin
    perform set_config('compacts.ledgers', ledgers::text, true);
    return query
        select asked.ledger_id, asked.stream_id, coalesce((
            select entry.stream_version from ledger_entry entry
            where entry.ledger_id = asked.ledger_id and entry.stream_id = asked.stream_id
            order by entry.stream_version desc limit 1
        ), 0)
        from unnest(ledgers, streams) as asked (ledger_id, stream_id);
end
$$;
revoke all on function stream_versions from public;
grant execute on function stream_versions to compacts_recorder;
