import type { ReactNode } from 'react'

/** What is wider than the page scrolls by itself, with the keyboard too. */
export function Scroll({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached without a mouse (WCAG 2.1.1)
    // biome-ignore lint/a11y/useSemanticElements: a fieldset groups form fields, this a table
    <div role="group" aria-label={label} tabIndex={0} style={{ overflowX: 'auto', maxWidth: '100%' }}>
      {children}
    </div>
  )
}
