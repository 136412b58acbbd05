/** What an account is for. One account has one duty; duties exclude each other. */
export type Duty = 'department' | 'centre' | 'system' | 'security' | 'audit' | 'client' | 'evaluation'

/** What an account may do within its duty. One account has one role. */
export type Role =
  | 'departmentClerk'
  | 'departmentReviewer'
  | 'centreOperator'
  | 'centreReviewer'
  | 'systemAdministrator'
  | 'securityAdministrator'
  | 'auditor'
  | 'systemClient'
  | 'evaluator'

export interface RoleDescription {
  readonly duty: Duty
  readonly zh: string
  readonly en: string
}

export const ROLES: Readonly<Record<Role, RoleDescription>> = {
  departmentClerk: { duty: 'department', zh: '部门经办员', en: 'Department clerk' },
  departmentReviewer: { duty: 'department', zh: '部门审核员', en: 'Department reviewer' },
  centreOperator: { duty: 'centre', zh: '信用中心经办员', en: 'Centre operator' },
  centreReviewer: { duty: 'centre', zh: '信用中心审核员', en: 'Centre reviewer' },
  systemAdministrator: { duty: 'system', zh: '系统管理员', en: 'System administrator' },
  securityAdministrator: { duty: 'security', zh: '安全管理员', en: 'Security administrator' },
  auditor: { duty: 'audit', zh: '审计管理员', en: 'Audit administrator' },
  systemClient: { duty: 'client', zh: '业务系统', en: 'System client' },
  evaluator: { duty: 'evaluation', zh: '第三方评估员', en: 'Third-party evaluator' },
}

export const ROLE_NAMES = Object.keys(ROLES) as readonly Role[]
export const DUTIES: readonly Duty[] = [
  'department',
  'centre',
  'system',
  'security',
  'audit',
  'client',
  'evaluation',
]

/** Duties whose accounts always belong to a unit; the others never do. */
export const DUTIES_OF_A_UNIT: readonly Duty[] = ['department', 'client']
