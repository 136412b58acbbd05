import { DomainError } from '../../platform/errors/domain-error.ts'

export const unknownSubscription = (): DomainError =>
  new DomainError('subscription.unknown', {
    zh: '没有这个订阅，或不属于您的单位。',
    en: 'There is no such subscription, or it is not yours.',
    remedyZh: '用 GET /api/v1/subscriptions 查看本系统的订阅。',
    remedyEn: 'See your own with GET /api/v1/subscriptions.',
    status: 404,
  })

export const unknownMessage = (): DomainError =>
  new DomainError('push.message-unknown', {
    zh: '该订阅没有这条消息。',
    en: 'This subscription has no such message.',
    remedyZh: '使用所收到消息的 messageId。',
    remedyEn: 'Use the messageId of a message that you received.',
    status: 404,
  })

export const unknownReceiver = (client: string): DomainError =>
  new DomainError('subscription.client', {
    zh: `本单位没有可接收推送的业务系统“${client}”。`,
    en: `Your unit has no client “${client}” that may receive messages.`,
    remedyZh: '由系统管理员登记业务系统，权限包含 push.receive（协议城市为 exchange.deliver）。',
    remedyEn:
      'The system administrator registers it with the scope push.receive (for a partner city exchange.deliver).',
    status: 404,
  })

export const unknownList = (list: string): DomainError =>
  new DomainError('subscription.list', {
    zh: `名单“${list}”不能订阅。`,
    en: `The list “${list}” cannot be subscribed to.`,
    remedyZh: '只能订阅已发布、不涉及自然人、可在政府部门间共享的名单。',
    remedyEn: 'Only released lists without natural persons that units may share.',
  })

export const noAgreement = (agreement: string, detail: string): DomainError =>
  new DomainError('subscription.agreement', {
    zh: `协议“${agreement}”今天不适用：${detail}。`,
    en: `The agreement “${agreement}” does not allow it today: ${detail}.`,
    remedyZh: '核对协议的当事城市、名单和期限。',
    remedyEn: 'Check its parties, lists and term.',
  })

export const notOnTheDesk = (): DomainError =>
  new DomainError('push.not-dead', {
    zh: '该消息不在待处理之列。',
    en: 'The message is not one that waits for you.',
    remedyZh: '刷新列表。',
    remedyEn: 'Load the list again.',
    status: 409,
  })

export const overtaken = (): DomainError =>
  new DomainError('push.overtaken', {
    zh: '同一条名单信息之后已有新消息，不能再单独重发旧消息。',
    en: 'A later message about the same entry has gone out: the old one is not sent alone any more.',
    remedyZh: '请写明理由后搁置；需要时从某一时点起全部重放。',
    remedyEn: 'Set it aside with a reason; where needed replay everything from a point on.',
    status: 409,
  })

export const originFault = (): DomainError =>
  new DomainError('widget.origin', {
    zh: '网站来源须写作 https://主机[:端口]，不含路径。',
    en: 'An origin is written https://host[:port], without a path.',
    remedyZh: '演示和本机可用 http://127.0.0.1:端口。',
    remedyEn: 'In the demo, http://127.0.0.1:port is allowed.',
  })

export const originTaken = (): DomainError =>
  new DomainError('widget.origin-taken', {
    zh: '本单位已登记该来源。',
    en: 'Your unit has registered that origin already.',
    remedyZh: '无需重复登记。',
    remedyEn: 'Nothing has to be done.',
    status: 409,
  })

export const unknownOrigin = (): DomainError =>
  new DomainError('widget.origin-unknown', {
    zh: '没有登记这个来源，或已停用。',
    en: 'That origin is not registered, or it has ended.',
    status: 404,
  })
