-- What a force's own log says happened, held against what it told; and how long each telling took. What a council may see of an incident that nobody told it of: docs/decisions/0014.

create function plain(reference text) returns text immutable language sql as $$ select upper(regexp_replace(reference, '[^[:alnum:]]', '', 'g')) $$;
comment on function plain is 'A reference without the signs between its parts, which systems write as they please.';
create function plain_address(line text) returns text immutable language sql as $$ select lower(regexp_replace(line, '[^[:alnum:]]+', ' ', 'g')) $$;
create index report_plain on report (agency_id, plain(reference));

create table incident_list (
    id uuid primary key, agency_id uuid not null default my_agency() references agency, at timestamptz not null default heed_now(), actor uuid not null default me(), purpose text not null default my_purpose(),
    source text not null check (source in ('page', 'api', 'folder')), file_name text not null, hash bytea not null, rows_read int not null, kept int not null, again int not null, wrong jsonb not null, notes text[] not null, unique (agency_id, hash));
comment on table incident_list is 'A force''s own list of incidents as it came in. The same bytes are the same list. wrong: line, field and rule of each row that was not kept, never a value. Append-only.';

create table incident (
    id uuid primary key, agency_id uuid not null references agency, list_id uuid not null references incident_list, line int not null, reference text not null, version int not null, hash bytea not null,
    kind text not null, occurred_at timestamptz not null, attended_at timestamptz, recorded_at timestamptz, told_at timestamptz, grade text, child boolean, pregnant boolean, team text, shift text, address text, postcode text,
    council_id uuid references agency, school_id uuid references agency, unique (agency_id, reference, version), unique (list_id, line));
comment on table incident is 'One incident of a force''s log. The same row again is the same; one that says otherwise is a new version, and the newest counts. Append-only.';
comment on column incident.told_at is 'When the force''s own system claims that the council was told. Not evidence: what came here is.';
comment on column incident.child is 'Whether a child was present, as the log says; null where it does not say.';
comment on column incident.council_id is 'By the postcode; where there is none, the council that has what no address places.';
create index on incident (agency_id, plain(reference));
create index on incident (agency_id, occurred_at);

create table incident_person (incident_id uuid not null references incident, ordinal smallint not null, role text not null check (role in ('suspect', 'victim')), number text not null, primary key (incident_id, ordinal));
comment on table incident_person is 'A suspect or victim of an incident, by the force''s own record number. Append-only.';
create index on incident_person (number);

create table incident_report (
    incident_id uuid not null references incident, report_id uuid not null references report, at timestamptz not null default heed_now(), certainty text not null check (certainty in ('certain', 'strong', 'possible')), how text not null, primary key (incident_id, report_id));
comment on table incident_report is 'Which report tells of which incident, how that was found and how certain it is. A possible one closes nothing until a person says so. Append-only.';
create index on incident_report (report_id);

create table untold (
    id uuid primary key, agency_id uuid not null references agency, reference text not null, incident_id uuid not null references incident, asks text not null check (asks in ('tell', 'question')), why text[] not null,
    found_at timestamptz not null default heed_now(), state text not null default 'open' check (state in ('open', 'late-after-all', 'same-report', 'dismissed', 'no-child')), report_id uuid references report, told_at timestamptz, closed_at timestamptz,
    unique (agency_id, reference), check ((state = 'open') = (closed_at is null)), check (state not in ('late-after-all', 'same-report') or report_id is not null), check ((report_id is null) = (told_at is null)));
comment on table untold is 'An incident that nobody was told of when it was looked at. tell: a child was there. question: there are signs of one, and somebody must say. A report that comes later closes it as late after all; nothing erases it.';
create index untold_open on untold (agency_id, found_at) where state = 'open';

create table untold_answer (
    id uuid primary key, untold_id uuid not null references untold, at timestamptz not null default heed_now(), by uuid not null default me() references practitioner, what text not null check (what in ('child', 'no-child', 'dismissed', 'same-report')), reason text not null);
comment on table untold_answer is 'What a person said of an incident that nobody was told of, and why. It holds for this incident alone. Append-only.';
create index on untold_answer (untold_id);

alter table clock alter report_id drop not null, add untold_id uuid references untold, add check (num_nonnulls(report_id, untold_id) = case when limit_key in ('emergency-access.review', 'operation.stuck') then 0 when limit_key = 'exchange.undelivered' then num_nonnulls(notice_id) else 1 end);
create unique index one_untold_clock on clock (limit_key, untold_id) where stopped_at is null;
comment on index one_untold_clock is 'One that runs runs on; what is opened again after an answer has its time anew, and the clock before keeps how it ended.';

create table delay (
    id uuid primary key, force_id uuid not null references agency, council_id uuid not null references agency, report_id uuid unique references report, incident_id uuid unique references incident,
    team text, shift text, grade text, kind text not null, channel text, occurred_at timestamptz not null, known_at timestamptz, claimed_at timestamptz, received_at timestamptz, further boolean, content smallint check (content between 0 and 100), left_out boolean not null default false, dismissed boolean not null default false, check (left_out or not dismissed));
