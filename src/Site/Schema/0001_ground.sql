-- The ground: who there is, who may, in whose name and why anything is done, and what time it is.
-- Runs as heed_owner. heed_app (pages, API) and heed_worker (matching, routing, clocks) own nothing and bypass nothing.

create extension if not exists btree_gist;
create extension if not exists pg_trgm;

-- Time ------------------------------------------------------------------------------------------------------------------

create table time_offset (one_row boolean primary key default true check (one_row), ahead interval not null default '0');
comment on table time_offset is 'A demo or a test moves time by this; anywhere else it is zero. One row.';
insert into time_offset default values;

-- In plpgsql, whose plan is kept: an SQL function is planned anew at each call, and one report calls this forty times.
create function heed_now() returns timestamptz stable language plpgsql as $$ begin return now() + (select ahead from public.time_offset); end $$;
comment on function heed_now is 'The one time of one piece of work: its transaction''s.';

create function new_id() returns uuid language sql as $$
    select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;
comment on function new_id is 'UUID version 7 (RFC 9562, 5.7), as the program makes them: the rows of one hour lie together in an index of ids, whatever millions are there, and a claim or a receipt touches a page or two of it and not one for each row.';

create function london_today() returns date stable language sql as $$ select (heed_now() at time zone 'Europe/London')::date $$;

-- Bodies over time ------------------------------------------------------------------------------------------------------

create table agency (
    id uuid primary key,
    key text not null unique,
    name text not null,
    kind text not null check (kind in ('police', 'council', 'school', 'health', 'dbs', 'partnership', 'inspectorate', 'system')),
    code text,
    nation text not null check (nation in ('England', 'Wales')),
    during daterange not null default daterange(null, null),
    has_heed boolean not null default true);
comment on table agency is 'A body that shares or oversees. Code: ONS code of a force or council, URN of a school, ODS code of a health body. A merged or abolished body keeps its row; its time ends.';
comment on column agency.has_heed is 'False: a recipient outside Heed; its notices go out by another way and are minded by the sender.';

create table former_name (agency_id uuid not null references agency, name text not null, during daterange not null,
    exclude using gist (agency_id with =, during with &&));

create table succession (
    agency_id uuid not null references agency, follower_id uuid not null references agency,
    on_day date not null, how text not null check (how in ('merged', 'split', 'renamed', 'transferred')),
    primary key (agency_id, follower_id));

create table force_council (force_id uuid not null references agency, council_id uuid not null references agency, lead boolean not null default false, during daterange not null default daterange(null, null),
    exclude using gist (force_id with =, council_id with =, during with &&));
comment on table force_council is 'One force covers many councils. lead: where a report goes whose address no one understands, so that it goes somewhere.';

create table area (postcode text not null check (postcode ~ '^[A-Z0-9]+$'), council_id uuid not null references agency, during daterange not null default daterange(null, null),
    exclude using gist (postcode with =, during with &&));
comment on table area is 'A postcode''s beginning, without spaces, and the council whose area it is. The longest that fits decides.';

create table school_council (school_id uuid primary key references agency, council_id uuid not null references agency);

create table school_year (
    id uuid primary key, school_id uuid not null references agency, during daterange not null, starts time not null,
    exclude using gist (school_id with =, during with &&));
comment on column school_year.starts is 'When the school day begins, London.';
create table school_term (school_year_id uuid not null references school_year, during daterange not null, primary key (school_year_id, during));
create table school_arrangement (school_id uuid primary key references agency, reads_on_working_days boolean not null default false, named_person uuid, agreed text not null);
comment on table school_arrangement is 'What a school has arranged for itself. reads_on_working_days: somebody reads notices on the working days of holidays and on inset days too. named_person: who has a notice first in which somebody is named who works there.';
create table inset_day (school_year_id uuid not null references school_year, day date not null, primary key (school_year_id, day));

-- Teams, practitioners, duty --------------------------------------------------------------------------------------------

create table team (
    id uuid primary key, key text not null unique, agency_id uuid not null references agency, name text not null, function text not null,
    above_id uuid references team, covered_by_id uuid references team, opens time, closes time, telephone text, during daterange not null default daterange(null, null),
    check (id <> above_id), check (id <> covered_by_id), check ((opens is null) = (closes is null)));
comment on table team is 'above: where a late clock climbs. covered_by: who answers while this team is closed. No hours: never closed. Hours are London''s, on working days. telephone: at which it is rung while it is open; who covers it has its own.';
create index on team (agency_id);
create index on team (covered_by_id);

