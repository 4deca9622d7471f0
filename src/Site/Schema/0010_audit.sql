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
    select new_id(), o, 'emergency', new.id,
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

-- The chain: sealed after the commit, per agency ----------------------------------------------------------------------------

create table purge (
    id uuid primary key, agency_id uuid not null default my_agency() references agency, subject_id uuid not null, number text, retention_class text not null references retention_class, rule text not null, words text not null check (length(words) between 1 and 2000),
    asked_at timestamptz not null default heed_now(), asked_by uuid not null default me() references practitioner, outcome text check (outcome in ('destroyed', 'dropped')), decided_at timestamptz, decided_by uuid references practitioner,
    check (outcome <> 'destroyed' or decided_by <> asked_by), check (num_nonnulls(outcome, decided_at, decided_by) in (0, 3)), check (number is null or outcome is distinct from 'destroyed'));
comment on table purge is 'That a record whose time is over is to be destroyed with all that is kept of it (0015): asked for by one, agreed to by another, or let go. rule: how long, from what and on whose authority, as it was then.';
comment on column purge.number is 'The agency''s own number of the record, until it is destroyed.';
create unique index one_purge on purge (subject_id) where outcome is null;

create table certificate (
    id uuid primary key, purge_id uuid not null references purge, agency_id uuid not null references agency, at timestamptz not null default heed_now(), asked_by uuid not null, agreed_by uuid not null, retention_class text not null, words text not null, entries bigint[] not null);
comment on table certificate is 'What was destroyed, as places in the agency''s chain. It is in the chain itself. Append-only.';
create table tombstone (
    id uuid primary key, purge_id uuid not null references purge, what text not null check (what in ('record', 'report', 'notice')), agency_id uuid not null references agency, to_agency uuid references agency, at timestamptz not null,
    agreement_key text, agreement_version int, rule text not null, destroyed_at timestamptz not null default heed_now(), check ((what = 'notice') = (to_agency is not null)), foreign key (agreement_key, agreement_version) references agreement);
comment on table tombstone is 'That something was here, whose, since when and under which rule it was destroyed; of a notice also who was told and under which agreement (none: it was withheld). Nothing about anybody. id: what it had. Append-only.';
create index on tombstone (purge_id);
create index on tombstone (to_agency, destroyed_at);
create trigger logged after update or delete on purge for each row execute function log_change();

do $$ declare t text; begin
    foreach t in array array['change', 'look', 'search', 'report', 'mention', 'link', 'notice', 'telling', 'handing_on', 'clock_event', 'shown_history', 'grading', 'searched', 'alert', 'emergency_access', 'certificate', 'tombstone'] loop
        execute format('alter table %I add column xid bigint not null default pg_current_xact_id()::text::bigint', t);
        -- Rows lie in about this order, so that a few pages in a summary say where the new ones are; it costs an insert nothing.
        execute format('create index on %I using brin (xid) with (pages_per_range = 16, autosummarize = on)', t);
        execute format('comment on column %I.xid is ''The transaction that wrote it, by which the chain finds what it has not sealed.''', t);
    end loop;
end $$;

create view chainable with (security_invoker = true) as
    select 'change' as source, x.id::text as row_id, x.agency as agency_id, x.xid, to_jsonb(x) as said from change x
    union all select 'look', x.id::text, x.agency_id, x.xid, to_jsonb(x) from look x
    union all select 'search', x.id::text, x.agency_id, x.xid, to_jsonb(x) from search x
    union all select 'report', x.id::text, x.agency_id, x.xid, to_jsonb(x) from report x
    union all select 'mention', x.id::text, x.agency_id, x.xid, to_jsonb(x) from mention x
    union all select 'link', x.id::text, x.agency_id, x.xid, to_jsonb(x) from link x
    union all select 'notice', x.id::text, x.from_agency, x.xid, to_jsonb(x) from notice x
    union all select 'telling', x.notice_id::text, n.from_agency, x.xid, to_jsonb(x) from telling x join notice n on n.id = x.notice_id
    union all select 'handing_on', x.id::text, n.to_agency, x.xid, to_jsonb(x) from handing_on x join notice n on n.id = x.notice_id
    union all select 'clock_event', x.clock_id || '/' || x.ordinal, c.agency_id, x.xid, to_jsonb(x) from clock_event x join clock c on c.id = x.clock_id
    union all select 'shown_history', x.id::text, c.agency_id, x.xid, to_jsonb(x) from shown_history x join contact c on c.id = x.contact_id
    union all select 'grading', x.id::text, x.agency_id, x.xid, to_jsonb(x) from grading x
    union all select 'searched', x.id::text, m.agency_id, x.xid, to_jsonb(x) from searched x join mention m on m.id = x.mention_id
    union all select 'alert', x.id::text, x.agency_id, x.xid, to_jsonb(x) from alert x
    union all select 'emergency_access', x.id::text, x.agency_id, x.xid, to_jsonb(x) from emergency_access x
    union all select 'certificate', x.id::text, x.agency_id, x.xid, to_jsonb(x) from certificate x
    union all select 'tombstone', x.id::text, x.agency_id, x.xid, to_jsonb(x) from tombstone x;
