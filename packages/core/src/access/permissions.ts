import type { Role } from './roles.ts'

interface Grant {
  readonly roles: readonly Role[]
  readonly zh: string
  readonly en: string
}

const DEPARTMENT = ['departmentClerk', 'departmentReviewer'] as const
const CENTRE = ['centreOperator', 'centreReviewer'] as const
const ADMINISTRATORS = ['systemAdministrator', 'securityAdministrator', 'auditor'] as const
const PEOPLE = [...DEPARTMENT, ...CENTRE, ...ADMINISTRATORS, 'evaluator'] as const

/**
 * The one table of who may do what: a permission, the roles that hold it, and what it means. Routes name a permission;
 * nothing else decides. `docs/access-matrix.md` is made from it.
 */
export const PERMISSIONS = {
  // ── everybody who signs in ──
  'own.secret': {
    roles: [...PEOPLE],
    zh: '更换本人密码、验证器和恢复码',
    en: 'Change one’s own password, authenticator and recovery codes',
  },
  // ── deliveries of a department ──
  'delivery.make': { roles: [...DEPARTMENT, 'systemClient'], zh: '报送数据', en: 'Deliver data' },
  'delivery.read': {
    roles: [...DEPARTMENT, ...CENTRE, 'systemClient'],
    zh: '查看报送及逐行结果',
    en: 'Read deliveries and what became of every row',
  },
  'release.propose': {
    roles: ['departmentClerk'],
    zh: '提出发布信息',
    en: 'Propose the release of a fact',
  },
  'release.approve': {
    roles: ['departmentReviewer'],
    zh: '批准发布信息',
    en: 'Approve the release of a fact',
  },
  'fact.read': {
    roles: [...DEPARTMENT, ...CENTRE],
    zh: '查看本单位的信息及其状态',
    en: 'Read one’s own unit’s facts and their state',
  },
  'fact.withdraw.propose': {
    roles: ['departmentClerk', 'centreOperator'],
    zh: '提出撤下信息（立即停止公示）',
    en: 'Withdraw a fact: hidden at once, to be confirmed',
  },
  'fact.withdraw.approve': {
    roles: ['departmentReviewer', 'centreReviewer'],
    zh: '确认撤下信息',
    en: 'Confirm that a fact is withdrawn',
  },
  'listing.read': {
    roles: [...DEPARTMENT, ...CENTRE],
    zh: '查看本单位的名单认定案件',
    en: 'Read one’s own unit’s cases of listing',
  },
  'listing.propose': {
    roles: ['departmentClerk'],
    zh: '提出列入、移出名单，送达告知，记录陈述申辩',
    en: 'Propose a listing or delisting, serve the notice, take the defence',
  },
  'listing.approve': {
    roles: ['departmentReviewer'],
    zh: '决定列入、移出名单',
    en: 'Decide a listing or delisting',
  },
  // ── the centre ──
  'review.read': { roles: [...CENTRE], zh: '查看待审记录', en: 'Read what waits for review' },
  'review.decide': { roles: [...CENTRE], zh: '处理待审记录', en: 'Decide rows that wait' },
  'hold.release.propose': {
    roles: ['centreOperator'],
    zh: '提出解除暂缓公示',
    en: 'Propose to release what was held back',
  },
  'hold.release.approve': {
    roles: ['centreReviewer'],
    zh: '批准解除暂缓公示',
    en: 'Approve the release of what was held back',
  },
  'subject.merge.propose': {
    roles: ['centreOperator'],
    zh: '提出合并或拆分主体',
    en: 'Propose to merge or split subjects',
  },
  'subject.merge.approve': {
    roles: ['centreReviewer'],
    zh: '批准合并或拆分主体',
    en: 'Approve a merge or split of subjects',
  },
  'catalogue.read': {
    roles: [...CENTRE],
    zh: '查看目录版本、草稿和试算',
    en: 'Read versions, drafts and trials of the catalogue',
  },
  'catalogue.propose': {
    roles: ['centreOperator'],
    zh: '起草目录、规则和期限',
    en: 'Draft catalogue items, rules and terms',
  },
  'catalogue.approve': {
    roles: ['centreReviewer'],
    zh: '批准目录、规则和期限',
    en: 'Approve catalogue items, rules and terms',
  },
  'complaint.handle': { roles: [...CENTRE], zh: '处理公众来信', en: 'Handle complaints of the public' },
  'announcement.write': { roles: [...CENTRE], zh: '发布公告', en: 'Publish announcements' },
  'announcement.approve': {
    roles: ['centreReviewer'],
    zh: '批准公告',
    en: 'Approve announcements',
  },
  'calendar.approve': {
    roles: ['centreReviewer'],
    zh: '批准节假日安排',
    en: 'Approve the holidays of a year',
  },
  'calendar.keep': { roles: [...CENTRE], zh: '维护节假日', en: 'Keep the holidays of a year' },
  'board.read': {
    roles: [...DEPARTMENT, ...CENTRE],
    zh: '查看双公示看板',
    en: 'Read the double-publicity board',
  },
  'evaluation.prepare': {
    roles: ['centreOperator'],
    zh: '组织第三方评估',
    en: 'Prepare a third-party evaluation',
  },
  'evaluation.enter': { roles: ['evaluator'], zh: '填写评估结果', en: 'Enter what the source shows' },
  'evaluation.answer': { roles: [...DEPARTMENT], zh: '答复评估发现', en: 'Answer findings of an evaluation' },
  // ── joint action ──
  'check.ask': {
    roles: [...DEPARTMENT, 'systemClient'],
    zh: '核查申请人、查看核查结果、反馈',
    en: 'Check applicants, read the answers, feed back',
  },
  'check.read': {
    roles: [...DEPARTMENT, ...CENTRE],
    zh: '查看核查、决定和反馈',
    en: 'Read checks, decisions and feedback',
  },
  'check.decide': {
    roles: [...DEPARTMENT],
    zh: '决定被拦截的事项，告知申请人',
    en: 'Decide intercepted matters, tell the applicant',
  },
  'check.override.approve': {
    roles: ['departmentReviewer'],
    zh: '确认解除拦截',
    en: 'Confirm that an intercept is lifted',
  },
  'matter.read': {
    roles: [...DEPARTMENT, ...CENTRE],
    zh: '查看事项、措施和订阅',
    en: 'Read matters, measures and subscriptions',
  },
  'matter.subscribe': {
    roles: [...DEPARTMENT],
    zh: '提出订阅措施，停止订阅',
    en: 'Propose subscriptions to measures, end them',
  },
  'matter.subscribe.approve': {
    roles: ['departmentReviewer'],
    zh: '批准订阅措施',
    en: 'Approve subscriptions to measures',
  },
  'measure.bind': {
    roles: ['centreOperator'],
    zh: '提出措施与事项的关联',
    en: 'Propose which measure meets which matters',
  },
  'measure.bind.approve': {
    roles: ['centreReviewer'],
    zh: '批准措施与事项的关联',
    en: 'Approve which measure meets which matters',
  },
  'supervision.read': {
    roles: [...DEPARTMENT, ...CENTRE, 'auditor'],
    zh: '查看联合奖惩监督看板',
    en: 'Read the supervision board of joint action',
  },
  'supervision.urge': { roles: [...CENTRE], zh: '督办', en: 'Urge a unit about its cases' },
  'supervision.answer': { roles: [...DEPARTMENT], zh: '答复督办', en: 'Answer what was urged' },
  // ── acts of two persons; each kind also asks for a permission of its own ──
  'approval.read': {
    roles: [...DEPARTMENT, ...CENTRE, ...ADMINISTRATORS],
    zh: '查看待审批的申请，撤回本人的申请',
    en: 'Read open proposals, take back one’s own',
  },
  'approval.decide': {
    roles: ['departmentReviewer', 'centreReviewer', 'securityAdministrator'],
    zh: '审批他人的申请',
    en: 'Decide proposals of others',
  },
  // ── watching ──
  'evaluation.read': {
    roles: [...DEPARTMENT, ...CENTRE, 'evaluator'],
    zh: '查看第三方评估',
    en: 'Read evaluations',
  },
  'evaluation.review': {
    roles: ['centreReviewer'],
    zh: '复核评估申辩',
    en: 'Review what units answer to an evaluation',
  },
  'quality.read': {
    roles: [...DEPARTMENT, ...CENTRE],
    zh: '查看数据质量',
    en: 'Read the quality of data',
  },
  'alarm.read': {
    roles: [...CENTRE, 'systemAdministrator'],
    zh: '查看和确认告警',
    en: 'Read and acknowledge alarms',
  },
  'alarm.keep': {
    roles: ['systemAdministrator'],
    zh: '维护告警接收人',
    en: 'Keep who is told of alarms',
  },
  // ── messages to other systems ──
  'subscription.read': {
    roles: [...DEPARTMENT, ...CENTRE],
    zh: '查看订阅、推送消息和跨市互认',
    en: 'Read subscriptions, their messages and the exchange with other cities',
  },
  'subscription.propose': {
    roles: ['departmentClerk', 'centreOperator'],
    zh: '提出订阅名单推送，停止订阅，要求重发',
    en: 'Propose subscriptions to lists, stop them, have messages sent again',
  },
  'subscription.approve': {
    roles: ['centreReviewer'],
    zh: '批准订阅名单推送',
    en: 'Approve subscriptions to lists',
  },
  'push.desk': {
    roles: [...CENTRE],
    zh: '处理推送失败的消息',
    en: 'Look after messages that a receiver would not take',
  },
  'widget.propose': {
    roles: ['departmentClerk', 'centreOperator'],
    zh: '登记可嵌入核查的网站，停用',
    en: 'Register and end sites in which checks may be embedded',
  },
  'widget.approve': {
    roles: ['centreReviewer'],
    zh: '批准可嵌入核查的网站',
    en: 'Approve sites in which checks may be embedded',
  },
  'push.receive': {
    roles: ['systemClient'],
    zh: '接收名单推送，拉取和重放消息',
    en: 'Receive messages about lists, pull and replay them',
  },
  'exchange.deliver': {
    roles: ['systemClient'],
    zh: '作为协议城市的平台送来名单信息',
    en: 'Deliver list entries as the platform of a partner city',
  },
  // ── units and people ──
  'unit.read': {
    roles: [...PEOPLE],
    zh: '查看单位',
    en: 'Read the units',
  },
  'unit.keep': {
    roles: ['centreOperator'],
    zh: '维护单位（更名、隶属、合并、撤销）',
    en: 'Keep the units: names, parents, mergers, ends',
  },
  'account.read': {
    roles: ['departmentReviewer', ...CENTRE, ...ADMINISTRATORS],
    zh: '查看账户',
    en: 'Read the accounts',
  },
  'account.create': {
    roles: ['systemAdministrator'],
    zh: '建立账户和业务系统，提出重置',
    en: 'Create accounts and system clients, propose resets',
  },
  'account.lock': {
    roles: ['systemAdministrator', 'securityAdministrator'],
    zh: '停用账户',
    en: 'Switch an account off',
  },
  'role.grant': {
    roles: ['securityAdministrator'],
    zh: '授予和收回角色，启用账户，批准重置',
    en: 'Grant and take back roles, switch accounts on, approve resets',
  },
  'client.keep': {
    roles: ['systemAdministrator'],
    zh: '登记业务系统及其公钥',
    en: 'Register system clients and their keys',
  },
  'client.approve': {
    roles: ['securityAdministrator'],
    zh: '批准业务系统的权限和公钥',
    en: 'Approve the scopes and keys of system clients',
  },
  'client.revoke': {
    roles: ['systemAdministrator', 'securityAdministrator'],
    zh: '吊销业务系统或其公钥',
    en: 'Revoke a system client or a key of it',
  },
  // ── operation and audit ──
  'key.read': { roles: [...ADMINISTRATORS], zh: '查看密钥清单', en: 'Read the list of keys' },
  'key.keep': {
    roles: ['systemAdministrator'],
    zh: '提出更换和销毁密钥',
    en: 'Propose to replace and to destroy keys',
  },
  'key.approve': {
    roles: ['securityAdministrator'],
    zh: '批准更换和销毁密钥',
    en: 'Approve that keys are replaced and destroyed',
  },
  'job.read': {
    roles: ['centreOperator', 'centreReviewer', 'systemAdministrator'],
    zh: '查看后台任务与系统状态',
    en: 'Read jobs and health',
  },
  'job.run': { roles: ['systemAdministrator'], zh: '重新执行后台任务', en: 'Run a job again' },
  'ledger.read': { roles: ['auditor'], zh: '查看审计账本', en: 'Read the audit ledger' },
  'ledger.export': { roles: ['auditor'], zh: '导出审计账本', en: 'Export the audit ledger' },
} as const satisfies Readonly<Record<string, Grant>>

export type Permission = keyof typeof PERMISSIONS

/** Whether a role holds a permission. */
export function may(role: Role, permission: Permission): boolean {
  return (PERMISSIONS[permission].roles as readonly Role[]).includes(role)
}

/** All permissions of a role, in the order of the table. */
export function permissionsOf(role: Role): Permission[] {
  return (Object.keys(PERMISSIONS) as Permission[]).filter((permission) => may(role, permission))
}