create table practitioner (
    id uuid primary key, key text not null unique, agency_id uuid not null references agency, name text not null, rank text not null, email text unique check (email = lower(email) and email like '%_@_%'),
    is_system boolean not null default false, can_sign_in boolean not null default false, during tstzrange not null default tstzrange(null, null));

alter table school_arrangement add foreign key (named_person) references practitioner;

create table role (key text primary key, name text not null, reach text not null check (reach in ('none', 'team', 'agency')), permits text[] not null);
comment on table role is 'reach: none sees no one''s rows; team what its teams or it itself was given; agency all that its agency holds. Tiers stand above every reach.';

create table post (
    practitioner_id uuid not null references practitioner, team_id uuid not null references team, role text not null references role, during tstzrange not null default tstzrange(null, null), provider_id uuid,
    exclude using gist (practitioner_id with =, team_id with =, role with =, during with &&));
comment on column post.provider_id is 'By a group of the agency''s own sign-in; it ends when the group does. Null: given here.';
create index on post (team_id);

create table shift (
    practitioner_id uuid not null references practitioner, team_id uuid not null references team, rung int not null check (rung between 0 and 9), during tstzrange not null,
    exclude using gist (practitioner_id with =, team_id with =, during with &&));
comment on table shift is 'On duty. Rung 0 does the work; a late clock climbs to 1, then 2.';
create index on shift using gist (team_id, during);

create table absence (practitioner_id uuid not null references practitioner, during tstzrange not null, why text not null);
create index on absence using gist (practitioner_id, during);

create table api_key (
    id uuid primary key, agency_id uuid not null references agency, practitioner_id uuid not null references practitioner, name text not null,
    hash bytea not null unique, scope text[] not null default '{}', made_by uuid, made_at timestamptz not null default heed_now(), seen_at timestamptz, during tstzrange not null default tstzrange(null, null));
comment on table api_key is 'By which an agency''s system signs in. Nobody reads it but enter_by_key.';
comment on column api_key.scope is 'The permits that this key has of those of its system; none named is all of them.';
comment on column api_key.hash is 'SHA-256 of the key. The key itself is shown once and kept nowhere.';

-- Local limits, agreements, retention -----------------------------------------------------------------------------------

create table local_limit (
    key text not null, version int not null check (version > 0), agency_id uuid references agency, name text not null, words text not null,
    unit text not null check (unit in ('minutes', 'hours', 'working-days')), amount int not null check (amount > 0), warn_minutes int not null check (warn_minutes >= 0),
    climb_minutes int not null check (climb_minutes > 0), office_close time, during daterange not null, agreed_by text not null, source text not null,
    primary key (key, version),
    exclude using gist (key with =, during with &&));
comment on table local_limit is 'A partnership''s own limits and, for national ones, how long before to warn and how fast a late one climbs. A change is a new version with its date.';

create table agreement (
    key text not null, version int not null, name text not null, from_kind text not null, to_kind text not null, report_kinds text[],
    discloses text not null check (discloses in ('all', 'school')), basis text not null, purpose text not null, during tstzrange not null, agreed_by text not null,
    primary key (key, version),
    exclude using gist (key with =, during with &&));
comment on table agreement is 'What one kind of agency shows another, on which lawful basis. report_kinds null: every kind. discloses: see Notices/Disclosure.cs.';

create table retention_class (key text primary key, words text not null, years int, from_event text not null check (from_event in ('case closed', 'decided', 'recorded', 'birth')), authority text not null, checked boolean not null);
comment on table retention_class is 'How long, from when, on whose authority. Nothing is destroyed by this alone: two people decide. What from_event means of a record: kept_until() in 0015.';
insert into retention_class values
    ('child-protection', 'Records of child protection enquiries', 35, 'case closed', 'local policy example, litigated in [2015] EWHC 2134 (Admin)', false),
    ('looked-after', 'Records of looked-after children', 75, 'birth', 'Care Planning regulations', false),
    ('sexual-abuse', 'Records known to relate to child sexual abuse', 75, 'recorded', 'IICSA recommendation, with review', false),
    ('contact', 'Contacts that went no further', 6, 'decided', 'local policy example', false),
    ('access', 'Who looked at what, and changes', 35, 'case closed', 'follows the record it is about', false);

create table legal_hold (id uuid primary key, on_table text not null, row_id uuid not null, reason text not null, since timestamptz not null, until timestamptz, placed_by uuid not null references practitioner);
comment on table legal_hold is 'A row that may not be deleted while this stands, whatever its retention class says.';

-- Anyone who acts is someone, for a reason ------------------------------------------------------------------------------

