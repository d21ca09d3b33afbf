-- The order by creation is kept in memory, as those by city and usage are: an index of it was a page
-- that every number which is added had to write. Without the memory it is sorted out of
-- `phone_number_searched`.
DROP INDEX IF EXISTS phone_number_by_created;
