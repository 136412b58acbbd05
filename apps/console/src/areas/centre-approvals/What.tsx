import { Link } from 'react-router'
import { useWords } from '../../language.ts'
import { type Comparison, MergeEvidence } from '../../ui/Evidence.tsx'
import { Facts } from './Facts.tsx'
import type { Approval } from './model.ts'
import { Listing, Release, Split, Withdrawal } from './OfFacts.tsx'
import { Bind, Override, Subscribe, Unbind } from './OfJointAction.tsx'
import {
  Client,
  Key,
  type NewClient,
  type NewSubscription,
  Origin,
  PublicKey,
  PushSubscription,
  Reset,
} from './OfSystems.tsx'
import { WORDS } from './words.ts'

/** What will be done and what it rests on, for whoever decides. Payloads are what each module proposes. */
export function What({ approval }: { approval: Approval }) {
  const w = useWords(WORDS)
  // biome-ignore lint/suspicious/noExplicitAny: the contract leaves payloads open; each kind knows its own
  const payload = approval.payload as any
  switch (approval.kind) {
    case 'check.override':
      return <Override number={payload.number} />
    case 'measure.bind':
      return <Bind binding={payload} />
    case 'measure.unbind':
      return <Unbind binding={payload.binding} />
    case 'matter.subscribe':
      return <Subscribe lines={payload.lines} />
    case 'listing.decide':
      return <Listing id={payload.case} months={payload.termMonths} />
    case 'listing.delist':
      return <Listing id={payload.case} />
    case 'fact.withdraw':
      return <Withdrawal fact={payload.fact} />
    case 'fact.release':
      return <Release approval={approval.id} />
    case 'subject.merge':
      return <MergeEvidence comparison={payload.evidence as Comparison} />
    case 'subject.split':
      return <Split merge={payload.merge} />
    case 'subscription.add':
      return <PushSubscription one={payload as NewSubscription} />
    case 'widget.origin':
      return <Origin origin={payload.origin} unit={payload.unit} />
    case 'client.add':
      return <Client one={payload as NewClient} />
    case 'client.key':
      return (
        <Facts
          rows={[
            [w('client'), <code key="client">{approval.object.replace('client:', '')}</code>],
            [w('publicKey'), <PublicKey key="key" one={payload.key} />],
          ]}
        />
      )
    case 'account.reset':
      return <Reset account={payload.account} />
    case 'key.rotate':
      return <Key purpose={payload.purpose} />
    case 'key.destroy':
      return <Key id={payload.id} />
    case 'catalogue.release':
      return (
        <>
          <Facts
            rows={[
              [w('item'), <code key="item">{`${payload.code} v${payload.version}`}</code>],
              [w('inForce'), payload.inForceFrom],
            ]}
          />
          <Link to={`/catalogue/drafts/${payload.draft}`}>{w('seeDraft')}</Link>
        </>
      )
    case 'announcement.publish':
      return (
        <>
          <h3 style={{ margin: '0 0 6px', fontSize: 15 }}>{payload.title}</h3>
          <p style={{ margin: 0, whiteSpace: 'pre-wrap' }}>{payload.body}</p>
        </>
      )
    case 'calendar.enter':
      return (
        <Facts
          rows={[
            [w('year'), String(payload.year)],
            [w('document'), payload.document],
            [w('holidays'), payload.holidays.join('、')],
            [w('makeUpDays'), payload.makeUpDays.join('、') || '—'],
          ]}
        />
      )
    case 'hold.release':
      return <Link to={`/work/held/${payload.fact}`}>{w('seeFact')}</Link>
    default:
      return <pre style={{ margin: 0, whiteSpace: 'pre-wrap' }}>{JSON.stringify(payload, null, 2)}</pre>
  }
}
