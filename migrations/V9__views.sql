-- The views: what a person at the `sqlite3` shell reads, and what the program's lists are selected
-- from. Times are shown as text, UTC.

-- Every number with its state and its holders: users or skill groups, separated by spaces.
CREATE VIEW v_phone_number AS
SELECT n.instance_id,
       n.number,
       CASE WHEN n.instance_id IS NULL THEN 'unassigned' ELSE n.state END AS state,
       CASE n.state
           WHEN 'personal' THEN
               (SELECT group_concat(user_id, ' ')
                  FROM (SELECT a.user_id FROM personal_assignment AS a
                         WHERE a.instance_id = n.instance_id AND a.number = n.number
                           AND a.released_at IS NULL
                         ORDER BY a.user_id))
           WHEN 'bound' THEN
               (SELECT group_concat(skill_group_id, ' ')
                  FROM (SELECT b.skill_group_id FROM skill_group_number AS b
                         WHERE b.instance_id = n.instance_id AND b.number = n.number
                         ORDER BY b.skill_group_id))
       END AS holder,
       n.usage,
       n.active,
       n.province,
       n.city,
       n.contact_flow_id,
       f.name AS contact_flow_name,
       n.provider,
       n.corp_name,
       n.tags,
       n.note,
       n.callback_number_id,
       coalesce(n.callback_number_name, n.number) AS callback_number_name,
       (SELECT CASE i.country_code WHEN '86' THEN s.comparable_86 ELSE s.comparable END
          FROM spelling AS s LEFT JOIN instance AS i ON i.instance_id = n.instance_id
         WHERE s.number = n.number) AS form,
       strftime('%Y-%m-%d %H:%M:%f', n.created_at / 1000.0, 'unixepoch') AS created_at
  FROM phone_number AS n
  LEFT JOIN contact_flow AS f ON f.contact_flow_id = n.contact_flow_id;

-- The numbers that no holder keeps from a user: no skill group holds them, and nobody holds them as
-- personal (in a shared instance: this user does not hold them yet). An archived or locked user is
-- given none. Reservations are left to who selects, who knows what time it is.
-- Select with a user_id; without one it is users times numbers.
CREATE VIEW v_not_held AS
SELECT u.user_id, n.instance_id, n.number, n.usage, n.active, n.province, n.city,
       n.contact_flow_id
  FROM user AS u
  JOIN instance AS i ON i.instance_id = u.instance_id AND i.personal_numbers = 'exclusive'
  CROSS JOIN phone_number AS n ON n.instance_id = u.instance_id AND n.state = 'free'
 WHERE u.active = 1 AND u.locked = 0
UNION ALL
SELECT u.user_id, n.instance_id, n.number, n.usage, n.active, n.province, n.city,
       n.contact_flow_id
  FROM user AS u
  JOIN instance AS i ON i.instance_id = u.instance_id AND i.personal_numbers = 'shared'
  CROSS JOIN phone_number AS n INDEXED BY phone_number_searched
    ON n.instance_id = u.instance_id AND n.phone_number_id > 0 AND n.state <> 'bound'
 WHERE u.active = 1 AND u.locked = 0
   AND NOT EXISTS (SELECT 1 FROM personal_assignment AS a
                    WHERE a.user_id = u.user_id AND a.number = n.number
                      AND a.released_at IS NULL);

-- The numbers that could be given to a user now: those that are not reserved for anybody else.
CREATE VIEW v_assignable AS
SELECT * FROM v_not_held AS n
 WHERE NOT EXISTS (SELECT 1 FROM reservation AS r
                    WHERE r.instance_id = n.instance_id AND r.number = n.number
                      AND r.ended_at IS NULL AND r.until_at > (SELECT now FROM v_now)
                      AND r.for_user_id IS NOT n.user_id);

