-- What an agency's own system collects, and what is tried so that it knows that something waits.
-- The mailbox is what counts; a webhook and an e-mail only say that something is in it, by number and never by name.

create table mailbox (agency_id uuid primary key references agency, collects_since timestamptz not null default heed_now());
comment on table mailbox is 'Agencies whose own system collects: since it first did. What such a system leaves lying is missed; who reads the pages instead is minded by the clocks of the notice.';

create domain item_kind as text check (value in ('notice', 'correction', 'withdrawal', 'outcome', 'task', 'emergency'));
create domain item_state as text check (value in ('waiting', 'leased', 'acknowledged', 'withdrawn'));
create table mailbox_item (
    id uuid primary key, agency_id uuid not null references agency, kind item_kind not null, subject_id uuid not null,
    notice_id uuid references notice, report_id uuid references report, team_id uuid references team, urgent boolean not null, since timestamptz not null default heed_now(),
    state item_state not null default 'waiting', lease_id uuid, leased_by uuid references practitioner, leased_until timestamptz, collected_at timestamptz, acknowledged_at timestamptz, minded_at timestamptz,
    unique (agency_id, subject_id, kind), check (num_nonnulls(notice_id, report_id) = case kind when 'emergency' then 0 when 'task' then num_nonnulls(notice_id) * 2 else 2 end), check ((state = 'acknowledged') = (acknowledged_at is not null)), check (state <> 'leased' or num_nonnulls(lease_id, leased_by, leased_until) = 3));
comment on table mailbox_item is 'One thing that one agency must know, made with the thing itself. Numbers only. An item whose lease ran out waits again and keeps the lease''s number: whoever claimed it last may acknowledge it. What its sender withdrew waits no longer; the withdrawal is an item of its own.';
comment on column mailbox_item.minded_at is 'Nobody had acknowledged it within the local limit, and that was seen to: by tasks, or because a person had accepted the notice meanwhile.';
-- Each begins with the agency, as what is unique does: another's backlog is in another part of the index.
create index on mailbox_item (agency_id, since desc, id);
create index mailbox_waiting on mailbox_item (agency_id, urgent desc, since, id) where state = 'waiting';
create index mailbox_leased on mailbox_item (agency_id, leased_until) where state = 'leased';
create index mailbox_unminded on mailbox_item (agency_id, since) where state in ('waiting', 'leased') and minded_at is null and kind <> 'task';

create table webhook_endpoint (
    id uuid primary key, agency_id uuid not null references agency, url text not null, state text not null default 'active' check (state in ('active', 'disabled')),
    made_at timestamptz not null default heed_now(), made_by uuid not null default me(), disabled_at timestamptz, disabled_because text,
    check ((state = 'disabled') = (disabled_because is not null)), check ((disabled_at is null) = (disabled_because is null)));
comment on table webhook_endpoint is 'Where an agency''s system wants to hear that something waits.';
create index on webhook_endpoint (agency_id) where state = 'active';

create table webhook_secret (id uuid primary key, endpoint_id uuid not null references webhook_endpoint, secret bytea not null check (length(secret) >= 24), made_at timestamptz not null default heed_now(), made_by uuid not null default me(), until timestamptz);
comment on table webhook_secret is 'What a webhook is signed with, sealed by the key ring. The pages write it and cannot read it. While one is being replaced, both sign.';
create index on webhook_secret (endpoint_id);

create table webhook_delivery (
    id uuid primary key, endpoint_id uuid not null references webhook_endpoint, item_id uuid not null references mailbox_item, state text not null default 'ready' check (state in ('ready', 'delivered', 'failed', 'not-needed')),
    attempts int not null default 0, next_at timestamptz not null default heed_now(), leased_until timestamptz, last_at timestamptz, last_status int, fault text, unique (item_id, endpoint_id));
comment on table webhook_delivery is 'One item to one endpoint. Its id is the webhook-id, the same however often it is tried. fault: the kind only.';
create index webhook_due on webhook_delivery (endpoint_id, next_at) where state = 'ready';
create index on webhook_delivery (endpoint_id, last_at desc nulls last);

create table team_address (id uuid primary key references team, agency_id uuid not null references agency, address text not null check (length(address) <= 254), set_by uuid not null default me());
comment on table team_address is 'A team''s e-mail address, which hears that something waits and never what. id: the team''s.';

create table mail_owed (
    item_id uuid primary key references mailbox_item, team_id uuid not null references team, urgent boolean not null, state text not null default 'owed' check (state in ('owed', 'sent', 'refused', 'not-needed')),
    attempts int not null default 0, next_at timestamptz not null default heed_now(), leased_until timestamptz, sent_at timestamptz, fault text);
