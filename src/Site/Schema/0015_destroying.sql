-- What is kept no longer than its time (UK GDPR, Article 5(1)(e)): when that is over, and how a record is destroyed with all that hangs on it. Why so: docs/decisions/0017.

create function kept_until(record uuid) returns timestamptz stable language plpgsql security definer set search_path = public as $$
declare
    said constant uuid[] := array(select id from mention where source_record_id = record);
    episodes constant uuid[] := array(select e.id from episode e where e.source_record_id = record union select f.episode_id from contact c join referral f on f.contact_id = c.id where c.mention_id = any (said));
    recorded timestamptz;
    decided timestamptz;
    closed timestamptz;
    born timestamptz;
begin
    -- What is under way has no end yet, whatever its class says.
    if exists (select 1 from episode where id = any (episodes) and closed_at is null)
       or exists (select 1 from contact c join notice n on n.id = c.notice_id and n.withdrawn_at is null where c.mention_id = any (said) and c.decision is null and c.withdrawn_at is null)
       or exists (select 1 from allocation where source_record_id = record and coalesce(upper(during), 'infinity') > heed_now())
       or exists (select 1 from legal_status where source_record_id = record and coalesce(upper(during), 'infinity') > london_today()) then return null; end if;
    select greatest(s.since, (select max(m.recorded_at) from mention m where m.id = any (said))) into recorded from source_record s where s.id = record;
    select greatest(recorded, max(c.decided_at)) into decided from contact c where c.mention_id = any (said);
    select greatest(decided, (select max(closed_at) from episode where id = any (episodes)), (select max(upper(during)) from allocation where source_record_id = record),
                    (select max(upper(during))::timestamp at time zone 'Europe/London' from legal_status where source_record_id = record)) into closed;
    select max(coalesce(m.born, m.expected))::timestamp at time zone 'Europe/London' into born from mention m where m.id = any (said);
    -- Of the record's class and those of its reports the longest counts; a birth that nobody knows never comes to its end.
    return (select case when bool_and(x.until is not null) then max(x.until) end
              from (select ((date_trunc('day', e.since at time zone 'Europe/London') + make_interval(years => c.years) + interval '1 day') at time zone 'Europe/London') as until
                      from (select retention_class from source_record where id = record union select r.retention_class from mention m join report r on r.id = m.report_id where m.id = any (said)) k
                      join retention_class c on c.key = k.retention_class
                      cross join lateral (select case c.from_event when 'case closed' then closed when 'decided' then decided when 'recorded' then recorded else born end as since) e) x);
end $$;
comment on function kept_until is 'The first moment at which a record may be destroyed: whole years after the London day of its event, by its class and those of the reports about it. Null while anything of it is under way, at whichever agency, or no time is set.';

create function is_held(record uuid) returns boolean stable language plpgsql security definer set search_path = public as $$
declare
    whose constant uuid[] := array(select person_id from link where source_record_id = record and undone_at is null);
    same constant uuid[] := whose || record || array(select source_record_id from link where person_id = any (whose) and undone_at is null);
begin
    return exists (select 1 from legal_hold h where (h.until is null or h.until > heed_now()) and (h.row_id = any (same) or h.records && same));
end $$;
comment on function is_held is 'A hold of any agency on any record of the same person.';

create function papers_of(record uuid) returns uuid[] stable language sql security definer set search_path = public as $$
    with recursive paper(id) as (
        select m.report_id from mention m where m.source_record_id = record and m.report_id is not null
        union select o.id from paper p join report r on r.id = p.id join report o on o.id = r.supersedes_id or o.supersedes_id = r.id)
    select array(select id from paper)
$$;
comment on function papers_of is 'The reports about a record, in all their versions.';

create function why_kept(record uuid) returns text stable language plpgsql security definer set search_path = public as $$
begin
    return case when coalesce(kept_until(record), 'infinity') > heed_now() then 'early' when is_held(record) then 'held'
                when exists (select 1 from (select distinct source_record_id as id from mention where report_id = any (papers_of(record))) o where o.id <> record and (coalesce(kept_until(o.id), 'infinity') > heed_now() or is_held(o.id))) then 'shared' end;
