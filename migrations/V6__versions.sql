-- Versions: each row that a person edits has one, and it grows with every change that a reader can see. Two editors of
-- the same row notice each other by it.

CREATE TRIGGER phone_number_version AFTER UPDATE OF instance_id, usage, active, province, city, contact_flow_id, provider, corp_name, tags, callback_number_name ON phone_number BEGIN
    UPDATE phone_number SET version = version + 1 WHERE phone_number_id = NEW.phone_number_id;
END;

-- Who holds a number is part of what a reader sees of it.
CREATE TRIGGER personal_assignment_opened_version AFTER INSERT ON personal_assignment
WHEN NEW.released_at IS NULL BEGIN
    UPDATE phone_number SET version = version + 1 WHERE instance_id = NEW.instance_id AND number = NEW.number;
END;
CREATE TRIGGER personal_assignment_closed_version AFTER UPDATE OF released_at ON personal_assignment BEGIN
    UPDATE phone_number SET version = version + 1 WHERE instance_id = NEW.instance_id AND number = NEW.number;
END;
CREATE TRIGGER skill_group_number_bound_version AFTER INSERT ON skill_group_number BEGIN
    UPDATE phone_number SET version = version + 1 WHERE instance_id = NEW.instance_id AND number = NEW.number;
END;
CREATE TRIGGER skill_group_number_unbound_version AFTER DELETE ON skill_group_number BEGIN
    UPDATE phone_number SET version = version + 1 WHERE instance_id = OLD.instance_id AND number = OLD.number;
END;

CREATE TRIGGER instance_version AFTER UPDATE OF name, description, status, personal_numbers ON instance BEGIN
    UPDATE instance SET version = version + 1 WHERE instance_id = NEW.instance_id;
END;

CREATE TRIGGER user_version AFTER UPDATE OF role, extension, display_name, email, mobile, nickname, avatar_url, display_id, work_mode, active, locked,
                                            selected_callback_number_id, prevent_auto_callback_number ON user BEGIN
    UPDATE user SET version = version + 1 WHERE user_id = NEW.user_id;
END;

CREATE TRIGGER skill_group_version AFTER UPDATE OF display_name, description, media_type ON skill_group BEGIN
    UPDATE skill_group SET version = version + 1 WHERE skill_group_id = NEW.skill_group_id;
END;

CREATE TRIGGER contact_flow_version AFTER UPDATE OF name, description, type, definition, draft_id, editor, published ON contact_flow BEGIN
    UPDATE contact_flow SET version = version + 1 WHERE contact_flow_id = NEW.contact_flow_id;
END;
