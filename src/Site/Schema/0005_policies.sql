-- Who sees which row: by involvement, beneath the tiers. Deny by default stands since 0001: what is not granted here is refused.
-- Policies read the session in sub-selects, so that it is evaluated once a statement and not once a row. What they ask of a row is in plpgsql,
-- whose plan is kept: an SQL function is planned anew in each statement, and one that it calls at each call.

create function is_reader(record uuid) returns boolean stable language plpgsql security definer set search_path = public
as $$ begin return exists (select 1 from reader where source_record_id = record and practitioner_id = me()); end $$;

create function notice_is_mine(n notice) returns boolean stable language plpgsql security definer set search_path = public as $$
begin
    return n.withheld_because is null and n.withdrawn_at is null and (n.held_for is null or n.held_for = me() or n.released_at is not null) and n.to_agency = any (my_agencies())
       and (my_reach() = 'agency' and n.to_agency = my_agency() or n.taken_by = me()
            or my_reach() <> 'none' and (n.tier = 'open' and n.to_team = any (my_teams())
                                        or exists (select 1 from contact c where c.notice_id = n.id and c.worker_id = me())
                                        or n.tier = 'open' and exists (select 1 from contact c join assessment a on a.contact_id = c.id where c.notice_id = n.id and a.team_id = any (my_teams()))));
end $$;
comment on function notice_is_mine is 'What was withdrawn is nobody''s here. A restricted notice is its agency''s managers'' and that of whoever they gave it to. Whoever assesses a child reads the notice that it began with.';

create function mine_to_work(record uuid) returns boolean stable language plpgsql security definer set search_path = public as $$
begin
    return (with same as (
        select record as id
        union
        select b.source_record_id from link a join link b on b.person_id = a.person_id and b.undone_at is null where a.source_record_id = record and a.undone_at is null)
    select exists (select 1 from same join mention m on m.source_record_id = same.id join notice n on n.report_id = m.report_id and m.ordinal = any (n.mentions)
                    where n.to_agency = any (my_agencies()) and notice_is_mine(n))
        or exists (select 1 from same join allocation a on a.source_record_id = same.id where a.during @> heed_now() and (a.practitioner_id = me() or a.team_id = any (my_teams()))));
end $$;
comment on function mine_to_work is 'Involvement is with the person: one notice or allocation brings my agency''s whole history of them in front of the decision.';

-- A shortcut: whoever reaches all of an agency is involved wherever it was told; by what is held for one person, that person alone.
create function disclosed_to(record uuid, to_whom uuid) returns boolean stable language plpgsql security definer set search_path = public as $$
begin
    return exists (select 1 from mention m join notice n on n.report_id = m.report_id and m.ordinal = any (n.mentions) where m.source_record_id = record and n.to_agency = to_whom and n.withheld_because is null and n.withdrawn_at is null
                                                                                                      and (n.held_for is null or n.held_for = me() or n.released_at is not null));
end $$;

create function involved_in(record uuid) returns boolean stable language plpgsql security definer set search_path = public as $$
begin
    return exists (
        select 1 from source_record s
         where s.id = record and (s.tier = 'open' or is_reader(s.id))
           and (s.agency_id = any (my_agencies())
                or exists (select 1 from mention m join notice n on n.report_id = m.report_id and m.ordinal = any (n.mentions)
                            where m.source_record_id = s.id and n.to_agency = any (my_agencies()) and n.withheld_because is null and n.withdrawn_at is null))
           and (my_reach() = 'agency' and s.agency_id = my_agency() or my_reach() = 'agency' and disclosed_to(s.id, my_agency()) or my_reach() <> 'none' and mine_to_work(s.id)));
end $$;

create function opened(record uuid) returns boolean stable language plpgsql security definer set search_path = public as $$
begin
    return exists (select 1 from emergency_access e where e.practitioner_id = me() and e.ended_at is null and e.until > heed_now() and record = any (e.records))
       and exists (select 1 from source_record s where s.id = record and s.tier <> 'sealed');
end $$;
comment on function opened is 'By emergency access, for its hour. What is sealed is opened by nothing.';

create function may_see_record(record uuid) returns boolean stable language plpgsql security definer set search_path = public
as $$ begin return involved_in(record) or opened(record); end $$;
comment on function may_see_record is 'To read. Who decides that records are of one person, or parts them, is involved in them: an emergency opens, and changes nothing.';

create function tells_all(n notice) returns boolean stable language plpgsql security definer set search_path = public as $$
begin
    return n.withheld_because is null and n.withdrawn_at is null and (n.tier = 'open' or notice_is_mine(n)) and exists (select 1 from agreement a where a.key = n.agreement_key and a.version = n.agreement_version and a.discloses = 'all');
end $$;

create function report_is_open(which uuid) returns boolean stable language plpgsql security definer set search_path = public
as $$ begin return which is null or exists (select 1 from report r where r.id = which and r.tier = 'open'); end $$;

create function mention_is_shown(m mention) returns boolean stable language plpgsql security definer set search_path = public as $$
begin
    return (m.agency_id = any (my_agencies()) or exists (select 1 from notice n where n.report_id = m.report_id and m.ordinal = any (n.mentions) and n.to_agency = any (my_agencies()) and tells_all(n)))
       and (m.agency_id <> my_agency() or my_reach() = 'agency' or report_is_open(m.report_id));
end $$;

create function mention_is_known(m mention) returns boolean stable language plpgsql security definer set search_path = public as $$
begin
    return (m.report_id is null or exists (select 1 from report r where r.id = m.report_id and r.tier <> 'sealed'))
       and (m.agency_id = any (my_agencies())
            or exists (select 1 from notice n join agreement a on a.key = n.agreement_key and a.version = n.agreement_version
                        where n.report_id = m.report_id and m.ordinal = any (n.mentions) and n.to_agency = any (my_agencies()) and n.withheld_because is null and n.withdrawn_at is null
                          and (n.held_for is null or n.held_for = me() or n.released_at is not null) and a.discloses = 'all'));
end $$;
comment on function mention_is_known is 'My agency said it or was told all of it, whoever there may read it: of what is restricted, the record or the report, they may learn that it is there and whom to ask.';

create function mention_is_opened(m mention) returns boolean stable language plpgsql security definer set search_path = public as $$
begin
    return opened(m.source_record_id) and (m.report_id is null or exists (select 1 from report r where r.id = m.report_id and r.tier <> 'sealed'));
end $$;

create function may_see_mention(m mention) returns boolean stable language plpgsql security definer set search_path = public
as $$ begin return mention_is_shown(m) and involved_in(m.source_record_id) or m.address_sensitivity is null and mention_is_opened(m); end $$;
comment on function may_see_mention is 'A row cannot be shown in part: whom an agreement shows less than all (a school) reads the notice, which holds what it was shown, and not the mention.';

create function told_of(record uuid) returns boolean stable language plpgsql security definer set search_path = public as $$
begin
    return exists (select 1 from mention m join notice n on n.report_id = m.report_id and m.ordinal = any (n.mentions) where m.source_record_id = record and n.to_agency = any (my_agencies()) and notice_is_mine(n));
end $$;

create function contact_is_mine(c uuid) returns boolean stable language plpgsql security definer set search_path = public
as $$ begin return exists (select 1 from contact where id = c and me() in (worker_id, decided_by)); end $$;
comment on function contact_is_mine is 'Its worker''s, and whose decision it was: they follow, and explain, what runs from it.';

create function subject_of(c uuid) returns table (source_record_id uuid, kind text) stable language sql security definer set search_path = public as $$
    select m.source_record_id, a.kind from contact x join notice n on n.id = x.notice_id join mention m on m.id = x.mention_id join agency a on a.id = n.from_agency
     where x.id = c and x.agency_id = any (my_agencies()) and notice_is_mine(n)
$$;
comment on function subject_of is 'Whose contact this is and which kind of agency told: a decision can be made of whom one was told, whatever the teller restricts at home.';

create function were_shown(mentions uuid[]) returns boolean stable language sql security definer set search_path = public as $$
    select not exists (select 1 from mention m where m.id = any (mentions) and not may_see_mention(m))
$$;

create function working(l uuid) returns jsonb stable language sql security definer set search_path = public as $$
    select comparison from link where id = l and involved_in(source_record_id) and (compared_with is null or involved_in(compared_with)) and were_shown(compared)
