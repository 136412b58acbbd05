export { LOGO } from './layout.ts'
export type * from './model.ts'
export {
  type HomeView,
  renderCatalogue,
  renderCatalogueItem,
  renderError,
  renderFact,
  renderHelp,
  renderHome,
  renderList,
  renderOpenData,
  renderSearch,
  renderSubject,
} from './pages.ts'
export { stylesheet, stylesheetPath } from './style.ts'
