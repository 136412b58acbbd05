export {
  ALL_NAMES_GRAM,
  INITIALS_RUN,
  initialsGrams,
  LONGEST_NAME,
  lengthGram,
  nameGrams,
  pairGrams,
} from './grams.ts'
export { areHomophones, nameInitials, readingsOf } from './initials.ts'
export { type Likeness, likeness } from './likeness.ts'
export { lengthOf, type NameSearchKey, nameSearchKey } from './search-key.ts'
