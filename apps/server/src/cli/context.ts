import { userInfo } from 'node:os'
import { type Catalogue, openCatalogue } from '../modules/catalogue/index.ts'
import { Deliveries } from '../modules/deliveries/index.ts'
import { Sequencer } from '../modules/ledger/index.ts'
import type { Actor } from '../platform/database/actor.ts'
import { systemFault } from '../platform/errors/system-fault.ts'
import { type House, openHouse } from '../platform/house.ts'

/** What a command works with. */
export interface Program {
  readonly house: House
  readonly catalogue: Catalogue
  readonly deliveries: Deliveries
}

export const say = (zh: string, en: string): void => {
  process.stderr.write(`· ${zh}  ${en}\n`)
}

export async function openProgram(progress: House['progress'] = say): Promise<Program> {
  const house = await openHouse(progress)
  try {
    const { migratorUrl, pools } = house.database
    const catalogue = await openCatalogue(migratorUrl, house.settings.policyFolder, pools.job, pools.load)
    return { house, catalogue, deliveries: new Deliveries(house, catalogue) }
  } catch (error) {
    await house.close()
    throw error
  }
}

/** Runs a command, tells what was refused, and ends with the exit code that scripts rely on. */
export async function command(
  json: boolean,
  work: (program: Program) => Promise<void>,
  { readsOnly = false }: { readonly readsOnly?: boolean } = {},
): Promise<void> {
  let program: Program | undefined
  try {
    program = await openProgram()
    await work(program)
  } catch (error) {
    tellError(error, json)
  } finally {
    if (program !== undefined && !readsOnly) await orderEntries(program.house)
    // What was done is done: a fault in putting things away is told and changes no answer.
    await program?.house.close().catch((error: unknown) => process.stderr.write(`! ${String(error)}\n`))
  }
}

/** What a command did takes its place in the ledger before it ends, unless a running server sees to it. */
async function orderEntries(house: House): Promise<void> {
  const sequencer = new Sequencer(house)
  try {
    await sequencer.catchUp()
  } catch (error) {
    process.stderr.write(`! ${systemFault(error)?.sentence ?? String(error)}\n`)
  } finally {
    await sequencer.close()
  }
}

/** The sentence on stderr and, with --json, one line on stdout. 2: refused on purpose; 1: unexpected. */
export function tellError(error: unknown, json: boolean): void {
  const refused = systemFault(error)
  if (json)
    process.stdout.write(`${JSON.stringify({ error: { code: refused?.code ?? errorCode(error) } })}\n`)
  if (refused !== undefined) process.stderr.write(`✗ ${refused.sentence}\n`)
  else
    process.stderr.write(
      `✗ 意外错误 unexpected error: ${process.env.LOG_LEVEL === 'debug' && error instanceof Error ? error.stack : String(error instanceof Error ? error.message : error)}\n`,
    )
  process.exitCode = refused === undefined ? 1 : 2
}

function errorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && /^E[A-Z]+$/.test(code) ? code : 'unexpected'
}

/** Whoever sits at the terminal acts as an operator of the centre. */
export function operator(): Actor {
  return { name: `operator:${userInfo().username}`, duty: 'centre' }
}

export function print(json: boolean, value: unknown, human: () => string): void {
  process.stdout.write(`${json ? JSON.stringify(value) : human()}\n`)
}