end $$;
comment on function why_kept is 'early: its time is not over. held: a legal hold. shared: a report about it is about somebody too whose time is not over or who is held; the report stays whole, and so does it. Null: it may be destroyed.';

create function may_be_destroyed(record uuid) returns boolean stable language plpgsql security definer set search_path = public as $$
begin
    return exists (select 1 from source_record s where s.id = record and s.agency_id = my_agency() and (s.tier <> 'sealed' or is_reader(s.id)));
end $$;
comment on function may_be_destroyed is 'By whoever reviews or manages for the agency whose it is; what is sealed, by its readers alone.';

create function records_over(most int) returns table (record uuid, number text, class text, until timestamptz, kept text, reports int, told int) stable language sql security definer set search_path = public as $$
    select x.id, x.number, x.words, x.until, why_kept(x.id), cardinality(x.papers), (select count(*)::int from notice n where n.report_id = any (x.papers) and n.withheld_because is null)
      from (select s.id, s.number, c.words, kept_until(s.id) as until, papers_of(s.id) as papers from source_record s join retention_class c on c.key = s.retention_class
             where s.agency_id = my_agency() and (i_may('purge.ask') or i_may('purge.agree')) and (s.tier <> 'sealed' or is_reader(s.id))
               -- Nothing but a birth lies before the record itself.
               and (c.from_event = 'birth' or s.since < heed_now() - make_interval(years => c.years))
               and not exists (select 1 from purge p where p.subject_id = s.id and p.outcome is null)) x
     where x.until <= heed_now() order by x.until, x.id limit most
$$;
comment on function records_over is 'The agency''s records whose time is over, the longest over first: numbers and counts, nobody''s name. kept: what still stands in the way (why_kept).';
create index on source_record (agency_id, since);

create function ask_purge(which uuid, record uuid, in_words text) returns text language plpgsql security definer set search_path = public as $$
declare why text;
begin
    if not i_may('purge.ask') or not may_be_destroyed(record) then return 'not-found'; end if;
    why := why_kept(record);
    if why is not null then return why; end if;
    insert into purge (id, subject_id, number, retention_class, rule, words)
    select which, s.id, s.number, c.key, format('%s: %s years from: %s (%s)', c.words, c.years, c.from_event, c.authority), in_words from source_record s join retention_class c on c.key = s.retention_class where s.id = record on conflict do nothing;
    return case when found then 'done' else 'asked' end;
end $$;

create function drop_purge(which uuid) returns text language plpgsql security definer set search_path = public as $$
begin
    update purge set outcome = 'dropped', decided_at = heed_now(), decided_by = me() where id = which and agency_id = my_agency() and outcome is null and (i_may('purge.ask') or i_may('purge.agree'));
    return case when found then 'done' when exists (select 1 from purge where id = which and agency_id = my_agency()) then 'decided' else 'not-found' end;
end $$;

create function agree_purge(which uuid) returns text language plpgsql security definer set search_path = public as $$
declare
    p purge;
    why text;
begin
    select * into p from purge where id = which for update;
    if p.id is null or p.agency_id <> my_agency() or not i_may('purge.agree') then return 'not-found'; end if;
    if p.asked_by = me() then return 'own'; end if;
    if p.outcome is not null then return 'decided'; end if;
    if not exists (select 1 from source_record where id = p.subject_id) then
        -- It was of a report that went with another's record.
        update purge set outcome = 'destroyed', number = null, decided_at = heed_now(), decided_by = me() where id = which;
        return 'done';
    end if;
    if not may_be_destroyed(p.subject_id) then return 'not-found'; end if;
    -- Whoever is sealing is waited for, and so is a report that comes in about it just now.
    perform 1 from chain_mark for update;
    perform 1 from source_record where id = p.subject_id for update;
    why := why_kept(p.subject_id);
    if why is not null then return why; end if;
    perform destroy(p);
    update purge set outcome = 'destroyed', decided_at = heed_now(), decided_by = me() where id = which;
    return 'done';
end $$;

