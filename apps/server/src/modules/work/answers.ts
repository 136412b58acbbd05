import { Type } from 'typebox'
import { Names, Nullable } from '../../platform/http/shapes.ts'

export const QueueHead = Type.Object({
  queue: Type.Enum(['review', 'held', 'complaint']),
  open: Type.Integer(),
  workingDays: Type.Integer(),
  basis: Type.String(),
})
const Claim = Type.Object({
  account: Type.String(),
  name: Type.String(),
  givenBy: Type.String(),
  since: Type.String(),
})
export const WorkItem = Type.Object({
  queue: Type.Enum(['review', 'held', 'complaint']),
  object: Type.String(),
  reason: Type.String(),
  says: Names,
  title: Nullable(Type.String()),
  item: Type.Object({ code: Type.String(), title: Names }),
  source: Type.String(),
  since: Type.String(),
  claim: Nullable(Claim),
  state: Type.String(),
  decidedBy: Nullable(Type.String()),
  decidedAt: Nullable(Type.String()),
  decision: Nullable(Type.String()),
  dueOn: Nullable(Type.String()),
  daysLeft: Nullable(Type.Integer()),
  age: Nullable(Type.Integer()),
})
const ShownField = Type.Object({
  name: Type.String(),
  title: Names,
  value: Type.String(),
  marks: Type.Optional(
    Type.Array(
      Type.Object({
        from: Type.Integer(),
        to: Type.Integer(),
        kind: Type.Enum(['idNumber', 'oldIdNumber', 'mobile', 'bankCard', 'plate', 'landline', 'passport']),
      }),
    ),
  ),
})
const ShownFact = Type.Object({
  id: Type.String(),
  item: Type.Object({ code: Type.String(), title: Names }),
  documentNumber: Nullable(Type.String()),
  decidedOn: Nullable(Type.String()),
  source: Type.String(),
  delivery: Type.Integer(),
  row: Type.Integer(),
  state: Type.Enum(['public', 'withdrawn', 'held', 'notPublic']),
  fields: Type.Array(ShownField),
})
const KnownSubject = Type.Object({
  kind: Type.String(),
  name: Type.String(),
  uscc: Nullable(Type.String()),
  formerNames: Type.Array(Type.String()),
  factCount: Type.Integer(),
  facts: Type.Array(ShownFact),
})
const ComparedField = Type.Object({
  name: Type.String(),
  title: Names,
  delivered: Nullable(Type.String()),
  known: Nullable(Type.String()),
  same: Type.Boolean(),
})
export const ReviewCase = Type.Object({
  queue: Type.Literal('review'),
  item: WorkItem,
  delivery: Type.Integer(),
  row: Type.Integer(),
  delivered: Type.Object({
    name: Type.String(),
    identity: Type.Object({
      type: Type.Enum(['uscc', 'registrationNumber', 'organisationCode', 'person', 'none']),
      code: Type.String(),
    }),
    kind: Type.String(),
    fields: Type.Array(ShownField),
  }),
  known: Nullable(KnownSubject),
  other: Nullable(KnownSubject),
  fact: Nullable(ShownFact),
  compared: Type.Array(ComparedField),
  nameAgrees: Nullable(Type.Boolean()),
  identical: Type.Array(Type.String()),
  mayDecideTogether: Type.Boolean(),
})
export const HeldCase = Type.Object({
  queue: Type.Literal('held'),
  item: WorkItem,
  fact: ShownFact,
  known: Nullable(KnownSubject),
  approval: Nullable(Type.Integer()),
})
export const ComplaintCase = Type.Object({
  queue: Type.Literal('complaint'),
  item: WorkItem,
  about: Type.String(),
  text: Type.String(),
  contact: Nullable(Type.String()),
  answer: Nullable(Type.String()),
  fact: Nullable(ShownFact),
  known: Nullable(KnownSubject),
})
