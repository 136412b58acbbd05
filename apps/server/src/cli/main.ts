import { Command } from 'commander'
import { catalogueCommand } from './commands/catalogue.ts'
import { deliveryCommand } from './commands/delivery.ts'
import { demoCommand } from './commands/demo.ts'
import { doctorCommand } from './commands/doctor.ts'
import { importCommand } from './commands/import.ts'
import { recordCommand } from './commands/record.ts'
import { reviewCommand } from './commands/review.ts'
import { startCommand } from './commands/start.ts'
import { unitCommand } from './commands/unit.ts'

const program = new Command('xinheng')
  .description('信衡：城市公共信用平台 Xinheng, a public-credit platform for a city')
  .version('0.1.0')
for (const add of [
  startCommand,
  unitCommand,
  importCommand,
  deliveryCommand,
  reviewCommand,
  recordCommand,
  catalogueCommand,
  demoCommand,
  doctorCommand,
])
  add(program)
await program.parseAsync()