create function destroy(p purge) returns void language plpgsql security definer set search_path = public as $$
#variable_conflict use_variable
declare
    papers constant uuid[] := papers_of(p.subject_id);
    said constant uuid[] := array(select id from mention where report_id = any (papers) or source_record_id = p.subject_id);
    -- Whoever else is known by these reports alone goes with them.
    gone constant uuid[] := array(select s.id from source_record s where s.id = p.subject_id or s.id in (select source_record_id from mention where id = any (said)) and not exists (select 1 from mention m where m.source_record_id = s.id and m.id <> all (said)));
    notices constant uuid[] := array(select id from notice where report_id = any (papers));
    contacts constant uuid[] := array(select id from contact where notice_id = any (notices));
    referrals constant uuid[] := array(select id from referral where contact_id = any (contacts));
    episodes constant uuid[] := array(select e.id from episode e where e.source_record_id = any (gone) or exists (select 1 from referral f where f.episode_id = e.id and f.id = any (referrals)) and not exists (select 1 from referral f where f.episode_id = e.id and f.id <> all (referrals)));
    assessments constant uuid[] := array(select id from assessment where contact_id = any (contacts));
    transfers constant uuid[] := array(select id from case_transfer where episode_id = any (episodes));
    links uuid[] := array(select id from link where source_record_id = any (gone));
    persons constant uuid[] := array(select distinct l.person_id from link l where l.id = any (links) and not exists (select 1 from link o where l.person_id in (o.person_id, o.was_person) and o.id <> all (links))
                                                            and not exists (select 1 from emergency_access e where e.person_id = l.person_id and exists (select 1 from source_record s where s.id = any (e.records) and s.id <> all (gone))) and not exists (select 1 from shown_history h where h.person_id = l.person_id and h.contact_id <> all (contacts)));
    matches constant uuid[] := array(select id from possible_match where source_record_id = any (gone) or other_id = any (gone));
    mistakes constant uuid[] := array(select id from mistaken where link_id = any (links) or person_id = any (persons) or other_id = any (persons));
    facts constant uuid[] := array(select id from allocation where source_record_id = any (gone) union all select id from legal_status where source_record_id = any (gone));
    emergencies constant uuid[] := array(select e.id from emergency_access e where e.records && gone and not exists (select 1 from source_record s where s.id = any (e.records) and s.id <> all (gone)));
    showings constant uuid[] := array(select id from shown_history where contact_id = any (contacts));
    incidents constant uuid[] := array(select i.id from incident i join incident o on o.agency_id = i.agency_id and o.reference = i.reference join incident_report r on r.incident_id = o.id where r.report_id = any (papers));
    untolds constant uuid[] := array(select id from untold where incident_id = any (incidents) or report_id = any (papers));
    missed constant uuid[] := array(select u.id from undelivered u join mailbox_item i on i.id = u.item_id where u.notice_id = any (notices) or i.kind = 'emergency' and i.subject_id = any (emergencies));
    items constant uuid[] := array(select id from mailbox_item where report_id = any (papers) or subject_id = any (missed || emergencies));
    clocks constant uuid[] := array(select id from clock where report_id = any (papers) or untold_id = any (untolds) union select clock_id from emergency_access where id = any (emergencies) union select clock_id from undelivered where id = any (missed));
    holds constant uuid[] := array(select id from legal_hold where row_id = any (gone || persons));
    drafts constant uuid[] := array(select id from draft where report_id = any (papers) or corrects_id = any (papers));
    every constant uuid[] := papers || said || gone || notices || contacts || referrals || episodes || assessments || transfers || links || persons || matches || mistakes || facts || emergencies || showings || untolds || missed || items || clocks || holds || drafts;
    -- What showed or found nobody else who is still here.
    looks constant uuid[] := array(select l.id from look l where l.subject_id = any (every) or l.records && gone and (l.emergency_id = any (emergencies) or not exists (select 1 from source_record s where s.id = any (l.records) and s.id <> all (gone))));
    searches constant uuid[] := array(select q.id from search q where (q.found && persons or q.held && gone)
                                         and not exists (select 1 from person x where x.id = any (q.found) and x.id <> all (persons)) and not exists (select 1 from source_record s where s.id = any (q.held) and s.id <> all (gone)));
    changes constant bigint[] := array(select c.id from pg_class t join change c on c.on_table = t.relname and c.row_id = any (every) where t.relkind = 'r' union select id from change where row_id is null and on_table in ('reader', 'never_link') and (coalesce(after, before) ->> 'source_record_id' = any (gone::text[]) or coalesce(after, before) ->> 'one' = any (gone::text[]) or coalesce(after, before) ->> 'other' = any (gone::text[])));
    stay constant uuid[] := array(select distinct source_record_id from mention where id = any (said) and source_record_id <> all (gone));
    words_gone constant text[] := array(select distinct w from index_line, unnest(words) w where source_record_id = any (gone) union select distinct w from mention_line, unnest(words) w where mention_id = any (said));
    sealed record;
    l link;
    former uuid;