comment on view chainable is 'All that must not change silently, and in whose chain it stands. What of a row may change is left out of what is sealed (chain_payload); such a change is a row of the change log.';

create function chain_payload(source text, said jsonb) returns text immutable language sql
return jsonb_strip_nulls(said - 'xid' - case source
    when 'link' then array['undone_at', 'undone_by', 'undone_reason']
    when 'notice' then array['urgent', 'to_team', 'tier', 'delivered_at', 'opened_at', 'opened_by', 'acknowledged_at', 'acknowledged_by', 'taken_by', 'taken_at', 'failed_at', 'failed_because', 'withdrawn_at', 'released_at', 'released_by', 'triage', 'triaged_by', 'triaged_at']
    when 'emergency_access' then array['ended_at', 'ended_how', 'reviewed_at', 'reviewed_by', 'justified', 'review', 'told_at']
    else '{}'::text[] end)::text;
comment on function chain_payload(text, jsonb) is 'What is sealed of a row, as text that is the same for ever: without nulls, so that a column that is added later changes nothing of what stood before.';

create function chain_payload(of_source text, which text) returns text stable language plpgsql security definer set search_path = public set timezone = 'UTC' set bytea_output = 'hex' as $$
begin
    return chain_payload(of_source, case of_source
        when 'change' then (select to_jsonb(x) from change x where x.id = which::bigint)
        when 'look' then (select to_jsonb(x) from look x where x.id = which::uuid)
        when 'search' then (select to_jsonb(x) from search x where x.id = which::uuid)
        when 'report' then (select to_jsonb(x) from report x where x.id = which::uuid)
        when 'mention' then (select to_jsonb(x) from mention x where x.id = which::uuid)
        when 'link' then (select to_jsonb(x) from link x where x.id = which::uuid)
        when 'notice' then (select to_jsonb(x) from notice x where x.id = which::uuid)
        when 'telling' then (select to_jsonb(x) from telling x where x.notice_id = which::uuid)
        when 'handing_on' then (select to_jsonb(x) from handing_on x where x.id = which::uuid)
        when 'clock_event' then (select to_jsonb(x) from clock_event x where x.clock_id = split_part(which, '/', 1)::uuid and x.ordinal = split_part(which, '/', 2)::int)
        when 'shown_history' then (select to_jsonb(x) from shown_history x where x.id = which::uuid)
        when 'grading' then (select to_jsonb(x) from grading x where x.id = which::uuid)
        when 'searched' then (select to_jsonb(x) from searched x where x.id = which::uuid)
        when 'alert' then (select to_jsonb(x) from alert x where x.id = which::uuid)
        when 'emergency_access' then (select to_jsonb(x) from emergency_access x where x.id = which::uuid)
        when 'certificate' then (select to_jsonb(x) from certificate x where x.id = which::uuid)
        when 'tombstone' then (select to_jsonb(x) from tombstone x where x.id = which::uuid)
    end);
exception when invalid_text_representation or numeric_value_out_of_range then
    -- No row has such a key: whoever changed the entry did that.
    return null;
end $$;
comment on function chain_payload(text, text) is 'The same of the row that an entry names; null where it is gone.';
revoke execute on function chain_payload(text, text) from public;

create table chain_entry (
    agency_id uuid not null references agency, no bigint not null check (no > 0), source text not null, row_id text not null, sealed_at timestamptz not null, salted bytea not null, previous bytea not null, hash bytea not null,
    primary key (agency_id, no), unique (source, row_id));
comment on table chain_entry is 'salted: SHA-256 of the salt and what the row said. hash: of the entry and the hash before it. Append-only, and nobody but seal_chain writes it.';
create table chain_salt (agency_id uuid not null, no bigint not null, salt bytea not null, primary key (agency_id, no));
comment on table chain_salt is 'Apart from the chain, because it is destroyed with what it salts: what is left of the entry then tells nothing, and the chain is whole.';
create table chain_head (agency_id uuid not null, no bigint not null, hash bytea not null, at timestamptz not null, jws text not null, primary key (agency_id, no));
comment on table chain_head is 'How far a chain went, signed: a tail that is cut off later is missed. Whoever keeps a copy of it elsewhere need trust nobody here.';
create table chain_mark (one_row boolean primary key default true check (one_row), upto bigint not null default 0);
comment on table chain_mark is 'Every transaction before this one is over, and what it wrote is sealed. The row is locked by whoever seals.';
insert into chain_mark default values;

