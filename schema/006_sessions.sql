-- A person's sessions that go on are found without reading all that ever were: signing out
-- everywhere asks for them.
create index session_person on session (person) where revoked_at is null;