begin
    insert into tombstone (id, purge_id, what, agency_id, at, rule) select s.id, p.id, 'record', s.agency_id, s.since, p.rule from source_record s where s.id = any (gone)
     union all select r.id, p.id, 'report', r.agency_id, r.received_at, p.rule from report r where r.id = any (papers);
    insert into tombstone (id, purge_id, what, agency_id, to_agency, at, agreement_key, agreement_version, rule) select n.id, p.id, 'notice', n.from_agency, n.to_agency, n.sent_at, n.agreement_key, n.agreement_version, p.rule from notice n where n.id = any (notices);

    -- A link of somebody who stays that was made by comparing them with what goes is made anew without the comparison: what was sealed of it is destroyed with the rest.
    set constraints mistaken_link_id_fkey deferred;
    for l in select * from link where id <> all (links) and (compared_with = any (gone) or compared && said) loop
        former := l.id;
        links := links || former;
        delete from link where id = former;
        l.id := new_id();
        l.compared_with := null; l.comparison := null; l.compared := '{}'; l.xid := pg_current_xact_id()::text::bigint;
        insert into link select l.*;
        update mistaken set link_id = l.id where link_id = former;
    end loop;
    set constraints mistaken_link_id_fkey immediate;

    -- Of each chain what sealed any of it: the salt goes, and the certificate says so.
    for sealed in
        select x.agency_id, array_agg(x.no order by x.no) as numbers
          from (select 'change' as source, unnest(changes)::text as row_id union all select 'look', unnest(looks)::text union all select 'search', unnest(searches)::text union all select 'report', unnest(papers)::text
                union all select 'mention', unnest(said)::text union all select 'link', unnest(links)::text union all select 'notice', unnest(notices)::text union all select 'telling', unnest(notices)::text
                union all select 'handing_on', h.id::text from handing_on h where h.notice_id = any (notices) union all select 'clock_event', e.clock_id || '/' || e.ordinal from clock_event e where e.clock_id = any (clocks)
                union all select 'shown_history', unnest(showings)::text union all select 'grading', g.id::text from grading g where g.report_id = any (papers) union all select 'searched', q.id::text from searched q where q.report_id = any (papers)
                union all select 'alert', a.id::text from alert a where a.source_record_id = any (gone) union all select 'emergency_access', unnest(emergencies)::text) d
          join chain_entry x on x.source = d.source and x.row_id = d.row_id group by x.agency_id
    loop
        delete from chain_salt s where s.agency_id = sealed.agency_id and s.no = any (sealed.numbers);
        insert into certificate (id, purge_id, agency_id, asked_by, agreed_by, retention_class, words, entries) values (new_id(), p.id, sealed.agency_id, p.asked_by, me(), p.retention_class, p.words, sealed.numbers);
    end loop;

    delete from file_row f using file_report r join file_import i on i.id = r.import_id where r.report_id = any (papers) and f.file_id = i.file_id and f.line = any (r.lines);
    update delay set report_id = null, incident_id = null where report_id = any (papers) or incident_id = any (incidents);
    update possible_match set comparison = '{}', compared = '{}' where compared && said and id <> all (matches);
    delete from incident_person q using incident i, source_record s where q.incident_id = i.id and s.id = any (gone) and i.agency_id = s.agency_id and q.number = s.number;
    -- In one statement, for they refer to one another.
    with g01 as (delete from file_report where report_id = any (papers)), g02 as (delete from draft where id = any (drafts)), g03 as (delete from grading where report_id = any (papers)), g04 as (delete from searched where report_id = any (papers)),
         g05 as (delete from webhook_delivery where item_id = any (items)), g06 as (delete from mail_owed where item_id = any (items)), g07 as (delete from undelivered where id = any (missed)), g08 as (delete from mailbox_item where id = any (items)),
         g09 as (delete from clock_event where clock_id = any (clocks)), g10 as (delete from clock where id = any (clocks)), g11 as (delete from untold_answer where untold_id = any (untolds)), g12 as (delete from untold where id = any (untolds)),
         g13 as (delete from incident_report where report_id = any (papers) or incident_id = any (incidents)), g14 as (delete from incident_person where incident_id = any (incidents)), g15 as (delete from incident where id = any (incidents)),
         g16 as (delete from assessment where id = any (assessments)), g17 as (delete from referral where id = any (referrals)), g18 as (delete from case_transfer where id = any (transfers)), g19 as (delete from episode where id = any (episodes)),
         g20 as (delete from shown_history where id = any (showings)), g21 as (delete from contact where id = any (contacts)), g22 as (delete from telling where notice_id = any (notices)), g23 as (delete from handing_on where notice_id = any (notices)),
         g24 as (delete from notice where id = any (notices)), g25 as (delete from report_key where report_id = any (papers)), g26 as (delete from emergency_access where id = any (emergencies)), g27 as (delete from look where id = any (looks)),
         g28 as (delete from search where id = any (searches)), g29 as (delete from mistaken where id = any (mistakes)), g30 as (delete from possible_match where id = any (matches)), g31 as (delete from never_link where one = any (gone) or other = any (gone)),
         g32 as (delete from reader where source_record_id = any (gone)), g33 as (delete from alert where source_record_id = any (gone)), g34 as (delete from allocation where id = any (facts)), g35 as (delete from legal_status where id = any (facts)),
         g36 as (delete from legal_hold where id = any (holds)), g37 as (delete from blocking_key where source_record_id = any (gone)), g38 as (delete from index_line where source_record_id = any (gone)), g39 as (delete from mention_line where mention_id = any (said)),
         g40 as (delete from relationship where mention_id = any (said) or to_mention_id = any (said)), g41 as (delete from residence where mention_id = any (said)), g42 as (delete from attendance where mention_id = any (said)), g43 as (delete from statement where mention_id = any (said)),
         g44 as (delete from link where id = any (links)), g45 as (delete from mention where id = any (said)), g46 as (delete from report where id = any (papers)), g47 as (delete from source_record where id = any (gone)), g48 as (delete from job where subject_id = any (every))
    delete from person where id = any (persons);
    -- Whoever stays is searched by what is left of them.
    update index_line i set words = array(select distinct unnest(x.words)), born = array(select distinct unnest(x.born)), postcodes = array(select distinct unnest(x.postcodes)), numbers = array(select distinct unnest(x.numbers))
      from (select m.source_record_id, together(n.words) as words, together(n.born) as born, together(n.postcodes) as postcodes, together(n.numbers) as numbers from mention m join mention_line n on n.mention_id = m.id where m.source_record_id = any (stay) group by 1) x
     where i.source_record_id = x.source_record_id;
    delete from name_word n where n.word = any (words_gone) and not exists (select 1 from index_line i where i.words @> array[n.word]);
    update purge set number = null where id = p.id;
    -- That it is gone says the certificate; a log of what it was would keep it.
    delete from change where id = any (changes) or xid = pg_current_xact_id()::text::bigint;
end $$;
comment on function destroy(purge) is 'A record, the reports about it with all that anybody was told of them and did upon it, who is known by those alone, who looked, searched and changed; with their salts, so that the chain stays whole and tells nothing. A tombstone is left of each record, report and notice.';

do $$ declare f text; begin
    foreach f in array array['kept_until(uuid)', 'is_held(uuid)', 'papers_of(uuid)', 'why_kept(uuid)', 'may_be_destroyed(uuid)', 'records_over(int)', 'ask_purge(uuid, uuid, text)', 'drop_purge(uuid)', 'agree_purge(uuid)', 'destroy(purge)'] loop
        execute format('revoke execute on function %s from public', f);
    end loop;
    grant execute on function records_over, ask_purge, drop_purge, agree_purge to heed_app;
end $$;
