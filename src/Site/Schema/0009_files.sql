-- Files of incidents: what an agency's own system exports, on its way to being reports.

create table incoming_file (
    id uuid primary key, agency_id uuid not null references agency, at timestamptz not null default heed_now(), actor uuid not null default me(), purpose text not null default my_purpose(),
    file_name text not null, hash bytea not null, separator text not null, header text[] not null, notes text[] not null, unique (agency_id, hash));
comment on table incoming_file is 'A file of incidents as it came in. The same bytes are the same file. Append-only.';

create table file_row (file_id uuid not null references incoming_file, line int not null, cells text[] not null, primary key (file_id, line));
comment on table file_row is 'Its rows as they were written, to make reports of and to give back with what is wrong. Append-only; what became of a row stands in file_report, so that the log of changes repeats nothing about a child.';

create table column_map (id uuid primary key, agency_id uuid not null references agency, at timestamptz not null default heed_now(), actor uuid not null default me(), purpose text not null default my_purpose(),
    map jsonb not null, unique (agency_id, map));
comment on table column_map is 'Which of an agency''s columns is which of ours, as pairs in their order: offered again once a file was sent by it. Append-only.';

create table file_import (id uuid primary key, agency_id uuid not null references agency, file_id uuid not null references incoming_file, map_id uuid not null references column_map,
    at timestamptz not null default heed_now(), actor uuid not null default me(), purpose text not null default my_purpose(), unique (file_id, map_id));
comment on table file_import is 'A file that somebody sends, read by a map. The same file with the same map is the same import. The reports go in in this actor''s name. Append-only.';

create table file_report (
    id uuid primary key, import_id uuid not null references file_import, ordinal int not null, lines int[] not null, state text not null check (state in ('waiting', 'sent', 'again', 'refused')),
    report_id uuid references report, why jsonb, unique (import_id, ordinal), check ((state in ('sent', 'again')) = (report_id is not null)), check ((state = 'refused') = (why is not null)));
comment on table file_report is 'One report of a file: the lines of its rows, and what became of it. why: line, field and rule, never a value. Nothing here is about anybody.';
create index on file_report (import_id, ordinal) where state = 'waiting';

do $$ declare t text; begin
    foreach t in array array['incoming_file', 'file_row', 'column_map', 'file_import', 'file_report'] loop
        call secure(t);
        execute format('grant select, insert on %I to heed_app', t);
    end loop;
    foreach t in array array['incoming_file', 'column_map', 'file_import'] loop
        execute format('create policy read on %I for select to heed_app using (agency_id = (select my_agency()) and (select my_reach()) = ''agency'')', t);
        execute format('create policy write on %I for insert to heed_app with check (agency_id = (select my_agency()) and actor = (select me()))', t);
    end loop;
end $$;
create policy read on file_row for select to heed_app using (file_id in (select id from incoming_file));
create policy write on file_row for insert to heed_app with check (file_id in (select id from incoming_file));
create policy read on file_report for select to heed_app using (import_id in (select id from file_import));
create policy write on file_report for insert to heed_app with check (import_id in (select id from file_import));
create policy work on file_report for update to heed_app using (import_id in (select id from file_import));
grant update (state, report_id, why) on file_report to heed_app;

-- The worker finds whose turn it is and in whose name; the rows themselves it cannot read.
create policy worker on file_import for select to heed_worker using (true);
create policy worker on file_report to heed_worker using (true) with check (true);
grant select on file_import, file_report to heed_worker;
grant update (state, report_id, why) on file_report to heed_worker;
