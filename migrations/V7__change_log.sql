-- The change log: every row that is added, changed or removed leaves a row in `change`, whoever
-- does it; V8 has the same for credentials. What only follows from other rows (states, counters,
-- versions), the last pick of a number and nonces are left out. A test demands each other column of
-- a table in each of its triggers.

-- Writing a line of the log: who, from where and why come from write_context, or are 'sql' for an
-- edit by hand.
CREATE VIEW change_entry AS
    SELECT entity, action, instance_id, number, user_id, skill_group_id, assignment_id, old, new
      FROM change WHERE 0;
-- When a person is erased from the history, no line may say what was there before.
CREATE TRIGGER change_entry_insert INSTEAD OF INSERT ON change_entry
WHEN NEW.old IS NOT NEW.new
 AND NOT (NEW.entity IN ('personal_assignment', 'reservation')
          AND EXISTS (SELECT 1 FROM forgetting)) BEGIN
    INSERT INTO change (changed_at, actor, via, request_id, reason, entity, action, instance_id,
                        number, user_id, skill_group_id, assignment_id, old, new)
    SELECT (SELECT now FROM v_now), coalesce(c.actor, ''), coalesce(c.via, 'sql'),
           coalesce(c.request_id, ''), coalesce(c.reason, ''),
           NEW.entity, NEW.action, NEW.instance_id, NEW.number, NEW.user_id, NEW.skill_group_id,
           NEW.assignment_id, NEW.old, NEW.new
      FROM (SELECT 1) LEFT JOIN write_context AS c;
END;

-- instance ----------------------------------------------------------------------------------------

CREATE TRIGGER instance_insert_logged AFTER INSERT ON instance BEGIN
    INSERT INTO change_entry (entity, action, instance_id, new)
    VALUES ('instance', 'insert', NEW.instance_id,
        json_object('instance_id', NEW.instance_id, 'name', NEW.name,
            'description', NEW.description, 'status', NEW.status,
            'personal_numbers', NEW.personal_numbers, 'country_code', NEW.country_code,
            'cool_down_days', NEW.cool_down_days,
            'reason_required', NEW.reason_required, 'created_at', NEW.created_at));
END;
CREATE TRIGGER instance_update_logged
AFTER UPDATE OF instance_id, name, description, status, personal_numbers, country_code,
                cool_down_days, reason_required, created_at
ON instance BEGIN
    INSERT INTO change_entry (entity, action, instance_id, old, new)
    VALUES ('instance', 'update', NEW.instance_id,
        json_object('instance_id', OLD.instance_id, 'name', OLD.name,
            'description', OLD.description, 'status', OLD.status,
            'personal_numbers', OLD.personal_numbers, 'country_code', OLD.country_code,
            'cool_down_days', OLD.cool_down_days,
            'reason_required', OLD.reason_required, 'created_at', OLD.created_at),
        json_object('instance_id', NEW.instance_id, 'name', NEW.name,
            'description', NEW.description, 'status', NEW.status,
            'personal_numbers', NEW.personal_numbers, 'country_code', NEW.country_code,
            'cool_down_days', NEW.cool_down_days,
            'reason_required', NEW.reason_required, 'created_at', NEW.created_at));
END;
CREATE TRIGGER instance_delete_logged AFTER DELETE ON instance BEGIN
    INSERT INTO change_entry (entity, action, instance_id, old)
    VALUES ('instance', 'delete', OLD.instance_id,
        json_object('instance_id', OLD.instance_id, 'name', OLD.name,
            'description', OLD.description, 'status', OLD.status,
            'personal_numbers', OLD.personal_numbers, 'country_code', OLD.country_code,
            'cool_down_days', OLD.cool_down_days,
            'reason_required', OLD.reason_required, 'created_at', OLD.created_at));
END;

-- low_water_mark ----------------------------------------------------------------------------------

CREATE TRIGGER low_water_mark_insert_logged AFTER INSERT ON low_water_mark BEGIN
    INSERT INTO change_entry (entity, action, instance_id, new)
    VALUES ('low_water_mark', 'insert', NEW.instance_id,
        json_object('city', NEW.city, 'usage', NEW.usage, 'least', NEW.least));