comment on table mail_owed is 'An item that its team is to hear of by e-mail. One e-mail stands for all that a team is owed.';
create index mail_due on mail_owed (team_id, next_at) where state = 'owed';
create index on mail_owed (team_id, sent_at) where state = 'sent';

create table undelivered (
    id uuid primary key, item_id uuid not null references mailbox_item, agency_id uuid not null references agency, recipient uuid not null references agency, notice_id uuid references notice, contact_id uuid references contact, clock_id uuid references clock,
    why text not null check (why in ('uncollected', 'webhook', 'gone', 'mail')), at timestamptz not null default heed_now(), done_at timestamptz, done_by uuid, words text,
    unique (item_id, agency_id, why), check ((done_at is null) = (done_by is null)));
comment on table undelivered is 'What did not arrive, as a task of each side; its clock names the person. recipient: whom it was meant for; that an emergency access did not reach them is theirs alone to see to. Done when it was acknowledged after all, or when a person says what they did instead.';
create index on undelivered (agency_id) where done_at is null;

create table signing_key (id text primary key, agency_id uuid not null references agency, x bytea not null, y bytea not null, private bytea not null, made_at timestamptz not null default heed_now());
comment on table signing_key is 'ECDSA P-256, one for the organisation that runs this installation; the newest signs and all verify. id: the key''s thumbprint (RFC 7638). private: sealed by the key ring; the pages never read it.';

-- Into the mailbox, in the transaction of what it tells of ----------------------------------------------------------------

create function notices_into_mailbox() returns trigger language plpgsql security definer set search_path = public as $$
begin
    insert into mailbox_item (id, agency_id, kind, subject_id, notice_id, report_id, team_id, urgent, since)
    select new_id(), n.to_agency, n.kind, n.id, n.id, n.report_id, n.to_team, n.urgent, n.sent_at from came n where n.withheld_because is null and n.held_for is null;
    return null;
end $$;
create trigger into_mailbox after insert on notice referencing new table as came for each statement execute function notices_into_mailbox();
create function released_into_mailbox() returns trigger language plpgsql security definer set search_path = public as $$
begin
    insert into mailbox_item (id, agency_id, kind, subject_id, notice_id, report_id, team_id, urgent, since) values (new_id(), new.to_agency, new.kind, new.id, new.id, new.report_id, new.to_team, new.urgent, new.sent_at);
    return null;
end $$;
create trigger released_into_mailbox after update of released_at on notice for each row when (old.released_at is null and new.released_at is not null and new.withdrawn_at is null) execute function released_into_mailbox();
comment on trigger released_into_mailbox on notice is 'Of a held notice nobody else at the school knows that it exists: nor does its system, nor an e-mail.';

create function notice_out_of_mailbox() returns trigger language plpgsql security definer set search_path = public as $$
begin
    update mailbox_item set state = 'withdrawn' where agency_id = new.to_agency and state in ('waiting', 'leased')
       and subject_id = any (array(select new.id union all select u.id from mailbox_item i join undelivered u on u.item_id = i.id where i.agency_id = new.to_agency and i.subject_id = new.id));
    return null;
end $$;
create trigger out_of_mailbox after update of withdrawn_at on notice for each row when (old.withdrawn_at is null and new.withdrawn_at is not null) execute function notice_out_of_mailbox();
create trigger held_out_of_mailbox after update of held_for on notice for each row when (old.held_for is null and new.held_for is not null) execute function notice_out_of_mailbox();
comment on trigger out_of_mailbox on notice is 'Whoever should not have been told is not told again by a webhook, and nobody telephones them.';

create function outcome_into_mailbox() returns trigger language plpgsql security definer set search_path = public as $$
begin
    insert into mailbox_item (id, agency_id, kind, subject_id, notice_id, report_id, urgent, since)
    select new_id(), r.agency_id, 'outcome', new.id, n.id, r.id, false, new.decided_at from notice n join report r on r.id = n.report_id where n.id = new.notice_id and r.agency_id <> new.agency_id;
    return null;
end $$;
create trigger into_mailbox after update on contact for each row when (old.decision is null and new.decision is not null) execute function outcome_into_mailbox();

create function items_owe() returns trigger language plpgsql security definer set search_path = public as $$
begin
    insert into webhook_delivery (id, endpoint_id, item_id) select new_id(), e.id, i.id from came i join webhook_endpoint e on e.agency_id = i.agency_id and e.state = 'active';
    insert into mail_owed (item_id, team_id, urgent) select i.id, a.id, i.urgent from came i join team_address a on a.id = i.team_id where i.kind <> 'task';
    return null;
