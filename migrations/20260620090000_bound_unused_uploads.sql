-- Whoever may upload a file may upload many, and what nothing refers to lies there for a day. So much of it may lie there, of each account
-- and in each compact; whose it is must be known for that.
alter table file_upload add column uploaded_by uuid;
comment on column file_upload.uploaded_by is 'The account that uploaded it; none of those from before this was noted.';
