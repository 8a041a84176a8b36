-- How far the views of every ledger have been folded, all of them together: asked before anything that was read or made before is handed out
-- again, and so in one statement with no transaction around it. It is about every ledger there is, and says nothing of what is in them.
create function ledgers_folded() returns table (ledger uuid, folded bigint)
language plpgsql as $$
begin
    perform set_config('compacts.ledgers', coalesce(array_agg(known)::text, ''), true) from every_ledger() as known;
    return query
        select checkpoint.ledger_id, sum(checkpoint.position)::bigint
        from view_checkpoint checkpoint
        group by checkpoint.ledger_id
        order by checkpoint.ledger_id;
end
$$;
revoke all on function ledgers_folded from public;
grant execute on function ledgers_folded to compacts_projector, compacts_gateway;