END;
CREATE TRIGGER low_water_mark_update_logged AFTER UPDATE OF city, usage, least ON low_water_mark BEGIN
    INSERT INTO change_entry (entity, action, instance_id, old, new)
    VALUES ('low_water_mark', 'update', NEW.instance_id,
        json_object('city', OLD.city, 'usage', OLD.usage, 'least', OLD.least),
        json_object('city', NEW.city, 'usage', NEW.usage, 'least', NEW.least));
END;
CREATE TRIGGER low_water_mark_delete_logged AFTER DELETE ON low_water_mark BEGIN
    INSERT INTO change_entry (entity, action, instance_id, old)
    VALUES ('low_water_mark', 'delete', OLD.instance_id,
        json_object('city', OLD.city, 'usage', OLD.usage, 'least', OLD.least));
END;

-- ram_user ----------------------------------------------------------------------------------------

CREATE TRIGGER ram_user_insert_logged AFTER INSERT ON ram_user BEGIN
    INSERT INTO change_entry (entity, action, new)
    VALUES ('ram_user', 'insert',
        json_object('ram_id', NEW.ram_id, 'login_name', NEW.login_name,
            'display_name', NEW.display_name, 'email', NEW.email, 'mobile', NEW.mobile,
            'is_root', NEW.is_root, 'password_changed_at', NEW.password_changed_at,
            'created_at', NEW.created_at));
END;
CREATE TRIGGER ram_user_update_logged
AFTER UPDATE OF ram_id, login_name, display_name, email, mobile, is_root, password_changed_at,
                created_at, password_hash
ON ram_user BEGIN
    INSERT INTO change_entry (entity, action, old, new)
    VALUES ('ram_user', 'update',
        json_object('ram_id', OLD.ram_id, 'login_name', OLD.login_name,
            'display_name', OLD.display_name, 'email', OLD.email, 'mobile', OLD.mobile,
            'is_root', OLD.is_root, 'password_changed_at', OLD.password_changed_at,
            'created_at', OLD.created_at),
        json_patch(json_object('ram_id', NEW.ram_id, 'login_name', NEW.login_name,
            'display_name', NEW.display_name, 'email', NEW.email, 'mobile', NEW.mobile,
            'is_root', NEW.is_root, 'password_changed_at', NEW.password_changed_at,
            'created_at', NEW.created_at),
            iif(NEW.password_hash IS NOT OLD.password_hash,
                '{"password_hash":"replaced"}', '{}')));
END;
CREATE TRIGGER ram_user_delete_logged AFTER DELETE ON ram_user BEGIN
    INSERT INTO change_entry (entity, action, old)
    VALUES ('ram_user', 'delete',
        json_object('ram_id', OLD.ram_id, 'login_name', OLD.login_name,
            'display_name', OLD.display_name, 'email', OLD.email, 'mobile', OLD.mobile,
            'is_root', OLD.is_root, 'password_changed_at', OLD.password_changed_at,
            'created_at', OLD.created_at));
END;

-- user --------------------------------------------------------------------------------------------

CREATE TRIGGER user_insert_logged AFTER INSERT ON user BEGIN
    INSERT INTO change_entry (entity, action, instance_id, user_id, new)
    VALUES ('user', 'insert', NEW.instance_id, NEW.user_id,
        json_object('user_id', NEW.user_id, 'ram_id', NEW.ram_id, 'role', NEW.role,
            'extension', NEW.extension, 'display_name', NEW.display_name, 'email', NEW.email,
            'mobile', NEW.mobile, 'nickname', NEW.nickname, 'avatar_url', NEW.avatar_url,
            'display_id', NEW.display_id, 'note', NEW.note, 'work_mode', NEW.work_mode, 'active', NEW.active,
            'locked', NEW.locked, 'user_guid', NEW.user_guid,
            'selected_callback_number_id', NEW.selected_callback_number_id,
            'prevent_auto_callback_number', NEW.prevent_auto_callback_number,
            'created_at', NEW.created_at));
