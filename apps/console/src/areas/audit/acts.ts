import type { Sentence } from '../../language.ts'

/** Acts by their names in the ledger. One with a point at its end stands for all that begin so. */
export const ACTS: Readonly<Record<string, Sentence>> = {
  'delivery.': { zh: '报送（全部）', en: 'Deliveries, all' },
  'delivery.receive': { zh: '收到报送', en: 'Delivery received' },
  'delivery.part': { zh: '报送分段入库', en: 'Part of a delivery loaded' },
  'delivery.outcome': { zh: '报送办结', en: 'Delivery finished' },
  'delivery.cells': { zh: '报送内容摘要', en: 'Digest of what was delivered' },
  'delivery.refuse': { zh: '整批退回', en: 'Delivery refused' },
  'delivery.repeat': { zh: '重复报送', en: 'Delivery repeated' },
  'delivery.rejected.read': { zh: '查看退回的行', en: 'Rejected rows read' },
  'delivery.rows.read': { zh: '查看报送各行', en: 'Rows of a delivery read' },
  'upload.': { zh: '上传（全部）', en: 'Uploads, all' },
  'upload.begin': { zh: '开始上传', en: 'Upload begun' },
  'upload.cancel': { zh: '取消上传', en: 'Upload cancelled' },
  'nil.declare': { zh: '零报告', en: 'Nil reported' },
  'work.': { zh: '中心待办（全部）', en: 'Centre’s work, all' },
  'work.read': { zh: '查看待办证据', en: 'Case with its evidence read' },
  'work.list.read': { zh: '查看待办列表', en: 'Work queue read' },
  'work.take': { zh: '领取待办', en: 'Case taken' },
  'work.assign': { zh: '分派待办', en: 'Case assigned' },
  'work.giveBack': { zh: '退回待办', en: 'Case given back' },
  'review.decide': { zh: '处理待审记录', en: 'Waiting row decided' },
  'complaint.submit': { zh: '公众来信', en: 'Complaint submitted' },
  'complaint.answer': { zh: '答复来信', en: 'Complaint answered' },
  'fact.': { zh: '信息（全部）', en: 'Facts, all' },
  'fact.read': { zh: '查看信息', en: 'Fact read' },
  'fact.own.read': { zh: '查看本单位信息', en: 'Own unit’s facts read' },
  'fact.hide': { zh: '停止公示', en: 'Fact hidden' },
  'record.release': { zh: '解除暂缓', en: 'Held fact released' },
  'record.withdraw': { zh: '撤下信息', en: 'Fact withdrawn' },
  'withdrawal.read': { zh: '查看撤下', en: 'Withdrawals read' },
  'release.read': { zh: '查看待发布', en: 'Releases read' },
  'subject.read': { zh: '查看主体', en: 'Subject read' },
  'subject.compare.read': { zh: '比对两个主体', en: 'Two subjects compared' },
  'subject.same-named.read': { zh: '查看同名主体', en: 'Subjects of one name read' },
  'subject.merges.read': { zh: '查看合并证据', en: 'Merges with their evidence read' },
  'approval.read': { zh: '查看审批申请', en: 'Proposals read' },
  'board.rows.read': { zh: '查看看板明细', en: 'Rows behind the board read' },
  'quality.rows.read': { zh: '查看质量明细', en: 'Rows behind quality read' },
  'quality.keep': { zh: '保存质量指标', en: 'Quality figures kept' },
  'evaluation.': { zh: '第三方评估（全部）', en: 'Evaluations, all' },
  'evaluation.read': { zh: '查看评估样本', en: 'Evaluation samples read' },
  'evaluation.evidence.read': { zh: '查看评估证据', en: 'Evaluation evidence read' },
  'catalogue.': { zh: '目录（全部）', en: 'Catalogue, all' },
  'catalogue.write': { zh: '保存目录草稿', en: 'Catalogue draft written' },
  'catalogue.try': { zh: '试算目录', en: 'Catalogue draft tried' },
  'catalogue.trial.read': { zh: '查看试算结果', en: 'Trial read' },
  'session.': { zh: '登录（全部）', en: 'Sessions, all' },
  'session.begin': { zh: '登录', en: 'Signed in' },
  'session.end': { zh: '退出', en: 'Signed out' },
  'session.refuse': { zh: '登录被拒', en: 'Sign-in refused' },
  'session.renew': { zh: '再次验证身份', en: 'Proved again' },
  'account.': { zh: '账户（全部）', en: 'Accounts, all' },
  'account.read': { zh: '查看账户', en: 'Accounts read' },
  'account.create': { zh: '建立账户', en: 'Account created' },
  'account.off': { zh: '停用账户', en: 'Account switched off' },
  'account.on': { zh: '启用账户', en: 'Account switched on' },
  'account.breakGlass': { zh: '应急启用账户', en: 'Break glass' },
  'account.setUp': { zh: '账户首次设置', en: 'Account set up' },
  'role.grant': { zh: '授予角色', en: 'Role granted' },
  'role.take': { zh: '收回角色', en: 'Role taken back' },
  'unit.': { zh: '单位（全部）', en: 'Units, all' },
  'client.read': { zh: '查看业务系统', en: 'System clients read' },
  'client.': { zh: '业务系统（全部）', en: 'System clients, all' },
  'ledger.': { zh: '审计账本（全部）', en: 'The ledger, all' },
  'ledger.read': { zh: '查看账本', en: 'Ledger read' },
  'ledger.export': { zh: '导出账本', en: 'Ledger exported' },
  'ledger.erase': { zh: '删除明细', en: 'Detail erased' },
  'ledger.forget': { zh: '遗忘个人', en: 'Person forgotten' },
  'job.': { zh: '后台任务（全部）', en: 'Jobs, all' },
  'alarm.recipient.read': { zh: '查看告警接收人', en: 'Recipients of alarms read' },
  'alarm.': { zh: '告警（全部）', en: 'Alarms, all' },
}

