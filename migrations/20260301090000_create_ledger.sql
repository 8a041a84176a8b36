-- The ledger: one append-only log per compact, and one for the region. Everything else in this
-- database can be worked out again from these two tables.

-- Service roles. None can log in, own a table or get round row-level security: a service logs in as
-- itself and is granted one of them. Roles belong to the whole cluster, so another database on it
-- may make them at the same moment.
do $$
declare
    service text;
begin
    foreach service in array array['compacts_recorder', 'compacts_projector', 'compacts_gateway'] loop
        if not exists (select from pg_roles where rolname = service) then
            begin
                execute format('create role %I nologin nosuperuser nobypassrls', service);
            exception
                when duplicate_object or unique_violation then
                    null;
            end;
        end if;
    end loop;
end
$$;

-- One row per ledger: where it ends. Whoever moves it from n to n + k owns positions n + 1 to n + k,
-- so positions are dense and in commit order. Rewritten at every append, hence the free space.
create table ledger_head (
    ledger_id uuid not null,
    position bigint not null,
    recorded_at timestamptz not null,
    constraint ledger_head_pkey primary key (ledger_id),
    constraint ledger_head_position_from_zero check (position >= 0)
) with (fillfactor = 20, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);

comment on table ledger_head is 'Where each ledger ends. Moves forward only.';
comment on column ledger_head.position is 'The last position written; 0 before the first.';
comment on column ledger_head.recorded_at is 'When the last entry was recorded; the next is never earlier.';

-- The entries. `leaf` is the record; every other column repeats something of it so that it can be found,
-- or tells one command from another.
create table ledger_entry (
    ledger_id uuid not null,
    position bigint not null,
    stream_version bigint not null,
    stream_id uuid not null,
    command_id uuid not null,
    recorded_at timestamptz not null,
    meeting_id uuid,
    occurred_on date not null,
    schema_version integer not null,
    command_entry smallint not null,
    command_size smallint,
    stream_kind text not null,
    event_type text not null,
    request_digest bytea,
    leaf bytea not null,
    constraint ledger_entry_pkey primary key (ledger_id, position),
    constraint ledger_entry_stream_key unique (ledger_id, stream_id, stream_version),
    constraint ledger_entry_position_from_one check (position >= 1),
    constraint ledger_entry_stream_version_from_one check (stream_version >= 1),
    -- The first entry of a command says how many there are and what was asked; the others say neither.
    constraint ledger_entry_command_described_once check (
        case
            when command_entry = 0 then command_size >= 1 and octet_length(request_digest) = 32
            else command_entry > 0 and command_size is null and request_digest is null
        end
    )
);

-- The same command has one effect: its first entry can be there once.
create unique index ledger_entry_command_key on ledger_entry (ledger_id, command_id) where command_entry = 0;

comment on table ledger_entry is 'Append-only. What is stored here never changes.';
comment on column ledger_entry.leaf is 'The exact bytes that are hashed and proved: one byte naming the encoding, then the envelope as canonical JSON (RFC 8785).';
comment on column ledger_entry.command_entry is 'Which of its command''s entries this is, from 0.';
comment on column ledger_entry.command_size is 'On a command''s first entry: how many entries the command has.';
comment on column ledger_entry.request_digest is 'On a command''s first entry: SHA-256 of the request, to tell a retry from a reused id.';

-- Append-only, said twice: the right is not granted, and whoever has it anyway (the owner, a superuser)
-- is stopped.
create function ledger_refuse_change() returns trigger
language plpgsql as $$
begin
    raise exception 'the ledger is append-only: % on % is refused', tg_op, tg_table_name
        using errcode = 'insufficient_privilege',
              hint = 'Withdrawing, correcting and renumbering are new entries.';
end
$$;

create trigger ledger_entry_append_only
    before update or delete or truncate on ledger_entry
    for each statement execute function ledger_refuse_change();
alter table ledger_entry enable always trigger ledger_entry_append_only;

create trigger ledger_head_stays
    before delete or truncate on ledger_head
    for each statement execute function ledger_refuse_change();
alter table ledger_head enable always trigger ledger_head_stays;

create trigger ledger_head_moves_forward
    before update on ledger_head
    for each row
    when (new.ledger_id <> old.ledger_id or new.position <= old.position or new.recorded_at < old.recorded_at)
    execute function ledger_refuse_change();
alter table ledger_head enable always trigger ledger_head_moves_forward;

revoke all on ledger_head, ledger_entry from public;
grant select, insert on ledger_entry to compacts_recorder;
grant select, insert, update (position, recorded_at) on ledger_head to compacts_recorder;
grant select on ledger_entry, ledger_head to compacts_projector, compacts_gateway;
