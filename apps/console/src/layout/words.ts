export const WORDS = {
  product: { zh: '信衡', en: 'Xinheng' },
  console: { zh: '公共信用信息平台', en: 'Public credit platform' },
  fiction: { zh: '演示城市，全部数据均为虚构', en: 'A demo city: everything in it is made up' },
  skip: { zh: '跳到正文', en: 'Skip to the content' },
  menu: { zh: '菜单', en: 'Menu' },
  account: { zh: '账号', en: 'Account' },
  sessions: { zh: '登录记录与会话', en: 'Sessions' },
  signOut: { zh: '退出登录', en: 'Sign out' },
  missingTitle: { zh: '没有这个页面', en: 'No such page' },
  missing: {
    zh: '地址可能有误，或您的账号看不到它。',
    en: 'The address may be wrong, or your account may not see it.',
  },
  faultTitle: { zh: '页面出错', en: 'The page failed' },
  fault: {
    zh: '可以重试；若仍出错，请联系信用中心。',
    en: 'Try again; if it fails again, tell the credit centre.',
  },
  toHome: { zh: '回到首页', en: 'To the first page' },
  again: { zh: '重试', en: 'Try again' },
} as const
