-- The rules of numbers and of who holds them, which hold against every writer, a person at the
-- `sqlite3` shell too.
-- BEFORE triggers rather than foreign keys and unique indexes alone: the shell has foreign keys
-- off, and REPLACE deletes the row in its way without a trigger. And IS NOT rather than <>: REPLACE
-- turns a NULL in a NOT NULL column into the column's default after these triggers have run. The
-- program reads the name behind `rule:`; a person reads the sentence after it.

-- personal_assignment: a number personal to a user -----------------------------------------------

CREATE TRIGGER personal_assignment_insert BEFORE INSERT ON personal_assignment BEGIN
    SELECT RAISE(ABORT, 'rule:history_is_kept: this assignment_id is taken; let the database choose it')
     WHERE EXISTS (SELECT 1 FROM personal_assignment WHERE assignment_id = NEW.assignment_id)
        OR NEW.assignment_id > (SELECT coalesce(max(assignment_id), 0) + 1
                                  FROM personal_assignment);
    SELECT RAISE(ABORT, 'rule:same_instance: the number is not in this instance')
     WHERE NEW.released_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM phone_number
                        WHERE instance_id = NEW.instance_id AND number = NEW.number);
    SELECT RAISE(ABORT, 'rule:same_instance: the user is not in this instance')
     WHERE NEW.released_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM user
                        WHERE instance_id = NEW.instance_id AND user_id = NEW.user_id);
    SELECT RAISE(ABORT, 'rule:bound_number_is_not_personal: a skill group holds this number; unbind it first')
     WHERE NEW.released_at IS NULL
       AND EXISTS (SELECT 1 FROM skill_group_number
                    WHERE instance_id = NEW.instance_id AND number = NEW.number);
    SELECT RAISE(ABORT, 'rule:personal_number_has_one_holder: a user holds this number; release it first')
     WHERE NEW.released_at IS NULL
       AND EXISTS (SELECT 1 FROM personal_assignment AS a
                     JOIN instance AS i ON i.instance_id = a.instance_id
                    WHERE a.instance_id = NEW.instance_id AND a.number = NEW.number
                      AND a.released_at IS NULL
                      AND (i.personal_numbers = 'exclusive' OR a.user_id = NEW.user_id));
    SELECT RAISE(ABORT, 'rule:holder_is_active: the user is archived or locked; activate or unlock the user first')
     WHERE NEW.released_at IS NULL
       AND EXISTS (SELECT 1 FROM user
                    WHERE user_id = NEW.user_id AND (active IS NOT 1 OR locked IS NOT 0));
    SELECT RAISE(ABORT, 'rule:number_is_reserved: the number is cooling down or on hold; end the reservation first')
     WHERE NEW.released_at IS NULL
       AND EXISTS (SELECT 1 FROM reservation
                    WHERE instance_id = NEW.instance_id AND number = NEW.number
                      AND ended_at IS NULL AND until_at > (SELECT now FROM v_now)
                      AND for_user_id IS NOT NEW.user_id);
    SELECT RAISE(ABORT, 'rule:history_is_kept: leave out exclusive; it follows from the instance')
     WHERE NEW.exclusive IS NOT NULL;
    SELECT RAISE(ABORT, 'rule:history_is_kept: an assignment ends now or in the past')
     WHERE NEW.released_at > (SELECT now + 60000 FROM v_now);
    -- Only after the clock was set back may one begin later: when the one before it ended.
    SELECT RAISE(ABORT, 'rule:history_is_kept: an assignment begins now or in the past')
     WHERE NEW.assigned_at > (SELECT now + 60000 FROM v_now)
       AND (NEW.released_at IS NOT NULL
            OR NEW.assigned_at IS NOT (SELECT max(released_at) FROM personal_assignment
                                        WHERE instance_id = NEW.instance_id
                                          AND number = NEW.number));
    -- Of rows that don't overlap, only the last that began before this one, and those that began
    -- later, can overlap with it. Rows without length don't count.
    SELECT RAISE(ABORT, 'rule:history_is_kept: another assignment of this number is in that time')
     WHERE NEW.released_at IS NOT NEW.assigned_at
       AND NOT EXISTS (SELECT 1 FROM instance
                        WHERE instance_id = NEW.instance_id AND personal_numbers = 'shared')
       AND (EXISTS (SELECT 1 FROM personal_assignment
                     WHERE instance_id = NEW.instance_id AND number = NEW.number AND exclusive = 1
                       AND assigned_at >= NEW.assigned_at
                       AND (NEW.released_at IS NULL OR assigned_at < NEW.released_at)
                       AND released_at IS NOT assigned_at)
         OR EXISTS (SELECT 1 FROM (SELECT released_at FROM personal_assignment
                                    WHERE instance_id = NEW.instance_id AND number = NEW.number
                                      AND exclusive = 1 AND assigned_at < NEW.assigned_at
                                      AND released_at IS NOT assigned_at
                                    ORDER BY assigned_at DESC LIMIT 1)
                     WHERE released_at IS NULL OR released_at > NEW.assigned_at));
