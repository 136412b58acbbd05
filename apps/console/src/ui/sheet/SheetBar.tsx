import {
  ArrowDownOutlined,
  QuestionCircleOutlined,
  RedoOutlined,
  SearchOutlined,
  UndoOutlined,
  VerticalAlignBottomOutlined,
} from '@ant-design/icons'
import { Button, Modal, Tooltip } from 'antd'
import { type ReactNode, type RefObject, useState } from 'react'
import { useWords } from '../../language.ts'
import styles from './SheetGrid.module.css'
import type { GridHandle } from './SheetGrid.tsx'
import type { Sheet } from './sheet.ts'
import { useSheetVersion } from './useSheet.ts'
import { WORDS } from './words.ts'

const KEYS = [
  ['↑ ↓ ← →', 'keyMove'],
  ['Enter / Tab', 'keyTake'],
  ['F8', 'keyFault'],
  ['F2', 'keyEdit'],
  ['Esc', 'keyEsc'],
  ['Ctrl Z / Ctrl Y', 'keyUndo'],
  ['Ctrl D', 'keyFill'],
  ['Ctrl F / Ctrl H', 'keyFind'],
  ['Ctrl C / Ctrl V', 'keyCopy'],
  ['Delete', 'keyDelete'],
  ['Tab', 'keyLeave'],
] as const satisfies readonly (readonly [string, keyof typeof WORDS])[]

/** The buttons above a grid: what the keys do, for whoever prefers to click. */
export function SheetBar({
  sheet,
  grid,
  onFind,
  children,
}: {
  sheet: Sheet
  grid: RefObject<GridHandle | null>
  onFind: () => void
  children?: ReactNode
}) {
  const w = useWords(WORDS)
  useSheetVersion(sheet)
  const [keysShown, showKeys] = useState(false)
  const button = (
    word: keyof typeof WORDS,
    keys: string,
    icon: ReactNode,
    act: () => void,
    disabled = false,
  ) => (
    <Tooltip title={`${w(word)} ${keys}`}>
      <Button
        aria-label={w(word)}
        aria-keyshortcuts={keys.replaceAll(' ', '+')}
        icon={icon}
        onClick={act}
        disabled={disabled}
      />
    </Tooltip>
  )
  const back = (place: { row: number; column: number } | undefined) =>
    place === undefined ? grid.current?.focus() : grid.current?.goTo(place)
  return (
    <div className={styles.bar}>
      {button('undo', 'Control Z', <UndoOutlined />, () => back(sheet.undo()), !sheet.canUndo)}
      {button('redo', 'Control Y', <RedoOutlined />, () => back(sheet.redo()), !sheet.canRedo)}
      {button('fillDown', 'Control D', <VerticalAlignBottomOutlined />, () => {
        grid.current?.fillDown()
        grid.current?.focus()
      })}
      {button('find', 'Control F', <SearchOutlined />, onFind)}
      <Button icon={<ArrowDownOutlined />} aria-keyshortcuts="F8" onClick={() => grid.current?.nextFault()}>
        {w('nextFault')}
      </Button>
      {children}
      {button('keys', '', <QuestionCircleOutlined />, () => showKeys(true))}
      <Modal
        open={keysShown}
        title={w('keysTitle')}
        footer={null}
        onCancel={() => showKeys(false)}
        afterClose={() => grid.current?.focus()}
      >
        <dl className={styles.keys}>
          {KEYS.map(([keys, word]) => (
            <div key={word} style={{ display: 'contents' }}>
              <dt>
                <kbd>{keys}</kbd>
              </dt>
              <dd>{w(word)}</dd>
            </div>
          ))}
        </dl>
      </Modal>
    </div>
  )
}
