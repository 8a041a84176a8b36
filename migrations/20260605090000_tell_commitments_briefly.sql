-- Lists of commitments show where each stands and not all that was ever reported on it. What they show stands in a short
-- document beside the whole one, written by the same fold; the rows are made again, so that every one has it: the projector finds the
-- view at the beginning of its ledger. Rows are there only for a transaction that says which ledgers it is about.
do $$
begin
    perform set_config('compacts.ledgers', coalesce(array_agg(ledger_id), '{}')::text, true) from every_ledger() as ledger_id;
    delete from commitment_view;
    update view_checkpoint
    set position = 0, leaf_hash = null, parked_at = null, parked_position = null, parked_reason = null
    where view = 'commitment';
    perform set_config('compacts.ledgers', '', true);
end
$$;
alter table commitment_view add column brief text not null;
comment on column commitment_view.brief is 'The commitment as lists show it, as JSON, as its fold writes it.';
do $$
begin
    alter table commitment_view alter column brief set compression lz4;
exception
    when feature_not_supported then
        raise notice 'this PostgreSQL was built without LZ4; documents keep its own compression';
end
$$;
