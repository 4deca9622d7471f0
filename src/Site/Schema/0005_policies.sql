-- Who sees which row: by involvement, beneath the tiers. Deny by default stands since 0001: what is not granted here is refused.
-- Policies read the session in sub-selects, so that it is evaluated once a statement and not once a row.

create function is_reader(record uuid) returns boolean stable language sql security definer set search_path = public
as $$ select exists (select 1 from reader where source_record_id = record and practitioner_id = me()) $$;

create function notice_is_mine(n notice) returns boolean stable language sql security definer set search_path = public as $$
    select n.withheld_because is null and n.withdrawn_at is null and n.to_agency = any (my_agencies())
       and (my_reach() = 'agency' and n.to_agency = my_agency() or n.taken_by = me()
            or my_reach() <> 'none' and (n.tier = 'open' and n.to_team = any (my_teams())
                                        or exists (select 1 from contact c where c.notice_id = n.id and c.worker_id = me())))
$$;
comment on function notice_is_mine is 'What was withdrawn is nobody''s here. A restricted notice is its agency''s managers'' and that of whoever they gave it to.';

create function mine_to_work(record uuid) returns boolean stable language sql security definer set search_path = public as $$
    with same as (
        select record as id
        union
        select b.source_record_id from link a join link b on b.person_id = a.person_id and b.undone_at is null where a.source_record_id = record and a.undone_at is null)
    select exists (select 1 from same join mention m on m.source_record_id = same.id join notice n on n.report_id = m.report_id and m.ordinal = any (n.mentions)
                    where n.to_agency = any (my_agencies()) and notice_is_mine(n))
        or exists (select 1 from same join allocation a on a.source_record_id = same.id where a.during @> heed_now() and (a.practitioner_id = me() or a.team_id = any (my_teams())))
$$;
comment on function mine_to_work is 'Involvement is with the person: one notice or allocation brings my agency''s whole history of them in front of the decision.';

-- A shortcut: whoever reaches all of an agency is involved wherever it was told.
create function disclosed_to(record uuid, to_whom uuid) returns boolean stable language sql security definer set search_path = public as $$
    select exists (select 1 from mention m join notice n on n.report_id = m.report_id and m.ordinal = any (n.mentions) where m.source_record_id = record and n.to_agency = to_whom and n.withheld_because is null and n.withdrawn_at is null)
$$;

create function may_see_record(record uuid) returns boolean stable language sql security definer set search_path = public as $$
    select exists (
        select 1 from source_record s
         where s.id = record and (s.tier = 'open' or is_reader(s.id))
           and (s.agency_id = any (my_agencies())
                or exists (select 1 from mention m join notice n on n.report_id = m.report_id and m.ordinal = any (n.mentions)
                            where m.source_record_id = s.id and n.to_agency = any (my_agencies()) and n.withheld_because is null and n.withdrawn_at is null))
           and (my_reach() = 'agency' and s.agency_id = my_agency() or my_reach() = 'agency' and disclosed_to(s.id, my_agency()) or my_reach() <> 'none' and mine_to_work(s.id)))
$$;

create function may_see_mention(m mention) returns boolean stable language sql security definer set search_path = public as $$
    select (m.agency_id = any (my_agencies())
            or exists (select 1 from notice n where n.report_id = m.report_id and m.ordinal = any (n.mentions) and n.to_agency = any (my_agencies()) and n.withheld_because is null and n.withdrawn_at is null
                                                and (n.tier = 'open' or notice_is_mine(n)) and exists (select 1 from agreement a where a.key = n.agreement_key and a.version = n.agreement_version and a.discloses = 'all')))
       and may_see_record(m.source_record_id)
       and (m.agency_id <> my_agency() or my_reach() = 'agency' or m.report_id is null or exists (select 1 from report r where r.id = m.report_id and r.tier = 'open'))
$$;

comment on function may_see_mention is 'A row cannot be shown in part: whom an agreement shows less than all (a school) reads the notice, which holds what it was shown, and not the mention.';

