-- The rules of credentials and of the change log, written as those of V3 are.

-- Credentials: each keeps its id and its owner; a replaced secret is logged (V7) -----------------

CREATE TRIGGER access_key_insert BEFORE INSERT ON access_key
WHEN EXISTS (SELECT 1 FROM access_key WHERE access_key_id = NEW.access_key_id) BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: this AccessKey is there already');
END;
CREATE TRIGGER access_key_update_key BEFORE UPDATE OF access_key_id, ram_id ON access_key
WHEN NEW.access_key_id IS NOT OLD.access_key_id OR NEW.ram_id IS NOT OLD.ram_id BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: an AccessKey keeps its id and its login');
END;

CREATE TRIGGER api_token_insert BEFORE INSERT ON api_token
WHEN EXISTS (SELECT 1 FROM api_token WHERE token_id = NEW.token_id)
  OR EXISTS (SELECT 1 FROM api_token WHERE token_hash = NEW.token_hash) BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: this token is there already');
END;
CREATE TRIGGER api_token_update_key BEFORE UPDATE OF token_id, ram_id, token_hash ON api_token
WHEN NEW.token_id IS NOT OLD.token_id OR NEW.ram_id IS NOT OLD.ram_id
  OR EXISTS (SELECT 1 FROM api_token
              WHERE token_hash = NEW.token_hash AND token_id <> OLD.token_id) BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: a token keeps its id and its login');
END;

CREATE TRIGGER oauth_client_insert BEFORE INSERT ON oauth_client
WHEN EXISTS (SELECT 1 FROM oauth_client WHERE client_id = NEW.client_id) BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: this client is there already');
END;
CREATE TRIGGER oauth_client_update_key BEFORE UPDATE OF client_id, instance_id ON oauth_client
WHEN NEW.client_id IS NOT OLD.client_id OR NEW.instance_id IS NOT OLD.instance_id BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: a client keeps its id and its instance');
END;

CREATE TRIGGER oauth_token_insert BEFORE INSERT ON oauth_token
WHEN EXISTS (SELECT 1 FROM oauth_token WHERE token_hash = NEW.token_hash) BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: this token is there already');
END;
CREATE TRIGGER oauth_token_update BEFORE UPDATE ON oauth_token BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: a token stays as it was issued');
END;

-- change: the log --------------------------------------------------------------------------------

-- A line is written by the triggers of V7 with what write_context says, so that an edit by hand
-- names nobody.
CREATE TRIGGER change_insert BEFORE INSERT ON change
WHEN (NEW.change_id > 0
      AND NEW.change_id IS NOT (SELECT coalesce(max(change_id), 0) + 1 FROM change))
  OR NEW.via IS NOT coalesce((SELECT via FROM write_context), 'sql')
  OR NEW.actor IS NOT coalesce((SELECT actor FROM write_context), '')
  OR NEW.request_id IS NOT coalesce((SELECT request_id FROM write_context), '')
  OR NEW.reason IS NOT coalesce((SELECT reason FROM write_context), '')
  OR NEW.changed_at IS NULL
  OR abs(NEW.changed_at - (SELECT now FROM v_now)) > 60000 BEGIN
    SELECT RAISE(ABORT, 'rule:history_is_kept: the change log is only added to');
END;
-- Every change leaves a line, so this catches everybody who could give a reason and did not. The
-- vendors' clients and the shell have no way to give one.
CREATE TRIGGER change_reason BEFORE INSERT ON change
WHEN trim(NEW.reason, char(9, 10, 13, 32, 160, 12288)) = ''
 AND NEW.via IN ('admin', 'console', 'cli')
 AND (EXISTS (SELECT 1 FROM instance
               WHERE instance_id = NEW.instance_id AND reason_required = 1)
      OR (NEW.entity = 'instance' AND json_extract(NEW.old, '$.reason_required') = 1)) BEGIN
    SELECT RAISE(ABORT, 'rule:reason_is_required: changes of this instance need a reason');
END;
-- A run makes its changes later, so it is asked for its reason when it is stored.
CREATE TRIGGER run_reason BEFORE INSERT ON run
WHEN EXISTS (SELECT 1 FROM instance WHERE instance_id = NEW.instance_id AND reason_required = 1)
 AND EXISTS (SELECT 1 FROM write_context
              WHERE trim(reason, char(9, 10, 13, 32, 160, 12288)) = ''
                AND via IN ('admin', 'console', 'cli')) BEGIN
    SELECT RAISE(ABORT, 'rule:reason_is_required: changes of this instance need a reason');
