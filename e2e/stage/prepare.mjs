// Prepares the demo that all files go on from: node stage/prepare.mjs FOLDER
import { prepare } from './demo.mjs'

await prepare(process.argv[2])