END;
CREATE TRIGGER user_update_logged
AFTER UPDATE OF user_id, ram_id, role, extension, display_name, email, mobile, nickname,
                avatar_url, display_id, note, work_mode, active, locked, user_guid,
                selected_callback_number_id, prevent_auto_callback_number, created_at
ON user BEGIN
    INSERT INTO change_entry (entity, action, instance_id, user_id, old, new)
    VALUES ('user', 'update', NEW.instance_id, NEW.user_id,
        json_object('user_id', OLD.user_id, 'ram_id', OLD.ram_id, 'role', OLD.role,
            'extension', OLD.extension, 'display_name', OLD.display_name, 'email', OLD.email,
            'mobile', OLD.mobile, 'nickname', OLD.nickname, 'avatar_url', OLD.avatar_url,
            'display_id', OLD.display_id, 'note', OLD.note, 'work_mode', OLD.work_mode, 'active', OLD.active,
            'locked', OLD.locked, 'user_guid', OLD.user_guid,
            'selected_callback_number_id', OLD.selected_callback_number_id,
            'prevent_auto_callback_number', OLD.prevent_auto_callback_number,
            'created_at', OLD.created_at),
        json_object('user_id', NEW.user_id, 'ram_id', NEW.ram_id, 'role', NEW.role,
            'extension', NEW.extension, 'display_name', NEW.display_name, 'email', NEW.email,
            'mobile', NEW.mobile, 'nickname', NEW.nickname, 'avatar_url', NEW.avatar_url,
            'display_id', NEW.display_id, 'note', NEW.note, 'work_mode', NEW.work_mode, 'active', NEW.active,
            'locked', NEW.locked, 'user_guid', NEW.user_guid,
            'selected_callback_number_id', NEW.selected_callback_number_id,
            'prevent_auto_callback_number', NEW.prevent_auto_callback_number,
            'created_at', NEW.created_at));
END;
CREATE TRIGGER user_delete_logged AFTER DELETE ON user BEGIN
    INSERT INTO change_entry (entity, action, instance_id, user_id, old)
    VALUES ('user', 'delete', OLD.instance_id, OLD.user_id,
        json_object('user_id', OLD.user_id, 'ram_id', OLD.ram_id, 'role', OLD.role,
            'extension', OLD.extension, 'display_name', OLD.display_name, 'email', OLD.email,
            'mobile', OLD.mobile, 'nickname', OLD.nickname, 'avatar_url', OLD.avatar_url,
            'display_id', OLD.display_id, 'note', OLD.note, 'work_mode', OLD.work_mode, 'active', OLD.active,
            'locked', OLD.locked, 'user_guid', OLD.user_guid,
            'selected_callback_number_id', OLD.selected_callback_number_id,
            'prevent_auto_callback_number', OLD.prevent_auto_callback_number,
            'created_at', OLD.created_at));
END;

-- skill_group -------------------------------------------------------------------------------------

CREATE TRIGGER skill_group_insert_logged AFTER INSERT ON skill_group BEGIN
    INSERT INTO change_entry (entity, action, instance_id, skill_group_id, new)
    VALUES ('skill_group', 'insert', NEW.instance_id, NEW.skill_group_id,
        json_object('skill_group_id', NEW.skill_group_id, 'name', NEW.name,
            'display_name', NEW.display_name, 'description', NEW.description,
            'media_type', NEW.media_type, 'skill_group_guid', NEW.skill_group_guid,
            'created_at', NEW.created_at));
END;
CREATE TRIGGER skill_group_update_logged
AFTER UPDATE OF skill_group_id, name, display_name, description, media_type, skill_group_guid,
                created_at
ON skill_group BEGIN
    INSERT INTO change_entry (entity, action, instance_id, skill_group_id, old, new)
    VALUES ('skill_group', 'update', NEW.instance_id, NEW.skill_group_id,
        json_object('skill_group_id', OLD.skill_group_id, 'name', OLD.name,
            'display_name', OLD.display_name, 'description', OLD.description,
            'media_type', OLD.media_type, 'skill_group_guid', OLD.skill_group_guid,
            'created_at', OLD.created_at),
        json_object('skill_group_id', NEW.skill_group_id, 'name', NEW.name,
            'display_name', NEW.display_name, 'description', NEW.description,
            'media_type', NEW.media_type, 'skill_group_guid', NEW.skill_group_guid,
            'created_at', NEW.created_at));
