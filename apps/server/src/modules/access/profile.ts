import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PasswordRules } from '@xinheng/core'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { parse } from 'yaml'
import type { Settings } from '../../platform/config/settings.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'

const Count = Type.Integer({ minimum: 0, maximum: 10_000 })
const Shape = Type.Object({
  profile: Type.String(),
  title: Type.Object({ zh: Type.String(), en: Type.String() }),
  basis: Type.String(),
  inForceFrom: Type.String(),
  password: Type.Object({
    // The floor of ours stands whatever a profile says.
    leastLength: Type.Integer({ minimum: 12, maximum: 64 }),
    mostLength: Type.Integer({ minimum: 64, maximum: 1024 }),
    characterClasses: Type.Integer({ minimum: 1, maximum: 4 }),
    maxAgeDays: Count,
    remembered: Type.Integer({ minimum: 0, maximum: 24 }),
  }),
  lock: Type.Object({
    attempts: Type.Integer({ minimum: 3, maximum: 10 }),
    minutes: Type.Integer({ minimum: 1 }),
  }),
  session: Type.Object({
    idleMinutes: Type.Integer({ minimum: 1, maximum: 60 }),
    absoluteHours: Type.Integer({ minimum: 1, maximum: 24 }),
    freshMinutes: Type.Integer({ minimum: 1, maximum: 15 }),
  }),
  unusedDays: Type.Integer({ minimum: 1, maximum: 365 }),
})

/** The numbers of signing in, from the standard that the operator answers to. */
export interface SignInProfile extends Static<typeof Shape> {
  readonly password: Static<typeof Shape>['password'] & PasswordRules
}

/** Reads the profile named by the settings. @throws DomainError `settings.profile` */
export function readProfile(settings: Settings): SignInProfile {
  const path = join(settings.policyFolder, 'sign-in', `${settings.signInProfile}.yaml`)
  const body: unknown = existsSync(path) ? parse(readFileSync(path, 'utf8')) : undefined
  if (!Value.Check(Shape, body)) {
    const faults =
      body === undefined
        ? ''
        : ` ${[...Value.Errors(Shape, body)].map((fault) => `${fault.instancePath} ${fault.message}`).join('; ')}`
    throw new DomainError('settings.profile', {
      zh: `登录规则文件 ${path} 不存在或有误。${faults}`,
      en: `The rules of signing in at ${path} are missing or wrong.${faults}`,
      remedyZh: '改正该文件，或设置 SIGN_IN_PROFILE=dengbao。',
      remedyEn: 'Correct the file, or set SIGN_IN_PROFILE=dengbao.',
    })
  }
  return body
}
