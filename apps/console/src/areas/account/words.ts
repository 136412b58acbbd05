export const WORDS = {
  sessions: { zh: '会话', en: 'Sessions' },
} as const
