import { DomainError } from '../../platform/errors/domain-error.ts'

export const unknownWidgetOrigin = (): DomainError =>
  new DomainError('widget.origin-unknown', {
    zh: '本单位没有登记这个网站，不能向它交回核查结果。',
    en: 'Your unit has not registered that site: no result is handed to it.',
    remedyZh: '请在“推送与接入”中登记网站来源，由信用中心批准。',
    remedyEn: 'Register its origin in the console; the centre approves.',
    status: 404,
  })
