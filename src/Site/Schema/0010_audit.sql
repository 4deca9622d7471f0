-- Who looked, what was opened in an emergency, and the chain that shows that nothing of it changed since.

create function audits() returns boolean stable language plpgsql security definer set search_path = public
as $$ begin return exists (select 1 from post where practitioner_id = me() and role = 'privacy-reviewer' and during @> heed_now()); end $$;
comment on function audits is 'Whoever reviews for an agency sees who looked and what was opened, and nobody''s record.';

-- Emergency access (break-glass) ------------------------------------------------------------------------------------------

create table emergency_access (
    id uuid primary key, practitioner_id uuid not null default me() references practitioner, agency_id uuid not null default my_agency() references agency, purpose text not null default my_purpose(),
    person_id uuid not null references person, records uuid[] not null check (cardinality(records) > 0), owners uuid[] not null,
    why text not null check (why in ('danger', 'missing', 'unknown-child', 'treatment', 'other')), words text not null check (length(words) between 1 and 2000),
    at timestamptz not null default heed_now(), until timestamptz not null default heed_now() + interval '1 hour', ended_at timestamptz, ended_how text check (ended_how in ('lapsed', 'by-hand')),
    clock_id uuid references clock, reviewed_at timestamptz, reviewed_by uuid references practitioner, justified boolean, review text, told_at timestamptz,
    check (until = at + interval '1 hour'), check ((ended_at is null) = (ended_how is null)), check (ended_at <= until), check (num_nonnulls(reviewed_at, reviewed_by, justified, review) in (0, 4)),
    check (reviewed_by <> practitioner_id), check (told_at is null or reviewed_at is not null));
comment on table emergency_access is 'One child opened to one practitioner for one hour, with the reason; its start, its end, and what whoever reviewed it found. Written by its functions only.';
comment on column emergency_access.records is 'What was held of the child when it was opened, and not sealed. What comes later, or is another''s, is not opened by it.';
comment on column emergency_access.owners is 'The agencies whose records they are: told at once.';
comment on column emergency_access.told_at is 'Whoever opened it has seen what the review found.';
create unique index one_at_a_time on emergency_access (practitioner_id, person_id) where ended_at is null;
create index on emergency_access (until) where ended_at is null;
create index on emergency_access (agency_id, at desc);
create index on emergency_access using gin (owners);
alter table look add foreign key (emergency_id) references emergency_access;

create function emergency_subject(which uuid, hit int) returns uuid stable language plpgsql security definer set search_path = public as $$
begin
    if hit is null then
        return (select which where may_see_person(which) and exists (select 1 from held_elsewhere(which)));
    end if;
    return (select l.person_id from search q join link l on l.source_record_id = q.held[hit] and l.undone_at is null join source_record s on s.id = l.source_record_id and s.tier <> 'sealed'
             where q.id = which and q.actor = me() and q.at > heed_now() - interval '1 hour');
end $$;
comment on function emergency_subject is 'The child of whom a page said "held by them, ask": by their own page, or by the place in a search that this actor made within the hour. Anything else is nobody, and so is what is sealed: an id tried at the door tells nothing.';

create function open_in_emergency(grant_id uuid, which uuid, hit int, because text, in_words text, clock uuid) returns uuid language plpgsql security definer set search_path = public as $$
declare
    child uuid := emergency_subject(which, hit);
begin
    if child is null then return null; end if;
    update emergency_access set ended_at = until, ended_how = 'lapsed' where practitioner_id = me() and person_id = child and ended_at is null and until <= heed_now();
    insert into emergency_access (id, person_id, records, owners, why, words, clock_id)
    select grant_id, child, array_agg(s.id order by s.id), array_agg(distinct s.agency_id), because, in_words, clock
      from link l join source_record s on s.id = l.source_record_id and s.tier <> 'sealed' where l.person_id = child and l.undone_at is null;
    return child;
end $$;
comment on function open_in_emergency is 'The child that is open now to whoever asks; null where there is none to open.';

create function end_emergency(which uuid) returns boolean language plpgsql security definer set search_path = public as $$
begin
    update emergency_access set ended_at = heed_now(), ended_how = 'by-hand' where id = which and practitioner_id = me() and ended_at is null and until > heed_now();
    return found;
