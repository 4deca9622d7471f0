-- Administration: who works where, who is on duty, and what a partnership has agreed. An agency's managers see to their own agency, the partnership's business manager to all.

update role set permits = permits || array['administration.read', 'staff.manage'] where key in ('team-manager', 'service-manager', 'force-lead', 'safeguarding-lead', 'partnership-manager');
update role set permits = permits || array['administration.read', 'hold.manage'] where key = 'privacy-reviewer';
update role set permits = permits || array['hold.manage'] where key in ('service-manager', 'force-lead');
update role set permits = permits || array['policy.agree'] where key in ('service-manager', 'force-lead', 'partnership-manager');
update role set permits = permits || array['partnership.manage'] where key = 'partnership-manager';

alter table role add of_kinds text[] not null default array['police', 'council', 'school', 'health', 'dbs', 'partnership', 'inspectorate'];
comment on column role.of_kinds is 'At which kinds of agency somebody may be given it.';
update role set of_kinds = array['police'] where key in ('response-officer', 'mash-desk-officer', 'detective', 'designated-officer', 'custody-officer', 'force-lead');
update role set of_kinds = array['council'] where key in ('social-worker', 'team-manager', 'service-manager', 'conference-chair', 'designated-officer-allegations');
update role set of_kinds = array['school'] where key = 'safeguarding-lead';
update role set of_kinds = array['health'] where key = 'health-practitioner';
update role set of_kinds = array['dbs'] where key = 'vetting-clerk';
update role set of_kinds = array['police', 'council', 'health', 'partnership'] where key in ('privacy-reviewer', 'analyst');
update role set of_kinds = array['partnership'] where key = 'partnership-manager';
update role set of_kinds = array['partnership', 'inspectorate'] where key = 'inspector';

create function administers(agency uuid) returns boolean stable language sql security definer set search_path = public as $$
    select i_may('partnership.manage') or agency = my_agency() and i_may('staff.manage')
$$;

do $$ declare t text; begin
    foreach t in array array['agency', 'former_name', 'succession', 'team', 'practitioner', 'post', 'shift', 'absence', 'local_limit', 'agreement', 'retention_class', 'threshold', 'school_arrangement'] loop
        call secure(t);
        -- Reference: everybody reads it, and only who administers it writes.
        execute format('create policy read on %I for select to heed_app using (true)', t);
        execute format('create policy worker on %I to heed_worker using (true) with check (true)', t);
    end loop;
end $$;
comment on table practitioner is 'Somebody who works at an agency, or its system. Who has left keeps the row; its time has ended.';
comment on table post is 'A role in a team, from and until.';
comment on table absence is 'Somebody on the rota who is not there. That they are away is everybody''s to know; why is not.';
comment on table former_name is 'What an agency was called, and when.';
comment on table succession is 'Which agency followed which, from what day.';

-- People and posts ------------------------------------------------------------------------------------------------------

create policy join_in on practitioner for insert to heed_app with check (administers(agency_id) and (not is_system or (select i_may('partnership.manage'))));
create policy manage on practitioner for update to heed_app using (administers(agency_id)) with check (administers(agency_id));
create policy give on post for insert to heed_app with check (
    practitioner_id <> (select me()) and provider_id is null
    and exists (select 1 from practitioner p join team t on t.id = team_id and t.agency_id = p.agency_id join agency a on a.id = t.agency_id join role r on r.key = role
                 where p.id = practitioner_id and administers(a.id) and (a.kind = any (r.of_kinds) or p.is_system and r.key = 'system')
                   and r.key <> 'heed' and ('policy.agree' <> all (r.permits) or (select i_may('policy.agree')))));
create policy take on post for update to heed_app using (practitioner_id <> (select me()) and exists (select 1 from team t where t.id = team_id and administers(t.agency_id))) with check (isempty(during) or upper(during) <= heed_now());
comment on policy take on post is 'To end it, and nothing else: what is over does not come back.';
comment on policy give on post is 'Nobody gives a post to themselves, nor one that agrees policy without agreeing policy themselves.';
grant insert on practitioner, post to heed_app;
grant update (name, rank, email) on practitioner to heed_app;
grant update (during) on post to heed_app;

create table departure (
    practitioner_id uuid primary key references practitioner, agency_id uuid not null references agency, at timestamptz not null default heed_now(), by uuid not null default me() references practitioner, words text not null,
    notices int not null, clocks int not null, children int not null, heir_id uuid references practitioner);
