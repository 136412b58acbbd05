/** Imports point one way: apps → packages, modules → platform → core; a module is entered through its index alone. */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'core-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^packages/core/src', pathNot: '\\.test(?:ing)?\\.ts$|\\.testing\\.ts$' },
      to: { path: '^(?:apps|bench|e2e|packages/(?!core))' },
    },
    {
      name: 'core-is-pure',
      severity: 'error',
      from: { path: '^packages/core/src', pathNot: '\\.test\\.ts$|\\.testing\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'packages-do-not-know-apps',
      severity: 'error',
      from: { path: '^packages', pathNot: '\\.test\\.ts$' },
      to: { path: '^apps' },
    },
    {
      name: 'platform-does-not-know-modules',
      severity: 'error',
      from: { path: '^apps/server/src/platform', pathNot: '/(?:testing|test-server)\\.ts$|\\.test\\.ts$' },
      to: { path: '^apps/server/src/(?:modules|cli|app\\.ts)' },
    },
    {
      name: 'modules-through-their-index',
      severity: 'error',
      from: { path: '^apps/server/src/modules/([^/]+)/' },
      to: {
        path: '^apps/server/src/modules/([^/]+)/(?!(?:index|testing)\\.ts$)',
        pathNot: '^apps/server/src/modules/$1/',
      },
    },
    {
      name: 'only-tests-use-what-is-for-tests',
      severity: 'error',
      from: { path: '^apps/server/src/', pathNot: '\\.test\\.ts$|/testing\\.ts$' },
      to: { path: '^apps/server/src/.*/testing\\.ts$' },
    },
    {
      name: 'edges-through-the-index',
      severity: 'error',
      from: { path: '^apps/server/src/(?:cli|app\\.ts)', pathNot: '\\.test\\.ts$' },
      to: { path: '^apps/server/src/modules/([^/]+)/(?!index\\.ts$)' },
    },
    {
      name: 'portal-through-its-index',
      severity: 'error',
      from: { path: '^apps/server' },
      to: { path: '^apps/portal/src/(?!index\\.ts$)' },
    },
    {
      name: 'console-knows-client-and-core-alone',
      severity: 'error',
      from: { path: '^apps/console/src' },
      to: { path: '^(?:apps/(?!console/)|bench|e2e|packages/(?!client/|core/))' },
    },
    {
      name: 'nobody-enters-the-console',
      severity: 'error',
      from: { path: '^(?:apps/(?!console/)|packages|bench)' },
      to: { path: '^apps/console/' },
    },
    {
      name: 'console-areas-are-strangers',
      severity: 'error',
      from: { path: '^apps/console/src/areas/([^/]+)/' },
      to: { path: '^apps/console/src/areas/(?!$1/)[^/]+/' },
    },
    {
      name: 'corridor-walks-one-way',
      severity: 'error',
      from: { path: '^apps/server/src/modules/corridor/(?:read|judge)/', pathNot: '/judge/thread\\.ts$' },
      to: { path: '^apps/server/src/modules/corridor/(?:resolve|compare|load)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'node_modules|^data|^test-results|^apps/console/dist' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
}
