-- The read models. Everything here is a fold of ledgers and can be thrown away and folded again.
-- Columns are what lists filter, sort or join by; the document is the whole view.
-- Indexes are left to name themselves: a rebuild makes them again beside the old ones, and the names
-- PostgreSQL picks are then the same.

create table region_register (
    ledger_id uuid not null,
    region_id uuid not null,
    document jsonb not null,
    primary key (ledger_id, region_id)
);
comment on table region_register is 'A region with its themes, indicators, organisations and compacts.';

create table compact_overview (
    ledger_id uuid not null,
    compact_id uuid not null,
    region_id uuid not null,
    slug text collate "C" not null,
    name text collate "C" not null,
    document jsonb not null,
    primary key (ledger_id, compact_id)
);
comment on table compact_overview is 'A compact at a glance.';
create index on compact_overview (name, ledger_id);
create index on compact_overview (slug);

create table commitment_view (
    ledger_id uuid not null,
    commitment_id uuid not null,
    session text collate "C" not null,
    ref_order text collate "C" not null,
    status text not null,
    themes text[] not null,
    groups uuid[] not null,
    document jsonb not null,
    primary key (ledger_id, commitment_id)
);
comment on table commitment_view is 'A commitment with its measures, readings and every change.';
comment on column commitment_view.ref_order is 'The ref, spelt so that 2 sorts before 10 and ii before v.';
create index on commitment_view (ledger_id, session, ref_order, commitment_id);

create table action_plan_view (
    ledger_id uuid not null,
    action_plan_id uuid not null,
    group_id uuid not null,
    title text collate "C" not null,
    document jsonb not null,
    primary key (ledger_id, action_plan_id)
);
comment on table action_plan_view is 'A plan with its objectives, actions, updates and every change.';
create index on action_plan_view (ledger_id, title, action_plan_id);

create table action_list (
    ledger_id uuid not null,
    action_id uuid not null,
    action_plan_id uuid not null,
    objective_id uuid not null,
    group_id uuid not null,
    commitment_id uuid,
    ref_order text collate "C" not null,
    owner text,
    state text not null,
    due_on date,
    overdue_during datemultirange not null,
    document jsonb not null,
    primary key (ledger_id, action_id)
);
comment on table action_list is 'Every action of a compact, one row each; written with the plan it is part of.';
comment on column action_list.overdue_during is 'The days on which it was open and past the date then due. Without end while it still is.';
-- An action without a date comes after all that have one.
create index on action_list (ledger_id, (coalesce(due_on, 'infinity'::date)), ref_order, action_id);
create index on action_list (ledger_id, commitment_id);

create table mentions (
    ledger_id uuid not null,
    stream_id uuid not null,
    stream_kind text not null,
    subjects uuid[] not null,
    primary key (ledger_id, stream_id)
);
comment on table mentions is 'Which streams speak of a group, an organisation, an indicator, a compact or a commitment.';
create index on mentions using gin (subjects);

-- How far each view of each ledger has been folded. Written in the transaction that writes the rows, and
-- held by it while it does: whoever has the row is the only one folding that view of that ledger.
create table view_checkpoint (
    ledger_id uuid not null,
    view text not null,
    position bigint not null default 0,
    leaf_hash bytea,
    parked_at timestamptz,
    parked_position bigint,
    parked_reason text,
    primary key (ledger_id, view),
    constraint view_checkpoint_hash_beyond_zero check (
        (position = 0 and leaf_hash is null) or (position > 0 and octet_length(leaf_hash) = 32)
    ),
    constraint view_checkpoint_parked_in_full check (
        (parked_at is null) = (parked_reason is null) and (parked_at is not null or parked_position is null)
    )
);
comment on column view_checkpoint.leaf_hash is 'The hash of the leaf at that position. If the ledger has another leaf there, history was changed.';
comment on column view_checkpoint.parked_reason is 'Why this view of this ledger stands still until it is rebuilt.';
comment on column view_checkpoint.parked_position is 'The entry it could not get past; none when history was changed.';

-- Which projector follows which ledger. It saves work being done twice; what keeps the views right is the
-- checkpoint above.
create table projector_lease (
    ledger_id uuid not null,
    holder uuid not null,
    expires_at timestamptz not null,
    wanted_by uuid,
    primary key (ledger_id)
);
comment on column projector_lease.wanted_by is 'A projector with fewer ledgers asks for this one; the holder hands it over when it next renews.';
create index on projector_lease (holder);

-- Where a rebuild puts its tables until it swaps them in. Empty at any other time.
create schema view_rebuild;

-- What "like ... including all" leaves out: whose a table is, who may do what with it, its comment, and
-- its row security. A rebuilt table gets them from the one it replaces, whatever they have become.
create function view_dress_like(model regclass, dressed regclass) returns void
language plpgsql as $$
declare
    was pg_class;
    part record;
begin
    select * into strict was from pg_class where oid = model;
    execute format('alter table %s owner to %I', dressed, pg_get_userbyid(was.relowner));
    execute format('revoke all on %s from public', dressed);
    for part in
        select case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end as grantee,
            privilege_type, is_grantable
        from aclexplode(was.relacl)
    loop
        execute format('grant %s on %s to %s%s', part.privilege_type, dressed, part.grantee,
            case when part.is_grantable then ' with grant option' else '' end);
    end loop;
    execute format('comment on table %s is %L', dressed, obj_description(model, 'pg_class'));
    if was.relrowsecurity then
        execute format('alter table %s enable row level security', dressed);
    end if;
    if was.relforcerowsecurity then
        execute format('alter table %s force row level security', dressed);
    end if;
    for part in
        select p.polname, p.polpermissive, p.polcmd,
            (select string_agg(case r when 0 then 'public' else quote_ident(pg_get_userbyid(r)) end, ', ')
             from unnest(p.polroles) as r) as roles,
            pg_get_expr(p.polqual, p.polrelid) as qualifies, pg_get_expr(p.polwithcheck, p.polrelid) as checks
        from pg_policy p where p.polrelid = model
    loop
        execute format('create policy %I on %s as %s for %s to %s', part.polname, dressed,
            case when part.polpermissive then 'permissive' else 'restrictive' end,
            case part.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
                when 'd' then 'delete' else 'all' end,
            part.roles)
            || coalesce(' using (' || part.qualifies || ')', '')
            || coalesce(' with check (' || part.checks || ')', '');
    end loop;
end
$$;

revoke all on region_register, compact_overview, commitment_view, action_plan_view, action_list, mentions,
    view_checkpoint, projector_lease from public;
grant select, insert, update, delete on region_register, compact_overview, commitment_view, action_plan_view,
    action_list, mentions, view_checkpoint, projector_lease to compacts_projector;
grant select on region_register, compact_overview, commitment_view, action_plan_view, action_list, mentions,
    view_checkpoint to compacts_gateway;
