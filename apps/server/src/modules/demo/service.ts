import { join } from 'node:path'
import { CITY_NAME, demoCity, writeDemoFiles } from '@xinheng/testkit'
import type { House } from '../../platform/house.ts'
import { todayOf } from '../../platform/today.ts'
import type { Deliveries } from '../deliveries/index.ts'
import { addUnits } from '../units/index.ts'

export { CITY_NAME }

const ACTOR = { name: 'program:demo', duty: 'centre' } as const

/** Whether this database holds the demo city: its codes exist nowhere else. */
export async function isDemo(house: House): Promise<boolean> {
  const { rows } = await house.database.pools.job.query(
    'SELECT EXISTS (SELECT FROM xh.unit WHERE region BETWEEN 519900 AND 519999) AS demo',
  )
  return rows[0].demo
}

export async function isEmpty(house: House): Promise<boolean> {
  const { rows } = await house.database.pools.job.query('SELECT NOT EXISTS (SELECT FROM xh.unit) AS empty')
  return rows[0].empty
}

/**
 * Fills the demo city: files as departments would send them, through the real corridor. Each file bears an id of its
 * own, so that a fill that was interrupted goes on where it stopped.
 */
export async function fillDemo(house: House, deliveries: Deliveries): Promise<void> {
  const { pools } = house.database
  const today = await todayOf(pools.job)
  await addUnits(
    pools.app,
    ACTOR,
    demoCity().units.map(({ uscc, name, region }) => ({ uscc, name, region: Number(region) })),
  )
  const folder = join(house.settings.dataFolder, 'demo')
  const { files } = await writeDemoFiles(folder, today)
  for (const [index, file] of files.entries()) {
    const result = await deliveries.import({
      path: file.path,
      item: file.item,
      source: file.source,
      clientId: `demo-${index + 1}`,
      mode: 'increment',
      dryRun: false,
      actor: ACTOR,
    })
    house.progress(
      `示例市 ${index + 1}/${files.length}：${file.path.split('/').at(-1)} 收到 ${result.received}，入库 ${result.loaded}，退回 ${result.rejected}，待审 ${result.inReview}`,
      `demo file ${index + 1} of ${files.length}`,
    )
  }
}

/** Whether every file of the demo city has been delivered. */
export async function isFilled(house: House): Promise<boolean> {
  const { rows } = await house.database.pools.job.query(
    "SELECT count(*)::int AS count FROM xh.delivery WHERE client_id LIKE 'demo-%' AND state = 'done'",
  )
  return rows[0].count >= DEMO_FILES
}

/** Files that the demo city consists of. */
const DEMO_FILES = 43
