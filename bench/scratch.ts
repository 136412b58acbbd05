import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCatalogue } from '../apps/server/src/modules/catalogue/index.ts'
import { Deliveries } from '../apps/server/src/modules/deliveries/index.ts'
import { addUnits } from '../apps/server/src/modules/units/index.ts'
import { readSettings } from '../apps/server/src/platform/config/settings.ts'
import { openHouse } from '../apps/server/src/platform/house.ts'
import { syntheticUnits } from '../packages/testkit/src/index.ts'

/** A house in a folder of its own, with the synthetic city's units; gone afterwards. */
export async function scratchHouse() {
  const folder = mkdtempSync(join(tmpdir(), 'xinheng-bench-'))
  const house = await openHouse(
    () => {},
    readSettings({ ...process.env, XINHENG_DATA: folder, LOG_LEVEL: 'silent' }),
  )
  const { migratorUrl, pools } = house.database
  const catalogue = await openCatalogue(migratorUrl, house.settings.policyFolder, pools.job, pools.load)
  const actor = { name: 'program:bench', duty: 'centre' } as const
  await addUnits(
    pools.app,
    actor,
    syntheticUnits().map(({ uscc, name, region }) => ({ uscc, name, region: Number(region) })),
  )
  return {
    folder,
    house,
    catalogue,
    deliveries: new Deliveries(house, catalogue),
    actor,
    async close() {
      await house.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
