-- Reports in, notices out, contacts decided.

create table report (
    id uuid primary key, agency_id uuid not null references agency, reference text not null, version int not null check (version > 0),
    kind text not null, tier tier not null default 'open',
    occurred tstzrange not null, occurred_precision text not null, known_at timestamptz not null, recorded_at timestamptz, received_at timestamptz not null default heed_now(),
    reported_by text, recorded_by uuid not null default me(), purpose text not null default my_purpose(),
    content jsonb not null, hash bytea not null, supersedes_id uuid references report, supersession_reason text,
    retention_class text not null default 'child-protection' references retention_class);
comment on table report is 'What an agency says it knows, in its own words. Append-only: a correction is a new version. Four times: occurred in the world, known to the agency, recorded by it, received here.';
comment on column report.reported_by is 'Who did and saw; recorded_by is who or what typed it.';
create index on report (agency_id, received_at);
create index on report (agency_id, lower(reference));
create index on report (supersedes_id) where supersedes_id is not null;
alter table mention add foreign key (report_id) references report;

create table report_key (
    agency_id uuid not null references agency, reference text not null, version int not null, hash bytea not null, report_id uuid not null, replays int not null default 0,
    primary key (agency_id, reference, version));
comment on table report_key is 'One report per agency, reference and version, for ever. A replay writes here, so that its own commit waits as the first one did.';

create domain notice_kind as text check (value in ('notice', 'correction', 'withdrawal'));
create domain triage as text check (value in ('red', 'amber', 'green'));
create table notice (
    id uuid primary key, report_id uuid not null references report, kind notice_kind not null, report_kind text not null, urgent boolean not null default false,
    from_agency uuid not null references agency, to_agency uuid not null references agency, to_team uuid references team, tier tier not null default 'open',
    why text not null, mentions smallint[] not null, shown jsonb, occurred_at timestamptz not null,
    basis text, agreement_key text, agreement_version int, withheld_because text, by_hand boolean not null default false,
    sent_at timestamptz not null default heed_now(), actor uuid not null default me(), purpose text not null default my_purpose(), supersedes_id uuid references notice,
    delivered_at timestamptz, opened_at timestamptz, opened_by uuid references practitioner, acknowledged_at timestamptz, acknowledged_by uuid references practitioner,
    taken_by uuid references practitioner, taken_at timestamptz, failed_at timestamptz, failed_because text, withdrawn_at timestamptz,
    held_for uuid references practitioner, held_from text[], released_at timestamptz, released_by uuid references practitioner,
    triage triage, triaged_by uuid references practitioner, triaged_at timestamptz,
    unique (report_id, to_agency),
    foreign key (agreement_key, agreement_version) references agreement,
    check ((withheld_because is null) = (shown is not null)), check ((withheld_because is null) = (to_team is not null)), check (withheld_because is not null or agreement_key is not null),
    check (num_nonnulls(triage, triaged_by, triaged_at) in (0, 3)), check (not by_hand or withheld_because is not null));
comment on table notice is 'One report on its way to one team that must act: a disclosure. shown is what this recipient was shown, to the letter. A decision not to share stands here too, with its reason.';
comment on column notice.by_hand is 'Nobody decided not to tell them: Heed cannot. A person of the sender tells them, by telephone, and says so in telling.';
comment on column notice.held_for is 'Somebody in the report works there (held_from): this person has it first, and nobody else there until they release it.';
comment on column notice.withdrawn_at is 'Told by mistake: the recipient sees the withdrawal and no longer this. It stays as what was disclosed.';
create index on notice (to_team, sent_at);
create index on notice (to_agency, sent_at);
create index on notice (taken_by);
create index on notice (from_agency, sent_at);
create index on notice (supersedes_id) where supersedes_id is not null;

create function withdraw() returns trigger language plpgsql security definer set search_path = public as $$
begin
    with recursive before(id) as (select new.supersedes_id union select n.supersedes_id from notice n join before b on n.id = b.id)
    update notice n set withdrawn_at = new.sent_at from before b where n.id = b.id and n.withdrawn_at is null;
    return null;
end $$;
comment on function withdraw is 'A withdrawal takes back what it corrects and all that that corrected, in the transaction that sends it.';
create function hold_earlier() returns trigger language plpgsql security definer set search_path = public as $$
begin
    with recursive before(id) as (select new.supersedes_id union select n.supersedes_id from notice n join before b on n.id = b.id)
    update notice n set held_for = new.held_for, held_from = new.held_from from before b where n.id = b.id and n.held_for is null;
    return null;
end $$;
comment on function hold_earlier is 'A correction that somebody there must not see first keeps what it corrects from them too, opened by then or not.';
create trigger hold_earlier after insert on notice for each row when (new.held_for is not null and new.supersedes_id is not null) execute function hold_earlier();
create trigger withdraw after insert on notice for each row when (new.kind = 'withdrawal') execute function withdraw();

create table telling (notice_id uuid primary key references notice, at timestamptz not null default heed_now(), by uuid not null default me(), whom text not null, words text);
comment on table telling is 'Somebody whom Heed could not tell was told by a person: who was told, by whom, when. Append-only.';

create table handing_on (id uuid primary key, notice_id uuid not null references notice, at timestamptz not null default heed_now(), by uuid not null default me(), from_team uuid not null references team, to_team uuid not null references team, to_practitioner uuid references practitioner, words text not null);
comment on table handing_on is 'A notice handed from a team or a person to another, with the reason. Append-only.';
create index on handing_on (notice_id);

-- Contact, referral, episode: per child ---------------------------------------------------------------------------------