END;
CREATE TRIGGER skill_group_delete_logged AFTER DELETE ON skill_group BEGIN
    INSERT INTO change_entry (entity, action, instance_id, skill_group_id, old)
    VALUES ('skill_group', 'delete', OLD.instance_id, OLD.skill_group_id,
        json_object('skill_group_id', OLD.skill_group_id, 'name', OLD.name,
            'display_name', OLD.display_name, 'description', OLD.description,
            'media_type', OLD.media_type, 'skill_group_guid', OLD.skill_group_guid,
            'created_at', OLD.created_at));
END;

-- skill_group_member ------------------------------------------------------------------------------

CREATE TRIGGER skill_group_member_insert_logged AFTER INSERT ON skill_group_member BEGIN
    INSERT INTO change_entry (entity, action, instance_id, user_id, skill_group_id, new)
    VALUES ('skill_group_member', 'insert', NEW.instance_id, NEW.user_id, NEW.skill_group_id,
        json_object('skill_group_id', NEW.skill_group_id, 'user_id', NEW.user_id,
            'skill_level', NEW.skill_level, 'added_at', NEW.added_at));
END;
CREATE TRIGGER skill_group_member_update_logged
AFTER UPDATE OF skill_group_id, user_id, skill_level, added_at
ON skill_group_member BEGIN
    INSERT INTO change_entry (entity, action, instance_id, user_id, skill_group_id, old, new)
    VALUES ('skill_group_member', 'update', NEW.instance_id, NEW.user_id, NEW.skill_group_id,
        json_object('skill_group_id', OLD.skill_group_id, 'user_id', OLD.user_id,
            'skill_level', OLD.skill_level, 'added_at', OLD.added_at),
        json_object('skill_group_id', NEW.skill_group_id, 'user_id', NEW.user_id,
            'skill_level', NEW.skill_level, 'added_at', NEW.added_at));
END;
CREATE TRIGGER skill_group_member_delete_logged AFTER DELETE ON skill_group_member BEGIN
    INSERT INTO change_entry (entity, action, instance_id, user_id, skill_group_id, old)
    VALUES ('skill_group_member', 'delete', OLD.instance_id, OLD.user_id, OLD.skill_group_id,
        json_object('skill_group_id', OLD.skill_group_id, 'user_id', OLD.user_id,
            'skill_level', OLD.skill_level, 'added_at', OLD.added_at));
END;

-- contact_flow ------------------------------------------------------------------------------------

CREATE TRIGGER contact_flow_insert_logged AFTER INSERT ON contact_flow BEGIN
    INSERT INTO change_entry (entity, action, instance_id, new)
    VALUES ('contact_flow', 'insert', NEW.instance_id,
        json_object('contact_flow_id', NEW.contact_flow_id, 'name', NEW.name,
            'description', NEW.description, 'type', NEW.type, 'definition', NEW.definition,
            'draft_id', NEW.draft_id, 'editor', NEW.editor, 'published', NEW.published,
            'created_at', NEW.created_at, 'updated_at', NEW.updated_at));
END;
CREATE TRIGGER contact_flow_update_logged
AFTER UPDATE OF contact_flow_id, name, description, type, definition, draft_id, editor, published,
                created_at, updated_at
ON contact_flow BEGIN
    INSERT INTO change_entry (entity, action, instance_id, old, new)
    VALUES ('contact_flow', 'update', NEW.instance_id,
        json_object('contact_flow_id', OLD.contact_flow_id, 'name', OLD.name,
            'description', OLD.description, 'type', OLD.type, 'definition', OLD.definition,
            'draft_id', OLD.draft_id, 'editor', OLD.editor, 'published', OLD.published,
            'created_at', OLD.created_at, 'updated_at', OLD.updated_at),
        json_object('contact_flow_id', NEW.contact_flow_id, 'name', NEW.name,
            'description', NEW.description, 'type', NEW.type, 'definition', NEW.definition,
            'draft_id', NEW.draft_id, 'editor', NEW.editor, 'published', NEW.published,
            'created_at', NEW.created_at, 'updated_at', NEW.updated_at));