$$;
comment on function working is 'The comparison behind a link stands side by side as written: only who may see both records, and was told of what was compared, may see it.';

create function nearness(match uuid) returns jsonb stable language sql security definer set search_path = public as $$
    select comparison from possible_match where id = match and may_see_record(source_record_id) and may_see_record(other_id) and were_shown(compared)
$$;
comment on function nearness is 'The same of two records that may be one person.';

create function may_see_person(p uuid) returns boolean stable language plpgsql security definer set search_path = public
as $$ begin return exists (select 1 from link l where l.person_id = p and l.undone_at is null and may_see_record(l.source_record_id)); end $$;

create function sent_by_mine(which uuid, recipient uuid) returns boolean stable language sql security definer set search_path = public
as $$ select exists (select 1 from notice where id = which and to_agency = recipient and from_agency = any (my_agencies())) $$;
comment on function sent_by_mine is 'What my agency passes on starts the other''s clocks, by whoever''s hand: a social worker sees no list of what the council sent.';

create function said_just_now(which uuid) returns boolean stable language plpgsql security definer set search_path = public
as $$ begin return exists (select 1 from mention m where m.id = which and m.agency_id = my_agency() and m.xmin = pg_current_xact_id()::xid); end $$;
comment on function said_just_now is 'What goes with a mention is written with it, by whoever says it: also of a record that they may not read, for what is known of a child is never turned away, nor does a refusal tell that there is such a record.';

create function said_by_mine(which uuid) returns setof mention stable language plpgsql security definer set search_path = public
as $$ begin return query select m.* from mention m where m.report_id = which and m.agency_id = my_agency(); end $$;
comment on function said_by_mine is 'Whom my agency named in a report, whoever may read of them: the next version is held against it, and nobody is shown it.';

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
        execute format('create policy write on %I for insert to heed_app with check (said_just_now(mention_id))', t);
    end loop;
    foreach t in array array['legal_status', 'allocation', 'link'] loop
        execute format('create policy read on %I for select to heed_app using (may_see_record(source_record_id))', t);
    end loop;
end $$;
create policy mine on mistaken for select to heed_app using (practitioner_id = (select me()) or parted_by = (select me()) or agency_id = (select my_agency()) and (select my_reach()) = 'agency');
create policy confirm on mistaken for update to heed_app using (practitioner_id = (select me()));
create policy write on search for insert to heed_app with check (actor = (select me()) and agency_id = (select my_agency()));
create policy read on search for select to heed_app using (actor = (select me()) or agency_id = (select my_agency()) and (select my_reach()) = 'agency');
create policy read on possible_match for select to heed_app using (may_see_record(source_record_id) and may_see_record(other_id));
create policy read on alert for select to heed_app using (agency_id = (select my_agency()) and (source_record_id is null or is_reader(source_record_id)));

create policy write on report for insert to heed_app with check (agency_id = (select my_agency()));
create policy read on report for select to heed_app using (agency_id = (select my_agency()) and ((select my_reach()) = 'agency' or recorded_by = (select me())));
create policy own on report_key to heed_app using (agency_id = (select my_agency())) with check (agency_id = (select my_agency()));
create policy send on notice for insert to heed_app with check (from_agency = any ((select my_agencies())::uuid[]));
create policy sent on notice for select to heed_app using (from_agency = (select my_agency()) and ((select my_reach()) = 'agency' or actor = (select me())));
create policy got on notice for select to heed_app using (to_agency = any ((select my_agencies())::uuid[]) and notice_is_mine(notice));
create policy work on notice for update to heed_app using (to_agency = any ((select my_agencies())::uuid[]) and notice_is_mine(notice)) with check (to_agency = any ((select my_agencies())::uuid[]));
create policy read on telling for select to heed_app using (exists (select 1 from notice n where n.id = notice_id and n.from_agency = (select my_agency())));
create policy write on telling for insert to heed_app with check (by = (select me()) and exists (select 1 from notice n where n.id = notice_id and n.from_agency = (select my_agency()) and n.by_hand));
create policy read on handing_on for select to heed_app using (exists (select 1 from notice n where n.id = notice_id and n.to_agency = any ((select my_agencies())::uuid[])));
create policy send on contact for insert to heed_app with check (exists (select 1 from notice n where n.id = notice_id and n.from_agency = any ((select my_agencies())::uuid[]) and n.to_agency = agency_id));
-- What a council decided of whom it should not have been told stays its own, and its managers' to see.
create policy read on contact for select to heed_app using (withdrawn_at is null and agency_id = any ((select my_agencies())::uuid[])
    and (exists (select 1 from notice n where n.id = notice_id) or decision is not null and agency_id = (select my_agency()) and (select my_reach()) = 'agency'));
create policy work on contact for update to heed_app using (agency_id = any ((select my_agencies())::uuid[]) and exists (select 1 from notice n where n.id = notice_id)) with check (agency_id = any ((select my_agencies())::uuid[]));
create policy own on episode to heed_app using (agency_id = any ((select my_agencies())::uuid[]) and (may_see_record(source_record_id) or told_of(source_record_id) or exists (select 1 from referral r where r.episode_id = episode.id))) with check (agency_id = any ((select my_agencies())::uuid[]));
create policy open on episode as restrictive for update to heed_app using (closed_at is null);
create policy own on referral to heed_app using (agency_id = any ((select my_agencies())::uuid[]) and exists (select 1 from contact c where c.id = contact_id)) with check (agency_id = any ((select my_agencies())::uuid[]));

create policy write on shown_history for insert to heed_app with check (actor = (select me()) and exists (select 1 from contact c where c.id = contact_id));
create policy read on shown_history for select to heed_app using (exists (select 1 from contact c where c.id = contact_id));
create policy own on assessment to heed_app using (agency_id = any ((select my_agencies())::uuid[]) and exists (select 1 from contact c where c.id = contact_id)) with check (agency_id = any ((select my_agencies())::uuid[]));

create policy start on clock for insert to heed_app
    with check (agency_id = any ((select my_agencies())::uuid[]) or exists (select 1 from notice n where n.id = notice_id and n.from_agency = any ((select my_agencies())::uuid[]) and n.to_agency = agency_id) or sent_by_mine(notice_id, agency_id));
create policy read on clock for select to heed_app
    using ((held_for is null or held_for = (select me()) or told @> array[(select me())]) and (agency_id = (select my_agency()) and (select my_reach()) = 'agency'
           or (select my_reach()) <> 'none' and (practitioner_id = (select me()) or late_manager = (select me()) or told @> array[(select me())] or team_id = any ((select my_teams())::uuid[]) or contact_id is not null and contact_is_mine(contact_id))));
create policy work on clock for update to heed_app
    using (agency_id = any ((select my_agencies())::uuid[]) and (agency_id = (select my_agency()) and (select my_reach()) = 'agency'
           or (select my_reach()) <> 'none' and (practitioner_id = (select me()) or late_manager = (select me()) or told @> array[(select me())] or team_id = any ((select my_teams())::uuid[]) or contact_id is not null and contact_is_mine(contact_id))))
    with check (agency_id = any ((select my_agencies())::uuid[]));
comment on policy read on clock is 'A late clock climbs over agencies: who is told of a school''s sees the clock, and not the notice.';
create policy read on clock_event for select to heed_app using (exists (select 1 from clock c where c.id = clock_id));
create policy write on clock_event for insert to heed_app with check (actor = (select me()) and exists (select 1 from clock c where c.id = clock_id));

-- The worker: matching, routing, clocks. It is named in each, and bypasses none.
do $$ declare t text; begin
    foreach t in array array['person', 'source_record', 'reader', 'mention', 'residence', 'relationship', 'attendance', 'allocation', 'link', 'never_link', 'blocking_key', 'index_line', 'mention_line', 'name_word', 'possible_match', 'alert',
                             'report', 'notice', 'contact', 'clock', 'clock_event'] loop
        execute format('create policy worker on %I to heed_worker using (true) with check (true)', t);
        execute format('grant select on %I to heed_worker', t);
    end loop;