-- Which numbers are or were kept, for whom, until when and why; `in_force` says which of them now.
CREATE VIEW v_reservation AS
SELECT r.reservation_id, r.instance_id, r.number, r.kind, r.for_user_id,
       r.ended_at IS NULL AND r.until_at > (SELECT now FROM v_now) AS in_force,
       strftime('%Y-%m-%d %H:%M:%f', r.reserved_at / 1000.0, 'unixepoch') AS reserved_at,
       strftime('%Y-%m-%d %H:%M:%f', r.until_at / 1000.0, 'unixepoch') AS until_at,
       strftime('%Y-%m-%d %H:%M:%f', r.ended_at / 1000.0, 'unixepoch') AS ended_at,
       r.made_by, r.reason
  FROM reservation AS r;

-- The numbers that users hold now.
CREATE VIEW v_personal_number AS
SELECT a.user_id, a.instance_id, a.number, n.usage, n.active, n.province, n.city,
       n.contact_flow_id,
       strftime('%Y-%m-%d %H:%M:%f', a.assigned_at / 1000.0, 'unixepoch') AS assigned_at
  FROM personal_assignment AS a
  CROSS JOIN phone_number AS n ON n.instance_id = a.instance_id AND n.number = a.number
 WHERE a.released_at IS NULL;

-- Who held which number from when to when, who gave it and took it back, from where, and why.
-- Who had it on 3 March 2026 at 15:10:
--   … WHERE number = '…' AND assigned_at <= '2026-03-03 15:10:00.000'
--       AND coalesce(released_at, '9') > '2026-03-03 15:10:00.000'
CREATE VIEW v_assignment_history AS
SELECT a.instance_id, a.number, a.user_id,
       strftime('%Y-%m-%d %H:%M:%f', a.assigned_at / 1000.0, 'unixepoch') AS assigned_at,
       strftime('%Y-%m-%d %H:%M:%f', a.released_at / 1000.0, 'unixepoch') AS released_at,
       g.actor AS assigned_by, g.via AS assigned_via, g.reason AS assigned_because,
       t.actor AS released_by, t.via AS released_via, t.reason AS released_because
  FROM personal_assignment AS a
  LEFT JOIN change AS g ON g.assignment_id = a.assignment_id AND g.action = 'insert'
  LEFT JOIN change AS t ON t.assignment_id = a.assignment_id AND t.action = 'update';

-- The numbers that skill groups hold now.
CREATE VIEW v_bound_number AS
SELECT b.skill_group_id, b.instance_id, b.number, n.usage, n.active, n.province, n.city,
       n.contact_flow_id,
       strftime('%Y-%m-%d %H:%M:%f', b.bound_at / 1000.0, 'unixepoch') AS bound_at
  FROM skill_group_number AS b
  CROSS JOIN phone_number AS n ON n.instance_id = b.instance_id AND n.number = b.number;

-- Who is in which skill group now, with names.
CREATE VIEW v_member AS
SELECT m.skill_group_id, g.display_name AS skill_group_name, g.instance_id, m.user_id,
       u.display_name AS user_name, m.skill_level,
       strftime('%Y-%m-%d %H:%M:%f', m.added_at / 1000.0, 'unixepoch') AS added_at
  FROM skill_group_member AS m
  JOIN skill_group AS g ON g.skill_group_id = m.skill_group_id
  JOIN user AS u ON u.user_id = m.user_id;

-- Users, with how many numbers each holds and in how many skill groups each is.
CREATE VIEW v_user AS
SELECT u.user_id, u.instance_id, r.login_name, u.display_name, u.role, u.extension, u.email,
       u.mobile, u.active, u.locked, u.note,
       (SELECT count(*) FROM personal_assignment AS a
         WHERE a.user_id = u.user_id AND a.released_at IS NULL) AS numbers,
       (SELECT count(*) FROM skill_group_member AS m WHERE m.user_id = u.user_id) AS skill_groups,
       strftime('%Y-%m-%d %H:%M:%f', u.created_at / 1000.0, 'unixepoch') AS created_at
  FROM user AS u
  JOIN ram_user AS r ON r.ram_id = u.ram_id;

-- Skill groups, with how many numbers and members each has.
CREATE VIEW v_skill_group AS
SELECT skill_group_id, instance_id, name, display_name, description, media_type,
       phone_number_count AS numbers, user_count AS members,
       strftime('%Y-%m-%d %H:%M:%f', created_at / 1000.0, 'unixepoch') AS created_at
  FROM skill_group;

