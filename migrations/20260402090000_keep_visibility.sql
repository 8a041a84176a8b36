-- How far each commitment and each plan has been let out. Lists are kept within what whoever asks may read, so it is a
-- column; so is what regional figures were made from. What was never released needs no other row than it
-- has: it is a draft, as the default says, and its document says nothing of it.
alter table commitment_view
    add column visibility text not null default 'draft',
    add column last_outside bigint;
comment on column commitment_view.last_outside is
    'The last entry that changed what is read of it outside the compact; none while it was never released.';
alter table action_plan_view add column visibility text not null default 'draft';
alter table action_list add column visibility text not null default 'draft';

-- From here on whoever writes a row says it.
alter table commitment_view alter column visibility drop default;
alter table action_plan_view alter column visibility drop default;
alter table action_list alter column visibility drop default;

-- Regional figures ask of each compact how far they go, and take what is released.
create index on commitment_view (ledger_id, last_outside) where last_outside is not null;

-- An overview counts by commitment and plan now, so each is made again: the projector finds the view at the
-- beginning of its ledger. Rows are there only for a transaction that says which ledgers it is about.
do $$
begin
    perform set_config('compacts.ledgers', coalesce(array_agg(ledger_id), '{}')::text, true) from every_ledger() as ledger_id;
    delete from compact_overview;
    update view_checkpoint
    set position = 0, leaf_hash = null, parked_at = null, parked_position = null, parked_reason = null
    where view = 'compact-overview';
    perform set_config('compacts.ledgers', '', true);
end
$$;