end $$;
grant insert on person, residence, relationship, attendance, link, blocking_key, index_line, mention_line, name_word, possible_match, alert, clock, clock_event to heed_worker;
grant delete on blocking_key to heed_worker;
grant update (agencies, words, born, postcodes, numbers) on index_line to heed_worker;
grant select, insert on search to heed_app;
grant select on mistaken to heed_app;
grant update (confirmed_at) on mistaken to heed_app;
grant update on person to heed_worker; -- to lock the row: for update needs it
grant update (undone_at, undone_by, undone_reason) on link to heed_worker;
grant update (tier) on notice to heed_worker;
grant update (worker_id, withdrawn_at) on contact to heed_worker;
grant update (state, next_at, told, climbed_to, practitioner_id, stopped_at, cancelled_because) on clock to heed_worker;

grant select on person, source_record, reader, import, import_refusal, mention, statement, residence, relationship, legal_status, attendance, allocation, alert,
                report, report_key, notice, telling, handing_on, contact, shown_history, episode, referral, assessment, clock, clock_event to heed_app;
-- All of a link and of a possible match but the comparison, which holds another record's words: see working() and nearness().
grant select (id, source_record_id, other_id, at, rules, reason, state, decided_at, decided_by, decided_reason) on possible_match to heed_app;
grant select (id, source_record_id, person_id, at, actor, agency_id, purpose, rules, verdict, reason, compared_with, joined_by, was_person, undone_at, undone_by, undone_reason) on link to heed_app;
grant insert on source_record, import, import_refusal, mention, statement, residence, attendance, report, report_key, notice, telling, contact, shown_history, episode, referral, assessment, clock, clock_event to heed_app;
grant update (replays) on report_key to heed_app;
-- Nobody can move a due time, an anchor or what was shown, nor hand on but by hand_on(): the columns are not theirs to write.
grant update (delivered_at, opened_at, opened_by, acknowledged_at, acknowledged_by, taken_by, taken_at, triage, triaged_by, triaged_at, released_at, released_by) on notice to heed_app;
grant update (decision, threshold_key, threshold_version, next_step, passed_to, reason, decided_at, decided_by, sender_told, parents_told, parents_not_told_because, shown_id, opened) on contact to heed_app;
grant update (authorised_at, authorised_by, outcome, words) on assessment to heed_app;
-- To hold a case open while a contact joins it (for share) one must be allowed to change something of it; the policy open lets nothing be changed. Closing is close_case.
grant update (closed_at) on episode to heed_app;
grant update (state, next_at, stopped_at, stopped_by, practitioner_id, late_reason, late_manager, late_said_by, late_said_at, late_agreed_at, cancelled_because, held_for) on clock to heed_app;

-- What may be known of what may not be seen ------------------------------------------------------------------------------

create function whom_to_ask(record uuid) returns text stable language plpgsql security definer set search_path = public as $$
begin
    return (select coalesce(
            (select p.name || ', ' || t.name from reader r join practitioner p on p.id = r.practitioner_id join post o on o.practitioner_id = p.id and o.during @> heed_now() join team t on t.id = o.team_id join role y on y.key = o.role
              where s.tier <> 'open' and r.source_record_id = s.id and p.id <> me() order by y.reach = 'agency' desc, p.name, t.name limit 1),
            (select t.name from team t where t.agency_id = a.id and t.function in ('front-door', 'mash-desk', 'safeguarding') order by t.function limit 1), a.name)
       from source_record s join agency a on a.id = s.agency_id where s.id = record);
end $$;
comment on function whom_to_ask is 'Of what is open the team that answers for its agency; of what is not, somebody who may read it: that team may be whom it is kept from.';

create function held_elsewhere(p uuid) returns table (agency text, ask text, tier text, records int) stable language sql security definer set search_path = public as $$
    select a.name, (array_agg(whom_to_ask(s.id) order by s.tier desc, s.id))[1], max(s.tier), count(*)::int
      from link l join source_record s on s.id = l.source_record_id join agency a on a.id = s.agency_id
     where l.person_id = p and l.undone_at is null and may_see_person(p) and s.tier <> 'sealed' and not may_see_record(s.id)
     group by a.id, a.name
$$;
comment on function held_elsewhere is '"Held by X, ask": one line for each agency that holds more about somebody I may see. Nothing sealed.';

create function without_place(m mention) returns mention immutable language plpgsql set search_path = public as $$
begin
    return jsonb_populate_record(m, '{"address": null, "locality": null, "postcode": null, "uprn": null, "school_urn": null, "school_name": null, "safe_contact": null, "phone": null, "email": null}');
end $$;
comment on function without_place is 'A refuge, a confidential placement: an emergency opens who the child is, and not where they are hidden.';

create function seen_ids(ids uuid[]) returns table (id uuid, whole boolean) stable language plpgsql security definer set search_path = public as $$
#variable_conflict use_column
begin
    return query
    with asked as materialized (select m.id, m.source_record_id, m.report_id, m.ordinal, m.agency_id from mention m where m.id = any (ids)),
         records as materialized (select r.id, involved_in(r.id) as involved from (select distinct source_record_id as id from asked) r),
         told as materialized (select n.report_id, n.mentions from (select distinct report_id from asked) r join notice n using (report_id) where n.to_agency = any (my_agencies()) and tells_all(n)),
         mentions as materialized (
            select a.id, i.involved and (a.agency_id = any (my_agencies()) or exists (select 1 from told t where t.report_id = a.report_id and a.ordinal = any (t.mentions)))
                                    and (a.agency_id <> my_agency() or my_reach() = 'agency' or report_is_open(a.report_id)) as shown
              from asked a join records i on i.id = a.source_record_id where i.involved or opened(i.id))
    select s.id, true from mentions s where s.shown
    union all
    select s.id, m.address_sensitivity is null from mentions s join mention m using (id) where not s.shown and mention_is_opened(m);
end $$;
comment on function seen_ids is 'Those of these mentions that I may see, as by the policy: but each record and each notice is asked once, and not once a mention. whole: where it is not, an emergency opens it without a place that is kept confidential.';

create function seen(ids uuid[]) returns setof mention stable language plpgsql security definer set search_path = public as $$
declare
    wholly uuid[];
    partly uuid[];
begin
    select array_agg(s.id) filter (where s.whole), array_agg(s.id) filter (where not s.whole) into wholly, partly from seen_ids(ids) s;
    return query select * from mention where id = any (wholly);
    if partly is not null then
        return query select (without_place(m)).* from mention m where m.id = any (partly);
    end if;
end $$;

create function mentions_of(p uuid) returns setof mention stable language plpgsql security definer set search_path = public set plan_cache_mode = force_generic_plan as $$
begin
    return query select * from seen(array(select m.id from link l join mention m on m.source_record_id = l.source_record_id where l.person_id = p and l.undone_at is null));
end $$;

create function family_of(p uuid) returns table (
    no int, person_id uuid, name text, born date, expected date, sex text, is_child boolean, home text, held_by text, ask text, to_no int, kind text, parental_responsibility boolean, agencies text, since timestamptz)
stable language plpgsql security definer set search_path = public set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    near uuid[];
    wide uuid[];
    mine uuid[];
