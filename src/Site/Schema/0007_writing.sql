-- A report while it is being written, and what the force's desk does once it is sent.

create table draft (
    id uuid primary key, owner_id uuid not null default me() references practitioner, agency_id uuid not null default my_agency() references agency, reference text not null,
    typed jsonb not null default '{}', begun_at timestamptz not null default heed_now(), updated_at timestamptz not null default heed_now(),
    report_id uuid references report, sent_at timestamptz, corrects_id uuid references report, thrown_away_at timestamptz,
    check (thrown_away_at is null or corrects_id is not null and report_id is null and typed = '{}'), check ((report_id is null) = (sent_at is null)), check (report_id is null or typed = '{}'));
comment on table draft is 'A report that somebody is writing: theirs alone until it is sent, then only the report stands. The reference is made once, so that however often it is sent it is one report.';
comment on column draft.typed is 'As typed, half-finished as it may be. The change log leaves it out: what is not said yet is nobody else''s to read.';
comment on column draft.corrects_id is 'Of a correction: the version that it is to take the place of. Its reference is that report''s.';
comment on column draft.thrown_away_at is 'A correction that is not wanted leaves the report as it was. What was never sent is not thrown away: a child is in it.';
create index on draft (owner_id) where report_id is null;
create unique index on draft (agency_id, reference) where corrects_id is null;
create index on draft (corrects_id);

create table grading (
    id uuid primary key, report_id uuid not null references report, agency_id uuid not null default my_agency() references agency,
    at timestamptz not null default heed_now(), by uuid not null default me() references practitioner,
    grade text not null check (grade in ('standard', 'medium', 'high')), reason text not null);
comment on table grading is 'The grade that the force''s desk gives a report, beside the officer''s, with its reason. Append-only, and nothing waits for it: the notices went out when the report came in.';
create index on grading (report_id);

create function make_urgent(which uuid) returns void language plpgsql security definer set search_path = public as $$
declare raised uuid[];
begin
    with r as (update notice n set urgent = true from agreement a where n.report_id = which and not n.urgent and n.kind <> 'withdrawal' and n.withheld_because is null and n.withdrawn_at is null
                                                    and a.key = n.agreement_key and a.version = n.agreement_version and a.discloses = 'all' returning n.id)
    select array_agg(id) into raised from r;
    update clock set urgent = true where notice_id = any (raised) and limit_key = 'notice.acknowledge' and state in ('running', 'warned', 'breached');
    update mail_owed o set urgent = true from mailbox_item i join notice n on n.id = i.subject_id where n.id = any (raised) and i.agency_id = n.to_agency and o.item_id = i.id and o.state = 'owed';
    update mailbox_item i set urgent = true from notice n where n.id = any (raised) and i.agency_id = n.to_agency and i.subject_id = n.id and i.state in ('waiting', 'leased');
end $$;
revoke execute on function make_urgent from public; -- a grade alone makes urgent, and its triggers are the owner's

create function versions_up_to(which uuid) returns table (id uuid, version integer) language sql stable security definer set search_path = public as $$
    select v.id, v.version from report r join report v on v.agency_id = r.agency_id and v.reference = r.reference and v.version <= r.version where r.id = which
$$;
comment on function versions_up_to is 'A report and what it corrects, by identifier and number only: what was said of each is read under its own policy.';

create function grading_raises() returns trigger language plpgsql security definer set search_path = public as $$ begin perform make_urgent(new.report_id); return null; end $$;
create function correction_raises() returns trigger language plpgsql security definer set search_path = public as $$
begin
    if (select g.grade from versions_up_to(new.id) v join grading g on g.report_id = v.id order by g.id desc limit 1) = 'high' then
        perform make_urgent(new.id);
    end if;
    return null;
end $$;
create trigger raises after insert on grading for each row when (new.grade = 'high') execute function grading_raises();
comment on trigger raises on grading is 'What the desk finds high stands before what is not, wherever it still waits; a lower grade takes nothing back. Whoever is not shown the grade (a school) does not learn of it by this either.';
create constraint trigger raises after insert on report deferrable initially deferred for each row when (new.supersedes_id is not null) execute function correction_raises();
comment on trigger raises on report is 'What the desk found high last is high in its correction too, until the desk grades that: at the end of the transaction, when the notices are there.';

create table searchable (id uuid primary key, agency_id uuid not null references agency, name text not null, ordinal smallint not null, during daterange not null default daterange(null, null),
    exclude using gist (agency_id with =, name with =, during with &&));
comment on table searchable is 'The systems that a force''s desk searches: the force''s own setting.';

create table searched (
    id uuid primary key, mention_id uuid not null references mention, report_id uuid not null references report, at timestamptz not null default heed_now(), by uuid not null default me() references practitioner,
    system text not null, found boolean not null, words text, check (not found or words is not null));
comment on table searched is 'Which system was searched for whom, and what was found: that nothing was found is a fact too. Append-only. Whoever may see the mention may see it.';
create index on searched (report_id);
create index on searched (mention_id);

do $$ declare t text; begin
    foreach t in array array['draft', 'grading', 'searched'] loop
        call secure(t);
    end loop;
end $$;
create trigger logged after update or delete on draft for each row execute function log_change();
create trigger logged after insert or update or delete on searchable for each row execute function log_change();

create policy own on draft to heed_app using (owner_id = (select me())) with check (owner_id = (select me()) and agency_id = (select my_agency()));
create policy read on grading for select to heed_app using (exists (select 1 from report r where r.id = report_id) or exists (select 1 from notice n where n.report_id = grading.report_id and n.to_agency = any ((select my_agencies())::uuid[]) and n.kind <> 'withdrawal' and tells_all(n)));
comment on policy read on grading is 'Whoever is shown all of the report is shown the desk''s grade, whether or not the officer gave one.';
create policy write on grading for insert to heed_app with check (by = (select me()) and agency_id = (select my_agency()) and exists (select 1 from report r where r.id = report_id));
create policy read on searched for select to heed_app using (exists (select 1 from mention m where m.id = mention_id));
create policy write on searched for insert to heed_app with check (by = (select me()) and exists (select 1 from mention m where m.id = mention_id and m.report_id = searched.report_id and m.agency_id = (select my_agency())));
grant select, insert on draft, grading, searched to heed_app;
grant update (typed, updated_at, report_id, sent_at, thrown_away_at) on draft to heed_app;
grant select on searchable to heed_app, heed_worker;
