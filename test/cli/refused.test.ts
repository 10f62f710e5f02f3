// Wrong usage ends with 2, unusable files and data with 1: a message, no stack, and with --json an object.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hebb, hebbBeside, json } from '../helpers/command'
import { root } from '../helpers/root'

const folder = mkdtempSync(join(tmpdir(), 'hebb-cli-'))
const at = (name: string) => join(folder, name)
const iris = join(root, 'packages', 'examples', 'data', 'iris.csv')
const model = at('iris.safetensors')
const out = ['--out', at('new.safetensors')]
const species = ['--target', 'species']

beforeAll(() => {
  json('train', iris, ...species, '--epochs', '1', '--out', model)
  writeFileSync(at('cut.safetensors'), readFileSync(model).subarray(0, 700))
  writeFileSync(at('damaged.onnx'), 'this is no ONNX file')
  writeFileSync(at('cut-images-idx3-ubyte'), Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1))
  writeFileSync(at('gap.csv'), 'a,b,t\n1,2,x\n3,,y\n')
  writeFileSync(at('few.csv'), 'sepalLength,species\n5,setosa\n')
  writeFileSync(at('lone.png'), 'no image')
  mkdirSync(at('empty'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('wrong usage', () => {
  test.concurrent.each<[string, string[], string]>([
    ['no command', [], 'Usage: hebb'],
    ['another command', ['learn'], "unknown command 'learn'"],
    ['a misspelt command', ['trian'], 'Did you mean train?'],
    ['no data', ['train', ...out], "missing required argument 'data'"],
    ['too much', ['summary', model, model], 'too many arguments'],
    ['no output', ['train', iris], "required option '-o, --out <file>' not specified"],
    [
      'another kind of output',
      ['train', iris, ...species, '--out', 'net.pt'],
      'neither in .safetensors nor in .onnx',
    ],
    ['no target', ['train', iris, ...out], '--target COLUMN'],
    ['an unknown option', ['train', iris, ...out, '--epoch', '3'], 'Did you mean --epochs?'],
    ['no epochs', ['train', iris, ...out, '--epochs', '0'], 'a whole number of at least 1'],
    ['a share above 1', ['train', iris, ...out, '--selection', '1.5'], 'a number between 0 and 1'],
    [
      'patience without selection',
      ['train', iris, ...species, ...out, '--patience', '3'],
      '--patience needs --selection',
    ],
    ['a negative rate', ['train', iris, ...out, '--learning-rate', '-1'], 'a number above 0'],
    ['an unknown optimizer', ['train', iris, ...out, '--optimizer', 'adm'], 'Allowed choices are adam, '],
    [
      'units of lenet5',
      ['train', iris, ...species, ...out, '--network', 'lenet5', '--hidden', '3'],
      '--hidden is for mlp',
    ],
    [
      'layers and units',
      ['train', iris, ...out, '--layers', 'dense 3', '--hidden', '3'],
      'cannot be used with',
    ],
    [
      'an unknown layer',
      ['train', iris, ...out, '--layers', 'dens 3'],
      'There is no layer "dens"; known are dense, conv',
    ],
    [
      'a layer without units',
      ['train', iris, ...out, '--layers', 'flatten, dense'],
      '"dense" is not dense UNITS',
    ],
    [
      'an unknown activation',
      ['train', iris, ...out, '--layers', 'dense 3 rel'],
      'an ACTIVATION is relu, tanh',
    ],
    ['a rate of 2', ['train', iris, ...out, '--layers', 'dropout 2'], 'between 0 and 1'],
    [
      'an option of another format',
      ['train', iris, ...species, ...out, '--size', '8'],
      '--size is for images',
    ],
    ['a size of three numbers', ['train', iris, ...out, '--size', '8x8x8'], 'a height and a width'],
    ['a shape of words', ['summary', model, '--input', '3xtwo'], 'a whole number of at least 1'],
    ['two files of a kind', ['convert', model, at('b.safetensors')], 'of the same kind'],
    ['one image to learn', ['train', at('lone.png'), ...out], 'name a folder with one for each class'],
    ['images without labels', ['train', at('cut-images-idx3-ubyte'), ...out], '--labels FILE'],
    ['a port of a million', ['playground', '--port', '1000000'], 'It must be below 65536'],
    ['a recipe that is no JSON', ['doctor', at('lone.png'), '--recipe', '{resize}'], 'It must be JSON'],
  ])('%s', async (_, args, message) => {
    const { status, stdout, stderr } = await hebbBeside(...args)
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    })
    expect(stderr).not.toContain('    at ')
  })
})

describe('what Hebb refuses', () => {
  test.concurrent.each<[string, string[], string, string]>([
    ['no such data', ['train', at('nowhere.csv'), ...out], 'file', 'nowhere.csv does not exist'],
    ['no such model', ['summary', at('nowhere.onnx')], 'file', 'nowhere.onnx'],
    [
      'no such column',
      ['train', iris, ...out, '--target', 'kind'],
      'option',
      'target names "kind", the columns are',
    ],
    ['no such folder', ['train', iris, ...species, '--out', at('no/net.onnx')], 'file', 'cannot be written'],
    ['a model that is cut off', ['summary', at('cut.safetensors')], 'file', ''],
    ['a model that is none', ['evaluate', iris, iris], 'file', 'not a usable safetensors file'],
    ['an ONNX file that is none', ['summary', at('damaged.onnx')], 'file', ''],
    ['digits that are cut off', ['predict', model, at('cut-images-idx3-ubyte')], 'file', 'cut off'],
    [
      'a missing value',
      ['train', at('gap.csv'), ...out, '--target', 't'],
      'data',
      'line 3, column "b": the value is missing',
    ],
    ['a missing column', ['evaluate', model, at('few.csv')], 'option', 'sepalWidth'],
    ['no images', ['train', at('empty'), ...out], 'data', 'no PNG or JPEG files'],
    ['an image that is none', ['predict', model, at('lone.png')], 'file', 'lone.png'],
    [
      'another shape',
      ['train', iris, ...species, ...out, '--network', 'lenet5'],
      'shape',
      'expects [1, 28, 28]',
    ],
    [
      'a convolution of a table',
      ['train', iris, ...species, ...out, '--layers', 'conv 2 3'],
      'shape',
      'needs an input of shape [C, H, W]',
    ],
    [
      'a rate that is not its option',
      ['train', iris, ...species, ...out, '--optimizer', 'lbfgs', '--learning-rate', '1'],
      'option',
      'learningRate',
    ],
    [
      'a loss without end',
      ['train', iris, ...species, ...out, '--optimizer', 'sgd', '--learning-rate', '1e30', '--epochs', '90'],
      'diverged',
      'loss',
    ],
  ])('%s', async (_, args, code, message) => {
    const { status, stdout, stderr } = await hebbBeside(...args, '--json')
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining(message) })
    expect(stderr).toContain('error: ')
    expect(stderr).not.toContain('    at ')
    expect(JSON.parse(stdout)).toEqual({ error: { code, message: expect.stringContaining(message) } })
  })
})