/** What a two-person act is about, and what was done with it. */
const KINDS: Readonly<Record<string, Sentence>> = {
  'fact.withdraw': { zh: '撤下信息', en: 'Withdrawal' },
  'fact.release': { zh: '发布信息', en: 'Release of a fact' },
  'hold.release': { zh: '解除暂缓公示', en: 'Release of a held fact' },
  'hold.keep': { zh: '不予公示并退回更正', en: 'A held fact kept back' },
  'subject.merge': { zh: '合并主体', en: 'Merge of subjects' },
  'subject.split': { zh: '拆分主体', en: 'Split of subjects' },
  'catalogue.release': { zh: '发布目录', en: 'Release of a catalogue' },
  'announcement.publish': { zh: '发布公告', en: 'Announcement' },
  'calendar.enter': { zh: '节假日安排', en: 'Calendar' },
  'account.reset': { zh: '重置账户', en: 'Reset of an account' },
  'client.add': { zh: '登记业务系统', en: 'System client' },
  'client.key': { zh: '登记公钥', en: 'Key of a client' },
}
const STEPS: Readonly<Record<string, Sentence>> = {
  propose: { zh: '提出', en: 'proposed' },
  approve: { zh: '批准', en: 'approved' },
  refuse: { zh: '不同意', en: 'refused' },
  takeBack: { zh: '撤回', en: 'taken back' },
}

/** An act in words, or undefined where only its name is known. */
export function actWords(act: string): Sentence | undefined {
  const known = ACTS[act]
  if (known !== undefined) return known
  const dot = act.lastIndexOf('.')
  const kind = KINDS[act.slice(0, dot)]
  const step = STEPS[act.slice(dot + 1)]
  return kind === undefined || step === undefined
    ? undefined
    : { zh: `${kind.zh}：${step.zh}`, en: `${kind.en}: ${step.en}` }
}

/** For the choice of an act: those above, and the steps of two-person acts. */
export const CHOICES: readonly { readonly act: string; readonly words: Sentence }[] = [
  ...Object.entries(ACTS).map(([act, words]) => ({ act, words })),
  ...Object.keys(KINDS).map((kind) => ({
    act: `${kind}.`,
    words: {
      zh: `${KINDS[kind]?.zh}（提出与审批）`,
      en: `${KINDS[kind]?.en}: proposals and decisions`,
    },
  })),
]
