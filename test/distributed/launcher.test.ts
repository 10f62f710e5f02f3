import { expect, test } from 'vitest'
import { launch, threadsOfRank } from '../../packages/hebb/src/distributed/launcher'

test('a job is recognised by its launcher', () => {
  expect(launch({})).toBeUndefined()
  // A script of Slurm's is no job step.
  expect(launch({ SLURM_NTASKS: '4' })).toBeUndefined()
  expect(launch({ OMPI_COMM_WORLD_SIZE: '4', OMPI_COMM_WORLD_LOCAL_SIZE: '2' })).toEqual({
    size: 4,
    local: 2,
    family: 'openmpi',
  })
  expect(launch({ PMI_SIZE: '3' })).toEqual({ size: 3, local: undefined, family: 'mpich' })
  expect(launch({ SLURM_STEP_NUM_TASKS: '8' })).toEqual({ size: 8, local: undefined, family: undefined })
  expect(launch({ OMPI_COMM_WORLD_SIZE: '2', SLURM_STEP_NUM_TASKS: '8' })!.size).toBe(2)
})

test('ranks of a machine share its cores', () => {
  expect(threadsOfRank({ size: 1000, local: undefined, family: undefined })).toBe(1)
  expect(threadsOfRank({ size: 1000, local: 1, family: undefined })).toBeGreaterThan(0)
})
