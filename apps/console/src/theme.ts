import type { ThemeConfig } from 'antd'

/** The console's look: the portal's ink and accent, set a little closer. */
export const INK = '#1b2733'
export const ACCENT = '#0b5c7d'

export const theme: ThemeConfig = {
  token: {
    colorPrimary: ACCENT,
    colorInfo: ACCENT,
    colorLink: ACCENT,
    colorSuccess: '#1f6b45',
    colorWarning: '#b45f06',
    colorError: '#b3261e',
    colorTextBase: INK,
    colorTextSecondary: '#4a5865',
    colorTextTertiary: '#5b6875',
    colorTextDescription: '#52606d',
    colorTextPlaceholder: '#667380',
    colorTextDisabled: '#77838e',
    colorBorder: '#b9c4cd',
    colorBorderSecondary: '#dfe5ea',
    colorBgLayout: '#f3f6f8',
    colorPrimaryBg: '#e3eff5',
    colorPrimaryBgHover: '#d3e6ef',
    colorInfoBg: '#e9f3f8',
    colorInfoBorder: '#b3d2df',
    colorSuccessBg: '#e9f5ee',
    colorSuccessBorder: '#a9d3ba',
    colorWarningBg: '#fdf4e3',
    colorWarningBorder: '#e6c788',
    colorErrorBg: '#fdf0ef',
    colorErrorBorder: '#e3aaa5',
    borderRadius: 6,
    fontSize: 14,
    fontFamily:
      'system-ui, -apple-system, "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif',
    // Whoever asked their system for less movement gets none.
    motion: !globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches,
    motionDurationMid: '0.12s',
    motionDurationSlow: '0.18s',
  },
  components: {
    Layout: { headerBg: '#ffffff', siderBg: '#ffffff', headerHeight: 56, headerPadding: '0 20px' },
    Menu: {
      itemHeight: 38,
      itemSelectedBg: '#e3eff5',
      itemSelectedColor: '#084660',
      itemColor: INK,
      groupTitleColor: '#5b6875',
    },
    Table: {
      headerBg: '#f3f6f8',
      headerColor: '#4a5865',
      cellPaddingBlock: 10,
      cellPaddingInline: 12,
      headerSplitColor: 'transparent',
    },
    Card: { headerFontSize: 15, headerHeight: 48 },
    Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
  },
}