create function told_of(record uuid) returns boolean stable language sql security definer set search_path = public as $$
    select exists (select 1 from mention m join notice n on n.report_id = m.report_id and m.ordinal = any (n.mentions) where m.source_record_id = record and n.to_agency = any (my_agencies()) and notice_is_mine(n))
$$;

create function contact_is_mine(c uuid) returns boolean stable language sql security definer set search_path = public
as $$ select exists (select 1 from contact where id = c and worker_id = me()) $$;

create function subject_of(c uuid) returns table (source_record_id uuid, kind text) stable language sql security definer set search_path = public as $$
    select m.source_record_id, a.kind from contact x join notice n on n.id = x.notice_id join mention m on m.id = x.mention_id join agency a on a.id = n.from_agency
     where x.id = c and x.agency_id = any (my_agencies()) and notice_is_mine(n)
$$;
comment on function subject_of is 'Whose contact this is and which kind of agency told: a decision can be made of whom one was told, whatever the teller restricts at home.';

create function working(l uuid) returns jsonb stable language sql security definer set search_path = public as $$
    select comparison from link where id = l and may_see_record(source_record_id) and (compared_with is null or may_see_record(compared_with))
$$;
comment on function working is 'The comparison behind a link stands side by side as written: only who may see both records may see it.';

create function may_see_person(p uuid) returns boolean stable language sql security definer set search_path = public
as $$ select exists (select 1 from link l where l.person_id = p and l.undone_at is null and may_see_record(l.source_record_id)) $$;

-- Policies --------------------------------------------------------------------------------------------------------------

create policy read on person for select to heed_app using (may_see_person(id));
create policy read on source_record for select to heed_app using (may_see_record(id));
create policy write on source_record for insert to heed_app with check (agency_id = (select my_agency()));
create policy read on reader for select to heed_app using (may_see_record(source_record_id));
create policy read on mention for select to heed_app using (may_see_mention(mention));
create policy write on mention for insert to heed_app with check (agency_id = (select my_agency()));
create policy write on import for insert to heed_app with check (agency_id = (select my_agency()));
create policy read on import for select to heed_app using (agency_id = (select my_agency()) and (select my_reach()) = 'agency');
create policy write on import_refusal for insert to heed_app with check (exists (select 1 from import i where i.id = import_id));
create policy read on import_refusal for select to heed_app using (exists (select 1 from import i where i.id = import_id));
do $$ declare t text; begin
    foreach t in array array['statement', 'residence', 'relationship', 'attendance'] loop
        execute format('create policy read on %I for select to heed_app using (exists (select 1 from mention m where m.id = mention_id))', t);
        execute format('create policy write on %I for insert to heed_app with check (exists (select 1 from mention m where m.id = mention_id and m.agency_id = (select my_agency())))', t);
    end loop;
    foreach t in array array['legal_status', 'allocation', 'link'] loop
        execute format('create policy read on %I for select to heed_app using (may_see_record(source_record_id))', t);
    end loop;
end $$;
create policy read on possible_match for select to heed_app using (may_see_record(source_record_id) and may_see_record(other_id));
create policy read on alert for select to heed_app using (agency_id = (select my_agency()) and (source_record_id is null or is_reader(source_record_id)));

