-- Who may do what: units in time, accounts with one duty and one role, sign-in, sessions, system clients, two-person acts.
-- Breaks nothing: new tables; delivery_part gets the wall that its delivery has.
--
-- kind: unit_state reference
-- kind: unit_end reference
-- kind: duty_role local
-- kind: account local
-- kind: account_role local
-- kind: account_secret local
-- kind: past_password local
-- kind: recovery_code local
-- kind: invitation local
-- kind: session local
-- kind: known_device local
-- kind: sign_in_attempt local
-- kind: single_sign_on_identity local
-- kind: single_sign_on_flow local
-- kind: client local
-- kind: client_key local
-- kind: client_nonce local
-- kind: approval local

-- The account that acts, set by withActor beside unit and duty.
CREATE FUNCTION xh.actor_account() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT NULLIF(current_setting('app.account', true), '')::integer $$;

-- ── units in time ────────────────────────────────────────────────────────────────────────────────────────────
-- What a unit was called and to whom it belonged, since a day. Only ever added to: what was recorded later about the
-- same day wins, and what was believed before stays. xh.unit holds the names of today.
CREATE TABLE xh.unit_state (
  unit_id integer NOT NULL REFERENCES xh.unit,
  since date NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  parent_id integer REFERENCES xh.unit,
  region integer,
  ground text,
  recorded_by text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (unit_id, since, recorded_at),
  CHECK (parent_id <> unit_id)
);
-- 1 October 1949: the earliest day that any record may bear.
INSERT INTO xh.unit_state (unit_id, since, name, region, recorded_by)
  SELECT unit_id, DATE '1949-10-01', name, region, 'migration' FROM xh.unit;

-- The first day on which a unit was no more, and who took over. A unit ends once.
CREATE TABLE xh.unit_end (
  unit_id integer PRIMARY KEY REFERENCES xh.unit,
  ended_on date NOT NULL,
  merged_into integer REFERENCES xh.unit,
  ground text NOT NULL CHECK (ground <> ''),
  recorded_by text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK (merged_into <> unit_id)
);

-- ── accounts ─────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE xh.duty_role (
  duty text NOT NULL
    CHECK (duty IN ('department', 'centre', 'system', 'security', 'audit', 'client', 'evaluation')),
  role text PRIMARY KEY,
  UNIQUE (duty, role)
);
INSERT INTO xh.duty_role (duty, role) VALUES
  ('department', 'departmentClerk'), ('department', 'departmentReviewer'),
  ('centre', 'centreOperator'), ('centre', 'centreReviewer'),
  ('system', 'systemAdministrator'), ('security', 'securityAdministrator'), ('audit', 'auditor'),
  ('client', 'systemClient'), ('evaluation', 'evaluator');

-- One account has one duty for ever; a person who changes duty gets another account.
CREATE TABLE xh.account (
  account_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  login text NOT NULL UNIQUE CHECK (login ~ '^[a-z0-9][a-z0-9._-]{1,39}$'),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
  duty text NOT NULL
    CHECK (duty IN ('department', 'centre', 'system', 'security', 'audit', 'client', 'evaluation')),
  unit_id integer REFERENCES xh.unit,
  -- The number of the member of staff, where the unit has one: a person has one account.
  staff_number text CHECK (staff_number <> ''),
  state text NOT NULL DEFAULT 'on' CHECK (state IN ('on', 'off')),
  state_reason text,
  demo boolean NOT NULL DEFAULT false,
  -- Absent where the program made it: the first three administrators and the demo city.
  created_by integer,
  creator_duty text GENERATED ALWAYS AS (CASE WHEN created_by IS NULL THEN NULL ELSE 'system' END) STORED,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (account_id, duty),
  CONSTRAINT unit_by_duty CHECK ((duty IN ('department', 'client')) = (unit_id IS NOT NULL)),
  CONSTRAINT only_the_system_administrator_creates
    FOREIGN KEY (created_by, creator_duty) REFERENCES xh.account (account_id, duty)
);
CREATE UNIQUE INDEX account_staff_number ON xh.account (coalesce(unit_id, 0), staff_number) WHERE staff_number IS NOT NULL;
CREATE INDEX account_unit ON xh.account (unit_id);

