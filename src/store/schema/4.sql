-- What people approved or revoked of what was learned: between runs, each with the run after which it was said.
CREATE TABLE known_change (
    number INTEGER PRIMARY KEY,
    after_run INTEGER NOT NULL CHECK (after_run >= 0),
    kind TEXT NOT NULL CHECK (kind IN ('account', 'name')),
    value TEXT NOT NULL CHECK (value <> ''),
    customer_id TEXT NOT NULL CHECK (customer_id <> ''),
    action TEXT NOT NULL CHECK (action IN ('approve', 'revoke')),
    changed_by TEXT NOT NULL CHECK (changed_by <> ''),
    changed_on TEXT NOT NULL CHECK (changed_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    note TEXT NOT NULL
) STRICT;
CREATE TRIGGER known_change_kept BEFORE UPDATE ON known_change BEGIN SELECT raise(ABORT, 'what was said is not changed'); END;
CREATE TRIGGER known_change_stays BEFORE DELETE ON known_change BEGIN SELECT raise(ABORT, 'what was said is not deleted'); END;
