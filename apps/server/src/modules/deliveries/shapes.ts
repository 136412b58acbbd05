import { Type } from 'typebox'
import { Names, Nullable, problems as ofEveryRoute, Problem } from '../../platform/http/shapes.ts'

/** Shapes of the console's and the machines' API of deliveries. */
export const Sentence = Names
export const problems = { ...ofEveryRoute, 413: Problem, 422: Problem, 423: Problem }

export const ItemCode = Type.String({ pattern: '^[a-z][a-z0-9-]{0,47}$', examples: ['permit-organisation'] })
export const DeliveryNumber = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })
export const DeliveryParams = Type.Object({ id: DeliveryNumber })
const Severity = Type.Union([Type.Literal('error'), Type.Literal('warning'), Type.Literal('review')])
export const Encoding = Type.Union([Type.Literal('utf-8'), Type.Literal('gb18030'), Type.Literal('utf-16le')])
export const Mode = Type.Union([Type.Literal('increment'), Type.Literal('snapshot')])
export const ClientId = Type.String({ minLength: 1, maxLength: 100, pattern: '^[A-Za-z0-9._:-]+$' })

const Reason = Type.Object({
  code: Type.String(),
  severity: Severity,
  field: Nullable(Type.String()),
  title: Nullable(Sentence),
  message: Sentence,
  rows: Type.Integer(),
})

const headProperties = {
  delivery: Type.Integer(),
  item: Type.Object({ code: Type.String(), title: Sentence }),
  unit: Type.Object({ unitId: Type.Integer(), name: Type.String() }),
  kind: Type.String({ description: 'file | paste | form | mend | machine | command' }),
  fileName: Type.String(),
  mode: Type.String(),
  state: Type.Union([
    Type.Literal('waiting'),
    Type.Literal('processing'),
    Type.Literal('done'),
    Type.Literal('refused'),
  ]),
  progress: Type.Object({ part: Type.Number(), rows: Type.Integer() }),
  received: Type.Integer(),
  loaded: Type.Integer(),
  updated: Type.Integer(),
  unchanged: Type.Integer(),
  rejected: Type.Integer(),
  inReview: Type.Integer(),
  ended: Type.Integer(),
  refusal: Nullable(Type.Object({ code: Type.String(), message: Sentence, remedy: Sentence })),
  format: Nullable(Type.Record(Type.String(), Type.Unknown())),
  mends: Nullable(Type.Integer()),
  mendedBy: Type.Array(Type.Integer()),
  stillRejected: Type.Integer({ description: 'rejected rows that no later delivery brought through' }),
  clientId: Nullable(Type.String()),
  by: Nullable(Type.String()),
  receivedAt: Type.String(),
  doneAt: Nullable(Type.String()),
  sha256: Type.String(),
}
export const DeliveryHead = Type.Object(headProperties)
export const DeliveryPicture = Type.Object({
  ...headProperties,
  notes: Type.Array(
    Type.Object({ code: Type.String(), severity: Severity, message: Sentence, remedy: Sentence }),
  ),
  reasons: Type.Array(Reason),
  warnings: Type.Array(Reason),
  repairs: Type.Array(
    Type.Object({ code: Type.String(), field: Type.String(), message: Sentence, rows: Type.Integer() }),
  ),
})

const Mended = Nullable(Type.Object({ delivery: Type.Integer(), row: Type.Integer() }))
const Fault = Type.Object({
  column: Nullable(Type.Integer()),
  text: Type.Integer({ description: 'index in `texts`' }),
  position: Type.Optional(Type.Integer()),
  suggestion: Type.Optional(Type.String()),
})
const Column = Type.Object({
  header: Type.String(),
  field: Nullable(Type.String()),
  title: Nullable(Sentence),
  type: Nullable(Type.String()),
  values: Type.Optional(Type.Array(Type.String())),
  must: Type.Boolean(),
  secret: Type.Boolean(),
  delivered: Type.Boolean({ description: 'false: the file has no such column, but it has a fault' }),
})
const Text = Type.Object({ code: Type.String(), severity: Severity, message: Sentence, remedy: Sentence })
export const RejectedPage = Type.Object({
  columns: Type.Array(Column),
  texts: Type.Array(Text),
  rows: Type.Array(
    Type.Object({
      row: Type.Integer(),
      place: Type.Integer({ description: 'line or sheet row of the file' }),
      cells: Type.Array(Type.String()),
      faults: Type.Array(Fault),
      mended: Mended,
    }),
  ),
  total: Type.Integer(),
  next: Nullable(Type.Integer()),
})
export const Checked = Type.Object({
  columns: Type.Array(Column),
  texts: Type.Array(Text),
  rows: Type.Array(
    Type.Object({ ok: Type.Boolean(), cells: Type.Array(Type.String()), faults: Type.Array(Fault) }),
  ),
  unknown: Type.Array(Type.String()),
  missing: Type.Array(Type.String()),
})
export const Outcome = Type.Union(
  (['loaded', 'updated', 'unchanged', 'rejected', 'inReview'] as const).map((outcome) =>
    Type.Literal(outcome),
  ),
)
const story = {
  row: Type.Integer(),
  place: Type.Integer(),
  outcome: Type.String(),
  findings: Type.Array(
    Type.Object({
      code: Type.String(),
      severity: Severity,
      field: Nullable(Type.String()),
      message: Sentence,
      remedy: Sentence,
    }),
  ),
  repairs: Type.Array(Type.Object({ code: Type.String(), field: Type.String(), message: Sentence })),
  mended: Mended,
}
export const RowsPage = Type.Object({
  rows: Type.Array(Type.Object(story)),
  next: Nullable(Type.Integer()),
})
const ProvingEntry = Type.Object({ index: Type.Integer(), text: Type.String() })
export const ProvenRow = Type.Object({
  ...story,
  file: Type.Object({ name: Type.String(), sha256: Type.String() }),
  proof: Type.Object({
    outcome: Type.String(),
    part: Type.Integer(),
    meaning: Type.Array(Type.String()),
    leaf: Type.Object({
      index: Type.Integer(),
      of: Type.Integer(),
      firstRow: Type.Integer(),
      outcomes: Type.String(),
    }),
    path: Type.Array(Type.String()),
    root: Type.String(),
    ledger: Nullable(ProvingEntry),
  }),
  cells: Nullable(
    Type.Object({
      rows: Type.Object({ first: Type.Integer(), count: Type.Integer() }),
      digest: Type.String(),
      leaf: Type.Object({
        index: Type.Integer(),
        of: Type.Integer(),
        firstRow: Type.Integer(),
        entries: Type.String(),
      }),
      path: Type.Array(Type.String()),
      root: Type.String(),
      ledger: Nullable(ProvingEntry),
    }),
  ),
})
export const PageQuery = {
  after: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647, default: 0 })),
}

export const UploadShape = Type.Object({
  upload: Type.String(),
  name: Type.String(),
  bytes: Type.Integer(),
  offset: Type.Integer(),
  complete: Type.Boolean(),
  chunkBytes: Type.Integer(),
  expiresAt: Type.String(),
})
export const Uuid = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
})
