-- What follows from other rows and is kept beside them, so that no list has to count: the state of
-- a number, the counters of an instance, of the account's pool and of a skill group, and the
-- versions. Each row that a person edits has a version, which grows with every change that a reader
-- can see; two editors of one row notice each other by it.

-- Blocks of the change log -----------------------------------------------------------------------

CREATE TRIGGER change_blocks AFTER INSERT ON change
WHEN NOT EXISTS (SELECT 1 FROM change AS before
                  WHERE before.change_id = NEW.change_id - 1
                    AND before.change_id / 256 = NEW.change_id / 256
                    AND before.instance_id IS NEW.instance_id AND before.actor = NEW.actor
                    AND before.entity = NEW.entity AND before.via = NEW.via) BEGIN
    INSERT INTO change_block (kind, value, instance_id, block)
    SELECT k.column1, k.column2, s.column1, NEW.change_id / 256
      FROM (VALUES ('instance', ''), ('actor', NEW.actor), ('entity', NEW.entity),
                   ('via', NEW.via)) AS k,
           (VALUES ('*'), (NEW.instance_id)) AS s
     WHERE s.column1 IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM change_block AS b
                        WHERE b.kind = k.column1 AND b.value = k.column2
                          AND b.instance_id = s.column1 AND b.block = NEW.change_id / 256);
END;

-- One that is missing would hide lines; those of archived lines go with them.
CREATE TRIGGER change_block_update BEFORE UPDATE ON change_block
WHEN (NEW.kind, NEW.instance_id, NEW.block) IS NOT (OLD.kind, OLD.instance_id, OLD.block)
  OR OLD.kind <> 'actor'
  OR (OLD.value, NEW.value) IS NOT (SELECT login_name, pseudonym FROM forgetting) BEGIN
    SELECT RAISE(ABORT, 'rule:history_is_kept: the blocks of the change log follow its lines');
END;
CREATE TRIGGER change_block_delete BEFORE DELETE ON change_block
WHEN NOT EXISTS (SELECT 1 FROM write_context)
  OR NOT EXISTS (SELECT 1 FROM change_archive
                  WHERE last_change_id >= OLD.block * 256 + 255) BEGIN
    SELECT RAISE(ABORT, 'rule:history_is_kept: the blocks of the change log follow its lines');
END;

-- States of numbers, counters and versions of skill groups ---------------------------------------

CREATE TRIGGER phone_number_update_state BEFORE UPDATE OF state ON phone_number BEGIN
    SELECT RAISE(ABORT, 'rule:state_follows_relations: bind, unbind, assign or release the number instead')
     WHERE NEW.state IS NOT CASE
        WHEN EXISTS (SELECT 1 FROM skill_group_number
                      WHERE instance_id = NEW.instance_id AND number = NEW.number) THEN 'bound'
        WHEN EXISTS (SELECT 1 FROM personal_assignment
                      WHERE instance_id = NEW.instance_id AND number = NEW.number
                        AND released_at IS NULL) THEN 'personal'
        ELSE 'free' END;
END;

-- Who holds a number is part of what a reader sees of it, so its version grows each time.
CREATE TRIGGER personal_assignment_opened AFTER INSERT ON personal_assignment
WHEN NEW.released_at IS NULL BEGIN
    UPDATE phone_number SET state = 'personal', version = version + 1
     WHERE instance_id = NEW.instance_id AND number = NEW.number;
END;

-- A released number is no longer what its holder presents by default.
CREATE TRIGGER personal_assignment_closed AFTER UPDATE OF released_at ON personal_assignment
WHEN OLD.released_at IS NULL AND NEW.released_at IS NOT NULL BEGIN
    UPDATE phone_number
       SET state = CASE WHEN EXISTS (SELECT 1 FROM personal_assignment
                                      WHERE instance_id = NEW.instance_id AND number = NEW.number
                                        AND released_at IS NULL) THEN 'personal' ELSE 'free' END,
           version = version + 1
     WHERE instance_id = NEW.instance_id AND number = NEW.number;
    UPDATE user SET selected_callback_number_id = NULL
     WHERE user_id = NEW.user_id
       AND selected_callback_number_id =
           (SELECT callback_number_id FROM phone_number
             WHERE instance_id = NEW.instance_id AND number = NEW.number);