comment on table departure is 'Who left, and what they had: notices and clocks go back to their teams, children to the manager on duty (heir). Append-only.';
call secure('departure');
create policy read on departure for select to heed_app using (administers(agency_id));
create policy worker on departure for select to heed_worker using (true);
grant select on departure to heed_app, heed_worker;

create function give_back(who uuid, out notices int, out clocks int, out children int, out heir uuid) language plpgsql security definer set search_path = public as $$
declare
    theirs uuid := (select agency_id from practitioner where id = who);
    still uuid[] := array(select team_id from post where practitioner_id = who and during @> heed_now());
    given record;
begin
    if theirs is null or not administers(theirs) then raise exception 'not theirs to administer' using errcode = '42501'; end if;
    -- The manager on duty above the teams that they leave; off hours too somebody of the agency.
    select x.id into heir from (
        select l.id, l.n as near from (select distinct team_id from post where practitioner_id = who and team_id <> all (still)) t cross join lateral unnest(ladder(t.team_id, heed_now())) with ordinality l(id, n)
        union all
        select o.practitioner_id, 1000 from post o join team t on t.id = o.team_id where t.agency_id = theirs and o.role in ('team-manager', 'service-manager', 'force-lead', 'safeguarding-lead') and o.during @> heed_now()) x
      join practitioner p on p.id = x.id and p.agency_id = theirs and p.during @> heed_now() where x.id <> who order by x.near limit 1;
    with back as (update notice n set taken_by = null, taken_at = null
                   where n.taken_by = who and n.to_team <> all (still) and n.withdrawn_at is null
                     and (n.acknowledged_at is null or exists (select 1 from contact c where c.notice_id = n.id and c.decision is null and c.withdrawn_at is null) or exists (select 1 from clock k where k.notice_id = n.id and k.state in ('running', 'warned', 'breached')))
               returning n.id, n.to_team),
         noted as (insert into handing_on (id, notice_id, from_team, to_team, words) select new_id(), id, to_team, to_team, 'Whoever had it has left the team: it is the team''s again' from back)
    select count(*)::int into notices from back;
    update notice set held_for = heir where held_for = who and released_at is null and to_team <> all (still) and heir is not null;
    update school_arrangement set named_person = null where named_person = who and cardinality(still) = 0;
    with back as (update clock set practitioner_id = null where practitioner_id = who and team_id <> all (still) and state in ('running', 'warned', 'breached') returning 1)
    select count(*)::int into clocks from back;
    -- A reason that waits for their agreement is owed again: nobody else may agree to it.
    update clock set late_reason = null, late_manager = null, late_said_by = null, late_said_at = null where late_manager = who and late_agreed_at is null and cardinality(still) = 0;
    children := 0;
    for given in update allocation set during = tstzrange(lower(during), heed_now()) where practitioner_id = who and team_id <> all (still) and during @> heed_now() and lower(during) < heed_now() returning source_record_id, agency_id, team_id loop
        children := children + 1;
        if heir is not null then
            insert into allocation (id, source_record_id, agency_id, practitioner_id, team_id, during, reason) values (new_id(), given.source_record_id, given.agency_id, heir, given.team_id, tstzrange(heed_now(), null), 'Whoever had it has left the team');
        end if;
    end loop;
    update contact set worker_id = heir where worker_id = who and decision is null and team_id <> all (still);
    update shift set during = case when lower(during) < heed_now() then tstzrange(lower(during), heed_now()) else 'empty' end where practitioner_id = who and team_id <> all (still) and upper(during) > heed_now();
end $$;
comment on function give_back is 'What somebody had taken in teams where they have no post any more. Whoever administers an agency need see nobody''s rows for it: only how many.';

create function depart(who uuid, in_words text) returns text language plpgsql security definer set search_path = public as $$
declare
    p practitioner;
    back record;
