export { ALARM_KINDS, ALARM_TEXTS, type AlarmKind, type AlarmRules } from './rules.ts'
