-- Entries of notifications (camt.054), kept until the batch entry that they explain is booked.
CREATE TABLE notice (
    number INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run,
    key TEXT NOT NULL UNIQUE CHECK (key <> ''),
    account TEXT NOT NULL,
    booking_date TEXT NOT NULL CHECK (booking_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    block INTEGER NOT NULL REFERENCES block,
    place INTEGER NOT NULL CHECK (place >= 0)
) STRICT;
CREATE INDEX notice_day ON notice (account, booking_date);

-- Which of them gave the details of an entry; once.
CREATE TABLE notice_joined (
    number INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run,
    notice INTEGER NOT NULL UNIQUE REFERENCES notice
) STRICT;

-- The days that a statement says it covers, entries or not.
CREATE TABLE period (
    number INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run,
    statement INTEGER NOT NULL UNIQUE REFERENCES statement,
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL
) STRICT;

-- Runs of version 1 added nothing here: the seal over no rows, which is SHA-256 of nothing.
INSERT INTO seal (run, section, first, last, sha256)
SELECT run.number, section.column1, 1, 0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
FROM run, (VALUES ('notice'), ('notice_joined'), ('period')) AS section;

CREATE TRIGGER notice_kept BEFORE UPDATE ON notice BEGIN SELECT raise(ABORT, 'a committed run is not changed'); END;
CREATE TRIGGER notice_stays BEFORE DELETE ON notice BEGIN SELECT raise(ABORT, 'a committed run is not deleted'); END;
CREATE TRIGGER notice_joined_kept BEFORE UPDATE ON notice_joined BEGIN SELECT raise(ABORT, 'a committed run is not changed'); END;
CREATE TRIGGER notice_joined_stays BEFORE DELETE ON notice_joined BEGIN SELECT raise(ABORT, 'a committed run is not deleted'); END;
CREATE TRIGGER period_kept BEFORE UPDATE ON period BEGIN SELECT raise(ABORT, 'a committed run is not changed'); END;
CREATE TRIGGER period_stays BEFORE DELETE ON period BEGIN SELECT raise(ABORT, 'a committed run is not deleted'); END;
