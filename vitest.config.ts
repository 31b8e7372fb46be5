import path from 'node:path'
import { configDefaults, defineConfig } from 'vitest/config'

// workers, and the processes that tests start, load what was compiled before, as bin/launch.js does
process.env['NODE_COMPILE_CACHE'] ??= path.join(import.meta.dirname, 'node_modules', '.cache', 'compile')

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // what only root can do, only root can try; an ordinary user's own start is in ordinary-user.test.ts
    exclude: [...configDefaults.exclude, ...(process.getuid?.() === 0 ? [] : ['tests/database/embedded/root.test.ts'])],
    globalSetup: ['tests/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // each file has a database of its own; what it imports is loaded once for a worker, not once for a file
    isolate: false,
    unstubEnvs: true,
    restoreMocks: true,
    // Node strips the types itself. Vite's own runner loads a second copy of graphql, which then refuses the first.
    experimental: { viteModuleRunner: false },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    allowOnly: false,
    passWithNoTests: false,
  },
})
