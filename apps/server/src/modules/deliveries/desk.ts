import type { House } from '../../platform/house.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { Checking } from './checking.ts'
import { Drafts } from './drafts.ts'
import { DeliveryHistory } from './history.ts'
import { Orders } from './orders.ts'
import { RejectedRows } from './rejected.ts'
import { RejectedSheets } from './rejected-sheet.ts'
import { RowProofs } from './row-proof.ts'
import { DeliveryRunner } from './runner.ts'
import { Deliveries } from './service.ts'
import { Uploads } from './uploads.ts'

/** All that the server needs to take deliveries in and to show what became of them. */
export interface Desk {
  readonly catalogue: Catalogue
  readonly uploads: Uploads
  readonly drafts: Drafts
  readonly orders: Orders
  readonly runner: DeliveryRunner
  readonly history: DeliveryHistory
  readonly rejected: RejectedRows
  readonly sheets: RejectedSheets
  readonly checking: Checking
  readonly proofs: RowProofs
  /** Clears what was abandoned: uploads after a day, drafts after a week. */
  tidy(): Promise<void>
}

export function openDesk(
  house: House,
  catalogue: Catalogue,
  log: (delivery: number, error: unknown) => void = () => {},
): Desk {
  const uploads = new Uploads(house)
  const drafts = new Drafts(house)
  const rejected = new RejectedRows(house)
  const history = new DeliveryHistory(house, catalogue)
  return {
    catalogue,
    uploads,
    drafts,
    orders: new Orders(house, catalogue, uploads, drafts),
    runner: new DeliveryRunner(house, catalogue, new Deliveries(house, catalogue), uploads, log),
    history,
    proofs: new RowProofs(house, history),
    rejected,
    sheets: new RejectedSheets(rejected),
    checking: new Checking(house, catalogue),
    async tidy() {
      await uploads.clearAbandoned()
      await drafts.clearOld()
    },
  }
}
