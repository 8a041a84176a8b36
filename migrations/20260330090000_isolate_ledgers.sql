-- Row security: the second wall between tenants. Whoever works here says, for one transaction, which ledgers the
-- work is about, and sees and writes no row of any other, whatever the statement says. Who says nothing
-- sees nothing.
--
-- A service signs in as itself: it owns nothing, is no superuser, is granted no other role, and may do with
-- each table what its work needs. Every service proves all of that from the catalogue when it starts.
do $$
declare
    service text;
begin
    foreach service in array array[
        'compacts_recorder', 'compacts_projector', 'compacts_gateway', 'compacts_auditor', 'compacts_keys'
    ] loop
        begin
            if not exists (select from pg_roles where rolname = service) then
                execute format('create role %I login nosuperuser nobypassrls noinherit', service);
            elsif not exists (select from pg_roles where rolname = service and rolcanlogin and not rolinherit) then
                execute format('alter role %I login noinherit', service);
            end if;
        exception
            -- Another database on this server is at it too.
            when duplicate_object or unique_violation or internal_error then
                null;
        end;
    end loop;
end
$$;

-- The ledgers this transaction is about: none unless it says so. What is not a list of ids is an error.
create function ledgers_in_scope() returns uuid[]
language sql stable parallel safe
return nullif(current_setting('compacts.ledgers', true), '')::uuid[];
comment on function ledgers_in_scope() is 'What `compacts.ledgers` names, for one transaction: an array of ids.';

-- Gives a table that bears a ledger's id the one policy there is. The query inside it is worked out once
-- for a statement, not once for a row.
create function isolate_by_ledger(isolated regclass) returns void
language plpgsql as $$
begin
    execute format('alter table %s enable row level security', isolated);
    execute format('alter table %s force row level security', isolated);
    execute format(
        'create policy of_its_ledger on %s to public
         using (ledger_id = any ((select ledgers_in_scope())::uuid[]))
         with check (ledger_id = any ((select ledgers_in_scope())::uuid[]))',
        isolated);
end
$$;
comment on function isolate_by_ledger(regclass) is 'For every migration that makes a table with a ledger_id.';

do $$
declare
    bearing regclass;
begin
    for bearing in
        select c.oid from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'ledger_id' and not a.attisdropped
        where c.relkind in ('r', 'p') and c.relnamespace in ('public'::regnamespace, 'view_rebuild'::regnamespace)
            and not c.relrowsecurity
    loop
        perform isolate_by_ledger(bearing);
    end loop;
end
$$;

-- Which ledgers there are is no secret between services: ids, and nothing else. The owner reads them on
-- everyone's behalf.
do $$
begin
    execute format('create policy listed_by_owner on ledger_head for select to %I using (true)', current_user);
end
$$;
create function every_ledger() returns setof uuid
language sql stable security definer set search_path = public, pg_temp
begin atomic
    select ledger_id from ledger_head order by ledger_id;
end;
revoke all on function every_ledger() from public;
grant execute on function every_ledger() to compacts_recorder, compacts_projector, compacts_gateway, compacts_auditor;

-- One batch of the writer: claims every head where the writer knows it to be, moves them all and inserts every row;
-- or, if any head is elsewhere, does nothing. Answers how many rows were inserted. Being one call, it
-- needs no transaction around it, and it works in exactly the ledgers it moves.
create function ledger_write_batch(
    moving uuid[], known_at bigint[], moved_to bigint[], moved_when timestamptz[],
    ledgers uuid[], positions bigint[], stream_versions bigint[], streams uuid[], commands uuid[],
    recorded_ats timestamptz[], meetings uuid[], occurred_ons date[], schema_versions integer[],
    command_entries smallint[], command_sizes smallint[], stream_kinds text[], event_types text[],
    digests bytea[], leaves bytea[]
) returns bigint
language plpgsql as $$
declare
    written bigint;
begin
    perform set_config('compacts.ledgers', moving::text, true);
    with claimed as (
        select head.ledger_id
        from unnest(moving, known_at) as known (ledger_id, position)
        join ledger_head head
            on head.ledger_id = known.ledger_id and head.position = known.position
        order by head.ledger_id
        for update of head
    ), moved as (
        update ledger_head head
        set position = next.position, recorded_at = next.recorded_at
        from unnest(moving, moved_to, moved_when) as next (ledger_id, position, recorded_at)
        where head.ledger_id = next.ledger_id
            and (select count(*) from claimed) = cardinality(moving)
        returning head.ledger_id
    )
    insert into ledger_entry (
        ledger_id, position, stream_version, stream_id, command_id, recorded_at, meeting_id,
        occurred_on, schema_version, command_entry, command_size, stream_kind, event_type,
        request_digest, leaf
    )
    select *
    from unnest(
        ledgers, positions, stream_versions, streams, commands, recorded_ats, meetings,
        occurred_ons, schema_versions, command_entries, command_sizes, stream_kinds, event_types,
        digests, leaves
    )
    where (select count(*) from moved) = cardinality(moving);
    get diagnostics written = row_count;
    return written;
end
$$;
revoke all on function ledger_write_batch from public;
grant execute on function ledger_write_batch to compacts_recorder;

-- The auditor looks at everything and touches nothing.
grant select on ledger_entry, ledger_head, region_register, compact_overview, commitment_view, action_plan_view,
    action_list, mentions, role_grants, view_checkpoint to compacts_auditor;