end $$;

create function lapse_emergencies() returns int language plpgsql security definer set search_path = public as $$
declare n int;
begin
    with gone as (select id from emergency_access where ended_at is null and until <= heed_now() for update skip locked)
    update emergency_access e set ended_at = e.until, ended_how = 'lapsed' from gone g where g.id = e.id;
    get diagnostics n = row_count;
    return n;
end $$;
comment on function lapse_emergencies is 'Records the end. The hour itself is kept by opened(), whether or not anybody records it.';

create function review_emergency(which uuid, right_to boolean, in_words text) returns text language plpgsql security definer set search_path = public as $$
declare e emergency_access;
begin
    select * into e from emergency_access where id = which for update;
    if e.id is null or e.agency_id <> my_agency() or not audits() then return 'not-found'; end if;
    if e.practitioner_id = me() then return 'own'; end if;
    if e.reviewed_at is not null then return 'reviewed'; end if;
    update emergency_access set reviewed_at = heed_now(), reviewed_by = me(), justified = right_to, review = in_words where id = which;
    return 'done';
end $$;

create function emergencies_told() returns int language plpgsql security definer set search_path = public as $$
declare n int;
begin
    update emergency_access set told_at = heed_now() where practitioner_id = me() and reviewed_at is not null and told_at is null;
    get diagnostics n = row_count;
    return n;
end $$;

create function tell_owners() returns trigger language plpgsql security definer set search_path = public as $$
begin
    insert into mailbox_item (id, agency_id, kind, subject_id, team_id, urgent)
    select gen_random_uuid(), o, 'emergency', new.id,
           (select t.id from team t where t.agency_id = o and t.function in ('information-governance', 'front-door', 'mash-desk', 'safeguarding') order by array_position(array['information-governance', 'front-door', 'mash-desk', 'safeguarding'], t.function) limit 1), true
      from unnest(new.owners) o;
    return null;
end $$;
create trigger tell_owners after insert on emergency_access for each row execute function tell_owners();
comment on trigger tell_owners on emergency_access is 'In the transaction that opens it: the owner''s system collects it, its reviewers have an e-mail. Numbers only.';
create trigger logged after update or delete on emergency_access for each row execute function log_change();

call secure('emergency_access');
create policy read on emergency_access for select to heed_app
    using (practitioner_id = (select me()) or (agency_id = (select my_agency()) or (select my_agency()) = any (owners)) and ((select my_reach()) = 'agency' or (select audits())));
grant select on emergency_access to heed_app;

-- Looks -------------------------------------------------------------------------------------------------------------------

create function look_about() returns trigger language plpgsql security definer set search_path = public as $$
begin
    if new.at_what = 'notice' then
        new.records := array(select m.source_record_id from notice n join mention m on m.report_id = n.report_id and m.ordinal = any (n.mentions) where n.id = new.subject_id);
    elsif new.at_what = 'report' then
        new.records := array(select m.source_record_id from mention m where m.report_id = new.subject_id);
    end if;
    new.owners := array(select unnest(new.owners) union select s.agency_id from source_record s where s.id = any (new.records));
    new.emergency_id := (select e.id from emergency_access e where e.practitioner_id = new.actor and e.ended_at is null and e.until > heed_now() and e.records && new.records order by e.at desc limit 1);
    return new;
end $$;
create trigger about before insert on look for each row execute function look_about();

create function look_is_shown(l look) returns boolean stable language plpgsql security definer set search_path = public as $$
begin
    return l.at_what in ('notice', 'report') or cardinality(l.records) = 0
        or exists (select 1 from source_record s where s.id = any (l.records) and (s.tier <> 'sealed' or is_reader(s.id)) and (l.agency_id = my_agency() or s.agency_id = my_agency()));
end $$;
comment on function look_is_shown is 'That somebody read a sealed record would tell that there is one: only its readers learn of it, at the agency whose it is, or of a look by one of their own.';
create policy read on look for select to heed_app
    using (actor = (select me()) or (agency_id = (select my_agency()) or (select my_agency()) = any (owners)) and ((select my_reach()) = 'agency' or (select audits())) and look_is_shown(look));
