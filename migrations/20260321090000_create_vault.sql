-- The keys of personal data. What is sealed stands in ledgers and views; here is what opens it, wrapped by a master key
-- that is in no database.

do $$
begin
    if not exists (select from pg_roles where rolname = 'compacts_keys') then
        begin
            create role compacts_keys nologin nosuperuser nobypassrls;
        exception
            when duplicate_object or unique_violation then
                null;
        end;
    end if;
end
$$;

create schema vault;
comment on schema vault is
    'Keys of personal data. Backed up apart from everything else and kept for a short time: an old copy of it, together with the master key, opens what was erased since. See docs/personal-data.md.';

-- A person or a text is not one ledger's: what is sealed for it may stand in several, and is erased in all of them at once.
-- So these tables bear no ledger, and only the role for keys can read them.
create table vault.subject (
    subject_id uuid not null,
    key_version smallint not null default 1,
    master_key_id text,
    wrapped_key bytea,
    made_at timestamptz not null,
    fenced_at timestamptz,
    destroyed_at timestamptz,
    constraint subject_pkey primary key (subject_id),
    constraint subject_key_whole check ((wrapped_key is null) = (master_key_id is null)),
    constraint subject_key_or_fence check (wrapped_key is not null or fenced_at is not null),
    constraint subject_destroyed_after_fence
        check (destroyed_at is null or (fenced_at is not null and wrapped_key is null))
)
-- A row that was replaced still holds the wrapped key until it is cleared away; every minute is soon enough.
with (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);

create index subject_by_master_key on vault.subject (master_key_id) where wrapped_key is not null;

comment on table vault.subject is 'Whom or what data is sealed for, with its key while there is one. A row is never deleted: it keeps the fence.';
comment on column vault.subject.key_version is 'How the key was made. 1: 32 random bytes, for XChaCha20-Poly1305.';
comment on column vault.subject.master_key_id is 'Which master key wrapped it.';
comment on column vault.subject.fenced_at is 'Since when nothing more is sealed for it.';
comment on column vault.subject.destroyed_at is 'Since when there is no key, and what was sealed cannot be read.';

-- Keys that are nobody's: the one that lookup values are made with.
create table vault.secret (
    name text not null,
    key_version smallint not null default 1,
    master_key_id text not null,
    wrapped_key bytea not null,
    made_at timestamptz not null,
    constraint secret_pkey primary key (name)
) with (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);
comment on table vault.secret is 'Wrapped keys that belong to no subject.';

create type vault.erasure_step as enum ('intended', 'fenced', 'destroyed', 'purged', 'tombstoned', 'done');

create table vault.erasure (
    subject_id uuid not null,
    kind text not null,
    reason text not null,
    tombstone_ledger uuid not null,
    command_id uuid not null,
    actor text not null,
    actor_role text not null,
    step vault.erasure_step not null,
    intended_at timestamptz not null,
    moved_at timestamptz not null,
    constraint erasure_pkey primary key (subject_id),
    constraint erasure_kind_known check (kind in ('person', 'text')),
    constraint erasure_says_why check (btrim(reason) <> '')
);
create index erasure_unfinished on vault.erasure (intended_at, subject_id) where step <> 'done';

comment on table vault.erasure is 'How far each erasure has come. What was begun is carried on until it is done.';
comment on column vault.erasure.step is 'The last step that is over.';
comment on column vault.erasure.command_id is 'The command of the tombstone: sent again, it has no second effect.';
comment on column vault.erasure.reason is 'Why; it names nobody.';

-- An erasure is never undone, whoever tries.
create function vault.refuse_return() returns trigger
language plpgsql as $$
begin
    raise exception 'what was erased stays erased: % on % is refused', tg_op, tg_table_name
        using errcode = 'insufficient_privilege';
end
$$;

create trigger subject_stays_fenced
    before update on vault.subject
    for each row
    when (
        new.subject_id <> old.subject_id
        or (old.fenced_at is not null and new.fenced_at is distinct from old.fenced_at)
        or (old.destroyed_at is not null and new.destroyed_at is distinct from old.destroyed_at)
        or (old.wrapped_key is null and new.wrapped_key is not null)
    )
    execute function vault.refuse_return();
alter table vault.subject enable always trigger subject_stays_fenced;

create trigger subject_stays
    before delete or truncate on vault.subject
    for each statement execute function vault.refuse_return();
alter table vault.subject enable always trigger subject_stays;

create trigger erasure_moves_forward
    before update on vault.erasure
    for each row
    when (
        (new.subject_id, new.kind, new.reason, new.tombstone_ledger, new.command_id, new.actor, new.actor_role, new.intended_at)
            is distinct from
            (old.subject_id, old.kind, old.reason, old.tombstone_ledger, old.command_id, old.actor, old.actor_role, old.intended_at)
        or new.step <= old.step
    )
    execute function vault.refuse_return();
alter table vault.erasure enable always trigger erasure_moves_forward;

create trigger erasure_stays
    before delete or truncate on vault.erasure
    for each statement execute function vault.refuse_return();
alter table vault.erasure enable always trigger erasure_stays;

revoke all on schema vault from public;
revoke all on all tables in schema vault from public;
revoke all on function vault.refuse_return() from public;
grant usage on schema vault to compacts_keys;
grant select, insert on vault.subject, vault.secret, vault.erasure to compacts_keys;
grant update (master_key_id, wrapped_key, fenced_at, destroyed_at) on vault.subject to compacts_keys;
grant update (master_key_id, wrapped_key) on vault.secret to compacts_keys;
grant update (step, moved_at) on vault.erasure to compacts_keys;
