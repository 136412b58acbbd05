export const WORDS = {
  signIn: { zh: '登录', en: 'Sign in' },
  account: { zh: '账号', en: 'Account' },
  password: { zh: '密码', en: 'Password' },
  code: { zh: '动态验证码', en: 'Code from the authenticator' },
  goOn: { zh: '继续', en: 'Continue' },
} as const
