import { DomainError } from '../../platform/errors/domain-error.ts'

/** One answer for a wrong password, an unknown account and one without a password: nobody learns which. */
export const wrongPassword = (): DomainError =>
  new DomainError('sign-in.wrong', {
    zh: '账户或密码不对。',
    en: 'The account or the password is wrong.',
    remedyZh: '核对后再试；忘记密码请联系系统管理员。',
    remedyEn: 'Check both; if you forgot the password, ask the system administrator.',
    status: 401,
  })

export const wrongCode = (): DomainError =>
  new DomainError('sign-in.code', {
    zh: '动态验证码不对。',
    en: 'The code is wrong.',
    remedyZh: '核对验证器上的六位数字和手机时间。',
    remedyEn: 'Check the six digits of your authenticator and the clock of your phone.',
    status: 401,
  })

export const usedCode = (): DomainError =>
  new DomainError('sign-in.code-used', {
    zh: '该验证码已用过，每个只能用一次。',
    en: 'This code has been used: each works once.',
    remedyZh: '请等验证器显示下一个（至多 30 秒）。',
    remedyEn: 'Wait for the next one, 30 seconds at most.',
    status: 401,
  })

export const noPendingSignIn = (): DomainError =>
  new DomainError('sign-in.begin-again', {
    zh: '登录已超时，请重新输入密码。',
    en: 'The sign-in took too long: begin with the password again.',
    status: 401,
  })

export const accountOff = (): DomainError =>
  new DomainError('sign-in.account-off', {
    zh: '该账户已停用。',
    en: 'The account is switched off.',
    remedyZh: '请安全管理员核实后启用。',
    remedyEn: 'Ask the security administrator to switch it on.',
    status: 403,
  })

export const noRole = (): DomainError =>
  new DomainError('sign-in.no-role', {
    zh: '该账户还没有角色。',
    en: 'The account has no role yet.',
    remedyZh: '请安全管理员授予角色。',
    remedyEn: 'Ask the security administrator for one.',
    status: 403,
  })

export const agedPassword = (): DomainError =>
  new DomainError('sign-in.password-aged', {
    zh: '密码已到期，须换新密码。',
    en: 'The password has reached its age: choose a new one.',
    remedyZh: '请同时提交新密码。',
    remedyEn: 'Send the new one along with the code.',
    status: 403,
  })

export const badLink = (): DomainError =>
  new DomainError('invitation.unknown', {
    zh: '该一次性链接无效、已用过或已过期。',
    en: 'The one-time link is unknown, used or expired.',
    remedyZh: '请管理员重新签发。',
    remedyEn: 'Ask for a new one.',
    status: 404,
  })

export const reusedPassword = (): DomainError =>
  new DomainError('password.reused', {
    zh: '新密码与近期用过的密码相同。',
    en: 'The new password was used lately.',
    remedyZh: '请换一个没用过的。',
    remedyEn: 'Choose another.',
  })
