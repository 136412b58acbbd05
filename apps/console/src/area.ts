import type { Permission } from '@xinheng/core'
import type { ReactNode } from 'react'
import type { RouteObject } from 'react-router'
import type { Sentence } from './language.ts'

/** The menu's groups, in their order. */
export const GROUPS = {
  own: { zh: '工作台', en: 'Desk' },
  centre: { zh: '中心业务', en: 'Centre' },
  department: { zh: '报送', en: 'Deliver' },
  joint: { zh: '联合奖惩', en: 'Joint action' },
  watch: { zh: '监督评估', en: 'Oversight' },
  administration: { zh: '系统管理', en: 'Administration' },
} as const satisfies Record<string, Sentence>

export interface MenuEntry {
  /** Under `/console`, with a leading slash. */
  readonly path: string
  readonly title: Sentence
  readonly icon: ReactNode
  readonly group: keyof typeof GROUPS
  /** Shown to whoever has it; without one, to everybody signed in. */
  readonly permission?: Permission
  /** Small numbers come first. */
  readonly order?: number
}

/** What an area's `index.tsx` exports. Pages are `lazy`, so that nobody loads what they may not see. */
export interface Area {
  readonly routes: readonly RouteObject[]
  readonly menu: readonly MenuEntry[]
}
