// A bidder's own program: it seals on the command line, commits through the API, and uploads by tus-js-client over a line that is cut.
import { readFile, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { Upload } from 'tus-js-client'
import { freePort } from './demo.mjs'

const PIECE = 32 * 1024

/**
 * Bids for the first lot of a tender, by a token of the company's that somebody makes who has signed in. The line is cut once, after `cutAfter` bytes.
 * Answers `{bid, cuts, heads}`: the bid's id, how often the line was cut, how often it was asked where the upload stood.
 */
export async function bidByProgram({ page }, { root, run, folder, tender, price, note, file, cutAfter }) {
  const secret = await token(page, root)
  const headers = { accept: 'application/json', authorization: `Bearer ${secret}` }
  const read = async (path) => (await fetch(root + path, { headers })).json()
  const lot = (await read(tender)).lots[0].id
  await writeFile(join(folder, 'form.json'), JSON.stringify(await read(`/lots/${lot}/bids/new`)))
  await run(['seal', 'form.json', '--price', price, '--delivery-days', '30', '--note', note, file], folder)
  const sealed = JSON.parse(await readFile(join(folder, 'envelope.ziyun.json'), 'utf8'))
  const body = JSON.stringify({ id: sealed.bid, answers: sealed.answers, commitment: sealed.commitment })
  const done = await fetch(`${root}/lots/${lot}/commitments`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body,
  })
  if (done.status !== 201) throw new Error(`${done.status}: ${await done.text()}`)
  const line = await cutting(new URL(root), cutAfter)
  try {
    const heads = await upload(`${line.root}/bids/${sealed.bid}/uploads`, await readFile(join(folder, 'envelope.ziyun')), secret)
    return { bid: sealed.bid, cuts: line.cuts(), heads }
  } finally {
    line.close()
  }
}

async function token(page, root) {
  const accept = { accept: 'application/json' }
  const { csrf } = await (await page.request.get(`${root}/session`, { headers: accept })).json()
  const data = { id: crypto.randomUUID(), name: '投标程序', days: '30', read: true, bid: true }
  const made = await page.request.post(`${root}/company/tokens`, { headers: { ...accept, 'x-csrf-token': csrf }, data })
  if (!made.ok()) throw new Error(`${made.status()}: ${await made.text()}`)
  return (await made.json()).secret
}

function upload(endpoint, envelope, secret) {
  let heads = 0
  return new Promise((resolve, reject) => {
    new Upload(envelope, {
      endpoint,
      chunkSize: PIECE,
      retryDelays: [0, 100, 300, 1000],
      headers: { authorization: `Bearer ${secret}` },
      metadata: { filename: 'envelope.ziyun' },
      onBeforeRequest: (request) => void (heads += request.getMethod() === 'HEAD' ? 1 : 0),
      onError: reject,
      onSuccess: () => resolve(heads),
    }).start()
  })
}

/** A line to the server that breaks once, when so many bytes have gone through. */
async function cutting(to, after) {
  let [sent, cuts] = [0, 0]
  const sockets = new Set()
  const server = createServer((near) => {
    const far = connect(Number(to.port), to.hostname)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => sockets.delete(socket))
    }
    near.on('data', (piece) => {
      sent += piece.length
      if (sent > after && cuts === 0) {
        cuts += 1
        // Half of it arrives.
        far.write(piece.subarray(0, piece.length / 2), () => [near, far].forEach((socket) => socket.destroy()))
      } else far.write(piece)
    })
    far.on('data', (piece) => near.write(piece))
    near.on('close', () => far.end())
    far.on('close', () => near.end())
  })
  const port = await freePort(700)
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve))
  const close = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  return { root: `http://127.0.0.1:${port}`, cuts: () => cuts, close }
}