begin
    -- Two steps: who is said to be related to this person, and to whom those are related. A grandparent, a half-sibling, a parent's partner. A step is taken over a tie of which both ends may be seen.
    near := array(select distinct unnest(array[r.mention_id, r.to_mention_id]) from link l join mention m on m.source_record_id = l.source_record_id join relationship r on m.id in (r.mention_id, r.to_mention_id) where l.person_id = p and l.undone_at is null);
    mine := array(select id from seen_ids(near));
    wide := array(
        with shown as materialized (select id, source_record_id from mention where id = any (mine)),
        tied as (select distinct unnest(array[x.source_record_id, y.source_record_id]) as id from shown x join relationship r on r.mention_id = x.id join shown y on y.id = r.to_mention_id),
        persons as (select distinct l.person_id as id from tied t join link l on l.source_record_id = t.id and l.undone_at is null where l.person_id <> p)
        select unnest(array[r.mention_id, r.to_mention_id])
          from persons n join link l on l.person_id = n.id and l.undone_at is null join mention m on m.source_record_id = l.source_record_id join relationship r on m.id in (r.mention_id, r.to_mention_id)
        except select unnest(near));
    mine := mine || array(select id from seen_ids(wide));
    wide := near || wide;
    return query
    with shown as materialized (select x.id, x.agency_id, x.recorded_at, x.given, x.family, x.born, x.expected, x.sex, x.is_child, x.postcode, x.address, coalesce(l.person_id, x.source_record_id) as who, l.person_id as person
                                  from mention x left join link l on l.source_record_id = x.source_record_id and l.undone_at is null where x.id = any (mine)),
    -- Whom a mention that I was told of names, and whose record is restricted: that there is one, and whom to ask.
    restricted as materialized (select m from mention m where m.id = any (array(select x.id from mention x join source_record s on s.id = x.source_record_id and s.tier = 'restricted' where x.id = any (wide)))),
    held as materialized (
        select (r.m).*, coalesce(l.person_id, (r.m).source_record_id) as who, null::uuid as person, a.name as held, whom_to_ask((r.m).source_record_id) as keeper
          from restricted r join agency a on a.id = (r.m).agency_id left join link l on l.source_record_id = (r.m).source_record_id and l.undone_at is null
         where not is_reader((r.m).source_record_id) and mention_is_shown(r.m) and not exists (select 1 from shown x where x.who = coalesce(l.person_id, (r.m).source_record_id))),
    ties as (
        select o.who as of, t.who as "to", r.kind, bool_or(r.parental_responsibility) as responsible, string_agg(distinct a.name, ', ') as agencies, min(o.recorded_at) as since
          from shown o join relationship r on r.mention_id = o.id join (select id, who from shown union all select id, who from held) t on t.id = r.to_mention_id join agency a on a.id = o.agency_id
         where o.who <> t.who group by 1, 2, 3),
    people as (
        select who, person, coalesce(mode() within group (order by nullif(concat_ws(' ', given, family), '')), '') as name, mode() within group (order by born) as born, max(expected) as expected,
               case when count(distinct sex) filter (where sex in ('F', 'M')) = 1 then max(sex) filter (where sex in ('F', 'M')) end as sex, bool_or(is_child) as is_child,
               lower(regexp_replace((array_agg(concat_ws(' ', postcode, address) order by recorded_at desc, id) filter (where address is not null))[1], '[^[:alnum:]]+', '', 'g')) as home, null as held, null as keeper
          from shown s where exists (select 1 from ties t where s.who in (t.of, t."to")) group by who, person
        union all
        select h.who, null, '', null, null, null, bool_or(h.is_child), null, min(h.held), min(h.keeper) from held h where exists (select 1 from ties t where t."to" = h.who) group by h.who),
    numbered as (select row_number() over (order by x.who)::int as no, x.* from people x)
    select n.no, n.person, n.name, n.born, n.expected, n.sex, n.is_child, n.home, n.held, n.keeper, null::int, null::text, null::boolean, null::text, null::timestamptz from numbered n
    union all
    select o.no, null, null, null, null, null, null, null, null, null, t.no, x.kind, x.responsible, x.agencies, x.since from ties x join numbered o on o.who = x.of join numbered t on t.who = x."to";
end $$;
comment on function family_of is 'Its plans are kept: with arrays they would be made anew at each call. A row for each of the family that I may know of, numbered for this answer only, and a row for each tie: to_no is the kind of no. Somebody restricted is whom to ask and how they are related; somebody sealed is not there.';

create function same_address(p uuid) returns table (source_record_id uuid, person_id uuid, given text, family text, born date, is_child boolean) stable language plpgsql security definer set search_path = public as $$
#variable_conflict use_column
begin
    return query
    with home as materialized (
        select r.postcode, r.address, range_agg(r.during) as during
          from link l join mention m on m.source_record_id = l.source_record_id join residence r on r.mention_id = m.id
         where l.person_id = p and l.undone_at is null and may_see_record(l.source_record_id) and r.sensitivity is null and r.postcode is not null group by 1, 2),
    there as materialized (
        select s.id, o.person_id, n
          from home h join residence q on q.postcode = h.postcode and q.address = h.address and q.during && h.during join mention n on n.id = q.mention_id
          join source_record s on s.id = n.source_record_id left join link o on o.source_record_id = s.id and o.undone_at is null
         where q.sensitivity is null and s.agency_id = any (my_agencies()) and s.tier = 'open' and o.person_id is distinct from p and my_reach() <> 'none')
    select distinct on (t.id) t.id, t.person_id, (t.n).given, (t.n).family, (t.n).born, (t.n).is_child from there t where mention_is_shown(t.n) order by t.id, (t.n).recorded_at desc;
end $$;
comment on function same_address is 'The index line of my own agency''s records at an address of somebody I may see: the other children of a household are never out of sight.';

create function knock(subject uuid) returns void language sql security definer set search_path = public as $$
    insert into alert (id, agency_id, source_record_id, what)
    select new_id(), s.agency_id, s.id, 'Somebody tried to open a sealed record'
      from source_record s
     where s.tier = 'sealed' and not is_reader(s.id)
       and (subject = s.id or exists (select 1 from link l where l.source_record_id = s.id and (subject = l.id or subject = l.person_id and l.undone_at is null))
            or exists (select 1 from mention m where m.source_record_id = s.id and m.report_id = subject and m.agency_id = my_agency()))
$$;
comment on function knock is 'By the record, one of its links (undone ones too), whose it is or a report of my agency that names it. Called wherever something was not found. The answer is the same either way; the owner of a sealed record learns of it.';

create function disclosed_wholly(record uuid) returns uuid[] stable language sql security definer set search_path = public as $$
    select array(select s.agency_id from source_record s where s.id = record
                 union
                 select n.to_agency from mention m join notice n on n.report_id = m.report_id and m.ordinal = any (n.mentions) join agreement a on a.key = n.agreement_key and a.version = n.agreement_version
                  where m.source_record_id = record and n.withheld_because is null and n.withdrawn_at is null and n.kind <> 'withdrawal' and a.discloses = 'all')
$$;
comment on function disclosed_wholly is 'Whose a record is, and who was told of it in full: who may find it by searching.';

create function two_people(which uuid) returns table (match possible_match, one uuid, other uuid) language plpgsql security definer set search_path = public as $$
#variable_conflict use_column
declare
    d possible_match;
begin
    select * into d from possible_match x where x.id = which;
    if d.id is null or not involved_in(d.source_record_id) or not involved_in(d.other_id) then return; end if;
    -- In one order everywhere: whoever decides about either of them meanwhile is waited for.
    perform 1 from person p where p.id in (select l.person_id from link l where l.source_record_id in (d.source_record_id, d.other_id) and l.undone_at is null) order by p.id for update;
    select * into d from possible_match x where x.id = which for update;
    return query select d, (select l.person_id from link l where l.source_record_id = d.source_record_id and l.undone_at is null), (select l.person_id from link l where l.source_record_id = d.other_id and l.undone_at is null);
end $$;
comment on function two_people is 'The two people of a possible match, locked; no row where this actor may not see both records.';

create function close_matches(one uuid, other uuid, found text, because text) returns void language sql security definer set search_path = public as $$
    update possible_match d set state = found, decided_at = heed_now(), decided_by = me(), decided_reason = because
      from link a, link b where d.state = 'open' and a.source_record_id = d.source_record_id and a.undone_at is null and b.source_record_id = d.other_id and b.undone_at is null
       and (a.person_id, b.person_id) in ((one, other), (other, one))
$$;

create function name_of_person(p uuid) returns text stable language plpgsql security definer set search_path = public as $$
begin
    return (select nullif(concat_ws(' ', m.given, m.family), '') from link l join mention m on m.source_record_id = l.source_record_id
             where l.person_id = p and may_see_mention(m) order by l.undone_at is null desc, m.recorded_at desc limit 1);
end $$;
comment on function name_of_person is 'The name under which this actor may know somebody, now or as they were when it was shown.';

create function decide_match(which uuid, same boolean, because text) returns text language plpgsql security definer set search_path = public as $$
declare
    t record;
