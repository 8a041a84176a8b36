-- Which ledgers there are is asked before nearly everything. In PL/pgSQL a connection plans it once, where SQL plans it at every call.
create or replace function every_ledger() returns setof uuid
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return query select head.ledger_id from ledger_head head order by head.ledger_id;
end
$$;
