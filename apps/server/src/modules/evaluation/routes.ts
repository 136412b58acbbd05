import type { ShownAtSource } from '@xinheng/core'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf } from '../../platform/http/access.ts'
import { done, fileOf, Nullable, WORKBOOK } from '../../platform/http/shapes.ts'
import { EvaluationMethod, HeldDecision, PlanOutcome, PlanView, SampleFinding } from './answers.ts'
import { EVIDENCE_BYTES, EVIDENCE_TYPES } from './evidence.ts'
import { outcomeWorkbook } from './outcome.ts'
import type { Evaluations } from './service.ts'

const Day = Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' })
const Id = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2_000_000_000 }) })
const Code = Type.String({ pattern: '^[a-z][a-z0-9-]{0,47}$' })
const Text = (least: number, most: number) => Type.String({ minLength: least, maxLength: most })
const NewPlan = Type.Object(
  {
    title: Text(2, 200),
    items: Type.Array(Code, { minItems: 1, maxItems: 20 }),
    from: Day,
    to: Day,
    units: Type.Array(Type.Integer({ minimum: 1, maximum: 2_147_483_647 }), { minItems: 1, maxItems: 500 }),
    sampleSize: Type.Integer({ minimum: 1, maximum: 500 }),
    method: Code,
  },
  { additionalProperties: false },
)
const SourceList = Type.Object(
  {
    unit: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
    lines: Type.Array(
      Type.Object(
        {
          item: Code,
          documentNumber: Text(1, 200),
          decidedOn: Day,
          uscc: Type.Optional(Type.String({ pattern: '^[0-9A-Z]{18}$' })),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 5000 },
    ),
  },
  { additionalProperties: false },
)
const Shown = Type.Union([
  Type.Object({ found: Type.Literal(false) }, { additionalProperties: false }),
  Type.Object(
    {
      found: Type.Literal(true),
      documentNumber: Text(1, 200),
      subjectName: Type.Optional(Text(1, 200)),
      uscc: Type.Optional(Type.String({ pattern: '^[0-9A-Z]{18}$' })),
      decidedOn: Type.Optional(Day),
      validTo: Type.Optional(Day),
      amountFen: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    },
    { additionalProperties: false },
  ),
])
const Reason = Type.Object({ reason: Text(10, 2000) }, { additionalProperties: false })
const Answer = Type.Object({ answer: Text(2, 2000) }, { additionalProperties: false })
const Review = Type.Object({ lifted: Type.Boolean(), reason: Text(2, 2000) }, { additionalProperties: false })
const File = Type.Object(
  { name: Text(1, 255), type: Type.String({ pattern: '^[a-z]+/[a-z0-9.+-]{1,60}$' }) },
  { additionalProperties: false },
)

/** Third-party evaluation, from the plan to the report. */
export function evaluationRoutes(app: FastifyInstance, evaluations: Evaluations): void {
  const base = '/api/console/evaluations'
  const may = <
    P extends
      | 'evaluation.prepare'
      | 'evaluation.enter'
      | 'evaluation.answer'
      | 'evaluation.review'
      | 'evaluation.read',
  >(
    permission: P,
  ) => ({
    access: { may: permission },
  })
  app.get(
    base,
    { config: may('evaluation.read'), schema: { hide: true, response: { 200: Type.Array(PlanView) } } },
    (request) => evaluations.plans(actorOf(request)),
  )
  app.get(
    `${base}/choices`,
    {
      config: may('evaluation.read'),
      schema: {
        hide: true,
        response: {
          200: Type.Object({
            methods: Type.Array(EvaluationMethod),
            items: Type.Array(Type.Object({ code: Type.String(), zh: Type.String(), en: Type.String() })),
            units: Type.Array(Type.Object({ unit: Type.Integer(), name: Type.String() })),
          }),
        },
      },
    },
    () => evaluations.choices(),
  )
  app.post<{ Body: Static<typeof NewPlan> }>(
    base,
    {
      config: may('evaluation.prepare'),
      schema: { hide: true, response: { 200: Type.Object({ plan: Type.Integer() }) }, body: NewPlan },
    },
    async (request) => ({
      plan: await evaluations.planning.create(actorOf(request), request.body),
    }),
  )
  app.get<{ Params: Static<typeof Id> }>(
    `${base}/:id`,
    {
      config: may('evaluation.read'),
      schema: {
        hide: true,
        response: {
          200: Type.Object({
            plan: PlanView,
            units: Type.Array(Type.Object({ unit: Type.Integer(), name: Type.String() })),
            samples: Type.Array(
              Type.Object({
                held: Nullable(HeldDecision),
                sample: Type.Integer(),
                plan: Type.Integer(),
                planState: Type.Enum(['planned', 'drawn', 'released', 'closed']),
                answerUntil: Nullable(Type.String()),
                unit: Type.Integer(),
                number: Type.Integer(),
                frame: Type.Enum(['source', 'here']),
                stratum: Type.String(),
                item: Type.Integer(),
                itemCode: Type.String(),
                documentNumber: Type.String(),
                shown: Type.Union([
                  Type.Object({ found: Type.Literal(false) }),
                  Type.Object({
                    found: Type.Literal(true),
                    documentNumber: Type.String(),
                    subjectName: Type.Optional(Type.String()),
                    uscc: Type.Optional(Type.String()),
                    decidedOn: Type.Optional(Type.String()),
                    validTo: Type.Optional(Type.String()),
                    amountFen: Type.Optional(Type.Integer()),
                  }),
                  Type.Null(),
                ]),
                finding: Nullable(SampleFinding),
                concealed: Nullable(Type.Object({ reason: Type.String(), by: Type.String() })),
                evidence: Type.Array(
                  Type.Object({
                    id: Type.Integer(),
                    name: Type.String(),
                    type: Type.String(),
                    bytes: Type.Integer(),
                  }),
                ),
                answer: Nullable(Type.Object({ text: Type.String(), by: Type.String(), at: Type.String() })),
                review: Nullable(
                  Type.Object({ lifted: Type.Boolean(), reason: Type.String(), by: Type.String() }),
                ),
              }),
            ),
          }),
        },
        params: Id,
      },
    },
    (request) => evaluations.plan(actorOf(request), request.params.id),
  )
  app.put<{ Params: Static<typeof Id>; Body: Static<typeof SourceList> }>(
    `${base}/:id/source-list`,
    {
      config: may('evaluation.enter'),
      schema: {
        hide: true,
        response: { 200: Type.Object({ lines: Type.Integer() }) },
        params: Id,
        body: SourceList,
      },
    },
    async (request) => ({
      lines: await evaluations.planning.enterSourceList(
        actorOf(request),
        request.params.id,
        request.body.unit,
        request.body.lines,
      ),
    }),
  )
  app.post<{ Params: Static<typeof Id> }>(
    `${base}/:id/draw`,
    {
      config: may('evaluation.enter'),
      schema: { hide: true, response: { 200: Type.Object({ drawn: Type.Integer() }) }, params: Id },
    },
    async (request) => ({
      drawn: await evaluations.planning.draw(actorOf(request), request.params.id),
    }),
  )
  app.post<{ Params: Static<typeof Id> }>(
    `${base}/:id/release`,
    {
      config: may('evaluation.prepare'),
      schema: { hide: true, response: { 200: Type.Object({ answerUntil: Type.String() }) }, params: Id },
    },
    async (request) => ({
      answerUntil: await evaluations.release(actorOf(request), request.params.id),
    }),
  )
  app.post<{ Params: Static<typeof Id> }>(
    `${base}/:id/close`,
    { config: may('evaluation.prepare'), schema: { hide: true, response: { 200: PlanOutcome }, params: Id } },
    (request) => evaluations.close(actorOf(request), request.params.id),
  )
  app.get<{ Params: Static<typeof Id> }>(
    `${base}/:id/outcome`,
    { config: may('evaluation.read'), schema: { hide: true, response: { 200: PlanOutcome }, params: Id } },
    (request) => evaluations.outcome(actorOf(request), request.params.id),
  )
  app.get<{ Params: Static<typeof Id> }>(
    `${base}/:id/verify`,
    {
      config: may('evaluation.prepare'),
      schema: {
        hide: true,
        response: {
          200: Type.Object({
            seedFits: Type.Boolean(),
            framesFit: Type.Boolean(),
            sampleFits: Type.Boolean(),
            drawn: Type.Integer(),
          }),
        },
        params: Id,
      },
    },
    (request) => evaluations.planning.verify(actorOf(request), request.params.id),
  )
  app.get<{ Params: Static<typeof Id> }>(
    `${base}/:id/workbook`,
    { config: may('evaluation.prepare'), schema: { hide: true, params: Id, response: fileOf(WORKBOOK) } },
    async (request, reply) => {
      const { plan, outcome, samples } = await evaluations.report(actorOf(request), request.params.id)
      return reply
        .type(WORKBOOK)
        .header('content-disposition', `attachment; filename="evaluation-${plan.plan}.xlsx"`)
        .send(await outcomeWorkbook(plan, outcome, samples))
    },
  )
  const sample = `${base}/samples/:id`
  app.put<{ Params: Static<typeof Id>; Body: Static<typeof Shown> }>(
    `${sample}/shown`,
    {
      config: may('evaluation.enter'),
      schema: { hide: true, response: { 200: SampleFinding }, params: Id, body: Shown },
    },
    (request) =>
      evaluations.findings.enter(actorOf(request), request.params.id, request.body as ShownAtSource),
  )
  app.post<{ Params: Static<typeof Id>; Body: Static<typeof Reason> }>(
    `${sample}/concealed`,
    { config: may('evaluation.enter'), schema: { response: done, hide: true, params: Id, body: Reason } },
    async (request, reply) => {
      await evaluations.findings.findConcealed(actorOf(request), request.params.id, request.body.reason)
      return reply.status(204).send()
    },
  )
  app.post<{ Params: Static<typeof Id>; Body: Static<typeof Answer> }>(
    `${sample}/answer`,
    { config: may('evaluation.answer'), schema: { response: done, hide: true, params: Id, body: Answer } },
    async (request, reply) => {
      await evaluations.findings.answer(actorOf(request), request.params.id, request.body.answer)
      return reply.status(204).send()
    },
  )
  app.post<{ Params: Static<typeof Id>; Body: Static<typeof Review> }>(
    `${sample}/review`,
    { config: may('evaluation.review'), schema: { response: done, hide: true, params: Id, body: Review } },
    async (request, reply) => {
      await evaluations.findings.review(
        actorOf(request),
        request.params.id,
        request.body.lifted,
        request.body.reason,
      )
      return reply.status(204).send()
    },
  )
  app.get<{ Params: Static<typeof Id> }>(
    `${base}/evidence/:id`,
    {
      config: may('evaluation.read'),
      schema: { hide: true, params: Id, response: fileOf(...EVIDENCE_TYPES) },
    },
    async (request, reply) => {
      const { name, type, bytes } = await evaluations.findings.evidence(actorOf(request), request.params.id)
      return reply
        .type(type)
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
        .header('content-security-policy', "default-src 'none'; sandbox")
        .header('x-content-type-options', 'nosniff')
        .send(bytes)
    },
  )
  // Bytes as they are: a parser of its own, for this route alone.
  app.register(async (inner) => {
    inner.addContentTypeParser(
      'application/octet-stream',
      { parseAs: 'buffer', bodyLimit: EVIDENCE_BYTES + 1 },
      (_request, body, done) => done(null, body),
    )
    inner.post<{ Params: Static<typeof Id>; Querystring: Static<typeof File>; Body: Buffer }>(
      `${sample}/evidence`,
      {
        config: may('evaluation.enter'),
        bodyLimit: EVIDENCE_BYTES + 1,
        schema: {
          hide: true,
          response: { 200: Type.Object({ evidence: Type.Integer() }) },
          params: Id,
          querystring: File,
        },
      },
      async (request) => ({
        evidence: await evaluations.findings.addEvidence(
          actorOf(request),
          request.params.id,
          request.query.name,
          request.query.type,
          // Sent without a body, or as JSON: no file of a known kind.
          Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
        ),
      }),
    )
  })
}
