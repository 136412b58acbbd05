/** What each data key is for. */
export const KEY_PURPOSES: Readonly<Record<string, { zh: string; en: string }>> = {
  cells: {
    zh: '身份号码、姓名、退回与待审数据、验证器',
    en: 'Numbers, names, rejected rows, authenticators',
  },
  records: { zh: '信息的非公开内容', en: 'What is not public of facts' },
  files: { zh: '报送的文件', en: 'Delivered files' },
  lookup: { zh: '身份号码的检索哈希', en: 'Look-up hashes' },
  names: { zh: '信息的公开编号', en: 'Public names of facts' },
  veil: { zh: '列表翻页位置', en: 'Places in lists' },
  pepper: { zh: '登录密码', en: 'Passwords' },
  replies: { zh: '接口应答签名', en: 'Signed replies' },
}