create function me() returns uuid stable language sql as $$ select current_setting('app.actor')::uuid $$;
create function my_agency() returns uuid stable language sql as $$ select current_setting('app.agency')::uuid $$;
create function my_teams() returns uuid[] stable language sql as $$ select current_setting('app.teams')::uuid[] $$;
create function my_agencies() returns uuid[] stable language sql as $$ select current_setting('app.agencies')::uuid[] $$;
create function my_reach() returns text stable language sql as $$ select current_setting('app.reach') $$;
create function my_purpose() returns text stable language plpgsql as $$
begin
    if current_setting('app.purpose') = '' then raise exception 'no purpose given'; end if;
    return current_setting('app.purpose');
end $$;
comment on function my_agencies is 'My own, and those whose teams mine covers: an emergency duty team acts for several councils.';
comment on function me is 'Fails where no one has entered: no row is read or written by nobody.';

create table reference_version (one_row boolean primary key default true check (one_row), version bigint not null default 1);
comment on table reference_version is 'Counts changes of the bodies, areas, calendars, limits and agreements, so that a program knows when what it holds in memory is old.';
insert into reference_version default values;
create function reference_changed() returns trigger language plpgsql security definer set search_path = public as $$
begin
    update reference_version set version = version + 1;
    return null;
end $$;
do $$ declare t text; begin
    foreach t in array array['agency', 'force_council', 'area', 'school_council', 'school_year', 'school_term', 'inset_day', 'school_arrangement', 'team', 'local_limit', 'agreement'] loop
        execute format('create trigger reference_changed after insert or update or delete on %I for each statement execute function reference_changed()', t);
    end loop;
end $$;

create type entered as (
    actor uuid, name text, rank text, is_system boolean, agency uuid, agency_name text, agency_kind text, roles text[], permits text[], teams uuid[], agencies uuid[], reach text,
    at timestamptz, reference_version bigint);

create function enter(who uuid, why text) returns entered language plpgsql security definer set search_path = public as $$
declare
    e entered;
    right_now timestamptz := heed_now();
begin
    if coalesce(why, '') = '' then raise exception 'a purpose is needed'; end if;
    with held as materialized (select r.key, r.permits, r.reach, o.team_id from post o join role r on r.key = o.role where o.practitioner_id = who and o.during @> right_now),
         covers as materialized (select t.id, t.agency_id from held h join team t on t.id = h.team_id union select t.id, t.agency_id from held h join team t on t.covered_by_id = h.team_id)
    select p.id, p.name, p.rank, p.is_system, a.id, a.name, a.kind,
           (select array_agg(distinct key) from held), (select coalesce(array_agg(distinct x), '{}') from held, unnest(permits) x),
           (select coalesce(array_agg(id), '{}') from covers), (select array_agg(id) from (select p.agency_id as id union select agency_id from covers) x),
           (select case when bool_or(reach = 'agency') then 'agency' when bool_or(reach = 'team') then 'team' else 'none' end from held),
           right_now, (select version from reference_version)
      into e
      from practitioner p join agency a on a.id = p.agency_id
     where p.id = who and p.during @> right_now and exists (select 1 from held);
    if e.actor is null then return null; end if;
    perform set_config('app.actor', e.actor::text, true), set_config('app.agency', e.agency::text, true), set_config('app.teams', e.teams::text, true), set_config('app.agencies', e.agencies::text, true),
            set_config('app.reach', e.reach, true), set_config('app.purpose', why, true);
    return e;
end $$;
comment on function enter is 'The first statement of every piece of work. Who somebody is, what their posts permit and what they may see is read from the rows of this very moment, so that a leaver is out at once.';

create function enter_by_key(key_hash bytea, why text) returns entered language plpgsql security definer set search_path = public as $$
declare
    k api_key;
    e entered;
begin
    select * into k from api_key where hash = key_hash and during @> heed_now();
    if k.id is null then return null; end if;
    e := enter(k.practitioner_id, why);
    if cardinality(k.scope) > 0 then e.permits := array(select unnest(e.permits) intersect select unnest(k.scope)); end if;
    if k.seen_at is null or k.seen_at < heed_now() - interval '1 hour' then
        update api_key set seen_at = heed_now() where id in (select id from api_key where id = k.id for update skip locked);
    end if;
    return e;
end $$;

-- Change log: by trigger, on what can change ----------------------------------------------------------------------------

create table change (
    id bigint generated always as identity primary key, at timestamptz not null default heed_now(),
    actor uuid not null, agency uuid not null, purpose text not null,
    on_table text not null, row_id uuid, before jsonb, after jsonb);
comment on table change is 'Who changed what, for whom and why. Written by trigger only; the application may read, never write or alter. Purged with its subject.';
comment on column change.before is 'Of a row with an id that was changed, only the columns that changed: what a notice said stands in the notice, and is not to be read here once that is withdrawn. Else the row.';
create index on change (on_table, row_id);