END;

CREATE TRIGGER personal_assignment_inserted AFTER INSERT ON personal_assignment BEGIN
    UPDATE personal_assignment
       SET exclusive = NOT EXISTS (SELECT 1 FROM instance
                                    WHERE instance_id = NEW.instance_id
                                      AND personal_numbers = 'shared')
     WHERE assignment_id = NEW.assignment_id;
END;

CREATE TRIGGER personal_assignment_update BEFORE UPDATE ON personal_assignment BEGIN
    SELECT RAISE(ABORT, 'rule:history_is_kept: an open assignment can only be closed, by setting released_at')
     WHERE NEW.assignment_id IS NOT OLD.assignment_id
        OR NEW.instance_id IS NOT OLD.instance_id
        OR NEW.number IS NOT OLD.number
        OR (NEW.user_id IS NOT OLD.user_id
            AND (OLD.released_at IS NULL
                 OR (OLD.user_id, NEW.user_id) IS NOT
                    (SELECT login_name || '@' || OLD.instance_id,
                            pseudonym || '@' || OLD.instance_id FROM forgetting)))
        OR NEW.assigned_at IS NOT OLD.assigned_at
        OR CASE WHEN OLD.exclusive IS NULL
                THEN NEW.released_at IS NOT OLD.released_at
                  OR NEW.exclusive IS NOT NOT EXISTS (SELECT 1 FROM instance
                                                       WHERE instance_id = NEW.instance_id
                                                         AND personal_numbers = 'shared')
                ELSE NEW.exclusive IS NOT OLD.exclusive
                  OR CASE WHEN NEW.user_id IS OLD.user_id
                          THEN OLD.released_at IS NOT NULL OR NEW.released_at IS NULL
                          ELSE NEW.released_at IS NOT OLD.released_at END
                END;
    -- One that began ahead of the clock ends when it began.
    SELECT RAISE(ABORT, 'rule:history_is_kept: an assignment ends now or in the past')
     WHERE NEW.released_at > (SELECT now + 60000 FROM v_now)
       AND NEW.released_at IS NOT OLD.released_at
       AND NEW.released_at IS NOT OLD.assigned_at;
END;

CREATE TRIGGER personal_assignment_delete BEFORE DELETE ON personal_assignment BEGIN
    SELECT RAISE(ABORT, 'rule:history_is_kept: set released_at instead of deleting the assignment');
END;

-- skill_group_number: a number bound to a skill group --------------------------------------------

CREATE TRIGGER skill_group_number_insert BEFORE INSERT ON skill_group_number BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: the skill group holds this number already')
     WHERE EXISTS (SELECT 1 FROM skill_group_number
                    WHERE skill_group_id = NEW.skill_group_id AND number = NEW.number);
    SELECT RAISE(ABORT, 'rule:same_instance: the number is not in this instance')
     WHERE NOT EXISTS (SELECT 1 FROM phone_number
                        WHERE instance_id = NEW.instance_id AND number = NEW.number);
    SELECT RAISE(ABORT, 'rule:same_instance: the skill group is not in this instance')
     WHERE NOT EXISTS (SELECT 1 FROM skill_group
                        WHERE instance_id = NEW.instance_id
                          AND skill_group_id = NEW.skill_group_id);
    SELECT RAISE(ABORT, 'rule:bound_number_is_not_personal: a user holds this number; release it first')
     WHERE EXISTS (SELECT 1 FROM personal_assignment
                    WHERE instance_id = NEW.instance_id AND number = NEW.number
                      AND released_at IS NULL);
    SELECT RAISE(ABORT, 'rule:number_is_reserved: the number is cooling down or on hold; end the reservation first')
     WHERE EXISTS (SELECT 1 FROM reservation
                    WHERE instance_id = NEW.instance_id AND number = NEW.number
                      AND ended_at IS NULL AND until_at > (SELECT now FROM v_now));
