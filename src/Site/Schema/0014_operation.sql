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

-- What failed for good is somebody's: one task for each kind of work, as long as any of it is stuck.

alter table job add clock_id uuid references clock;
comment on column job.clock_id is 'The task of whoever sees to it, once it is stuck.';
create index job_stuck on job (kind) where state = 'stuck';

create table stuck (
    id uuid primary key references clock, kind text not null, at timestamptz not null default heed_now(), answered_at timestamptz, answered_by uuid references practitioner, answer text check (answer in ('again', 'left')), words text,
    check (num_nonnulls(answered_at, answered_by, answer, words) in (0, 4)));
comment on table stuck is 'Work of one kind that failed at its last attempt, as a task with a clock, whose id it has. again: it was tried anew; left: it stays undone, and why. Numbers and kinds: about nobody.';
create unique index one_stuck on stuck (kind) where answered_at is null;
create trigger logged after update or delete on stuck for each row execute function log_change();
call secure('stuck');
create policy worker on stuck to heed_worker using (true) with check (true);
grant select, insert on stuck to heed_worker;
create policy read on stuck for select to heed_app using ((select i_may('operation.read')));
grant select on stuck to heed_app;
create policy operation on clock for select to heed_app using (limit_key = 'operation.stuck' and (select i_may('operation.read')));
create policy operation_work on clock for update to heed_app using (limit_key = 'operation.stuck' and (select i_may('operation.settle')));
comment on policy operation on clock is 'It is about nobody: whoever answers for the installation sees it, whatever their reach.';
update role set permits = permits || array['operation.settle'] where key = 'partnership-manager';

create function stuck_jobs(which uuid) returns table (jobs int, oldest timestamptz, faults text[]) stable language sql security definer set search_path = public as $$
    select count(*)::int, min(enqueued_at), array_agg(distinct fault) from job where clock_id = which and state = 'stuck' and i_may('operation.read')
$$;

create function answer_stuck(which uuid, in_answer text, in_words text) returns text language plpgsql security definer set search_path = public as $$
begin
    if not i_may('operation.settle') then return 'not-found'; end if;
    update stuck set answered_at = heed_now(), answered_by = me(), answer = in_answer, words = in_words where id = which and answered_at is null;
    if not found then return case when exists (select 1 from stuck where id = which) then 'answered' else 'not-found' end; end if;
    update job set state = case in_answer when 'again' then 'ready' else 'done' end, attempts = 0, run_at = heed_now(), leased_until = null where clock_id = which and state = 'stuck';
    update job set clock_id = null where clock_id = which;
    return 'done';
end $$;
do $$ declare f text; begin
    foreach f in array array['stuck_jobs(uuid)', 'answer_stuck(uuid, text, text)'] loop
        execute format('revoke execute on function %s from public', f);
        execute format('grant execute on function %s to heed_app', f);
    end loop;
end $$;
