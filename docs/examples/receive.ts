// Takes messages about lists. Node 20 or later, with @xinheng/client installed:
//   node receive.ts PORT platform.pub SUBSCRIPTION FOLDER
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { FileJournal, Receiver } from '@xinheng/client/machine'

const [port, key, subscription, folder] = process.argv.slice(2) as [string, string, string, string]

const receiver = new Receiver({
  platformKeys: [readFileSync(key, 'utf8')],
  subscriptions: [subscription],
  journal: new FileJournal(join(folder, 'journal')),
  handle({ type, message }) {
    // Here your own tables are written. What is thrown is not acknowledged, and the message comes again.
    if (type === 'action.lift') console.log(`lift ${message.uscc} ${message.cause}`)
    else console.log(`${message.change} ${message.subject.uscc} until ${message.termEnd}`)
  },
})
createServer(receiver.listener()).listen(Number(port), '127.0.0.1', () => console.log('listening'))
