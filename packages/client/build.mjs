// Builds what is published: plain JavaScript with types in dist/, which `npm pack ./dist` turns into a package.
// node build.mjs [FOLDER]
import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'

const here = import.meta.dirname
const out = resolve(process.argv[2] ?? join(here, 'dist'))
const require = createRequire(import.meta.url)
rmSync(out, { recursive: true, force: true })
execFileSync(
  process.execPath,
  [require.resolve('typescript/bin/tsc'), '-p', join(here, 'tsconfig.build.json'), '--outDir', out],
  { stdio: 'inherit' },
)
// The compiler leaves `.ts` in the imports of declarations.
for (const file of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.d.ts')) continue
  const path = join(out, file)
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, text.replace(/((?:from |import\()['"]\.[^'"]*)\.ts(['"])/g, '$1.js$2'))
}
const { name, version, description, license, dependencies } = JSON.parse(
  readFileSync(join(here, 'package.json'), 'utf8'),
)
const entry = (path) => ({ types: `${path}.d.ts`, default: `${path}.js` })
writeFileSync(
  join(out, 'package.json'),
  `${JSON.stringify(
    {
      name,
      version,
      description,
      license,
      type: 'module',
      engines: { node: '>=20' },
      sideEffects: false,
      exports: {
        '.': entry('./index'),
        './machine': entry('./machine/index'),
        './package.json': './package.json',
      },
      dependencies,
      bundleDependencies: Object.keys(dependencies),
    },
    null,
    2,
  )}\n`,
)
for (const file of ['README.md', '../../LICENSE'])
  copyFileSync(join(here, file), join(out, file.split('/').at(-1)))

// Departments' networks reach no registry: what the client stands on comes in the same package.
for (const dependency of Object.keys(dependencies)) bundle(dependency, here, join(out, 'node_modules'))

function bundle(dependency, from, into) {
  const folder = folderOf(dependency, from)
  const target = join(into, dependency)
  cpSync(folder, target, {
    recursive: true,
    filter: (path) =>
      !/node_modules|\.map$|\.umd\.js$|miniprogram|[\\/]src[\\/]/.test(path.slice(folder.length)),
  })
  const inner = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).dependencies ?? {}
  for (const next of Object.keys(inner)) bundle(next, folder, join(target, 'node_modules'))
}

function folderOf(dependency, from) {
  for (let place = from; ; place = dirname(place)) {
    const folder = join(place, 'node_modules', dependency)
    if (existsSync(join(folder, 'package.json'))) return folder
    if (place === dirname(place)) throw new Error(`${dependency} is not installed`)
  }
}
