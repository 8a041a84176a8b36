-- Reminders: what is overdue, due soon, stale or waiting, as it was noticed, and how far each has come on its way to somebody. Ids and
-- dates only: what is said is looked up when it is sent.
create table reminder (
    ledger_id uuid not null,
    kind text not null,
    subject_id uuid not null,
    occasion date not null,
    whole_id uuid not null,
    groups uuid[] not null,
    state text not null,
    noticed_at timestamptz not null,
    changed_at timestamptz not null,
    attempts integer not null default 0,
    claimed_until timestamptz,
    next_try_at timestamptz,
    delivered_at timestamptz,
    constraint reminder_pkey primary key (ledger_id, kind, subject_id, occasion),
    constraint reminder_kind_known check (
        kind in ('action-overdue', 'action-due-soon', 'plan-stale', 'commitment-stale', 'minutes-to-circulate', 'minutes-to-agree')
    ),
    constraint reminder_state_known check (state in ('due', 'sending', 'delivered', 'failed', 'cancelled')),
    constraint reminder_claimed_while_sending check ((state = 'sending') = (claimed_until is not null)),
    constraint reminder_delivered_at_some_time check ((state = 'delivered') = (delivered_at is not null)),
    constraint reminder_tried_again_once_failed check (state = 'failed' or next_try_at is null)
);
comment on table reminder is 'The outbox of reminders: each once, by what it is about and the date that makes it due.';
comment on column reminder.subject_id is 'The action, plan, commitment or meeting.';
comment on column reminder.occasion is 'The date that makes it due: an action that is rescheduled is another occasion.';
comment on column reminder.whole_id is 'What the subject is a part of: an action''s plan; else the subject itself.';
comment on column reminder.claimed_until is 'Until when whoever is sending it has it to themselves.';
create index reminder_in_order on reminder (ledger_id, occasion, kind, subject_id);
create index reminder_waiting on reminder (state, next_try_at) where state in ('due', 'sending', 'failed');

-- The ways there are (`reminders::State::may_become`), whoever writes.
create function refuse_other_ways() returns trigger
language plpgsql as $$
begin
    raise exception 'a reminder that is % does not become %', old.state, new.state using errcode = 'check_violation';
end
$$;
revoke all on function refuse_other_ways() from public;
create trigger reminder_goes_its_way
    before update of state on reminder
    for each row
    when (
        new.state <> old.state and (old.state, new.state) not in (
            ('due', 'sending'), ('due', 'cancelled'), ('sending', 'delivered'), ('sending', 'failed'), ('sending', 'due'),
            ('failed', 'sending'), ('failed', 'cancelled'), ('cancelled', 'due')
        )
    )
    execute function refuse_other_ways();

select isolate_by_ledger('reminder');

-- Whose turn it is to be looked at.
create table reminder_look (
    ledger_id uuid not null primary key,
    taken_at timestamptz not null,
    looked_at timestamptz
);
comment on table reminder_look is 'When each compact was last looked at for reminders, and when somebody last set out to.';

select isolate_by_ledger('reminder_look');

revoke all on reminder, reminder_look from public;
grant select, insert, update on reminder, reminder_look to compacts_projector;
grant select on reminder to compacts_gateway, compacts_auditor;