comment on table delay is 'One incident on its way from a force to a council: when it happened, was known, was claimed to be told, and arrived. Nothing about anybody. received_at null: not yet. left_out: in no figure. dismissed: because a person of the force said that there was nothing to tell, and that is counted beside them.';
comment on column delay.further is 'Whether the council took it further; null until it has decided.';
comment on column delay.content is 'How many in a hundred of the things that a council needs about each child were filled in.';
create index on delay (force_id, occurred_at);
create index on delay (council_id, occurred_at);

create function contact_decided() returns trigger language plpgsql security definer set search_path = public as $$
begin
    update delay d set further = coalesce(d.further, false) or new.decision not in ('no-further-action', 'another-council') from notice n where n.id = new.notice_id and d.report_id = n.report_id and d.council_id = new.agency_id;
    return null;
end $$;
create trigger decided after update on contact for each row when (old.decision is null and new.decision is not null) execute function contact_decided();

do $$ declare t text; begin
    foreach t in array array['incident_list', 'incident', 'incident_person', 'incident_report', 'untold', 'untold_answer', 'delay'] loop
        call secure(t);
        execute format('grant select on %I to heed_app, heed_worker', t);
        execute format('create policy worker on %I to heed_worker using (true) with check (true)', t);
    end loop;
    foreach t in array array['incident_list', 'incident', 'untold'] loop
        execute format('create policy read on %I for select to heed_app using (agency_id = (select my_agency()) and (select my_reach()) = ''agency'')', t);
    end loop;
end $$;
create trigger logged after update on untold for each row execute function log_change();
create policy write on incident_list for insert to heed_app with check (agency_id = (select my_agency()) and actor = (select me()));
create policy write on incident for insert to heed_app with check (agency_id = (select my_agency()) and list_id in (select id from incident_list));
create policy read on incident_person for select to heed_app using (incident_id in (select id from incident));
create policy write on incident_person for insert to heed_app with check (incident_id in (select id from incident));
create policy read on incident_report for select to heed_app using (incident_id in (select id from incident));
create policy answer on untold for update to heed_app using (agency_id = (select my_agency()) and (select my_reach()) = 'agency');
create policy read on untold_answer for select to heed_app using (untold_id in (select id from untold));
create policy write on untold_answer for insert to heed_app with check (by = (select me()) and untold_id in (select id from untold));
-- Figures hold nothing about anybody: a force and a council see their own flows, a partnership's analysts all of the partnership's.
create policy read on delay for select to heed_app using (force_id = (select my_agency()) or council_id = (select my_agency()) or (select a.kind from agency a where a.id = (select my_agency())) = 'partnership');
create policy write on delay for insert to heed_app with check (force_id = (select my_agency()));
create policy answer on delay for update to heed_app using (force_id = (select my_agency()) and (select my_reach()) = 'agency');
grant insert on incident_list, incident, incident_person, untold_answer, delay to heed_app;
grant update (asks, state, report_id, told_at, closed_at) on untold to heed_app;
grant update (left_out, dismissed) on delay to heed_app;
grant insert on incident_report, untold, delay to heed_worker;
grant update (incident_id, asks, why, state, report_id, told_at, closed_at) on untold to heed_worker;
grant update (report_id, incident_id, claimed_at, received_at, known_at, team, shift, grade, channel, content, further, left_out, dismissed) on delay to heed_worker;

create function untold_to_me() returns table (id uuid, force text, occurred_at timestamptz, grade text, asks text, state text, told_at timestamptz, found_at timestamptz) stable language sql security definer set search_path = public as $$
    select u.id, a.name, i.occurred_at, i.grade, u.asks, u.state, u.told_at, u.found_at
      from untold u join incident i on i.id = u.incident_id join agency a on a.id = u.agency_id
     where my_reach() = 'agency' and my_agency() in (i.council_id, i.school_id)
       and (u.asks = 'tell' or exists (select 1 from clock c where c.untold_id = u.id and c.due_at < coalesce(c.stopped_at, heed_now())))
$$;
comment on function untold_to_me is 'What a council or a school may know of an incident that nobody told it of: that it is, its force, its age and its grade. Not what, where or who, until it is told; of a mere question nothing until its time has run out.';

update role set permits = permits || array['incident.read', 'incident.settle', 'incident.import', 'timeliness.read'] where key in ('mash-desk-officer', 'force-lead');
update role set permits = permits || array['incident.import'] where key = 'system';
update role set permits = permits || array['incident.read', 'timeliness.read'] where key in ('team-manager', 'service-manager');
update role set permits = permits || array['incident.read'] where key = 'safeguarding-lead';
update role set permits = permits || array['timeliness.read'] where key = 'partnership-manager';
insert into role (key, name, reach, permits) values ('analyst', 'Performance analyst', 'none', array['worklist.read', 'limit.read', 'timeliness.read']);
