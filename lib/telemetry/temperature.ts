import type { FileView } from './system-view.ts'

const zones = '/sys/class/thermal'
const monitors = '/sys/class/hwmon'
const processorZone = /cpu|x86_pkg|soc/i
const processorMonitor = /^(coretemp|k10temp|zenpower|cpu_thermal)$/

/** Of the processor, in degrees Celsius: the hottest sensor that belongs to it; `undefined` where none can be read. */
export function processorTemperature(files: FileView): number | undefined {
  const byZone = sensors(files, zones, (folder) =>
    processorZone.test(text(files, `${folder}/type`)) ? [`${folder}/temp`] : [],
  )
  const byMonitor = sensors(files, monitors, (folder) =>
    processorMonitor.test(text(files, `${folder}/name`))
      ? files
          .list(folder)
          .filter((file) => /^temp\d+_input$/.test(file))
          .map((file) => `${folder}/${file}`)
      : [],
  )
  const readings = [...byZone, ...byMonitor]
  return readings.length === 0 ? undefined : Math.max(...readings)
}

/** The kernel writes thousandths of a degree. */
function sensors(files: FileView, folder: string, inputs: (entry: string) => readonly string[]): number[] {
  const paths = files.list(folder).flatMap((entry) => inputs(`${folder}/${entry}`))
  const values = paths.map((path) => text(files, path)).filter((value) => /^-?\d+$/.test(value))
  return values.map((value) => Number(value) / 1000)
}

const text = (files: FileView, path: string) => (files.read(path) ?? '').trim()
