export { buildConsole } from './build.ts'
export { consoleRoutes } from './routes.ts'