-- Instances, with how many numbers and users each has.
CREATE VIEW v_instance AS
SELECT i.instance_id, i.name, i.description, i.status, i.personal_numbers,
       (SELECT count(*) FROM phone_number AS n WHERE n.instance_id = i.instance_id) AS numbers,
       (SELECT count(*) FROM user AS u WHERE u.instance_id = i.instance_id) AS users,
       strftime('%Y-%m-%d %H:%M:%f', i.created_at / 1000.0, 'unixepoch') AS created_at
  FROM instance AS i;

-- Who held which number from when to when: users and skill groups alike.
CREATE VIEW v_history AS
SELECT a.instance_id, a.number, 'personal' AS relation, a.user_id AS holder,
       coalesce(u.display_name, '') AS holder_name,
       strftime('%Y-%m-%d %H:%M:%f', a.assigned_at / 1000.0, 'unixepoch') AS began_at,
       strftime('%Y-%m-%d %H:%M:%f', a.released_at / 1000.0, 'unixepoch') AS ended_at
  FROM personal_assignment AS a
  LEFT JOIN user AS u ON u.user_id = a.user_id
UNION ALL
SELECT c.instance_id, c.number, 'bound', c.skill_group_id, coalesce(g.display_name, ''),
       strftime('%Y-%m-%d %H:%M:%f', json_extract(c.new, '$.bound_at') / 1000.0, 'unixepoch'),
       (SELECT strftime('%Y-%m-%d %H:%M:%f', min(e.changed_at) / 1000.0, 'unixepoch')
          FROM change AS e
         WHERE e.instance_id = c.instance_id AND e.number = c.number
           AND e.skill_group_id = c.skill_group_id AND e.entity = 'skill_group_number'
           AND e.action = 'delete' AND e.change_id > c.change_id)
  FROM change AS c
  LEFT JOIN skill_group AS g ON g.skill_group_id = c.skill_group_id
 WHERE c.entity = 'skill_group_number' AND c.action = 'insert'
UNION ALL
-- What began in lines that were archived: bindings that have ended since, and those that last.
SELECT c.instance_id, c.number, 'bound', c.skill_group_id, coalesce(g.display_name, ''),
       strftime('%Y-%m-%d %H:%M:%f', json_extract(c.old, '$.bound_at') / 1000.0, 'unixepoch'),
       strftime('%Y-%m-%d %H:%M:%f', c.changed_at / 1000.0, 'unixepoch')
  FROM change AS c
  LEFT JOIN skill_group AS g ON g.skill_group_id = c.skill_group_id
 WHERE c.entity = 'skill_group_number' AND c.action = 'delete'
   AND NOT EXISTS (SELECT 1 FROM change AS b
                    WHERE b.instance_id = c.instance_id AND b.number = c.number
                      AND b.skill_group_id = c.skill_group_id AND b.entity = 'skill_group_number'
                      AND b.action = 'insert' AND b.change_id < c.change_id)
UNION ALL
SELECT b.instance_id, b.number, 'bound', b.skill_group_id, coalesce(g.display_name, ''),
       strftime('%Y-%m-%d %H:%M:%f', b.bound_at / 1000.0, 'unixepoch'), NULL
  FROM skill_group_number AS b
  LEFT JOIN skill_group AS g ON g.skill_group_id = b.skill_group_id
 WHERE NOT EXISTS (SELECT 1 FROM change AS c
                    WHERE c.instance_id = b.instance_id AND c.number = b.number
                      AND c.skill_group_id = b.skill_group_id AND c.entity = 'skill_group_number');

-- The change log with readable times.
CREATE VIEW v_change AS
SELECT change_id,
       strftime('%Y-%m-%d %H:%M:%f', changed_at / 1000.0, 'unixepoch') AS changed_at,
       actor, via, request_id, reason, instance_id, entity, action, number, user_id,
       skill_group_id, old, new
  FROM change;

