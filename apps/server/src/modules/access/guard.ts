import type { FastifyInstance } from 'fastify'
import type { House } from '../../platform/house.ts'
import { guard } from '../../platform/http/access.ts'
import { networkOf } from '../../platform/http/network.ts'
import { MinuteRates, tooMany } from '../../platform/http/rates.ts'
import type { ClientDoor } from '../clients/index.ts'
import { Attempts } from './attempts.ts'
import { identifyByCookie, refuseForeignPages } from './identify.ts'
import { Invitations } from './invitations.ts'
import { Passwords } from './passwords.ts'
import { readProfile } from './profile.ts'
import { ownRoutes } from './routes/own.ts'
import { signInRoutes } from './routes/sign-in.ts'
import { singleSignOnRoutes } from './routes/single-sign-on.ts'
import { SecondFactor } from './second-factor.ts'
import { SignIn } from './service.ts'
import { Sessions } from './sessions.ts'
import { SingleSignOn } from './single-sign-on.ts'
import { sweep } from './sweep.ts'

const CONSOLE = '/api/console/'
/** What a person's pages ask for in a busy minute, several times over. An office behind one address shares nothing. */
const REQUESTS_OF_AN_ACCOUNT = 600
/** Sessions that do not exist, tried from one network; a colleague there who is signed in does not notice. */
const STRANGERS_OF_A_NETWORK = 120
/** Beyond so many times that, it is a flood, and nothing from there is looked up. */
const FLOOD = 25
const SWEEP_MILLISECONDS = 10 * 60_000

export interface AccessParts {
  readonly signIn: SignIn
  readonly invitations: Invitations
  /** Switches unused accounts off and removes what has ended. */
  sweep(): Promise<void>
}

/** The parts of signing in. @param city shown by authenticator programs above the code */
export function openAccess(house: House, city: string): AccessParts {
  const pool = house.database.pools.access
  const profile = readProfile(house.settings)
  const attempts = new Attempts(pool, house.keys, profile.lock)
  const signIn = new SignIn({
    pool,
    keys: house.keys,
    profile,
    attempts,
    sessions: new Sessions(pool, profile.session),
    passwords: new Passwords(house.keys.lasting('pepper'), profile),
    secondFactor: new SecondFactor(house.keys),
  })
  return {
    signIn,
    invitations: new Invitations(pool, signIn, issuerOf(city)),
    sweep: () => sweep(pool, profile, attempts),
  }
}

const issuerOf = (city: string): string => `信衡 ${city}`

/** Puts the guard before every route (cookies count under the console's API alone, signatures elsewhere) and adds the routes of sign-in. */
export function access(
  app: FastifyInstance,
  house: House,
  city: string,
  door: ClientDoor,
  requestsOfAnAccount = REQUESTS_OF_AN_ACCOUNT,
): AccessParts {
  const parts = openAccess(house, city)
  const { sessions } = parts.signIn
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith(CONSOLE)) return
    reply.header('cache-control', 'no-store')
    refuseForeignPages(request, house.settings.publicOrigin)
  })
  const rates = new MinuteRates()
  const strangers = Math.max(STRANGERS_OF_A_NETWORK, requestsOfAnAccount / 10)
  guard(app, async (request) => {
    if (!request.url.startsWith(CONSOLE)) return door.identify(request)
    const network = `network ${networkOf(request.ip)}`
    if (rates.isOver(network, strangers * FLOOD)) throw tooMany()
    const found = await identifyByCookie(request, sessions)
    if (found === undefined) {
      if (rates.take(network, strangers)) throw tooMany()
    } else if (rates.take(`account ${found.accountId}`, requestsOfAnAccount)) throw tooMany()
    return found
  })
  door.attach(app)
  signInRoutes(app, parts.signIn, parts.invitations)
  const { singleSignOn, publicOrigin } = house.settings
  singleSignOnRoutes(
    app,
    singleSignOn === undefined
      ? undefined
      : new SingleSignOn(singleSignOn, publicOrigin, house.database.pools.access, house.keys, parts.signIn),
  )
  ownRoutes(app, house.database.pools.access, parts.signIn, issuerOf(city))
  const sweeping = setInterval(
    () => void parts.sweep().catch((error) => app.log.error(error, 'sweeping failed')),
    SWEEP_MILLISECONDS,
  )
  sweeping.unref()
  app.addHook('onClose', async () => clearInterval(sweeping))
  return parts
}
