// What a network is worth: what the engine answers to `evaluate`.

export const KINDS = ['classification', 'regression', 'labels'] as const
export type MetricsKind = (typeof KINDS)[number]

/** How well classes are told apart, as scikit-learn defines it: what would be divided by 0 is 0. */
export interface Classification {
  /** Means over the classes that occur among targets or answers (macro). */
  precision: number
  recall: number
  f1: number
  /** `top[k - 1]`: the part of samples whose right class is among the k best answers. */
  top: number[]
  classes: { precision: number; recall: number; f1: number; samples: number }[]
  /** `confusion[right][answer]` samples. */
  confusion: number[][]
}

/** How far values are off. */
export interface Regression {
  /** 1 − Σ(a − t)²/Σ(t − t̄)², the mean over the outputs. */
  r2: number
  /** √(Σ(a − t)² / values). */
  rmse: number
  mae: number
  /** Of each output. */
  outputs: { r2: number; rmse: number; mae: number }[]
}

/** How well each of several labels is told, as scikit-learn defines it: what would be divided by 0 is 0. */
export interface Labels {
  /** Means over the labels (macro). */
  precision: number
  recall: number
  f1: number
  /** `samples` have the label. */
  labels: { precision: number; recall: number; f1: number; samples: number }[]
}

export interface Metrics {
  /** With `metrics: 'classification'`. */
  classification?: Classification
  /** With `metrics: 'regression'`. */
  regression?: Regression
  /** With `metrics: 'labels'`. */
  labels?: Labels
}

/** The engine's numbers in a row, by their names. */
export function toMetrics(kind: MetricsKind | undefined, values: number[], outputs: number): Metrics {
  const rows = (count: number, width: number) => Array.from({ length: count }, () => values.splice(0, width))
  const rates = (count: number) =>
    (rows(count, 4) as [number, number, number, number][]).map(([precision, recall, f1, samples]) => ({
      precision,
      recall,
      f1,
      samples,
    }))
  const [one = 0, two = 0, three = 0] = values.splice(0, 3)
  if (kind === 'classification') {
    const count = Math.max(outputs, 2)
    return {
      classification: {
        precision: one,
        recall: two,
        f1: three,
        top: values.splice(0, count),
        classes: rates(count),
        confusion: rows(count, count),
      },
    }
  }
  if (kind === 'labels') return { labels: { precision: one, recall: two, f1: three, labels: rates(outputs) } }
  if (kind !== 'regression') return {}
  const each = (rows(outputs, 3) as [number, number, number][]).map(([r2, rmse, mae]) => ({ r2, rmse, mae }))
  return { regression: { r2: one, rmse: two, mae: three, outputs: each } }
}