begin
    select * into t from two_people(which);
    if not found then return 'not-found'; end if;
    if (t.match).state <> 'open' then return 'decided'; end if;
    if t.one = t.other then return 'joined'; end if;
    perform close_matches(t.one, t.other, case when same then 'same' else 'different' end, because);
    if same then
        -- The record that was reviewed brings with it whoever else is held to be its person.
        with moved as (
            update link set undone_at = heed_now(), undone_by = me(), undone_reason = 'Joined: ' || because where person_id = t.one and undone_at is null returning source_record_id, person_id)
        insert into link (id, source_record_id, person_id, rules, verdict, reason, compared_with, comparison, compared, joined_by, was_person)
        select new_id(), m.source_record_id, t.other, 'practitioner', 'same', because, case when m.source_record_id = (t.match).source_record_id then (t.match).other_id end,
               case when m.source_record_id = (t.match).source_record_id then (t.match).comparison end, (t.match).compared, which, m.person_id from moved m;
        perform owe_involvement(t.other);
    end if;
    return 'done';
exception when sqlstate 'HD001' then
    -- All of it is undone. That there is a barrier, and between whom, is not for the answer to say.
    return 'never-link';
end $$;
comment on function decide_match is 'A practitioner''s decision that two people are one, or are not. done; or not-found, decided (somebody was first), joined (they are one already).';

create function owe_involvement(p uuid) returns void language sql security definer set search_path = public as $$
    insert into job (id, kind, subject_id) values (new_id(), 'people.involve', p)
        on conflict (kind, subject_id) do update set state = 'ready', run_at = heed_now(), attempts = 0, leased_until = null, leased_by = null
$$;

create function answers_for_system(of_agency uuid) returns uuid stable language sql security definer set search_path = public as $$
    with settles as (
        select p.practitioner_id as id, min(lower(p.during)) as since from post p join role r on r.key = p.role join practitioner w on w.id = p.practitioner_id
         where w.agency_id = of_agency and not w.is_system and p.during @> heed_now() and r.permits @> array['exchange.settle', 'child.read'] group by 1)
    select id from settles s left join lateral (
        select min(l.place) as place from team t cross join unnest(ladder(t.id, heed_now())) with ordinality l(id, place)
         where t.agency_id = of_agency and t.function in ('mash-desk', 'front-door', 'safeguarding', 'response') and l.id = s.id) m on true
     order by m.place nulls last, s.since, s.id limit 1
$$;
comment on function answers_for_system is 'Who sees to what an agency''s system was told: nearest above its desk, of whoever may settle what its system did not get; off duty too, for this waits until they come.';

create function part_records(which uuid, because text) returns text language plpgsql security definer set search_path = public as $$
declare
    k link;
    away uuid;
    going uuid[];
    records uuid[];
begin
    select * into k from link x where x.id = which;
    if k.id is null or not involved_in(k.source_record_id) then return 'not-found'; end if;
    perform 1 from person p where p.id in (k.person_id, k.was_person) order by p.id for update;
    select * into k from link x where x.id = which for update;
    if k.undone_at is not null then return 'parted'; end if;
    if not exists (select 1 from link x where x.person_id = k.person_id and x.undone_at is null and x.id <> k.id and x.joined_by is distinct from coalesce(k.joined_by, k.id)) then return 'alone'; end if;
    away := coalesce(k.was_person, new_id());
    insert into person (id) values (away) on conflict do nothing;
    with recursive goes(link_id, record) as (
        select x.id, x.source_record_id from link x where x.undone_at is null and (x.id = k.id or k.joined_by is not null and x.joined_by = k.joined_by and x.was_person = away)
        union
        -- What was linked later because it was like one of these goes with it.
        select x.id, x.source_record_id from goes g join link x on x.compared_with = g.record and x.person_id = k.person_id and x.undone_at is null and x.at > k.at)
    select array_agg(link_id), array_agg(record) into going, records from goes;
    update link set undone_at = heed_now(), undone_by = me(), undone_reason = because where id = any (going);
    insert into link (id, source_record_id, person_id, rules, verdict, reason) select new_id(), r, away, 'practitioner', 'different', because from unnest(records) r;
    -- Nothing joins them again by itself: that they are two is a decision too.
    insert into possible_match (id, source_record_id, other_id, rules, reason, comparison, compared, state, decided_at, decided_by, decided_reason)
    values (new_id(), k.source_record_id, coalesce(k.compared_with, (select x.source_record_id from link x where x.person_id = k.person_id and x.undone_at is null order by x.at limit 1)), 'practitioner', because, coalesce(k.comparison, '[]'), k.compared, 'different', heed_now(), me(), because)
        on conflict (source_record_id, other_id) do update set state = 'different', decided_at = heed_now(), decided_by = me(), decided_reason = because;
    perform close_matches(away, k.person_id, 'different', because);
    -- Who had been told what of the wrong child (of a system, whoever answers for it): whoever read the page of the two as one, or decided with it in front of them.
    insert into mistaken (id, person_id, other_id, link_id, practitioner_id, agency_id, told, told_at)
    select new_id(), k.person_id, away, k.id, w.id, p.agency_id, case when p.is_system then 'system-' else '' end || s.told, s.at
      from (select l.actor as practitioner, 'read' as told, max(l.at) as at from look l where l.at between k.at and heed_now() and (l.subject_id in (k.person_id, away) or l.at_what = 'notice' and l.subject_id in (
                       select n.id from link o join mention m on m.source_record_id = o.source_record_id join notice n on n.report_id = m.report_id and m.ordinal = any (n.mentions) where o.person_id in (k.person_id, away) and o.undone_at is null))
             group by l.actor
            union all
            select c.decided_by, 'decided', max(c.decided_at) from contact c join shown_history h on h.id = c.shown_id where h.person_id in (k.person_id, away) and c.decided_at between k.at and heed_now() group by c.decided_by) s
      join practitioner p on p.id = s.practitioner cross join lateral (select case when p.is_system then answers_for_system(p.agency_id) else p.id end as id) w
     where w.id is not null
        on conflict do nothing;
    perform owe_involvement(k.person_id);
    perform owe_involvement(away);
    return 'done';
end $$;
comment on function part_records is 'Undoes a link, or all that one decision joined, and puts each record back where it was. Reports, notices and clocks hang on the mentions and go with them. done; or not-found, parted, alone.';

create aggregate together(anycompatiblearray) (sfunc = array_cat, stype = anycompatiblearray);

create function find_people(tokens text[], sounds text[], born_like date[], postcode text, number_like text[], most int) returns table (
    person_id uuid, source_record_id uuid, agency text, given text, family text, also text[], born date, expected date, postcode_start text, is_child boolean, tier text, may_open boolean, ask text, score real, reasons text[], records int)
volatile language plpgsql security definer set search_path = public set pg_trgm.word_similarity_threshold = 0.45 as $$
declare
    mine uuid[] := my_agencies();
    hits uuid[] := '{}';
    query text;
    any_word text;
    -- Words that sound as one of the tokens does and are not near it in letters; heard_for: which one.
    heard text[] := '{}';
    heard_for text[] := '{}';
    exact boolean := cardinality(number_like) > 0 or cardinality(tokens) > 1 and cardinality(born_like) > 0;
