-- Accounts: what the door of sign-in may do of two-person acts, and system clients entered at the terminal.
-- Breaks nothing: no new table.

-- A reset approved by the security administrator voids secrets, which only the door of sign-in may touch.
CREATE POLICY of_accounts ON xh.approval TO xh_access USING (kind LIKE 'account.%') WITH CHECK (kind LIKE 'account.%');
CREATE POLICY in_ones_own_name_at_the_door ON xh.approval AS RESTRICTIVE FOR UPDATE TO xh_access
  USING (state = 'open')
  WITH CHECK (approver = (SELECT xh.actor_account()) OR (state = 'takenBack' AND proposer = (SELECT xh.actor_account())));
GRANT SELECT ON xh.approval TO xh_access;
GRANT UPDATE (state, approver, decision_reason, decided_at) ON xh.approval TO xh_access;

GRANT INSERT (client_id, code, scopes, addresses, requests_a_minute) ON xh.client TO xh_access;
GRANT UPDATE (revoked_at) ON xh.client TO xh_access;
GRANT INSERT (client_id, key_id, algorithm, public_key, place) ON xh.client_key TO xh_access;
GRANT UPDATE (revoked_at) ON xh.client_key TO xh_access;
