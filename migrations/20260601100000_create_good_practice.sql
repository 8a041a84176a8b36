-- Good practice, one row each as it stands; and one for each time it was taken up, in the ledger of whoever took it up. What is done and
-- how, and what was said of it, stands sealed in the documents.
create table good_practice_view (
    ledger_id uuid not null,
    practice_id uuid not null,
    title text not null,
    theme text not null,
    organisation_id uuid,
    organisation text,
    withdrawn boolean not null,
    last_position bigint not null,
    visibility text not null,
    document text not null,
    primary key (ledger_id, practice_id)
);
comment on table good_practice_view is 'Good practice as it stands, its texts sealed.';
comment on column good_practice_view.theme is 'The theme it serves, by its code.';
comment on column good_practice_view.organisation_id is 'The organisation whose practice it is; null for the compact''s own.';
comment on column good_practice_view.organisation is 'That organisation''s name, as it stands in the version.';
comment on column good_practice_view.last_position is 'The last entry of its history: what is derived from it says which entry it was derived from.';
comment on column good_practice_view.visibility is 'How far it is let out: draft, compact, region or public.';
create index on good_practice_view (ledger_id, title, practice_id);

create table adoption_view (
    ledger_id uuid not null,
    adoption_id uuid not null,
    source_ledger_id uuid not null,
    practice_id uuid not null,
    adopted_on date not null,
    withdrawn boolean not null,
    visibility text not null,
    document text not null,
    primary key (ledger_id, adoption_id)
);
comment on table adoption_view is 'That good practice was taken up, in the ledger of whoever took it up.';
comment on column adoption_view.source_ledger_id is 'The ledger of the practice.';
comment on column adoption_view.withdrawn is 'Whether it was given up.';
comment on column adoption_view.visibility is 'How far it is let out: draft, compact, region or public.';
create index on adoption_view (ledger_id, adopted_on, adoption_id);
create index on adoption_view (ledger_id, source_ledger_id, practice_id);

select isolate_by_ledger('good_practice_view');
select isolate_by_ledger('adoption_view');

revoke all on good_practice_view, adoption_view from public;
grant select, insert, update, delete on good_practice_view, adoption_view to compacts_projector;
grant select on good_practice_view, adoption_view to compacts_gateway, compacts_auditor;
