-- A strict PostgreSQL: what engines that only speak its protocol lack raises here, and one writing transaction in twenty
-- is refused at its COMMIT and has to be run again. Run in the template of all databases of a cluster of its own, by
-- `sh scripts/with-postgres.sh --strict`; app/tests/it/strict.rs proves that it is in force.

CREATE SCHEMA strict;

CREATE FUNCTION strict.lacks(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is not to be had on every engine that speaks this protocol', what USING ERRCODE = 'feature_not_supported';
END $$;

-- Functions that others lack: each overload is hidden by one of the same signature, in a schema ahead of pg_catalog.
DO $$
DECLARE hidden record;
BEGIN
  FOR hidden IN
    SELECT proname, pg_get_function_identity_arguments(oid) AS takes, pg_get_function_result(oid) AS gives
    FROM pg_catalog.pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f'
      AND (proname ~ '^pg_(try_)?advisory_' OR proname ~ '^lo_' OR proname IN (
        'pg_notify', 'pg_listening_channels', 'nextval', 'currval', 'setval', 'lastval', 'pg_export_snapshot',
        'txid_current', 'txid_current_snapshot', 'pg_current_xact_id', 'pg_current_snapshot', 'pg_backend_pid',
        'pg_snapshot_xmin', 'pg_current_wal_lsn', 'pg_current_wal_insert_lsn', 'pg_logical_emit_message'))
  LOOP
    EXECUTE format('CREATE FUNCTION strict.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L', hidden.proname, hidden.takes,
      hidden.gives, format('BEGIN PERFORM strict.lacks(%L); END', hidden.proname));
  END LOOP;
END $$;

-- Whether this transaction is one of those to be refused: 1 in 20, drawn from its number with a fixed seed. All rows of a
-- transaction agree; run again, it has another number. Ten runs of a unit are refused by chance once in 10^13 units.
CREATE FUNCTION strict.is_refused() RETURNS boolean LANGUAGE sql VOLATILE AS
  'SELECT pg_catalog.hashint8extended(pg_catalog.txid_current(), 20261123) % 20 = 0';

CREATE FUNCTION strict.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'refused at COMMIT, as another engine might; run the transaction again' USING ERRCODE = 'serialization_failure';
END $$;

-- Each new table gets the trigger; what a schema of ours may not hold is refused. The event of a row is queued only in the
-- transactions to be refused, and raises at their COMMIT.
CREATE FUNCTION strict.look() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE made record;
BEGIN
  FOR made IN SELECT * FROM pg_event_trigger_ddl_commands() LOOP
    IF made.command_tag IN ('CREATE TABLE', 'CREATE TABLE AS') AND made.object_type = 'table' THEN
      EXECUTE format('CREATE CONSTRAINT TRIGGER strict_refuse AFTER INSERT OR UPDATE OR DELETE ON %s '
        'DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (strict.is_refused()) EXECUTE FUNCTION strict.refuse()',
        made.object_identity);
    ELSIF made.command_tag <> 'CREATE INDEX' AND made.command_tag NOT LIKE 'ALTER TABLE%'
      AND made.object_identity NOT LIKE 'strict_refuse on %' THEN
      PERFORM strict.lacks(made.command_tag);
    END IF;
  END LOOP;
END $$;
CREATE EVENT TRIGGER strict_look ON ddl_command_end EXECUTE FUNCTION strict.look();
