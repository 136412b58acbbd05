export { findPasswordFaults, type PasswordFault, type PasswordRules } from './password.ts'
export { may, PERMISSIONS, type Permission, permissionsOf } from './permissions.ts'
export { DUTIES, DUTIES_OF_A_UNIT, type Duty, ROLE_NAMES, ROLES, type Role } from './roles.ts'
