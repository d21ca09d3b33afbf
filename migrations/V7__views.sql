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
       n.callback_number_id,
       coalesce(n.callback_number_name, n.number) AS callback_number_name,
       strftime('%Y-%m-%d %H:%M:%f', n.created_at / 1000.0, 'unixepoch') AS created_at
  FROM phone_number AS n
  LEFT JOIN contact_flow AS f ON f.contact_flow_id = n.contact_flow_id;

-- The numbers that could be given to a user: no skill group holds them, and nobody holds them as
-- personal (in a shared instance: this user does not hold them yet).
-- Select with a user_id; without one it is users times numbers.
CREATE VIEW v_assignable AS
SELECT u.user_id, n.instance_id, n.number, n.usage, n.active, n.province, n.city,
       n.contact_flow_id
  FROM user AS u
  JOIN instance AS i ON i.instance_id = u.instance_id AND i.personal_numbers = 'exclusive'
  CROSS JOIN phone_number AS n ON n.instance_id = u.instance_id AND n.state = 'free'
UNION ALL
SELECT u.user_id, n.instance_id, n.number, n.usage, n.active, n.province, n.city,
       n.contact_flow_id
  FROM user AS u
  JOIN instance AS i ON i.instance_id = u.instance_id AND i.personal_numbers = 'shared'
  CROSS JOIN phone_number AS n ON n.instance_id = u.instance_id AND n.state <> 'bound'
 WHERE NOT EXISTS (SELECT 1 FROM personal_assignment AS a
                    WHERE a.user_id = u.user_id AND a.number = n.number AND a.released_at IS NULL);

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

-- The change log with readable times.
CREATE VIEW v_change AS
SELECT change_id,
       strftime('%Y-%m-%d %H:%M:%f', changed_at / 1000.0, 'unixepoch') AS changed_at,
       actor, via, request_id, reason, instance_id, entity, action, number, user_id,
       skill_group_id, old, new
  FROM change;
