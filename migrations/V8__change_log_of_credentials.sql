-- The change log of credentials and of what was archived: that a secret was replaced is logged,
-- never the secret or its hash.

-- access_key --------------------------------------------------------------------------------------

CREATE TRIGGER access_key_insert_logged AFTER INSERT ON access_key BEGIN
    INSERT INTO change_entry (entity, action, new)
    VALUES ('access_key', 'insert',
        json_object('access_key_id', NEW.access_key_id, 'ram_id', NEW.ram_id,
            'revoked_at', NEW.revoked_at, 'created_at', NEW.created_at));
END;
CREATE TRIGGER access_key_update_logged
AFTER UPDATE OF access_key_id, ram_id, revoked_at, created_at, secret_nonce, secret_ciphertext
ON access_key BEGIN
    INSERT INTO change_entry (entity, action, old, new)
    VALUES ('access_key', 'update',
        json_object('access_key_id', OLD.access_key_id, 'ram_id', OLD.ram_id,
            'revoked_at', OLD.revoked_at, 'created_at', OLD.created_at),
        json_patch(json_object('access_key_id', NEW.access_key_id, 'ram_id', NEW.ram_id,
            'revoked_at', NEW.revoked_at, 'created_at', NEW.created_at),
            iif(NEW.secret_nonce IS NOT OLD.secret_nonce
            OR NEW.secret_ciphertext IS NOT OLD.secret_ciphertext,
                '{"secret_ciphertext":"replaced"}', '{}')));
END;
CREATE TRIGGER access_key_delete_logged AFTER DELETE ON access_key BEGIN
    INSERT INTO change_entry (entity, action, old)
    VALUES ('access_key', 'delete',
        json_object('access_key_id', OLD.access_key_id, 'ram_id', OLD.ram_id,
            'revoked_at', OLD.revoked_at, 'created_at', OLD.created_at));
END;

-- api_token ---------------------------------------------------------------------------------------

CREATE TRIGGER api_token_insert_logged AFTER INSERT ON api_token BEGIN
    INSERT INTO change_entry (entity, action, new)
    VALUES ('api_token', 'insert',
        json_object('token_id', NEW.token_id, 'ram_id', NEW.ram_id, 'name', NEW.name,
            'expires_at', NEW.expires_at, 'revoked_at', NEW.revoked_at,
            'created_at', NEW.created_at, 'read_only', NEW.read_only,
            'instance_id', NEW.instance_id));
END;
CREATE TRIGGER api_token_update_logged
AFTER UPDATE OF token_id, ram_id, name, expires_at, revoked_at, created_at, read_only, instance_id,
    token_hash ON api_token BEGIN
    INSERT INTO change_entry (entity, action, old, new)
    VALUES ('api_token', 'update',
        json_object('token_id', OLD.token_id, 'ram_id', OLD.ram_id, 'name', OLD.name,
            'expires_at', OLD.expires_at, 'revoked_at', OLD.revoked_at,
            'created_at', OLD.created_at, 'read_only', OLD.read_only,
            'instance_id', OLD.instance_id),
        json_patch(json_object('token_id', NEW.token_id, 'ram_id', NEW.ram_id, 'name', NEW.name,
            'expires_at', NEW.expires_at, 'revoked_at', NEW.revoked_at,
            'created_at', NEW.created_at, 'read_only', NEW.read_only,
            'instance_id', NEW.instance_id),
            iif(NEW.token_hash IS NOT OLD.token_hash,
                '{"token_hash":"replaced"}', '{}')));
END;
CREATE TRIGGER api_token_delete_logged AFTER DELETE ON api_token BEGIN
    INSERT INTO change_entry (entity, action, old)
    VALUES ('api_token', 'delete',
        json_object('token_id', OLD.token_id, 'ram_id', OLD.ram_id, 'name', OLD.name,
            'expires_at', OLD.expires_at, 'revoked_at', OLD.revoked_at,
            'created_at', OLD.created_at, 'read_only', OLD.read_only,
            'instance_id', OLD.instance_id));
END;

-- oauth_client ------------------------------------------------------------------------------------