END;

CREATE TRIGGER skill_group_number_bound AFTER INSERT ON skill_group_number BEGIN
    UPDATE phone_number SET state = 'bound', version = version + 1
     WHERE instance_id = NEW.instance_id AND number = NEW.number;
    INSERT INTO counting VALUES (1);
    UPDATE skill_group SET phone_number_count = phone_number_count + 1
     WHERE skill_group_id = NEW.skill_group_id;
    DELETE FROM counting;
END;

CREATE TRIGGER skill_group_number_unbound AFTER DELETE ON skill_group_number BEGIN
    UPDATE phone_number
       SET state = CASE WHEN EXISTS (SELECT 1 FROM skill_group_number
                                      WHERE instance_id = OLD.instance_id AND number = OLD.number)
                        THEN 'bound' ELSE 'free' END,
           version = version + 1
     WHERE instance_id = OLD.instance_id AND number = OLD.number;
    INSERT INTO counting VALUES (1);
    UPDATE skill_group SET phone_number_count = phone_number_count - 1
     WHERE skill_group_id = OLD.skill_group_id;
    DELETE FROM counting;
END;

CREATE TRIGGER skill_group_member_added AFTER INSERT ON skill_group_member BEGIN
    INSERT INTO counting VALUES (1);
    UPDATE skill_group SET user_count = user_count + 1 WHERE skill_group_id = NEW.skill_group_id;
    DELETE FROM counting;
END;

CREATE TRIGGER skill_group_member_removed AFTER DELETE ON skill_group_member BEGIN
    INSERT INTO counting VALUES (1);
    UPDATE skill_group SET user_count = user_count - 1 WHERE skill_group_id = OLD.skill_group_id;
    DELETE FROM counting;
END;

-- What ends a reservation, and its part in a number's version ------------------------------------

CREATE TRIGGER reservation_taken_by_user AFTER INSERT ON personal_assignment
WHEN NEW.released_at IS NULL BEGIN
    UPDATE reservation SET ended_at = max(reserved_at, min(until_at, (SELECT now FROM v_now)))
     WHERE instance_id = NEW.instance_id AND number = NEW.number AND ended_at IS NULL;
END;

CREATE TRIGGER reservation_taken_by_skill_group AFTER INSERT ON skill_group_number BEGIN
    UPDATE reservation SET ended_at = max(reserved_at, min(until_at, (SELECT now FROM v_now)))
     WHERE instance_id = NEW.instance_id AND number = NEW.number AND ended_at IS NULL;
END;

CREATE TRIGGER reservation_of_number_moved AFTER UPDATE OF instance_id ON phone_number
WHEN NEW.instance_id IS NOT OLD.instance_id BEGIN
    UPDATE reservation SET ended_at = max(reserved_at, min(until_at, (SELECT now FROM v_now)))
     WHERE instance_id = OLD.instance_id AND number = OLD.number AND ended_at IS NULL;
END;

CREATE TRIGGER reservation_of_number_removed AFTER DELETE ON phone_number BEGIN
    UPDATE reservation SET ended_at = max(reserved_at, min(until_at, (SELECT now FROM v_now)))
     WHERE instance_id = OLD.instance_id AND number = OLD.number AND ended_at IS NULL;
END;

CREATE TRIGGER reservation_made AFTER INSERT ON reservation
WHEN NEW.ended_at IS NULL BEGIN
    UPDATE phone_number SET version = version + 1
     WHERE instance_id = NEW.instance_id AND number = NEW.number;
    UPDATE instance_counter SET version = version + 1 WHERE instance_id = NEW.instance_id;
END;

CREATE TRIGGER reservation_changed AFTER UPDATE ON reservation
WHEN (NEW.until_at, NEW.reason, NEW.ended_at) IS NOT (OLD.until_at, OLD.reason, OLD.ended_at) BEGIN
    UPDATE phone_number SET version = version + 1
     WHERE instance_id = NEW.instance_id AND number = NEW.number;
    UPDATE instance_counter SET version = version + 1 WHERE instance_id = NEW.instance_id;
