// npm run bench -- NAME [--rows N | --seconds N --rate N] [--json]: one closing JSON line {name, figures, ratios}, each ratio against its
// reference in the same run.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface BenchResult {
  readonly name: string
  readonly figures: Readonly<Record<string, number | string>>
  readonly ratios: Readonly<Record<string, number>>
}

export interface BenchOptions {
  readonly rows?: number
  /** Of what runs at a steady rate. */
  readonly seconds?: number
  readonly rate?: number
}

const [name, ...rest] = process.argv.slice(2)
const numberAfter = (option: string): number | undefined => {
  const at = rest.indexOf(option)
  return at < 0 ? undefined : Number(rest[at + 1])
}
const options: Record<string, number> = {}
for (const option of ['rows', 'seconds', 'rate'] as const) {
  const value = numberAfter(`--${option}`)
  if (value !== undefined) options[option] = value
}
const path = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
if (name === undefined || !/^[a-z-]+$/.test(name) || !existsSync(path)) {
  process.stderr.write(
    'npm run bench -- checks | ingest | ledger | load | read | screen | search [--rows N] [--json]\n',
  )
  process.exit(2)
}
const bench = (await import(path)) as { run(options: BenchOptions): Promise<BenchResult> }
const result = await bench.run(options)
const round = (values: Readonly<Record<string, number | string>>) =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === 'number' ? Number(value.toPrecision(4)) : value,
    ]),
  )
process.stdout.write(
  `${JSON.stringify({ name: result.name, figures: round(result.figures), ratios: round(result.ratios) })}\n`,
)