begin
    select * into p from practitioner where id = who for update;
    if p.id is null or p.is_system or not administers(p.agency_id) then return 'not-found'; end if;
    if who = me() then return 'self'; end if;
    if not p.during @> heed_now() then return 'gone'; end if;
    update post set during = tstzrange(lower(during), heed_now()) where practitioner_id = who and during @> heed_now();
    update post set during = 'empty' where practitioner_id = who and lower(during) > heed_now();
    select * into back from give_back(who);
    -- On call, they may cover teams in which they have no post.
    update shift set during = case when lower(during) < heed_now() then tstzrange(lower(during), heed_now()) else 'empty' end where practitioner_id = who and upper(during) > heed_now();
    update practitioner set during = tstzrange(lower(during), heed_now()) where id = who;
    update session set ended_at = now(), ended_because = 'left the agency', tokens = null where practitioner_id = who and ended_at is null;
    update emergency_access set ended_at = least(heed_now(), until), ended_how = 'by-hand' where practitioner_id = who and ended_at is null;
    insert into departure (practitioner_id, agency_id, words, notices, clocks, children, heir_id) values (who, p.agency_id, in_words, back.notices, back.clocks, back.children, back.heir);
    return 'done';
end $$;
comment on function depart is 'Everything ends now: posts, duty, sessions, what is open in an emergency.';

create function signed_in(who uuid) returns table (id uuid, began_at timestamptz, seen_at timestamptz, provider text, acr text, here boolean) stable language sql security definer set search_path = public as $$
    select s.id, s.began_at + (heed_now() - now()), s.seen_at + (heed_now() - now()), v.name, s.acr, s.id is not distinct from nullif(current_setting('app.session', true), '')::uuid
      from session s join practitioner p on p.id = s.practitioner_id left join provider v on v.id = s.provider_id where p.id = who and alive(s) and (who = me() or administers(p.agency_id)) order by s.seen_at desc
$$;
comment on function signed_in is 'Where somebody is signed in: for themselves and whoever administers their agency, and never a token. Sessions run in real time; these times are those of the pages.';

create function end_sessions(of_agency uuid, who uuid, which uuid) returns int language plpgsql security definer set search_path = public as $$
declare n int;
begin
    update session s set ended_at = now(), ended_because = case when p.id = me() then 'ended by themselves' else 'ended by who administers the agency' end, ended_by = me(), tokens = null
      from practitioner p where p.id = s.practitioner_id and alive(s) and s.id is distinct from nullif(current_setting('app.session', true), '')::uuid
       and (p.agency_id = of_agency or p.id = who or s.id = which) and case when p.id = me() then proved('ending sessions') else administers(p.agency_id) end;
    get diagnostics n = row_count;
    return n;
end $$;
comment on function end_sessions is 'All of an agency, all of a person or one: of whom one administers, or one''s own once one has proved who one is; never the one by which this is asked. Answers how many.';

-- Rotas -----------------------------------------------------------------------------------------------------------------

create policy manage on team for update to heed_app using (administers(agency_id)) with check (administers(agency_id));
create policy add on team for insert to heed_app with check (administers(agency_id));
create policy put on shift for insert to heed_app with check (exists (select 1 from team t where t.id = team_id and administers(t.agency_id)) and exists (select 1 from practitioner p where p.id = practitioner_id and administers(p.agency_id) and p.during @> heed_now()));
create policy take on shift for update to heed_app using (exists (select 1 from team t where t.id = team_id and administers(t.agency_id))) with check (isempty(during) or upper(during) <= heed_now());
create policy away on absence for insert to heed_app with check (exists (select 1 from practitioner p where p.id = practitioner_id and administers(p.agency_id)));
create policy back on absence for update to heed_app using (exists (select 1 from practitioner p where p.id = practitioner_id and administers(p.agency_id))) with check (isempty(during) or upper(during) <= heed_now());
grant insert on team, shift, absence to heed_app;
grant update (name, above_id, covered_by_id, opens, closes, telephone) on team to heed_app;
grant update (during) on shift, absence to heed_app;
comment on column shift.during is 'Empty: taken off the rota before it began; the log keeps what it was.';
do $$ declare f text; begin
    foreach f in array array['give_back(uuid)', 'depart(uuid, text)'] loop
        execute format('revoke execute on function %s from public', f);
        execute format('grant execute on function %s to heed_app', f);
    end loop;
end $$;

-- What a school has arranged for itself ---------------------------------------------------------------------------------

create policy arrange on school_arrangement for insert to heed_app with check (administers(school_id));
create policy arrange_anew on school_arrangement for update to heed_app using (administers(school_id)) with check (administers(school_id));
grant insert, update (reads_on_working_days, named_person, agreed) on school_arrangement to heed_app;

-- Limits, and the levels of the threshold document: a version ends where the next begins ---------------------------------------------------------------------------