-- Both keys lead to the duty: a role of another duty than the account's cannot be written, by anybody, in any order.
CREATE TABLE xh.account_role (
  account_id integer PRIMARY KEY,
  duty text NOT NULL,
  role text NOT NULL,
  granted_by integer,
  granter_duty text GENERATED ALWAYS AS (CASE WHEN granted_by IS NULL THEN NULL ELSE 'security' END) STORED,
  granted_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT one_duty FOREIGN KEY (account_id, duty) REFERENCES xh.account (account_id, duty),
  CONSTRAINT role_of_the_duty FOREIGN KEY (duty, role) REFERENCES xh.duty_role (duty, role),
  CONSTRAINT only_the_security_administrator_grants
    FOREIGN KEY (granted_by, granter_duty) REFERENCES xh.account (account_id, duty),
  CONSTRAINT nobody_grants_to_themselves CHECK (granted_by <> account_id)
);

-- ── sign-in: only the login xh_access reads what follows ─────────────────────────────────────────────────────
CREATE TABLE xh.account_secret (
  account_id integer PRIMARY KEY REFERENCES xh.account,
  password_hash text,
  password_set_at timestamptz,
  totp_seed bytea,
  -- The number of the time step last used: a code works once.
  totp_last_step bigint NOT NULL DEFAULT 0,
  totp_set_at timestamptz
);
CREATE TABLE xh.past_password (
  account_id integer NOT NULL REFERENCES xh.account,
  password_hash text NOT NULL,
  replaced_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (account_id, replaced_at)
);
CREATE TABLE xh.recovery_code (
  account_id integer NOT NULL REFERENCES xh.account,
  code_hash bytea NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (account_id, code_hash)
);
-- One-time links by which a person sets password and second factor; one an account.
CREATE TABLE xh.invitation (
  account_id integer PRIMARY KEY REFERENCES xh.account,
  token_hash bytea NOT NULL UNIQUE,
  totp_seed bytea NOT NULL,
  issued_by text NOT NULL,
  issued_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE TABLE xh.session (
  session_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  token_hash bytea NOT NULL UNIQUE,
  account_id integer NOT NULL REFERENCES xh.account,
  -- secondFactor: the first factor was right and nothing else may be done yet.
  stage text NOT NULL CHECK (stage IN ('secondFactor', 'full')),
  method text NOT NULL CHECK (method IN ('password', 'singleSignOn')),
  -- The role at sign-in: another role ends the session.
  role text NOT NULL,
  begun_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  ends_at timestamptz NOT NULL,
  fresh_until timestamptz NOT NULL DEFAULT now(),
  address inet NOT NULL,
  agent text NOT NULL DEFAULT ''
);
CREATE INDEX session_account ON xh.session (account_id);
CREATE INDEX session_seen ON xh.session (seen_at);
-- Browsers that have signed in to an account before: nobody else's failures lock them out.
CREATE TABLE xh.known_device (
  account_id integer NOT NULL REFERENCES xh.account,
  device_hash bytea NOT NULL,
  known_since timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, device_hash)
);
-- Attempts in a window, by keyed hash of what was typed as the account and by source; counted before they are judged.
CREATE TABLE xh.sign_in_attempt (
  account_key text NOT NULL,
  source text NOT NULL,
  attempts integer NOT NULL,
  window_from timestamptz NOT NULL,
  locked_until timestamptz,
  PRIMARY KEY (account_key, source)
);
CREATE INDEX sign_in_attempt_window ON xh.sign_in_attempt (window_from);
CREATE TABLE xh.single_sign_on_identity (
  issuer text NOT NULL,
  subject text NOT NULL,
  account_id integer NOT NULL REFERENCES xh.account,
  linked_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (issuer, subject),
  UNIQUE (issuer, account_id)
);
CREATE TABLE xh.single_sign_on_flow (
  flow_hash bytea PRIMARY KEY,
  secret bytea NOT NULL,
  -- Whose account is being linked; absent at sign-in.
  session_id uuid REFERENCES xh.session ON DELETE CASCADE,
  expires_at timestamptz NOT NULL
);