create policy write on report for insert to heed_app with check (agency_id = (select my_agency()));
create policy read on report for select to heed_app using (agency_id = (select my_agency()) and ((select my_reach()) = 'agency' or recorded_by = (select me())));
create policy own on report_key to heed_app using (agency_id = (select my_agency())) with check (agency_id = (select my_agency()));
create policy send on notice for insert to heed_app with check (from_agency = (select my_agency()));
create policy sent on notice for select to heed_app using (from_agency = (select my_agency()) and ((select my_reach()) = 'agency' or actor = (select me())));
create policy got on notice for select to heed_app using (to_agency = any ((select my_agencies())::uuid[]) and notice_is_mine(notice));
create policy work on notice for update to heed_app using (to_agency = any ((select my_agencies())::uuid[]) and notice_is_mine(notice)) with check (to_agency = any ((select my_agencies())::uuid[]));
create policy read on handing_on for select to heed_app using (exists (select 1 from notice n where n.id = notice_id and n.to_agency = any ((select my_agencies())::uuid[])));
create policy write on handing_on for insert to heed_app with check (by = (select me()) and exists (select 1 from notice n where n.id = notice_id and n.to_agency = any ((select my_agencies())::uuid[])));
create policy send on contact for insert to heed_app with check (exists (select 1 from notice n where n.id = notice_id and n.from_agency = (select my_agency()) and n.to_agency = agency_id));
-- What a council decided of whom it should not have been told stays its own, and its managers' to see.
create policy read on contact for select to heed_app using (agency_id = any ((select my_agencies())::uuid[])
    and (exists (select 1 from notice n where n.id = notice_id) or decision is not null and agency_id = (select my_agency()) and (select my_reach()) = 'agency'));
create policy work on contact for update to heed_app using (agency_id = any ((select my_agencies())::uuid[]) and exists (select 1 from notice n where n.id = notice_id)) with check (agency_id = any ((select my_agencies())::uuid[]));
create policy own on episode to heed_app using (agency_id = any ((select my_agencies())::uuid[]) and (may_see_record(source_record_id) or told_of(source_record_id) or exists (select 1 from referral r where r.episode_id = episode.id))) with check (agency_id = any ((select my_agencies())::uuid[]));
create policy own on referral to heed_app using (agency_id = any ((select my_agencies())::uuid[]) and exists (select 1 from contact c where c.id = contact_id)) with check (agency_id = any ((select my_agencies())::uuid[]));

create policy start on clock for insert to heed_app
    with check (agency_id = (select my_agency()) or exists (select 1 from notice n where n.id = notice_id and n.from_agency = (select my_agency()) and n.to_agency = agency_id));
create policy read on clock for select to heed_app
    using (agency_id = (select my_agency()) and (select my_reach()) = 'agency'
           or (select my_reach()) <> 'none' and (practitioner_id = (select me()) or told @> array[(select me())] or team_id = any ((select my_teams())::uuid[]) or contact_id is not null and contact_is_mine(contact_id)));
create policy work on clock for update to heed_app
    using (agency_id = any ((select my_agencies())::uuid[]) and (agency_id = (select my_agency()) and (select my_reach()) = 'agency'
           or (select my_reach()) <> 'none' and (practitioner_id = (select me()) or told @> array[(select me())] or team_id = any ((select my_teams())::uuid[]) or contact_id is not null and contact_is_mine(contact_id))))
    with check (agency_id = any ((select my_agencies())::uuid[]));
comment on policy read on clock is 'A late clock climbs over agencies: who is told of a school''s sees the clock, and not the notice.';
create policy read on clock_event for select to heed_app using (exists (select 1 from clock c where c.id = clock_id));
create policy write on clock_event for insert to heed_app with check (actor = (select me()) and exists (select 1 from clock c where c.id = clock_id));

-- The worker: matching, routing, clocks. It is named in each, and bypasses none.
do $$ declare t text; begin
    foreach t in array array['person', 'source_record', 'reader', 'mention', 'residence', 'relationship', 'attendance', 'allocation', 'link', 'never_link', 'blocking_key', 'possible_match', 'alert',
                             'report', 'notice', 'contact', 'clock', 'clock_event'] loop
        execute format('create policy worker on %I to heed_worker using (true) with check (true)', t);
        execute format('grant select on %I to heed_worker', t);
    end loop;
end $$;
grant insert on person, residence, relationship, attendance, link, blocking_key, possible_match, alert, clock, clock_event to heed_worker;
grant delete on blocking_key to heed_worker;
grant update on person to heed_worker; -- to lock the row: for update needs it
grant update (undone_at, undone_by, undone_reason) on link to heed_worker;
grant update (tier) on notice to heed_worker;
grant update (worker_id) on contact to heed_worker;
grant update (state, next_at, told, climbed_to, practitioner_id, stopped_at, cancelled_because) on clock to heed_worker;