test('a description of the data that is damaged', () => {
  const bytes = readFileSync(model)
  bytes.write('XSV', bytes.indexOf('CSV'))
  writeFileSync(at('damaged.safetensors'), bytes)
  expect(hebb('evaluate', at('damaged.safetensors'), iris)).toEqual({
    status: 1,
    stdout: '',
    stderr: expect.stringContaining('its description of the data is damaged'),
  })
})

test('with --json wrong usage is an object too', () => {
  const { status, stdout } = hebb('train', iris, ...out, '--json')
  expect(status).toBe(2)
  expect(JSON.parse(stdout)).toEqual({
    error: { code: 'usage', message: expect.stringContaining('--target') },
  })
})

test('--help and --version end with 0, and every command has help with its options', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'packages', 'hebb', 'package.json'), 'utf8'))
  expect(hebb('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
  const { status, stdout } = hebb('--help')
  expect([status, stdout]).toEqual([0, expect.stringContaining('Examples:')])
  for (const command of ['train', 'evaluate', 'predict', 'convert', 'doctor', 'playground']) {
    const help = hebb(command, '--help')
    expect(help).toEqual({ status: 0, stdout: expect.stringContaining('Examples:'), stderr: '' })
    expect(stdout).toContain(`  ${command} `)
  }
})