-- ── system clients ───────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE xh.client (
  client_id integer PRIMARY KEY,
  duty text NOT NULL DEFAULT 'client' CHECK (duty = 'client'),
  code text NOT NULL UNIQUE CHECK (code ~ '^[a-z][a-z0-9-]{2,39}$'),
  -- Permissions of the role systemClient that this client really needs.
  scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
  addresses cidr[] NOT NULL CHECK (cardinality(addresses) > 0),
  requests_a_minute integer NOT NULL CHECK (requests_a_minute BETWEEN 1 AND 10000),
  revoked_at timestamptz,
  FOREIGN KEY (client_id, duty) REFERENCES xh.account (account_id, duty)
);
CREATE TABLE xh.client_key (
  client_id integer NOT NULL REFERENCES xh.client,
  key_id text NOT NULL CHECK (key_id ~ '^[A-Za-z0-9_-]{4,64}$'),
  algorithm text NOT NULL CHECK (algorithm IN ('ed25519', 'sm2')),
  public_key text NOT NULL,
  -- At most two keys at a time, while one takes the other's place.
  place smallint NOT NULL CHECK (place IN (1, 2)),
  added_at timestamptz NOT NULL DEFAULT now(),
  used_at timestamptz,
  revoked_at timestamptz,
  PRIMARY KEY (client_id, key_id)
);
CREATE UNIQUE INDEX client_key_place ON xh.client_key (client_id, place) WHERE revoked_at IS NULL;
-- A request is accepted once: the insert is the check.
CREATE TABLE xh.client_nonce (
  client_id integer NOT NULL REFERENCES xh.client,
  nonce text NOT NULL CHECK (nonce ~ '^[A-Za-z0-9_-]{16,64}$'),
  used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (client_id, nonce)
);
CREATE INDEX client_nonce_used ON xh.client_nonce (used_at);

-- ── two-person acts ──────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE xh.approval (
  approval_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind ~ '^[a-z][A-Za-z.]{2,47}$'),
  object text NOT NULL,
  -- What will be done, without personal data: numbers, codes, reasons. Its hash is in the ledger.
  payload text NOT NULL,
  payload_hash bytea NOT NULL CHECK (payload_hash = sha256(convert_to(payload, 'UTF8'))),
  reason text NOT NULL CHECK (reason <> ''),
  proposer integer NOT NULL,
  proposer_duty text NOT NULL,
  unit_id integer REFERENCES xh.unit,
  proposed_at timestamptz NOT NULL DEFAULT now(),
  expires_on date NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'approved', 'refused', 'takenBack')),
  approver integer REFERENCES xh.account,
  decision_reason text,
  decided_at timestamptz,
  FOREIGN KEY (proposer, proposer_duty) REFERENCES xh.account (account_id, duty),
  CONSTRAINT nobody_approves_their_own_act CHECK (proposer <> approver),
  CONSTRAINT decided_by_somebody CHECK ((state IN ('approved', 'refused')) = (approver IS NOT NULL)),
  CONSTRAINT decided_at_some_time CHECK ((state = 'open') = (decided_at IS NULL))
);
CREATE INDEX approval_open ON xh.approval (kind, approval_id) WHERE state = 'open';
CREATE INDEX approval_object ON xh.approval (object);

