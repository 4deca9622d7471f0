-- What must happen next, by whom, by when, under which limit.

create domain clock_state as text check (value in ('running', 'warned', 'breached', 'met', 'met-late', 'cancelled'));
create table clock (
    id uuid primary key, limit_key text not null, limit_version int, words text not null,
    agency_id uuid not null references agency, team_id uuid not null references team, practitioner_id uuid references practitioner,
    report_id uuid references report, notice_id uuid references notice, contact_id uuid references contact,
    anchor text not null, anchor_at timestamptz not null, warn_at timestamptz not null, due_at timestamptz not null, climb_every interval not null, next_at timestamptz,
    state clock_state not null default 'running',
    started_at timestamptz not null default heed_now(), stopped_at timestamptz, stopped_by uuid references practitioner,
    told uuid[] not null default '{}', climbed_to uuid references practitioner, held_for uuid references practitioner, urgent boolean not null default false,
    late_reason text, late_manager uuid references practitioner, late_said_by uuid references practitioner, late_said_at timestamptz, late_agreed_at timestamptz, cancelled_because text,
    check (warn_at <= due_at), check ((state in ('met', 'met-late', 'cancelled')) = (stopped_at is not null)),
    check (state <> 'cancelled' or cancelled_because is not null), check (num_nonnulls(late_reason, late_manager, late_said_by, late_said_at) in (0, 4)),
    check (late_reason is null or state in ('breached', 'met-late')), check (late_manager <> late_said_by),
    check (late_agreed_at is null or late_reason is not null));
comment on column clock.urgent is 'Somebody must accept an urgent notice: it stands before what is due sooner, however many came at once.';
comment on column clock.late_manager is 'Whom the reason was put to. It stands once they have agreed themselves (late_agreed_at); what they refuse is owed again.';
comment on table clock is 'anchor: what it counts from, and anchor_at when that was. next_at: when the sweep must look again; none once it has stopped or stands at the top of the ladder.';
create unique index one_clock on clock (limit_key, report_id, coalesce(notice_id, report_id), coalesce(contact_id, report_id)) where state <> 'cancelled';
create index clock_due on clock (next_at) where next_at is not null;
create index clock_open on clock (team_id, urgent desc, due_at, id) where state in ('running', 'warned', 'breached');
create index clock_owed on clock (team_id, urgent desc, due_at, id) where state = 'met-late' and late_reason is null;
create index clock_late on clock (team_id, due_at) where state in ('breached', 'met-late');
create index on clock (practitioner_id) where state in ('running', 'warned', 'breached');
create index clock_told on clock using gin (told) where state in ('breached', 'warned');
create index clock_to_agree on clock (late_manager) where late_agreed_at is null;
create index on clock (notice_id);
create index on clock (report_id);
create index on clock (contact_id);

create domain clock_happening as text check (value in ('warned', 'breached', 'climbed', 'nobody-on-duty', 'met', 'met-late', 'cancelled', 'explained', 'agreed', 'refused'));
create table clock_event (
    clock_id uuid not null references clock, ordinal int not null, at timestamptz not null default heed_now(), what clock_happening not null,
    told uuid references practitioner, actor uuid not null default me(), words text, primary key (clock_id, ordinal));
comment on table clock_event is 'All that happened to a clock, in order. Append-only; the key keeps anyone from being told twice.';
create unique index told_once on clock_event (clock_id, told) where what in ('breached', 'climbed');

create function stopped_at_once() returns trigger language plpgsql security definer set search_path = public as $$
begin
    insert into clock_event (clock_id, ordinal, what) select n.id, 0, n.state from came n where n.stopped_at is not null;
    return null;
end $$;
create trigger stopped_at_once after insert on clock referencing new table as came for each statement execute function stopped_at_once();
comment on trigger stopped_at_once on clock is 'What was done before its clock began has that in its history too, whoever may read the clock.';

create function on_duty(team uuid, rung_at_least int, at timestamptz) returns table (practitioner_id uuid, rung int) stable language sql security definer set search_path = public as $$
    select s.practitioner_id, s.rung from shift s join practitioner p on p.id = s.practitioner_id
     where s.team_id = on_duty.team and s.during @> on_duty.at and s.rung >= rung_at_least and p.during @> on_duty.at
       and not exists (select 1 from absence a where a.practitioner_id = s.practitioner_id and a.during @> on_duty.at)
$$;

create function ladder(of_team uuid, at timestamptz) returns uuid[] stable language sql security definer set search_path = public as $$
    with recursive step(team, depth, least_rung, seen) as (
        select of_team, 0, 1, array[of_team]
        union all
        select n.team, depth + 1, 0, seen || n.team
          from step join team t on t.id = step.team cross join lateral (values (t.covered_by_id), (t.above_id)) n(team)
         where n.team is not null and n.team <> all (seen) and depth < 8)
    select coalesce(array_agg(practitioner_id order by first), '{}')
      from (select d.practitioner_id, min(step.depth * 100 + d.rung) as first from step cross join lateral on_duty(step.team, step.least_rung, ladder.at) d group by d.practitioner_id) x
$$;
comment on function ladder is 'Who is on duty above a team now, nearest first: its own managers, then who covers it and who is above it. Nobody on leave, nobody off shift.';

call secure('clock');
call secure('clock_event');
create trigger logged after update on clock for each row
    when ((old.agency_id, old.team_id, old.practitioner_id, old.due_at, old.warn_at, old.anchor_at, old.late_reason, old.late_agreed_at, old.cancelled_because)
       is distinct from (new.agency_id, new.team_id, new.practitioner_id, new.due_at, new.warn_at, new.anchor_at, new.late_reason, new.late_agreed_at, new.cancelled_because))
    execute function log_change();
comment on trigger logged on clock is 'Warned, breached, climbed and met are in clock_event already; what a person changes is logged here.';
