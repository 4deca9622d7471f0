-- Who somebody is. A mention is what was said of a person, in a report or a register; it belongs to a source record of the agency;
-- links join source records into a person. A person is derived, never typed. Facts hang on the mention, so that undoing a link sends them back.

create table person (id uuid primary key, since timestamptz not null default heed_now());
comment on table person is 'A child (unborn included) or an adult: nothing but the place where links meet.';

create domain tier as text check (value in ('open', 'restricted', 'sealed'));
create table source_record (
    id uuid primary key, agency_id uuid not null references agency, number text, since timestamptz not null default heed_now(),
    tier tier not null default 'open', tier_reason text,
    retention_class text not null default 'child-protection' references retention_class,
    unique (agency_id, number), check (tier = 'open' or tier_reason is not null));
comment on table source_record is 'What one agency holds of somebody under one number of its own. Its mentions say what; its tier says to whom.';
comment on column source_record.number is 'The agency''s own number. Without one, every mention has a record of its own: an agency may hold duplicates.';
comment on column source_record.tier is 'open: to those involved. restricted: its existence and whom to ask is shown, not its content. sealed: exactly like not found, and its owner is alerted.';

create table reader (
    source_record_id uuid not null references source_record, practitioner_id uuid not null references practitioner, since timestamptz not null default heed_now(), reason text not null,
    primary key (source_record_id, practitioner_id));
comment on table reader is 'Who may read a restricted or sealed record: the need-to-know list.';

create table import (
    id uuid primary key, agency_id uuid not null references agency, at timestamptz not null default heed_now(), actor uuid not null default me(), purpose text not null default my_purpose(),
    file_name text not null, file_hash bytea not null, column_map jsonb not null, rows_read int not null, rows_kept int not null, rows_refused int not null,
    unique (agency_id, file_hash, column_map));
comment on table import is 'A register that an agency loaded. The same file with the same map is the same import.';
create table import_refusal (import_id uuid not null references import, line int not null, field text not null, why text not null, primary key (import_id, line, field));
comment on table import_refusal is 'Every row that was not kept, and each value kept only as written, with the reason; never the value.';

create domain sex as text check (value in ('F', 'M', 'U'));
create domain address_sensitivity as text check (value in ('refuge', 'confidential-placement', 'confidential'));
create table mention (
    id uuid primary key, source_record_id uuid not null references source_record, agency_id uuid not null references agency,
    report_id uuid, import_id uuid references import, ordinal int not null,
    key text, roles text[] not null default '{}', is_child boolean not null, subject_category text,
    given text, family text, also_known_as text[] not null default '{}', former_names text[] not null default '{}',
    born date, born_written text, expected date, sex sex, language text,
    nhs text, upn text, pnc text, identifiers jsonb not null default '[]',
    address text, locality text, postcode text, uprn text, address_sensitivity address_sensitivity,
    school_urn text, school_name text, safe_contact text, parents_told text, phone text, email text,
    own_words text, seen boolean, seen_alone boolean, corrects uuid,
    recorded_at timestamptz not null default heed_now(),
    check (num_nonnulls(report_id, import_id) = 1), check (born is null or expected is null or born >= expected - 120));
comment on table mention is 'What one report or register said of one person, as written (born_written) and as understood (born). Append-only.';
comment on column mention.corrects is 'The same person in the version that this report corrects.';
comment on column mention.subject_category is 'For police records, DPA 2018 s.38: suspect, convicted, victim, witness.';
create index on mention (source_record_id);
create index on mention (report_id);
create unique index on mention (import_id, ordinal) where import_id is not null;

create domain statement_basis as text check (value in ('fact', 'opinion', 'allegation', 'hearsay'));
create table statement (
    mention_id uuid not null references mention, ordinal smallint not null, basis statement_basis not null, words text not null,
    primary key (mention_id, ordinal));

comment on table statement is 'What was said of somebody, word for word, and on which basis: fact, opinion, allegation, hearsay.';

-- Facts with a valid time and a source ----------------------------------------------------------------------------------

create table residence (
    mention_id uuid not null references mention, ordinal smallint not null, address text not null, locality text, postcode text, uprn text,
    during daterange not null, precision text not null default 'known on the day', sensitivity text,
    primary key (mention_id, ordinal));
