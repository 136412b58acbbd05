/** One thing that two versions of a document say differently. */
export interface Difference {
  /** Where: member names, elements by their name or code, e.g. `fields[honourName].length`. */
  readonly place: string
  readonly change: 'added' | 'removed' | 'changed'
  readonly before: string | null
  readonly after: string | null
}

type Node = unknown

/** All differences between two bodies, in the order of the later one. */
export function differencesBetween(before: Node, after: Node, place = ''): Difference[] {
  if (before === undefined && after === undefined) return []
  if (before === undefined) return [{ place, change: 'added', before: null, after: spelled(after) }]
  if (after === undefined) return [{ place, change: 'removed', before: spelled(before), after: null }]
  if (Array.isArray(before) && Array.isArray(after)) {
    const [named, other] = [byName(before), byName(after)]
    if (named === undefined || other === undefined) return changed(place, before, after)
    const found = [...new Set([...other.keys(), ...named.keys()])].flatMap((name) =>
      differencesBetween(named.get(name), other.get(name), `${place}[${name}]`),
    )
    return found.length === 0 ? changed(place, [...named.keys()], [...other.keys()]) : found
  }
  if (isMembers(before) && isMembers(after)) {
    return [...new Set([...Object.keys(after), ...Object.keys(before)])].flatMap((name) =>
      differencesBetween(before[name], after[name], place === '' ? name : `${place}.${name}`),
    )
  }
  return changed(place, before, after)
}

function changed(place: string, before: Node, after: Node): Difference[] {
  const [was, is] = [spelled(before), spelled(after)]
  return was === is ? [] : [{ place, change: 'changed', before: was, after: is }]
}

function isMembers(node: Node): node is Record<string, Node> {
  return typeof node === 'object' && node !== null && !Array.isArray(node)
}

/** Elements by what they are called; undefined where they have no name of their own. */
function byName(list: readonly Node[]): Map<string, Node> | undefined {
  const named = new Map<string, Node>()
  for (const one of list) {
    if (!isMembers(one)) return undefined
    const name = one.name ?? one.code ?? one.value ?? one.document
    if (typeof name !== 'string' || named.has(name)) return undefined
    named.set(name, one)
  }
  return named
}

function spelled(node: Node): string {
  return typeof node === 'string' ? node : JSON.stringify(node)
}
