export const WORDS = {
  title: { zh: '待我审批', en: 'Approvals' },
  lead: {
    zh: '两人办理的事项：自己提出的由他人审批。批准即生效，并记入账本。',
    en: 'What two persons do: nobody approves their own act. Approving does it, and it is in the ledger.',
  },
  none: { zh: '没有待审批的申请', en: 'Nothing waits' },
  proposedBy: { zh: '{name} 提出，{day} 前有效', en: 'Proposed by {name}, valid until {day}' },
  reason: { zh: '理由', en: 'Reason' },
  approve: { zh: '批准', en: 'Approve' },
  refuse: { zh: '不同意', en: 'Refuse' },
  takeBack: { zh: '撤回', en: 'Take back' },
  mine: { zh: '我提出的', en: 'Mine' },
  notMine: { zh: '须由有权限的另一人审批', en: 'Somebody else whose role may decides' },
  done: { zh: '已处理', en: 'Done' },
  details: { zh: '申请内容', en: 'What is proposed' },
  seeDraft: { zh: '查看草稿、差异与试算结果', en: 'See the draft, its differences and its trial' },
  seeFact: { zh: '查看信息内容', en: 'See the fact' },
  inForce: { zh: '启用日期', en: 'In force from' },
  document: { zh: '文件', en: 'Document' },
  holidays: { zh: '放假', en: 'Holidays' },
  makeUpDays: { zh: '调休上班', en: 'Make-up days' },
} as const

export const KINDS: Readonly<Record<string, { zh: string; en: string }>> = {
  'subject.merge': { zh: '合并主体', en: 'Merge two subjects' },
  'subject.split': { zh: '拆分主体', en: 'Split two subjects' },
  'catalogue.release': { zh: '发布目录新版本', en: 'Release a version of the catalogue' },
  'announcement.publish': { zh: '发布公告', en: 'Publish an announcement' },
  'calendar.enter': { zh: '录入节假日安排', en: 'Enter the holidays of a year' },
  'key.rotate': { zh: '更换数据密钥', en: 'Replace a data key' },
  'key.destroy': { zh: '销毁已停用的密钥', en: 'Destroy a retired key' },
  'hold.release': { zh: '解除暂缓公示', en: 'Release a fact that was held back' },
}