grant select on person, source_record, reader, import, import_refusal, mention, statement, residence, relationship, legal_status, attendance, allocation, possible_match, alert,
                report, report_key, notice, handing_on, contact, episode, referral, clock, clock_event to heed_app;
-- All of a link but its comparison, which holds another record's words: see working().
grant select (id, source_record_id, person_id, at, actor, agency_id, purpose, rules, verdict, reason, compared_with, undone_at, undone_by, undone_reason) on link to heed_app;
grant insert on source_record, import, import_refusal, mention, statement, residence, attendance, report, report_key, notice, handing_on, contact, episode, referral, clock, clock_event to heed_app;
grant update (replays) on report_key to heed_app;
-- Nobody can move a due time, an anchor or what was shown, nor hand on but by hand_on(): the columns are not theirs to write.
grant update (delivered_at, opened_at, opened_by, acknowledged_at, acknowledged_by, taken_by, taken_at) on notice to heed_app;
grant update (decision, reason, decided_at, decided_by, parents_told, parents_not_told_because) on contact to heed_app;
grant update (closed_at, closed_reason) on episode to heed_app;
grant update (state, next_at, stopped_at, stopped_by, practitioner_id, late_reason, late_agreed_by, late_said_by, late_said_at, cancelled_because) on clock to heed_app;

-- What may be known of what may not be seen ------------------------------------------------------------------------------

create function held_elsewhere(p uuid) returns table (agency text, ask text, tier text, records int) stable language sql security definer set search_path = public as $$
    select a.name, coalesce((select t.name from team t where t.agency_id = a.id and t.function in ('front-door', 'mash-desk', 'safeguarding') order by t.function limit 1), a.name),
           max(s.tier), count(*)::int
      from link l join source_record s on s.id = l.source_record_id join agency a on a.id = s.agency_id
     where l.person_id = p and l.undone_at is null and may_see_person(p) and s.tier <> 'sealed' and not may_see_record(s.id)
     group by a.id, a.name
$$;
comment on function held_elsewhere is '"Held by X, ask": one line for each agency that holds more about somebody I may see. Nothing sealed.';

create function same_address(p uuid) returns table (source_record_id uuid, person_id uuid, given text, family text, born date, is_child boolean) stable language sql security definer set search_path = public as $$
    select distinct on (s.id) s.id, o.person_id, n.given, n.family, n.born, n.is_child
      from link l join mention m on m.source_record_id = l.source_record_id join residence r on r.mention_id = m.id
      join residence q on q.postcode = r.postcode and q.address = r.address and q.during && r.during join mention n on n.id = q.mention_id
      join source_record s on s.id = n.source_record_id left join link o on o.source_record_id = s.id and o.undone_at is null
     where l.person_id = p and l.undone_at is null and may_see_record(l.source_record_id)
       and r.sensitivity is null and q.sensitivity is null and s.agency_id = any (my_agencies()) and s.tier = 'open' and o.person_id is distinct from p
$$;
comment on function same_address is 'The index line of my own agency''s records at an address of somebody I may see: the other children of a household are never out of sight.';

create function knock(subject uuid) returns void language sql security definer set search_path = public as $$
    insert into alert (id, agency_id, source_record_id, what)
    select gen_random_uuid(), s.agency_id, s.id, 'Somebody tried to open a sealed record'
      from source_record s left join link l on l.source_record_id = s.id and l.undone_at is null
     where s.tier = 'sealed' and subject in (s.id, l.person_id) and not is_reader(s.id)
$$;
comment on function knock is 'Called wherever something was not found. The answer is the same either way; the owner of a sealed record learns of it.';

