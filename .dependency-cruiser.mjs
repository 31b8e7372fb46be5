// Who may import whom. Each folder names every folder of ours that it may import; anything else is refused.
const everything = [
  ...['kernel', 'database', 'records', 'customers', 'catalog', 'partners', 'ledger', 'contracts'],
  ...['schema', 'gateway', 'app', 'console'],
]
const domains = ['customers', 'catalog', 'partners', 'ledger']
const mayImport = {
  kernel: [],
  database: ['kernel'],
  records: ['kernel', 'database'],
  customers: ['kernel', 'database', 'records'],
  catalog: ['kernel', 'database', 'records'],
  partners: ['kernel', 'database', 'records'],
  ledger: ['kernel', 'database', 'records'],
  contracts: ['kernel'],
  schema: ['kernel', 'database', 'records', ...domains],
  gateway: ['kernel', 'database', 'schema', 'records', ...domains],
  app: everything,
  // Only the printed SDL, which is let through below.
  console: [],
}
const printedSdl = '^schema/.*[.]graphql$'
const production = `^(${everything.join('|')})/`

function layerRule(folder) {
  const allowed = [folder, ...mayImport[folder]]
  return {
    name: `layers-${folder}`,
    severity: 'error',
    from: { path: `^${folder}/` },
    to: { path: production, pathNot: [`^(${allowed.join('|')})/`, printedSdl] },
  }
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...Object.keys(mayImport).map(layerRule),
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'app-is-the-top',
      comment: 'Only launchers, tests and benchmarks start the program.',
      severity: 'error',
      from: { pathNot: '^(app|bin|tests|benchmarks)/' },
      to: { path: '^app/' },
    },
    {
      name: 'production-stands-alone',
      comment: 'What runs for users needs no test, benchmark, tool or example.',
      severity: 'error',
      from: { path: production },
      to: { path: '^(tests|benchmarks|tools|examples|bin)/' },
    },
    {
      name: 'no-imports-of-tests',
      severity: 'error',
      from: { pathNot: '^(tests|benchmarks)/' },
      to: { path: '^tests/' },
    },
    {
      name: 'sql-in-stores-only',
      severity: 'error',
      from: { path: production, pathNot: ['^database/', '/store/', '/tables[.]ts$'] },
      to: { path: '^node_modules/(drizzle-orm|postgres)/' },
    },
    {
      name: 'schema-knows-no-edge',
      severity: 'error',
      from: { path: '^schema/' },
      to: { path: '^node_modules/(drizzle-orm|postgres|ethers|express)/' },
    },
    {
      name: 'kernel-does-no-io',
      comment: 'Of what Node brings, only what computes; a module that is not named here is refused.',
      severity: 'error',
      from: { path: '^kernel/' },
      to: {
        dependencyTypes: ['core'],
        pathNot: '^(node:)?(assert|async_hooks|buffer|crypto|string_decoder|url|util)(/|$)',
      },
    },
    {
      name: 'kernel-needs-few-packages',
      severity: 'error',
      from: { path: '^kernel/' },
      to: { path: '^node_modules/', pathNot: '^node_modules/(@types/)?(luxon|uuid|zod)/' },
    },
    {
      name: 'no-development-packages',
      comment: 'The console is bundled before it is served, so its packages may be of either kind.',
      severity: 'error',
      from: { path: production, pathNot: '^console/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'type-only'], pathNot: '^node_modules/@types/' },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: '^node_modules/' },
    exclude: { path: '(^|/)(dist|coverage|[.]data)/' },
    moduleSystems: ['es6'],
    // Imports of types count as well: they tie two folders together just as much.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}
