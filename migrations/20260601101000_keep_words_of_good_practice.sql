-- The words of good practice, to search it by. Summaries are sealed, and PostgreSQL searches words; so these are derived from what was
-- unsealed, and go when a text is redacted. It is no view: a search brings it up to good_practice_view, and who may see a row is
-- asked of that.
create table good_practice_words (
    ledger_id uuid not null,
    practice_id uuid not null,
    last_position bigint not null,
    subject_id uuid,
    words tsvector not null,
    vocabulary text[] not null,
    primary key (ledger_id, practice_id)
);
comment on table good_practice_words is 'The words of good practice as it stands; derived, and kept anew whenever they are missing.';
comment on column good_practice_words.last_position is 'The entry of the view they were derived from.';
comment on column good_practice_words.subject_id is 'The text they were derived from, as what has a key of its own; null where it was never sealed.';
comment on column good_practice_words.words is 'Their stems: those of the heading weigh most (A), then the theme (B), the summary (C), the organisation (D).';
comment on column good_practice_words.vocabulary is 'The words as they are written, to tell typing mistakes by.';
create index on good_practice_words (ledger_id, subject_id);

select isolate_by_ledger('good_practice_words');

revoke all on good_practice_words from public;
grant select, insert, update, delete on good_practice_words to compacts_gateway;
grant select, delete on good_practice_words to compacts_recorder;
