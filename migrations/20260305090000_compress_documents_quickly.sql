-- Documents are written whole at every change and in great numbers by a rebuild. LZ4 compresses them about as
-- well as PostgreSQL's own method in a fraction of the time. Not every PostgreSQL has it: then all stays as it was.
do $$
declare
    kept text;
begin
    foreach kept in array array[
        'region_register', 'compact_overview', 'commitment_view', 'action_plan_view', 'action_list'
    ] loop
        execute format('alter table %I alter column document set compression lz4', kept);
    end loop;
exception
    when feature_not_supported then
        raise notice 'this PostgreSQL was built without LZ4; documents keep its own compression';
end
$$;
