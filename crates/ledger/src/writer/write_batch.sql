-- One batch: claims every head where the writer knows it to be, moves them all and inserts every row;
-- or, if any head is elsewhere, does nothing. $1 ledgers, $2 their positions now, $3 after, $4 when
-- recorded; $5 onwards the rows, column by column.
with claimed as (
    select head.ledger_id
    from unnest($1::uuid[], $2::bigint[]) as known (ledger_id, position)
    join ledger_head head
        on head.ledger_id = known.ledger_id and head.position = known.position
    order by head.ledger_id
    for update of head
), moved as (
    update ledger_head head
    set position = next.position, recorded_at = next.recorded_at
    from unnest($1::uuid[], $3::bigint[], $4::timestamptz[])
        as next (ledger_id, position, recorded_at)
    where head.ledger_id = next.ledger_id
        and (select count(*) from claimed) = cardinality($1::uuid[])
    returning head.ledger_id
)
insert into ledger_entry (
    ledger_id, position, stream_version, stream_id, command_id, recorded_at, meeting_id,
    occurred_on, schema_version, command_entry, command_size, stream_kind, event_type,
    request_digest, leaf
)
select *
from unnest(
    $5::uuid[], $6::bigint[], $7::bigint[], $8::uuid[], $9::uuid[], $10::timestamptz[],
    $11::uuid[], $12::date[], $13::integer[], $14::smallint[], $15::smallint[],
    $16::text[], $17::text[], $18::bytea[], $19::bytea[]
)
where (select count(*) from moved) = cardinality($1::uuid[])
