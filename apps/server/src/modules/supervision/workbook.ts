import { workbookOf } from '../../platform/workbook/index.ts'
import type { SupervisionBoard } from './service.ts'
import { FIGURES, type Figure } from './store.ts'

export const FIGURE_TITLES: Readonly<Record<Figure, string>> = {
  checked: '比对',
  matched: '命中',
  intercepted: '拦截',
  overridden: '解除',
  rewarded: '激励',
  granted: '已兑现',
  notGranted: '未兑现',
  fedBack: '已反馈',
  awaited: '待反馈',
  overdue: '逾期未反馈',
  unexplained: '未说明放行',
}
const TITLES = { unit: '单位', matter: '事项', measure: '措施', district: '区县', month: '月份' } as const

/** The board's own numbers as a workbook: one sheet a dimension. */
export function supervisionWorkbook(boards: readonly SupervisionBoard[], city: string): Promise<Buffer> {
  return workbookOf(
    boards.map((board) => ({
      name: `按${TITLES[board.by]}`,
      lead: [
        `${city}联合奖惩监督情况（按${TITLES[board.by]}）`,
        `核查日期：${board.from} 至 ${board.to}`,
        '命中多少不是目标，也不作排名。',
      ],
      columns: [
        { title: TITLES[board.by], width: 40 },
        { title: '推送', width: 10 },
        ...FIGURES.map((figure) => ({ title: FIGURE_TITLES[figure], width: 12 })),
      ],
      rows: [
        ['合计', board.totals.pushed, ...FIGURES.map((figure) => board.totals[figure])],
        ...board.groups.map((group) => [
          group.title.zh,
          group.pushed,
          ...FIGURES.map((figure) => group.figures[figure]),
        ]),
      ],
    })),
  )
}
