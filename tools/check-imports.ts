import { cruiseImports } from './cruise-imports.ts'

const { modulesRead, unread, violations } = await cruiseImports()

for (const { rule, from, to } of violations) console.error(`${rule}: ${from} -> ${to}`)
for (const path of unread) console.error(`not read: ${path}`)
console.log(`${modulesRead} modules read, ${violations.length} imports refused`)

if (modulesRead === 0 || unread.length > 0 || violations.length > 0) process.exitCode = 1
