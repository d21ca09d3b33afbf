-- A secret that is replaced while a temporary trigger keeps its line out of the log is noticed:
-- the log has a mark of each secret, the last characters of its hash or ciphertext, which `check`
-- compares. A mark of 64 bits, or 36 of a password, says nothing of the secret. One that is
-- replaced by another with the same mark leaves a line all the same: `replaced`, as all did before
-- this migration. Those lines have no mark, and are compared with nothing.

-- ram_user --------------------------------------------------------------------------------------

DROP TRIGGER ram_user_insert_logged;
CREATE TRIGGER ram_user_insert_logged AFTER INSERT ON ram_user BEGIN
    INSERT INTO change_entry (entity, action, new)
    VALUES ('ram_user', 'insert',
        json_object('ram_id', NEW.ram_id, 'login_name', NEW.login_name,
            'display_name', NEW.display_name, 'email', NEW.email, 'mobile', NEW.mobile,
            'is_root', NEW.is_root, 'password_changed_at', NEW.password_changed_at,
            'created_at', NEW.created_at,
            'password_hash', substr(NEW.password_hash, -6)));
END;
DROP TRIGGER ram_user_update_logged;
CREATE TRIGGER ram_user_update_logged
AFTER UPDATE OF ram_id, login_name, display_name, email, mobile, is_root, password_changed_at,
                created_at, password_hash
ON ram_user BEGIN
    INSERT INTO change_entry (entity, action, old, new)
    VALUES ('ram_user', 'update',
        json_object('ram_id', OLD.ram_id, 'login_name', OLD.login_name,
            'display_name', OLD.display_name, 'email', OLD.email, 'mobile', OLD.mobile,
            'is_root', OLD.is_root, 'password_changed_at', OLD.password_changed_at,
            'created_at', OLD.created_at,
            'password_hash', substr(OLD.password_hash, -6)),
        json_patch(json_object('ram_id', NEW.ram_id, 'login_name', NEW.login_name,
            'display_name', NEW.display_name, 'email', NEW.email, 'mobile', NEW.mobile,
            'is_root', NEW.is_root, 'password_changed_at', NEW.password_changed_at,
            'created_at', NEW.created_at,
            'password_hash', substr(NEW.password_hash, -6)),
            iif(NEW.password_hash IS NOT OLD.password_hash
                AND substr(NEW.password_hash, -6) IS substr(OLD.password_hash, -6),
                '{"password_hash":"replaced"}', '{}')));
END;

-- access_key ------------------------------------------------------------------------------------

DROP TRIGGER access_key_insert_logged;
CREATE TRIGGER access_key_insert_logged AFTER INSERT ON access_key BEGIN
    INSERT INTO change_entry (entity, action, new)
    VALUES ('access_key', 'insert',
        json_object('access_key_id', NEW.access_key_id, 'ram_id', NEW.ram_id,
            'revoked_at', NEW.revoked_at, 'created_at', NEW.created_at,
            'secret_ciphertext',
                substr(hex(NEW.secret_nonce), -8) || substr(hex(NEW.secret_ciphertext), -8)));
END;
DROP TRIGGER access_key_update_logged;
CREATE TRIGGER access_key_update_logged
AFTER UPDATE OF access_key_id, ram_id, revoked_at, created_at, secret_nonce, secret_ciphertext
ON access_key BEGIN
    INSERT INTO change_entry (entity, action, old, new)
    VALUES ('access_key', 'update',
        json_object('access_key_id', OLD.access_key_id, 'ram_id', OLD.ram_id,
            'revoked_at', OLD.revoked_at, 'created_at', OLD.created_at,
            'secret_ciphertext',
                substr(hex(OLD.secret_nonce), -8) || substr(hex(OLD.secret_ciphertext), -8)),
        json_patch(json_object('access_key_id', NEW.access_key_id, 'ram_id', NEW.ram_id,
            'revoked_at', NEW.revoked_at, 'created_at', NEW.created_at,
            'secret_ciphertext',
                substr(hex(NEW.secret_nonce), -8) || substr(hex(NEW.secret_ciphertext), -8)),
            iif((NEW.secret_nonce IS NOT OLD.secret_nonce
                    OR NEW.secret_ciphertext IS NOT OLD.secret_ciphertext)
                AND substr(NEW.secret_nonce, -4) IS substr(OLD.secret_nonce, -4)
                AND substr(NEW.secret_ciphertext, -4) IS substr(OLD.secret_ciphertext, -4),
                '{"secret_ciphertext":"replaced"}', '{}')));