END;
CREATE TRIGGER contact_flow_delete_logged AFTER DELETE ON contact_flow BEGIN
    INSERT INTO change_entry (entity, action, instance_id, old)
    VALUES ('contact_flow', 'delete', OLD.instance_id,
        json_object('contact_flow_id', OLD.contact_flow_id, 'name', OLD.name,
            'description', OLD.description, 'type', OLD.type, 'definition', OLD.definition,
            'draft_id', OLD.draft_id, 'editor', OLD.editor, 'published', OLD.published,
            'created_at', OLD.created_at, 'updated_at', OLD.updated_at));
END;

-- phone_number ------------------------------------------------------------------------------------

CREATE TRIGGER phone_number_insert_logged AFTER INSERT ON phone_number BEGIN
    INSERT INTO change_entry (entity, action, instance_id, number, new)
    VALUES ('phone_number', 'insert', NEW.instance_id, NEW.number,
        json_object('instance_id', NEW.instance_id, 'number', NEW.number, 'usage', NEW.usage,
            'active', NEW.active, 'province', NEW.province, 'city', NEW.city,
            'contact_flow_id', NEW.contact_flow_id, 'provider', NEW.provider,
            'corp_name', NEW.corp_name, 'tags', json(NEW.tags), 'note', NEW.note,
            'callback_number_id', NEW.callback_number_id,
            'callback_number_name', NEW.callback_number_name, 'created_at', NEW.created_at));
END;
CREATE TRIGGER phone_number_update_logged
AFTER UPDATE OF instance_id, number, usage, active, province, city, contact_flow_id, provider,
                corp_name, tags, note, callback_number_id, callback_number_name, created_at
ON phone_number BEGIN
    INSERT INTO change_entry (entity, action, instance_id, number, old, new)
    VALUES ('phone_number', 'update', coalesce(NEW.instance_id, OLD.instance_id), NEW.number,
        json_object('instance_id', OLD.instance_id, 'number', OLD.number, 'usage', OLD.usage,
            'active', OLD.active, 'province', OLD.province, 'city', OLD.city,
            'contact_flow_id', OLD.contact_flow_id, 'provider', OLD.provider,
            'corp_name', OLD.corp_name, 'tags', json(OLD.tags), 'note', OLD.note,
            'callback_number_id', OLD.callback_number_id,
            'callback_number_name', OLD.callback_number_name, 'created_at', OLD.created_at),
        json_object('instance_id', NEW.instance_id, 'number', NEW.number, 'usage', NEW.usage,
            'active', NEW.active, 'province', NEW.province, 'city', NEW.city,
            'contact_flow_id', NEW.contact_flow_id, 'provider', NEW.provider,
            'corp_name', NEW.corp_name, 'tags', json(NEW.tags), 'note', NEW.note,
            'callback_number_id', NEW.callback_number_id,
            'callback_number_name', NEW.callback_number_name, 'created_at', NEW.created_at));
END;
CREATE TRIGGER phone_number_delete_logged AFTER DELETE ON phone_number BEGIN
    INSERT INTO change_entry (entity, action, instance_id, number, old)
    VALUES ('phone_number', 'delete', OLD.instance_id, OLD.number,
        json_object('instance_id', OLD.instance_id, 'number', OLD.number, 'usage', OLD.usage,
            'active', OLD.active, 'province', OLD.province, 'city', OLD.city,
            'contact_flow_id', OLD.contact_flow_id, 'provider', OLD.provider,
            'corp_name', OLD.corp_name, 'tags', json(OLD.tags), 'note', OLD.note,
            'callback_number_id', OLD.callback_number_id,
            'callback_number_name', OLD.callback_number_name, 'created_at', OLD.created_at));