END;

CREATE TRIGGER skill_group_number_update
BEFORE UPDATE OF skill_group_id, number, instance_id, bound_at ON skill_group_number
WHEN NEW.skill_group_id IS NOT OLD.skill_group_id
  OR NEW.number IS NOT OLD.number
  OR NEW.bound_at IS NOT OLD.bound_at
  OR NEW.instance_id IS NOT OLD.instance_id BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: unbind the number and bind another');
END;

-- reservation: a free number that is kept ---------------------------------------------------------

-- Only a free number is reserved, and what is given or bound is reserved no longer (V6): so a clock
-- that is set back never finds a number both held and reserved.
CREATE TRIGGER reservation_insert BEFORE INSERT ON reservation BEGIN
    SELECT RAISE(ABORT, 'rule:history_is_kept: this reservation_id is taken; let the database choose it')
     WHERE EXISTS (SELECT 1 FROM reservation WHERE reservation_id = NEW.reservation_id)
        OR NEW.reservation_id > (SELECT coalesce(max(reservation_id), 0) + 1 FROM reservation);
    SELECT RAISE(ABORT, 'rule:same_instance: the number is not in this instance')
     WHERE NEW.ended_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM phone_number
                        WHERE instance_id = NEW.instance_id AND number = NEW.number);
    SELECT RAISE(ABORT, 'rule:same_instance: the user is not in this instance')
     WHERE NEW.ended_at IS NULL AND NEW.for_user_id IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM user
                        WHERE instance_id = NEW.instance_id AND user_id = NEW.for_user_id);
    SELECT RAISE(ABORT, 'rule:number_is_reserved: only a free number can be reserved; release or unbind it first')
     WHERE NEW.ended_at IS NULL
       AND EXISTS (SELECT 1 FROM phone_number
                    WHERE instance_id = NEW.instance_id AND number = NEW.number
                      AND state <> 'free');
    SELECT RAISE(ABORT, 'rule:number_is_reserved: the number is reserved already; end that reservation first')
     WHERE NEW.ended_at IS NULL
       AND EXISTS (SELECT 1 FROM reservation
                    WHERE instance_id = NEW.instance_id AND number = NEW.number
                      AND ended_at IS NULL AND until_at > (SELECT now FROM v_now));
    SELECT RAISE(ABORT, 'rule:history_is_kept: a reservation begins now or in the past')
     WHERE NEW.reserved_at > (SELECT now + 60000 FROM v_now);
    SELECT RAISE(ABORT, 'rule:history_is_kept: a reservation is ended now or in the past')
     WHERE NEW.ended_at > (SELECT now + 60000 FROM v_now);
    -- The one before has passed, and nobody has taken the number since.
    UPDATE reservation SET ended_at = until_at
     WHERE instance_id = NEW.instance_id AND number = NEW.number AND ended_at IS NULL
       AND NEW.ended_at IS NULL;
END;