-- Whatever breaks a rule. Always empty; `numberd check` looks here.
CREATE VIEW v_rule_violation AS
SELECT 'bound_number_is_not_personal' AS rule, a.instance_id, a.number AS subject,
       'held by ' || b.skill_group_id || ' and by ' || a.user_id AS detail
  FROM personal_assignment AS a
  JOIN skill_group_number AS b ON b.instance_id = a.instance_id AND b.number = a.number
 WHERE a.released_at IS NULL
UNION ALL
SELECT 'personal_number_has_one_holder', a.instance_id, a.number,
       'held by ' || count(*) || ' users'
  FROM personal_assignment AS a
  JOIN instance AS i ON i.instance_id = a.instance_id AND i.personal_numbers = 'exclusive'
 WHERE a.released_at IS NULL
 GROUP BY a.instance_id, a.number HAVING count(*) > 1
UNION ALL
SELECT 'personal_number_has_one_holder', a.instance_id, a.number,
       a.user_id || ' holds it ' || count(*) || ' times'
  FROM personal_assignment AS a
 WHERE a.released_at IS NULL
 GROUP BY a.instance_id, a.number, a.user_id HAVING count(*) > 1
UNION ALL
SELECT 'number_is_reserved', r.instance_id, r.number,
       r.kind || ', but the number is ' || coalesce(n.state, 'not there')
  FROM reservation AS r
  LEFT JOIN phone_number AS n ON n.instance_id = r.instance_id AND n.number = r.number
 WHERE r.ended_at IS NULL AND n.state IS NOT 'free'
UNION ALL
SELECT 'same_instance', a.instance_id, a.number,
       'personal to ' || a.user_id || ', but not both are in the instance'
  FROM personal_assignment AS a
 WHERE a.released_at IS NULL
   AND (NOT EXISTS (SELECT 1 FROM phone_number AS n
                     WHERE n.instance_id = a.instance_id AND n.number = a.number)
     OR NOT EXISTS (SELECT 1 FROM user AS u
                     WHERE u.instance_id = a.instance_id AND u.user_id = a.user_id))
UNION ALL
SELECT 'same_instance', b.instance_id, b.number,
       'bound to ' || b.skill_group_id || ', but not both are in the instance'
  FROM skill_group_number AS b
 WHERE NOT EXISTS (SELECT 1 FROM phone_number AS n
                    WHERE n.instance_id = b.instance_id AND n.number = b.number)
    OR NOT EXISTS (SELECT 1 FROM skill_group AS g
                    WHERE g.instance_id = b.instance_id AND g.skill_group_id = b.skill_group_id)
UNION ALL
SELECT 'same_instance', m.instance_id, m.user_id,
       'member of ' || m.skill_group_id || ', but not both are in the instance'
  FROM skill_group_member AS m
 WHERE NOT EXISTS (SELECT 1 FROM user AS u
                    WHERE u.instance_id = m.instance_id AND u.user_id = m.user_id)
    OR NOT EXISTS (SELECT 1 FROM skill_group AS g
                    WHERE g.instance_id = m.instance_id AND g.skill_group_id = m.skill_group_id)
UNION ALL
SELECT 'same_instance', n.instance_id, n.number,
       'its contact flow ' || n.contact_flow_id || ' is not in the instance'
  FROM phone_number AS n
 WHERE n.contact_flow_id IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM contact_flow AS f
                    WHERE f.instance_id = n.instance_id AND f.contact_flow_id = n.contact_flow_id)
UNION ALL
SELECT 'same_instance', instance_id, subject, 'its instance does not exist'
  FROM (SELECT instance_id, number AS subject FROM phone_number WHERE instance_id IS NOT NULL
        UNION ALL SELECT instance_id, user_id FROM user
        UNION ALL SELECT instance_id, skill_group_id FROM skill_group
        UNION ALL SELECT instance_id, contact_flow_id FROM contact_flow)
 WHERE instance_id NOT IN (SELECT instance_id FROM instance)
UNION ALL
SELECT 'service_number_is_inbound', instance_id, number, 'usage ' || usage
  FROM v_service_number
 WHERE usage <> 'Inbound'
UNION ALL
SELECT 'number_exists_once', instance_id, number, 'is there as ' || other || ', too'
  FROM v_same_number
