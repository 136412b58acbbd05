import { comparableName, nameInitials } from '@xinheng/core'

/** Part of a text: [from, to), in UTF-16 units. */
export type Part = readonly [from: number, to: number]

/**
 * Parts of the comparable form as parts of the name itself, for showing what was met. Empty where the name's characters
 * do not become comparable one by one.
 */
export function inName(name: string, comparable: string, parts: readonly Part[]): Part[] {
  if (name === comparable) return [...parts]
  const places: number[] = []
  let joined = ''
  let at = 0
  for (const character of name) {
    const piece = comparableName(character)
    for (let i = 0; i < piece.length; i++) places.push(at)
    joined += piece
    at += character.length
  }
  places.push(at)
  if (joined !== comparable) return []
  return parts.map(([from, to]) => {
    const last = places[to - 1] as number
    return [places[from] as number, last + ((name.codePointAt(last) as number) > 0xffff ? 2 : 1)]
  })
}

/**
 * Where a question of letters, perhaps mixed with Han characters, meets a name by its initials.
 * @param question comparable
 * @returns the part of the comparable name, or undefined where a Han character of the question stands elsewhere
 */
export function metByInitials(question: string, comparable: string): Part | undefined {
  const asked: number[] = []
  const wanted = nameInitials(question, asked)
  const places: number[] = []
  const initials = nameInitials(comparable, places)
  for (let at = initials.indexOf(wanted); at >= 0; at = initials.indexOf(wanted, at + 1)) {
    const agrees = asked.every((index, i) => {
      const character = question[index] as string
      return /[0-9A-Z]/.test(character) || character === comparable[places[at + i] as number]
    })
    if (agrees) return [places[at] as number, (places[at + wanted.length - 1] as number) + 1]
  }
  return undefined
}