END;

-- The counters of an instance and of the pool ----------------------------------------------------

CREATE TRIGGER instance_counted AFTER INSERT ON instance BEGIN
    INSERT INTO instance_counter (instance_id) VALUES (NEW.instance_id);
END;

CREATE TRIGGER instance_uncounted AFTER DELETE ON instance BEGIN
    DELETE FROM instance_counter WHERE instance_id = OLD.instance_id;
END;

CREATE TRIGGER phone_number_counted AFTER INSERT ON phone_number BEGIN
    INSERT INTO counting VALUES (1);
    UPDATE instance_counter SET free = free + 1, version = version + 1
     WHERE instance_id = NEW.instance_id;
    UPDATE pool_counter SET numbers = numbers + 1 WHERE NEW.instance_id IS NULL;
    DELETE FROM counting;
END;

CREATE TRIGGER phone_number_uncounted AFTER DELETE ON phone_number BEGIN
    INSERT INTO counting VALUES (1);
    UPDATE instance_counter SET free = free - 1, version = version + 1
     WHERE instance_id = OLD.instance_id;
    UPDATE pool_counter SET numbers = numbers - 1 WHERE OLD.instance_id IS NULL;
    DELETE FROM counting;
END;

CREATE TRIGGER phone_number_recounted AFTER UPDATE OF state, instance_id ON phone_number
WHEN NEW.state <> OLD.state OR NEW.instance_id IS NOT OLD.instance_id BEGIN
    INSERT INTO counting VALUES (1);
    UPDATE instance_counter
       SET free     = free     - (OLD.state = 'free'),
           bound    = bound    - (OLD.state = 'bound'),
           personal = personal - (OLD.state = 'personal'),
           version  = version + 1
     WHERE instance_id = OLD.instance_id;
    UPDATE instance_counter
       SET free     = free     + (NEW.state = 'free'),
           bound    = bound    + (NEW.state = 'bound'),
           personal = personal + (NEW.state = 'personal'),
           version  = version + 1
     WHERE instance_id = NEW.instance_id;
    UPDATE pool_counter
       SET numbers = numbers + (NEW.instance_id IS NULL) - (OLD.instance_id IS NULL)
     WHERE NEW.instance_id IS NULL OR OLD.instance_id IS NULL;
    DELETE FROM counting;
END;

-- Versions ---------------------------------------------------------------------------------------

CREATE TRIGGER phone_number_version
AFTER UPDATE OF instance_id, usage, active, province, city, contact_flow_id, provider, corp_name,
                tags, note, callback_number_name ON phone_number
WHEN (OLD.instance_id, OLD.usage, OLD.active, OLD.province, OLD.city,
      OLD.contact_flow_id, OLD.provider, OLD.corp_name, OLD.tags, OLD.note,
      OLD.callback_number_name)
  IS NOT
     (NEW.instance_id, NEW.usage, NEW.active, NEW.province, NEW.city,
      NEW.contact_flow_id, NEW.provider, NEW.corp_name, NEW.tags, NEW.note,
      NEW.callback_number_name) BEGIN
    UPDATE phone_number SET version = version + 1 WHERE phone_number_id = NEW.phone_number_id;
    UPDATE instance_counter SET version = version + 1 WHERE instance_id = NEW.instance_id;
END;

CREATE TRIGGER instance_version
AFTER UPDATE OF name, description, status, personal_numbers, country_code, cool_down_days,
                reason_required
ON instance
WHEN (OLD.name, OLD.description, OLD.status, OLD.personal_numbers, OLD.country_code,
      OLD.cool_down_days, OLD.reason_required)
  IS NOT
     (NEW.name, NEW.description, NEW.status, NEW.personal_numbers, NEW.country_code,
      NEW.cool_down_days, NEW.reason_required) BEGIN
    UPDATE instance SET version = version + 1 WHERE instance_id = NEW.instance_id;
END;

