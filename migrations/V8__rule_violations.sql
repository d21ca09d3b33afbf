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
  FROM phone_number
 WHERE number GLOB '400[0-9x][0-9x][0-9x][0-9x][0-9x][0-9x][0-9x]' AND usage <> 'Inbound'
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
UNION ALL
SELECT 'history_is_kept', c.instance_id, c.number,
       'assignment ' || c.assignment_id || ' is gone'
  FROM change AS c
 WHERE c.assignment_id IS NOT NULL AND c.action = 'insert'
   AND NOT EXISTS (SELECT 1 FROM personal_assignment AS a WHERE a.assignment_id = c.assignment_id)
UNION ALL
SELECT 'write_context_is_empty', NULL, actor, 'left behind by ' || via FROM write_context
UNION ALL
SELECT 'counting_is_empty', NULL, NULL, 'left behind' FROM counting;