END;

-- skill_group_number ------------------------------------------------------------------------------

CREATE TRIGGER skill_group_number_insert_logged AFTER INSERT ON skill_group_number BEGIN
    INSERT INTO change_entry (entity, action, instance_id, number, skill_group_id, new)
    VALUES ('skill_group_number', 'insert', NEW.instance_id, NEW.number, NEW.skill_group_id,
        json_object('skill_group_id', NEW.skill_group_id, 'number', NEW.number,
            'bound_at', NEW.bound_at));
END;
CREATE TRIGGER skill_group_number_delete_logged AFTER DELETE ON skill_group_number BEGIN
    INSERT INTO change_entry (entity, action, instance_id, number, skill_group_id, old)
    VALUES ('skill_group_number', 'delete', OLD.instance_id, OLD.number, OLD.skill_group_id,
        json_object('skill_group_id', OLD.skill_group_id, 'number', OLD.number,
            'bound_at', OLD.bound_at));
END;

-- personal_assignment -----------------------------------------------------------------------------

CREATE TRIGGER personal_assignment_insert_logged AFTER INSERT ON personal_assignment BEGIN
    INSERT INTO change_entry (entity, action, instance_id, number, user_id, assignment_id, new)
    VALUES ('personal_assignment', 'insert', NEW.instance_id, NEW.number, NEW.user_id,
        NEW.assignment_id,
        json_object('number', NEW.number, 'user_id', NEW.user_id, 'assigned_at', NEW.assigned_at,
            'released_at', NEW.released_at));
END;
CREATE TRIGGER personal_assignment_update_logged
AFTER UPDATE OF number, user_id, assigned_at, released_at
ON personal_assignment BEGIN
    INSERT INTO change_entry (entity, action, instance_id, number, user_id, assignment_id, old, new)
    VALUES ('personal_assignment', 'update', NEW.instance_id, NEW.number, NEW.user_id,
        NEW.assignment_id,
        json_object('number', OLD.number, 'user_id', OLD.user_id, 'assigned_at', OLD.assigned_at,
            'released_at', OLD.released_at),
        json_object('number', NEW.number, 'user_id', NEW.user_id, 'assigned_at', NEW.assigned_at,
            'released_at', NEW.released_at));
END;

-- reservation -------------------------------------------------------------------------------------

CREATE TRIGGER reservation_insert_logged AFTER INSERT ON reservation BEGIN
    INSERT INTO change_entry (entity, action, instance_id, number, user_id, new)
    VALUES ('reservation', 'insert', NEW.instance_id, NEW.number, NEW.for_user_id,
        json_object('reservation_id', NEW.reservation_id, 'number', NEW.number,
            'kind', NEW.kind, 'for_user_id', NEW.for_user_id,
            'reserved_at', NEW.reserved_at, 'until_at', NEW.until_at,
            'reason', NEW.reason, 'made_by', NEW.made_by, 'ended_at', NEW.ended_at));
END;
CREATE TRIGGER reservation_update_logged
AFTER UPDATE OF reservation_id, number, kind, for_user_id, reserved_at, until_at, reason, made_by,
                ended_at
ON reservation BEGIN
    INSERT INTO change_entry (entity, action, instance_id, number, user_id, old, new)
    VALUES ('reservation', 'update', NEW.instance_id, NEW.number, NEW.for_user_id,
        json_object('reservation_id', OLD.reservation_id, 'number', OLD.number,
            'kind', OLD.kind, 'for_user_id', OLD.for_user_id,
            'reserved_at', OLD.reserved_at, 'until_at', OLD.until_at,
            'reason', OLD.reason, 'made_by', OLD.made_by, 'ended_at', OLD.ended_at),
        json_object('reservation_id', NEW.reservation_id, 'number', NEW.number,
            'kind', NEW.kind, 'for_user_id', NEW.for_user_id,
            'reserved_at', NEW.reserved_at, 'until_at', NEW.until_at,
            'reason', NEW.reason, 'made_by', NEW.made_by, 'ended_at', NEW.ended_at));
END;