create table threshold (key text not null, version int not null check (version > 0), ordinal smallint not null, name text not null, words text not null, during daterange not null default daterange(null, null),
    primary key (key, version), exclude using gist (key with =, during with &&));
comment on table threshold is 'The levels of the partnership''s own threshold document (Working Together 2023, chapter 3: each area publishes one). A change is a new version with its date.';

create domain contact_decision as text check (value in ('referral', 'early-help', 'open-case', 'no-further-action', 'another-council'));
create table contact (
    id uuid primary key, notice_id uuid not null references notice, mention_id uuid not null references mention, agency_id uuid not null references agency, team_id uuid not null references team,
    received_at timestamptz not null default heed_now(), worker_id uuid references practitioner,
    decision contact_decision, threshold_key text, threshold_version int, next_step text, passed_to uuid references agency, reason text,
    decided_at timestamptz, decided_by uuid references practitioner, sender_told text,
    parents_told boolean, parents_not_told_because text, shown_id uuid, opened uuid[], withdrawn_at timestamptz,
    unique (notice_id, mention_id), check (withdrawn_at is null or decision is null), check (num_nonnulls(decision, reason, decided_at, decided_by, threshold_key, threshold_version, parents_told, shown_id, opened) in (0, 9)),
    foreign key (threshold_key, threshold_version) references threshold,
    check ((passed_to is not null) = (decision is not distinct from 'another-council')), check (parents_told is distinct from false or parents_not_told_because is not null));
comment on table contact is 'One child of one notice at one council: what it decides about this child, why, by whom, what the sender is told of it, and whether the parents were.';
comment on column contact.withdrawn_at is 'The sender''s correction names this child no more, and nothing was decided yet: there is nothing to decide.';
comment on column contact.worker_id is 'The worker whose open case this child is: the contact goes to them.';
comment on column contact.sender_told is 'What whoever sent the report is told besides the decision itself (Working Together 2023, chapter 3: the referrer is told).';
comment on column contact.opened is 'Of the history that stood on the page (shown_id), what the decider opened before deciding: reports and people.';
create index on contact (mention_id);
create index on contact (team_id) where decision is null;

create table shown_history (
    id uuid primary key, contact_id uuid not null references contact, person_id uuid references person, at timestamptz not null default heed_now(), actor uuid not null default me(), purpose text not null default my_purpose(),
    reports uuid[] not null, elsewhere text[] not null, doubts uuid[] not null);
comment on table shown_history is 'What of a child''s history stood on the page in front of a decision: the reports, the agencies that hold more, the records that may be the same child. A decision names the showing that it was made from.';
create index on shown_history (contact_id);
alter table contact add foreign key (shown_id) references shown_history;

create table episode (
    id uuid primary key, agency_id uuid not null references agency, source_record_id uuid not null references source_record, opened_at timestamptz not null default heed_now(),
    closed_at timestamptz, closed_by uuid references practitioner, closed_reason text check (closed_reason ~ '^RC[1-9]$'), closed_words text, check (num_nonnulls(closed_at, closed_by, closed_reason, closed_words) in (0, 4)));
create unique index one_open_episode on episode (agency_id, source_record_id) where closed_at is null;
create index on episode (source_record_id);
comment on table episode is 'A case: one open for each child and council. The next referral joins it. closed_reason: the children in need census''s own.';

create table referral (id uuid primary key, contact_id uuid not null unique references contact, episode_id uuid not null references episode, agency_id uuid not null references agency, source_code text not null, at timestamptz not null default heed_now());
comment on table referral is 'A contact that was accepted. It opens an episode or joins the one that is open.';
comment on column referral.source_code is 'CIN census referral source: 6 police, 2A school, 3F other health, 5C another council.';

create table assessment (
    id uuid primary key, referral_id uuid not null unique references referral, episode_id uuid not null references episode, contact_id uuid not null references contact, agency_id uuid not null references agency, team_id uuid not null references team,
    began_at timestamptz not null default heed_now(), authorised_at timestamptz, authorised_by uuid references practitioner,
    outcome text check (outcome in ('child-protection-enquiry', 'child-in-need', 'early-help', 'no-further-action')), words text,
    check (num_nonnulls(authorised_at, authorised_by, outcome, words) in (0, 4)));
comment on table assessment is 'A child and family assessment, from the referral to the manager who authorises it.';
create index on assessment (contact_id);
create index on assessment (episode_id);
create unique index one_open_assessment on assessment (episode_id) where authorised_at is null;
comment on index one_open_assessment is 'CIN census rule 8896: one open assessment in an episode.';

create table case_transfer (id uuid primary key, episode_id uuid not null references episode, from_agency uuid not null references agency, to_agency uuid not null references agency, told_at timestamptz not null, accepted_at timestamptz, reason text not null);
comment on table case_transfer is 'A case that moves to another council: told, then accepted; until then it stays where it was.';

do $$ declare t text; begin
    foreach t in array array['notice', 'contact', 'episode', 'referral', 'assessment', 'case_transfer'] loop
        execute format('create trigger logged after update or delete on %I for each row execute function log_change()', t);
    end loop;
    foreach t in array array['report', 'report_key', 'notice', 'telling', 'handing_on', 'contact', 'shown_history', 'episode', 'referral', 'assessment', 'case_transfer'] loop
        call secure(t);
    end loop;
end $$;
create trigger reference_changed after insert or update or delete on threshold for each statement execute function reference_changed();
create trigger logged after insert or update or delete on threshold for each row execute function log_change();
grant select on threshold to heed_app, heed_worker;
