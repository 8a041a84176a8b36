-- An action's owner is sealed from here on. The column `owner` has those that were recorded before; for the others it is
-- which sealed text it is, so that a list can be narrowed to texts that were opened and found to have a word in them.
alter table action_list add column owner_subject uuid;
comment on column action_list.owner is 'The owner, where it was recorded before texts were sealed.';
comment on column action_list.owner_subject is 'The subject of the sealed text that names the owner.';
