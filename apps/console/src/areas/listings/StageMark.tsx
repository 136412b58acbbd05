import { useWords } from '../../language.ts'
import { Mark, type Tone } from '../../ui/Mark.tsx'
import { known, WORDS } from './words.ts'

const TONES: Readonly<Record<string, Tone>> = {
  proposed: 'busy',
  noticed: 'busy',
  decisionProposed: 'warn',
  decided: 'busy',
  listed: 'bad',
  delistingProposed: 'warn',
  delistingDecided: 'busy',
  delisted: 'good',
  dropped: 'quiet',
}

export function StageMark({ stage }: { stage: string }) {
  const w = useWords(WORDS)
  const word = known(stage)
  return <Mark tone={TONES[stage] ?? 'quiet'}>{word === undefined ? stage : w(word)}</Mark>
}