do $$ declare t text; begin
    foreach t in array array['local_limit', 'threshold'] loop
        execute format('create policy agree on %I for insert to heed_app with check ((select i_may(''partnership.manage'')))', t);
        execute format('create policy finish on %I for update to heed_app using ((select i_may(''partnership.manage'')))', t);
        execute format('grant insert, update (during) on %I to heed_app', t);
    end loop;
end $$;

-- Sharing agreements: one drafts, another publishes -----------------------------------------------------------------------

create table agreement_draft (
    id uuid primary key, key text not null check (key ~ '^[a-z0-9-]+$'), after_version int not null, ends boolean not null default false, name text not null, from_kind text not null, to_kind text not null, report_kinds text[],
    discloses text not null check (discloses in ('all', 'school')), basis text not null, purpose text not null, starts_on date not null, until_on date, agreed_by text not null, reason text not null,
    drafted_by uuid not null default me() references practitioner, drafted_at timestamptz not null default heed_now(), outcome text check (outcome in ('published', 'dropped')), decided_by uuid references practitioner, decided_at timestamptz,
    check (until_on > starts_on), check (outcome <> 'published' or decided_by <> drafted_by), check (num_nonnulls(outcome, decided_by, decided_at) in (0, 3)));
comment on table agreement_draft is 'A new version of a sharing agreement, or its end, as one person wrote it. It holds for nobody until a second publishes it.';
comment on column agreement_draft.after_version is 'Which version it was written upon; 0 for a new agreement. Where another came meanwhile it is not published.';
create unique index one_draft on agreement_draft (key) where decided_at is null;

create table retention_change (
    id uuid primary key, key text not null references retention_class, words text not null, years int check (years > 0), from_event text not null, authority text not null, checked boolean not null, reason text not null, was jsonb not null,
    asked_by uuid not null default me() references practitioner, asked_at timestamptz not null default heed_now(), outcome text check (outcome in ('published', 'dropped')), decided_by uuid references practitioner, decided_at timestamptz,
    check (outcome <> 'published' or decided_by <> asked_by), check (num_nonnulls(outcome, decided_by, decided_at) in (0, 3)));
comment on table retention_change is 'A change of how long a class is kept, as one person asks for it. It holds once a second agrees. was: the class before.';
create unique index one_change on retention_change (key) where decided_at is null;

do $$ declare t text; begin
    foreach t in array array['agreement_draft', 'retention_change'] loop
        call secure(t);
        execute format('create policy read on %I for select to heed_app using ((select i_may(''administration.read'')))', t);
        execute format('create policy worker on %I for select to heed_worker using (true)', t);
        execute format('grant select on %I to heed_app, heed_worker', t);
        execute format('create trigger logged after insert or update on %I for each row execute function log_change()', t);
    end loop;
    foreach t in array array['retention_class', 'former_name', 'succession'] loop
        execute format('create trigger logged after insert or update or delete on %I for each row execute function log_change()', t);
    end loop;
end $$;
create policy draft on agreement_draft for insert to heed_app with check ((select i_may('partnership.manage')) and drafted_by = (select me()) and decided_at is null);
create policy let_go on agreement_draft for update to heed_app using (decided_at is null and (select i_may('partnership.manage'))) with check (outcome = 'dropped');
create policy ask on retention_change for insert to heed_app with check ((select i_may('partnership.manage')) and asked_by = (select me()) and decided_at is null);
create policy let_go on retention_change for update to heed_app using (decided_at is null and (select i_may('partnership.manage'))) with check (outcome = 'dropped');
grant insert, update (outcome, decided_by, decided_at) on agreement_draft, retention_change to heed_app;

create function publish_agreement(which uuid) returns text language plpgsql security definer set search_path = public as $$
declare
    d agreement_draft;
    before agreement;
    starts timestamptz;
begin
    select * into d from agreement_draft where id = which for update;
    if d.id is null or not i_may('policy.agree') then return 'not-found'; end if;
    if d.drafted_by = me() then return 'own'; end if;
    if d.decided_at is not null then return 'decided'; end if;
    select * into before from agreement a where a.key = d.key order by a.version desc limit 1 for update;
    starts := greatest(d.starts_on::timestamp at time zone 'Europe/London', heed_now());
    if coalesce(before.version, 0) <> d.after_version or lower(before.during) >= starts then return 'overtaken'; end if;
    if d.until_on::timestamp at time zone 'Europe/London' <= starts then return 'over'; end if;
    update agreement a set during = tstzrange(lower(a.during), starts) where a.key = d.key and a.version = before.version and (upper_inf(a.during) or upper(a.during) > starts);
    if not d.ends then
        insert into agreement (key, version, name, from_kind, to_kind, report_kinds, discloses, basis, purpose, during, agreed_by)
        values (d.key, d.after_version + 1, d.name, d.from_kind, d.to_kind, d.report_kinds, d.discloses, d.basis, d.purpose, tstzrange(starts, d.until_on::timestamp at time zone 'Europe/London'), d.agreed_by);
    end if;
    update agreement_draft set outcome = 'published', decided_by = me(), decided_at = heed_now() where id = which;
    return 'done';
