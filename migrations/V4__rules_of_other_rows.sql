-- The rules of instances, logins, users, skill groups and contact flows, written as those of V3
-- are.

-- instance ---------------------------------------------------------------------------------------

CREATE TRIGGER instance_insert BEFORE INSERT ON instance BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: this instance is there already; update its row')
     WHERE EXISTS (SELECT 1 FROM instance WHERE instance_id = NEW.instance_id);
END;

CREATE TRIGGER instance_update_key BEFORE UPDATE OF instance_id ON instance
WHEN NEW.instance_id IS NOT OLD.instance_id BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: an instance keeps its id');
END;

CREATE TRIGGER instance_update_personal_numbers BEFORE UPDATE OF personal_numbers ON instance
WHEN NEW.personal_numbers IS NOT 'shared' AND OLD.personal_numbers = 'shared' BEGIN
    SELECT RAISE(ABORT, 'rule:personal_number_has_one_holder: several users hold one number of this instance')
     WHERE EXISTS (SELECT 1 FROM personal_assignment
                    WHERE instance_id = NEW.instance_id AND released_at IS NULL
                    GROUP BY number HAVING count(*) > 1);
END;

-- With another country code other spellings are one number; nothing is merged.
CREATE TRIGGER instance_updated_country_code AFTER UPDATE OF country_code ON instance
WHEN NEW.country_code IS NOT OLD.country_code BEGIN
    SELECT RAISE(ABORT, 'rule:number_exists_once: with this country code some numbers of the instance are one; take the other spelling out first')
     WHERE EXISTS (SELECT 1 FROM v_same_number WHERE instance_id = NEW.instance_id);
    SELECT RAISE(ABORT, 'rule:service_number_is_inbound: with this country code some numbers are 400 numbers; make their usage Inbound first')
     WHERE EXISTS (SELECT 1 FROM v_service_number
                    WHERE instance_id = NEW.instance_id AND usage <> 'Inbound');
END;

CREATE TRIGGER instance_delete BEFORE DELETE ON instance BEGIN
    SELECT RAISE(ABORT, 'rule:referenced_row_is_kept: the instance is in use; set its status to RELEASED instead')
     WHERE EXISTS (SELECT 1 FROM phone_number WHERE instance_id = OLD.instance_id)
        OR EXISTS (SELECT 1 FROM user WHERE instance_id = OLD.instance_id)
        OR EXISTS (SELECT 1 FROM skill_group WHERE instance_id = OLD.instance_id)
        OR EXISTS (SELECT 1 FROM contact_flow WHERE instance_id = OLD.instance_id)
        OR EXISTS (SELECT 1 FROM low_water_mark WHERE instance_id = OLD.instance_id)
        OR EXISTS (SELECT 1 FROM oauth_client WHERE instance_id = OLD.instance_id);
END;

-- low_water_mark ---------------------------------------------------------------------------------

CREATE TRIGGER low_water_mark_insert BEFORE INSERT ON low_water_mark BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: this mark is there already; update its row')
     WHERE EXISTS (SELECT 1 FROM low_water_mark
                    WHERE instance_id = NEW.instance_id AND city = NEW.city AND usage = NEW.usage);
    SELECT RAISE(ABORT, 'rule:same_instance: there is no such instance')
     WHERE NOT EXISTS (SELECT 1 FROM instance WHERE instance_id = NEW.instance_id);
END;

CREATE TRIGGER low_water_mark_update_key BEFORE UPDATE OF instance_id, city, usage ON low_water_mark
WHEN NEW.instance_id IS NOT OLD.instance_id
  OR NEW.city IS NOT OLD.city
  OR NEW.usage IS NOT OLD.usage BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: remove the mark and add another');
END;

-- ram_user ---------------------------------------------------------------------------------------

CREATE TRIGGER ram_user_insert BEFORE INSERT ON ram_user BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: this RAM user is there already; update its row')
     WHERE EXISTS (SELECT 1 FROM ram_user WHERE ram_id = NEW.ram_id)
        OR EXISTS (SELECT 1 FROM ram_user WHERE login_name = NEW.login_name)
        OR EXISTS (SELECT 1 FROM forgotten_person WHERE pseudonym = NEW.login_name);
    SELECT RAISE(ABORT, 'rule:one_root: the account has its root')
     WHERE NEW.is_root = 1 AND EXISTS (SELECT 1 FROM ram_user WHERE is_root = 1);
END;