-- The low-water marks are settings of the instance.
CREATE TRIGGER low_water_mark_added AFTER INSERT ON low_water_mark BEGIN
    UPDATE instance SET version = version + 1 WHERE instance_id = NEW.instance_id;
END;
CREATE TRIGGER low_water_mark_changed AFTER UPDATE OF least ON low_water_mark
WHEN NEW.least <> OLD.least BEGIN
    UPDATE instance SET version = version + 1 WHERE instance_id = NEW.instance_id;
END;
CREATE TRIGGER low_water_mark_removed AFTER DELETE ON low_water_mark BEGIN
    UPDATE instance SET version = version + 1 WHERE instance_id = OLD.instance_id;
END;

CREATE TRIGGER user_version
AFTER UPDATE OF role, extension, display_name, email, mobile, nickname, avatar_url, display_id,
                note, work_mode, active, locked, selected_callback_number_id,
                prevent_auto_callback_number ON user
WHEN (OLD.role, OLD.extension, OLD.display_name, OLD.email, OLD.mobile, OLD.nickname,
      OLD.avatar_url, OLD.display_id, OLD.note, OLD.work_mode, OLD.active, OLD.locked,
      OLD.selected_callback_number_id, OLD.prevent_auto_callback_number)
  IS NOT
     (NEW.role, NEW.extension, NEW.display_name, NEW.email, NEW.mobile, NEW.nickname,
      NEW.avatar_url, NEW.display_id, NEW.note, NEW.work_mode, NEW.active, NEW.locked,
      NEW.selected_callback_number_id, NEW.prevent_auto_callback_number) BEGIN
    UPDATE user SET version = version + 1 WHERE user_id = NEW.user_id;
END;

CREATE TRIGGER skill_group_version
AFTER UPDATE OF display_name, description, media_type ON skill_group
WHEN (OLD.display_name, OLD.description, OLD.media_type)
  IS NOT
     (NEW.display_name, NEW.description, NEW.media_type) BEGIN
    UPDATE skill_group SET version = version + 1 WHERE skill_group_id = NEW.skill_group_id;
END;

CREATE TRIGGER contact_flow_version
AFTER UPDATE OF name, description, type, definition, draft_id, editor, published
ON contact_flow
WHEN (OLD.name, OLD.description, OLD.type, OLD.definition, OLD.draft_id, OLD.editor,
      OLD.published)
  IS NOT
     (NEW.name, NEW.description, NEW.type, NEW.definition, NEW.draft_id, NEW.editor,
      NEW.published) BEGIN
    UPDATE contact_flow SET version = version + 1 WHERE contact_flow_id = NEW.contact_flow_id;
END;

-- Only these triggers maintain the counters ------------------------------------------------------

CREATE TRIGGER instance_counter_insert BEFORE INSERT ON instance_counter BEGIN
    SELECT RAISE(ABORT, 'rule:counters_follow_rows: the counters of an instance come and go with it, and begin at 0')
     WHERE NEW.free IS NOT 0 OR NEW.bound IS NOT 0 OR NEW.personal IS NOT 0
        OR EXISTS (SELECT 1 FROM instance_counter WHERE instance_id = NEW.instance_id)
        OR NOT EXISTS (SELECT 1 FROM instance WHERE instance_id = NEW.instance_id)
        OR EXISTS (SELECT 1 FROM phone_number WHERE instance_id = NEW.instance_id);
END;

CREATE TRIGGER instance_counter_update BEFORE UPDATE ON instance_counter
WHEN NEW.instance_id IS NOT OLD.instance_id
  OR NEW.version IS NOT OLD.version + 1
  OR ((NEW.free IS NOT OLD.free OR NEW.bound IS NOT OLD.bound OR NEW.personal IS NOT OLD.personal)
      AND NOT EXISTS (SELECT 1 FROM counting)) BEGIN
    SELECT RAISE(ABORT, 'rule:counters_follow_rows: add, remove, bind or assign numbers instead');
END;

CREATE TRIGGER instance_counter_delete BEFORE DELETE ON instance_counter
WHEN EXISTS (SELECT 1 FROM instance WHERE instance_id = OLD.instance_id) BEGIN
    SELECT RAISE(ABORT, 'rule:counters_follow_rows: the counters of an instance come and go with it');