END;

-- api_token -------------------------------------------------------------------------------------

DROP TRIGGER api_token_insert_logged;
CREATE TRIGGER api_token_insert_logged AFTER INSERT ON api_token BEGIN
    INSERT INTO change_entry (entity, action, new)
    VALUES ('api_token', 'insert',
        json_object('token_id', NEW.token_id, 'ram_id', NEW.ram_id, 'name', NEW.name,
            'expires_at', NEW.expires_at, 'revoked_at', NEW.revoked_at,
            'created_at', NEW.created_at, 'read_only', NEW.read_only,
            'instance_id', NEW.instance_id,
            'token_hash', substr(hex(NEW.token_hash), -16)));
END;
DROP TRIGGER api_token_update_logged;
CREATE TRIGGER api_token_update_logged
AFTER UPDATE OF token_id, ram_id, name, expires_at, revoked_at, created_at, read_only, instance_id,
    token_hash ON api_token BEGIN
    INSERT INTO change_entry (entity, action, old, new)
    VALUES ('api_token', 'update',
        json_object('token_id', OLD.token_id, 'ram_id', OLD.ram_id, 'name', OLD.name,
            'expires_at', OLD.expires_at, 'revoked_at', OLD.revoked_at,
            'created_at', OLD.created_at, 'read_only', OLD.read_only,
            'instance_id', OLD.instance_id,
            'token_hash', substr(hex(OLD.token_hash), -16)),
        json_patch(json_object('token_id', NEW.token_id, 'ram_id', NEW.ram_id, 'name', NEW.name,
            'expires_at', NEW.expires_at, 'revoked_at', NEW.revoked_at,
            'created_at', NEW.created_at, 'read_only', NEW.read_only,
            'instance_id', NEW.instance_id,
            'token_hash', substr(hex(NEW.token_hash), -16)),
            iif(NEW.token_hash IS NOT OLD.token_hash
                AND substr(NEW.token_hash, -8) IS substr(OLD.token_hash, -8),
                '{"token_hash":"replaced"}', '{}')));
END;

-- oauth_client ----------------------------------------------------------------------------------

DROP TRIGGER oauth_client_insert_logged;
CREATE TRIGGER oauth_client_insert_logged AFTER INSERT ON oauth_client BEGIN
    INSERT INTO change_entry (entity, action, instance_id, new)
    VALUES ('oauth_client', 'insert', NEW.instance_id,
        json_object('client_id', NEW.client_id, 'name', NEW.name, 'scopes', NEW.scopes,
            'secret_changed_at', NEW.secret_changed_at, 'revoked_at', NEW.revoked_at,
            'created_at', NEW.created_at,
            'secret_hash', substr(hex(NEW.secret_hash), -16)));
END;
DROP TRIGGER oauth_client_update_logged;
CREATE TRIGGER oauth_client_update_logged
AFTER UPDATE OF client_id, name, scopes, secret_changed_at, revoked_at, created_at, secret_hash
ON oauth_client BEGIN
    INSERT INTO change_entry (entity, action, instance_id, old, new)
    VALUES ('oauth_client', 'update', NEW.instance_id,
        json_object('client_id', OLD.client_id, 'name', OLD.name, 'scopes', OLD.scopes,
            'secret_changed_at', OLD.secret_changed_at, 'revoked_at', OLD.revoked_at,
            'created_at', OLD.created_at,
            'secret_hash', substr(hex(OLD.secret_hash), -16)),
        json_patch(json_object('client_id', NEW.client_id, 'name', NEW.name, 'scopes', NEW.scopes,
            'secret_changed_at', NEW.secret_changed_at, 'revoked_at', NEW.revoked_at,
            'created_at', NEW.created_at,
            'secret_hash', substr(hex(NEW.secret_hash), -16)),
            iif(NEW.secret_hash IS NOT OLD.secret_hash
                AND substr(NEW.secret_hash, -8) IS substr(OLD.secret_hash, -8),
                '{"secret_hash":"replaced"}', '{}')));
END;
