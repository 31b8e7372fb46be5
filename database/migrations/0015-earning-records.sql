-- What each rule of a statement gave, line by line, is in the log: the records of kind 'earning' in which it stands, in
-- the order of their parts. Only those that an issued statement's record names count; a calculation that was cut off
-- leaves some that nobody names.
alter table earnings add column record_ids uuid[] not null default '{}';