END;
-- Erasing a person replaces their name, and empties what their own rows say of them; what was done
-- when and with what stays.
CREATE TRIGGER change_update BEFORE UPDATE ON change
WHEN NOT EXISTS (SELECT 1 FROM forgetting)
  OR (NEW.change_id, NEW.changed_at, NEW.via, NEW.request_id, NEW.entity, NEW.action,
      NEW.instance_id, NEW.number, NEW.skill_group_id, NEW.assignment_id,
      NEW.old IS NULL, NEW.new IS NULL)
  IS NOT
     (OLD.change_id, OLD.changed_at, OLD.via, OLD.request_id, OLD.entity, OLD.action,
      OLD.instance_id, OLD.number, OLD.skill_group_id, OLD.assignment_id,
      OLD.old IS NULL, OLD.new IS NULL)
  OR (NEW.actor IS NOT OLD.actor
      AND (OLD.actor, NEW.actor) IS NOT (SELECT login_name, pseudonym FROM forgetting))
  OR (NEW.user_id IS NOT OLD.user_id
      AND (OLD.user_id, NEW.user_id) IS NOT
          (SELECT login_name || '@' || OLD.instance_id,
                  pseudonym || '@' || OLD.instance_id FROM forgetting))
  OR (NEW.reason IS NOT OLD.reason
      AND NOT instr(NEW.reason, (SELECT pseudonym FROM forgetting)))
  OR EXISTS (
      SELECT 1 FROM (SELECT OLD.old AS was, NEW.old AS becomes
                     UNION ALL SELECT OLD.new, NEW.new) AS line
       WHERE (SELECT json_group_array(fullkey) FROM json_each(line.was)) IS NOT
             (SELECT json_group_array(fullkey) FROM json_each(line.becomes))
          OR EXISTS (
              SELECT 1 FROM json_each(line.was) AS w JOIN json_each(line.becomes) AS b
                                                       ON b.fullkey = w.fullkey
               WHERE b.type IS NOT w.type
                  OR (b.value IS NOT w.value
                      AND NOT instr(b.value, (SELECT pseudonym FROM forgetting))
                      AND NOT (b.value = '' AND OLD.entity IN
                               ('user', 'ram_user', 'api_token', 'access_key'))))) BEGIN
    SELECT RAISE(ABORT, 'rule:history_is_kept: the change log is only added to');
END;
CREATE TRIGGER change_delete BEFORE DELETE ON change
WHEN NOT EXISTS (SELECT 1 FROM write_context)
  OR NOT EXISTS (SELECT 1 FROM change_archive WHERE last_change_id >= OLD.change_id) BEGIN
    SELECT RAISE(ABORT, 'rule:history_is_kept: only lines that were archived are removed, by the program');
END;

-- undone: part of the log, written by the program only.
CREATE TRIGGER undone_insert BEFORE INSERT ON undone
WHEN NOT EXISTS (SELECT 1 FROM write_context)
  OR NOT EXISTS (SELECT 1 FROM change WHERE change_id = NEW.change_id)
  OR NOT EXISTS (SELECT 1 FROM change WHERE change_id = NEW.undone_by)
  OR EXISTS (SELECT 1 FROM undone
              WHERE change_id = NEW.change_id AND undone_by = NEW.undone_by) BEGIN
    SELECT RAISE(ABORT, 'rule:history_is_kept: only the program records what undid what');
END;
CREATE TRIGGER undone_update BEFORE UPDATE ON undone BEGIN
    SELECT RAISE(ABORT, 'rule:history_is_kept: the change log is only added to');
END;
CREATE TRIGGER undone_delete BEFORE DELETE ON undone
WHEN NOT EXISTS (SELECT 1 FROM write_context)
  OR NOT EXISTS (SELECT 1 FROM change_archive WHERE last_change_id >= OLD.change_id) BEGIN
    SELECT RAISE(ABORT, 'rule:history_is_kept: only lines that were archived are removed, by the program');
END;