CREATE TRIGGER reservation_update BEFORE UPDATE ON reservation BEGIN
    SELECT RAISE(ABORT, 'rule:history_is_kept: of a reservation only its end and its reason can be changed')
     WHERE NEW.reservation_id IS NOT OLD.reservation_id
        OR NEW.instance_id IS NOT OLD.instance_id
        OR NEW.number IS NOT OLD.number
        OR NEW.kind IS NOT OLD.kind
        OR (NEW.for_user_id IS NOT OLD.for_user_id
            AND (OLD.ended_at IS NULL
                 OR (OLD.for_user_id, NEW.for_user_id) IS NOT
                    (SELECT login_name || '@' || OLD.instance_id,
                            pseudonym || '@' || OLD.instance_id FROM forgetting)))
        OR NEW.reserved_at IS NOT OLD.reserved_at
        OR (NEW.made_by IS NOT OLD.made_by
            AND (OLD.made_by, NEW.made_by) IS NOT
                (SELECT login_name, pseudonym FROM forgetting));
    SELECT RAISE(ABORT, 'rule:history_is_kept: the reservation was ended; make another')
     WHERE OLD.ended_at IS NOT NULL
       AND (NEW.ended_at IS NOT NULL
            OR NEW.until_at IS NOT OLD.until_at OR NEW.reason IS NOT OLD.reason)
       AND NOT (NEW.ended_at IS OLD.ended_at AND NEW.until_at IS OLD.until_at
                AND (NEW.reason IS OLD.reason
                     OR coalesce(instr(NEW.reason, (SELECT pseudonym FROM forgetting)), 0) > 0)
                AND EXISTS (SELECT 1 FROM forgetting));
    SELECT RAISE(ABORT, 'rule:history_is_kept: a reservation is ended now or in the past')
     WHERE NEW.ended_at > (SELECT now + 60000 FROM v_now)
       AND NEW.ended_at IS NOT OLD.reserved_at;
    -- One that was ended is in force again when its end is undone.
    SELECT RAISE(ABORT, 'rule:number_is_reserved: only a free number can be reserved; release or unbind it first')
     WHERE NEW.ended_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM phone_number
                        WHERE instance_id = NEW.instance_id AND number = NEW.number
                          AND state = 'free');
    SELECT RAISE(ABORT, 'rule:number_is_reserved: the number is reserved already; end that reservation first')
     WHERE NEW.ended_at IS NULL AND OLD.ended_at IS NOT NULL
       AND EXISTS (SELECT 1 FROM reservation
                    WHERE instance_id = NEW.instance_id AND number = NEW.number
                      AND ended_at IS NULL);
END;

CREATE TRIGGER reservation_delete BEFORE DELETE ON reservation BEGIN
    SELECT RAISE(ABORT, 'rule:history_is_kept: set ended_at instead of deleting the reservation');
END;

-- phone_number -----------------------------------------------------------------------------------

CREATE TRIGGER phone_number_insert BEFORE INSERT ON phone_number BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: this number is there already; update its row')
     WHERE EXISTS (SELECT 1 FROM phone_number WHERE phone_number_id = NEW.phone_number_id)
        OR EXISTS (SELECT 1 FROM phone_number
                    WHERE number = NEW.number AND instance_id = NEW.instance_id)
        OR EXISTS (SELECT 1 FROM phone_number
                    WHERE number = NEW.number AND instance_id IS NULL AND NEW.instance_id IS NULL)
        OR EXISTS (SELECT 1 FROM phone_number WHERE callback_number_id = NEW.callback_number_id);
    SELECT RAISE(ABORT, 'rule:state_follows_relations: a new number is free')
     WHERE NEW.state <> 'free';
    SELECT RAISE(ABORT, 'rule:same_instance: there is no such instance')
     WHERE NEW.instance_id IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM instance WHERE instance_id = NEW.instance_id);
    SELECT RAISE(ABORT, 'rule:same_instance: the contact flow is not in this instance')
     WHERE NEW.contact_flow_id IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM contact_flow
                        WHERE instance_id = NEW.instance_id
                          AND contact_flow_id = NEW.contact_flow_id);
    SELECT RAISE(ABORT, 'rule:contact_flow_needs_inbound: only an Inbound or Bidirection number has a contact flow')
     WHERE NEW.contact_flow_id IS NOT NULL AND NEW.usage NOT IN ('Inbound', 'Bidirection');
END;