begin
    if my_reach() = 'none' then return; end if;
    -- Each way in by the index, the narrowest first; a common name alone is cut off and the page says so.
    if cardinality(number_like) > 0 then
        hits := hits || array(select i.source_record_id from index_line i where i.numbers && number_like and i.agencies && mine limit 100);
    end if;
    if cardinality(tokens) > 0 then
        -- Hart and Heart, Mohammed and Muhammad share few letters in a row. Of those that sound alike the nearest as written: a short name sounds like many.
        select coalesce(array_agg(n.word), '{}'), coalesce(array_agg(t), '{}') into heard, heard_for
          from unnest(tokens, sounds) x(t, s) cross join lateral (select w.word from name_word w where w.sound = s and not w.word %> t order by similarity(w.word, t) desc, w.word limit 12) n;
        select string_agg(format('i.words && %L::text[]', n.words), ' and '), string_agg(format('i.words && %L::text[]', n.words), ' or ') into query, any_word
          from unnest(tokens) t
               cross join lateral (select array(select w.word from name_word w where w.word %> t order by w.word <->> t, w.word limit 60) || array(select h.word from unnest(heard, heard_for) h(word, token) where h.token = t) as words) n;
        -- Few were born on a day or live at a whole postcode: of those one word of the name is enough, for another may be a nickname or wrong.
        if cardinality(born_like) between 1 and 20 then
            execute 'select $1 || array(select source_record_id from (select * from index_line where born && $2 and agencies && $3 offset 0) i where ' || any_word || ' limit 200)' into hits using hits, born_like, mine;
        elsif cardinality(born_like) > 0 then
            execute 'select $1 || array(select source_record_id from index_line i where i.born && $2 and i.agencies && $3 and ' || query || ' limit 200)' into hits using hits, born_like, mine;
        end if;
        if length(postcode) > 4 then
            execute 'select $1 || array(select source_record_id from (select * from index_line where postcodes && array[$2] and agencies && $3 offset 0) i where ' || any_word || ' limit 200)' into hits using hits, postcode, mine;
        elsif postcode is not null then
            execute 'select $1 || array(select source_record_id from index_line i where i.postcodes && array[$2] and i.agencies && $3 and ' || query || ' limit 200)' into hits using hits, postcode, mine;
        end if;
        if cardinality(hits) < 200 then
            execute 'select $1 || array(select i.source_record_id from index_line i where i.agencies && $2 and ' || query || ' limit 400)' into hits using hits, mine;
        end if;
    else
        if cardinality(born_like) > 0 then
            hits := hits || array(select i.source_record_id from index_line i where i.born && born_like and i.agencies && mine and (find_people.postcode is null or i.postcodes && array[find_people.postcode]) limit 200);
        end if;
        if postcode is not null then
            hits := hits || array(select i.source_record_id from index_line i where i.postcodes && array[find_people.postcode] and i.agencies && mine limit 200);
        end if;
    end if;
    -- Whoever asks for a sealed record by its number or by its whole name and date learns nothing; its owner learns that they asked.
    insert into alert (id, agency_id, source_record_id, what)
    select new_id(), s.agency_id, s.id, 'Somebody searched for a sealed record'
      from (select distinct unnest(hits) as id) h join source_record s on s.id = h.id and s.tier = 'sealed' join index_line i on i.source_record_id = s.id
     where not is_reader(s.id) and exact and (i.numbers && number_like or i.words @> tokens and i.born && born_like[1:1]);
    return query
    with said as materialized (
        -- The index proposes by all that was ever said of a record. What this seeker may not see is no reason: a name that was told to others only would say that it is this child's.
        select m.id as mention, m.source_record_id as id, s.agency_id, s.tier, m.address_sensitivity, v.shown
          from (select distinct unnest(hits) as id) h join source_record s on s.id = h.id and (s.tier <> 'sealed' or is_reader(s.id)) join mention m on m.source_record_id = s.id
               cross join lateral (select (s.tier = 'open' or is_reader(s.id)) and mention_is_shown(m) as shown offset 0) v
         where v.shown or s.tier <> 'sealed' and mention_is_known(m)),
    line as (
        select d.id, d.agency_id, d.tier, bool_or(d.shown) as shown, coalesce(array_agg(d.mention) filter (where d.shown), array_agg(d.mention)) as mentions,
               coalesce(together(i.words) filter (where d.shown), together(i.words)) as words, coalesce(together(i.born) filter (where d.shown), together(i.born)) as born,
               coalesce(together(case when d.address_sensitivity is null then i.postcodes else '{}' end) filter (where d.shown), together(case when d.address_sensitivity is null then i.postcodes else '{}' end)) as postcodes,
               coalesce(together(i.numbers) filter (where d.shown), together(i.numbers)) as numbers
          from said d join mention_line i on i.mention_id = d.mention group by d.id, d.agency_id, d.tier),
    fitting as (
        select i.*, i.numbers && number_like as by_number, i.born && born_like as by_date, coalesce(i.postcodes && array[find_people.postcode], false) as by_place, i.words @> tokens and cardinality(tokens) > 0 as by_name, n.*
          from line i cross join lateral (
               select coalesce(avg(greatest(w, by_ear)), 0) as near, min(w) >= 0.45 as all_near, min(greatest(w, by_ear)) >= 0.45 as all_like, max(greatest(w, by_ear)) >= 0.45 as any_like
                 from unnest(tokens) t cross join word_similarity(t, array_to_string(i.words, ' ')) w
                      cross join lateral (select case when w < 0.45 and exists (select 1 from unnest(heard, heard_for) h(word, token) where h.token = t and h.word = any (i.words)) then 0.6 end as by_ear) e) n),
    scored as (
        select f.*, (case when by_number then 100 else 0 end + case when f.born && born_like[1:1] then 30 when by_date then 15 else 0 end + case when by_place then 20 else 0 end + near * 40)::real as points,
               array_remove(array[case when by_number then 'number' end, case when f.born && born_like[1:1] then 'born' when by_date then 'born-near' end, case when by_place then 'postcode' end,
                                  case when by_name then 'name' when all_near then 'name-near' when all_like then 'name-sounds' end], null) as why,
               by_number or by_name and f.born && born_like[1:1] as certain, bool_or(by_date and by_place) over () as wholly
          from fitting f
         -- The same ways in as above, by what may be seen.
         where by_number or case when cardinality(tokens) > 0 then all_like or any_like and (by_date and cardinality(born_like) <= 20 or by_place and length(find_people.postcode) > 4)
                                 else by_place or by_date and find_people.postcode is null end),
    best as (
        -- Another agency's record is found by whoever was told of it; one that is restricted is only said to be there, and only to who knows whom they look for.
        select c.*, l.person_id as person, may_see_record(c.id) as openable from scored c left join link l on l.source_record_id = c.id and l.undone_at is null
         where (c.shown or c.certain) and (cardinality(tokens) > 0 or c.by_number or c.by_date or not c.wholly) order by c.points desc, c.id limit most * 2),
    one as (
        select distinct on (coalesce(b.person, b.id)) b.*, count(*) over (partition by coalesce(b.person, b.id))::int as several, bool_or(b.openable) over (partition by coalesce(b.person, b.id)) as opens
          from best b where b.openable or b.agency_id = any (mine) or not b.shown order by coalesce(b.person, b.id), b.shown desc, b.points desc, b.agency_id = any (mine) desc, b.id)
    select case when o.shown and o.opens then o.person end, o.id, a.name, case when o.shown then m.given end, case when o.shown then m.family end,
           case when o.shown then array(select distinct n from mention x, unnest(x.also_known_as || x.former_names || concat_ws(' ', x.given, x.family)) n where x.id = any (o.mentions) order by n) else array[]::text[] end,
           case when o.shown then m.born end, case when o.shown then m.expected end,
           case when o.shown and m.address_sensitivity is null then split_part(m.postcode, ' ', 1) end, m.is_child, case when o.shown then o.tier else 'restricted' end, o.shown and o.opens,
           coalesce((select p.name || ', ' || t.name from allocation al join practitioner p on p.id = al.practitioner_id join team t on t.id = al.team_id where o.tier = 'open' and al.source_record_id = o.id and al.during @> heed_now() limit 1), whom_to_ask(o.id)),
           o.points, case when o.shown then o.why else array[]::text[] end, o.several
      from one o join agency a on a.id = o.agency_id
      join lateral (select * from mention x where x.id = any (o.mentions) order by x.recorded_at desc, x.id desc limit 1) m on true
     order by o.points desc, o.id limit most;
end $$;
comment on function find_people is 'Who somebody may be looking for, with why each is there. What the seeker''s involvement opens can be opened; another record of the seeker''s own agency is a line with whom to ask; a restricted one is said to be there; a sealed one is not.';

create function told_pupils() returns table (notice uuid, person uuid, record uuid, agency text, given text, family text, born text, tier tier) stable language plpgsql security definer set search_path = public as $$
#variable_conflict use_column
begin
    if my_reach() = 'none' then return; end if;
    return query
    select n.id, l.person_id, s.id, a.name, x.pupil ->> 'givenNames', x.pupil ->> 'familyName', x.pupil ->> 'born', n.tier
      from notice n join agreement g on g.key = n.agreement_key and g.version = n.agreement_version and g.discloses <> 'all' join agency a on a.id = n.from_agency
           -- What is shown stands in the order of the report, and has no number there.
           cross join lateral jsonb_array_elements(n.shown -> 'people') with ordinality x(pupil, at)
           join mention m on m.report_id = n.report_id and m.ordinal = (select o from unnest(n.mentions) o order by o offset x.at - 1 limit 1)
           join source_record s on s.id = m.source_record_id and (s.tier <> 'sealed' or is_reader(s.id)) left join link l on l.source_record_id = s.id and l.undone_at is null
     where n.to_agency = any (my_agencies()) and notice_is_mine(n) and not exists (select 1 from notice later where later.supersedes_id = n.id)
     order by n.sent_at desc;
