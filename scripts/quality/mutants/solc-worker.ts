import { parentPort } from 'node:worker_threads'
import solc from 'solc'

const compile = solc.compile as (input: string) => string

parentPort!.on('message', (input: string) => parentPort!.postMessage(compile(input)))
