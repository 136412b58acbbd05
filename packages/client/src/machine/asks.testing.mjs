// A process that asks one question and may be killed: node asks.testing.mjs CLIENT BASE OUTBOX PRIVATE PUBLIC [resume]
import { readFileSync } from 'node:fs'

const [module, base, outbox, privateKey, replyKey, resume] = process.argv.slice(2)
const { connect, FileOutbox } = await import(module)
const xinheng = connect({
  base,
  client: 'bidding-system',
  key: { id: 'key-1', algorithm: 'ed25519', privateKey: readFileSync(privateKey, 'utf8') },
  replyKeys: [readFileSync(replyKey, 'utf8')],
  outbox: new FileOutbox(outbox, Buffer.alloc(32, 7)),
  pause: () => 20,
  onAnswer: (answer, kept) => console.log(`answer ${kept.key} ${answer.result}`),
})
if (resume === 'resume') console.log(`left ${await xinheng.checks.resume()}`)
else
  await xinheng.checks.ask(
    {
      matter: '1101',
      applicant: { kind: 'person', identifier: '519901199001010001', name: '测试人' },
      purpose: '资格审查',
      caseNumber: 'ZB-1',
      duty: { law: '示例法', article: '第一条' },
    },
    { key: 'case-ZB-1', patienceMs: 60_000 },
  )