-- ── row-level security ───────────────────────────────────────────────────────────────────────────────────────
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['account', 'account_role', 'client', 'client_key', 'approval', 'delivery_part'] LOOP
    EXECUTE format('ALTER TABLE xh.%I ENABLE ROW LEVEL SECURITY', t);
  END LOOP;
  -- The door of sign-in sees all accounts; the jobs their names.
  FOREACH t IN ARRAY ARRAY['account', 'account_role', 'client', 'client_key'] LOOP
    EXECUTE format('CREATE POLICY access ON xh.%I TO xh_access USING (true) WITH CHECK (true)', t);
    EXECUTE format('CREATE POLICY job ON xh.%I FOR SELECT TO xh_job USING (true)', t);
  END LOOP;
END $$;

-- Who decides an approval under the loader's login is asked for their role.
CREATE POLICY load ON xh.account FOR SELECT TO xh_load USING (account_id = (SELECT xh.actor_account()));
CREATE POLICY load ON xh.account_role FOR SELECT TO xh_load USING (account_id = (SELECT xh.actor_account()));

-- A department sees its own people, the centre and the administrators all.
CREATE POLICY own ON xh.account FOR SELECT TO xh_app USING (
  unit_id = (SELECT xh.actor_unit()) OR account_id = (SELECT xh.actor_account())
  OR (SELECT xh.actor_duty()) IN ('centre', 'system', 'security', 'audit'));
CREATE POLICY system_creates ON xh.account FOR INSERT TO xh_app
  WITH CHECK ((SELECT xh.actor_duty()) = 'system' AND created_by = (SELECT xh.actor_account()) AND NOT demo);
CREATE POLICY administrators_switch ON xh.account FOR UPDATE TO xh_app
  USING ((SELECT xh.actor_duty()) IN ('system', 'security'))
  WITH CHECK ((SELECT xh.actor_duty()) = 'security' OR state = 'off');
CREATE POLICY own ON xh.account_role FOR SELECT TO xh_app USING (
  EXISTS (SELECT FROM xh.account a WHERE a.account_id = account_role.account_id));
CREATE POLICY security_grants ON xh.account_role FOR INSERT TO xh_app
  WITH CHECK ((SELECT xh.actor_duty()) = 'security' AND granted_by = (SELECT xh.actor_account()));
CREATE POLICY security_takes_back ON xh.account_role FOR DELETE TO xh_app
  USING ((SELECT xh.actor_duty()) = 'security');
CREATE POLICY own ON xh.client FOR SELECT TO xh_app USING (
  EXISTS (SELECT FROM xh.account a WHERE a.account_id = client_id));
CREATE POLICY system_registers ON xh.client FOR INSERT TO xh_app WITH CHECK ((SELECT xh.actor_duty()) IN ('system', 'security'));
CREATE POLICY administrators_change ON xh.client FOR UPDATE TO xh_app
  USING ((SELECT xh.actor_duty()) IN ('system', 'security')) WITH CHECK ((SELECT xh.actor_duty()) = 'security' OR revoked_at IS NOT NULL);
CREATE POLICY own ON xh.client_key FOR SELECT TO xh_app USING (
  EXISTS (SELECT FROM xh.account a WHERE a.account_id = client_id));
CREATE POLICY system_registers ON xh.client_key FOR INSERT TO xh_app WITH CHECK ((SELECT xh.actor_duty()) IN ('system', 'security'));
CREATE POLICY administrators_revoke ON xh.client_key FOR UPDATE TO xh_app
  USING ((SELECT xh.actor_duty()) IN ('system', 'security')) WITH CHECK (revoked_at IS NOT NULL);

-- Proposals of a unit stay in the unit and with the centre, those of administrators among administrators.
CREATE POLICY own ON xh.approval TO xh_app, xh_load, xh_job USING (
  unit_id = (SELECT xh.actor_unit())
  OR ((SELECT xh.actor_duty()) = 'centre' AND proposer_duty IN ('department', 'client', 'centre', 'evaluation'))
  OR ((SELECT xh.actor_duty()) IN ('system', 'security', 'audit') AND proposer_duty IN ('system', 'security'))
  OR proposer = (SELECT xh.actor_account()))
  WITH CHECK (true);
