-- Meetings, one row each: those that were called, and those that were held. What was said at one stands sealed in the document.
create table meeting_view (
    ledger_id uuid not null,
    meeting_id uuid not null,
    group_id uuid not null,
    day date not null,
    held boolean not null,
    begun_position bigint not null,
    visibility text not null,
    document text not null,
    primary key (ledger_id, meeting_id)
);
comment on table meeting_view is 'Meetings of groups, with what was said sealed.';
comment on column meeting_view.day is 'The day it was held or is to be held; 31 December 9999 while no day is fixed.';
comment on column meeting_view.held is 'Whether it has been held.';
comment on column meeting_view.begun_position is 'The entry its record begins with: lists are in the order of days, and of these within a day.';
comment on column meeting_view.visibility is 'How far it is let out: draft, compact, region or public.';
create index on meeting_view (ledger_id, day, begun_position, meeting_id);

select isolate_by_ledger('meeting_view');

revoke all on meeting_view from public;
grant select, insert, update, delete on meeting_view to compacts_projector;
grant select on meeting_view to compacts_gateway, compacts_auditor;