END;

CREATE TRIGGER pool_counter_insert BEFORE INSERT ON pool_counter BEGIN
    SELECT RAISE(ABORT, 'rule:counters_follow_rows: the pool has its one counter already');
END;

CREATE TRIGGER pool_counter_update BEFORE UPDATE ON pool_counter
WHEN NEW.only_row IS NOT OLD.only_row OR NOT EXISTS (SELECT 1 FROM counting) BEGIN
    SELECT RAISE(ABORT, 'rule:counters_follow_rows: add numbers to the pool or move them instead');
END;

CREATE TRIGGER pool_counter_delete BEFORE DELETE ON pool_counter BEGIN
    SELECT RAISE(ABORT, 'rule:counters_follow_rows: the counter of the pool stays');
END;

CREATE TRIGGER skill_group_update_counters
BEFORE UPDATE OF phone_number_count, user_count ON skill_group
WHEN (NEW.phone_number_count IS NOT OLD.phone_number_count
      OR NEW.user_count IS NOT OLD.user_count)
 AND NOT EXISTS (SELECT 1 FROM counting) BEGIN
    SELECT RAISE(ABORT, 'rule:counters_follow_rows: bind numbers or add members instead');
END;

-- A version begins at 1 and grows by one.
CREATE TRIGGER phone_number_version_begins BEFORE INSERT ON phone_number
WHEN NEW.version <> 1 BEGIN
    SELECT RAISE(ABORT, 'rule:counters_follow_rows: a version begins at 1');
END;
CREATE TRIGGER phone_number_version_grows BEFORE UPDATE OF version ON phone_number
WHEN NEW.version IS NOT OLD.version AND NEW.version IS NOT OLD.version + 1 BEGIN
    SELECT RAISE(ABORT, 'rule:counters_follow_rows: a version grows by one');
END;
CREATE TRIGGER instance_version_begins BEFORE INSERT ON instance
WHEN NEW.version <> 1 BEGIN
    SELECT RAISE(ABORT, 'rule:counters_follow_rows: a version begins at 1');
END;
CREATE TRIGGER instance_version_grows BEFORE UPDATE OF version ON instance
WHEN NEW.version IS NOT OLD.version AND NEW.version IS NOT OLD.version + 1 BEGIN
    SELECT RAISE(ABORT, 'rule:counters_follow_rows: a version grows by one');
END;
CREATE TRIGGER user_version_begins BEFORE INSERT ON user
WHEN NEW.version <> 1 BEGIN
    SELECT RAISE(ABORT, 'rule:counters_follow_rows: a version begins at 1');
END;
CREATE TRIGGER user_version_grows BEFORE UPDATE OF version ON user
WHEN NEW.version IS NOT OLD.version AND NEW.version IS NOT OLD.version + 1 BEGIN
    SELECT RAISE(ABORT, 'rule:counters_follow_rows: a version grows by one');
END;
CREATE TRIGGER skill_group_version_begins BEFORE INSERT ON skill_group
WHEN NEW.version <> 1 BEGIN
    SELECT RAISE(ABORT, 'rule:counters_follow_rows: a version begins at 1');
END;
CREATE TRIGGER skill_group_version_grows BEFORE UPDATE OF version ON skill_group
WHEN NEW.version IS NOT OLD.version AND NEW.version IS NOT OLD.version + 1 BEGIN
    SELECT RAISE(ABORT, 'rule:counters_follow_rows: a version grows by one');
END;
CREATE TRIGGER contact_flow_version_begins BEFORE INSERT ON contact_flow
WHEN NEW.version <> 1 BEGIN
    SELECT RAISE(ABORT, 'rule:counters_follow_rows: a version begins at 1');
END;
CREATE TRIGGER contact_flow_version_grows BEFORE UPDATE OF version ON contact_flow
WHEN NEW.version IS NOT OLD.version AND NEW.version IS NOT OLD.version + 1 BEGIN
    SELECT RAISE(ABORT, 'rule:counters_follow_rows: a version grows by one');
END;