-- What is asked of a number's form is asked when its text has its row in `spelling`.
CREATE TRIGGER phone_number_inserted AFTER INSERT ON phone_number BEGIN
    INSERT INTO spelling (number)
    SELECT NEW.number WHERE NOT EXISTS (SELECT 1 FROM spelling WHERE number = NEW.number);
    SELECT RAISE(ABORT, 'rule:number_exists_once: this number is there in another spelling; v_phone_number shows the form that spellings are compared by')
     WHERE EXISTS (SELECT 1 FROM v_same_number
                    WHERE number = NEW.number AND instance_id IS NEW.instance_id);
    SELECT RAISE(ABORT, 'rule:service_number_is_inbound: a 400 number of ten digits has usage Inbound')
     WHERE NEW.usage IS NOT 'Inbound'
       AND EXISTS (SELECT 1 FROM v_service_number
                    WHERE number = NEW.number AND instance_id IS NEW.instance_id);
END;

-- Without a column list, which `UPDATE … SET rowid = …` would slip past.
CREATE TRIGGER phone_number_update_key BEFORE UPDATE ON phone_number
WHEN NEW.phone_number_id IS NOT OLD.phone_number_id
  OR NEW.number IS NOT OLD.number
  OR NEW.callback_number_id IS NOT OLD.callback_number_id BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: remove the number and add the other');
END;

-- A number enters an instance from the account's pool and goes back to it, always free.
CREATE TRIGGER phone_number_update_instance BEFORE UPDATE OF instance_id ON phone_number
WHEN NEW.instance_id IS NOT OLD.instance_id BEGIN
    SELECT RAISE(ABORT, 'rule:same_instance: the number is held in its instance; unbind or release it first')
     WHERE OLD.state <> 'free';
    SELECT RAISE(ABORT, 'rule:same_instance: there is no such instance')
     WHERE NEW.instance_id IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM instance WHERE instance_id = NEW.instance_id);
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: the number is there already')
     WHERE EXISTS (SELECT 1 FROM phone_number
                    WHERE number = NEW.number AND instance_id IS NEW.instance_id);
END;

CREATE TRIGGER phone_number_update
BEFORE UPDATE OF usage, contact_flow_id, instance_id ON phone_number BEGIN
    SELECT RAISE(ABORT, 'rule:same_instance: the contact flow is not in this instance')
     WHERE NEW.contact_flow_id IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM contact_flow
                        WHERE instance_id = NEW.instance_id
                          AND contact_flow_id = NEW.contact_flow_id);
    SELECT RAISE(ABORT, 'rule:contact_flow_needs_inbound: only an Inbound or Bidirection number has a contact flow')
     WHERE NEW.contact_flow_id IS NOT NULL AND NEW.usage NOT IN ('Inbound', 'Bidirection');
END;

-- A number that moves is compared with the numbers it comes to.
CREATE TRIGGER phone_number_updated AFTER UPDATE OF usage, instance_id ON phone_number BEGIN
    SELECT RAISE(ABORT, 'rule:number_exists_once: this number is there in another spelling; v_phone_number shows the form that spellings are compared by')
     WHERE NEW.instance_id IS NOT OLD.instance_id
       AND EXISTS (SELECT 1 FROM v_same_number
                    WHERE number = NEW.number AND instance_id IS NEW.instance_id);
    SELECT RAISE(ABORT, 'rule:service_number_is_inbound: a 400 number of ten digits has usage Inbound')
     WHERE NEW.usage IS NOT 'Inbound'
       AND EXISTS (SELECT 1 FROM v_service_number
                    WHERE number = NEW.number AND instance_id IS NEW.instance_id);
END;

CREATE TRIGGER phone_number_delete BEFORE DELETE ON phone_number
WHEN OLD.state <> 'free' BEGIN
    SELECT RAISE(ABORT, 'rule:referenced_row_is_kept: the number is held; unbind or release it first');
END;

-- spelling ---------------------------------------------------------------------------------------

-- A row says nothing but what follows from its text, so adding one, again too, does no harm.
CREATE TRIGGER spelling_update BEFORE UPDATE ON spelling BEGIN
    SELECT RAISE(ABORT, 'rule:row_keeps_its_key: a spelling stays as it was entered');
END;
CREATE TRIGGER spelling_delete BEFORE DELETE ON spelling BEGIN
    SELECT RAISE(ABORT, 'rule:referenced_row_is_kept: the history of a number is found by its spellings');
END;
