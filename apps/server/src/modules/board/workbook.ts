import { type Cell, type Sheet, workbookOf } from '../../platform/workbook/index.ts'
import type { Board, BoardFigures } from './service.ts'

const FIGURE_COLUMNS = [
  { title: '上报量', width: 10 },
  { title: '按期', width: 10 },
  { title: '迟报', width: 10 },
  { title: '不计时限', width: 10 },
  { title: '及时率', width: 10, percent: true },
  { title: '首次未合规后补正', width: 12 },
  { title: '退回未补正', width: 12 },
  { title: '首次合规率', width: 12, percent: true },
  { title: '待补正未到期', width: 12 },
  { title: '已超期', width: 10 },
  { title: '退回不计时限', width: 10 },
]

function figureCells(figures: BoardFigures): Cell[] {
  return [
    figures.reported,
    figures.onTime,
    figures.late,
    figures.receiptUndue,
    figures.timelinessRate,
    figures.failedFirst,
    figures.rejected,
    figures.complianceRate,
    figures.stillDue,
    figures.overdue,
    figures.rejectedUndated,
  ]
}

/** The board's own numbers as a workbook: city and districts, units, items of units. */
export function boardWorkbook(board: Board, city: string): Promise<Buffer> {
  const titleOf = new Map(board.items.map((item) => [item.code, item.zh]))
  const regionOf = new Map(board.regions.map((region) => [region.region, region.name]))
  const lead = (title: string) => [
    `${city}双公示${title}`,
    `统计期（按决定日期）：${board.from} 至 ${board.to}，截至 ${board.today}`,
    '及时率 = 按期 ÷（按期 + 迟报）；首次合规率 =（上报量 − 首次未合规后补正）÷（上报量 + 退回未补正）',
  ]
  const sheets: Sheet[] = [
    {
      name: '全市与区县',
      lead: lead('情况'),
      columns: [
        { title: '区县', width: 20 },
        { title: '单位数', width: 8 },
        { title: '有静默周的单位', width: 12 },
        ...FIGURE_COLUMNS,
      ],
      rows: [
        ['全市', board.units.length, board.silentUnits, ...figureCells(board.city)],
        ...board.regions.map((region) => [
          region.name,
          region.units,
          region.silentUnits,
          ...figureCells(region.figures),
        ]),
      ],
    },
    {
      name: '单位',
      lead: lead('分单位情况'),
      columns: [
        { title: '单位', width: 36 },
        { title: '区县', width: 16 },
        ...FIGURE_COLUMNS,
        { title: '报送批次', width: 10 },
        { title: '零报告', width: 8 },
        { title: '静默周', width: 8 },
        { title: '最近报送', width: 12 },
      ],
      rows: board.units.map((unit) => [
        unit.name,
        regionOf.get(unit.region) ?? '',
        ...figureCells(unit.figures),
        unit.deliveries,
        unit.nilReports,
        unit.silentWeeks.length,
        unit.lastHeardOn ?? '',
      ]),
    },
    {
      name: '单位与目录项',
      lead: lead('分单位分目录项情况'),
      columns: [{ title: '单位', width: 36 }, { title: '目录项', width: 36 }, ...FIGURE_COLUMNS],
      rows: board.units.flatMap((unit) =>
        unit.byItem.map(({ item, figures }) => [
          unit.name,
          titleOf.get(item) ?? item,
          ...figureCells(figures),
        ]),
      ),
    },
  ]
  return workbookOf(sheets)
}
