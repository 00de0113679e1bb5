// A real issuer of OpenID Connect, nobody's of ours: panva's oidc-provider, with its own pages for signing in and out.
// As a program: node issuer.mjs PORT ROOT AHEAD CODE — ROOT: the platform; AHEAD: by how many milliseconds its clock is ahead.
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SECRET = 'a-secret-of-the-platform'
const CODE = 'e2e'

/** The file that names it to the program, in a folder. Answers its path. */
export async function issuersFile(folder, port) {
  const [secret, file] = [join(folder, 'issuer.secret'), join(folder, 'issuers.toml')]
  await writeFile(secret, `${SECRET}\n`, { mode: 0o600 })
  const own = `http://127.0.0.1:${port}`
  const lines = {
    code: CODE, kind: 'group', name_zh: '岚河集团账号', name_en: 'Lanhe Group account', issuer: own, client_id: 'ziyun',
    secret_file: secret, account_url: `${own}/account`, privacy_url: `${own}/privacy`,
    who: '岚河集团; dpo@lanhe.example; 华东; 2099-12-31',
  }
  const table = Object.entries(lines).map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
  await writeFile(file, `[[issuer]]\n${table.join('\n')}\ninside = true\n`)
  return file
}

/** Starts it for a platform at `root`, whose clock is so far ahead. Answers `root` and `stop()`. */
export async function openIssuer(port, root, ahead) {
  const args = [fileURLToPath(import.meta.url), port, root, ahead].map(String)
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.once('close', resolve))
  await new Promise((resolve, reject) => {
    child.stdout.on('data', resolve)
    child.once('exit', (code) => reject(new Error(`the issuer ended with ${code}`)))
  })
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  return { root: `http://127.0.0.1:${port}`, stop }
}

async function serve(port, platform, ahead) {
  const machine = Date.now
  Date.now = () => machine() + ahead
  const { default: Provider } = await import('oidc-provider')
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [{
      client_id: 'ziyun',
      client_secret: SECRET,
      redirect_uris: [`${platform}/session/linked/${CODE}/return`],
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      backchannel_logout_uri: `${platform}/session/linked/${CODE}/logout`,
      backchannel_logout_session_required: true,
    }],
    cookies: { keys: ['of this test'] },
    features: { backchannelLogout: { enabled: true } },
    pkce: { required: () => true, methods: ['S256'] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: `${id}@lanhe.example` }) }),
  })
  provider.on('backchannel.error', (_, error) => console.error('backchannel logout:', error))
  provider.on('server_error', (_, error) => console.error('issuer:', error))
  provider.listen(port, '127.0.0.1', () => console.log('listening'))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [port, platform, ahead] = process.argv.slice(2)
  await serve(Number(port), platform, Number(ahead))
}
