-- Files lie outside the database, sealed. Here is what was uploaded where, with the key of each file sealed in the vault for a
-- subject of its own: once that is redacted, no copy of the file can be read.
create table file_upload (
    ledger_id uuid not null,
    content_id uuid not null,
    content_key text not null,
    state text not null,
    hash bytea,
    media_type text,
    bytes bigint,
    used_at timestamptz not null,
    cleared boolean not null default false,
    constraint file_upload_pkey primary key (ledger_id, content_id),
    constraint file_upload_state_known check (state in ('incoming', 'stored', 'going', 'removed')),
    constraint file_upload_known_once_there check (
        (state = 'incoming') = (hash is null) and (hash is null) = (media_type is null) and (hash is null) = (bytes is null)
    ),
    constraint file_upload_hash_whole check (octet_length(hash) = 32),
    constraint file_upload_bytes_some check (bytes > 0),
    constraint file_upload_cleared_once_removed check (state = 'removed' or not cleared)
);
comment on table file_upload is 'What was uploaded to which compact. What a file holds lies in the store, sealed, under content_id.';
comment on column file_upload.content_id is 'What its content is sealed for: a subject of the vault. The object in the store bears it.';
comment on column file_upload.content_key is 'What its content is enciphered with, sealed.';
comment on column file_upload.state is 'incoming: it has not come to its end; stored; going: nothing refers to it, and it is being taken away; removed: its key was destroyed.';
comment on column file_upload.hash is 'SHA-256 of its content.';
comment on column file_upload.used_at is 'When it was last uploaded or looked up to be referred to.';
comment on column file_upload.cleared is 'Of a removed one: whether its sealed content is gone from the store too.';
create unique index file_upload_hash on file_upload (ledger_id, hash) where hash is not null;
create index file_upload_due on file_upload (state, used_at);

select isolate_by_ledger('file_upload');

revoke all on file_upload from public;
grant select, insert, update, delete on file_upload to compacts_gateway;
grant select, update (used_at, state) on file_upload to compacts_recorder;
grant select on file_upload to compacts_auditor;

-- Which files the entries of each stream refer to. Names of files stand sealed in the document.
create table file_reference (
    ledger_id uuid not null,
    stream_id uuid not null,
    stream_kind text not null,
    hashes text[] not null,
    document text not null,
    primary key (ledger_id, stream_id)
);
comment on table file_reference is 'Which files each stream''s entries refer to.';
comment on column file_reference.hashes is 'The hashes of the files, in hexadecimal digits.';

select isolate_by_ledger('file_reference');

revoke all on file_reference from public;
grant select, insert, update, delete on file_reference to compacts_projector;
grant select on file_reference to compacts_gateway, compacts_auditor;