end $$;
comment on function told_pupils is 'Whom the notices name that I may open and that show less than all: as they are shown, newest first, and no more of them than that.';

create function history_of(p uuid) returns table (
    notice uuid, report uuid, kind text, agency text, grade text, reference text, occurred_at timestamptz, occurred_until timestamptz, "precision" text, known_at timestamptz, recorded_at timestamptz, received_at timestamptz,
    roles text[], summary text, own_words text, seen boolean, seen_alone boolean, decision contact_decision, reason text, decided_at timestamptz, decided_by text, corrected boolean, report_id uuid)
stable language plpgsql security definer set search_path = public set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    return query
    select case when notice_is_mine(n) then n.id end, case when r.agency_id = my_agency() then r.id end, coalesce(n.report_kind, r.kind), a.name, coalesce(n.shown, r.content) #>> array['risk', 'grade'], coalesce(n.shown ->> 'reference', r.reference),
           coalesce(n.occurred_at, lower(r.occurred)), (coalesce(n.shown, r.content) ->> 'occurredUntil')::timestamptz, coalesce(n.shown ->> 'occurredPrecision', r.occurred_precision, 'to the minute'),
           coalesce((n.shown ->> 'knownAt')::timestamptz, r.known_at), coalesce((n.shown ->> 'recordedAt')::timestamptz, r.recorded_at), coalesce(n.sent_at, r.received_at),
           m.roles, case when not k.hidden then coalesce(n.shown, r.content) ->> 'summary' end, case when not k.hidden and (n.id is null or g.discloses = 'all') then m.own_words end, m.seen, case when n.id is null or g.discloses = 'all' then m.seen_alone end,
           c.decision, c.reason, c.decided_at, d.name,
           n.id is not null and exists (select 1 from notice x where x.supersedes_id = n.id) or r.id is not null and exists (select 1 from report x where x.supersedes_id = r.id), m.report_id
      from link l join source_record s on s.id = l.source_record_id and (s.tier = 'open' or is_reader(s.id) or opened(s.id)) join mention m on m.source_record_id = s.id and m.report_id is not null join agency a on a.id = m.agency_id
      left join lateral (select * from notice n where n.report_id = m.report_id and n.to_agency = any (my_agencies()) and n.withheld_because is null and n.withdrawn_at is null and n.kind <> 'withdrawal' and m.ordinal = any (n.mentions)
                            and (n.tier = 'open' and n.held_for is null or notice_is_mine(n)) limit 1) n on true
      left join agreement g on g.key = n.agreement_key and g.version = n.agreement_version
      left join report r on n.id is null and r.id = m.report_id and (r.agency_id = my_agency() and (r.tier = 'open' or my_reach() = 'agency') or mention_is_opened(m))
      -- What is written of one person names another: words are shown whole or not at all.
      cross join lateral (select r.id is not null and exists (select 1 from kept_in(r.id)) as hidden) k
      left join contact c on c.notice_id = n.id and c.mention_id = m.id left join practitioner d on d.id = c.decided_by
     where l.person_id = p and l.undone_at is null and (n.id is not null or r.id is not null) and may_see_person(p)
     order by 7 desc limit 200;
end $$;
comment on function history_of is 'All that my agencies were told or said of somebody I may see, whichever of their teams had it: from the notice what was shown, from the report what was said. notice is set where I may open it.';

create function hand_on(which uuid, from_team uuid, next_team uuid, whom uuid, because text) returns boolean language plpgsql security definer set search_path = public as $$
declare n notice;
begin
    select * into n from notice where id = which for update;
    if n.to_agency = any (my_agencies()) and n.to_team <> from_team then
        return false;
    end if;
    if n.id is null or not notice_is_mine(n) or not exists (select 1 from team t where t.id = next_team and t.agency_id = n.to_agency) then
        raise exception 'not to be handed on' using errcode = '42501';
    end if;
    insert into handing_on (id, notice_id, from_team, to_team, to_practitioner, words) values (new_id(), n.id, from_team, next_team, whom, because);
    update notice set to_team = next_team, taken_by = whom, taken_at = case when whom is not null then heed_now() end where id = n.id;
    update clock set team_id = next_team, practitioner_id = whom where notice_id = n.id and agency_id = n.to_agency and state in ('running', 'warned', 'breached');
    update contact set team_id = next_team where notice_id = n.id and decision is null;
    return true;
end $$;
comment on function hand_on is 'What is handed on leaves the sight of whoever hands it: their policies would refuse the row that they give away. False where it is no longer where the caller read it.';

create function there(c contact, council uuid) returns table (contact_id uuid, notice_id uuid, from_agency uuid) stable rows 1 language sql security definer set search_path = public as $$
    select x.id, n.id, n.from_agency
      from mention m join report r on r.id = m.report_id join report v on (v.agency_id, v.reference) = (r.agency_id, r.reference)
           join mention o on o.report_id = v.id and o.source_record_id = m.source_record_id join contact x on x.mention_id = o.id and x.agency_id = council and x.withdrawn_at is null join notice n on n.id = x.notice_id
     where m.id = c.mention_id
$$;
revoke execute on function there from public;
comment on function there is 'The contacts that another council has of the same child from any version of the same report.';

create function outcome_there(which uuid) returns table (decision contact_decision, decided_at timestamptz) stable rows 1 language sql security definer set search_path = public as $$
    select x.decision, x.decided_at from contact c join notice n on n.id = c.notice_id and notice_is_mine(n) cross join lateral there(c, c.passed_to) t join contact x on x.id = t.contact_id
     where c.id = which and c.agency_id = any (my_agencies()) order by x.decided_at desc nulls last limit 1
$$;
comment on function outcome_there is 'What the council that a contact was passed on to has decided, for whoever passed it on: nothing while it has not.';

create function pass_on(which uuid, council uuid, team uuid, agreement text, version int) returns table (notice_id uuid, contact_id uuid, theirs boolean) language plpgsql security definer set search_path = public as $$
#variable_conflict use_column
declare
    c contact;
    n notice;
    child uuid;
begin
    select * into c from contact x where x.id = which;
    select * into n from notice x where x.id = c.notice_id;
    if n.id is null or not notice_is_mine(n) then
        raise exception 'not to be passed on' using errcode = '42501';
    end if;
    select x.* into n from notice x where x.id = coalesce((select newest_id from newest_notices(array[n.id])), n.id);
    select m.id into child from mention m where m.report_id = n.report_id and m.source_record_id = (select source_record_id from mention where id = c.mention_id);
    insert into notice (id, report_id, kind, report_kind, urgent, from_agency, to_agency, to_team, tier, why, mentions, shown, occurred_at, basis, agreement_key, agreement_version)
    select new_id(), n.report_id, 'notice', n.report_kind, n.urgent, n.to_agency, council, team, n.tier, 'Passed on by ' || a.name, n.mentions, n.shown, n.occurred_at, g.basis, g.key, g.version
      from agency a, agreement g where a.id = n.to_agency and g.key = agreement and g.version = pass_on.version
        on conflict do nothing;
    select x.id into pass_on.notice_id from notice x where x.report_id = n.report_id and x.to_agency = council and x.from_agency = n.to_agency;
    if pass_on.notice_id is not null then
        insert into contact (id, notice_id, mention_id, agency_id, team_id) values (new_id(), pass_on.notice_id, coalesce(child, c.mention_id), council, team) on conflict do nothing returning id into pass_on.contact_id;
    end if;
    pass_on.theirs := pass_on.contact_id is not null or exists (select 1 from there(c, council) t join contact x on x.id = t.contact_id where x.decision is null);
    return next;