UNION ALL
SELECT 'number_exists_once', instance_id, number, 'its spelling has no row'
  FROM phone_number
 WHERE number NOT IN (SELECT number FROM spelling)
UNION ALL
SELECT 'contact_flow_needs_inbound', instance_id, number,
       'usage ' || usage || ' with contact flow ' || contact_flow_id
  FROM phone_number
 WHERE contact_flow_id IS NOT NULL AND usage NOT IN ('Inbound', 'Bidirection')
UNION ALL
SELECT 'selected_callback_number_is_personal', u.instance_id, u.user_id,
       'does not hold ' || u.selected_callback_number_id
  FROM user AS u
 WHERE u.selected_callback_number_id IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM phone_number AS n
                     JOIN personal_assignment AS a
                       ON a.instance_id = n.instance_id AND a.number = n.number
                      AND a.released_at IS NULL
                    WHERE n.callback_number_id = u.selected_callback_number_id
                      AND a.user_id = u.user_id)
UNION ALL
SELECT 'user_is_a_ram_user', u.instance_id, u.user_id, 'ram_id ' || u.ram_id
  FROM user AS u
 WHERE NOT EXISTS (SELECT 1 FROM ram_user AS r
                    WHERE r.ram_id = u.ram_id
                      AND r.login_name || '@' || u.instance_id = u.user_id)
UNION ALL
SELECT 'state_follows_relations', instance_id, number,
       'state is ' || state || ', should be ' || expected
  FROM (SELECT n.instance_id, n.number, n.state,
               CASE WHEN EXISTS (SELECT 1 FROM skill_group_number AS b
                                  WHERE b.instance_id = n.instance_id AND b.number = n.number)
                    THEN 'bound'
                    WHEN EXISTS (SELECT 1 FROM personal_assignment AS a
                                  WHERE a.instance_id = n.instance_id AND a.number = n.number
                                    AND a.released_at IS NULL)
                    THEN 'personal'
                    ELSE 'free' END AS expected
          FROM phone_number AS n)
 WHERE state <> expected
UNION ALL
SELECT 'counters_follow_rows', instance_id, instance_id,
       'counted ' || coalesce(counted, 'nothing') || ', are ' || present
  FROM (SELECT i.instance_id,
               (SELECT free || ' free, ' || bound || ' bound, ' || personal || ' personal'
                  FROM instance_counter AS c WHERE c.instance_id = i.instance_id) AS counted,
               (SELECT count(*) FILTER (WHERE state = 'free') || ' free, '
                    || count(*) FILTER (WHERE state = 'bound') || ' bound, '
                    || count(*) FILTER (WHERE state = 'personal') || ' personal'
                  FROM phone_number AS n WHERE n.instance_id = i.instance_id) AS present
          FROM instance AS i)
 WHERE counted IS NOT present
UNION ALL
SELECT 'counters_follow_rows', NULL, 'pool',
       'counted ' || coalesce(counted, 'nothing') || ', are ' || present
  FROM (SELECT (SELECT numbers FROM pool_counter) AS counted,
               (SELECT count(*) FROM phone_number WHERE instance_id IS NULL) AS present)
 WHERE counted IS NOT present
UNION ALL
SELECT 'counters_follow_rows', instance_id, skill_group_id,
       'counted ' || coalesce(counted, 'nothing') || ', are ' || present
  FROM (SELECT g.instance_id, g.skill_group_id,
               phone_number_count || ' numbers, ' || user_count || ' users' AS counted,
               (SELECT count(*) FROM skill_group_number AS b
                 WHERE b.skill_group_id = g.skill_group_id) || ' numbers, '
            || (SELECT count(*) FROM skill_group_member AS m
                 WHERE m.skill_group_id = g.skill_group_id) || ' users' AS present
          FROM skill_group AS g)
 WHERE counted IS NOT present