CREATE POLICY in_ones_own_name ON xh.approval AS RESTRICTIVE FOR INSERT TO xh_app, xh_load, xh_job
  WITH CHECK (proposer = (SELECT xh.actor_account()) AND unit_id IS NOT DISTINCT FROM (SELECT xh.actor_unit()) AND state = 'open');
CREATE POLICY decided_in_ones_own_name ON xh.approval AS RESTRICTIVE FOR UPDATE TO xh_app, xh_load, xh_job
  USING (state = 'open')
  WITH CHECK (approver = (SELECT xh.actor_account()) OR (state = 'takenBack' AND proposer = (SELECT xh.actor_account())));

CREATE POLICY job ON xh.delivery_part TO xh_job USING (true) WITH CHECK (true);
CREATE POLICY load ON xh.delivery_part TO xh_load USING (true) WITH CHECK (true);
CREATE POLICY own ON xh.delivery_part TO xh_app USING (
  EXISTS (SELECT FROM xh.delivery d WHERE d.delivery_id = delivery_part.delivery_id));

-- ── grants ───────────────────────────────────────────────────────────────────────────────────────────────────
GRANT USAGE ON SCHEMA xh TO xh_access;
REVOKE ALL ON FUNCTION xh.actor_account() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xh.actor_account() TO xh_app, xh_load, xh_job, xh_access;
GRANT EXECUTE ON FUNCTION xh.today(), xh.actor_unit(), xh.actor_duty() TO xh_access;

GRANT SELECT ON xh.unit_state, xh.unit_end TO xh_app, xh_job, xh_load;
GRANT INSERT (unit_id, since, name, parent_id, region, ground, recorded_by) ON xh.unit_state TO xh_app;
GRANT INSERT (unit_id, ended_on, merged_into, ground, recorded_by) ON xh.unit_end TO xh_app;

GRANT SELECT ON xh.duty_role, xh.account, xh.account_role, xh.client, xh.client_key TO xh_app, xh_job;
GRANT SELECT ON xh.account, xh.account_role TO xh_load;
GRANT INSERT (login, name, duty, unit_id, staff_number, created_by) ON xh.account TO xh_app;
GRANT UPDATE (name, state, state_reason, last_used_at) ON xh.account TO xh_app;
GRANT INSERT (account_id, duty, role, granted_by), DELETE ON xh.account_role TO xh_app;
GRANT INSERT (client_id, code, scopes, addresses, requests_a_minute) ON xh.client TO xh_app;
GRANT UPDATE (scopes, addresses, requests_a_minute, revoked_at) ON xh.client TO xh_app;
GRANT INSERT (client_id, key_id, algorithm, public_key, place) ON xh.client_key TO xh_app;
GRANT UPDATE (revoked_at) ON xh.client_key TO xh_app;

GRANT SELECT, INSERT ON xh.approval TO xh_app, xh_load, xh_job;
GRANT UPDATE (state, approver, decision_reason, decided_at) ON xh.approval TO xh_app, xh_load, xh_job;

GRANT SELECT ON xh.unit, xh.duty_role, xh.account, xh.account_role, xh.client, xh.client_key TO xh_access;
GRANT INSERT (login, name, duty, unit_id, demo) ON xh.account TO xh_access;
GRANT UPDATE (state, state_reason, last_used_at) ON xh.account TO xh_access;
GRANT INSERT (account_id, duty, role) ON xh.account_role TO xh_access;
GRANT UPDATE (used_at) ON xh.client_key TO xh_access;
GRANT SELECT, INSERT, UPDATE, DELETE ON xh.account_secret, xh.past_password, xh.recovery_code, xh.invitation, xh.session,
  xh.known_device, xh.sign_in_attempt, xh.single_sign_on_identity, xh.single_sign_on_flow, xh.client_nonce TO xh_access;
GRANT INSERT (actor, duty, unit, act, object, ground, result, request, build, detail) ON xh.ledger_inbox TO xh_access;
