-- The people a compact has written down, one row each. What names them stands sealed in the document, so nothing is
-- looked up or ordered by it; once a person is erased, the document holds nothing of them any more, sealed or not.
create table person_view (
    ledger_id uuid not null,
    person_id uuid not null,
    organisation_id uuid,
    entered_position bigint not null,
    erased boolean not null,
    document text not null,
    primary key (ledger_id, person_id)
);
comment on table person_view is 'People a compact has written down, with their names sealed.';
comment on column person_view.organisation_id is 'Where they work; none where that is not known, and of nobody who was erased.';
comment on column person_view.entered_position is 'The entry that wrote them down: lists are in this order, because names are sealed.';
create index on person_view (ledger_id, entered_position, person_id);

select isolate_by_ledger('person_view');

revoke all on person_view from public;
grant select, insert, update, delete on person_view to compacts_projector;
grant select on person_view to compacts_gateway, compacts_auditor;