create function history_of(p uuid) returns table (
    notice uuid, report uuid, kind text, agency text, grade text, reference text, occurred_at timestamptz, occurred_until timestamptz, "precision" text, known_at timestamptz, recorded_at timestamptz, received_at timestamptz,
    roles text[], summary text, own_words text, seen boolean, seen_alone boolean, decision text, reason text, decided_at timestamptz, decided_by text, corrected boolean, report_id uuid)
stable language sql security definer set search_path = public as $$
    select case when notice_is_mine(n) then n.id end, r.id, coalesce(n.report_kind, r.kind), a.name, coalesce(n.shown, r.content) #>> array['risk', 'grade'], coalesce(n.shown ->> 'reference', r.reference),
           coalesce(n.occurred_at, lower(r.occurred)), (coalesce(n.shown, r.content) ->> 'occurredUntil')::timestamptz, coalesce(n.shown ->> 'occurredPrecision', r.occurred_precision, 'to the minute'),
           coalesce((n.shown ->> 'knownAt')::timestamptz, r.known_at), coalesce((n.shown ->> 'recordedAt')::timestamptz, r.recorded_at), coalesce(n.sent_at, r.received_at),
           m.roles, coalesce(n.shown, r.content) ->> 'summary', case when n.id is null or g.discloses = 'all' then m.own_words end, m.seen, case when n.id is null or g.discloses = 'all' then m.seen_alone end,
           c.decision, c.reason, c.decided_at, d.name,
           n.id is not null and exists (select 1 from notice x where x.supersedes_id = n.id) or r.id is not null and exists (select 1 from report x where x.supersedes_id = r.id), m.report_id
      from link l join source_record s on s.id = l.source_record_id and (s.tier = 'open' or is_reader(s.id)) join mention m on m.source_record_id = s.id and m.report_id is not null join agency a on a.id = m.agency_id
      left join lateral (select * from notice n where n.report_id = m.report_id and n.to_agency = any (my_agencies()) and n.withheld_because is null and n.withdrawn_at is null and n.kind <> 'withdrawal' and m.ordinal = any (n.mentions)
                            and (n.tier = 'open' or notice_is_mine(n)) limit 1) n on true
      left join agreement g on g.key = n.agreement_key and g.version = n.agreement_version
      left join report r on n.id is null and r.id = m.report_id and r.agency_id = my_agency() and (r.tier = 'open' or my_reach() = 'agency')
      left join contact c on c.notice_id = n.id and c.mention_id = m.id left join practitioner d on d.id = c.decided_by
     where l.person_id = p and l.undone_at is null and (n.id is not null or r.id is not null) and may_see_person(p)
     order by 7 desc limit 200
$$;
comment on function history_of is 'All that my agencies were told or said of somebody I may see, whichever of their teams had it: from the notice what was shown, from the report what was said. notice is set where I may open it.';

create function hand_on(which uuid, next_team uuid, whom uuid) returns void language plpgsql security definer set search_path = public as $$
declare n notice;
begin
    select * into n from notice where id = which for update;
    if n.id is null or not notice_is_mine(n) or not exists (select 1 from team t where t.id = next_team and t.agency_id = n.to_agency) then
        raise exception 'not to be handed on' using errcode = '42501';
    end if;
    update notice set to_team = next_team, taken_by = whom, taken_at = case when whom is not null then heed_now() end where id = n.id;
    update clock set team_id = next_team, practitioner_id = whom where notice_id = n.id and agency_id = n.to_agency and state in ('running', 'warned', 'breached');
    update contact set team_id = next_team where notice_id = n.id and decision is null;
end $$;
comment on function hand_on is 'What is handed on leaves the sight of whoever hands it: their policies would refuse the row that they give away.';

create function newest_notice(which uuid) returns uuid stable language sql security definer set search_path = public as $$
    with recursive later(id) as (select which union select n.id from notice n join later l on n.supersedes_id = l.id)
    select id from later l where not exists (select 1 from notice n where n.supersedes_id = l.id) limit 1
$$;
comment on function newest_notice is 'A correction stands for what it corrects: the worklist shows one row for an incident and its recipient, with the newest words.';