end $$;
create trigger owes after insert on mailbox_item referencing new table as came for each statement execute function items_owe();

create function follow_arrival(item uuid) returns void language sql security definer set search_path = public as $$
    insert into job (id, kind, subject_id) select new_id(), 'exchange.arrived', item where exists (select 1 from undelivered where item_id = item and done_at is null)
        on conflict (kind, subject_id) do update set state = 'ready', run_at = heed_now(), attempts = 0, leased_until = null
$$;
revoke execute on function follow_arrival from public;
comment on function follow_arrival is 'Owed again each time: what arrived in one way may have failed in another since.';

create function item_arrived() returns trigger language plpgsql security definer set search_path = public as $$
begin
    update webhook_delivery set state = 'not-needed' where item_id = new.id and state = 'ready';
    update mail_owed set state = 'not-needed' where item_id = new.id and state = 'owed' and new.state = 'withdrawn';
    perform follow_arrival(new.id);
    return null;
end $$;
comment on function item_arrived is 'What was acknowledged or withdrawn needs no webhook, and whoever had the task of seeing to it need not any more.';
create trigger arrived after update on mailbox_item for each row when (old.state in ('waiting', 'leased') and new.state in ('acknowledged', 'withdrawn')) execute function item_arrived();

create function notice_accepted() returns trigger language plpgsql security definer set search_path = public as $$
begin
    perform follow_arrival(i.id) from mailbox_item i where i.agency_id = new.to_agency and i.subject_id = new.id and i.kind <> 'task';
    return null;
end $$;
create trigger accepted after update on notice for each row when (old.acknowledged_at is null and new.acknowledged_at is not null) execute function notice_accepted();

-- Who may -----------------------------------------------------------------------------------------------------------------

do $$ declare t text; begin
    foreach t in array array['mailbox', 'mailbox_item', 'webhook_endpoint', 'webhook_secret', 'webhook_delivery', 'team_address', 'mail_owed', 'undelivered', 'signing_key'] loop
        call secure(t);
        execute format('create policy worker on %I to heed_worker using (true) with check (true)', t);
        execute format('grant select on %I to heed_worker', t);
    end loop;
    foreach t in array array['mailbox', 'mailbox_item', 'webhook_endpoint', 'team_address', 'undelivered'] loop
        execute format('create policy own on %I to heed_app using (agency_id = (select my_agency()) and (select my_reach()) = ''agency'') with check (agency_id = (select my_agency()))', t);
        execute format('grant select on %I to heed_app', t);
    end loop;
    foreach t in array array['webhook_endpoint', 'team_address', 'undelivered'] loop
        execute format('create trigger logged after insert or update or delete on %I for each row execute function log_change()', t);
    end loop;
end $$;
create policy own on webhook_secret to heed_app using (exists (select 1 from webhook_endpoint e where e.id = endpoint_id)) with check (exists (select 1 from webhook_endpoint e where e.id = endpoint_id));
create policy own on webhook_delivery for select to heed_app using (exists (select 1 from webhook_endpoint e where e.id = endpoint_id));
create policy own on mail_owed for select to heed_app using (exists (select 1 from mailbox_item i where i.id = item_id));

grant insert on mailbox, webhook_endpoint, webhook_secret, team_address to heed_app;
grant select on webhook_delivery, mail_owed to heed_app;
grant select (id, endpoint_id, made_at, until) on webhook_secret to heed_app;
grant update (state, lease_id, leased_by, leased_until, collected_at, acknowledged_at) on mailbox_item to heed_app;
grant update (state, disabled_at, disabled_because) on webhook_endpoint to heed_app, heed_worker;
grant update (until) on webhook_secret to heed_app;
grant update (address, set_by) on team_address to heed_app;
grant update (done_at, done_by, words) on undelivered to heed_app, heed_worker;
-- Who stopped a clock stands on it: the program, where something arrived after all.
grant update (stopped_by) on clock to heed_worker;
grant update (clock_id) on undelivered to heed_worker;
grant insert on mailbox_item, undelivered, signing_key to heed_worker;
grant update (minded_at) on mailbox_item to heed_worker;
grant update (state, attempts, next_at, leased_until, last_at, last_status, fault) on webhook_delivery to heed_worker;
grant update (state, attempts, next_at, leased_until, sent_at, fault) on mail_owed to heed_worker;
