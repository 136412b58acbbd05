/** What a profile of an assessor or standard asks of passwords; data under `policy/sign-in`. */
export interface PasswordRules {
  readonly leastLength: number
  readonly mostLength: number
  /** How many of: lower case, upper case, digits, others. 1: no composition is asked. */
  readonly characterClasses: number
}

export interface PasswordFault {
  readonly code: 'length' | 'too-long' | 'classes' | 'local-word' | 'common'
  readonly zh: string
  readonly en: string
}

const SHORTEST_LOCAL_WORD = 4
/** Below this many guesses (10^8.5) a password is found in a leaked table before it is found by chance. */
const LEAST_GUESSES_LOG10 = 8.5

/**
 * What is wrong with a password that somebody chooses.
 * @param localWords what lies near here and is tried first: login, name, unit, city
 * @param guessesLog10 how many guesses a good guesser needs, as the common lists say
 */
export function findPasswordFaults(
  password: string,
  rules: PasswordRules,
  localWords: readonly string[],
  guessesLog10: number,
): PasswordFault[] {
  const faults: PasswordFault[] = []
  const length = [...password].length
  if (length < rules.leastLength)
    faults.push({
      code: 'length',
      zh: `密码至少 ${rules.leastLength} 个字符。`,
      en: `A password has at least ${rules.leastLength} characters.`,
    })
  if (length > rules.mostLength)
    faults.push({
      code: 'too-long',
      zh: `密码至多 ${rules.mostLength} 个字符。`,
      en: `A password has at most ${rules.mostLength} characters.`,
    })
  const classes = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u].filter((kind) =>
    kind.test(password),
  ).length
  if (classes < rules.characterClasses)
    faults.push({
      code: 'classes',
      zh: `密码须含大写字母、小写字母、数字、其他字符中的至少 ${rules.characterClasses} 类。`,
      en: `A password mixes at least ${rules.characterClasses} of capitals, small letters, digits and others.`,
    })
  const plain = password.normalize('NFKC').toLowerCase()
  const near = localWords.find(
    (word) => [...word].length >= SHORTEST_LOCAL_WORD && plain.includes(word.toLowerCase()),
  )
  if (near !== undefined)
    faults.push({
      code: 'local-word',
      zh: '密码不能包含账户名、姓名拼音、单位或平台名称。',
      en: 'A password does not hold your account, name, unit or the platform’s name.',
    })
  if (guessesLog10 < LEAST_GUESSES_LOG10)
    faults.push({
      code: 'common',
      zh: '密码太常见，容易被猜到。',
      en: 'The password is too common and easily guessed.',
    })
  return faults
}
