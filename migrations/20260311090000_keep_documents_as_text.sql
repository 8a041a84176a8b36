-- A document is written by its fold, read whole and looked into by nobody here. As text it goes in and comes out as it
-- is; parsing it on the way in was most of what a rebuild cost. What a document says about a row that is filtered,
-- sorted or joined on stands in a column of its own, as before.
--
-- PostgreSQL spells the same value otherwise than a fold does, so the rows are not converted but made again: the
-- projector finds every view at the beginning of its ledger.
do $$
declare
    kept text;
begin
    foreach kept in array array[
        'region_register', 'compact_overview', 'commitment_view', 'action_plan_view', 'action_list'
    ] loop
        execute format('truncate %I', kept);
        execute format('alter table %I alter column document type text using document::text', kept);
        execute format('comment on column %I.document is %L', kept, 'The row as JSON, as its fold writes it.');
        begin
            execute format('alter table %I alter column document set compression lz4', kept);
        exception
            when feature_not_supported then
                raise notice 'this PostgreSQL was built without LZ4; documents keep its own compression';
        end;
    end loop;
    truncate mentions;
    update view_checkpoint
    set position = 0, leaf_hash = null, parked_at = null, parked_position = null, parked_reason = null;
end
$$;

-- How far a rebuild has got, so that the same program can take it up again where it was broken off.
create table view_rebuild.folded (
    ledger_id uuid not null,
    position bigint not null,
    leaf_hash bytea not null,
    views text[] not null,
    build text not null,
    primary key (ledger_id)
);
comment on table view_rebuild.folded is 'Ledgers whose rows lie complete beside those in use, up to an entry.';
comment on column view_rebuild.folded.build is 'The program that folded them: another folds otherwise.';
