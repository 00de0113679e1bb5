// The program under test: `ziyun demo` in a temporary folder, on a port of its own.
import { execFile, spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const program = process.env.ZIYUN_BIN ?? fileURLToPath(new URL('../../target/debug/ziyun', import.meta.url))
const READY_MS = 90_000

/** The folder of a demo whose people and tenders are there already (stage/prepare.mjs): each file gets a copy. Without it each makes its own. */
const PREPARED = process.env.ZIYUN_E2E_PREPARED

/**
 * Starts a demo, with these variables, and waits until its people and tenders are there.
 * Answers `root`, its address; `folder`, where everything lies; `run(args, cwd)`, the program once more, answering its `{stdout, stderr}`; `accounts`, `{role, email, password}` of everybody who can sign in; and `stop()`.
 */
export async function openDemo({ variables } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'ziyun-e2e-'))
  // What is configured otherwise was otherwise from the beginning.
  if (PREPARED && !variables) await copyTo(join(folder, 'demo'))
  return start(folder, join(folder, 'demo'), variables)
}

/** Makes a demo in a folder and ends it, for others to go on from. */
export async function prepare(folder) {
  const demo = await start(null, folder)
  await demo.stop()
  const now = new Date()
  await utimes(folder, now, now)
}

/** A copy whose clock goes on where that of the prepared one stood: whatever runs in it has as long to run as in a new one. */
async function copyTo(folder) {
  await cp(PREPARED, folder, { recursive: true })
  const file = join(folder, 'demo.json')
  const kept = JSON.parse(await readFile(file, 'utf8'))
  const { mtimeMs } = await stat(PREPARED)
  kept.ahead -= Math.round((Date.now() - mtimeMs) * 1000)
  await writeFile(file, JSON.stringify(kept))
}

/** Starts one in `data`; `folder` goes at its end, if there is one. */
async function start(folder, data, variables = {}) {
  const port = await freePort()
  const child = spawn(program, ['demo', '--listen', `127.0.0.1:${port}`, '--data', data], {
    env: { ...withoutOurs(process.env), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  const said = { out: '', err: '' }
  child.stdout.on('data', (piece) => (said.out += piece))
  child.stderr.on('data', (piece) => (said.err += piece))
  const stop = async () => {
    child.kill('SIGINT')
    const code = await ended
    if (folder) await rm(folder, { recursive: true, force: true })
    if (code !== 0) throw new Error(`the demo ended with ${code}: ${said.err}`)
  }
  try {
    await announced(child, said)
  } catch (error) {
    child.kill('SIGKILL')
    await ended
    if (folder) await rm(folder, { recursive: true, force: true })
    throw error
  }
  return { root: `http://127.0.0.1:${port}`, folder: data, run, accounts: accounts(said.out), stop }
}

const run = (args, cwd = process.cwd()) => promisify(execFile)(program, args, { cwd, env: withoutOurs(process.env) })

/** The program refuses variables ZIYUN_* that it does not know, and those it knows would change what is tested. */
function withoutOurs(environment) {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('ZIYUN_')))
}

async function announced(child, said) {
  const until = new AbortController()
  const ready = new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`the demo ${why}\n${said.out}${said.err}`))
    const timer = setTimeout(() => fail(`was not ready after ${READY_MS} ms`), READY_MS)
    until.signal.addEventListener('abort', () => clearTimeout(timer))
    child.once('error', (error) => fail(`could not be started: ${error.message}`))
    child.once('exit', (code) => fail(`ended with ${code}`))
    child.stdout.on('data', () => said.out.includes('Ctrl+C') && resolve())
  })
  try {
    await ready
  } finally {
    until.abort()
  }
}

/** Lines such as `  需求方 buyer     caigou@…  xxxx-xxxx-xxxx  公司`. */
function accounts(text) {
  const line = /(operator|buyer|provider|reviewer|publisher|auditor)\s+(\S+@\S+)\s+(\S+)/g
  return [...text.matchAll(line)].map(([, role, email, password]) => ({ role, email, password }))
}

/** A port below the ephemeral ones that is free now. Test files run side by side: each begins elsewhere, and `apart` where one takes a second. */
export async function freePort(apart = 0) {
  for (let step = 0; step < 1000; step++) {
    const port = 20_000 + ((process.pid * 7 + apart + step) % 10_000)
    if (await isFree(port)) return port
  }
  throw new Error('no free port between 20000 and 30000')
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
