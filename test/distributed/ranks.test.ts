// Several processes, by Open MPI, which the set-up installs. Where there is no MPI there are no such jobs.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openMpi, runRanks, trainRanks } from '../helpers/ranks'
import { root } from '../helpers/root'

const mpi = openMpi()
const folder = mkdtempSync(join(tmpdir(), 'hebb-ranks-'))
afterAll(() => rmSync(folder, { recursive: true }))

const normalized = { epochs: 2, normalize: true }
const one = trainRanks(undefined, 1, normalized)

test('without a launcher a process is alone', () => {
  expect(one.ranks).toMatchObject([{ rank: 0, size: 1, steps: 14, stopReason: 'epochs' }])
})

test('a launcher without its library is an error that names the remedy', () => {
  const { code, stderr } = trainRanks(undefined, 1, {}, { PMI_SIZE: '2', HEBB_MPI_LIB: '/no/libmpi.so' })
  expect([code, stderr]).toEqual([1, expect.stringContaining('HEBB_MPI_LIB')])
})

describe.skipIf(!mpi)('with Open MPI', () => {
  test('any number of ranks trains to the same bits', () => {
    for (const ranks of [2, 3]) {
      const { code, ranks: all } = trainRanks(mpi, ranks, normalized)
      expect([code, all.length]).toEqual([0, ranks])
      const [{ sha256, losses, testAccuracy }] = one.ranks as [(typeof one.ranks)[0]]
      for (const rank of all) expect(rank).toMatchObject({ size: ranks, sha256, losses, testAccuracy })
    }
  })

  test('a rank that is killed ends the job, and another number of ranks goes on to the same bits', () => {
    const checkpoint = join(folder, 'killed.safetensors')
    const killed = trainRanks(mpi, 2, { ...normalized, checkpoint, fail: { rank: 1, at: 6, how: 'kill' } })
    expect(killed.code).not.toBe(0)
    expect(killed.ranks).toEqual([])
    // Nobody had to find out by waiting for it in vain.
    expect(killed.stderr).not.toContain('waited')
    const { ranks } = trainRanks(mpi, 3, { ...normalized, checkpoint })
    expect(ranks.map(({ sha256, steps }) => [sha256, steps])).toEqual(
      Array.from({ length: 3 }, () => [one.ranks[0]!.sha256, 14]),
    )
  })

  test('a rank that ends early, whatever its code, ends the job with an error', () => {
    const ended = trainRanks(mpi, 2, { fail: { rank: 0, at: 2, how: 'exit', code: 0 } })
    expect([ended.code !== 0, ended.ranks]).toEqual([true, []])
    for (const where of [{ at: 2 }, { epoch: 1 }]) {
      const thrown = trainRanks(mpi, 2, { ...normalized, fail: { rank: 1, how: 'throw', ...where } })
      expect(thrown.code).not.toBe(0)
      expect(thrown.stderr).toContain('rank 1: Error: a rank failed')
      // The other one does not take it for a stop, and does not go on.
      expect(thrown.stderr).toContain('rank 0: HebbError: rank 1: Error: a rank failed')
      expect(thrown.ranks).toEqual([])
    }
  })

  test('a rank that hangs is named, and the job ends', () => {
    const hung = trainRanks(mpi, 3, { timeoutMs: 3000, fail: { rank: 1, at: 2, how: 'hang' } })
    expect(hung.code).not.toBe(0)
    expect(hung.stderr).toMatch(/rank [02] waited 3 s in step \d: rank 1 has not come/)
  })

  test('a stop of one rank stops all after the same step', () => {
    const { code, ranks } = trainRanks(mpi, 2, { epochs: 9, fail: { rank: 1, at: 4, how: 'stop' } })
    expect([code, ranks.length]).toEqual([0, 2])
    expect(ranks[0]).toMatchObject({
      stopReason: 'stopped',
      sha256: ranks[1]!.sha256,
      steps: ranks[1]!.steps,
    })
  })

  test('ranks that differ get the same error before the first step', () => {
    const names = { samples: 'samples', seed: 'seed', layout: 'network.layers' }
    for (const [odd, name] of Object.entries(names)) {
      const { code, ranks } = trainRanks(mpi, 2, { odd })
      expect([code, ranks.length]).toEqual([0, 2])
      for (const { error } of ranks) {
        expect(error).toMatch(new RegExp(`^fit: distributed: rank 1 has another ${name} than rank 0: `))
      }
    }
  })

  test('a rank whose samples diverge is named, though normalization by batches spoils those of all', () => {
    for (const [huge, rank] of [
      [0, 0],
      [1, 1],
    ]) {
      const { stderr } = trainRanks(mpi, 2, { ...normalized, huge })
      const why = /epoch 1, batch \d: the loss became NaN: layer "conv1" was the first to give/.source
      expect(stderr).toMatch(new RegExp(`HebbError: ${why}`))
      expect(stderr).toMatch(new RegExp(`HebbError: rank ${rank}: ${why}`))
    }
  })

  test('vectors are summed and copied in place', () => {
    const program = join(root, 'test', 'helpers', 'sharedVectors.mjs')
    const { code, stdout } = runRanks(mpi, 3, [program])
    expect([code, stdout.trim().split('\n')]).toEqual([0, ['right', 'right', 'right']])
  })
})
