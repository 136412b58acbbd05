import { Empty } from 'antd'
import type { ReactNode } from 'react'
import styles from './Table.module.css'

export interface TableColumn<Row> {
  readonly key: string
  readonly title: string
  readonly render: (row: Row) => ReactNode
  /** Figures stand at the right edge. */
  readonly number?: boolean
  /** Takes no more room than it needs. */
  readonly narrow?: boolean
}

/** Rows as a table; on a narrow screen each row is a card with its titles. The first column names the row. */
export function Table<Row>({
  caption,
  columns,
  rows,
  keyOf,
  empty,
}: {
  /** What a screen reader calls it. */
  caption: string
  columns: readonly TableColumn<Row>[]
  rows: readonly Row[]
  keyOf: (row: Row) => string | number
  empty: string
}) {
  if (rows.length === 0)
    return (
      <div className={styles.empty}>
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={empty} />
      </div>
    )
  const classOf = (column: TableColumn<Row>) =>
    [column.number ? styles.number : '', column.narrow ? styles.narrow : ''].join(' ').trim() || undefined
  return (
    <table className={styles.table}>
      <caption className="unseen">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) =>
            column.title === '' ? (
              <td key={column.key} className={classOf(column)} />
            ) : (
              <th key={column.key} scope="col" className={classOf(column)}>
                {column.title}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map((column, place) => {
              const content = column.render(row)
              return place === 0 ? (
                <th key={column.key} scope="row" data-label={column.title} className={classOf(column)}>
                  <div>{content}</div>
                </th>
              ) : (
                <td key={column.key} data-label={column.title} className={classOf(column)}>
                  <div>{content}</div>
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
