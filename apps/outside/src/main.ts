// One outside system as a process of its own: node main.ts SETTINGS.json. The platform's start is its parent: what it
// listens on, or why it does not, goes there; when the parent dies, it ends by itself.
import { readFileSync } from 'node:fs'
import { Desk } from './desk.ts'
import { outsideServer } from './server.ts'
import type { OutsideSettings } from './systems.ts'

const settings = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as OutsideSettings
const desk = new Desk(settings)
const server = outsideServer(desk)
let ending = false
const end = async () => {
  if (ending) return
  ending = true
  // A reply that never comes must not keep it.
  setTimeout(() => process.exit(0), 3000).unref()
  await server.close()
  await desk.close()
  process.exit(0)
}
// Ctrl-C reaches the whole group: the parent ends first, and its end is heard below.
process.on('SIGINT', () => {
  if (process.send === undefined) void end()
})
process.on('SIGTERM', () => void end())
process.on('disconnect', () => void end())
try {
  const address = await server.listen({ host: settings.host, port: settings.port })
  await desk.start()
  process.send?.({ address })
  if (process.send === undefined) process.stdout.write(`${address}\n`)
} catch (error) {
  const { code } = error as NodeJS.ErrnoException
  process.send?.({ fault: code ?? String(error) })
  await desk.close()
  process.exit(1)
}
