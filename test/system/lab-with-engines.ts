import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { engineProgram } from './engines.ts'
import { Lab } from './lab.ts'

/** The engines of this machine, as `data/lab.yaml` names them. */
const programs = () => `programs:
  vllm-offline: ${engineProgram('vllmPython').program}
  transformers: ${engineProgram('transformersPython').program}
  llama-server: ${engineProgram('llamaServer').program}
`

/** A lab with an experiment that starts these engines. */
export function labWithEngines(name: string, text: string): Lab {
  const lab = new Lab({ [name]: text })
  mkdirSync(join(lab.root, 'data'))
  lab.write('data/lab.yaml', programs())
  Object.assign(lab.env, engineProgram('vllmPython').env)
  return lab
}