CREATE TRIGGER ram_user_update_key BEFORE UPDATE OF ram_id, login_name, is_root ON ram_user
WHEN NEW.ram_id IS NOT OLD.ram_id
  OR NEW.login_name IS NOT OLD.login_name
  OR NEW.is_root IS NOT OLD.is_root BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: a RAM user keeps its id and login name, and the account its root');
END;

CREATE TRIGGER ram_user_delete BEFORE DELETE ON ram_user BEGIN
    SELECT RAISE(ABORT, 'rule:referenced_row_is_kept: the RAM user is in use')
     WHERE OLD.is_root = 1
        OR EXISTS (SELECT 1 FROM user WHERE ram_id = OLD.ram_id)
        OR EXISTS (SELECT 1 FROM access_key WHERE ram_id = OLD.ram_id)
        OR EXISTS (SELECT 1 FROM api_token WHERE ram_id = OLD.ram_id);
END;

-- user -------------------------------------------------------------------------------------------

CREATE TRIGGER user_insert BEFORE INSERT ON user BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: this user is there already; update its row')
     WHERE EXISTS (SELECT 1 FROM user WHERE user_id = NEW.user_id)
        OR EXISTS (SELECT 1 FROM user
                    WHERE instance_id = NEW.instance_id AND ram_id = NEW.ram_id)
        OR EXISTS (SELECT 1 FROM user WHERE user_guid = NEW.user_guid);
    SELECT RAISE(ABORT, 'rule:extension_is_unique: another user of the instance has this extension')
     WHERE NEW.extension <> ''
       AND EXISTS (SELECT 1 FROM user
                    WHERE instance_id = NEW.instance_id AND extension = NEW.extension
                      AND extension <> '');
    SELECT RAISE(ABORT, 'rule:same_instance: there is no such instance')
     WHERE NOT EXISTS (SELECT 1 FROM instance WHERE instance_id = NEW.instance_id);
    SELECT RAISE(ABORT, 'rule:user_is_a_ram_user: user_id is the login name of ram_id, @, and the instance')
     WHERE NOT EXISTS (SELECT 1 FROM ram_user
                        WHERE ram_id = NEW.ram_id
                          AND login_name || '@' || NEW.instance_id = NEW.user_id);
    SELECT RAISE(ABORT, 'rule:selected_callback_number_is_personal: a new user holds no number yet')
     WHERE NEW.selected_callback_number_id IS NOT NULL;
END;

CREATE TRIGGER user_update_key BEFORE UPDATE OF user_id, instance_id, ram_id, user_guid ON user
WHEN NEW.user_id IS NOT OLD.user_id
  OR NEW.instance_id IS NOT OLD.instance_id
  OR NEW.ram_id IS NOT OLD.ram_id
  OR NEW.user_guid IS NOT OLD.user_guid BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: remove the user and add another');
END;

CREATE TRIGGER user_update_extension BEFORE UPDATE OF extension ON user
WHEN NEW.extension <> '' AND NEW.extension <> OLD.extension BEGIN
    SELECT RAISE(ABORT, 'rule:extension_is_unique: another user of the instance has this extension')
     WHERE EXISTS (SELECT 1 FROM user
                    WHERE instance_id = NEW.instance_id AND extension = NEW.extension
                      AND extension <> '');
END;

CREATE TRIGGER user_update_selected_callback_number
BEFORE UPDATE OF selected_callback_number_id ON user
WHEN NEW.selected_callback_number_id IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'rule:selected_callback_number_is_personal: the user does not hold this number')
     WHERE NOT EXISTS (SELECT 1 FROM phone_number AS n
                         JOIN personal_assignment AS a
                           ON a.instance_id = n.instance_id AND a.number = n.number
                          AND a.released_at IS NULL
                        WHERE n.callback_number_id = NEW.selected_callback_number_id
                          AND a.user_id = NEW.user_id);
END;

CREATE TRIGGER user_delete BEFORE DELETE ON user BEGIN
    SELECT RAISE(ABORT, 'rule:referenced_row_is_kept: the user holds numbers or belongs to skill groups')
     WHERE EXISTS (SELECT 1 FROM personal_assignment
                    WHERE user_id = OLD.user_id AND released_at IS NULL)
        OR EXISTS (SELECT 1 FROM skill_group_member WHERE user_id = OLD.user_id);
END;

-- skill_group and its members --------------------------------------------------------------------

