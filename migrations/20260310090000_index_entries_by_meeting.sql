-- A meeting's history is what was recorded from it, in whichever streams: found without reading the
-- whole ledger. Entries made between meetings are not in the index.
create index ledger_entry_meeting on ledger_entry (ledger_id, meeting_id, position)
    where meeting_id is not null;