-- change_archive: written by the program, in the transaction that removes the lines.
CREATE TRIGGER change_archive_insert BEFORE INSERT ON change_archive
WHEN NOT EXISTS (SELECT 1 FROM write_context)
  OR NEW.first_change_id IS NOT
     (SELECT coalesce(max(last_change_id), 0) + 1 FROM change_archive)
  OR NEW.lines IS NOT (SELECT count(*) FROM change WHERE change_id <= NEW.last_change_id)
  OR NEW.last_assignment_id IS NOT
     (SELECT max((SELECT coalesce(max(last_assignment_id), 0) FROM change_archive),
                 (SELECT coalesce(max(assignment_id), 0) FROM change
                   WHERE change_id <= NEW.last_change_id)))
  OR EXISTS (SELECT 1 FROM change
              WHERE change_id <= NEW.last_change_id AND changed_at >= NEW.before) BEGIN
    SELECT RAISE(ABORT, 'rule:history_is_kept: only the program archives lines of the log');
END;
CREATE TRIGGER change_archive_update BEFORE UPDATE ON change_archive BEGIN
    SELECT RAISE(ABORT, 'rule:history_is_kept: what was archived is not rewritten');
END;
CREATE TRIGGER change_archive_delete BEFORE DELETE ON change_archive BEGIN
    SELECT RAISE(ABORT, 'rule:history_is_kept: what was archived is not rewritten');
END;

-- forgetting: only the program does, and it ends with a row that says so.
CREATE TRIGGER forgetting_insert BEFORE INSERT ON forgetting
WHEN NOT EXISTS (SELECT 1 FROM write_context)
  OR EXISTS (SELECT 1 FROM forgetting)
  OR EXISTS (SELECT 1 FROM forgotten_person WHERE pseudonym = NEW.pseudonym)
  OR EXISTS (SELECT 1 FROM ram_user
              WHERE login_name IN (NEW.pseudonym, NEW.login_name)) BEGIN
    SELECT RAISE(ABORT, 'rule:history_is_kept: only the program forgets a person');
END;
CREATE TRIGGER forgetting_update BEFORE UPDATE ON forgetting BEGIN
    SELECT RAISE(ABORT, 'rule:history_is_kept: only the program forgets a person');
END;
CREATE TRIGGER forgetting_delete BEFORE DELETE ON forgetting
WHEN EXISTS (SELECT 1 FROM write_context)
 AND NOT EXISTS (SELECT 1 FROM forgotten_person WHERE pseudonym = OLD.pseudonym) BEGIN
    SELECT RAISE(ABORT, 'rule:history_is_kept: who was forgotten leaves a line that says so');
END;
CREATE TRIGGER forgotten_person_insert BEFORE INSERT ON forgotten_person
WHEN NEW.pseudonym IS NOT (SELECT pseudonym FROM forgetting)
  OR EXISTS (SELECT 1 FROM forgotten_person WHERE pseudonym = NEW.pseudonym) BEGIN
    SELECT RAISE(ABORT, 'rule:history_is_kept: only the program forgets a person');
END;
CREATE TRIGGER forgotten_person_update BEFORE UPDATE ON forgotten_person BEGIN
    SELECT RAISE(ABORT, 'rule:history_is_kept: who was forgotten stays forgotten');
END;
CREATE TRIGGER forgotten_person_delete BEFORE DELETE ON forgotten_person BEGIN
    SELECT RAISE(ABORT, 'rule:history_is_kept: who was forgotten stays forgotten');
END;

-- origin: lines of the log refer to its rows.
CREATE TRIGGER origin_insert BEFORE INSERT ON origin
WHEN EXISTS (SELECT 1 FROM origin WHERE name = NEW.name) BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: this origin is there already');
END;
CREATE TRIGGER origin_update BEFORE UPDATE ON origin
WHEN NEW.name IS NOT OLD.name BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: an origin keeps its name');
END;
CREATE TRIGGER origin_delete BEFORE DELETE ON origin BEGIN
    SELECT RAISE(ABORT, 'rule:referenced_row_is_kept: changes came from there');
END;
CREATE TRIGGER write_context_insert BEFORE INSERT ON write_context
WHEN NOT EXISTS (SELECT 1 FROM origin WHERE name = NEW.via) BEGIN
    SELECT RAISE(ABORT, 'rule:history_is_kept: there is no such origin of a change');
END;
