import { join } from 'node:path'
import type { Settings } from '../../platform/config/settings.ts'

/** Where a delivery's file lies as it came, encrypted under the key of delivered files. */
export function keptPath(settings: Pick<Settings, 'dataFolder'>, deliveryId: number): string {
  return join(settings.dataFolder, 'deliveries', `${deliveryId}.sealed`)
}