UNION ALL
SELECT 'history_is_kept', instance_id, number,
       'assignment ' || assignment_id || ' is not what the change log says'
  FROM (SELECT a.instance_id, a.number, a.assignment_id,
               json_object('number', a.number, 'user_id', a.user_id,
                           'assigned_at', a.assigned_at, 'released_at', a.released_at) AS present,
               (SELECT c.new FROM change AS c
                 WHERE c.assignment_id = a.assignment_id
                 ORDER BY c.change_id DESC LIMIT 1) AS logged
          FROM personal_assignment AS a)
 WHERE logged IS NOT present
   AND (logged IS NOT NULL
        OR assignment_id > (SELECT coalesce(max(last_assignment_id), 0) FROM change_archive))
UNION ALL
SELECT 'history_is_kept', instance_id, number,
       'assignment ' || assignment_id || ' begins before the one before it has ended'
  FROM (SELECT instance_id, number, assignment_id, assigned_at,
               max(coalesce(released_at, 9223372036854775807))
                   OVER (PARTITION BY instance_id, number ORDER BY assigned_at, assignment_id
                         ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
          FROM personal_assignment
         WHERE exclusive = 1 AND released_at IS NOT assigned_at)
 WHERE assigned_at < before
UNION ALL
SELECT 'history_is_kept', instance_id, number,
       'assignment ' || assignment_id || ' was never completed'
  FROM personal_assignment WHERE exclusive IS NULL
UNION ALL
SELECT 'history_is_kept', NULL, NULL,
       'the change log has no lines ' || (before + 1) || ' to ' || (change_id - 1)
  FROM (SELECT change_id,
               lag(change_id, 1, (SELECT coalesce(max(last_change_id), 0) FROM change_archive))
                   OVER (ORDER BY change_id) AS before
          FROM change)
 WHERE change_id <> before + 1
UNION ALL
SELECT 'history_is_kept', NULL, NULL,
       'the archives have no lines ' || (before + 1) || ' to ' || (first_change_id - 1)
  FROM (SELECT first_change_id, lag(last_change_id, 1, 0) OVER (ORDER BY last_change_id) AS before
          FROM change_archive)
 WHERE first_change_id <> before + 1
UNION ALL
-- Each archive has its line in the log, until that is archived itself.
SELECT 'history_is_kept', NULL, file,
       'the change log does not say that lines ' || first_change_id || ' to ' || last_change_id
       || ' were archived'
  FROM (SELECT * FROM change_archive ORDER BY last_change_id DESC LIMIT 1)
 WHERE NOT EXISTS (SELECT 1 FROM change
                    WHERE entity = 'change_archive' AND change_id > last_change_id
                      AND json_extract(new, '$.sha256') = sha256)
UNION ALL
SELECT 'history_is_kept', NULL, name,
       'the last id is ' || last || ', its sequence says ' || coalesce(seq, 'nothing')
  FROM (SELECT 'change' AS name, (SELECT max(change_id) FROM change) AS last,
               (SELECT group_concat(seq) FROM sqlite_sequence WHERE name = 'change') AS seq
        UNION ALL
        SELECT 'personal_assignment', (SELECT max(assignment_id) FROM personal_assignment),
               (SELECT group_concat(seq) FROM sqlite_sequence
                 WHERE name = 'personal_assignment'))
 WHERE CAST(last AS TEXT) IS NOT seq
UNION ALL
SELECT 'history_is_kept', c.instance_id, c.number,
       'assignment ' || c.assignment_id || ' is gone'
  FROM change AS c
 WHERE c.assignment_id IS NOT NULL AND c.action = 'insert'
   AND NOT EXISTS (SELECT 1 FROM personal_assignment AS a WHERE a.assignment_id = c.assignment_id)
UNION ALL
SELECT 'history_is_kept', NULL, json_extract(new, '$.pseudonym'), 'somebody was erased by hand'
  FROM change
 WHERE entity = 'forgotten_person'
   AND json_extract(new, '$.pseudonym') NOT IN (SELECT pseudonym FROM forgotten_person)
UNION ALL
SELECT 'write_context_is_empty', NULL, actor, 'left behind by ' || via FROM write_context
UNION ALL
SELECT 'counting_is_empty', NULL, NULL, 'left behind' FROM counting
UNION ALL
SELECT 'forgetting_is_empty', NULL, NULL, 'left behind' FROM forgetting;
