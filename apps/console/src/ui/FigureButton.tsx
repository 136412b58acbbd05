import { Button } from 'antd'
import type { ReactNode } from 'react'
import styles from './FigureButton.module.css'

/** A figure or name in a table or tile that opens what stands behind it. */
export function FigureButton({
  onClick,
  label,
  children,
}: {
  onClick: () => void
  label?: string
  children: ReactNode
}) {
  return (
    <Button
      type="link"
      className={styles.figure ?? ''}
      onClick={onClick}
      {...(label === undefined ? {} : { 'aria-label': label })}
    >
      {children}
    </Button>
  )
}
