export { catalogueEditorRoutes } from './routes.ts'
export { CatalogueEditor } from './service.ts'
