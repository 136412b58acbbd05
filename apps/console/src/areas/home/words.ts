export const WORDS = {
  home: { zh: '首页', en: 'Home' },
} as const