CREATE TRIGGER skill_group_insert BEFORE INSERT ON skill_group BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: this skill group is there already; update its row')
     WHERE EXISTS (SELECT 1 FROM skill_group WHERE skill_group_id = NEW.skill_group_id)
        OR EXISTS (SELECT 1 FROM skill_group WHERE skill_group_guid = NEW.skill_group_guid);
    SELECT RAISE(ABORT, 'rule:same_instance: there is no such instance')
     WHERE NOT EXISTS (SELECT 1 FROM instance WHERE instance_id = NEW.instance_id);
    SELECT RAISE(ABORT, 'rule:counters_follow_rows: a new skill group holds no numbers and no users')
     WHERE NEW.phone_number_count <> 0 OR NEW.user_count <> 0;
END;

CREATE TRIGGER skill_group_update_key
BEFORE UPDATE OF skill_group_id, instance_id, name, skill_group_guid ON skill_group
WHEN NEW.skill_group_id IS NOT OLD.skill_group_id
  OR NEW.instance_id IS NOT OLD.instance_id
  OR NEW.name IS NOT OLD.name
  OR NEW.skill_group_guid IS NOT OLD.skill_group_guid BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: a skill group keeps its name; change its display_name');
END;

CREATE TRIGGER skill_group_delete BEFORE DELETE ON skill_group BEGIN
    SELECT RAISE(ABORT, 'rule:referenced_row_is_kept: the skill group holds numbers or has members')
     WHERE EXISTS (SELECT 1 FROM skill_group_number WHERE skill_group_id = OLD.skill_group_id)
        OR EXISTS (SELECT 1 FROM skill_group_member WHERE skill_group_id = OLD.skill_group_id);
END;

CREATE TRIGGER skill_group_member_insert BEFORE INSERT ON skill_group_member BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: the user is in this skill group already; update the level')
     WHERE EXISTS (SELECT 1 FROM skill_group_member
                    WHERE skill_group_id = NEW.skill_group_id AND user_id = NEW.user_id);
    SELECT RAISE(ABORT, 'rule:same_instance: the user is not in this instance')
     WHERE NOT EXISTS (SELECT 1 FROM user
                        WHERE instance_id = NEW.instance_id AND user_id = NEW.user_id);
    SELECT RAISE(ABORT, 'rule:same_instance: the skill group is not in this instance')
     WHERE NOT EXISTS (SELECT 1 FROM skill_group
                        WHERE instance_id = NEW.instance_id
                          AND skill_group_id = NEW.skill_group_id);
END;

CREATE TRIGGER skill_group_member_update_key
BEFORE UPDATE OF skill_group_id, user_id, instance_id ON skill_group_member
WHEN NEW.skill_group_id IS NOT OLD.skill_group_id
  OR NEW.user_id IS NOT OLD.user_id
  OR NEW.instance_id IS NOT OLD.instance_id BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: remove the member and add another');
END;

-- contact_flow -----------------------------------------------------------------------------------

CREATE TRIGGER contact_flow_insert BEFORE INSERT ON contact_flow BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: this contact flow is there already; update its row')
     WHERE EXISTS (SELECT 1 FROM contact_flow WHERE contact_flow_id = NEW.contact_flow_id);
    SELECT RAISE(ABORT, 'rule:same_instance: there is no such instance')
     WHERE NOT EXISTS (SELECT 1 FROM instance WHERE instance_id = NEW.instance_id);
END;

CREATE TRIGGER contact_flow_update_key
BEFORE UPDATE OF contact_flow_id, instance_id ON contact_flow
WHEN NEW.contact_flow_id IS NOT OLD.contact_flow_id
  OR NEW.instance_id IS NOT OLD.instance_id BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: a contact flow keeps its id and instance');
END;

CREATE TRIGGER contact_flow_delete BEFORE DELETE ON contact_flow BEGIN
    SELECT RAISE(ABORT, 'rule:referenced_row_is_kept: numbers use this contact flow')
     WHERE EXISTS (SELECT 1 FROM phone_number WHERE contact_flow_id = OLD.contact_flow_id);
END;

-- role -------------------------------------------------------------------------------------------

CREATE TRIGGER role_insert BEFORE INSERT ON role
WHEN EXISTS (SELECT 1 FROM role WHERE name = NEW.name) BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: this role is there already');
END;
CREATE TRIGGER role_update_key BEFORE UPDATE OF name ON role
WHEN NEW.name IS NOT OLD.name BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: the three roles keep their names');
END;
CREATE TRIGGER role_delete BEFORE DELETE ON role BEGIN
    SELECT RAISE(ABORT, 'rule:referenced_row_is_kept: users have these roles');
END;