comment on table residence is 'Who is said to live where, when, by whom. A household is who lives at one address at one time: derived, never typed.';
create index on residence (postcode, address);

create table relationship (
    mention_id uuid not null references mention, to_mention_id uuid not null references mention, kind text not null, parental_responsibility boolean, during daterange not null default daterange(null, null),
    primary key (mention_id, to_mention_id, kind), check (mention_id <> to_mention_id));
comment on table relationship is '"to is my kind": mother, father, sibling, twin, partner. Parental responsibility only where somebody said so.';
create index on relationship (to_mention_id);

create table legal_status (id uuid primary key, source_record_id uuid not null references source_record, code text not null, words text not null, during daterange not null, source text not null);
comment on table legal_status is 'A care order, accommodation, a plan: as the agency that holds it says, from when until when.';
create table attendance (mention_id uuid primary key references mention, school_id uuid references agency, urn text, name text, during daterange not null);
comment on table attendance is 'The school a person is said to go to; school_id where it is one that Heed knows.';
create index on attendance (school_id);

create table allocation (
    id uuid primary key, source_record_id uuid not null references source_record, agency_id uuid not null references agency, practitioner_id uuid not null references practitioner, team_id uuid not null references team,
    during tstzrange not null, reason text, exclude using gist (source_record_id with =, agency_id with =, during with &&));
comment on table allocation is 'Whose child this is at an agency. A transfer ends one and begins another.';
create index on allocation (practitioner_id);

-- Links -----------------------------------------------------------------------------------------------------------------

create table link (
    id uuid primary key, source_record_id uuid not null references source_record, person_id uuid not null references person,
    at timestamptz not null default heed_now(), actor uuid not null default me(), agency_id uuid not null default my_agency(), purpose text not null default my_purpose(),
    rules text not null, verdict text not null, reason text not null, compared_with uuid references source_record, comparison jsonb, compared uuid[] not null default '{}', joined_by uuid, was_person uuid references person,
    undone_at timestamptz, undone_by uuid, undone_reason text, check ((undone_at is null) = (undone_reason is null)));
comment on column link.compared is 'The mentions whose words stand in the comparison: it is read by who may see each of them.';
comment on column link.joined_by is 'The decision (possible_match) of a practitioner that two people are one: all records that it moved carry it, and whose they were before, so that undoing it puts each back.';
comment on table link is 'A decision that a source record is of this person: by a rule version or a practitioner, with its comparison; undone, never deleted.';
create unique index link_standing on link (source_record_id) where undone_at is null;
create index on link (person_id) where undone_at is null;

create table never_link (one uuid not null references source_record, other uuid not null references source_record, reason text not null, since timestamptz not null default heed_now(), primary key (one, other), check (one < other));
comment on table never_link is 'Two records that may never be of one person on any screen: an adopted child''s old and new identity.';

create function link_barrier() returns trigger language plpgsql security definer set search_path = public as $$
begin
    -- A barrier that is being put up waits for this link, or this link for it.
    perform 1 from source_record where id = new.source_record_id for key share;
    -- The person's row is locked: two links made at once meet here, one after the other.
    perform 1 from person where id = new.person_id for update;
    if exists (select 1 from link l join never_link n on (n.one = least(l.source_record_id, new.source_record_id) and n.other = greatest(l.source_record_id, new.source_record_id))
                where l.person_id = new.person_id and l.undone_at is null and l.id <> new.id) then
        raise exception 'never-link' using errcode = 'HD001';
    end if;
    return new;
end $$;
create trigger barrier before insert or update of person_id, source_record_id, undone_at on link for each row when (new.undone_at is null) execute function link_barrier();

create function barrier_stands() returns trigger language plpgsql security definer set search_path = public as $$
begin
    perform 1 from source_record where id in (new.one, new.other) order by id for update;
    if exists (select 1 from link a join link b on b.person_id = a.person_id and b.undone_at is null where a.source_record_id = new.one and a.undone_at is null and b.source_record_id = new.other) then
        raise exception 'never-link' using errcode = 'HD001';
    end if;
    return new;
end $$;
comment on function barrier_stands is 'Two records that are linked now are parted first, by a practitioner and with a reason; only then can the barrier stand.';
create trigger parted before insert or update on never_link for each row execute function barrier_stands();

