-- Assessments and challenges, one row each, in the region's ledger: what somebody outside a compact makes of what it reported. What was
-- said stands sealed in the document.
create table assessment_view (
    ledger_id uuid not null,
    assessment_id uuid not null,
    compact_id uuid not null,
    commitment_id uuid not null,
    made_position bigint not null,
    document text not null,
    primary key (ledger_id, assessment_id)
);
comment on table assessment_view is 'Assessments of outcomes, and challenges to them, with what was said sealed.';
comment on column assessment_view.compact_id is 'The compact whose commitment is judged.';
comment on column assessment_view.made_position is 'The entry its record begins with: lists are in the order of these.';
create index on assessment_view (ledger_id, commitment_id, made_position, assessment_id);

select isolate_by_ledger('assessment_view');

revoke all on assessment_view from public;
grant select, insert, update, delete on assessment_view to compacts_projector;
grant select on assessment_view to compacts_gateway, compacts_auditor;