end $$;
comment on function pass_on is 'A contact that is another council''s: the notice that it goes by, as the sender''s newest version says it, and its contact there. theirs: that council has a decision to make about this child, by this or by what the sender itself told it.';
create function pass_correction(reports uuid[]) returns table (notice_id uuid, agency_id uuid, team_id uuid, report_id uuid, urgent boolean, at timestamptz) language plpgsql security definer set search_path = public as $$
begin
    return query
    with recursive follows(id, before) as (
        select n.id, n.supersedes_id from notice n where n.report_id = any (reports) and n.kind in ('correction', 'withdrawal')
        union select f.id, n.supersedes_id from follows f join notice n on n.id = f.before where n.supersedes_id is not null)
    insert into notice (id, report_id, kind, report_kind, urgent, from_agency, to_agency, to_team, tier, why, mentions, shown, occurred_at, basis, agreement_key, agreement_version, supersedes_id)
    select new_id(), n.report_id, n.kind, n.report_kind, n.urgent, p.from_agency, p.to_agency, p.to_team, n.tier, case n.kind when 'withdrawal' then n.why else p.why end, n.mentions, n.shown, n.occurred_at, p.basis, p.agreement_key, p.agreement_version, p.id
      from follows f join notice n on n.id = f.id join notice b on b.id = f.before
           join notice p on p.report_id = b.report_id and p.from_agency = n.to_agency and p.withdrawn_at is null and p.withheld_because is null and not exists (select 1 from notice l where l.supersedes_id = p.id)
        on conflict do nothing
    returning id, to_agency, to_team, notice.report_id, notice.urgent, sent_at;
end $$;
revoke execute on function pass_correction from public;
grant execute on function pass_correction to heed_worker;
comment on function pass_correction is 'Whoever had it from a council that passed it on is told of its correction or withdrawal by that council too, under the agreement that it was passed on under.';

create function close_case(which uuid, because text, said text) returns text language plpgsql security definer set search_path = public as $$
declare
    e episode;
    records uuid[];
begin
    -- Whoever decides now that a contact joins this case holds it until that is done, and the other way about.
    select * into e from episode where id = which and agency_id = my_agency() for update;
    if not found or not i_may('case.close') then raise exception using errcode = '42501', message = 'A case is closed by a manager of the council whose it is'; end if;
    if e.closed_at is not null then return 'closed'; end if;
    records := e.source_record_id || array(select o.source_record_id from link l join link o on o.person_id = l.person_id and o.undone_at is null where l.source_record_id = e.source_record_id and l.undone_at is null);
    if exists (select 1 from assessment where episode_id = e.id and authorised_at is null) then return 'assessment'; end if;
    if exists (select 1 from contact c join mention m on m.id = c.mention_id join clock k on k.contact_id = c.id and k.state in ('running', 'warned', 'breached')
                where c.agency_id = e.agency_id and c.decision is null and c.withdrawn_at is null and m.source_record_id = any (records)) then return 'contact'; end if;
    if because = 'RC8' and 'no-further-action' is distinct from (select outcome from assessment where episode_id = e.id order by authorised_at desc limit 1)
       or because = 'RC9' and 'early-help' is distinct from (select outcome from assessment where episode_id = e.id order by authorised_at desc limit 1) then return 'outcome'; end if;
    update episode set closed_at = heed_now(), closed_by = me(), closed_reason = because, closed_words = said where id = e.id;
    if not exists (select 1 from episode o where o.agency_id = e.agency_id and o.source_record_id = any (records) and o.closed_at is null) then
        update allocation set during = tstzrange(lower(during), heed_now()) where agency_id = e.agency_id and source_record_id = any (records) and during @> heed_now();
    end if;
    return 'done';
end $$;
comment on function close_case is 'Whose case it was have it no longer, where the child has no other there. Answers done, or what is in the way: closed already, an assessment under way, a contact that nobody has decided, an outcome that the reason does not fit.';

create function newest_notices(which uuid[]) returns table (notice_id uuid, newest_id uuid) stable language plpgsql security definer set search_path = public as $$
#variable_conflict use_column
begin
    return query
    with recursive later(notice_id, id) as (
        select w, n.id from unnest(which) w join notice n on n.supersedes_id = w union select l.notice_id, n.id from later l join notice n on n.supersedes_id = l.id)
    select distinct on (notice_id) notice_id, l.id from later l where not exists (select 1 from notice n where n.supersedes_id = l.id) order by notice_id, l.id;
end $$;
comment on function newest_notices is 'A correction stands for what it corrects: the worklist shows one row for an incident and its recipient, with the newest words. Only what has been corrected has a row.';

create function climbed_to_me() returns uuid[] stable language plpgsql security definer set search_path = public
as $$ begin return array(select id from clock where told @> array[me()] and state = 'breached'); end $$;
comment on function climbed_to_me is 'Late clocks that I was told of, which their policy lets me see. No index on an array is used beneath a policy: PostgreSQL trusts no operator of arrays before it.';

create function asked_to_agree() returns uuid[] stable language plpgsql security definer set search_path = public
as $$ begin return array(select id from clock where late_manager = me() and late_agreed_at is null); end $$;
comment on function asked_to_agree is 'Late clocks whose reason waits for my agreement.';

create function kept_from_me(record uuid, writers uuid[]) returns tier stable language sql security definer set search_path = public as $$
    select s.tier from source_record s where s.id = record and s.tier <> 'open' and me() <> all (writers) and not is_reader(s.id)
$$;
comment on function kept_from_me is 'The tier of a record that is not mine to read, though my agency wrote of it. Whoever wrote may see what they wrote; a colleague not, by no way round the record.';

create function kept_in(r uuid) returns table (source_record_id uuid, tier tier) stable language sql security definer set search_path = public as $$
    select m.source_record_id, k from report x join mention m on m.report_id = x.id cross join kept_from_me(m.source_record_id, array[x.recorded_by]) k
     where x.id = r and x.agency_id = my_agency() and k is not null
$$;
comment on function kept_in is 'Whom a report of my agency names and is kept from me.';

create function outcomes_of(r uuid) returns table (notice_id uuid, key text, given text, family text, unborn boolean, restricted boolean, council uuid, decision text, passed_to uuid, told text, decided_at timestamptz) stable language sql security definer set search_path = public as $$
    with recursive chain(notice_id, id, before) as (
        select n.id, n.id, n.supersedes_id from report x join notice n on n.report_id = x.id where x.id = r and x.agency_id = my_agency() and my_reach() = 'agency' and n.withheld_because is null and n.kind <> 'withdrawal'
        union select c.notice_id, n.id, n.supersedes_id from chain c join notice n on n.id = c.before),
    -- What a council passed on is decided elsewhere; what the sender told that council itself stands under its own notice.
    standing(notice_id, id, step) as (
        select c.notice_id, x.id, 0 from chain c join contact x on x.notice_id = c.id and x.withdrawn_at is null
        union select s.notice_id, t.contact_id, s.step + 1 from standing s join contact x on x.id = s.id and x.passed_to is not null cross join lateral there(x, x.passed_to) t where t.from_agency <> my_agency() and s.step < 10)
    select s.notice_id, case when k.tier is null then m.key end, case when k.tier is null then m.given end, case when k.tier is null then m.family end,
           k.tier is null and m.expected is not null and m.born is null, k.tier is not null, x.agency_id, x.decision, x.passed_to, case when k.tier is null then x.sender_told end, x.decided_at
      from standing s join contact x on x.id = s.id join mention m on m.id = x.mention_id
      -- Who corrected it wrote of the child too, though the decision was made on the version before.
      cross join lateral (select kept_from_me(m.source_record_id, array(select w.recorded_by from report w where w.id in (r, m.report_id))) as tier) k
     where k.tier is distinct from 'sealed' order by s.notice_id, m.ordinal, s.step
$$;
comment on function outcomes_of is 'Who reports a child learns what was decided and when, by which council, in the words of the choice and in those that were meant for the sender: neither the reason nor by whom. A correction shows what was decided on what it corrects.';

create function rota_faults() returns table (agency text, team text, clocks int, since timestamptz) stable language sql security definer set search_path = public as $$
    select a.name, t.name, count(*)::int, min(c.due_at) from clock c join team t on t.id = c.team_id join agency a on a.id = c.agency_id
     where c.state = 'breached' and c.told = '{}' and exists (select 1 from post where practitioner_id = me() and role = 'partnership-manager' and during @> heed_now())
     group by a.name, t.name order by 4
$$;
comment on function rota_faults is 'Teams with something late and nobody above on duty to be told: for the partnership''s business manager, who sees nobody''s rows.';
