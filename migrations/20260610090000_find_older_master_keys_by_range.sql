-- Which keys an older master key wrapped is asked when the master key is changed, and every text that is written makes a key. An entry
-- for each in an index of its own cost as much as the key's row; what is kept now is, for each stretch of the table, between which
-- ids the master keys lie: nearly always one.
drop index vault.subject_by_master_key;
create index subject_by_master_key on vault.subject using brin (master_key_id)
    with (pages_per_range = 32, autosummarize = on) where wrapped_key is not null;
