import { Segmented } from 'antd'
import { useSearchParams } from 'react-router'
import { useWords } from '../../language.ts'
import { Page } from '../../ui/Page.tsx'
import { Agreements } from './Agreements.tsx'
import { Messages } from './Messages.tsx'
import { Origins } from './Origins.tsx'
import { Subscriptions } from './Subscriptions.tsx'
import { WORDS } from './words.ts'

const VIEWS = ['subscriptions', 'desk', 'agreements', 'origins'] as const
type View = (typeof VIEWS)[number]

export function PushPage() {
  const w = useWords(WORDS)
  const [parameters, setParameters] = useSearchParams()
  const view = VIEWS.find((one) => one === parameters.get('view')) ?? 'subscriptions'
  const subscription = parameters.get('subscription')
  return (
    <Page title={w('title')} lead={w('lead')}>
      <Segmented<View>
        aria-label={w('view')}
        value={view}
        onChange={(next) => setParameters({ view: next })}
        options={VIEWS.map((value) => ({ value, label: w(value) }))}
        style={{ alignSelf: 'start', maxWidth: '100%', overflowX: 'auto' }}
      />
      {view === 'subscriptions' && subscription === null ? (
        <Subscriptions onMessages={(id) => setParameters({ view, subscription: id })} />
      ) : null}
      {view === 'subscriptions' && subscription !== null ? (
        <Messages subscription={subscription} onClose={() => setParameters({ view })} />
      ) : null}
      {view === 'desk' ? <Messages /> : null}
      {view === 'agreements' ? <Agreements /> : null}
      {view === 'origins' ? <Origins /> : null}
    </Page>
  )
}
