import type { PublicityFigure } from '@xinheng/core'
import { useSay, useWords } from '../../language.ts'
import { countOf, shareOf } from '../../ui/days.ts'
import { FigureButton } from '../../ui/FigureButton.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Sheet } from '../../ui/Page.tsx'
import { Scroll } from '../../ui/Scroll.tsx'
import { Table } from '../../ui/Table.tsx'
import styles from './Board.module.css'
import type { Board, BoardUnit } from './types.ts'
import { WORDS } from './words.ts'

const FIGURES = [
  'reported',
  'onTime',
  'late',
  'receiptUndue',
  'failedFirst',
  'rejected',
  'stillDue',
  'overdue',
  'rejectedUndated',
] as const
const BAD: readonly PublicityFigure[] = ['late', 'overdue']

/** One unit: each figure opens its rows. */
export function UnitFigures({
  unit,
  board,
  onFigure,
}: {
  unit: BoardUnit
  board: Board
  onFigure: (figure: PublicityFigure) => void
}) {
  const w = useWords(WORDS)
  const s = useSay()
  const { figures } = unit
  const titles = new Map(board.items.map((item) => [item.code, s(item)]))
  return (
    <>
      <dl className={styles.tiles}>
        {FIGURES.map((name) => (
          <div
            key={name}
            className={`${styles.tile} ${BAD.includes(name) && figures[name] > 0 ? styles.bad : ''}`}
          >
            <dt>{w(name)}</dt>
            <dd>
              {figures[name] === 0 ? (
                '0'
              ) : (
                <FigureButton
                  label={w('rowsOf', { figure: w(name), count: figures[name] })}
                  onClick={() => onFigure(name)}
                >
                  {countOf(figures[name])}
                </FigureButton>
              )}
            </dd>
          </div>
        ))}
        <div className={styles.tile}>
          <dt>{w('timelinessRate')}</dt>
          <dd>{shareOf(figures.timelinessRate)}</dd>
        </div>
        <div className={styles.tile}>
          <dt>{w('complianceRate')}</dt>
          <dd>{shareOf(figures.complianceRate)}</dd>
        </div>
        <div className={styles.tile}>
          <dt>{w('deliveries')}</dt>
          <dd>
            {countOf(unit.deliveries)} <small>{unit.lastHeardOn ?? ''}</small>
          </dd>
        </div>
        <div className={styles.tile}>
          <dt>{w('nilReports')}</dt>
          <dd>{countOf(unit.nilReports)}</dd>
        </div>
      </dl>
      {figures.dueIn.length === 0 ? null : (
        <Sheet title={w('dueIn')} flush>
          <Table
            caption={w('dueIn')}
            rows={figures.dueIn}
            keyOf={({ daysLeft }) => daysLeft}
            empty={w('none')}
            columns={[
              {
                key: 'days',
                title: w('dueIn'),
                render: ({ daysLeft }) => (
                  <Mark tone={daysLeft <= 2 ? 'warn' : 'quiet'}>
                    {daysLeft === 0 ? w('dueToday') : w('dueRow', { days: daysLeft })}
                  </Mark>
                ),
              },
              { key: 'rows', title: w('stillDue'), number: true, render: ({ rows }) => countOf(rows) },
            ]}
          />
        </Sheet>
      )}
      <Sheet title={w('byItem')} flush>
        <Scroll label={w('byItem')}>
          <Table
            caption={w('byItem')}
            rows={unit.byItem}
            keyOf={({ item }) => item}
            empty={w('noRows')}
            columns={[
              { key: 'item', title: w('item'), render: ({ item }) => titles.get(item) ?? item },
              ...(['reported', 'onTime', 'late', 'rejected', 'overdue'] as const).map((name) => ({
                key: name,
                title: w(name),
                number: true,
                render: (row: BoardUnit['byItem'][number]) => countOf(row.figures[name]),
              })),
              {
                key: 'timely',
                title: w('timelinessRate'),
                number: true,
                render: (row) => shareOf(row.figures.timelinessRate),
              },
              {
                key: 'compliance',
                title: w('complianceRate'),
                number: true,
                render: (row) => shareOf(row.figures.complianceRate),
              },
            ]}
          />
        </Scroll>
      </Sheet>
      <Sheet title={w('silence')}>
        {unit.silentWeeks.length === 0 ? (
          <span className="soft">{w('weeksNone')}</span>
        ) : (
          <ul className={styles.weeks}>
            {unit.silentWeeks.map((week) => (
              <li key={week.from}>
                <Mark tone="bad">
                  {week.from} — {week.to}
                </Mark>
              </li>
            ))}
          </ul>
        )}
      </Sheet>
    </>
  )
}
