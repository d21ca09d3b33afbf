-- A number has a digit: of signs and masks alone nothing can be dialled. Files may hold such numbers
-- from before; they stay until somebody removes them. No update makes one: a number keeps its text.

CREATE TRIGGER phone_number_insert_digit BEFORE INSERT ON phone_number BEGIN
    SELECT RAISE(ABORT, 'rule:number_has_a_digit: a number needs at least one digit')
     WHERE NEW.number NOT GLOB '*[0-9]*';
END;
