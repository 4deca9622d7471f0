-- Roles and what they permit. As in domain.md section 3: a post gives a role, a role gives permits and a reach.

insert into role (key, name, reach, permits) values
    ('response-officer', 'Response officer', 'agency', array['worklist.read', 'person.search', 'report.send', 'report.write', 'report.read', 'child.read', 'clock.read', 'limit.read', 'emergency.read', 'emergency.open']),
    ('mash-desk-officer', 'MASH desk officer', 'agency', array['worklist.read', 'person.search', 'report.send', 'report.import', 'report.write', 'report.read', 'report.grade', 'search.record', 'notice.read', 'notice.acknowledge', 'notice.take', 'child.read', 'clock.read', 'clock.explain', 'limit.read', 'match.read', 'match.decide', 'exchange.settle', 'emergency.read', 'emergency.open']),
    ('detective', 'Child protection detective', 'agency', array['worklist.read', 'person.search', 'report.send', 'report.write', 'report.read', 'notice.read', 'notice.acknowledge', 'notice.take', 'child.read', 'clock.read', 'clock.explain', 'limit.read', 'emergency.read', 'emergency.open']),
    ('designated-officer', 'Designated officer', 'agency', array['worklist.read', 'person.search', 'report.read', 'child.read', 'clock.read', 'clock.explain', 'limit.read', 'emergency.read', 'emergency.open']),
    ('custody-officer', 'Custody officer', 'team', array['worklist.read', 'person.search', 'report.send', 'report.write', 'report.read', 'clock.read', 'limit.read']),
    ('force-lead', 'Force lead', 'agency', array['worklist.read', 'report.import', 'report.read', 'clock.read', 'clock.explain', 'limit.read', 'look.read', 'exchange.settle', 'exchange.manage', 'emergency.read', 'purge.agree', 'key.manage']),
    ('social-worker', 'Social worker', 'team', array['worklist.read', 'person.search', 'notice.read', 'notice.acknowledge', 'notice.take', 'contact.decide', 'child.read', 'clock.read', 'clock.explain', 'limit.read', 'match.read', 'match.decide', 'emergency.read', 'emergency.open']),
    ('team-manager', 'Team manager', 'agency', array['worklist.read', 'person.search', 'notice.read', 'notice.acknowledge', 'notice.take', 'contact.decide', 'assessment.authorise', 'case.close', 'child.read', 'clock.read', 'clock.explain', 'limit.read', 'match.read', 'match.decide', 'look.read', 'exchange.settle', 'exchange.manage', 'emergency.read', 'emergency.open', 'key.manage']),
    ('service-manager', 'Service manager', 'agency', array['worklist.read', 'person.search', 'notice.read', 'notice.acknowledge', 'notice.take', 'contact.decide', 'assessment.authorise', 'case.close', 'child.read', 'clock.read', 'clock.explain', 'limit.read', 'match.read', 'match.decide', 'look.read', 'exchange.settle', 'exchange.manage', 'emergency.read', 'emergency.open', 'purge.agree', 'key.manage']),
    ('conference-chair', 'Conference chair', 'team', array['worklist.read', 'person.search', 'notice.read', 'child.read', 'clock.read', 'limit.read']),
    ('designated-officer-allegations', 'Local authority designated officer', 'team', array['worklist.read', 'notice.read', 'notice.acknowledge', 'clock.read', 'limit.read']),
    ('safeguarding-lead', 'Designated safeguarding lead', 'agency', array['worklist.read', 'person.search', 'report.send', 'report.read', 'notice.read', 'notice.acknowledge', 'notice.take', 'child.read', 'clock.read', 'clock.explain', 'limit.read', 'exchange.settle', 'look.read', 'emergency.read']),
    ('health-practitioner', 'Health practitioner', 'agency', array['worklist.read', 'person.search', 'report.send', 'report.read', 'notice.read', 'notice.acknowledge', 'notice.take', 'child.read', 'clock.read', 'clock.explain', 'limit.read', 'exchange.settle', 'emergency.read', 'emergency.open']),
    ('vetting-clerk', 'Disclosure unit clerk', 'none', array['worklist.read', 'limit.read']),
    ('privacy-reviewer', 'Privacy reviewer', 'team', array['worklist.read', 'clock.read', 'clock.explain', 'limit.read', 'look.read', 'emergency.read', 'emergency.review', 'purge.ask', 'purge.agree', 'chain.read']),
    ('partnership-manager', 'Partnership business manager', 'none', array['worklist.read', 'limit.read', 'provider.manage', 'operation.read']),
    ('inspector', 'Inspector', 'none', array['worklist.read', 'limit.read']),
    ('system', 'An agency''s system', 'agency', array['report.send', 'report.import', 'report.read', 'report.grade', 'search.record', 'notice.read', 'notice.acknowledge', 'notice.take', 'contact.decide', 'clock.read', 'worklist.read', 'person.search', 'child.read', 'register.import', 'mailbox.collect', 'exchange.settle', 'exchange.manage', 'emergency.read', 'look.read', 'chain.read']),
    ('heed', 'The program itself', 'none', array[]::text[]);
comment on table role is 'A post gives a role; a role gives permits and a reach. reach: none sees no one''s rows; team what its teams or it itself was given; agency all that its agency holds. Tiers stand above every reach.';

-- The program acts too, and is someone when it does: matching, routing, clocks.
select set_config('app.actor', '00000000-0000-7000-8000-000000000001', true), set_config('app.agency', '00000000-0000-7000-8000-000000000000', true), set_config('app.purpose', 'Making the ground', true);
insert into agency (id, key, name, kind, nation) values ('00000000-0000-7000-8000-000000000000', 'heed', 'Heed', 'system', 'England');
-- Whoever lies outside: no report can be sent there, and the receipt says that a person must telephone.
insert into agency (id, key, name, kind, nation, has_heed) values ('00000000-0000-7000-8000-000000000003', 'outside', 'A council outside this partnership', 'council', 'England', false);
insert into team (id, key, agency_id, name, function) values ('00000000-0000-7000-8000-000000000002', 'heed', '00000000-0000-7000-8000-000000000000', 'Heed', 'program');
insert into practitioner (id, key, agency_id, name, rank, is_system) values ('00000000-0000-7000-8000-000000000001', 'heed', '00000000-0000-7000-8000-000000000000', 'Heed', 'The program', true);
insert into post (practitioner_id, team_id, role) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002', 'heed');