create table blocking_key (key text not null, source_record_id uuid not null references source_record, primary key (key, source_record_id));
comment on table blocking_key is 'What a record can be found by when the next mention is compared: an identifier, a name with a date. Derived from its mentions.';
create index on blocking_key (source_record_id);

create table index_line (
    source_record_id uuid primary key references source_record, agencies uuid[] not null, words text[] not null, born date[] not null, postcodes text[] not null, numbers text[] not null);
comment on table index_line is 'What a record is searched by, derived from its mentions: every name folded, every date, postcode and number. agencies: whose it is, and who was told of it. Read by find_people only.';
create index on index_line using gin (agencies, words, born, postcodes, numbers);

create table mention_line (mention_id uuid primary key references mention, words text[] not null, born date[] not null, postcodes text[] not null, numbers text[] not null);
comment on table mention_line is 'The same for one mention. index_line proposes who may be sought; what was said to others is no reason to be found, so only the lines that the seeker may see decide. Read by find_people only.';

create table name_word (word text primary key, sound text not null);
comment on table name_word is 'Every word of a name that anybody is searched by, once, with how it sounds: what is typed is compared with these, and not with everybody. Read by find_people only.';
create index on name_word using gin (word gin_trgm_ops);
create index on name_word (sound);

create table search (
    id uuid primary key, at timestamptz not null default heed_now(), actor uuid not null default me(), agency_id uuid not null default my_agency(), purpose text not null default my_purpose(), terms text not null, found uuid[] not null, held uuid[] not null);
comment on table search is 'Who looked for whom, in the words they used, and which people were shown. held: the records of which it said only whom to ask. Append-only; readable by whoever searched and their agency''s managers.';
create index on search (actor, at);

create table possible_match (
    id uuid primary key, source_record_id uuid not null references source_record, other_id uuid not null references source_record, at timestamptz not null default heed_now(),
    rules text not null, reason text not null, comparison jsonb not null, compared uuid[] not null default '{}', state text not null default 'open' check (state in ('open', 'same', 'different')),
    decided_at timestamptz, decided_by uuid references practitioner, decided_reason text,
    unique (source_record_id, other_id), check (source_record_id <> other_id));
comment on table possible_match is 'Near, not certain: for a person to decide.';
create index on possible_match (other_id);

create table mistaken (
    id uuid primary key, at timestamptz not null default heed_now(), parted_by uuid not null default me(), person_id uuid not null references person, other_id uuid not null references person, link_id uuid not null references link deferrable,
    practitioner_id uuid not null references practitioner, agency_id uuid not null references agency, told text not null check (told in ('read', 'decided', 'system-read', 'system-decided')), told_at timestamptz not null, confirmed_at timestamptz,
    unique (link_id, practitioner_id, told));
comment on table mistaken is 'After two records that are not of one person were parted: who had read, or decided on, the one with the other''s history before them. It stands on their worklist until they confirm that they know. What a system read or decided is its agency''s manager''s to confirm: it may stand in that agency''s own records since.';
create index on mistaken (practitioner_id) where confirmed_at is null;

create table alert (id uuid primary key, agency_id uuid not null references agency, source_record_id uuid references source_record, at timestamptz not null default heed_now(), by uuid not null default me(), what text not null);
comment on table alert is 'What the owner of a sealed record is told: somebody came to its door, or a report seems to be about it.';
create index on alert (agency_id, at);

do $$ declare t text; begin
    foreach t in array array['reader', 'legal_status', 'allocation', 'never_link'] loop
        execute format('create trigger logged after insert or update or delete on %I for each row execute function log_change()', t);
    end loop;
    -- These carry who made them and why, or stand beside a mention or a link that does: the log has what was changed after.
    foreach t in array array['source_record', 'link', 'possible_match', 'mistaken'] loop
        execute format('create trigger logged after update or delete on %I for each row execute function log_change()', t);
    end loop;
    foreach t in array array['person', 'source_record', 'reader', 'import', 'import_refusal', 'mention', 'statement', 'residence', 'relationship', 'legal_status', 'attendance', 'allocation', 'link', 'never_link',
                             'blocking_key', 'index_line', 'mention_line', 'name_word', 'search', 'possible_match', 'mistaken', 'alert'] loop
        call secure(t);
    end loop;
end $$;