create function chain_hash(previous bytea, agency uuid, no bigint, source text, row_id text, sealed_at timestamptz, salted bytea) returns bytea immutable language sql set search_path = public as $$
    select sha256(convert_to(concat_ws(E'\n', encode(previous, 'hex'), agency, no, source, row_id, to_char(sealed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), encode(salted, 'hex')), 'UTF8'))
$$;

create function seal_chain(most int) returns int language plpgsql security definer set search_path = public set timezone = 'UTC' set bytea_output = 'hex' as $$
declare
    since bigint;
    ends bigint;
    cut bigint;
    e record;
    whose uuid;
    place bigint;
    prior bytea;
    last bytea;
    at constant timestamptz := heed_now();
    made chain_entry[] := '{}';
    salts chain_salt[] := '{}';
begin
    select m.upto into since from chain_mark m for update;
    -- Every transaction below this one is over, in whatever order they took their numbers and committed.
    ends := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    if ends < since then
        -- Restored where transactions are numbered anew: whatever is not in the chain is looked for once.
        since := 0;
        select greatest(ends, max(c.xid) + 1) into ends from chainable c;
    else
        select c.xid into cut from chainable c where c.xid >= since and c.xid < ends order by c.xid offset most limit 1;
        if cut is not null then ends := greatest(cut, since + 1); end if;
    end if;
    -- Rows at once and hashes one by one: only these wait for one another.
    for e in select n.*, sha256(n.salt || convert_to(chain_payload(n.source, n.said), 'UTF8')) as salted
               from (select c.*, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) as salt from chainable c
                      where c.xid >= since and c.xid < ends and not exists (select 1 from chain_entry x where x.source = c.source and x.row_id = c.row_id)) n
              order by n.agency_id, n.xid, n.source, n.row_id loop
        if e.agency_id is distinct from whose then
            whose := e.agency_id;
            select x.no, x.hash into place, last from chain_entry x where x.agency_id = whose order by x.no desc limit 1;
            if not found then place := 0; last := decode(repeat('00', 32), 'hex'); end if;
        end if;
        place := place + 1;
        prior := last;
        last := chain_hash(prior, whose, place, e.source, e.row_id, at, e.salted);
        made := made || row(whose, place, e.source, e.row_id, at, e.salted, prior, last)::chain_entry;
        salts := salts || row(whose, place, e.salt)::chain_salt;
    end loop;
    insert into chain_entry select * from unnest(made);
    insert into chain_salt select * from unnest(salts);
    update chain_mark m set upto = least(ends, pg_snapshot_xmin(pg_current_snapshot())::text::bigint);
    return cardinality(made);
end $$;
comment on function seal_chain is 'Seals what is committed and not sealed yet, in the order of transactions. Two that seal at once follow one another. Answers how many entries were made.';

do $$ declare t text; begin
    foreach t in array array['purge', 'certificate', 'tombstone', 'chain_entry', 'chain_salt', 'chain_head', 'chain_mark'] loop
        call secure(t);
    end loop;
    foreach t in array array['purge', 'certificate'] loop
        execute format('create policy read on %I for select to heed_app using (agency_id = (select my_agency()) and ((select my_reach()) = ''agency'' or (select audits())))', t);
        execute format('grant select on %I to heed_app', t);
    end loop;
    create policy read on tombstone for select to heed_app using ((select my_agency()) in (agency_id, to_agency) and ((select my_reach()) = 'agency' or (select audits())));
    grant select on tombstone to heed_app;
    -- Numbers and hashes: whoever watches another's chain can tell that it was cut, and nothing else.
    foreach t in array array['chain_entry', 'chain_head'] loop
        execute format('create policy worker on %I to heed_worker using (true) with check (true)', t);
        execute format('grant select on %I to heed_worker', t);
    end loop;
end $$;
create policy heads on chain_head for select to heed_app using (true);
grant select on chain_head to heed_app;
grant insert on chain_head to heed_worker;
do $$ declare f text; begin
    foreach f in array array['seal_chain(int)', 'lapse_emergencies()'] loop
        execute format('revoke execute on function %s from public', f);
    end loop;
    grant execute on function seal_chain, lapse_emergencies to heed_worker;
end $$;