CREATE TRIGGER oauth_client_insert_logged AFTER INSERT ON oauth_client BEGIN
    INSERT INTO change_entry (entity, action, instance_id, new)
    VALUES ('oauth_client', 'insert', NEW.instance_id,
        json_object('client_id', NEW.client_id, 'name', NEW.name, 'scopes', NEW.scopes,
            'secret_changed_at', NEW.secret_changed_at, 'revoked_at', NEW.revoked_at,
            'created_at', NEW.created_at));
END;
CREATE TRIGGER oauth_client_update_logged
AFTER UPDATE OF client_id, name, scopes, secret_changed_at, revoked_at, created_at, secret_hash
ON oauth_client BEGIN
    INSERT INTO change_entry (entity, action, instance_id, old, new)
    VALUES ('oauth_client', 'update', NEW.instance_id,
        json_object('client_id', OLD.client_id, 'name', OLD.name, 'scopes', OLD.scopes,
            'secret_changed_at', OLD.secret_changed_at, 'revoked_at', OLD.revoked_at,
            'created_at', OLD.created_at),
        json_patch(json_object('client_id', NEW.client_id, 'name', NEW.name, 'scopes', NEW.scopes,
            'secret_changed_at', NEW.secret_changed_at, 'revoked_at', NEW.revoked_at,
            'created_at', NEW.created_at),
            iif(NEW.secret_hash IS NOT OLD.secret_hash,
                '{"secret_hash":"replaced"}', '{}')));
END;
CREATE TRIGGER oauth_client_delete_logged AFTER DELETE ON oauth_client BEGIN
    INSERT INTO change_entry (entity, action, instance_id, old)
    VALUES ('oauth_client', 'delete', OLD.instance_id,
        json_object('client_id', OLD.client_id, 'name', OLD.name, 'scopes', OLD.scopes,
            'secret_changed_at', OLD.secret_changed_at, 'revoked_at', OLD.revoked_at,
            'created_at', OLD.created_at));
END;

-- change_archive ----------------------------------------------------------------------------------

CREATE TRIGGER change_archive_insert_logged AFTER INSERT ON change_archive BEGIN
    INSERT INTO change_entry (entity, action, new)
    VALUES ('change_archive', 'insert',
        json_object('last_change_id', NEW.last_change_id, 'first_change_id', NEW.first_change_id,
            'lines', NEW.lines, 'before', NEW.before, 'last_assignment_id', NEW.last_assignment_id,
            'file', NEW.file, 'sha256', NEW.sha256, 'archived_at', NEW.archived_at));
END;

-- forgotten_person --------------------------------------------------------------------------------

CREATE TRIGGER forgotten_person_insert_logged AFTER INSERT ON forgotten_person BEGIN
    INSERT INTO change_entry (entity, action, new)
    VALUES ('forgotten_person', 'insert',
        json_object('pseudonym', NEW.pseudonym, 'periods', NEW.periods, 'lines', NEW.lines,
            'forgotten_at', NEW.forgotten_at));
END;
-- A row that was put in by hand, and removed although nobody was forgotten, leaves a line too.
CREATE TRIGGER forgetting_broken_off AFTER DELETE ON forgetting
WHEN NOT EXISTS (SELECT 1 FROM forgotten_person WHERE pseudonym = OLD.pseudonym) BEGIN
    INSERT INTO change_entry (entity, action, new)
    VALUES ('forgotten_person', 'insert', json_object('pseudonym', OLD.pseudonym));
END;

-- oauth_token ------------------------------------------------------------------------------------

-- One is issued with every sign-in, which is not logged; one that is put in by hand is.
CREATE TRIGGER oauth_token_put_in_by_hand AFTER INSERT ON oauth_token
WHEN NOT EXISTS (SELECT 1 FROM write_context) BEGIN
    INSERT INTO change_entry (entity, action, new)
    VALUES ('oauth_token', 'insert',
        json_object('client_id', NEW.client_id, 'scopes', NEW.scopes,
            'expires_at', NEW.expires_at));
END;

-- key_file_check ---------------------------------------------------------------------------------

CREATE TRIGGER key_file_check_replaced AFTER UPDATE ON key_file_check BEGIN
    INSERT INTO change_entry (entity, action, old, new)
    VALUES ('key_file_check', 'update', '{}', '{"ciphertext":"replaced"}');
END;
CREATE TRIGGER key_file_check_removed AFTER DELETE ON key_file_check BEGIN
    INSERT INTO change_entry (entity, action, old)
    VALUES ('key_file_check', 'delete', '{}');
END;