end $$;
comment on function publish_agreement is 'By a second person. The version before ends where the new one begins; what was shared under it keeps its number.';

create function publish_retention(which uuid) returns text language plpgsql security definer set search_path = public as $$
declare c retention_change;
begin
    select * into c from retention_change where id = which for update;
    if c.id is null or not i_may('policy.agree') then return 'not-found'; end if;
    if c.asked_by = me() then return 'own'; end if;
    if c.decided_at is not null then return 'decided'; end if;
    update retention_class set words = c.words, years = c.years, from_event = c.from_event, authority = c.authority, checked = c.checked where key = c.key;
    update retention_change set outcome = 'published', decided_by = me(), decided_at = heed_now() where id = which;
    return 'done';
end $$;

-- Legal holds: one places, another releases -------------------------------------------------------------------------------

alter table legal_hold add agency_id uuid references agency, add number text, add records uuid[] not null default '{}', add released_by uuid references practitioner, add release_words text, add check (released_by <> placed_by);
comment on column legal_hold.records is 'The child''s other records at the agency, and whom they were found to be: none of it is destroyed either.';
create policy read on legal_hold for select to heed_app using (agency_id = (select my_agency()) and (select i_may('hold.manage')));
grant select on legal_hold to heed_app;

create function place_hold(hold uuid, of_number text, because text) returns text language plpgsql security definer set search_path = public as $$
declare s source_record;
begin
    select * into s from source_record x where x.agency_id = my_agency() and x.number = of_number and (x.tier <> 'sealed' or is_reader(x.id));
    if s.id is null or not i_may('hold.manage') then return 'not-found'; end if;
    perform pg_advisory_xact_lock(hashtextextended(s.id::text, 13));
    if exists (select 1 from legal_hold h where h.row_id = s.id and (h.until is null or h.until > heed_now())) then return 'held'; end if;
    insert into legal_hold (id, on_table, row_id, reason, since, placed_by, agency_id, number, records)
    values (hold, 'source_record', s.id, because, heed_now(), me(), s.agency_id, s.number, array(
        select b.source_record_id from link a join link b on b.person_id = a.person_id and b.undone_at is null join source_record o on o.id = b.source_record_id and o.agency_id = s.agency_id where a.source_record_id = s.id and a.undone_at is null
        union select a.person_id from link a where a.source_record_id = s.id and a.undone_at is null));
    return 'done';
end $$;
comment on function place_hold is 'By the number of the agency''s own record: whoever holds need not see what they hold. A sealed record is not found.';

create function release_hold(hold uuid, because text) returns text language plpgsql security definer set search_path = public as $$
declare h legal_hold;
begin
    select * into h from legal_hold where id = hold for update;
    if h.id is null or h.agency_id is distinct from my_agency() or not i_may('hold.manage') then return 'not-found'; end if;
    if h.placed_by = me() then return 'own'; end if;
    if h.until is not null then return 'released'; end if;
    update legal_hold set until = heed_now(), released_by = me(), release_words = because where id = hold;
    return 'done';
end $$;
do $$ declare f text; begin
    foreach f in array array['publish_agreement(uuid)', 'publish_retention(uuid)', 'place_hold(uuid, text, text)', 'release_hold(uuid, text)'] loop
        execute format('revoke execute on function %s from public', f);
        execute format('grant execute on function %s to heed_app', f);
    end loop;
end $$;

-- Agencies --------------------------------------------------------------------------------------------------------------

do $$ declare t text; begin
    foreach t in array array['agency', 'former_name', 'succession'] loop
        execute format('create policy add on %I for insert to heed_app with check ((select i_may(''partnership.manage'')))', t);
        execute format('grant insert on %I to heed_app', t);
    end loop;
end $$;
create policy rename on agency for update to heed_app using ((select i_may('partnership.manage')) and kind <> 'system');
grant update (name, during) on agency to heed_app;
