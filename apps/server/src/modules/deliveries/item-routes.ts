import type { CatalogueItem } from '@xinheng/core'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { House } from '../../platform/house.ts'
import { actorOf } from '../../platform/http/access.ts'
import { fileOf, Nullable, WORKBOOK } from '../../platform/http/shapes.ts'
import { todayOf } from '../../platform/today.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { listUnits, type Unit } from '../units/index.ts'
import { isSource, refuseForeignItem } from './delivering.ts'
import { askedFields, exampleOf, noteOf, valuesOf } from './example-value.ts'
import { fileHeaders } from './file-headers.ts'
import { ItemCode, problems, Sentence } from './shapes.ts'
import { templateOf } from './template.ts'

const ItemParams = Type.Object({ code: ItemCode })
const Basis = Type.Object({ document: Type.String(), article: Type.Optional(Type.String()) })
const FormField = Type.Object({
  name: Type.String(),
  title: Sentence,
  header: Type.String({ description: 'how the column is called in a template' }),
  code: Nullable(Type.String()),
  type: Type.String(),
  obligation: Type.Union([Type.Literal('must'), Type.Literal('optional')]),
  length: Type.Optional(Type.Integer()),
  several: Type.Boolean(),
  openPrefix: Type.Optional(Type.String()),
  unit: Type.Optional(Type.String()),
  secret: Type.Boolean(),
  values: Type.Optional(Type.Array(Type.Object({ value: Type.String(), title: Type.Optional(Sentence) }))),
  note: Sentence,
  example: Type.String(),
  fallback: Type.Optional(Type.String({ description: 'what is taken when the cell is left empty' })),
  endlessWords: Type.Optional(Type.Array(Type.String())),
})
const FormItem = Type.Object({
  code: Type.String(),
  version: Type.Integer(),
  title: Sentence,
  legalBasis: Type.Array(Basis),
  naturalKey: Type.Array(Type.String()),
  fields: Type.Array(FormField),
  rules: Type.Array(
    Type.Object({
      code: Type.String(),
      severity: Type.String(),
      fields: Type.Array(Type.String()),
      message: Sentence,
      remedy: Sentence,
    }),
  ),
})

/** The catalogue as a unit needs it to deliver: which items, what a form asks, a template to fill in. */
export function itemRoutes(app: FastifyInstance, house: House, catalogue: Catalogue): void {
  const config = { access: { may: 'delivery.make' } } as const
  const pool = house.database.pools.job
  const unitOf = async (unitId: number | null): Promise<Unit> => {
    const unit = (await listUnits(pool)).find((one) => one.unitId === unitId)
    if (unit === undefined) throw new Error('who delivers belongs to a unit')
    return unit
  }
  const itemFor = async (code: string, unit: Unit): Promise<{ item: CatalogueItem; today: string }> => {
    const today = await todayOf(pool)
    const item = catalogue.item(code, today)
    refuseForeignItem(item, unit)
    return { item, today }
  }

  app.get(
    '/api/console/items',
    {
      config: { access: { may: 'delivery.read' } },
      schema: {
        hide: true,
        response: {
          200: Type.Object({
            items: Type.Array(
              Type.Object({
                code: Type.String(),
                version: Type.Integer(),
                title: Sentence,
                adverse: Type.Boolean(),
                catalogueClass: Type.Integer(),
                reportingWorkingDays: Nullable(Type.Integer()),
              }),
            ),
          }),
          ...problems,
        },
      },
    },
    async (request) => {
      // The centre looks at all deliveries, a unit at what it may deliver.
      const { unitId } = actorOf(request)
      const unit = unitId === undefined ? undefined : await unitOf(unitId)
      const items = catalogue
        .items(await todayOf(pool))
        .filter((item) => unit === undefined || isSource(item, unit))
      return {
        items: items.map(({ code, version, title, adverse, catalogueClass, reporting }) => ({
          code,
          version,
          title,
          adverse,
          catalogueClass,
          reportingWorkingDays: reporting?.workingDays ?? null,
        })),
      }
    },
  )
  app.get<{ Params: { code: string } }>(
    '/api/console/items/:code',
    { config, schema: { hide: true, params: ItemParams, response: { 200: FormItem, ...problems } } },
    async (request) => {
      const unit = await unitOf(actorOf(request).unitId ?? null)
      const { item, today } = await itemFor(request.params.code, unit)
      const codeLists = catalogue.codeLists(today)
      return {
        code: item.code,
        version: item.version,
        title: item.title,
        legalBasis: item.legalBasis,
        naturalKey: item.naturalKey,
        fields: askedFields(item).map((field) => {
          const values = valuesOf(field, codeLists)
          const must = field.required === true && field.fallback === undefined
          const fallback = fallbackOf(field.fallback, unit)
          return {
            name: field.name,
            title: field.title,
            header: field.title.zh,
            code: field.code ?? null,
            type: field.type,
            obligation: must ? 'must' : 'optional',
            several: field.several === true,
            secret: field.visibility === 'secret',
            note: noteOf(field, codeLists),
            example: exampleOf(field, item, codeLists),
            ...(field.length === undefined ? {} : { length: field.length }),
            ...(field.openPrefix === undefined ? {} : { openPrefix: field.openPrefix }),
            ...(field.unit === undefined ? {} : { unit: field.unit }),
            ...(field.endlessWords === undefined ? {} : { endlessWords: field.endlessWords }),
            ...(fallback === undefined ? {} : { fallback }),
            ...(values === undefined
              ? {}
              : {
                  values: values.map(({ value, title }) => ({
                    value,
                    ...(title === undefined ? {} : { title }),
                  })),
                }),
          }
        }),
        rules: item.rules.map(({ code, severity, fields, message, remedy }) => ({
          code,
          severity,
          fields,
          message,
          remedy,
        })),
      }
    },
  )
  app.get<{ Params: { code: string } }>(
    '/api/console/items/:code/template.xlsx',
    { config, schema: { hide: true, params: ItemParams, response: fileOf(WORKBOOK) } },
    async (request, reply) => {
      const unit = await unitOf(actorOf(request).unitId ?? null)
      const { item, today } = await itemFor(request.params.code, unit)
      return reply
        .headers(fileHeaders(`${unit.name}-${item.title.zh}-模板.xlsx`, 'xlsx'))
        .send(await templateOf(item, catalogue.codeLists(today), unit.name))
    },
  )
}

function fallbackOf(fallback: string | undefined, unit: Unit): string | undefined {
  switch (fallback) {
    case '@sourceUnitName':
      return unit.name
    case '@sourceUnitUscc':
      return unit.uscc
    default:
      return fallback?.startsWith('@') ? undefined : fallback
  }
}
