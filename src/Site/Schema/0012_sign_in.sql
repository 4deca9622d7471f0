-- Signing in: each agency's own provider (OpenID Connect), what its groups mean here, and the sessions that rest on it. Keys of systems stand in 0001.

create table provider (
    id uuid primary key, agency_id uuid not null references agency, name text not null, issuer text not null, client_id text not null, secret text not null,
    scopes text not null default 'openid profile email offline_access', groups_claim text not null default 'groups', asks_acr text, proves_acr text,
    version int not null default 1, during tstzrange not null default tstzrange(heed_now(), null),
    made_by uuid not null default me(), unique (id, agency_id));
comment on table provider is 'An agency''s own sign-in. Whom it names can only be this agency''s: one provider cannot speak for another''s people.';
comment on column provider.secret is 'Protected by the key ring; nobody reads it but the program.';
comment on column provider.asks_acr is 'How strongly somebody must sign in, as this provider names it (acr_values); proves_acr when they prove again who they are.';

create table provider_domain (
    domain text not null check (domain = lower(domain) and domain ~ '^[a-z0-9-]+(\.[a-z0-9-]+)+$'), provider_id uuid not null references provider, during tstzrange not null default tstzrange(heed_now(), null),
    exclude using gist (domain with =, during with &&));
comment on table provider_domain is 'By the domain of an e-mail address somebody finds the sign-in of their agency. A domain is one provider''s at a time.';
create index on provider_domain (provider_id);

alter table team add constraint team_of_agency unique (id, agency_id);

create table group_post (
    provider_id uuid not null, agency_id uuid not null, group_name text not null check (btrim(group_name) <> ''), team_id uuid not null, role text not null references role check (role not in ('system', 'heed')), during tstzrange not null default tstzrange(heed_now(), null),
    exclude using gist (provider_id with =, group_name with =, team_id with =, role with =, during with &&),
    foreign key (provider_id, agency_id) references provider (id, agency_id), foreign key (team_id, agency_id) references team (id, agency_id));
comment on table group_post is 'What membership of a provider''s group gives here: a post in a team of that agency.';

alter table post add foreign key (provider_id) references provider;

create table account (
    provider_id uuid not null references provider, subject text not null, practitioner_id uuid not null references practitioner, since timestamptz not null default heed_now(), primary key (provider_id, subject));
comment on table account is 'Who a provider''s subject is here. Joined once, by the e-mail address that the agency gave for a practitioner; after that the address may change and the person stays.';

create table session (
    id uuid primary key, practitioner_id uuid not null references practitioner, provider_id uuid references provider, subject text, provider_session text, acr text, amr text[] not null default '{}',
    began_at timestamptz not null default now(), seen_at timestamptz not null default now(), proved_at timestamptz, proved_for text, checked_at timestamptz not null default now(), tokens text, ended_at timestamptz, ended_because text, ended_by uuid references practitioner,
    check ((ended_at is null) = (ended_because is null)), check (ended_by is null or ended_at is not null));
comment on table session is 'In real time, not in a demonstration''s. provider_id is null in the demonstration, where one chooses who to be. tokens: protected, to ask the provider whether somebody is still there.';
comment on column session.ended_by is 'Whoever ended it from a page: the person themselves from elsewhere, or who administers their agency.';
comment on column session.proved_at is 'When somebody last proved again who they are, for what needs it.';
create index on session (practitioner_id) where ended_at is null;
create index on session (provider_id, subject) where ended_at is null;

create function alive(s session) returns boolean stable language sql as $$
    select s.ended_at is null and s.seen_at > now() - interval '30 minutes' and s.began_at > now() - interval '12 hours'
$$;

create function watch_by_session(which uuid, why text) returns entered language plpgsql security definer set search_path = public as $$
declare s session;
begin
    select * into s from session x where x.id = which and alive(x);
    if s.id is null then return null; end if;
    perform set_config('app.session', which::text, true);
    return enter(s.practitioner_id, why);
end $$;
comment on function watch_by_session is 'What an open page asks by itself: that does not count as somebody being there (ASVS 5.0, 7.3.1).';

create function enter_by_session(which uuid, why text) returns entered language plpgsql security definer set search_path = public as $$
begin
    -- Whoever else of this session is at it just now notes it.
    update session s set seen_at = now() where s.id in (select x.id from session x where x.id = which and alive(x) and x.seen_at < now() - interval '1 minute' for update skip locked);
    return watch_by_session(which, why);
end $$;

create function session_left() returns table (seconds int, last boolean) stable language sql security definer set search_path = public as $$
    select floor(extract(epoch from least(s.seen_at + interval '30 minutes', s.began_at + interval '12 hours') - now()))::int, s.began_at + interval '12 hours' <= s.seen_at + interval '30 minutes'
      from session s where s.id = nullif(current_setting('app.session', true), '')::uuid and alive(s)
$$;
comment on function session_left is 'Of the session by which this is asked. last: no being there makes it longer.';

create function proved(what_for text) returns boolean stable language sql security definer set search_path = public as $$
    select exists (select 1 from session where id = nullif(current_setting('app.session', true), '')::uuid and proved_at > now() - interval '5 minutes' and proved_for = what_for)
$$;
comment on function proved is 'Whether whoever acts has proved again who they are, in the last five minutes and for this. A system''s key never has.';

create function i_may(what text) returns boolean stable language sql security definer set search_path = public as $$
    select exists (select 1 from post o join role r on r.key = o.role where o.practitioner_id = me() and o.during @> heed_now() and what = any (r.permits))
$$;

do $$ declare t text; begin
    foreach t in array array['provider', 'provider_domain', 'group_post', 'account', 'session'] loop
        execute format('call secure(%L)', t);
        execute format('create policy worker on %I to heed_worker using (true) with check (true)', t);
        execute format('grant select, insert, update on %I to heed_worker', t);
    end loop;
    foreach t in array array['provider', 'provider_domain', 'group_post', 'account'] loop
        execute format('create trigger logged after insert or update or delete on %I for each row execute function log_change()', t);
    end loop;
    foreach t in array array['provider', 'provider_domain', 'group_post'] loop
        execute format('create policy manage on %I to heed_app using ((select i_may(''provider.manage''))) with check ((select i_may(''provider.manage'')))', t);
    end loop;
end $$;
grant select (id, agency_id, name, issuer, client_id, scopes, groups_claim, asks_acr, proves_acr, version, during, made_by), insert on provider to heed_app;
grant update (name, issuer, client_id, secret, scopes, groups_claim, asks_acr, proves_acr, version, during) on provider to heed_app;
grant select, insert, update (during) on provider_domain, group_post to heed_app;
grant insert, update on practitioner, post to heed_worker;
grant select on practitioner to heed_worker;

-- Keys of systems: made, shown once, replaced, revoked -----------------------------------------------------------------------

create policy manage on api_key to heed_app using (agency_id = (select my_agency()) and (select i_may('key.manage'))) with check (agency_id = (select my_agency()) and (select i_may('key.manage')));
grant select (id, agency_id, practitioner_id, name, scope, made_by, made_at, seen_at, during), insert, update (during) on api_key to heed_app;

-- The key ring that protects cookies and what is kept protected, one for all programs ------------------------------------------

create table key_ring (id int generated always as identity primary key, friendly_name text, xml text);
comment on table key_ring is 'What protects the cookies of all programs on this database. Whoever can read it can be anybody: it is the owner''s alone.';
call secure('key_ring');
