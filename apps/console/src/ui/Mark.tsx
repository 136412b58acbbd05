import type { ReactNode } from 'react'
import styles from './Mark.module.css'

export type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'quiet'

/** A state in a word. Its colour says nothing that the word does not. */
export function Mark({ tone, children }: { tone: Tone; children: ReactNode }) {
  return <span className={`${styles.mark} ${styles[tone]}`}>{children}</span>
}
