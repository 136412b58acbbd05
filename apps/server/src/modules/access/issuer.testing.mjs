// A real OpenID provider for the tests, in a process of its own: node issuer.testing.mjs CALLBACK [subject]
import { createServer } from 'node:http'
import Provider from 'oidc-provider'

const [callback] = process.argv.slice(2)
const server = createServer()
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'xinheng',
        client_secret: 'a secret of the test',
        redirect_uris: [callback],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    cookies: { keys: ['only for the test'] },
  })
  server.on('request', provider.callback())
  process.stdout.write(`${issuer}\n`)
})
