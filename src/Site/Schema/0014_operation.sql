-- Running an installation: which programs are at work, and what waits.

create table heartbeat (program uuid primary key, at timestamptz not null, host text not null);
comment on table heartbeat is 'Each program writes here every few seconds: that it could is what "writable" means. host: the machine''s name.';
call secure('heartbeat');
create policy worker on heartbeat to heed_worker using (true) with check (true);
grant select, insert, update on heartbeat to heed_worker;

create function waiting() returns table (jobs bigint, oldest_job interval, stuck bigint, oldest_clock interval, undelivered bigint, oldest_undelivered interval, webhooks interval, programs bigint, unsealed interval) stable language sql security definer set search_path = public as $$
    select (select count(*) from job where state = 'ready' and run_at <= heed_now()), heed_now() - (select min(run_at) from job where state = 'ready' and run_at <= heed_now()), (select count(*) from job where state = 'stuck'),
           heed_now() - (select min(next_at) from clock where next_at <= heed_now()),
           (select count(*) from undelivered where done_at is null), heed_now() - (select min(i.since) from mailbox_item i join mailbox m on m.agency_id = i.agency_id where i.state = 'waiting' and i.since >= m.collects_since),
           heed_now() - (select min(next_at) from webhook_delivery where state = 'ready' and next_at <= heed_now()), (select count(*) from heartbeat where at > now() - interval '1 minute'),
           heed_now() - (select min(l.at) from chain_mark m join look l on l.xid >= m.upto)
$$;
comment on function waiting is 'How much waits and how long: counts and ages, of nobody. Ages are null where nothing waits.';
revoke execute on function waiting from public;
grant execute on function waiting to heed_worker;
