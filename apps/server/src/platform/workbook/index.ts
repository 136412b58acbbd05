export { type Cell, guardedText, type Sheet, workbookOf } from './sheets.ts'
