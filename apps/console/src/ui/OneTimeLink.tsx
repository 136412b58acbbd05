import { App, Typography } from 'antd'
import { useWords } from '../language.ts'

const WORDS = {
  title: { zh: '一次性链接', en: 'One-time link' },
  lead: {
    zh: '只显示这一次。请当面或经可信渠道交给本人，24小时内有效。',
    en: 'Shown this once. Hand it over in person; it is good for a day.',
  },
} as const

/** Shows the link by which a person sets password and authenticator. The server tells it once. */
export function useOneTimeLink(): (link: string) => void {
  const w = useWords(WORDS)
  const { modal } = App.useApp()
  return (link) =>
    void modal.success({
      title: w('title'),
      content: (
        <>
          <p>{w('lead')}</p>
          <Typography.Paragraph copyable={{ text: link }}>
            <code>{link}</code>
          </Typography.Paragraph>
        </>
      ),
    })
}
