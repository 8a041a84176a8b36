-- Whether streams are still where a command was decided on them: asked in the statement that writes, so that who may do
-- what need not be asked by itself before every command. It works in exactly the ledgers it is asked about.
create function streams_stand_at(ledgers uuid[], streams uuid[], versions bigint[]) returns boolean
language plpgsql as $$
begin
    perform set_config('compacts.ledgers', ledgers::text, true);
    return not exists (
        select from unnest(ledgers, streams, versions) as asked (ledger_id, stream_id, stream_version)
        where asked.stream_version <> coalesce((
            select entry.stream_version from ledger_entry entry
            where entry.ledger_id = asked.ledger_id and entry.stream_id = asked.stream_id
            order by entry.stream_version desc limit 1
        ), 0)
    );
end
$$;
revoke all on function streams_stand_at from public;
grant execute on function streams_stand_at to compacts_recorder;
