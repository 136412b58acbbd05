import { idNumberCheck, organisationCodeCheck, registrationNumberCheck, usccCheck } from '@xinheng/core'

const BODY = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** A code with both checks right. @param number from 0; each gives another code */
export function validUscc(prefix: string, region: string, number: number): string {
  let rest = number
  let body = ''
  for (let i = 0; i < 6; i++) {
    body = BODY[rest % 31] + body
    rest = Math.floor(rest / 31)
  }
  const organisation = `MA${body}`
  const first = `${prefix}${region}${organisation}${organisationCodeCheck(organisation)}`
  return first + usccCheck(first)
}

/** An identity number that was never issued: its sequence is 000. @param birth YYYYMMDD */
export function neverIssuedIdNumber(region: string, birth: string): string {
  const body = `${region}${birth}000`
  return body + idNumberCheck(body)
}

export function validRegistrationNumber(region: string, number: number): string {
  const body = `${region}${String(number).padStart(8, '0')}`
  return body + registrationNumberCheck(body)
}