create function log_change() returns trigger language plpgsql security definer set search_path = public as $$
declare
    -- A key's hash is nobody's to read, here as there; nor is what somebody has typed and not sent.
    hidden constant text[] := array['hash', 'typed', 'secret', 'xid'];
    was jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - hidden end;
    became jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - hidden end;
    which uuid := coalesce(became ->> 'id', was ->> 'id');
begin
    if tg_op = 'UPDATE' and which is not null then
        select coalesce(jsonb_object_agg(o.key, o.value), '{}'), coalesce(jsonb_object_agg(o.key, became -> o.key), '{}') into was, became from jsonb_each(was) o where o.value is distinct from became -> o.key;
    end if;
    insert into change (actor, agency, purpose, on_table, row_id, before, after) values (me(), my_agency(), my_purpose(), tg_table_name, which, was, became);
    return null;
end $$;

-- Every look is recorded ------------------------------------------------------------------------------------------------

create table look (
    id uuid primary key, at timestamptz not null default heed_now(), actor uuid not null default me(), agency_id uuid not null default my_agency(), purpose text not null default my_purpose(),
    at_what text not null, subject_id uuid, owners uuid[] not null default '{}', records uuid[] not null default '{}', emergency_id uuid);
comment on table look is 'Consultation is logged by law (DPA 2018 s.62). records: the source records that it showed. owners: the agencies whose they are, who may know of it. Who may read a look is said in 0010.';
comment on column look.emergency_id is 'The emergency access under which it was done.';
create index on look (subject_id, at);
create index on look (agency_id, at desc, id desc);
create index on look using gin (owners);
create index on look using gin (records);

-- Work that is owed: enqueued in the transaction that owes it ------------------------------------------------------------

-- What a report's own tables may say is a domain: a table's check is parsed anew from the catalogue by each statement that writes there, a domain's once in a session.
create domain job_state as text check (value in ('ready', 'done', 'stuck'));
create table job (
    id uuid primary key, kind text not null, subject_id uuid not null, state job_state not null default 'ready',
    enqueued_at timestamptz not null default heed_now(), run_at timestamptz not null default heed_now(), attempts int not null default 0,
    leased_until timestamptz, leased_by uuid, fault text, urgent boolean not null default false,
    unique (kind, subject_id));
comment on table job is 'Claimed by state with SKIP LOCKED and a lease. fault: the kind of fault only, never its text, which may name people.';
create index job_ready on job (kind, urgent desc, run_at) where state = 'ready';
comment on index job_ready is 'By kind first: of one kind 100,000 may wait, and the next of another is found without reading them.';

-- Row security for the ground -------------------------------------------------------------------------------------------

create procedure secure(t text) language plpgsql as $$
begin
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy owner on %I to heed_owner using (true) with check (true)', t);
end $$;
comment on procedure secure is 'Denies everybody by default. What heed_app and heed_worker may is said by the policies that follow each call.';

do $$ declare t text; begin
    foreach t in array array['agency', 'former_name', 'succession', 'force_council', 'area', 'school_council', 'school_year', 'school_term', 'inset_day', 'school_arrangement', 'team', 'practitioner', 'role',
                             'post', 'shift', 'local_limit', 'agreement', 'retention_class', 'time_offset', 'reference_version'] loop
        execute format('grant select on %I to heed_app, heed_worker', t);
    end loop;
    -- That somebody is away is everybody's to know; why is not.
    grant select (practitioner_id, during) on absence to heed_app, heed_worker;
    foreach t in array array['agency', 'team', 'practitioner', 'post', 'shift', 'absence', 'api_key', 'school_arrangement', 'local_limit', 'agreement', 'legal_hold'] loop
        execute format('create trigger logged after insert or update or delete on %I for each row execute function log_change()', t);
    end loop;
end $$;

call secure('change');
create policy own on change for select to heed_app using (agency = (select my_agency()) and (select my_reach()) = 'agency');
grant select on change to heed_app;

call secure('look');
create policy write on look for insert to heed_app, heed_worker with check (actor = (select me()) and agency_id = (select my_agency()));
grant insert on look to heed_app, heed_worker;
grant select on look to heed_app;

call secure('job');
create policy owe on job for insert to heed_app with check (state = 'ready');
create policy work on job to heed_worker using (true) with check (true);
grant insert on job to heed_app;
grant select, insert, update, delete on job to heed_worker;

-- Granted to nobody: only enter_by_key and the owner read these.
call secure('api_key');
call secure('legal_hold');

grant usage on schema public to heed_app, heed_worker;
