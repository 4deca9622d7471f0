using NodaTime;
using Npgsql;

namespace Heed.Site.Demo;

/// <summary>The fictional partnership's own limits and agreements. Examples: no number here is anyone's real policy.</summary>
internal static class LocalPolicy
{
    public static async Task Insert(NpgsqlConnection connection, LocalDate since)
    {
        await using var limits = new NpgsqlCommand("""
            insert into local_limit (key, version, name, words, unit, amount, warn_minutes, climb_minutes, office_close, during, agreed_by, source) values
                ('notification.local-authority', 1, 'Police tell the council', 'The council has each notice within 48 hours of the incident.', 'hours', 48, 0, 240, null, daterange(null, $1), 'Partnership executive', 'Local procedures 3.1 (example)'),
                ('notification.local-authority', 2, 'Police tell the council', 'The council has each notice within 24 hours of the incident, whatever its grade.', 'hours', 24, 0, 240, null, daterange($1, null), 'Partnership executive', 'Local procedures 3.1 (example)'),
                ('notice.acknowledge', 1, 'Acknowledge the notice', 'A named person accepts responsibility for a notice within 90 minutes of receiving it.', 'minutes', 90, 30, 60, null, daterange(null, null), 'Partnership executive', 'Local procedures 3.4 (example)'),
                ('notification.by-telephone', 1, 'Tell by telephone', 'Whom Heed cannot tell is told by a person of the sender, by telephone, within an hour of the receipt.', 'minutes', 60, 20, 30, null, daterange(null, null), 'Partnership executive', 'Local procedures 3.5 (example)'),
                ('exchange.collect', 1, 'Collected by the agency''s system', 'What waits for an agency''s own system is safe there within 30 minutes.', 'minutes', 30, 0, 30, null, daterange(null, null), 'Partnership executive', 'Local procedures 3.6 (example)'),
                ('exchange.undelivered', 1, 'See to what did not arrive', 'A person of the agency that something did not reach sees to it within 30 minutes.', 'minutes', 30, 10, 30, null, daterange(null, null), 'Partnership executive', 'Local procedures 3.6 (example)'),
                ('exchange.not-reached', 1, 'Reach them in another way', 'A person of the agency that sent it reaches the other by telephone within an hour.', 'minutes', 60, 20, 30, null, daterange(null, null), 'Partnership executive', 'Local procedures 3.6 (example)'),
                ('incident.not-told', 1, 'Tell the council of an incident that was not told', 'What a force''s log holds with a child and nobody was told of is told, or dismissed with a reason, within two hours of being found.', 'hours', 2, 30, 60, null, daterange(null, null), 'Partnership executive', 'Local procedures 3.7 (example)'),
                ('incident.child-question', 1, 'Was there a child?', 'Where there are signs of a child in an incident that nobody was told of, the desk says within four hours whether there was one.', 'hours', 4, 60, 60, null, daterange(null, null), 'Partnership executive', 'Local procedures 3.7 (example)'),
                ('school.notice-read', 1, 'Read before the school day', 'The school has read a notice before its next day starts; where its days are not known, within 24 hours.', 'hours', 24, 60, 60, null, daterange(null, null), 'Partnership executive', 'Operation Encompass local agreement (example)'),
                ('referral.decision', 1, 'Decision on a referral', 'The national limit; locally a warning comes three hours before it ends, and a late one climbs every two hours.', 'working-days', 1, 180, 120, null, daterange(null, null), 'Partnership executive', 'Local procedures 3.2 (example)'),
                ('school.notification', 1, 'Police tell the school', 'The national standard; how fast a late one climbs is local.', 'hours', 24, 0, 120, null, daterange(null, null), 'Partnership executive', 'Local procedures 3.3 (example)'),
                ('triage.red', 1, 'Red: decided within four hours', 'A notice triaged red is decided within four hours of being received.', 'hours', 4, 60, 30, null, daterange(null, null), 'Partnership executive', 'Front door protocol 2 (example)'),
                ('triage.amber', 1, 'Amber: decided within 24 hours', 'A notice triaged amber is decided within 24 hours of being received.', 'hours', 24, 120, 60, null, daterange(null, null), 'Partnership executive', 'Front door protocol 2 (example)'),
                ('triage.green', 1, 'Green: decided within 72 hours', 'A notice triaged green is decided within 72 hours of being received; the national limit of one working day stands beside it.', 'hours', 72, 240, 120, null, daterange(null, null), 'Partnership executive', 'Front door protocol 2 (example)'),
                ('emergency-access.review', 1, 'Emergency access reviewed', 'Somebody other than who opened a record in an emergency says within five working days whether it was justified.', 'working-days', 5, 1440, 1440, null, daterange(null, null), 'Partnership executive', 'Information sharing agreement 7 (example)'),
                ('operation.stuck', 1, 'Work of the program that is stuck', 'Whoever answers for the installation sees within four hours to work that failed at its last attempt.', 'hours', 4, 60, 60, null, daterange(null, null), 'Partnership executive', 'Operating manual 2 (example)'),
                ('assessment.complete', 1, 'Assessment complete', 'The national limit; locally a warning comes five working days before it ends.', 'working-days', 45, 7200, 1440, null, daterange(null, null), 'Partnership executive', 'Assessment protocol (example)')
            """, connection) { Parameters = { new() { Value = since } } };
        await limits.ExecuteNonQueryAsync();
        await using var thresholds = new NpgsqlCommand("""
            insert into threshold (key, version, ordinal, name, words) values
                ('universal', 1, 1, 'Level 1: universal', 'The child''s needs are met by their family and by services for everybody.'),
                ('early-help', 1, 2, 'Level 2: early help', 'The child and family would benefit from help from one or more services.'),
                ('child-in-need', 1, 3, 'Level 3: child in need', 'Without services the child is unlikely to reach or keep a reasonable standard of health or development (Children Act 1989 s.17).'),
                ('significant-harm', 1, 4, 'Level 4: significant harm', 'There is reasonable cause to suspect that the child is suffering, or is likely to suffer, significant harm (Children Act 1989 s.47).')
            """, connection);
        await thresholds.ExecuteNonQueryAsync();
        await using var agreements = new NpgsqlCommand("""
            insert into agreement (key, version, name, from_kind, to_kind, report_kinds, discloses, basis, purpose, during, agreed_by) values
                ('police-to-council', 1, 'Police to children''s social care', 'police', 'council', null, 'all', 'Children Act 2004 s.10 and s.11; DPA 2018 Part 3, Schedule 8 paragraph 4', 'Safeguarding children', tstzrange(null, null), 'All safeguarding partners'),
                ('police-to-school', 1, 'Police to schools: domestic abuse', 'police', 'school', array['domestic-abuse'], 'school', 'Domestic Abuse Act 2021 s.49A', 'Supporting a child who may be a victim of domestic abuse', tstzrange(null, null), 'All safeguarding partners'),
                ('school-to-council', 1, 'Schools to children''s social care', 'school', 'council', null, 'all', 'Education Act 2002 s.175; DPA 2018 Schedule 1 paragraph 18', 'Safeguarding children', tstzrange(null, null), 'All safeguarding partners'),
                ('health-to-council', 1, 'Health to children''s social care', 'health', 'council', null, 'all', 'Children Act 2004 s.11; DPA 2018 Schedule 1 paragraph 18', 'Safeguarding children', tstzrange(null, null), 'All safeguarding partners'),
                ('council-to-council', 1, 'Between councils', 'council', 'council', null, 'all', 'Children Act 1989 s.27 and s.47; DPA 2018 Schedule 1 paragraph 18', 'Safeguarding children', tstzrange(null, null), 'All safeguarding partners')
            """, connection);
        await agreements.ExecuteNonQueryAsync();
        await using var systems = new NpgsqlCommand("""
            insert into searchable (id, agency_id, name, ordinal)
            select new_id(), a.id, s.name, s.ordinal from agency a cross join unnest(array['Niche', 'PNC', 'PND', 'ViSOR', 'Command and control log']) with ordinality s(name, ordinal) where a.kind = 'police'
            """, connection);
        await systems.ExecuteNonQueryAsync();
    }
}
