/** Writes the files that `ingest` delivers, in a process of its own: what that takes is no memory of the corridor's. */
import {
  writeInOtherFormats,
  writeSyntheticPermits,
  writeSyntheticRegistrations,
} from '../packages/testkit/src/index.ts'

const [permits, registrations, ndjson, xlsx] = process.argv.slice(2, 6) as [string, string, string, string]
const [rows, subjects, otherRows] = process.argv.slice(6).map(Number) as [number, number, number]
await writeSyntheticPermits(permits, {
  rows,
  subjects,
  today: new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10),
})
await writeSyntheticRegistrations(registrations, subjects)
await writeInOtherFormats(permits, otherRows, ndjson, xlsx)
