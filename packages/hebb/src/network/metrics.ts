// Metrics by name, from the engine's numbers.

export const KINDS = ['classification', 'regression', 'labels'] as const
export type MetricsKind = (typeof KINDS)[number]

/** Classification metrics as scikit-learn defines them; a quotient with denominator 0 is 0. */
export interface Classification {
  /** Means over the classes that occur in targets or answers (macro). */
  precision: number
  recall: number
  f1: number
  /** `top[k - 1]`: the fraction of samples whose class is among the k highest scores. */
  top: number[]
  classes: { precision: number; recall: number; f1: number; samples: number }[]
  /** `confusion[target][answer]`: the number of samples. */
  confusion: number[][]
}

/** Regression metrics. */
export interface Regression {
  /** The mean of 1 − Σ(a − t)²/Σ(t − t̄)² over the outputs. */
  r2: number
  /** √(Σ(a − t)² / values). */
  rmse: number
  mae: number
  /** The same for each output. */
  outputs: { r2: number; rmse: number; mae: number }[]
}

/** Metrics of several labels as scikit-learn defines them; a quotient with denominator 0 is 0. */
export interface Labels {
  /** Means over the labels (macro). */
  precision: number
  recall: number
  f1: number
  /** For each label; `samples` is the number of samples with it. */
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

/** Takes the metrics apart from the engine's flat list. */
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
